#!/usr/bin/env bash
# long: signals
# SIGTERM and SIGINT end a run at once: scratch files are removed, rows are kept, and one message says so.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp
long_suite posix

# ended_by SIGNAL RANKS CODE NAME
ended_by()
{
    rm -rf "$tmp/out"
    start "$2" "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    wait_for_rows "$tmp/out/results.csv" "$job"
    kill -s "$1" "$job"
    finish
    [[ $code =~ ^($3)$ ]] || complain "exit code $code, not $3"
    expect_error "^h5roof: ended by $4; the rows that were finished are kept$"
    expect_rows "$tmp/out" one
    expect_nothing_left
}

# Scripts start background jobs with SIGINT ignored; the program waits for it all the same.
for signal in TERM INT HUP; do
    case $signal in
    TERM) name=Terminated number=15 ;;
    INT) name=Interrupt number=2 ;;
    HUP) name=Hangup number=1 ;;
    esac
    ended_by $signal 0 $((128 + number)) "$name"
done
# The launcher makes SIGTERM of it for its ranks, and has exit codes of its own.
ended_by TERM 2 '143|1|130' Terminated
ended_by INT 2 '143|1|130' Terminated
