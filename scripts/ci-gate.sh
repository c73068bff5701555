#!/usr/bin/env bash
# A gate for CI: runs a suite with 2 ranks, writes its report, and fails if it became worse than runs that are kept.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage()
{
    cat <<'END'
Usage: ci-gate.sh [--times] [--allow A,B,...] BASELINE_DIR OUT_DIR [SUITE.yaml [OPTION...]]

Runs SUITE (default: smoke) into OUT_DIR, writes OUT_DIR/report.html where Python has what it needs, and compares with
BASELINE_DIR. OPTIONs are those of h5roof run.
  without --times  what is deterministic must be the same: sizes, calls, counts of MPI-IO, modes. BASELINE_DIR is a run,
                   on any machine.
  --times          nothing may be slower. BASELINE_DIR holds three or more runs of this machine, each in a directory of
                   its own: h5roof noise says from them which change can be told here, and the newest is compared with.
  --allow A,B      may differ: hdf5, say, when a build of HDF5 is what is tried; see h5roof compare --help
Where the baseline is missing nothing is compared: keep OUT_DIR as the baseline then.

Exit code: that of the run if it failed; 0: not worse; 1: worse; 5: it cannot be told, since machine or libraries differ,
or the kept runs are too noisy or too few.

Environment: H5ROOF (the program), MPIRUN (the launcher)

Examples:
  ci-gate.sh baseline now
  ci-gate.sh --times --allow hdf5 nightly "nightly/$(date +%F)" chunks.yaml --max-time 10m
END
}

times=no
allow=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help)
        usage
        exit 0
        ;;
    --times) times=yes ;;
    --allow)
        [ $# -ge 2 ] || die "--allow needs a value; see --help"
        allow=(--allow "$2")
        shift
        ;;
    -*) die "unknown option '$1'; see --help" ;;
    *) break ;;
    esac
    shift
done
if [ $# -lt 2 ]; then
    usage >&2
    exit 2
fi
baseline=$1 out=$2 suite=${3:-smoke}
shift $(($# < 3 ? $# : 3))

allow_root
h5roof=${H5ROOF:-}
for place in "$root/build/release/h5roof" "$root/../../bin/h5roof"; do
    [ -n "$h5roof" ] || [ ! -x "$place" ] || h5roof=$place
done
[ -x "$h5roof" ] || die "h5roof is not built; H5ROOF=PATH names it"
launcher=${MPIRUN:-}
[ -n "$launcher" ] || [ ! -e "$root/build/release/CMakeCache.txt" ] || launcher=$(cached release H5R_MPIRUN)
read -r -a launch <<<"${launcher:-mpirun}"
command -v "${launch[0]}" >/dev/null || die "no launcher of this MPI was found; set MPIRUN"

# What is kept, before OUT_DIR becomes one of it.
kept=()
if [ "$times" = yes ]; then
    for run in "$baseline"/*/results.csv; do
        [ ! -s "$run" ] || kept+=("$(dirname "$run")")
    done
elif [ -s "$baseline/results.csv" ]; then
    kept=("$baseline")
fi

status=0
"${launch[@]}" -n 2 "$h5roof" run "$suite" --out "$out" "$@" || status=$?
if [ -s "$out/results.csv" ] && python=$(python_with pandas matplotlib jinja2); then
    "$python" "$root/scripts/report.py" "$out" --h5roof "$h5roof" || say "the report was not written"
fi
if [ "$status" -ne 0 ]; then
    exit "$status"
fi
if [ "${#kept[@]}" -eq 0 ]; then
    say "no baseline in $baseline: nothing was compared"
    exit 0
fi
if [ "$times" = no ]; then
    # Another machine is fine, since nothing that depends on its speed is compared.
    exec "$h5roof" compare "${kept[0]}" "$out" --counters-only --force
fi

if [ "${#kept[@]}" -lt 3 ]; then
    say "${#kept[@]} of 3 runs in $baseline: too few to know the noise here; nothing was compared"
    exit 5
fi
noise=$("$h5roof" noise "${kept[@]}" --format json)
threshold=$(sed -n 's/.*"recommended_frac": *\([0-9][0-9.e+-]*\).*/\1/p' <<<"$noise" | head -n 1)
if [ -z "$threshold" ]; then
    "$h5roof" noise "${kept[@]}" >&2 || true
    say "the runs in $baseline are too noisy to tell any change: nothing was compared"
    exit 5
fi
newest=${kept[0]}
for run in "${kept[@]}"; do
    [ "$run/results.csv" -nt "$newest/results.csv" ] && newest=$run
done
say "compared with $newest, threshold $threshold"
exec "$h5roof" compare "$newest" "$out" --threshold "$threshold" "${allow[@]}"
