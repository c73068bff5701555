#!/usr/bin/env bash
# Started by the launcher of another MPI every process is a rank of its own: exit code 5, said by the first of them only.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
cases: [{name: one, driver: posix, shape: [8]}]
END

# as PREFIX RANK SIZE COMMAND...: what a process of such a launcher sees. The names differ; two of them are enough.
as_pmi()
{
    PMI_RANK=$1 PMI_SIZE=$2 "${@:3}"
}
as_jsrun()
{
    JSM_NAMESPACE_RANK=$1 JSM_NAMESPACE_SIZE=$2 "${@:3}"
}

for launcher in as_pmi as_jsrun; do
    for command in run env; do
        [ "$launcher$command" != as_jsrunenv ] || continue
        arguments=("$tmp/one.yaml" --scratch "$tmp/scratch")
        [ $command = run ] || arguments=()
        capture $launcher 0 2 "$H5ROOF" $command "${arguments[@]}"
        expect_code 5
        expect_error '^h5roof: error: .* started 2 processes \(.*=2\), but MPI sees only one rank in each of them$'
        expect_said '^this program is linked with .*; start it with ' stderr
        H5ROOF_GRACE=0s capture $launcher 1 2 "$H5ROOF" $command "${arguments[@]}"
        expect_code 5
        [ ! -s "$tmp/said/stderr" ] || complain "the second process speaks as well"
    done
    # One process is one rank, whoever started it.
    capture $launcher 0 1 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/$launcher"
    expect_code 0
done
expect_nothing_left

# Of Open MPI's own the size alone, as a process sees it that was started outside of the job.
capture env OMPI_COMM_WORLD_SIZE=2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch"
expect_code 5
expect_error 'started 2 processes \(OMPI_COMM_WORLD_SIZE=2\)'
expect_nothing_left
