#!/usr/bin/env bash
# hint_ignored: MPICH says which hints a file has, with 1, 2 and 4 ranks; Open MPI only repeats them, and nothing is said.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp

# said_by LAUNCHER PROGRAM WORDS: with every number of ranks.
said_by()
{
    local ranks said
    for ranks in 1 2 4; do
        said=$("$1" -n "$ranks" "$2" "$tmp/scratch") || fail "$1 -n $ranks: exit code $?: $said"
        [ "$said" = "$3" ] || fail "$1 -n $ranks: '$said', not '$3'"
    done
    [ -z "$(ls -A "$tmp/scratch")" ] || fail "files are left"
}

if "$MPIRUN" --version 2>&1 | grep -q "Open MPI"; then
    said_by "$MPIRUN" "$H5ROOF_BUILD/tests/hints_told" "only repeated, ignored: "
fi
compiler=$(command -v mpicc.mpich || true) launcher=$(command -v mpiexec.mpich || true)
if [ -z "$compiler" ] || [ -z "$launcher" ]; then
    skip "no MPICH beside the other MPI"
fi
src=$H5ROOF_SOURCE/src
"$compiler" -std=c11 -D_GNU_SOURCE -O1 -I"$src" -I"$H5ROOF_SOURCE" -I"$H5ROOF_SOURCE/include" -o "$tmp/hints_told" "$H5ROOF_SOURCE/tests/mpi/hints_told.c" \
    "$src"/engine/store/hints.c "$src"/engine/machine/mpi_facts.c "$src"/engine/ranks/{mpi_util,context,shift}.c \
    "$src"/core/base/error.c "$src"/core/stats/stats.c -lm || fail "does not build with MPICH"
said_by "$launcher" "$tmp/hints_told" "told, ignored: h5roof_never_was"
expect_nothing_left
