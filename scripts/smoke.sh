#!/usr/bin/env bash
# From a fresh clone to a table of results: set-up, Release build, a run with 2 ranks, table, pictures.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage()
{
    cat <<'END'
Usage: scripts/smoke.sh [ARGUMENT of h5roof run]...

Installs what is missing, builds build/release, runs configs/smoke.yaml with 2 ranks, shows the table and draws
pictures. Results go to a new directory results/smoke-UTCTIME (or --out DIR). Further arguments go to `h5roof run`.

Environment:
  MPIRUN           launcher with its options, instead of the one found: MPIRUN="srun --mpi=pmix"
  H5R_CMAKE_ARGS   for cmake: H5R_CMAKE_ARGS="-DMPI_C_COMPILER=/opt/mpi/bin/mpicc -DHDF5_ROOT=/opt/hdf5"
  H5R_NO_APT=1     do not install anything

Examples:
  scripts/smoke.sh
  scripts/smoke.sh --scratch /dev/shm          # what does memory give?
  scripts/smoke.sh --set repeat.max=3 --only element
END
}

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
esac

"$root/scripts/setup.sh"
build_preset release h5roof
h5roof=$root/build/release/h5roof

results=$root/results/smoke-$(date -u +%Y%m%dT%H%M%SZ)
out=(--out "$results")
previous=
for arg in "$@"; do
    if [ "$previous" = --out ]; then
        results=$arg out=()
    elif [[ $arg == --out=* ]]; then
        results=${arg#--out=} out=()
    fi
    previous=$arg
done

allow_root
read -r -a launch <<<"${MPIRUN:-$(cached release H5R_MPIRUN)}"
if [ "${#launch[@]}" -eq 0 ] || [[ ${launch[0]} == *NOTFOUND ]]; then
    die "no launcher of this MPI was found; set MPIRUN"
fi
launch+=(-n 2)
if [ "$(cached release H5R_MPI_FLAVOUR)" = openmpi ] && [ "$(physical_cores)" -lt 2 ] && [ -z "${MPIRUN:-}" ]; then
    launch+=(--oversubscribe)
fi

say "run: ${launch[*]} h5roof run configs/smoke.yaml $*"
status=0
"${launch[@]}" "$h5roof" run "$root/configs/smoke.yaml" "${out[@]}" "$@" || status=$?
if [ ! -s "$results/results.csv" ]; then
    echo "smoke.sh: no results in $results; h5roof run ended with exit code $status" >&2
    exit "$((status > 0 ? status : 1))"
fi

say "table"
"$h5roof" show "$results" --quiet

pictures='no pictures: no Python with pandas and matplotlib (PYTHON=... names one)'
page=
if python=$(python_with pandas matplotlib); then
    say "pictures"
    H5ROOF=$h5roof "$python" "$root/scripts/plot.py" "$results"
    pictures="pictures: $results/*.png"
    if "$python" -c 'import jinja2' 2>/dev/null; then
        H5ROOF=$h5roof "$python" "$root/scripts/report.py" "$results"
        page="report: $results/report.html"
    fi
fi

say "what it comes to"
"$h5roof" show "$results" --summary
echo "${page:+$page; }$pictures; notes: h5roof show $results"
exit "$status"
