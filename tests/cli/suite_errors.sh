#!/usr/bin/env bash
# A suite that cannot be used: exit code 2, one rank says why, and nothing is made, neither results nor scratch files.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

good='suite: good
cases: [{name: one, driver: posix, shape: [8]}]'

launcher=()

# refused NAME SUITE [ARGUMENT...]: by run and by plan, in the same words.
refused()
{
    golden "$1" "${launcher[@]}" "$H5ROOF" run "${@:2}" --scratch "$tmp/scratch"
    expect_code 2
    expect_nothing_left
    cp "$tmp/said/stderr" "$tmp/said/run"
    capture "$H5ROOF" plan "${@:2}"
    expect_code 2
    diff "$tmp/said/run" "$tmp/said/stderr" || complain "plan says something else than run"
}

# suite NAME: from stdin
suite()
{
    cat >"$tmp/$1.yaml"
}

refused missing "$tmp/no-such.yaml"
mkdir "$tmp/directory.yaml"
refused directory "$tmp/directory.yaml"
: | suite empty
refused empty "$tmp/empty.yaml"
suite syntax <<<"suite: [a, b
cases: }"
refused syntax "$tmp/syntax.yaml"
launcher=("$MPIRUN" --timeout 60 -n 2) # several ranks say the same, once
refused missing "$tmp/no-such.yaml"
suite keys <<<"suite: keys
repeat: {mim: 3}
cases:
  - {name: one, drivr: posix, shape: [8]}
  - {name: two, driver: posixx, shape: [8]}"
refused keys "$tmp/keys.yaml"
launcher=()
suite range <<<"suite: range
cases:
  - {name: zero, shape: [0]}
  - {name: deep, shape: [2, 2, 2, 2, 2, 2, 2]}
  - {name: level, layout: chunked, chunk: [4], shape: [8], filter: 'deflate:10'}"
refused range "$tmp/range.yaml"
suite scalar <<<"suite: scalar
cases:
  - name: one
    driver: posix
    shape: [8]
    sweep: {driver: sec2}"
refused scalar "$tmp/scalar.yaml"
suite setting <<<"suite: setting
cases:
  - {name: one, shape: [8], sweep: {repeat: [1, 2]}}"
refused setting "$tmp/setting.yaml"
suite good <<<"$good"
refused set "$tmp/good.yaml" --set driver=possix

# With more ranks, too, it is said once.
capture "$MPIRUN" --timeout 60 -n 3 "$H5ROOF" run "$tmp/no-such.yaml"
expect_code 2
expect_error "no-such.yaml"
expect_nothing_left

# Nobody has opened anything: not even the scratch directory, which would be refused with another code.
capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/keys.yaml" --scratch "$tmp/no-such-directory"
expect_code 2

golden only "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/good.yaml" --only nothing --scratch "$tmp/scratch"
expect_nothing_left

# Root reads everything: then there is no file that cannot be read.
if [ "$(id -u)" -ne 0 ]; then
    chmod 000 "$tmp/good.yaml"
    capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/good.yaml"
    expect_code 2
    expect_error "Permission denied"
fi
