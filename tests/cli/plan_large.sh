#!/usr/bin/env bash
# A sweep of 10 000 cases is planned completely: every combination once.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

numbers()
{
    seq -s ', ' "$1" "$2"
}

cat >"$tmp/large.yaml" <<END
suite: large
defaults: {workload: slab, shape: [64, 64], driver: mpio, layout: chunked, chunk: [8, 8]}
cases:
  - name: all
    sweep:
      alignment: [$(numbers 1 100)]
      chunk_slots: [$(numbers 1001 1020)]
      access: [row, whole, plane, element, 64B]
END
capture "$H5ROOF" plan "$tmp/large.yaml"
expect_code 0
expect_said ': 10000 cases run, 0 skipped, 0 left out'
[ "$(grep -c '^all/' "$tmp/said/stdout")" -eq 10000 ] || fail "not 10000 lines"
[ "$(awk '/^all\// {print $1}' "$tmp/said/stdout" | sort -u | wc -l)" -eq 10000 ] || fail "names are not unique"
for name in alignment=1 alignment=100 slots=1001 slots=1020; do
    grep -q "$name" "$tmp/said/stdout" || fail "$name is missing"
done
