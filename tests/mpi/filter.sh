#!/usr/bin/env bash
# Filters by HDF5 and by the program: what is in the files, how large it is, what a changed byte does, and what is not there.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
"$python" -B "$H5ROOF_SOURCE/tests/mpi/filter.py"

# A byte that changes between writing and reading is found, and is no result of the damage that the workload does itself.
make_tmp
cat >"$tmp/planted.yaml" <<'END'
suite: planted
repeat: {warmup: 0, min: 1, max: 1}
defaults: {workload: filter, driver: sec2, shape: [8, 16], dtype: i32, data: random, layout: chunked, chunk: [4, 16], filter: shuffle}
cases: [{name: bad}]
END
for by in pipeline direct; do
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_TIMES=1 SHIM_RANK=1 SHIM_PATH='\.h5$' \
        SHIM_ACTION=flip SHIM_OFFSET=-4 "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/planted.yaml" \
        --scratch "$tmp/scratch" --out "$tmp/$by" --set write_by=$by
    expect_code 1
    expect_error "^h5roof: error: the data read back were wrong in 1 repetition"
    expect_nothing_left
    capture "$H5ROOF" show "$tmp/$by"
    expect_said 'of rank 1: expected'
done
