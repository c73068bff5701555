#!/usr/bin/env bash
# The factor memory: what reading overwrites between the elements of a share is found, and so is a wrong element in each way.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
cases:
  - {name: bad, shape: [6, 5], dtype: i32, data: ramp, driver: sec2}
END

# touched REASON ARGUMENTS...: on rank 1 reading changes the first byte of its memory too, which is found for this reason
touched()
{
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_ghost.so" SHIM_RANK=1 \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out" "${@:2}"
    expect_code 1
    expect_mismatch "$tmp/out" read "$1"
    rm -r "${tmp:?}/out"
}
touched 'rank 1: element 0 of 45 in memory, which lies between those of the share, was overwritten' \
    --set memory=field --set memory_fields=3
touched 'element \[3, 0\] of rank 1: expected 15, found 14' --set memory=strided --set memory_stride=3
touched 'element \[3, 0\] of rank 1: expected 15, found 14' --set memory=other_rank
touched 'element \[3, 0\] of rank 1: expected 15, found 14' --set memory=transposed
