#!/usr/bin/env bash
# Runs a suite on one number of nodes after the other: within an allocation, or on one machine.
set -euo pipefail

usage()
{
    cat <<'END'
Usage: nodes.sh SUITE OUT "COUNT..." [OPTION of h5roof run]...

For every COUNT of nodes it runs the suite with as many times H5ROOF_PER_NODE ranks (default: 1), as job.sh beside it
does: results in OUT/nodes-N-ranks-R, resumed if they are there. A size that fails does not keep the others from running.
Exit code: that of the first size that failed.

Environment: H5ROOF_PER_NODE, and what job.sh --help lists. H5ROOF_MAX_TIME is for each size.

Examples:
  salloc --nodes=8 --ntasks-per-node=32 env H5ROOF_PER_NODE=32 nodes.sh chunks.yaml out "1 2 4 8"
  H5ROOF_LAUNCH="mpirun --oversubscribe -n {ranks}" nodes.sh smoke out "1 2 4"
END
}

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
esac
if [ $# -lt 3 ]; then
    usage >&2
    exit 2
fi
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
suite=$1 out=$2
read -r -a counts <<<"$3"
shift 3
for count in "${counts[@]}"; do
    if ! [[ $count =~ ^[1-9][0-9]*$ ]]; then
        echo "nodes.sh: '$count' is no number of nodes" >&2
        exit 2
    fi
done

failed=0
for count in "${counts[@]}"; do
    status=0
    H5ROOF_NODES=$count H5ROOF_RANKS=$((count * ${H5ROOF_PER_NODE:-1})) "$here/job.sh" "$suite" "$out" "$@" || status=$?
    if [ "$status" -ne 0 ]; then
        echo "nodes.sh: $count nodes ended with exit code $status" >&2
        failed=$((failed == 0 ? status : failed))
    fi
done
exit "$failed"
