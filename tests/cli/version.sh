#!/usr/bin/env bash
# --version names the program, HDF5 and the MPI library.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

capture "$H5ROOF" --version
expect_code 0
expect_said '^h5roof [0-9]+\.[0-9]+\.[0-9]+ \('
expect_said '^HDF5 [0-9]+\.[0-9]+\.[0-9]+'
[ "$(wc -l <"$tmp/said/stdout")" -eq 3 ] || complain "not three lines"
[ ! -s "$tmp/said/stderr" ] || complain "something on stderr"
