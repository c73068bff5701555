#!/usr/bin/env bash
# What some file systems cannot do ends no run: mapping a file, and letting several ranks create one at once.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp

cat >"$tmp/suite.yaml" <<'END'
# Does a run end well where files cannot be mapped?
suite: foreign
repeat: {warmup: 0, min: 2, max: 2}
defaults: {shape: [64, 64]}
cases:
  - {name: as-is, sweep: {driver: [sec2, mpio, posix]}}
  - {name: cold, cache: cold, driver: posix}
END
capture env SHIM_PATH="$tmp/scratch/" LD_PRELOAD="$H5ROOF_BUILD/tests/shim_no_mmap.so" \
    "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/suite.yaml" --scratch "$tmp/scratch" --out "$tmp/unmapped"
expect_code 0
[ "$(count_rows "$tmp/unmapped/results.csv" status=ok)" = 16 ] || fail "not 16 rows"
[ -z "$(cells "$tmp/unmapped/results.csv" cache_resident_frac 'cache_resident_frac!=')" ] || fail "residency without a mapping"
expect_nothing_left
capture "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/suite.yaml" --scratch "$tmp/scratch" --out "$tmp/mapped"
[ "$(count_rows "$tmp/mapped/results.csv" 'cache_resident_frac!=')" = 8 ] || fail "not 8 rows with a residency"

# Only rank 0 creates what ranks share: h5roof's own stores and roofs, so that no file system can refuse the others.
cat >"$tmp/posix.yaml" <<'END'
# Do all ranks create the file that they share?
suite: creates
repeat: {warmup: 0, min: 2, max: 2}
defaults: {shape: [64, 64], driver: posix, files: shared}
cases: [{name: shared}]
END
capture env SHIM_PATH="$tmp/scratch/.*[.]bin\$" SHIM_CALL=create SHIM_RANK=1 SHIM_ACTION=17 SHIM_TRACE="$tmp/trace" \
    LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" \
    "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/posix.yaml" --scratch "$tmp/scratch" --out "$tmp/created" --roofs none
expect_code 0
[ "$(count_rows "$tmp/created/results.csv" status=ok)" = 4 ] || fail "not 4 rows"
# With roofs rank 1 creates files of its own, and no shared one.
capture env SHIM_PATH="$tmp/scratch/.*roof[.][0-9]*[.]bin\$" SHIM_CALL=create SHIM_RANK=1 SHIM_ACTION=17 \
    LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" \
    "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/posix.yaml" --scratch "$tmp/scratch" --out "$tmp/roofed"
expect_code 0
[ "$(count_rows "$tmp/roofed/results.csv" status=ok 'roof_store_shared_s!=')" = 4 ] || fail "no shared roof"
