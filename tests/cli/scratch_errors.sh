#!/usr/bin/env bash
# A scratch directory that is missing, no directory or read-only: exit code 5 and one message before anything is measured.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: one, driver: posix, shape: [8]}]
END
run()
{
    capture "$MPIRUN" --timeout 60 -n "$ranks" "$H5ROOF" run "$tmp/one.yaml" "$@"
    expect_code 5
    expect_nothing_left
}

for ranks in 2 3; do
    run --scratch "$tmp/missing"
    expect_error "scratch directory '$tmp/missing': No such file or directory; name an existing directory"
    [ ! -e "$tmp/missing" ] || fail "it was made"
done
ranks=2
run --scratch "$tmp/one.yaml"
expect_error "scratch directory '$tmp/one.yaml' is not a directory"
run --scratch "$tmp/one.yaml/below"
expect_error "scratch directory '$tmp/one.yaml/below': Not a directory"
run --scratch ""
expect_error "scratch directory ''"

# The suite and the environment name it, too; the option goes first.
sed "1i scratch: $tmp/of-suite" "$tmp/one.yaml" >"$tmp/with.yaml"
capture env H5ROOF_SCRATCH="$tmp/of-environment" "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/with.yaml"
expect_code 5
expect_error "scratch directory '$tmp/of-suite'"
capture env H5ROOF_SCRATCH="$tmp/of-environment" "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml"
expect_code 5
expect_error "scratch directory '$tmp/of-environment'"
capture env H5ROOF_SCRATCH="$tmp/of-environment" "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/with.yaml" --scratch "$tmp/of-option"
expect_code 5
expect_error "scratch directory '$tmp/of-option'"

mount_tmpfs "$tmp/read-only" ro
run --scratch "$tmp/read-only"
expect_error "scratch directory '$tmp/read-only' cannot be written: Read-only file system; choose another one with --scratch DIR"
