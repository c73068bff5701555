#!/usr/bin/env bash
# An open or a sync that fails on one rank, and a self-test that cannot write: the job ends and says so once.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp

# fails CALL FILES IO CODE MESSAGE
fails()
{
    rm -rf "$tmp/out"
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL="$1" SHIM_ACTION=EIO SHIM_RANK=1 SHIM_PATH="$2" OMPI_MCA_io="$3" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/two.yaml" --scratch "$tmp/scratch" --out "$tmp/out" --roofs none
    expect_code "$4"
    expect_error "^h5roof: error: $5"
    expect_nothing_left
}

data='/h5roof-[^/]*/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$'
for driver in sec2 posix; do
    faulty_suite $driver
    fails open "$data" ompio 3 'rank 1 on .*: case bad, write, phase create: .*Input/output error'
    expect_rows "$tmp/out" good
    fails fsync "$data" ompio 3 'rank 1 on .*: case bad, write, phase flush: .*'
    expect_rows "$tmp/out" good
done
for io in ompio romio321; do
    faulty_suite mpio
    fails fsync "$data" $io 3 'rank 1 on .*: case bad, write, phase flush: '
    expect_rows "$tmp/out" good
done

# Before anything is measured nothing is kept.
fails open '/probe\.' ompio 5 'rank 1 on .*: cannot create a file in .*: Input/output error'
[ ! -e "$tmp/out" ] || fail "results of a run that was refused"
for io in ompio romio321; do
    fails write '/selftest[^/]*$' $io 3 'rank 1 on .*: the self-test of the counters failed on .*: .*'
    [ ! -e "$tmp/out" ] || fail "results of a run that was refused"
done
