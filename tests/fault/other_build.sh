#!/usr/bin/env bash
# A rank with another HDF5 than rank 0: refused at the start, with node and both versions, and nothing is made.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp

for rank in 0 1 2; do
    capture env SHIM_RANK=$rank LD_PRELOAD="$H5ROOF_BUILD/tests/shim_version.so" \
        "$MPIRUN" --timeout 60 -n 3 "$H5ROOF" run smoke --scratch "$tmp/scratch" --out "$tmp/out"
    expect_code 5
    if [ "$rank" = 0 ]; then
        expect_error 'rank 1 on [^ ]+ has h5roof .* HDF5 [0-9.]+, .*; rank 0 on [^ ]+ has .* HDF5 9[.]9[.]9'
    else
        expect_error "rank $rank on [^ ]+ has h5roof .* HDF5 9[.]9[.]9, .*; rank 0 on"
    fi
    [ ! -e "$tmp/out" ] || fail "results were made"
    expect_nothing_left
done
