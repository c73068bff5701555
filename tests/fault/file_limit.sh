#!/usr/bin/env bash
# A file grows beyond the limit of the shell: no signal kills the run, the write fails with its reason and exit code 3.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp

# MPI's own files in shared memory must fit.
ulimit -f 16384 2>/dev/null || skip "no right to limit the size of files"
for driver in sec2 stdio posix mpiio mpio; do
    for io in ompio romio321; do
        case $driver in sec2 | stdio | posix) [ $io = ompio ] || continue ;; esac
        cat >"$tmp/large.yaml" <<END
suite: large
seed: 7
repeat: {warmup: 0, min: 1, max: 1}
case_timeout: 10s
defaults: {dtype: i8}
cases:
  - {name: good, driver: memory, shape: [32]}
  - {name: bad, driver: $driver, shape: [50331648]}
END
        rm -rf "$tmp/out"
        capture env OMPI_MCA_io=$io "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/large.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
        expect_code 3
        # No rank is named where all fail alike, in the roof. OMPIO tells of the part that fitted only how much it was, and
        # HDF5 does not pass that on.
        reason='File too large|moved [0-9]+ of [0-9]+ bytes'
        [ "$driver" != mpio ] || reason="$reason|H5[A-Za-z0-9]+ failed on "
        expect_error "^h5roof: error: (case bad: roof store|rank [01] on .*: case bad, (its roof: )?write, phase ).*($reason)"
        expect_nothing_left
        expect_rows "$tmp/out" good
    done
done
