#!/usr/bin/env bash
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

# reads DIR: "driver cache resident-fraction quality status" of every row that was read or skipped
reads()
{
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
             $col["operation"] != "write" { print $col["driver"], $col["cache"], $col["cache_resident_frac"] "," \
                                            $col["quality"] "," $col["status"] }' "$1/results.csv"
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
all "$tmp/disk/results.csv" ',skipped,.*driver memory keeps nothing in a file' 2
if [ "$(stat -f -c %T "$tmp/scratch")" != tmpfs ]; then
    all "$tmp/rows" ' as-is 1,' 6
    all "$tmp/rows" ' cold 0,' 6
    all "$tmp/rows" ' warm 1,' 6
    all "$tmp/rows" cached 0
fi

[ "$(stat -f -c %T /dev/shm)" = tmpfs ] || skip "no tmpfs to be told from a disk"
shm=$(mktemp -d /dev/shm/h5roof-test-XXXXXX)
trap 'rm -rf "$shm"; remove_tmp' EXIT
capture "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/cache.yaml" --scratch "$shm" --out "$tmp/tmpfs" --only cold
expect_code 0
reads "$tmp/tmpfs" >"$tmp/rows"
all "$tmp/rows" ' cold 1,.*cached.*,ok' 6
capture "$H5ROOF" show "$tmp/tmpfs"
grep -q 'not cold: 100 % was still in memory' "$tmp/said/stdout" || complain "show does not say that it was not cold"
