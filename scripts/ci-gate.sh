#!/usr/bin/env bash
# A gate for CI: runs a suite with 2 ranks, writes its report, and fails if what is deterministic (sizes, calls, MPI-IO
# counts, modes) differs from a run that is kept. Times are no gate: a CI machine is too noisy for them.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage()
{
    cat <<'END'
Usage: scripts/ci-gate.sh BASELINE_DIR OUT_DIR [SUITE.yaml [OPTION...]]

Runs SUITE (default: configs/smoke.yaml) into OUT_DIR, writes OUT_DIR/report.html where Python has what it needs, and
compares with BASELINE_DIR: h5roof compare --counters-only. OPTIONs are those of h5roof run.
Without a BASELINE_DIR/results.csv nothing is compared; keep OUT_DIR as the baseline then.
Exit code: that of the run if it failed, else that of compare (1: something differs).

Environment: H5ROOF (the program), MPIRUN (the launcher)
END
}

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
esac
if [ $# -lt 2 ]; then
    usage >&2
    exit 2
fi
baseline=$1 out=$2 suite=${3:-$root/configs/smoke.yaml}
shift $(($# < 3 ? $# : 3))

allow_root
h5roof=${H5ROOF:-$root/build/release/h5roof}
[ -x "$h5roof" ] || die "$h5roof is not built; H5ROOF=PATH names another"
read -r -a launch <<<"${MPIRUN:-$(cached release H5R_MPIRUN)}"
[ "${#launch[@]}" -gt 0 ] || die "no launcher of this MPI was found; set MPIRUN"

status=0
"${launch[@]}" -n 2 "$h5roof" run "$suite" --out "$out" "$@" || status=$?
if [ -s "$out/results.csv" ] && python=$(python_with pandas matplotlib jinja2); then
    "$python" "$root/scripts/report.py" "$out" --h5roof "$h5roof" || say "the report was not written"
fi
if [ "$status" -ne 0 ]; then
    exit "$status"
fi
if [ ! -e "$baseline/results.csv" ]; then
    say "no baseline in $baseline: nothing was compared"
    exit 0
fi
# Another machine is fine, since nothing that depends on its speed is compared.
"$h5roof" compare "$baseline" "$out" --counters-only --force
