#!/usr/bin/env bash
# long: signals at random moments
# SIGTERM at any moment, to the launcher, to all ranks as a batch system sends it, and to a run without a launcher: it ends
# within 5 s, nothing is left in the scratch directory, and what has been written can be shown.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp
RANDOM=${SEED:-$$}
echo "SEED=${SEED:-$$}"

# Drivers in turn, filters too: phases, roofs and conversions are hit by chance.
cat >"$tmp/long.yaml" <<END
suite: long
repeat: {warmup: 0, min: 100000, max: 100000}
defaults: {shape: [512, 512], dtype: f64}
cases:
  - {name: one, driver: posix}
  - {name: shared, driver: mpio, layout: chunked, chunk: [128, 128], filter: deflate:1}
  - {name: raw, driver: mpiio, mode: independent}
  - {name: own, driver: split, byte_order: big}
END

ranks_of()
{
    pgrep -P "$1" -x h5roof || true
}

# gone PID: false after 5 s
gone()
{
    local i
    for ((i = 0; i < 100; i++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}

# ended_at MILLISECONDS RANKS WHOM
ended_at()
{
    local i rank what="SIGTERM to $3 after $1 ms, $2 ranks" seconds
    rm -rf "$tmp/out"
    printf -v seconds '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
    start "$2" "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    if [ "$3" = ranks ]; then # from the moment on at which they are there
        for ((i = 0; i < 500 && $(ranks_of "$job" | wc -l) < $2; i++)); do
            sleep 0.01
        done
    fi
    sleep "$seconds"
    case $3 in
    launcher) kill -TERM "$job" ;;
    ranks)
        for rank in $(ranks_of "$job"); do
            kill -TERM "$rank" 2>/dev/null || true
        done
        ;;
    esac
    gone "$job" || fail "$what: still there after 5 s"
    finish
    [[ $code =~ ^(143|1|130)$ ]] || complain "$what: exit code $code"
    [ "$(grep -c 'h5roof: error' "$tmp/said/stderr" || true)" -eq 0 ] || complain "$what: an error"
    [ "$(grep -c 'h5roof: ended by Terminated' "$tmp/said/stderr" || true)" -le 1 ] || complain "$what: said twice"
    [ -z "$(ls "$tmp/scratch")" ] || complain "$what: left behind: $(ls "$tmp/scratch")"
    if [ -e "$tmp/out/results.csv" ] && [ "$(wc -l <"$tmp/out/results.csv")" -gt 1 ]; then
        "$H5ROOF" show "$tmp/out" >/dev/null || complain "$what: show cannot read the rows"
    fi
}

for ((n = 0; n < 8; n++)); do
    ended_at $((RANDOM % 1200)) 2 launcher
    ended_at $((RANDOM % 400)) 0 launcher # the run itself
    ended_at $((RANDOM % 900)) 2 ranks
done

# The instant between making the scratch directory and everything else, by force: the call after it takes half a second.
for ((n = 0; n < 3; n++)); do
    rm -rf "$tmp/out"
    export LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='/probe\.' SHIM_CALL=open SHIM_ACTION=delay SHIM_DELAY=500000
    start 0 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    unset LD_PRELOAD
    for ((i = 0; i < 200 && $(find "$tmp/scratch" -mindepth 1 | wc -l) == 0; i++)); do
        sleep 0.01
    done
    kill -TERM "$job"
    finish
    expect_code 143
    expect_error '^h5roof: ended by Terminated'
    expect_nothing_left
done
