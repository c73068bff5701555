#!/usr/bin/env bash
# sanitized: the way out after an error
# A write that fails on one rank ends the job: no hang, exit code 3, one message, finished rows and nothing else are left.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp

# fails RANK DRIVER MODE IO MESSAGE FILES
fails()
{
    faulty_suite "$2" "$3"
    rm -rf "$tmp/out"
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=write SHIM_ACTION=ENOSPC SHIM_RANK="$1" \
        SHIM_PATH="$6" OMPI_MCA_io="$4" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/two.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    expect_code 3
    expect_error "^h5roof: error: $5: .*No space left on device"
    expect_nothing_left
    expect_rows "$tmp/out" good
}

# The roofs run first or last, as the seed has it, and do not all fail alike: theirs is agreed on, since no rank waits in them.
of_roof='case bad: rank [01] on .*: roof store'
of_case='rank [01] on .*: case bad, (its roof: )?write, phase (create|write|flush|close)'

data='/h5roof-[^/]*/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$'

fails 1 sec2 independent ompio "$of_roof" '/roof[^/]*$'
fails 1 sec2 independent ompio "$of_case" "$data"
fails 0 posix independent ompio "$of_case" "$data"
for io in ompio romio321; do
    for driver in mpiio mpio; do
        fails 1 $driver collective $io "$of_case" "$data"
        fails 1 $driver independent $io "$of_case" "$data"
    done
    fails 0 mpio collective $io "$of_case" "$data"
done
