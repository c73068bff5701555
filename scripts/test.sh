#!/usr/bin/env bash
# All tests: set-up, lint, and the suites of the release, sanitizer and clang builds. Ends with "N passed, N failed".
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage()
{
    cat <<'END'
Usage: scripts/test.sh [--quick | --all]

Installs what is missing, runs scripts/dev/lint.sh, builds the presets release, asan and clang with warnings as errors, and
runs their tests: all of release that are not long, unit, fuzz and a few of mpi of asan, unit of clang.
  --quick   only lint and release
  --all     the long tests too, all of mpi and cli of asan, mpi of clang, scripts/dev/fuzz.sh, a minute for each target,
            a hundred trials of scripts/dev/survive.py, and scripts/dev/anywhere.sh
The last line counts: "N passed, N failed, N skipped"; the exit code is 0 when nothing failed.
END
}

quick=no
all=no
for arg in "$@"; do
    case $arg in
    --quick) quick=yes ;;
    --all) all=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) die "unknown argument '$arg'; see --help" ;;
    esac
done

budget_s=4800 # of wall time for everything; what is not done by then has failed
passed=0
failed=0
skipped=0
failures=()

# count NAME PASSED FAILED SKIPPED
count()
{
    passed=$((passed + $2))
    failed=$((failed + $3))
    skipped=$((skipped + $4))
    if [ "$3" -gt 0 ]; then
        failures+=("$1")
    fi
    say "$1: $2 passed, $3 failed, $4 skipped (${SECONDS} s since start)"
}

run_lint()
{
    local text
    say "lint"
    text=$("$root/scripts/dev/lint.sh" 2>&1) || true
    if [[ $text =~ lint:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped ]]; then
        [ "${BASH_REMATCH[2]}" -eq 0 ] || printf '%s\n' "$text"
        count lint "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
    else
        printf '%s\n' "$text"
        count lint 0 1 0
    fi
}

# run_ctest PRESET LABELS: counts the line that ctest prints for each test; LABELS is a regular expression, empty for all.
# Long ones only with --all.
run_ctest()
{
    local preset=$1 labels=$2 log="$root/build/$1-ctest.log" left=$((budget_s - SECONDS)) status=0 select=() without=() n ok skip bad
    say "test ($preset${labels:+: $labels})"
    if [ "$left" -le 0 ]; then
        echo "no time left"
        count "$preset" 0 1 0
        return
    fi
    if [ -n "$labels" ]; then
        select=(-L "$labels")
        without=(once)
    fi
    if [ "$all" = no ]; then
        without+=(long)
    fi
    if [ "${#without[@]}" -gt 0 ]; then
        select+=(-LE "^($(tr ' ' '|' <<<"${without[*]}"))\$")
    fi
    set +e
    (cd "$root/build/$preset" &&
        timeout --kill-after=10 "$left" ctest --output-on-failure --no-tests=error -j "$(nproc)" "${select[@]}") \
        2>&1 | tee "$log" | grep -vE '^ +Start +[0-9]+:|^Test project|^$'
    status=${PIPESTATUS[0]}
    set -e
    n=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: ' "$log") || true
    ok=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .*[. ]Passed +[0-9.]+ sec' "$log") || true
    skip=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .*\*\*\*(Skipped|Not Run \(Disabled\))' "$log") || true
    bad=$((n - ok - skip))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1 # ctest itself ended early, or found no tests
    fi
    count "$preset" "$ok" "$bad" "$skip"
}

# test_preset PRESET LABELS
test_preset()
{
    if build_preset "$1" all -DH5R_TESTS=ON; then
        run_ctest "$1" "$2"
    else
        count "$1 build" 0 1 0
    fi
}

# run_script NAME [ARGUMENT...]: scripts/dev/NAME, which counts as one test
run_script()
{
    local status=0
    say "$1"
    "$root/scripts/dev/$1" "${@:2}" || status=$?
    case $status in
    0) count "$1" 1 0 0 ;;
    77) count "$1" 0 0 1 ;;
    *) count "$1" 0 1 0 ;;
    esac
}

"$root/scripts/setup.sh" --tests
run_lint
test_preset release ''
if [ "$quick" = no ]; then
    if [ "$all" = yes ]; then
        test_preset asan '^(unit|fuzz|mpi|cli)$'
        test_preset clang '^(unit|mpi)$'
        run_script fuzz.sh 60
        run_script survive.py --kills 50 --faults 50
        run_script anywhere.sh
    else
        test_preset asan '^(unit|fuzz|sanitized)$'
        test_preset clang '^unit$'
    fi
fi

if [ "$failed" -gt 0 ]; then
    printf 'failed: %s\n' "${failures[*]}"
fi
summary="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then
    summary+=", $skipped skipped"
fi
echo "$summary"
[ "$failed" -eq 0 ]
