#!/usr/bin/env bash
# The scratch file system is filled by somebody else during a run: exit code 3, the rows are kept, the scratch directory is gone.
# OMPIO tells of a short write only that it was short.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp
mount_tmpfs "$tmp/scratch" size=8m

# fill PID: take what is free until that process has ended
fill()
{
    while kill -0 "$1" 2>/dev/null; do
        head -c 8M /dev/zero >>"$tmp/scratch/filler" 2>/dev/null || true
        sleep 0.02
    done
}

for driver in sec2 stdio split posix mpiio mpio; do
    for io in ompio romio321; do
        case $driver in sec2 | stdio | split | posix) [ $io = ompio ] || continue ;; esac
        long_suite $driver
        rm -rf "$tmp/out"
        export OMPI_MCA_io=$io
        start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
        wait_for_rows "$tmp/out/results.csv" "$job"
        fill "$job"
        finish
        expect_code 3
        # HDF5 does not pass on what MPI-IO says, and errno is set only on the rank that wrote, which need not be
        # the one that speaks.
        reason='No space left on device|moved [0-9]+ of [0-9]+ bytes'
        [ "$driver" != mpio ] || reason="$reason|H5[A-Za-z0-9]+ failed on "
        expect_error "^h5roof: error: .*case one.*($reason)"
        rm "$tmp/scratch/filler"
        expect_nothing_left
        expect_rows "$tmp/out" one
    done
done
