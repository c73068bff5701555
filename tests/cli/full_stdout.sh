#!/usr/bin/env bash
# A full disk under stdout is an error: exit code 3 and a message, from every command that prints.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp
ln -s "$H5ROOF_SOURCE" "$tmp/source" # a path without blanks
[ -c /dev/full ] || skip "no /dev/full"

to_full()
{
    "$@" >/dev/full
}

for arguments in --help --version "run --help" "list factors" "list columns --markdown" "explain 3" "plan ../source/configs/smoke.yaml" \
    "plan ../source/configs/smoke.yaml --yaml" "show ../source/tests/cli/data/small"; do
    # shellcheck disable=SC2086 # words
    capture to_full "$H5ROOF" $arguments
    expect_code 3
    expect_error '^h5roof: error: cannot write to stdout: No space left on device$'
done
