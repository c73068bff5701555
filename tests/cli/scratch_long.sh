#!/usr/bin/env bash
# A scratch directory whose path OMPIO of this Open MPI cannot take is refused, with exit code 5 and what helps; one that is
# shorter by a character is not, nor are other components and other MPIs.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp
cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: one, driver: mpio, shape: [8, 8]}]
END

# run_in LENGTH VARIABLE=VALUE...: with a scratch directory whose path has this length
run_in()
{
    local dir=$tmp/scratch
    while [ ${#dir} -lt "$1" ]; do
        printf -v dir '%s/%0*d' "$dir" $(($1 - ${#dir} > 202 ? 200 : $1 - ${#dir} - 1)) 0
    done
    [ ${#dir} -eq "$1" ] || fail "a path of ${#dir} characters"
    mkdir -p "$dir"
    rm -rf "$tmp/out"
    capture env "${@:2}" "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$dir" --out "$tmp/out"
    [ -z "$(ls "$dir")" ] || complain "left behind: $(ls "$dir")"
}
version=$("$H5ROOF" --version | sed -n 's/^Open MPI v\([0-9.]*\).*/\1/p')
[ -n "$version" ] || { run_in 400; expect_code 0; exit 0; }
export OMPI_MCA_io=ompio
run_in 183
expect_code 0
if [ "$(printf '%s\n' "$version" 5.0.10 | sort -V | head -n 1)" = "$version" ] && [ "$version" != 5.0.10 ]; then
    run_in 184
    expect_code 5
    expect_error "^h5roof: error: the scratch directory's path is 1 character too long for OMPIO .*--mca sharedfp \^lockedfile"
    [ ! -e "$tmp/out" ] || fail "results were begun"
fi
for free in OMPI_MCA_sharedfp=sm OMPI_MCA_sharedfp=^lockedfile OMPI_MCA_io=romio321; do
    run_in 300 $free
    expect_code 0
done
