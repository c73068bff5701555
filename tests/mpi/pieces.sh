#!/usr/bin/env bash
# Small pieces: every row of the file has its owner, all three ways leave the same values, and what was wrong is found.
# timeout: 240
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
"$python" -B "$H5ROOF_SOURCE/tests/mpi/pieces.py"

# flipped AS OFFSET REGEX: the byte at that offset of the file is inverted before rank 1 opens it for reading.
make_tmp
flipped()
{
    cat >"$tmp/bad.yaml" <<END
suite: bad
repeat: {warmup: 0, min: 1, max: 1}
cases:
  - {name: bad, workload: pieces, pieces_as: $1, shape: [40, 2], pieces: 4, dtype: i32, data: random}
END
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_TIMES=1 SHIM_RANK=1 \
        SHIM_PATH='\.h5$' SHIM_ACTION=flip SHIM_OFFSET="$2" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/bad.yaml" --scratch "$tmp/scratch" --out "$tmp/$1$2"
    expect_code 1
    expect_mismatch "$tmp/$1$2" read "$3"
}
flipped single -1 'element \[39, 1\] of rank [01]: expected [-0-9]*, found'
flipped union -8 'element \[39, 0\] of rank [01]: expected [-0-9]*, found'
flipped packed -1 'rank 1: index, piece 3: expected [0-9]+ rows from [0-9]+ on, found [0-9]+ from [0-9]+ on'
