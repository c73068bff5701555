#!/usr/bin/env bash
#SBATCH --job-name=h5roof
#SBATCH --ntasks-per-node=4
#SBATCH --time=01:00:00
#SBATCH --output=%x-%j.log
#PBS -N h5roof
#PBS -l select=1:ncpus=4:mpiprocs=4
#PBS -l walltime=01:00:00
#PBS -j oe
# Runs a suite in a job of Slurm or PBS. A job that is ended by its time limit goes on when the same is submitted again.
set -euo pipefail

usage()
{
    cat <<'END'
Usage: sbatch --nodes=4 job.sh SUITE OUT [OPTION of h5roof run]...
       qsub -l select=4:ncpus=32:mpiprocs=32 -v H5ROOF_SUITE=SUITE,H5ROOF_OUT=OUT job.sh
       H5ROOF_CHAIN=1 sbatch --array=0-9%1 --nodes=4 job.sh SUITE OUT     # ten jobs in turn for one long run

Results go to OUT/nodes-N-ranks-R, apart for each size of job; `h5roof-collect OUT` makes one scaling report of them.
A case that the time limit leaves unfinished is finished by submitting the same again; what is finished is not repeated.

Environment:
  H5ROOF             the program; default: h5roof
  H5ROOF_SUITE, H5ROOF_OUT, H5ROOF_OPTIONS   instead of arguments, which qsub does not pass on
  H5ROOF_SCRATCH     directory under test, if neither --scratch nor the suite names one
  H5ROOF_LAUNCH      launcher, in which {nodes}, {ranks} and {per_node} are replaced;
                     default: Slurm "srun --nodes={nodes} --ntasks={ranks} --kill-on-bad-exit=1",
                     else "mpirun -n {ranks}"
  H5ROOF_NODES, H5ROOF_RANKS   default: all of the job
  H5ROOF_CHAIN=1     the tasks of an array go on with one run, one after the other; else each has a run of its own, in
                     OUT/task-N
  H5ROOF_MAX_TIME    seconds; default: what the job has left, but for H5ROOF_MARGIN
  H5ROOF_MARGIN      seconds before the limit at which the run ends by itself; default: 120
END
}

die()
{
    printf 'job.sh: %s\n' "$*" >&2
    exit 2
}

# seconds [DAYS-][[HOURS:]MINUTES:]SECONDS: as squeue and qstat write it; nothing for UNLIMITED and the like
seconds()
{
    [[ $1 =~ ^(([0-9]+)-)?(([0-9]+):)?(([0-9]+):)?([0-9]+)$ ]] || return 0
    local days=${BASH_REMATCH[2]:-0} hours=${BASH_REMATCH[4]:-0} minutes=${BASH_REMATCH[6]:-} s=${BASH_REMATCH[7]}
    if [ -z "$minutes" ]; then # M:S has one colon
        minutes=$hours hours=0
    fi
    echo $((((10#$days * 24 + 10#$hours) * 60 + 10#$minutes) * 60 + 10#$s))
}

# What is known of the job: nodes, ranks, left (seconds, or nothing), launch.
job_of_slurm()
{
    nodes=$SLURM_JOB_NUM_NODES ranks=${SLURM_NTASKS:-$((SLURM_JOB_NUM_NODES * ${SLURM_NTASKS_PER_NODE:-1}))}
    # a rank that waits for one that died would wait for ever
    launch="srun --nodes={nodes} --ntasks={ranks} --kill-on-bad-exit=1"
    local job=$SLURM_JOB_ID
    if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then # the id of one task is that of the whole array
        job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
    fi
    left=$(seconds "$(squeue -h -j "$job" -o %L 2>/dev/null || true)")
}

job_of_pbs()
{
    local facts limit used
    cd "${PBS_O_WORKDIR:-.}"
    nodes=$(sort -u "$PBS_NODEFILE" | wc -l) ranks=$(wc -l <"$PBS_NODEFILE") launch="mpirun -n {ranks}"
    facts=$(qstat -f "$PBS_JOBID" 2>/dev/null || true)
    limit=$(seconds "$(sed -n 's/^ *Resource_List.walltime = //p' <<<"$facts")")
    used=$(seconds "$(sed -n 's/^ *resources_used.walltime = //p' <<<"$facts")")
    left=${limit:+$((limit - ${used:-0}))}
}

job_of_nobody()
{
    nodes=1 ranks=${H5ROOF_RANKS:-1} left='' launch="mpirun -n {ranks}"
}

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
esac
if [ -n "${SLURM_JOB_ID:-}" ]; then
    job_of_slurm
elif [ -n "${PBS_NODEFILE:-}" ]; then
    job_of_pbs
else
    job_of_nobody
fi

suite=${1:-${H5ROOF_SUITE:-}} out=${2:-${H5ROOF_OUT:-}}
if [ -z "$suite" ] || [ -z "$out" ]; then
    die "no suite or no directory for results; see --help"
fi
shift $(($# < 2 ? $# : 2))
task=${SLURM_ARRAY_TASK_ID:-${PBS_ARRAY_INDEX:-}}
if [ -n "$task" ] && [ -z "${H5ROOF_CHAIN:-}" ]; then
    out=$out/task-$task # tasks may run at the same time
fi
read -r -a options <<<"${H5ROOF_OPTIONS:-}"
options+=("$@")
h5roof=${H5ROOF:-h5roof}
nodes=${H5ROOF_NODES:-$nodes} ranks=${H5ROOF_RANKS:-$ranks}

max_time=${H5ROOF_MAX_TIME:-}
if [ -z "$max_time" ] && [ -n "$left" ]; then
    max_time=$((left - ${H5ROOF_MARGIN:-120}))
    [ "$max_time" -gt 0 ] || die "$left s are left, which is less than the margin (H5ROOF_MARGIN)"
fi
if [ -n "$max_time" ]; then
    options+=(--max-time "${max_time}s")
fi

launch=${H5ROOF_LAUNCH:-$launch}
launch=${launch//\{nodes\}/$nodes}
launch=${launch//\{ranks\}/$ranks}
launch=${launch//\{per_node\}/$(((ranks + nodes - 1) / nodes))}
read -r -a launcher <<<"$launch"

results=$out/nodes-$nodes-ranks-$ranks
mkdir -p "$out"
echo "job.sh: $nodes nodes, $ranks ranks, ${max_time:-no} seconds to go: ${launcher[*]} $h5roof run $suite --out $results"
status=0
"${launcher[@]}" "$h5roof" run "$suite" --out "$results" --resume "${options[@]}" || status=$?
if [ "$status" -eq 1 ] && [ ! -e "$results/results.csv" ]; then
    # h5roof's own 1 means wrong data, and then there are results
    echo "job.sh: MPI did not start under '${launcher[*]}'. Try H5ROOF_LAUNCH=\"srun --mpi=pmix --nodes={nodes} --ntasks={ranks}\"" \
        "(srun --mpi=list shows what there is; MPICH: pmi2), or H5ROOF_LAUNCH=\"mpirun -n {ranks}\"" >&2
    exit 5
fi
if [ "$status" -eq 0 ] && "$h5roof" show "$results" --quiet | grep '^stopped:$' >/dev/null; then
    echo "job.sh: not finished; submit the same again to go on"
fi
exit "$status"
