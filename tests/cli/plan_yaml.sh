#!/usr/bin/env bash
# plan --yaml prints a suite that plans to the same cases, and to itself.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

# The cases and their lines, without what is said of the suite as a whole.
cases()
{
    sed '1,/^$/d' "$tmp/said/stdout"
}

for suite in "$H5ROOF_SOURCE"/configs/*.yaml "$H5ROOF_SOURCE"/configs/symptoms/*.yaml; do
    capture "$H5ROOF" plan "$suite" --ranks 3
    expect_code 0
    cases >"$tmp/plan"
    capture "$H5ROOF" plan "$suite" --ranks 3 --yaml
    expect_code 0
    cp "$tmp/said/stdout" "$tmp/effective.yaml"

    capture "$H5ROOF" plan "$tmp/effective.yaml" --ranks 3
    expect_code 0
    [ ! -s "$tmp/said/stderr" ] || complain "its own suite is complained about"
    cases | diff "$tmp/plan" - || complain "$suite: other cases come out of the effective suite"
    [ "$(wc -l <"$tmp/plan")" -ge 1 ] || fail "$suite: no case"
    capture "$H5ROOF" plan "$tmp/effective.yaml" --ranks 3 --yaml
    diff "$tmp/effective.yaml" "$tmp/said/stdout" || complain "$suite: the effective suite changes"
done
expect_nothing_left
