#!/usr/bin/env bash
# Results are never overwritten, and a results directory that cannot be made leaves nothing behind.
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
    capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" "$@"
}

# A used directory is refused and stays as it is.
mkdir "$tmp/used"
echo precious >"$tmp/used/notes"
run --out "$tmp/used"
expect_code 2
expect_error "^h5roof: error: --out '$tmp/used' is not an empty directory; results are never overwritten"
[ "$(cat "$tmp/used/notes")" = precious ] || fail "the content has changed"
[ "$(ls -A "$tmp/used")" = notes ] || fail "something was added"
expect_nothing_left
run --out "$tmp/one.yaml"
expect_code 2
expect_error "is not an empty directory"
run --out ""
expect_code 2
expect_error "is not an empty directory"

# An empty one is taken, and one that is not there is made with its parents.
mkdir "$tmp/empty"
run --out "$tmp/empty"
expect_code 0
expect_said "^results: $tmp/empty$"
[ "$(cd "$tmp/empty" && echo *)" = "env.json plan.yaml results.csv" ] || fail "not the three files"
run --out "$tmp/a/b/c"
expect_code 0
run --out "$tmp/a/b/c"
expect_code 2
expect_nothing_left

# By default every run has a directory of its own, also within one second.
for _ in 1 2 3; do
    capture "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch"
    expect_code 0
    expect_said '^results: results/one-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?$'
done
[ "$(find "$tmp/here/results" -name results.csv | wc -l)" -eq 3 ] || fail "not three results"
rm -rf "$tmp/here/results"

# Cannot be made.
run --out "$tmp/one.yaml/below"
expect_code 5
expect_error "cannot make the results directory '$tmp/one.yaml/below': Not a directory"
run --out /proc/h5roof/results
expect_code 5
expect_error "cannot make the results directory '/proc/h5roof/results'"
: >"$tmp/here/results"
run
expect_code 5
expect_error "cannot make the results directory 'results/one-.*': Not a directory; choose one with --out"
rm "$tmp/here/results"
expect_nothing_left

# A file system without room for it: what was begun is gone again.
mount_tmpfs "$tmp/full" size=64k
run --out "$tmp/full/fits"
expect_code 0
rm -r "$tmp/full/fits"
head -c 1M /dev/zero >"$tmp/full/filler" 2>/dev/null || true
run --out "$tmp/full/a/b"
expect_code 5
expect_error 'cannot (make|write|create) .*: No space left on device'
[ "$(ls -A "$tmp/full")" = filler ] || fail "something was left in the full file system"
expect_nothing_left
