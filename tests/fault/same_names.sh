#!/usr/bin/env bash
# Files that MPI opens have other names in every run: OMPIO leaves a semaphore of that name on the node when a rank is killed
# at the wrong moment, and then an open of the same name hangs for ever.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/two.yaml" <<END
suite: two
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: one, driver: mpio, shape: [8]}, {name: other, driver: mpiio, shape: [8]}]
END
for i in 1 2; do
    capture env OMPI_MCA_io=romio321 LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_ACTION=none SHIM_TRACE="$tmp/opened$i" \
        SHIM_PATH="$tmp/scratch/" "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/two.yaml" --scratch "$tmp/scratch" --out "$tmp/out$i"
    expect_code 0
    # The files of the raw POSIX roof and the probes of the ranks are none of MPI's.
    sed 's|.*/||' "$tmp/opened$i" | grep -Ev '^(probe\.[0-9]+|roof\.([0-9]+\.)+bin)$' | sort -u >"$tmp/names$i"
    [ "$(wc -l <"$tmp/names$i")" -ge 3 ] || fail "the shim saw only: $(cat "$tmp/opened$i")"
done
both=$(comm -12 "$tmp/names1" "$tmp/names2")
[ -z "$both" ] || fail "opened by both runs: $both"
