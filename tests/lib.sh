# shellcheck shell=bash
# What the test scripts share. Sourced, never run.

# in_memory SCRIPT: its temporary files lie where syncing costs nothing, unless somebody says where, or it is marked `# disk: WHY`.
in_memory()
{
    local free
    if [ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || grep -q '^# disk: ' "$1"; then
        return 0
    fi
    free=$(df --output=avail -k /dev/shm | tail -n 1)
    [ "$free" -lt $((2 << 20)) ] || export TMPDIR=/dev/shm
}
in_memory "$0"

# python_with MODULE...: the first interpreter that has these modules; without one the test is skipped.
python_with()
{
    local python imports
    printf -v imports 'import %s;' "$@"
    for python in "${PYTHON:-}" python3 /usr/bin/python3; do
        if [ -n "$python" ] && "$python" -c "$imports" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    echo "skipped: no python3 with $*"
    return 77
}

fail()
{
    echo "FAILED: $*"
    exit 1
}

# skip REASON: ends the script as one that could not be tested here.
skip()
{
    echo "skipped: $*"
    exit 77
}

# make_tmp: $tmp, an empty directory with a subdirectory `here` to run in; removed at the end with all that is mounted in it.
make_tmp()
{
    tmp=$(mktemp -d "${TMPDIR:-/tmp}/h5roof-test-XXXXXX")
    tmp=$(realpath "$tmp")
    trap remove_tmp EXIT
    mkdir "$tmp/here" "$tmp/said" "$tmp/scratch"
}

remove_tmp()
{
    local mounted
    awk -v at="$tmp/" 'index($5, at) == 1 {print $5}' /proc/self/mountinfo | while read -r mounted; do
        umount -l "$mounted" || true
    done
    rm -rf "$tmp"
}

# mount_tmpfs DIR OPTIONS: a small file system; where that is not allowed the script ends as skipped.
mount_tmpfs()
{
    mkdir -p "$1"
    mount -t tmpfs -o "$2" none "$1" 2>/dev/null || skip "no right to mount a file system"
}

# capture COMMAND...: runs it in $tmp/here and leaves $code, $tmp/said/stdout and $tmp/said/stderr. What the launcher
# itself says (blocks between dashed lines, lines that begin with [node:pid]) is taken out of the latter.
capture()
{
    code=0
    (cd "$tmp/here" && "$@" </dev/null >"$tmp/said/stdout" 2>"$tmp/said/all") || code=$?
    sed -e '/^-----*$/,/^-----*$/d' -e '/^\[[^] ]*:[0-9]*\]/d' "$tmp/said/all" >"$tmp/said/stderr"
}

# complain REASON: fail, and show what was captured.
complain()
{
    printf -- '-- exit code %s, stdout:\n' "$code"
    cat "$tmp/said/stdout"
    echo "-- stderr:"
    cat "$tmp/said/all"
    fail "$@"
}

expect_code()
{
    [ "$code" -eq "$1" ] || complain "exit code $code, not $1"
}

# expect_error REGEX: there is exactly one error message, and a line of it matches.
expect_error()
{
    local n
    n=$(grep -c 'h5roof: error\|h5roof: ended\|: error: ' "$tmp/said/stderr" || true)
    [ "$n" -eq 1 ] || complain "$n error messages, not 1"
    grep -Eq -- "$1" "$tmp/said/stderr" || complain "no line of stderr matches: $1"
}

# expect_said REGEX [stdout|stderr]
expect_said()
{
    grep -Eq -- "$1" "$tmp/said/${2:-stdout}" || complain "no line of ${2:-stdout} matches: $1"
}

# cells FILE COLUMN,... [COLUMN=VALUE | COLUMN!=VALUE | COLUMN~REGEX]...: of a table, as tests/cells.py says
cells()
{
    python3 "$H5ROOF_SOURCE/tests/cells.py" "$@"
}

# count_rows FILE [CONDITION...]: as cells has them
count_rows()
{
    cells "$1" case "${@:2}" | wc -l
}

# expect_mismatch DIR "OPERATION..." REGEX: the rows with wrong data are of these operations, and their reasons match.
expect_mismatch()
{
    local wrong reasons
    wrong=$(cells "$1/results.csv" operation status=mismatch | paste -sd' ')
    [ "$wrong" = "$2" ] || complain "wrong data in '$wrong', not in '$2'"
    reasons=$(cells "$1/results.csv" reason status=mismatch)
    if grep -Evq -- "$3" <<<"$reasons"; then
        complain "the reasons '$reasons' do not all match: $3"
    fi
}

# expect_nothing_left: no file in the directory where the command ran, nor in $tmp/scratch.
expect_nothing_left()
{
    local left
    left=$(find "$tmp/here" "$tmp/scratch" -mindepth 1 2>&1)
    [ -z "$left" ] || complain "left behind: $left"
}

# Takes out what differs between machines and runs.
normalise()
{
    sed -E -e "s|$H5ROOF_SOURCE|SOURCE|g; s|$tmp|TMP|g; s/ on $(uname -n):/ on NODE:/g" \
        -e 's/[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}/RUN-ID/g; s/[0-9]{8}T[0-9]{6}Z/UTC/g'
}

# golden NAME [COMMAND...]: what was captured (of COMMAND) is what expected/SCRIPT/NAME.{stdout,stderr,exit} beside the
# script say; a file that is not there means nothing, and exit code 0. H5ROOF_BLESS=1 writes these files instead.
golden()
{
    local stream expected script
    script=$(realpath "$0")
    expected=$(dirname "$script")/expected/$(basename "$script" .sh)/$1
    if [ $# -gt 1 ]; then
        capture "${@:2}"
    fi
    for stream in stdout stderr exit; do
        if [ $stream = exit ]; then
            [ "$code" -eq 0 ] || echo "$code"
        else
            normalise <"$tmp/said/$stream"
        fi >"$tmp/said/found"
        if [ -n "${H5ROOF_BLESS:-}" ]; then
            mkdir -p "$(dirname "$expected")"
            rm -f "$expected.$stream"
            [ ! -s "$tmp/said/found" ] || cp "$tmp/said/found" "$expected.$stream"
        else
            [ -e "$expected.$stream" ] || : >"$tmp/said/empty"
            diff -u --label "expected $1.$stream" --label found \
                "$([ -e "$expected.$stream" ] && echo "$expected.$stream" || echo "$tmp/said/empty")" "$tmp/said/found" ||
                complain "$1: $stream is not as expected; H5ROOF_BLESS=1 accepts it"
        fi
    done
}
