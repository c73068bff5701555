#!/usr/bin/env bash
# A suite by its name: found where the program was built, unless there is a file that is called so.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

"$H5ROOF" list suites | awk '{print $1}' >"$tmp/names"
(cd "$H5ROOF_SOURCE/configs" && printf '%s\n' *.yaml) | sed 's/\.yaml$//' | LC_ALL=C sort | diff -u - "$tmp/names" || fail "other suites are listed"
"$H5ROOF" list symptoms | awk '{print $1}' >"$tmp/symptoms"
(cd "$H5ROOF_SOURCE/configs" && printf '%s\n' symptoms/*.yaml) | sed 's/\.yaml$//' | LC_ALL=C sort | diff -u - "$tmp/symptoms" || fail "other symptoms are listed"
cat "$tmp/symptoms" >>"$tmp/names"
while read -r name; do
    capture "$H5ROOF" plan "$name"
    expect_code 0
    grep -qx "suite: $H5ROOF_SOURCE/configs/$name.yaml" "$tmp/said/stderr" || complain "$name: it is not said where it was found"
    cp "$tmp/said/stdout" "$tmp/by_name"
    capture "$H5ROOF" plan "$H5ROOF_SOURCE/configs/$name.yaml"
    cmp "$tmp/said/stdout" "$tmp/by_name" || complain "$name: another plan than by its path"
    [ ! -s "$tmp/said/stderr" ] || complain "a path needs no telling"
    capture "$H5ROOF" explain "$name"
    expect_said "^$name \\((suite|symptom)\\)$"
done <"$tmp/names"

capture "$H5ROOF" run smokey
expect_code 2
expect_error "^h5roof: error: no file 'smokey', and no suite of that name in .*/configs; did you mean 'smoke'\?$"
capture "$H5ROOF" plan xyzzyxyzzy
expect_code 2
expect_error "'h5roof list suites' shows them$"

capture "$H5ROOF" plan symptoms/colum
expect_code 2
expect_error "no suite of that name in .*; did you mean 'symptoms/column'\?$"
capture "$H5ROOF" plan symptoms/xyzzyxyzzyxyzzy
expect_code 2
expect_error "'h5roof list symptoms' shows them$"

# a file comes first, and so does what is meant to be one
printf 'suite: mine\ncases: [{name: only, driver: memory}]\n' >"$tmp/here/smoke"
capture "$H5ROOF" plan smoke
expect_code 0
expect_said '^suite mine '
rm "$tmp/here/smoke"
capture "$H5ROOF" plan smoke.yaml
expect_code 2
capture "$H5ROOF" plan ./smoke
expect_code 2

# the program alone has no suites
cp "$H5ROOF" "$tmp/here/h5roof"
capture "$tmp/here/h5roof" plan smoke
expect_code 2
expect_error "no file 'smoke', and no suites beside this program$"
