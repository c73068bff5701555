#!/usr/bin/env bash
# What the tool itself costs: its timed calls of HDF5 against bare C, the speed of its data, the time of a plan, its memory.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

usage()
{
    cat <<'END'
Usage: scripts/dev/selfbench.sh [--out FILE] [--quick] [--pairs N] [--only NAME] [--build DIR]

Measures what h5roof itself costs and prints a table "what | measured | bound | verdict". A verdict is no failure: the
exit code is 0 unless something cannot run. Takes six minutes with 11 pairs; the machine should have nothing else to do.
  --out FILE    write the table there, too, as Markdown
  --quick       one pair and small sizes: shows that everything runs, the numbers mean little
  --pairs N     pairs of runs, h5roof and bare C, for the ratios of timed calls (default: 11)
  --only NAME   nothing but the timed calls of this loop, or of those that match a pattern, as slab-*; the names are those
                that the table begins with
  --build DIR   use the programs of this build; without it build/release is made

Environment:
  MPIRUN         launcher with its options, instead of the one found
  SELFBENCH_DIR  where data files go (default: /dev/shm, or where there is none the temporary directory)
END
}

out=
quick=no
pairs=
build=
only=
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    --out | --pairs | --only | --build)
        [ $# -ge 2 ] || die "$1 needs a value; see --help"
        case $1 in
        --out) out=$2 ;;
        --pairs) pairs=$2 ;;
        --only) only=$2 ;;
        --build) build=$2 ;;
        esac
        shift
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) die "unknown argument '$1'; see --help" ;;
    esac
    shift
done
if [ "$quick" = yes ]; then
    pairs=${pairs:-1} repetitions=1 scale=20 mib=2 sweep=10 many=4 plans=1
else
    pairs=${pairs:-11} repetitions=10 scale=1 mib=64 sweep=50 many=16 plans=5
fi
[[ $pairs =~ ^[1-9][0-9]*$ ]] || die "--pairs '$pairs' is not a number"

# ---- programs
if [ -z "$build" ]; then
    build_preset release "h5roof bare_loop fill_speed memory_watch"
    build=$root/build/release
fi
h5roof=$build/h5roof
for program in "$h5roof" "$build"/tests/{bare_loop,fill_speed,memory_watch}; do
    [ -x "$program" ] || die "no program $program"
done
allow_root
read -r -a launch <<<"${MPIRUN:-$(sed -n 's/^H5R_MPIRUN:[^=]*=//p' "$build/CMakeCache.txt")}"
if [ "${#launch[@]}" -eq 0 ] || [[ ${launch[0]} == *NOTFOUND ]]; then
    die "no launcher of this MPI was found; set MPIRUN"
fi
export OMPI_MCA_rmaps_base_oversubscribe=1 # the runs for memory have more ranks than a small machine has cores

scratch=${SELFBENCH_DIR:-/dev/shm}
if [ ! -w "$scratch" ]; then
    scratch=${TMPDIR:-/tmp}
fi
work=$(mktemp -d)
data=$(mktemp -d "$scratch/selfbench.XXXXXX")
trap 'rm -rf "$work" "$data"' EXIT

# run LOG COMMAND...: silently; when it fails, with its output, that is the end.
run()
{
    local log=$1
    shift
    if ! "$@" >"$log" 2>"$log.err"; then
        cat "$log" "$log.err" >&2
        die "failed: $*"
    fi
}

rows=()

# row WHAT MEASURED BOUND TEST [DOUBT]: TEST and DOUBT are expressions of awk. A bound that begins with "none" is not judged.
row()
{
    local verdict
    verdict=$(awk "BEGIN { print (${5:-0}) ? \"unclear: noise, or too few pairs\" : ($4) ? \"within\" : \"NOT within\" }")
    [[ $3 != none* ]] || verdict="not judged"
    rows+=("$1|$2|$3|$verdict")
}

# ---- 1. the timed calls: name | workload and factors, for h5roof and its twin alike | operation:phase+phase...
s=$scale
loops=(
    "slab-sec2|slab driver=sec2 access=element shape=100x$((1000 / s))|write:write read:read"
    "slab-independent|slab driver=mpio mode=independent access=element shape=40x$((1000 / s))|write:write read:read"
    "slab-collective|slab driver=mpio mode=collective access=element shape=8x$((1000 / s))|write:write read:read"
    "slab-files|slab driver=sec2 file_count=$((1000 / s)) shape=2x8|write:create+write+flush+close read:open+read+close"
    "update|update driver=sec2 access=element data=random shape=40x$((1000 / s))|update:write"
    "tile|tile driver=sec2 layout=chunked chunk=16x16 chunk_cache=8KiB tile=4x4 order=random shape=64x$((3200 / s))|write:write read:read"
    "select-points|select driver=sec2 selection=points one_in=2 shape=1000x$((1000 / s))|read:select read:read write_selected:write"
    "select-union|select driver=sec2 selection=mask mask_as=union shape=200x$((1000 / s))|read:select write_selected:select"
    "convert|convert driver=sec2 file_dtype=f32 conversion_buffer=4KiB access=row shape=$((20000 / s))x16|write:write read:read"
    "allocate|allocate driver=sec2 access=element shape=100x$((1000 / s))|create:create+flush+close scan:read"
    "resize|resize driver=sec2 layout=chunked chunk=16x16 append=1 shape=$((4000 / s))x16|append:write"
    "filter|filter driver=sec2 layout=chunked chunk=1x64 filter=deflate:1 access=row shape=$((2000 / s))x64|write:write+flush read:read"
    "filter-direct|filter driver=sec2 layout=chunked chunk=1x64 filter=deflate:1 write_by=direct shape=$((4000 / s))x64|write:write"
    "metadata|metadata driver=sec2 tree=stations objects=$((4000 / s)) attributes=1 shape=2x1|create:create open:read iterate:read delete:change"
    "open|open driver=sec2 opens=$((1000 / s)) shape=2x1|create:create+flush+close existing:open"
    "particles|particles driver=sec2 access=row steps=$((100 / s)) shape=8x16|write:create write:write read:open read:read"
    "records|records driver=sec2 access=row record=field conversion_buffer=4KiB shape=$((4000 / s))x4|write:write read:read read_field:read"
    "types|types driver=sec2 element=vlen access=row shape=$((20000 / s))x16|write:write read:read"
    "pieces|pieces driver=mpio mode=independent pieces=$((10000 / s)) shape=$((60000 / s))x4|write:write read:read"
)

if [ -n "$only" ]; then
    for i in "${!loops[@]}"; do
        # shellcheck disable=SC2053 # a pattern it is
        [[ ${loops[i]%%|*} == $only ]] || unset 'loops[i]'
    done
    [ "${#loops[@]}" -gt 0 ] || die "--only '$only' matches no loop"
fi

# run_h5roof PAIR NAME "WORKLOAD FACTOR=VALUE...", run_bare likewise: leaves the results in pair.PAIR.NAME.{h5roof,bare}. A
# process of its own for each, since what HDF5 did before decides where its lists of points lie in memory.
run_h5roof()
{
    local words
    read -r -a words <<<"workload=$3"
    {
        echo "{suite: selfbench, repeat: {warmup: 1, min: $repetitions, max: $repetitions}, defaults: {max_ops: 0},"
        printf ' cases: [{name: %s' "$2"
        printf ', %s' "${words[@]/=/: }"
        echo "}]}"
    } >"$work/loop.yaml"
    run "$work/run.log" "${launch[@]}" -n 2 "$h5roof" run "$work/loop.yaml" --scratch "$data" --out "$work/results"
    mv "$work/results/results.csv" "$work/pair.$1.$2.h5roof"
    rm -rf "$work/results"
}

run_bare()
{
    local words
    read -r -a words <<<"$3"
    run "$work/pair.$1.$2.bare" "${launch[@]}" -n 2 "$build/tests/bare_loop" "${words[@]}" "$repetitions" "$data"
}

# fastest FILE OPERATION PHASES: seconds in the phases of the fastest repetition; of h5roof with what was counted. Both
# sides have as many repetitions, and what makes one slower is not the loop.
fastest()
{
    awk -F, -v operation="$2" -v phases="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(phases, phase, "+"); next }
        $at["warmup"] == "false" && $at["status"] == "ok" && $at["operation"] == operation {
            s = 0
            for (i = 1; i <= n; i++) s += $at[phase[i] "_max_s"]
            if (!seen++ || s < best) best = s
            if ("calls_count" in at)
                count = $at["calls_count"] > 0 ? $at["calls_count"] " calls" : $at["objects_count"] " objects"
        }
        END { if (seen) print best, count }' "$1"
}

# ratio_of NAME OPERATION PHASES: the median of the ratios, its 95 % order-statistic interval (all of them below 6), both
# times in ms, and what h5roof counted.
ratio_of()
{
    local i
    for ((i = 0; i < pairs; i++)); do
        echo "$(fastest "$work/pair.$i.$1.bare" "$2" "$3") $(fastest "$work/pair.$i.$1.h5roof" "$2" "$3")"
    done | awk 'NF == 4 && $1 > 0 { print $2 / $1, $2, $1, $3, $4 }' | sort -g >"$work/ratios"
    [ "$(wc -l <"$work/ratios")" -eq "$pairs" ] || die "no times of $*"
    awk '
        function choose(n, k, i, c) { c = 1; for (i = 1; i <= k; i++) c *= (n - k + i) / i; return c }
        { ratio[NR] = $1; if (NR == 1 || $2 < a) a = $2; if (NR == 1 || $3 < b) b = $3 }
        END {
            low = 1
            tail = 0.5 ^ NR
            while (NR >= 6 && (more = tail + choose(NR, low) * 0.5 ^ NR) <= 0.025 && low < NR / 2) { tail = more; low++ }
            middle = (ratio[int((NR + 1) / 2)] + ratio[int((NR + 2) / 2)]) / 2
            printf "%.4f %.3f %.3f %.3f %.3f %s %s\n", middle, ratio[low], ratio[NR + 1 - low], 1e3 * a, 1e3 * b, $4, $5
        }' "$work/ratios"
}

# row_of_ratio NAME OPERATION PHASES
row_of_ratio()
{
    local title="$2 ($3)" bound="<= 1.03" ratio low high own bare count doubt
    [ "$2" != "$3" ] || title=$2
    read -r ratio low high own bare count <<<"$(ratio_of "$@")"
    doubt="$pairs < 6 || ($low <= 1.03 && $high > 1.03 && $high - $low > 0.06)"
    if awk "BEGIN { exit !($bare < 0.5) }" && [ "$quick" = no ]; then
        # A single call, as that which creates a file: it takes twice as long when something else came between it and the
        # one before, whoever makes it, and between the repetitions h5roof verifies and writes its results.
        bound="none, below 0.5 ms: what is in the caches decides"
    fi
    row "$1, $title: h5roof / bare C" \
        "$(printf '%.3f (%s to %s; best: %s and %s ms, %s)' "$ratio" "$low" "$high" "$own" "$bare" "$count")" \
        "$bound" "$ratio <= 1.03" "$doubt"
}

measure_loops()
{
    local i loop name factors timed timing
    say "timed calls against bare C, $pairs pairs"
    for ((i = 0; i < pairs; i++)); do
        for loop in "${loops[@]}"; do
            IFS='|' read -r name factors timed <<<"$loop"
            # the order changes from pair to pair, so that a drift hits both alike
            if ((i % 2 == 0)); then run_h5roof "$i" "$name" "$factors"; fi
            run_bare "$i" "$name" "$factors"
            if ((i % 2 == 1)); then run_h5roof "$i" "$name" "$factors"; fi
        done
    done
    for loop in "${loops[@]}"; do
        IFS='|' read -r name factors timed <<<"$loop"
        for timing in $timed; do
            row_of_ratio "$name" "${timing%:*}" "${timing#*:}"
        done
    done
}

# ---- 2. the data
measure_data()
{
    local column what slowest value f64 short short_value
    say "data"
    run "$work/fill" "$build/tests/fill_speed" "$mib"
    for column in 3 4; do
        what=$([ "$column" = 3 ] && echo fill || echo verify)
        read -r slowest value <<<"$(awk -v c="$column" '$1 !~ /^i(8|16)$/ { print $1 "," $2, $c }' "$work/fill" | sort -g -k 2 | head -n 1)"
        read -r short short_value <<<"$(awk -v c="$column" '$1 ~ /^i(8|16)$/ { print $1 "," $2, $c }' "$work/fill" | sort -g -k 2 | head -n 1)"
        f64=$(awk -v c="$column" '$1 == "f64" { print $c }' "$work/fill" | sort -g | head -n 1)
        row "$what, one core: f64, slowest kind" "$f64 GiB/s" ">= 2 GiB/s" "$f64 >= 2"
        row "$what, one core: slowest of 4- and 8-byte types" "$value GiB/s (${slowest/,/ })" ">= 2 GiB/s" "$value >= 2"
        row "$what, one core: slowest of 1- and 2-byte types" "$short_value GiB/s (${short/,/ })" ">= 2 GiB/s" "$short_value >= 2"
    done
}

# ---- 3. a plan
measure_plan()
{
    local i start seconds cases=$((sweep * 200))
    say "plan"
    {
        echo "{suite: sweep, defaults: {workload: slab, shape: [1024, 1024], driver: mpio}, cases: [{name: all, sweep: {"
        echo "  access: [$(seq -s ', ' -f '%gKiB' 1 "$sweep")], chunk_cache: [$(seq -s ', ' -f '%gMiB' 1 20)],"
        echo "  dtype: [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64]}}]}"
    } >"$work/sweep.yaml"
    for ((i = 0; i < plans; i++)); do
        start=${EPOCHREALTIME/,/.}
        run "$work/plan" "$h5roof" plan "$work/sweep.yaml" --ranks 2
        awk "BEGIN { printf \"%.3f\n\", ${EPOCHREALTIME/,/.} - $start }" >>"$work/plan.times"
    done
    grep -q "$cases cases" "$work/plan" || die "the plan does not have $cases cases"
    seconds=$(sort -g "$work/plan.times" | sed -n "$(((plans + 1) / 2))p")
    row "plan of $cases cases" "$seconds s" "<= 1 s" "$seconds <= 1"
}

# ---- 4. memory
buffer_kib=8192 # of each of the two buffers of a rank

# memory RANKS CASE...: runs these cases; sets extra_mib and total_mib (anonymous memory of the hungriest rank beyond its buffers, VmRSS of
# the largest) and others_mib (anonymous memory of the median rank).
memory()
{
    local ranks=$1 file=$work/memory
    shift
    rm -f "$file"
    {
        echo "{suite: memory, repeat: {warmup: 0, min: 2, max: 2}, defaults: {workload: slab, dtype: f64,"
        echo " driver: mpio, mode: collective, shape: [$((ranks * 1024)), 1024]}, cases: [$(printf '%s, ' "$@")]}"
    } >"$work/memory.yaml"
    run "$work/run.log" "${launch[@]}" -n "$ranks" "$build/tests/memory_watch" "$file" "$h5roof" run "$work/memory.yaml" \
        --scratch "$data" --out "$work/results"
    rm -rf "$work/results"
    [ "$(wc -l <"$file")" -eq "$ranks" ] || die "not every rank's memory was seen"
    read -r extra_mib total_mib others_mib <<<"$(sort -g "$file" | awk -v buffers="$((2 * buffer_kib))" '
        { a[NR] = $1; if ($2 > rss) rss = $2 }
        END { printf "%.1f %.1f %.1f\n", (a[NR] - buffers) / 1024, rss / 1024, (a[int((NR + 1) / 2)] - buffers) / 1024 }')"
}

measure_memory()
{
    local ranks text collective=("{name: contiguous}" "{name: chunked, layout: chunked, chunk: [64, 64]}")
    say "memory"
    for ranks in 2 "$many"; do
        memory "$ranks" "{name: sec2, driver: sec2}" "{name: independent, mode: independent}"
        text="$extra_mib MiB anonymous (VmRSS $total_mib)"
        row "memory beyond the 2 x 8 MiB of buffers, $ranks ranks: sec2, mpio independent" "$text" "<= 32 MiB" "$extra_mib <= 32"
        memory "$ranks" "${collective[@]}"
        text="$extra_mib MiB anonymous (VmRSS $total_mib; median rank: $others_mib)"
        row "memory beyond the 2 x 8 MiB of buffers, $ranks ranks: mpio collective" "$text" "<= 32 MiB" "$extra_mib <= 32"
        if [ "$ranks" -gt 2 ]; then
            # Ranks that aggregate hold what Open MPI takes for it, 32 MiB at a time and more than one of them.
            OMPI_MCA_io_ompio_bytes_per_agg=4194304 memory "$ranks" "${collective[@]}"
            text="$extra_mib MiB anonymous (VmRSS $total_mib; median rank: $others_mib)"
            row "the same with 4 MiB for Open MPI's aggregation" "$text" "<= 32 MiB" "$extra_mib <= 32"
        fi
    done
}

machine()
{
    local cpu version
    cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
    version=$("$h5roof" --version | paste -s -d ' ')
    echo "${cpu:-$(uname -m)}, $(nproc) cores, $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)," \
        "Linux $(uname -r), data on $(stat -f -c %T "$scratch"); load $(cut -d ' ' -f 1 /proc/loadavg) at the start; $version"
}

markdown()
{
    local r
    printf '%s\n\n| what | measured | bound | verdict |\n|---|---|---|---|\n' "$(cat "$work/machine")"
    for r in "${rows[@]}"; do
        printf '| %s |\n' "${r//|/ | }"
    done
}

machine >"$work/machine"
measure_loops
if [ -z "$only" ]; then
    measure_data
    measure_plan
    measure_memory
fi

printf '\n%s\n\n' "$(cat "$work/machine")"
{
    echo "what|measured|bound|verdict"
    printf '%s\n' "${rows[@]}"
} | awk -F '|' '{ for (i = 1; i <= 4; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
    END { for (n = 1; n <= NR; n++) {
        for (i = 1; i <= 4; i++) printf "%s%-*s", (i > 1 ? " | " : ""), (i < 4 ? width[i] : 0), cell[n, i]
        print "" } }'
if [ -n "$out" ]; then
    markdown >"$out"
fi
