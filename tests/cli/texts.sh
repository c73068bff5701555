#!/usr/bin/env bash
# Texts of others cannot command a terminal: control characters and what is no UTF-8 are shown, by every command, in every form.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with csv json) || skip "no python3"
make_tmp

# Every text column, strings of env.json, the suite, and names of files hold ESC, BEL, CR, DEL, C1 and bytes that are no text.
cat >"$tmp/make.py" <<'END'
import csv, json, os, sys

data, at = sys.argv[1:]
bad = "\x1b[31m\x07\r\x7f\u009b2J\udcff\udcc3\t\nend µ"
opts = {"newline": "", "encoding": "utf-8", "errors": "surrogateescape"}
rows = list(csv.reader(open(data + "/results.csv", **opts)))
text = [rows[0].index(c) for c in ("run_id", "suite", "case", "reason")]
for name in ("old", "new", "formula"):
    os.mkdir(f"{at}/{name}")
    with open(f"{at}/{name}/results.csv", "w", **opts) as out:
        table = [list(r) for r in rows]
        for row in table[1:]:
            for c in text:
                if row[c]:
                    row[c] = (name if rows[0][c] == "run_id" else "") + row[c][:4] + bad
            if name == "formula":
                row[rows[0].index("case")] = "=1+1"
                row[rows[0].index("run_id")] = "-1"
        csv.writer(out, lineterminator="\n").writerows(table)
    env = {"hdf5": {"version": "1" + bad + name}, "a" + bad: name + bad}
    with open(f"{at}/{name}/env.json", "w", encoding="utf-8", errors="surrogateescape") as out:
        out.write(json.dumps(env, ensure_ascii=False))
END
"$python" "$tmp/make.py" "$H5ROOF_SOURCE/tests/cli/data/small" "$tmp"

# told: no byte below a blank but ends of lines, no DEL, no C1, all of it UTF-8.
cat >"$tmp/told.py" <<'END'
import sys

for name in sys.argv[1:]:
    raw = open(name, "rb").read()
    wrong = [c for c in raw.decode("utf-8", "strict") if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160]
    assert not wrong, (name, wrong[:5])
END
told()
{
    capture "$@"
    "$python" "$tmp/told.py" "$tmp/said/stdout" "$tmp/said/stderr" || complain "not fit for a terminal: ${*:2}"
}

esc=$'\e[31m\a\r\x7f\xc2\x9b\xff'
for form in table csv json markdown tracker; do
    told "$H5ROOF" show "$tmp/new" --format "$form"
    expect_code 0
    grep -q 'x1b\|u001b' "$tmp/said/stdout" || complain "$form: ESC is not shown"
    case $form in json | tracker) "$python" -c 'import json, sys; json.load(open(sys.argv[1]))' "$tmp/said/stdout" ;; esac
done
for form in table csv json; do
    told "$H5ROOF" compare "$tmp/old" "$tmp/new" --format "$form"
    told "$H5ROOF" compare "$tmp/old" "$tmp/new" --format "$form" --force
    told "$H5ROOF" noise "$tmp/old" "$tmp/new" --format "$form" --force
    told "$H5ROOF" noise "$tmp/new" --format "$form"
    "$H5ROOF" compare "$tmp/old" "$tmp/new" --format json --force 2>/dev/null |
        "$python" -c 'import json, sys; json.loads(sys.stdin.buffer.read().decode("utf-8", "strict"))' || fail "compare: no JSON"
done

# Names of files and arguments, known or not.
mkdir "$tmp/$esc"
for command in show "show --format json" compare noise plan run env "list" explain; do
    # shellcheck disable=SC2086 # words
    told "$H5ROOF" $command "$tmp/$esc/none"
    # shellcheck disable=SC2086 # words
    told "$H5ROOF" $command "$esc"
    # shellcheck disable=SC2086 # words
    told "$H5ROOF" $command "--$esc"
done
told "$H5ROOF" "$esc"
told "$H5ROOF" plan smoke --set "$esc=1"
told "$H5ROOF" plan smoke --set "chunk=$esc"
told "$H5ROOF" plan smoke --only "$esc"
told "$H5ROOF" plan smoke --ranks "$esc"
told "$H5ROOF" compare "$tmp/old" "$tmp/new" --threshold "$esc"
told "$H5ROOF" show "$tmp/old" --format "$esc"

# Suites: bytes that are refused, and escapes in quotes that are text.
printf 'suite: a%s\ncases: [{name: b}]\n' "$esc" >"$tmp/bytes$esc.yaml"
cat >"$tmp/escapes.yaml" <<'END'
# What is it?
suite: "a\e[31m\a\r\x7f\x9b"
cases: [{name: "b\e[31m\a\r\x7f\x9b", driver: posix, shape: [8]}, {name: c, chnk: "\e[31m\x9b"}]
END
sed 's/, {name: c.*}\]/]/' "$tmp/escapes.yaml" >"$tmp/text.yaml"
for suite in "$tmp/bytes$esc.yaml" "$tmp/escapes.yaml" "$tmp/text.yaml"; do
    for form in "" --yaml --csv; do
        # shellcheck disable=SC2086 # none or one
        told "$H5ROOF" plan "$suite" $form
    done
done

# A cell is one line with what ends a line shown, and columns stand below each other whatever is in them.
told "$H5ROOF" show "$tmp/new" --format csv
lines=$(wc -l <"$tmp/said/stdout")
told "$H5ROOF" show "$tmp/new" --format csv --for-spreadsheets
[ "$(wc -l <"$tmp/said/stdout")" -eq "$lines" ] || fail "for spreadsheets the table has other lines"
grep -qF '\t\nend µ' "$tmp/said/stdout" || complain "tab and line end of a cell are not shown, or µ is"

# What a spreadsheet would take for a formula, only where it is asked for; numbers stay.
told "$H5ROOF" show "$tmp/formula" --format csv
grep -q '^-1,[^,]*,[^,]*,=1+1,' "$tmp/said/stdout" || complain "the cell is changed unasked"
told "$H5ROOF" show "$tmp/formula" --format csv --for-spreadsheets
grep -q "^-1,[^,]*,[^,]*,'=1+1," "$tmp/said/stdout" || complain "a formula, or a number that is none"
for command in "compare $tmp/formula $tmp/new --force" "noise $tmp/formula"; do
    # shellcheck disable=SC2086 # words
    told "$H5ROOF" $command --format csv --for-spreadsheets
    if grep -q '\(^\|,\)=' "$tmp/said/stdout"; then complain "a formula: $command"; fi
done
