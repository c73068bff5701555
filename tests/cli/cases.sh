#!/usr/bin/env bash
# Cases on the command line, without a suite: what they become, and what is refused, by plan and by run in the same words.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

golden chunked "$H5ROOF" plan --case shape=256x256 chunk=64x64 filter=deflate:1
golden sweep "$H5ROOF" plan --case shape=256x256 access=row,whole mode=independent
golden several "$H5ROOF" plan --case shape=256x256 driver=sec2 --case shape=256x256 driver=mpio --ranks 4
golden yaml "$H5ROOF" plan --yaml --set repeat.max=7 --case shape=64x64 chunk=8x8,16x16

# refused NAME ARGUMENT...
refused()
{
    golden "$1" "$H5ROOF" plan "${@:2}"
    expect_code 2
    cp "$tmp/said/stderr" "$tmp/said/plan"
    capture "$H5ROOF" run "${@:2}" --scratch "$tmp/scratch"
    expect_code 2
    diff <(sed 's/h5roof plan/h5roof COMMAND/' "$tmp/said/plan") <(sed 's/h5roof run/h5roof COMMAND/' "$tmp/said/stderr") ||
        complain "run says something else than plan"
    expect_nothing_left
}
refused both smoke --case chunk=8x8
refused nothing --case
refused no_factor --case shap=8x8
refused no_value --case smoke
refused unknown_value --case shape=8x8 filter=defalte:1
refused same --case shape=8x8 --case shape=8x8
refused chunk_of_contiguous --case layout=contiguous chunk=8x8
