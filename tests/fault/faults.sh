# shellcheck shell=bash
# What the scripts of this folder share. Sourced after tests/lib.sh, never run.

# faulty_suite DRIVER [MODE]: $tmp/two.yaml, whose case `good` has finished before the case `bad` begins.
faulty_suite()
{
    cat >"$tmp/two.yaml" <<END
suite: two
seed: 1
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [64, 64], dtype: i32}
cases:
  - {name: good, driver: memory, shape: [32]}
  - {name: bad, driver: $1, mode: ${2:-collective}}
END
}

# expect_rows DIR CASE: the rows of a case are there, and `show` reads them.
expect_rows()
{
    [ "$(grep -c ",$2,.*,ok," "$1/results.csv")" -ge 2 ] || complain "the rows of case $2 are lost"
    "$H5ROOF" show "$1" >"$tmp/said/show" || complain "show cannot read the rows"
    grep -q "^$2 " "$tmp/said/show" || complain "show does not know case $2"
}

# wait_for_rows FILE PID: until the file has rows, while the process is there.
wait_for_rows()
{
    while kill -0 "$2" 2>/dev/null; do
        [ "$(wc -l <"$1" 2>/dev/null || echo 0)" -lt 4 ] || return 0
        sleep 0.05
    done
    cat "$tmp/said/all"
    fail "ended before it had rows"
}
