#!/usr/bin/env bash
# A shape that does not fit into memory or into the scratch file system is refused before the first case, with the numbers.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/large.yaml" <<END
suite: large
repeat: {warmup: 0, min: 1, max: 1}
defaults: {dtype: u8}
cases:
  - {name: small, driver: posix, shape: [8]}
  - {name: large, driver: posix, shape: [8], access: row}
END

for ranks in 1 2; do
    capture "$MPIRUN" --timeout 60 -n $ranks "$H5ROOF" run "$tmp/large.yaml" --scratch "$tmp/scratch" --set driver=memory \
        --set shape=100000x100000x1000
    expect_code 5
    expect_error '^h5roof: error: case small needs [0-9.]+ TiB of memory on a node and there are [0-9.]+ [KMGT]iB: choose a smaller'
    expect_nothing_left
done

mount_tmpfs "$tmp/scratch" size=1m
run()
{
    capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/large.yaml" --scratch "$tmp/scratch" "$@"
}
run --set shape=2097152
expect_code 5
expect_error '^h5roof: error: case small needs 2.00 MiB of the scratch file system and there are [0-9.]+ .iB: choose a smaller shape or another --scratch'
expect_nothing_left

# Files that are kept add up; where they are refused nothing is kept.
run --keep --set shape=600000
expect_code 5
expect_error '^h5roof: error: case large needs .* for all files that --keep leaves'
expect_nothing_left

# Ranks with a copy each need room for all of them.
run --set shape=600000 --set decomposition=replicated --set files=per_rank
expect_code 5
expect_error '^h5roof: error: case small needs 1.14 MiB of the scratch file system and there are'
expect_nothing_left
capture "$H5ROOF" plan "$tmp/large.yaml" --ranks 2 --set shape=600000 --set decomposition=replicated --set files=per_rank
expect_code 0
expect_said '^small +write +2 +1.14 MiB '
expect_said 'disk at least 1.14 MiB at a time'

# Calls are those of all ranks; max_ops is of each.
capture "$H5ROOF" plan "$tmp/large.yaml" --ranks 2 --set driver=sec2 --set shape=9x2 --set access=row --set max_ops=5
expect_code 0
expect_said "^small +write +9 +18 B "
capture "$H5ROOF" plan "$tmp/large.yaml" --ranks 2 --set driver=sec2 --set shape=9x2 --set access=row --set max_ops=4
expect_said "^small +write +8 +16 B .* bounded by max_ops$"
