#!/usr/bin/env bash
# A scratch directory that is not the same for every rank, as where nodes do not share a file system.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp
unshare -m true 2>/dev/null || skip "no right to make a mount namespace"

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: one, driver: mpio, shape: [8]}]
END
# shellcheck disable=SC2016 # for the shell of the rank
elsewhere='mount -t tmpfs none "$0" && exec "$@"'
run=("$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch")

capture "$MPIRUN" --timeout 60 -n 1 "${run[@]}" : -n 1 unshare -m sh -c "$elsewhere" "$tmp/scratch" "${run[@]}"
expect_code 5
expect_error '^h5roof: error: rank 1 on .*: this rank does not see .*/scratch/h5roof-.*, which rank 0 made: the scratch directory must be on'
expect_nothing_left

# Of several ranks the first one is named, and it is said once.
capture "$MPIRUN" --timeout 60 -n 2 "${run[@]}" : -n 2 unshare -m sh -c "$elsewhere" "$tmp/scratch" "${run[@]}"
expect_code 5
expect_error '^h5roof: error: rank 2 on '
expect_nothing_left
