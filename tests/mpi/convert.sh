#!/usr/bin/env bash
# Types and byte orders converted by HDF5 and by the program: what is in the files, what was counted, and a planted error that is found.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
"$python" -B "$H5ROOF_SOURCE/tests/mpi/convert.py"

# A byte that changes between writing and reading is found in what the conversion makes of it.
make_tmp
cat >"$tmp/lossy.yaml" <<'END'
suite: lossy
repeat: {warmup: 0, min: 1, max: 1}
defaults: {workload: convert, driver: sec2, shape: [8, 16], data: random, dtype: f64, file_dtype: f32, values: rounded}
cases: [{name: bad}]
END
for by in hdf5 program; do
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_TIMES=1 SHIM_RANK=1 SHIM_PATH='\.h5$' \
        SHIM_ACTION=flip SHIM_OFFSET=-4 "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/lossy.yaml" \
        --scratch "$tmp/scratch" --out "$tmp/$by" --set convert_by=$by
    expect_code 1
    expect_error "^h5roof: error: the data read back were wrong in 1 repetition"
    expect_nothing_left
    capture "$H5ROOF" show "$tmp/$by"
    expect_said 'element \[7, 15\] of rank 1: expected'
done
