#!/usr/bin/env bash
# Every help fits a terminal of 24 lines and 80 columns and ends in examples.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

fits()
{
    [ "$(wc -l <"$tmp/said/stdout")" -le 24 ] || complain "more than 24 lines"
    [ "$(awk '{ if (length > m) m = length } END { print m }' "$tmp/said/stdout")" -le 79 ] ||
        complain "wider than 79 columns"
    # the last paragraph is a heading and at least one command
    awk -v RS= '{ last = $0 } END { exit last !~ /^examples:\n  .*h5roof / }' "$tmp/said/stdout" || complain "no examples at the end"
}

golden h5roof "$H5ROOF" --help
fits
mapfile -t commands < <(sed -n '/^commands:/,/^$/p' "$tmp/said/stdout" | awk '/^  / {print $1}')
[ "${#commands[@]}" -ge 6 ] || complain "commands are missing"
for command in "${commands[@]}"; do
    golden "$command" "$H5ROOF" "$command" --help
    fits
done
capture "$H5ROOF" help
expect_code 0
capture "$H5ROOF" -h
expect_code 0
