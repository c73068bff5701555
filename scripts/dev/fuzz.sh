#!/usr/bin/env bash
# Fuzz what reads files that others wrote: suites and results.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

usage()
{
    cat <<'END'
Usage: scripts/dev/fuzz.sh [SECONDS [TARGET...]]

Builds tests/fuzz/fuzz_TARGET.c with clang's libFuzzer, AddressSanitizer and UBSan, and runs the targets side by side for so
many seconds each (default: 60 s, all targets). They start from tests/fuzz/corpus/TARGET and what earlier runs left in
build/fuzz/corpus/TARGET. An input that crashes, leaks, hangs, or breaks a property is left in build/fuzz/found.
The last line counts executions and findings; exit code 1 when there were any, 77 where clang has no libFuzzer.
END
}

# seeds TARGET: what it starts from
seeds()
{
    echo "$root/tests/fuzz/corpus/$1"
    case $1 in
    suite) printf '%s\n' "$root/configs" "$root/tests/unit/suites" ;;
    csv | env) echo "$root/tests/cli/data/small" ;;
    esac
}

has_libfuzzer()
{
    command -v clang >/dev/null &&
        echo 'int LLVMFuzzerTestOneInput(const char *s, unsigned long n) { return s && n ? 0 : 0; }' |
        clang -x c -fsanitize=fuzzer,address,undefined -o /dev/null - 2>/dev/null
}

# fuzz TARGET: in the background; its log is build/fuzz/TARGET.log
fuzz()
{
    local grown=$root/build/fuzz/corpus/$1 from
    mapfile -t from < <(seeds "$1")
    mkdir -p "$grown"
    LSAN_OPTIONS="suppressions=$root/tests/fuzz/lsan.supp:print_suppressions=0" \
        nice "$root/build/fuzz/tests/fuzz_$1" -max_total_time="$seconds" -max_len="$([ "$1" = compare ] && echo 65536 || echo 4096)" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -dict="$root/tests/fuzz/$1.dict" -artifact_prefix="$root/build/fuzz/found/$1-" \
        "$grown" "${from[@]}" >"$root/build/fuzz/$1.log" 2>&1
}

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
esac
seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "'$seconds' is no number of seconds; see --help"
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(suite set csv compare env)
for target in "${targets[@]}"; do
    [ -e "$root/tests/fuzz/fuzz_$target.c" ] || die "no target '$target'; see --help"
done

if ! has_libfuzzer; then
    echo "skipped: clang with libFuzzer is missing; scripts/setup.sh --tests installs it where apt is there"
    exit 77
fi
build_preset fuzz "${targets[*]/#/fuzz_}"
say "fuzz for $seconds s: ${targets[*]}"
rm -rf "$root/build/fuzz/found"
mkdir -p "$root/build/fuzz/found"
pids=()
for target in "${targets[@]}"; do
    fuzz "$target" &
    pids+=($!)
done
trap 'kill "${pids[@]}" 2>/dev/null' EXIT

executed=0
findings=0
for i in "${!targets[@]}"; do
    target=${targets[$i]} status=0
    wait "${pids[$i]}" || status=$?
    log=$root/build/fuzz/$target.log
    n=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    executed=$((executed + ${n:-0}))
    covered=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1 | cut -d ' ' -f 2) || true
    echo "$target: ${n:-0} executions, ${covered:-0} edges covered, $(find "$root/build/fuzz/corpus/$target" -type f | wc -l) inputs kept"
    if [ "$status" -ne 0 ]; then
        findings=$((findings + 1))
        tail -n 40 "$log"
    fi
done
trap - EXIT
echo "fuzz: $executed executions, $findings findings"
[ "$findings" -eq 0 ]
