#!/usr/bin/env bash
# plan, list, explain, show, compare, noise, clean and all help work where MPI must not be started, and leave nothing of it behind.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp
ln -s "$H5ROOF_SOURCE" "$tmp/source" # a path without blanks

ln -s "$H5ROOF_BUILD/tests" "$tmp/built" # nor may LD_PRELOAD have any
shim=$tmp/built/shim_no_mpi.so
capture env LD_PRELOAD="$shim" "$H5ROOF" run "$H5ROOF_SOURCE/configs/smoke.yaml" --out results
expect_code 70 # else the shim would prove nothing
expect_said 'MPI was started' stderr

for arguments in --help --version "run --help" "env --help" "list drivers" "explain slab" "plan ../source/configs/smoke.yaml" \
    "plan ../source/configs/smoke.yaml --yaml" "show ../source/tests/cli/data/small" \
    "compare ../source/tests/cli/data/compare/old ../source/tests/cli/data/compare/again" \
    "noise ../source/tests/cli/data/compare/old" "clean $tmp"; do
    # shellcheck disable=SC2086 # words
    capture env LD_PRELOAD="$shim" TMPDIR="$tmp/scratch" "$H5ROOF" $arguments
    expect_code 0
    [ -s "$tmp/said/stdout" ] || complain "$arguments: no output"
done
expect_nothing_left
