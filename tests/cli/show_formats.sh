#!/usr/bin/env bash
# show --format: csv, json, markdown and tracker of a kept run, of names and reasons that mean something elsewhere, and of runs that
# were interrupted or measured nothing.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with json csv) || skip "no python3"
make_tmp

data=$H5ROOF_SOURCE/tests/cli/data/small
for form in table markdown tracker; do
    golden "$form" "$H5ROOF" show "$data" --format "$form"
done
# The factors are as many as the workloads want, and are compared with the csv below.
capture "$H5ROOF" show "$data" --format json
sed -i 's/"factors": {[^}]*}/"factors": {...}/' "$tmp/said/stdout"
golden json
capture "$H5ROOF" show "$data" --format json --quiet
expect_code 0
expect_said '"explanations": \{\}\}$'
golden unknown "$H5ROOF" show "$data" --format yaml
golden near "$H5ROOF" show "$data" --format jsno

# Only the heading: valid, and empty.
mkdir "$tmp/begun" "$tmp/texts" "$tmp/interrupted"
head -n 1 "$data/results.csv" >"$tmp/begun/results.csv"
for form in json markdown tracker; do
    golden "begun_$form" "$H5ROOF" show "$tmp/begun" --format "$form"
done
capture "$H5ROOF" show "$tmp/begun" --format csv
expect_code 0
expect_said '^run_id,suite,case_id,case,.*,workload,driver,.*,durable_median_mibps,.*,notes$'
[ "$(wc -l <"$tmp/said/stdout")" -eq 1 ] || fail "an empty table has more than its heading"

# Texts that must be escaped: a name with quote, backslash, pipe, backtick, line end, control character and a byte that is no UTF-8.
# shellcheck disable=SC2016 # the backticks are text
name='"a|b `c` ""q"" \\ <i>ü\x01\xff\nend"'
LC_ALL=C sed "s/,posix,0,/,$name,0,/; s/\"several ranks write /\"*several* | \`ranks\` <b>write /" "$data/results.csv" >"$tmp/texts/results.csv"
for form in csv json markdown tracker; do
    capture "$H5ROOF" show "$tmp/texts" --format "$form"
    expect_code 0
    cp "$tmp/said/stdout" "$tmp/texts/$form"
done
LC_ALL=C golden texts_markdown "$H5ROOF" show "$tmp/texts" --format markdown
"$python" - "$tmp/texts" <<'END' || fail "texts do not survive"
import csv
import json
import sys

at = sys.argv[1]
name = 'a|b `c` "q" \\ <i>\u00fc\x01\ufffd\nend'
document = json.loads(open(f"{at}/json", "rb").read().decode("utf-8", "strict"))
found = [r["case"] for r in document["results"]]
assert found == [name] * 2 + ["collective"] * 2 + ["compressed"] * 2 + ["refused"], found
assert document["results"][-1]["reason"].startswith("*several* | `ranks` <b>write"), document["results"][-1]
tracker = json.loads(open(f"{at}/tracker", "rb").read().decode("utf-8", "strict"))
assert [t["name"] for t in tracker[:2]] == [name + " write", name + " read"], tracker
rows = list(csv.DictReader(open(f"{at}/csv", newline="", encoding="utf-8", errors="replace")))
shown = name.replace("\x01", "\\x01").replace("\ufffd", "\\xff").replace("\n", "\\n")
assert rows[0]["case"] == shown, rows[0]["case"]
# the two forms say the same
for row, record in zip(rows, document["results"]):
    flat = {k: v for k, v in record.items() if not isinstance(v, (dict, list))}
    for group_name, group in record.items():
        flat.update(group if isinstance(group, dict) and group_name != "columns" else {})
    assert set(flat) == set(row) - {"notes"}, set(flat) ^ set(row)
    for key, value in flat.items():
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else value
        text = text if not isinstance(text, str) or key != "case" else text.replace("\x01", "\\x01").replace("\ufffd", "\\xff").replace("\n", "\\n")
        same = row[key] == text or (isinstance(value, (int, float)) and float(row[key]) == value)
        assert same, (key, value, row[key])
    notes = "; ".join(f"{n['name']}: {n['text']}" for n in record["notes"])
    assert notes == row["notes"], (notes, row["notes"])
    assert {n["name"] for n in record["notes"]} <= set(document["explanations"])
# the summary is that of the repetitions in the raw table
raw = [r for r in csv.DictReader(open(f"{at}/results.csv", newline="", encoding="utf-8", errors="replace"))]
values = sorted(float(r["durable_mibps"]) for r in raw if r["case"] == "compressed" and r["operation"] == "write" and r["warmup"] == "false")
record = next(r for r in document["results"] if r["case"] == "compressed" and r["operation"] == "write")
columns, record = record["columns"], record["statistics"]
assert record["repetitions_count"] == len(values) == 6
assert record["durable_median_mibps"] == float(f"{(values[2] + values[3]) / 2:.9g}")
assert (record["durable_min_mibps"], record["durable_max_mibps"]) == (values[0], values[-1])
# and so is that of every column of real numbers; the interval of six values goes from the first to the last
assert {"durable_s", "create_max_s", "write_med_s", "close_wall_s", "roof_copy_s", "ratio_frac"} <= set(columns), columns
for name, s in columns.items():
    values = sorted(float(r[name]) for r in raw if r["case"] == "compressed" and r["operation"] == "write" and r["warmup"] == "false" and r[name])
    assert s == {"median": float(f"{(values[2] + values[3]) / 2:.9g}"), "low": values[0], "high": values[-1], "n": 6}, (name, s)
END

# The same case with other ranks is another result.
mkdir "$tmp/ranks"
"$python" - "$data/results.csv" "$tmp/ranks/results.csv" <<'END'
import csv
import sys

rows = list(csv.DictReader(open(sys.argv[1], newline="")))
table = csv.DictWriter(open(sys.argv[2], "w", newline=""), rows[0], lineterminator="\n")
table.writeheader()
table.writerows(rows + [{**r, "ranks": "4"} for r in rows if r["case"] == "posix"])
END
"$H5ROOF" show "$tmp/ranks" --format json | "$python" -c '
import json, sys
found = [(r["operation"], r["ranks"], r["statistics"]["repetitions_count"]) for r in json.load(sys.stdin)["results"] if r["case"] == "posix"]
assert found == [("write", 2, 6), ("read", 2, 6), ("write", 4, 6), ("read", 4, 6)], found' || fail "ranks are not told apart"

# Rows without an operation are listed, whatever their status, and are in no statistics.
{
    cat "$data/results.csv"
    sed -n 's/,refused,3,/,ended,4,/; s/,skipped,,"[^"]*",/,interrupted,,"rank 1 was killed",/p' "$data/results.csv"
} >"$tmp/interrupted/results.csv"
for form in table markdown tracker; do
    golden "interrupted_$form" "$H5ROOF" show "$tmp/interrupted" --format "$form"
done
capture "$H5ROOF" show "$tmp/interrupted" --format json
expect_said '"case": "ended".*"operation": "", "status": "interrupted", "reason": "rank 1 was killed"'
expect_nothing_left
