#!/usr/bin/env bash
# Whatever a run, its HDF5 or its MPI opens in the run's directory, `clean` knows as the run's and removes.
# once: it tells of the names that an MPI gives
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/bait.sh
. "$H5ROOF_SOURCE/tests/fault/bait.sh"
make_tmp

cat >"$tmp/names.yaml" <<END
suite: names
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [64, 64], family_member: 8KiB}
cases:
  - {name: all, sweep: {driver: [mpio, sec2, stdio, core, family, split, direct, subfiling, mpiio, posix, memory]}}
  - {name: backed, driver: core, core_backing: true}
  - {name: own, files: per_rank, sweep: {driver: [mpiio, posix]}}
  - {name: hints, driver: mpio, hints: "cb_nodes=1"}
  - {name: objects, workload: metadata, objects: 4, kind: external, sweep: {driver: [mpio, sec2]}}
  - {name: opens, workload: open, sweep: {driver: [mpio, sec2, split]}}
END
"$H5ROOF" plan "$tmp/names.yaml" >"$tmp/said/plan" 2>&1 || fail "$(cat "$tmp/said/plan")"

# The same again with files that stay, which have other names.
ran=0
for how in "ompio sm" "ompio lockedfile" "ompio individual" "romio321 sm" "ompio sm --keep"; do
    read -r io pointers keep <<<"$how"
    rm -rf "${tmp:?}/trace" "$tmp/out" "$tmp/scratch"
    mkdir "$tmp/scratch"
    capture env OMPI_MCA_io="$io" OMPI_MCA_sharedfp="$pointers" LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_ACTION=none \
        SHIM_TRACE="$tmp/trace" SHIM_PATH="$tmp/scratch/" "$MPIRUN" --timeout 120 -n 2 "$H5ROOF" run "$tmp/names.yaml" \
        --scratch "$tmp/scratch" --out "$tmp/out" ${keep:+"$keep"}
    if [ "$code" -ne 0 ] && [ "$pointers" != sm ]; then
        echo "$how: this MPI cannot"
        continue
    fi
    expect_code 0
    ran=$((ran + 1))
    id=$(sed -n 's|.*/h5roof-\([0-9TZ]*-[0-9a-f]*\)/.*|\1|p' "$tmp/trace" | sort -u)
    [ "$(wc -w <<<"$id")" -eq 1 ] || fail "not one run: $id"
    rm -rf "${tmp:?}/scratch"
    mkdir -p "$tmp/scratch/h5roof-$id"
    bait_marker "$id" >"$tmp/scratch/h5roof-$id/h5roof.run"
    sed -n "s|.*/h5roof-$id/||p" "$tmp/trace" | sort -u >"$tmp/names"
    [ "$(wc -l <"$tmp/names")" -ge 15 ] || fail "$how: the shim saw only: $(cat "$tmp/names")"
    (cd "$tmp/scratch/h5roof-$id" && xargs touch <"$tmp/names")
    capture "$H5ROOF" clean "$tmp/scratch" --yes
    expect_code 0
    expect_said "^removed $tmp/scratch/h5roof-$id$"
    expect_nothing_left
done
[ $ran -ge 3 ] || fail "only $ran of them ran"
