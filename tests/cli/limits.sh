#!/usr/bin/env bash
# Limits of the shell below what MPI needs to begin are refused with exit code 5 and what to set, instead of a crash or a hang.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp
"$H5ROOF" --version | grep 'Open MPI' >/dev/null || skip "not tried with this MPI"
cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: one, driver: mpio, shape: [8, 8]}]
END

# limited OPTION VALUE COMMAND...
limited()
{
    # shellcheck disable=SC2016 # of the inner shell
    capture timeout -k 1 60 bash -c 'ulimit "$1" "$2"; exec "${@:3}"' bash "$@"
}
while read -r option small enough what; do
    for command in "run $tmp/one.yaml --scratch $tmp/scratch" env; do
        # shellcheck disable=SC2086 # words
        limited "$option" "$small" "$H5ROOF" $command
        expect_code 5
        expect_error "^h5roof: error: at most $small $what .* or more to begin; set a larger limit \(ulimit $option\)"
        expect_nothing_left
    done
    limited "$option" "$enough" "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    expect_code 0
    rm -rf "$tmp/out"
done <<'END'
-n 31 32 open files
-s 255 256 KiB of stack
-v 262143 262144 KiB of address space
-f 4095 4096 KiB in a file
END
# The launcher's ranks say it once.
limited -f 64 "$MPIRUN" --timeout 30 -n 1 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch"
expect_said '^h5roof: error: at most 64 KiB in a file' stderr
expect_nothing_left
