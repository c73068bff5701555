#!/usr/bin/env bash
# init: the suite that it writes is one, and has what was asked for; wrong answers are refused, files are kept.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

golden defaults "$H5ROOF" init
golden options "$H5ROOF" init --shape 100x64x64 --dtype f32 --access row,whole --chunk 1x64x64,10x8x8 --filter none,shuffle+deflate:1 --driver sec2
golden bad_shape "$H5ROOF" init --shape 12y
golden bad_filter "$H5ROOF" init --filter none,defalte

capture "$H5ROOF" init "$tmp/mine.yaml" --shape 64x64 --chunk 8x8,16x16
expect_code 0
capture "$H5ROOF" plan "$tmp/mine.yaml"
expect_code 0
expect_said '3 cases run, 0 skipped'
cp "$tmp/mine.yaml" "$tmp/kept.yaml"
capture "$H5ROOF" init "$tmp/mine.yaml"
expect_code 2
expect_error 'File exists'
cmp "$tmp/mine.yaml" "$tmp/kept.yaml"
capture "$H5ROOF" init "$tmp/none.yaml" --chunk none
expect_code 0
capture "$H5ROOF" plan "$tmp/none.yaml"
expect_said '1 case run'

# On a terminal it asks; a wrong answer is asked for again.
python3 - "$H5ROOF" >"$tmp/asked" <<'END'
import os
import pty
import sys

answers = [b"64x64\n", b"f99\n", b"f32\n", b"\n", b"row,whole\n", b"\n", b"none\n", b"\n", b"sec2\n"]
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], ["h5roof", "init"])
for answer in answers:
    os.write(fd, answer)
said = b""
while True:
    try:
        piece = os.read(fd, 4096)
    except OSError:
        break
    if not piece:
        break
    said += piece
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
grep -q "f99" "$tmp/asked" || fail "the wrong answer was not refused"
[ "$(grep -c 'Type of an element' "$tmp/asked")" -ge 2 ] || fail "it did not ask again"
grep -q 'access: \["row", "whole"\]' "$tmp/asked" || fail "the answer is not in the suite"
