#!/usr/bin/env bash
# The rules of CONTRIBUTING.md that a machine can check, over all files that are or could be committed.
# lint.sh [CHECK...]: only these checks, by their names below.
# Ends with "lint: N passed, N failed, N skipped"; exit code 1 when a check failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if git rev-parse --git-dir >/dev/null 2>&1; then
    mapfile -t listed < <(git ls-files -co --exclude-standard)
else
    mapfile -t listed < <(find . -path './build*' -prune -o -path ./results -prune -o -type f -printf '%P\n')
fi
files=()
for file in "${listed[@]}"; do
    if [ -f "$file" ]; then # a file may be deleted and not yet committed
        files+=("$file")
    fi
done

# matching REGEX: the listed files whose path matches it, one a line.
matching()
{
    printf '%s\n' "${files[@]}" | grep -E "$1" || true
}

mapfile -t c_files < <(matching '\.[ch]$')
mapfile -t headers < <(matching '\.h$')
mapfile -t shell_files < <(matching '^scripts/.*\.sh$|^tests/.*\.sh$|^\.ci/run$')
mapfile -t python_files < <(matching '\.py$')

# C without comments and string contents, as "FILE:LINE:text".
code()
{
    [ $# -gt 0 ] || return 0
    awk '
    FNR == 1 { inside = 0 }
    {
        line = $0
        out = ""
        while (line != "") {
            if (inside) {
                end = index(line, "*/")
                if (end == 0) break
                line = substr(line, end + 2)
                inside = 0
            } else if (match(line, /\/\*|\/\/|"|\047/)) {
                out = out substr(line, 1, RSTART - 1)
                token = substr(line, RSTART, RLENGTH)
                line = substr(line, RSTART + RLENGTH)
                if (token == "//") break
                if (token == "/*") inside = 1
                else if (match(line, token == "\"" ? "^([^\"\\\\]|\\\\.)*\"" : "^([^\047\\\\]|\\\\.)*\047")) {
                    out = out token token
                    line = substr(line, RSTART + RLENGTH)
                }
            } else {
                out = out line
                line = ""
            }
        }
        print FILENAME ":" FNR ":" out
    }' "$@"
}

# includes PATH-REGEX: the #include lines of those files.
includes()
{
    local chosen
    mapfile -t chosen < <(matching "$1")
    [ "${#chosen[@]}" -eq 0 ] || grep -HnE '^ *# *include' "${chosen[@]}" || true
}

# refuse: what comes in on stdin are findings, each with a reason in front of which they are printed; fails when there are any.
refuse()
{
    local found=0 line
    while IFS= read -r line; do
        if [ -n "$line" ]; then
            printf '%s: %s\n' "$line" "$1"
            found=1
        fi
    done
    return "$found"
}

check_format()
{
    command -v "${CLANG_FORMAT:-clang-format}" >/dev/null || return 77
    [ "${#c_files[@]}" -gt 0 ] || return 0
    { "${CLANG_FORMAT:-clang-format}" --dry-run -Werror "${c_files[@]}" 2>&1 || true; } |
        { grep -oE '^[^:]+:[0-9]+:[0-9]+: error' || true; } | sort -t: -k1,1 -u | sed 's/:[0-9]*: error$//' |
        refuse "first line that clang-format -i would change"
}

check_banned_functions()
{
    code "${c_files[@]}" |
        { grep -E '\b(atoi|atol|atoll|atof|sprintf|vsprintf|strcpy|strcat|strtok|gets|gettimeofday) *\(' || true; } |
        refuse "banned function"
}

# There is one way to say that memory could not be had, with one exit code: h5r_no_memory().
check_memory_errors()
{
    grep -nE '"[^"]*\b([Nn]o|[Oo]ut of|not enough|insufficient) memory\b' "${c_files[@]}" |
        { grep -vE '^(src/core/base/error\.c|src/cli/doc/glossary\.c|tests/)' || true; } |
        refuse "another wording of h5r_no_memory"
}

check_assert_side_effects()
{
    code "${c_files[@]}" |
        { grep -E '\bassert *\(.*(\+\+|--|[^=!<>]=[^=])' || true; } |
        refuse "assert with a side effect"
}

# All that is printed goes through src/cli/say.c, which shows what a terminal would obey: nothing else knows stdout, stderr and their
# descriptors, or calls what prints to them unasked. Lines of src/cli with texts of others are made by cli_say(). Only main exits.
# A line that needs an exception says so: /* lint: allow-print */ or /* lint: allow-exit */.
check_printing()
{
    local chosen file number ok=0
    mapfile -t chosen < <(matching '^(src|bench|include)/.*\.[ch]$' | grep -v '^src/cli/say\.c$')
    code "${chosen[@]}" |
        { grep -E '\b(v?printf|puts|putchar|putchar_unlocked|perror|psignal|psiginfo|v?dprintf) *\(|<(err|error|syslog)\.h>|\b(stdout|stderr)\b|\bSTD(OUT|ERR)_FILENO\b|\bp?writev? *\( *[12] *,|\bfdopen *\( *[012] *,|/dev/(std|tty)' ||
            true; } | { grep -vE '\bisatty *\( *STDERR_FILENO *\)' || true; } |
        while IFS=: read -r file number line; do
            sed -n "${number}p" "$file" | grep -qE 'lint: allow-print' || echo "$file:$number:$line"
        done |
        refuse "only src/cli/say.c prints" || ok=1
    mapfile -t chosen < <(matching '^(src/(core|engine)|bench|include)/.*\.[ch]$')
    code "${chosen[@]}" | { grep -E '\b(exit|_exit|_Exit|quick_exit|abort) *\(' || true; } |
        while IFS=: read -r file number line; do
            sed -n "${number}p" "$file" | grep -qE 'lint: allow-exit' || echo "$file:$number:$line"
        done |
        refuse "only src/cli exits" || ok=1
    return "$ok"
}

# The room of a path of a source or of an include, as the table of CONTRIBUTING.md calls it.
room_of()
{
    local path=${1#src/}
    path=${path#include/}
    case $path in
    */*/*) echo "${path%/*}" ;;
    bench/*) echo "bench/${path#bench/}" | sed 's/[.][^.]*$//' ;;
    */*) echo "${path%%/*}" ;;
    *) echo "$path" ;;
    esac
}

# Which room may include from which is the table of CONTRIBUTING.md, whose rows are: | `room` | `room`, `room` |
check_layers()
{
    local ok=0 row file line include from to pattern allowed
    declare -A may=()
    while IFS= read -r row; do
        may[$(cut -d'`' -f2 <<<"$row")]=$(cut -d'|' -f3 <<<"$row" | tr -d '`,')
    done < <(sed -n '/^| room | may use |/,/^$/p' CONTRIBUTING.md | grep '^| `')
    [ "${#may[@]}" -gt 10 ] || { echo "CONTRIBUTING.md: the table of rooms is not found"; return 1; }
    while IFS=: read -r file line include; do
        include=$(cut -d'"' -f2 <<<"$include")
        from=$(room_of "$file")
        to=$(room_of "$include")
        case $from:$include in
        h5roof:h5roof/* | h5roof:bench/*.def) continue ;;
        h5roof:*) echo "$file:$line: include/ stands alone"; ok=1; continue ;;
        *:*/*) ;;
        *:h5roof_build.h) continue ;;
        *) echo "$file:$line: written with its folder: \"core/base/x.h\""; ok=1; continue ;;
        esac
        case $from in bench/* | cli/*) pattern="${from%%/*}/*" ;; *) pattern=$from ;; esac
        [ -n "${may[$pattern]+known}" ] || { echo "$file: its room is not in the table of CONTRIBUTING.md"; ok=1; continue; }
        allowed="h5roof $from ${may[$pattern]}"
        for pattern in $allowed; do
            # shellcheck disable=SC2254 # core/* is a pattern
            case $to in $pattern) continue 2 ;; esac
        done
        echo "$file:$line: $from may not use $to (CONTRIBUTING.md)"
        ok=1
    done < <(includes '^(src|include|bench)/.*\.([ch]|def)$' | grep -E 'include *"')
    includes '^src/core/|^bench/[^/]*/' | { grep -E '<(mpi|hdf5)\.h>' || true; } | { grep -vE '^bench/([^/]+)/(\1|selected)\.[ch]:' || true; } |
        refuse "core/ and the pure parts of workloads know neither MPI nor HDF5" || ok=1
    includes '^(src|include|bench)/' | { grep -E '"\.\./' || true; } | refuse 'written with its folder: "core/base/x.h"' || ok=1
    return "$ok"
}

# Each room says what belongs there.
check_rooms()
{
    local room ok=0
    while IFS= read -r room; do
        if [ ! -e "$room/README.md" ] || [ "$(wc -l <"$room/README.md")" -gt 10 ]; then
            echo "$room: no README.md of at most ten lines that says what belongs there"
            ok=1
        fi
    done < <(matching '^src/.*\.[ch]$' | sed 's|/[^/]*$||' | sort -u)
    matching '^src/.*\.[ch]$' | sed 's|/[^/]*$||' | sort | uniq -c | awk '$1 > 30 { print $2 ": " $1 " files" }' |
        refuse "a room with more than one purpose?" || ok=1
    return "$ok"
}

# A source has a header of its own name, here or in include/; or it is one of a family that shares one, as cmd_run.c: then it ends
# in what a table of the family lists. A workload ends in its descriptor.
check_headers()
{
    local file name family room ok=0
    while IFS= read -r file; do
        name=$(basename "$file" .c) room=$(dirname "$file")
        family=${name%%_*}
        if [ "$name" = main ] || [ -e "$room/$name.h" ] || [ -e "include/h5roof/$name.h" ] || [[ $file =~ ^bench/([^/]+/)?$name\.c$ ]]; then
            continue
        fi
        if [ "$family" = cmd ] || { [ "$family" != "$name" ] && compgen -G "$room/${family}*.h" >/dev/null; }; then
            continue
        fi
        echo "$file: no header of its name, and it is not one of a family"
        ok=1
    done < <(matching '^(src|bench)/.*\.c$')
    return "$ok"
}

# The names of the operations that workloads have, as a pattern; those that are also a workload's or a phase's name are
# left to the other patterns.
operation_names()
{
    local chosen
    mapfile -t chosen < <(matching '^bench/.*\.c$')
    cat "${chosen[@]}" | tr '\n' ' ' | grep -oE '\{\.name = "[a-z_]+", *\.direction' | cut -d'"' -f2 | sort -u | paste -sd'|'
}

# What an operation does is asked of its direction. Its name and number belong to its workload's file.
check_operations()
{
    local ok=0 names chosen
    names=$(operation_names)
    [[ $names == *"|"* ]] || { echo "bench: no names of operations are found"; return 1; }
    mapfile -t chosen < <(matching '^(src|include)/.*\.[ch]$')
    code "${c_files[@]}" | { grep -E '\bH5R_(WRITES|READS)\b' || true; } | refuse "operations have no numbers outside their workload" || ok=1
    code "${chosen[@]}" |
        { grep -E 'operations *\[ *[0-9]|operation *\[ *([0-9]+ *\] *\.|H5R_WAY_)|\boperation *(==|!=|<|>) *([0-9]|H5R_WAY_)|\(h5r_operation_t\) *[0-9]' || true; } |
        refuse "an operation by its number" || ok=1
    code "${c_files[@]}" | { grep -E 'h5r_(phase_begin|rep_[a-z_]+) *\([^,()]*, *H5R_WAY_' || true; } | refuse "a way is no operation" || ok=1
    { grep -nE "(str(n?case)?n?cmp|strstr) *\\([^;]*operation[^;]*\"($names)\"|(str(n?case)?n?cmp|strstr) *\\([^;]*\"($names)\"[^;]*operation" \
        "${chosen[@]}" || true; } | refuse "an operation by its name" || ok=1
    mapfile -t chosen < <(matching '^src/(core|cli)/.*\.[ch]$')
    { grep -nE "\"($names)\"" "${chosen[@]}" || true; } | { grep -vE 'lint: allow-name|\.only = |, h5r_say_' || true; } |
        refuse "an operation's name; a phase or workload of that name says so: lint: allow-name" || ok=1
    mapfile -t chosen < <(matching '^(python/h5roof/.*|scripts/(plot|report|collect))\.py$')
    { grep -nE "operation[])\"']* *(==|!=|in|not in) *[\"'([{]+[\"']?($names)[\"']|[\"']($names)[\"'] *(==|!=) *[a-z_.]*operation" \
        "${chosen[@]}" || true; } | refuse "an operation by its name" || ok=1
    return "$ok"
}

# What a driver can do is a property in its line of the table; only the functions that set it know it by its name. A case
# may be given one.
check_drivers()
{
    local ok=0 names chosen
    names=$(grep -oE 'X\(H5R_DRIVER_[A-Z0-9]+, "[a-z0-9]+"' include/h5roof/drivers.h | cut -d'"' -f2 | paste -sd'|')
    [[ $names == *"|"* ]] || { echo "include/h5roof/drivers.h: no names of drivers are found"; return 1; }
    mapfile -t chosen < <(matching '^(src|include|bench)/.*\.[ch]$' | grep -vE '^(include/h5roof/drivers\.h|src/engine/store/hdf5_util\.c)$')
    code "${chosen[@]}" | { grep -E 'H5R_DRIVER_[A-Z0-9]+' || true; } |
        { grep -vE 'H5R_DRIVER_(TABLE|COUNT|H)\b|driver = [^=;]*H5R_DRIVER' || true; } | refuse "a driver by its enumerator" || ok=1
    { grep -nE "(str(n?case)?n?cmp|strstr) *\\([^;]*driver[^;]*\"($names)\"|(str(n?case)?n?cmp|strstr) *\\([^;]*\"($names)\"[^;]*driver" \
        "${chosen[@]}" || true; } | refuse "a driver by its name" || ok=1
    return "$ok"
}

check_include_guards()
{
    local file guard ok=0
    for file in "${headers[@]}"; do
        guard=$(code "$file" | grep -oE '# *(ifndef|define|if|pragma|include) +\w+' | head -n 2 | awk '{print $NF}' | uniq -d) || true
        if [[ $guard != H5ROOF_*_H ]]; then
            echo "$file: no include guard H5ROOF_NAME_H"
            ok=1
        fi
        echo "$guard" >>"$scratch/guards"
    done
    if [ -e "$scratch/guards" ]; then
        sort "$scratch/guards" | uniq -d | sed '/^$/d' | refuse "guard is used twice" || ok=1
    fi
    return "$ok"
}

check_unique_names()
{
    printf '%s\n' "${c_files[@]}" | sed 's|.*/||' | sort | uniq -d | refuse "file name is used twice"
}

# In committed results, too: a run names no directory of the machine it was made on. Tests may use made-up users.
check_absolute_paths()
{
    { grep -InE '(^|[^[:alnum:]_.~/})-])/(work|home|farm|root|Users)/' "${files[@]}" || true; } |
        { grep -vE '/[h]ome/(me|you|user)\b' || true; } | cut -c -160 |
        refuse "path of one machine"
}

check_file_length()
{
    local file lines ok=0
    for file in "${files[@]}"; do
        case $file in
        *.c | *.h | *.py | *.sh | *.cmake | */CMakeLists.txt | CMakeLists.txt) ;;
        *) continue ;;
        esac
        lines=$(wc -l <"$file")
        if [ "$lines" -gt 500 ]; then
            echo "$file: $lines lines; one idea per file, under 500"
            ok=1
        fi
    done
    return "$ok"
}

# Tests are found by the executable bit: a script with a first line for it and without the bit is a test that never runs.
check_executable()
{
    local file ok=0
    for file in "${shell_files[@]}" "${python_files[@]}"; do
        if head -n 1 "$file" | grep -q '^#!' && [ ! -x "$file" ]; then
            echo "$file: starts with #! and is not executable"
            ok=1
        fi
    done
    return "$ok"
}

# In the compile database of the release build, which the tests make; braces and names are the same in all builds.
check_tidy()
{
    local database=build/release chosen
    if ! command -v clang-tidy >/dev/null || [ ! -e "$database/compile_commands.json" ]; then
        return 77
    fi
    mapfile -t chosen < <(matching '^(src|bench)/.*\.c$')
    printf '%s\n' "${chosen[@]}" | xargs -P "$(nproc)" -n 8 clang-tidy --quiet -p "$database" 2>/dev/null |
        { grep -E 'error:' || true; } | sort -u | refuse ".clang-tidy"
}

check_shell()
{
    command -v shellcheck >/dev/null || return 77
    [ "${#shell_files[@]}" -eq 0 ] || shellcheck -x "${shell_files[@]}"
}

check_python()
{
    local command
    [ "${#python_files[@]}" -gt 0 ] || return 77
    for command in pyflakes3 "python3 -m pyflakes" "/usr/bin/python3 -m pyflakes"; do
        if $command --version >/dev/null 2>&1; then
            $command "${python_files[@]}"
            return
        fi
    done
    return 77
}

check_python_format()
{
    command -v black >/dev/null || return 77
    [ "${#python_files[@]}" -eq 0 ] || black --quiet --check "${python_files[@]}" || {
        black --check "${python_files[@]}" 2>&1 | grep '^would' || true
        return 1
    }
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0
skipped=0
all=(format banned_functions memory_errors assert_side_effects printing layers rooms headers operations drivers include_guards unique_names absolute_paths
    file_length executable shell python python_format tidy)
[ $# -gt 0 ] || set -- "${all[@]}"
for check in "$@"; do
    status=0
    ("check_$check") >"$scratch/out" 2>&1 || status=$?
    case $status in
    0) passed=$((passed + 1)) ;;
    77)
        skipped=$((skipped + 1))
        echo "-- $check: skipped, its tool is not here"
        ;;
    *)
        failed=$((failed + 1))
        echo "-- $check: failed"
        cat "$scratch/out"
        ;;
    esac
done
echo "lint: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
