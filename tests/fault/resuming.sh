# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # tmp is of tests/lib.sh, `before` and `out` are of the scripts
# What the tests of --resume share. Sourced after tests/fault/faults.sh, never run.
: "${MPIRUN:?}"
make_tmp
out=$tmp/out

cat >"$tmp/short.yaml" <<END
suite: short
repeat: {warmup: 1, min: 2, max: 2}
cases:
  - {name: one, driver: posix, shape: [16, 16]}
  - {name: two, driver: memory, shape: [16, 16]}
END

# run_suite SUITE ARGUMENTS...: with 2 ranks
run_suite()
{
    capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$1" --scratch "$tmp/scratch" "${@:2}"
}

resume()
{
    run_suite "$tmp/short.yaml" --out "$out" --resume "$@"
}

# fingerprint: all that is in the results directory
fingerprint()
{
    (cd "$out" && find . -type f | sort | xargs md5sum)
}

# refused CODE REGEX: by what was captured, and the directory is as it was at `before`
refused()
{
    expect_code "$1"
    expect_error "$2"
    [ "$before" = "$(fingerprint)" ] || complain "the results directory has changed"
    expect_nothing_left
}

rows_of()
{
    count_rows "$out/results.csv" case="$1" status=ok
}
