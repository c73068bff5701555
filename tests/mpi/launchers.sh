#!/usr/bin/env bash
# once: the schedulers' commands are stand-ins, which start real ranks here
# The job script under Slurm and PBS, the loop over node counts, and the report over several jobs.
# timeout: 400
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp
mkdir "$tmp/bin"
export tmp MPIRUN PATH="$tmp/bin:$PATH" H5ROOF_SCRATCH=$tmp/scratch
launch=$H5ROOF_SOURCE/scripts/launch

# ---- stand-ins
# sbatch copies the script, as the real one does; with KILL_AFTER it ends all of the job once KILL_TABLE has so many lines.
cat >"$tmp/bin/sbatch" <<'END'
#!/usr/bin/env bash
set -euo pipefail
nodes=1 per_node=$(sed -n 's/^#SBATCH --ntasks-per-node=//p' "${@:$#}" 2>/dev/null || true)
while [[ $1 == --* ]]; do
    case $1 in
    --nodes=*) nodes=${1#*=} ;;
    --ntasks-per-node=*) per_node=${1#*=} ;;
    *) exit 99 ;;
    esac
    shift
done
cp "$1" "$tmp/spooled"
export SLURM_JOB_ID=$RANDOM SLURM_JOB_NUM_NODES=$nodes SLURM_NTASKS=$((nodes * per_node))
setsid "$tmp/spooled" "${@:2}" &
job=$!
if [ -n "${KILL_AFTER:-}" ]; then
    for ((i = 0; i < 600; i++)); do
        if [ "$(cat "$KILL_TABLE" 2>/dev/null | wc -l)" -ge "$KILL_AFTER" ]; then
            pkill -KILL -s "$job"
            echo killed >>"$tmp/kills"
            break
        fi
        sleep 0.05
    done
fi
wait "$job"
END
cat >"$tmp/bin/squeue" <<'END'
#!/bin/sh
[ "$1 $2 $4 $5" = "-h -j -o %L" ] || exit 1
# of a whole array one line for each task, which is no time
case $3 in
"${ARRAY:-none}") printf '1:00:00\n1:00:00\n' ;;
*) echo "${LEFT:-1:00:00}" ;;
esac
END
cat >"$tmp/bin/srun" <<'END'
#!/usr/bin/env bash
echo "srun $*" >>"$tmp/launched"
[ -z "${ONLY_TELL:-}" ] || exit 0
[[ $1 == --nodes=* && $2 == --ntasks=* && $3 == --kill-on-bad-exit=1 ]] || exit 99
[ -z "${NO_MPI:-}" ] || exit 1 # as MPI_Init under --mpi=none
ranks=${2#*=}
unset "${!SLURM_@}" # the launcher here would believe them
exec "$MPIRUN" --oversubscribe -n "$ranks" "${@:4}"
END
cat >"$tmp/bin/qsub" <<'END'
#!/usr/bin/env bash
set -euo pipefail
[ "$1" = -l ] && [ "$3" = -v ] || exit 99
per_node=${2##*mpiprocs=}
IFS=, read -r -a variables <<<"$4"
export "${variables[@]}" PBS_JOBID=17.server PBS_NODEFILE=$tmp/nodefile PBS_O_WORKDIR=$PWD
for ((i = 0; i < per_node; i++)); do echo localhost; done >"$PBS_NODEFILE"
cp "$5" "$tmp/spooled"
cd /
exec "$tmp/spooled"
END
cat >"$tmp/bin/qstat" <<'END'
#!/bin/sh
[ "$1 $2" = "-f 17.server" ] || exit 99
printf '    resources_used.walltime = 00:10:00\n    Resource_List.walltime = 01:00:00\n'
END
cat >"$tmp/bin/mpirun" <<'END'
#!/usr/bin/env bash
echo "mpirun $*" >>"$tmp/launched"
unset "${!PBS_@}"
exec "$MPIRUN" --oversubscribe "$@"
END
chmod +x "$tmp/bin/"*

cat >"$tmp/s.yaml" <<'END'
# How do few repetitions of small cases scale?
suite: s
repeat: {warmup: 1, min: 12, max: 12}
defaults: {shape: [64, 64]}
cases:
  - {name: strong, driver: mpio}
  - {name: weak, driver: posix, scaling: weak}
  - {name: own, driver: sec2}
END
out=$tmp/out

# complete DIR: every repetition of every case, write and read, once
complete()
{
    "$H5ROOF" show "$1" --quiet >"$tmp/said/show"
    ! grep -q '^stopped:$' "$tmp/said/show" || complain "$1 is not finished"
    cells "$1/results.csv" case,repetition,warmup,operation status=ok | sort >"$tmp/repetitions"
    if [ "$(wc -l <"$tmp/repetitions")" -ne $((3 * 13 * 2)) ] || [ -n "$(uniq -d "$tmp/repetitions")" ]; then
        complain "$1: repetitions are missing or there twice"
    fi
}

# ---- Slurm: the size and the time limit of the job reach the launcher and the run
capture sbatch --nodes=1 --ntasks-per-node=2 "$launch/job.sh" "$tmp/s.yaml" "$out" --set seed=3
expect_code 0
grep -q "^srun --nodes=1 --ntasks=2 --kill-on-bad-exit=1 $H5ROOF run .*--out $out/nodes-1-ranks-2 --resume --set seed=3 --max-time 3480s$" "$tmp/launched" ||
    fail "launched: $(cat "$tmp/launched")"
complete "$out/nodes-1-ranks-2"
"$H5ROOF" show "$out/nodes-1-ranks-2" | grep -q ', 2 ranks$' || fail "not 2 ranks"

# ---- a job that is killed in the middle; the same again goes on, once more does nothing
dir=$out/nodes-2-ranks-4
KILL_AFTER=20 KILL_TABLE=$dir/results.csv capture sbatch --nodes=2 --ntasks-per-node=2 "$launch/job.sh" "$tmp/s.yaml" "$out" --set seed=3
expect_code 137
[ -s "$tmp/kills" ] || complain "the job was not killed"
cp "$dir/results.csv" "$tmp/killed.csv"
[ "$(wc -l <"$tmp/killed.csv")" -lt 79 ] || complain "the job had ended before it was killed"
# Ranks whose launcher is gone need a moment to notice; until then the run is still going on.
for _ in $(seq 50); do
    capture sbatch --nodes=2 --ntasks-per-node=2 "$launch/job.sh" "$tmp/s.yaml" "$out" --set seed=3
    [ "$code" -ne 0 ] || break
    sleep 0.2
done
expect_code 0
expect_said '^going on with ' stderr
complete "$dir"
head -n 15 "$tmp/killed.csv" | cmp - <(head -n 15 "$dir/results.csv") || complain "finished rows have changed"
cp "$dir/results.csv" "$tmp/finished.csv"
capture sbatch --nodes=2 --ntasks-per-node=2 "$launch/job.sh" "$tmp/s.yaml" "$out" --set seed=3
expect_code 0
cmp "$dir/results.csv" "$tmp/finished.csv" || complain "a finished job measured again"
expect_nothing_left

# ---- arrays: each task has its own limit and its own run; a chain goes on with one
array=(env SLURM_JOB_NUM_NODES=1 SLURM_NTASKS=2 SLURM_JOB_ID=7 SLURM_ARRAY_JOB_ID=7 SLURM_ARRAY_TASK_ID=3 ARRAY=7 ONLY_TELL=1)
capture "${array[@]}" "$launch/job.sh" "$tmp/s.yaml" "$tmp/array"
expect_code 0
tail -n 1 "$tmp/launched" | grep -q -- "--out $tmp/array/task-3/nodes-1-ranks-2 --resume --max-time 3480s\$" || fail "launched: $(tail -n 1 "$tmp/launched")"
capture "${array[@]}" H5ROOF_CHAIN=1 "$launch/job.sh" "$tmp/s.yaml" "$tmp/array"
tail -n 1 "$tmp/launched" | grep -q -- "--out $tmp/array/nodes-1-ranks-2 --resume --max-time 3480s\$" || fail "launched: $(tail -n 1 "$tmp/launched")"

# ---- an MPI that does not start under this launcher is not wrong data
NO_MPI=1 capture sbatch --nodes=1 --ntasks-per-node=2 "$launch/job.sh" "$tmp/s.yaml" "$tmp/no-mpi"
expect_code 5
expect_said "^job.sh: MPI did not start under 'srun .*--mpi=pmix" stderr

# ---- a limit that comes too early: the run ends by itself, and it is said that it is not finished
endless=("$tmp/s.yaml" "$tmp/short" --set repeat.min=1M --set repeat.max=1M)
KILL_AFTER=40 KILL_TABLE=$tmp/short/nodes-1-ranks-2/results.csv capture sbatch --nodes=1 --ntasks-per-node=2 "$launch/job.sh" "${endless[@]}"
expect_code 137
for _ in $(seq 50); do
    LEFT=0:03 H5ROOF_MARGIN=2 capture sbatch --nodes=1 --ntasks-per-node=2 "$launch/job.sh" "${endless[@]}"
    [ "$code" -ne 0 ] || break
    sleep 0.2
done
expect_code 0
expect_said '^job.sh: not finished; submit the same again to go on$'
grep -q -- ' --max-time 1s$' "$tmp/launched" || fail "no limit of 1 s"
LEFT=1:59 capture sbatch --nodes=1 --ntasks-per-node=2 "$launch/job.sh" "$tmp/s.yaml" "$tmp/shorter"
expect_code 2
expect_said '^job.sh: 119 s are left, which is less than the margin' stderr
[ ! -e "$tmp/shorter" ] || fail "nothing was to be begun"
while read -r left seconds; do
    : >"$tmp/launched"
    LEFT=$left ONLY_TELL=1 H5ROOF_MARGIN=0 capture sbatch --nodes=3 --ntasks-per-node=5 "$launch/job.sh" "$tmp/s.yaml" "$tmp/none"
    expect_code 0
    grep -q "^srun --nodes=3 --ntasks=15 .*nodes-3-ranks-15 --resume${seconds:+ --max-time ${seconds}s}$" "$tmp/launched" ||
        fail "$left: $(cat "$tmp/launched")"
done <<'END'
1-02:03:04 93784
08:09:10 29350
59:08 3548
42 42
UNLIMITED
INVALID
END
capture "$launch/job.sh" "$tmp/s.yaml"
expect_code 2

# ---- PBS: arguments are variables, the directory is that of qsub
(cd "$tmp/here" && cp "$tmp/s.yaml" .)
capture qsub -l select=1:ncpus=2:mpiprocs=2 -v "H5ROOF_SUITE=s.yaml,H5ROOF_OUT=pbs,H5ROOF_OPTIONS=--only own" "$launch/job.sh"
expect_code 0
grep -q "^mpirun -n 2 $H5ROOF run s.yaml --out pbs/nodes-1-ranks-2 --resume --only own --max-time 2880s$" "$tmp/launched" ||
    fail "launched: $(cat "$tmp/launched")"
[ "$("$H5ROOF" show "$tmp/here/pbs/nodes-1-ranks-2" --format csv | count_rows - status=ok)" -eq 2 ] || fail "no results of the job of PBS"

# ---- the loop: a size that fails does not keep the others from running, and is told
mkdir "$tmp/loop"
cp -r "$out/nodes-1-ranks-2" "$tmp/loop/nodes-2-ranks-2" # of another suite, because of its seed
H5ROOF_LAUNCH="mpirun -n {ranks}" capture "$launch/nodes.sh" "$tmp/s.yaml" "$tmp/loop" "1 2 4" --only strong
expect_code 2
expect_said '^nodes.sh: 2 nodes ended with exit code 2$' stderr
for n in 1 4; do
    "$H5ROOF" show "$tmp/loop/nodes-$n-ranks-$n" --quiet | grep -q '^strong ' || fail "no results on $n nodes"
done
capture "$launch/nodes.sh" "$tmp/s.yaml" "$tmp/loop" "1 two"
expect_code 2
: >"$tmp/launched"
ONLY_TELL=1 H5ROOF_PER_NODE=3 H5ROOF_LAUNCH="srun {nodes} {per_node} {ranks}" capture "$launch/nodes.sh" "$tmp/s.yaml" "$tmp/none" "2 4"
cut -d ' ' -f 1-4 "$tmp/launched" | diff -u - <(printf 'srun 2 3 6\nsrun 4 3 12\n') || fail "launched: $(cat "$tmp/launched")"

# ---- one report of several jobs
python=$(python_with json) || skip "$python"
collect()
{
    capture "$python" "$H5ROOF_SOURCE/scripts/collect.py" "$@"
}
collect "$out" --out "$tmp/report"
expect_code 0
"$python" "$H5ROOF_SOURCE/tests/mpi/launched.py" "$out" "$tmp/report/scaling.csv" || fail "the report does not agree with the results"
for operation in write read; do
    [ "$(grep -c "^| [a-z]* | $operation | .* |$" "$tmp/report/scaling.md")" -eq 6 ] || complain "not two sizes of three cases"
done
if python_with pandas matplotlib >/dev/null; then
    PYTHON=$(python_with pandas matplotlib)
    capture "$PYTHON" "$H5ROOF_SOURCE/scripts/collect.py" "$out/nodes-1-ranks-2" "$dir" --out "$tmp/pictures"
    expect_code 0
    grep -q 'Strong scaling' "$tmp/pictures/scaling-1.svg" || complain "no picture of strong scaling"
    grep -q 'Weak scaling' "$tmp/pictures/scaling-2.svg" || complain "no picture of weak scaling"
fi
# an unfinished job and one of another machine are named
collect "$tmp/short" "$dir" --out "$tmp/unfinished"
expect_code 0
expect_said '^- Unfinished in .*short/nodes-1-ranks-2: own, strong, weak\.$'
sed -i 's/"cpu_model": "[^"]*"/"cpu_model": "another"/' "$tmp/short/nodes-1-ranks-2/env.json"
collect "$tmp/short" "$dir" --out "$tmp/unfinished"
expect_said '^- The jobs differ, so their times may not belong together: nodes.0.cpu_model: '
# what makes no curve is refused
collect "$out/nodes-1-ranks-2" --out "$tmp/none"
expect_code 4
expect_said 'no case was measured with several numbers of ranks; jobs of ranks: 2$' stderr
cp -r "$dir" "$tmp/again"
collect "$out" "$tmp/again" --out "$tmp/none"
expect_code 4
expect_said 'are both of 4 ranks on 1 nodes; name one of them$' stderr
collect "$tmp/scratch"
expect_code 4
expect_said 'no results.csv in it or right below it$' stderr
