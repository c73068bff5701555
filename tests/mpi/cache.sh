#!/usr/bin/env bash
# disk: reads that are cold
# Reads find the page cache as the suite says, and what the kernel says is resident is in the results.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/cache.yaml" <<'YAML'
suite: cache
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [256, 512]}
cases:
  - name: read
    family_member: 100KiB
    sweep:
      driver: [mpio, sec2, family, split, posix, mpiio, memory]
      cache: [as-is, cold, warm]
YAML

# reads DIR: driver, cache, resident fraction, quality and status, with commas between, of every row that was read or skipped
reads()
{
    cells "$1/results.csv" driver,cache,cache_resident_frac,quality,status operation!=write | tr '\t' ,
}

# all FILE PATTERN COUNT: so many lines match
all()
{
    [ "$(grep -Ec -- "$2" "$1")" -eq "$3" ] || {
        cat "$1"
        fail "not $3 lines match '$2'"
    }
}

capture "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/cache.yaml" --scratch "$tmp/scratch" --out "$tmp/disk"
expect_code 0
reads "$tmp/disk" >"$tmp/rows"
[ "$(count_rows "$tmp/disk/results.csv" status=skipped 'reason~driver memory keeps nothing in a file')" -eq 2 ] || fail "not skipped twice"
if [ "$(stat -f -c %T "$tmp/scratch")" != tmpfs ]; then
    all "$tmp/rows" ',as-is,1,' 6
    all "$tmp/rows" ',cold,0,' 6
    all "$tmp/rows" ',warm,1,' 6
    all "$tmp/rows" cached 0
fi

[ "$(stat -f -c %T /dev/shm)" = tmpfs ] || skip "no tmpfs to be told from a disk"
shm=$(mktemp -d /dev/shm/h5roof-test-XXXXXX)
trap 'rm -rf "$shm"; remove_tmp' EXIT
capture "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/cache.yaml" --scratch "$shm" --out "$tmp/tmpfs" --only cold
expect_code 0
reads "$tmp/tmpfs" >"$tmp/rows"
all "$tmp/rows" ',cold,1,.*cached.*,ok' 6
capture "$H5ROOF" show "$tmp/tmpfs"
grep -q 'not cold: 100 % was still in memory' "$tmp/said/stdout" || complain "show does not say that it was not cold"
