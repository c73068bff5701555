#!/usr/bin/env bash
# disk: reads that are cold
# alone: it empties the caches of all
# once: the page cache of the machine
# cache: dropped drops the caches of the node before every read, roofs included, and is refused where that is not permitted.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp

cat >"$tmp/drop.yaml" <<'YAML'
suite: drop
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: it, shape: [256, 512], sweep: {driver: [sec2, mpio, memory]}}]
YAML

# run DIR STATE [COMMAND AROUND IT...]
run()
{
    capture "${@:3}" "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/drop.yaml" --scratch "$tmp/scratch" --out "$tmp/$1" --set cache="$2"
}

# drops: how often pages, and how often dentries and inodes were dropped since this machine was started
drops()
{
    awk '$1 == "drop_pagecache" || $1 == "drop_slab" { print $2 }' /proc/vmstat | sort -n | head -n 1
}

refused()
{
    expect_code 5
    expect_error 'h5roof: error: .*cache: dropped needs the right to write to /proc/sys/vm/drop_caches'
    [ ! -e "$tmp/$1" ] || fail "results were begun"
    expect_nothing_left
}

if ! (: >>/proc/sys/vm/drop_caches) 2>/dev/null; then
    run refused dropped
    refused refused
    skip "no right to drop caches; the refusal was tested"
fi

# Two cases with a pattern roof each, and a store roof in two kinds that they share: once for each. memory is skipped.
before=$(drops)
run dropped dropped
expect_code 0
after=$(drops)
[ -n "$before" ] || skip "/proc/vmstat does not count drops here"
[ "$((after - before))" -ge 6 ] || fail "caches were dropped $((after - before)) times, not 6"
[ "$(count_rows "$tmp/dropped/results.csv" status=skipped 'reason~driver memory keeps nothing in a file')" -eq 1 ] || fail "memory was not skipped"
if [ "$(stat -f -c %T "$tmp/scratch")" != tmpfs ]; then
    [ "$(cells "$tmp/dropped/results.csv" cache_resident_frac,status operation=read | sort -u)" = $'0\tok' ] || fail "not cold, or not right"
fi
expect_nothing_left

# The same where the file cannot be written; a suite that does not ask for it runs.
read_only=(unshare --mount bash -c 'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"' -)
"${read_only[@]}" true 2>/dev/null || skip "no right to make /proc/sys read-only; dropping was tested"
run refused dropped "${read_only[@]}"
refused refused
run cold cold "${read_only[@]}"
expect_code 0
