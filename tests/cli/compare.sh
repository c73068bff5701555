#!/usr/bin/env bash
# compare: every verdict and remark in runs that are kept here (data/compare/make.py wrote them), refusals, and results
# that are missing, empty, twice the same, of other ranks or from a newer program.
# shellcheck disable=SC2016 # the dollars are sed's
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

data=$H5ROOF_SOURCE/tests/cli/data/compare
run_id='2026[0-9]*T000000Z-'

# is CODE: the exit code that the golden file must have, whatever was blessed.
is()
{
    expect_code "$1"
}

# variant NAME SED: new/ with its results changed, as $tmp/NAME; its environment is that of old.
variant()
{
    mkdir "$tmp/$1"
    cp "$data/new/env.json" "$tmp/$1/"
    sed -E "$2" "$data/new/results.csv" >"$tmp/$1/results.csv"
}

# environment NAME SED: again/ with another environment.
environment()
{
    mkdir "$tmp/$1"
    sed -E "$2" "$data/again/env.json" >"$tmp/$1/env.json"
    cp "$data/again/results.csv" "$tmp/$1/"
    ! cmp -s "$tmp/$1/env.json" "$data/again/env.json" || fail "$1: nothing was changed"
}

# keep CASE,...: old/ and new/ with these cases alone, as $tmp/keep-old and $tmp/keep-new
keep()
{
    local side
    mkdir -p "$tmp/keep-old" "$tmp/keep-new"
    for side in old new; do
        grep -E "^schema|,(${1//,/|})," "$data/$side/results.csv" >"$tmp/keep-$side/results.csv"
        cp "$data/$side/env.json" "$tmp/keep-$side/"
    done
}

golden worse "$H5ROOF" compare "$data/old" "$data/new"
is 1
golden worse_csv "$H5ROOF" compare "$data/old" "$data/new" --format csv
is 1
capture "$H5ROOF" compare "$data/old" "$data/new" --format json
expect_code 1
cp "$tmp/said/stdout" "$tmp/worse.json"
keep slow-flush,few,lost
golden worse_json "$H5ROOF" compare "$tmp/keep-old" "$tmp/keep-new" --format json
is 1
golden equal "$H5ROOF" compare "$data/old" "$data/again"
is 0
golden counters_worse "$H5ROOF" compare "$data/old" "$data/new" --counters-only
is 1
golden counters_equal "$H5ROOF" compare "$data/old" "$data/again" --counters-only
is 0

# The other way round what was slower is faster, and the case that was faster is slower.
capture "$H5ROOF" compare "$data/new" "$data/old"
expect_code 1
expect_said '^slow-flush .* faster$'
expect_said '^quick .* slower$'

# No line is wider than 100 columns, whatever the format of the numbers.
capture "$H5ROOF" compare "$data/old" "$data/new"
[ "$(normalise <"$tmp/said/stdout" | awk 'length > m {m = length} END {print m}')" -le 100 ] || complain "wider than 100 columns"

# One gate at a time: only the slower case, only a counter, only wrong data, only a lost case; and none of them.
for kept in slow-flush:1 bigger:1 broken-collective:1 wrong:1 plain:0 quick:0 noisy:0 few:0 unsteady:0 lost,plain:1 gone,plain:0; do
    keep "${kept%:*}"
    capture "$H5ROOF" compare "$tmp/keep-old" "$tmp/keep-new"
    expect_code "${kept#*:}"
done

# The threshold: 11 % more is nothing with 20 %, and 1 % of difference is something with 0.1 %.
capture "$H5ROOF" compare "$data/old" "$data/new" --threshold 20%
expect_said '^slow-flush .* same$'
capture "$H5ROOF" compare "$data/old" "$data/new" --threshold 0.12
expect_said '^slow-flush .* (same|inconclusive)$'
for bad in 5 0 -5% 5%% x 1e9%; do
    capture "$H5ROOF" compare "$data/old" "$data/new" "--threshold=$bad"
    expect_code 2
    expect_error 'threshold.*no percentage'
done
golden bad_format "$H5ROOF" compare "$data/old" "$data/new" --format xml
is 2

# Other machines are refused, after the differences were shown; counters bear other machines, not other libraries.
environment other_cpu 's/Some CPU/Another CPU\\u001b[2J/; s/Linux 6.1/Linux 6.2/'
golden other_cpu "$H5ROOF" compare "$data/old" "$tmp/other_cpu"
is 5
golden other_cpu_json "$H5ROOF" compare "$data/old" "$tmp/other_cpu" --format json
is 5
cp "$tmp/said/stdout" "$tmp/refused.json"
capture "$H5ROOF" compare "$data/old" "$tmp/other_cpu" --counters-only
expect_code 0
capture "$H5ROOF" compare "$data/old" "$tmp/other_cpu" --force
expect_code 0
expect_said 'Some CPU -> Another CPU'
environment other_hdf5 's/1\.10\.8/1.14.3/'
for option in "" --counters-only; do
    capture "$H5ROOF" compare "$data/old" "$tmp/other_hdf5" $option
    expect_code 5
    expect_error 'hdf5.version'
    expect_said '1.10.8 -> 1.14.3'
done
capture "$H5ROOF" compare "$data/old" "$tmp/other_hdf5" --counters-only --force
expect_code 0

# Environments that cannot be read; --force does without.
environment no_env 's/1/2/'
rm "$tmp/no_env/env.json"
golden no_env "$H5ROOF" compare "$data/old" "$tmp/no_env"
is 4
capture "$H5ROOF" compare "$data/old" "$tmp/no_env" --force
expect_code 0
expect_said 'warning: cannot read .*env.json' stderr
for text in '' '{' '[1, 2]' 'null' '{"a": 1}' 'hdf5: [' $'\x01'; do
    printf '%s' "$text" >"$tmp/no_env/env.json"
    capture "$H5ROOF" compare "$data/old" "$tmp/no_env"
    expect_code 4
    expect_error 'no_env/env.json is not an env.json of h5roof'
done

# Results that cannot be compared.
golden missing "$H5ROOF" compare "$data/old" "$tmp/no-such-directory"
is 4
golden same_run "$H5ROOF" compare "$data/old" "$data/old"
is 2
cp -r "$data/old" "$tmp/copy"
capture "$H5ROOF" compare "$tmp/copy" "$data/old"
expect_code 2
golden one_operand "$H5ROOF" compare "$data/old"
is 2
golden three_operands "$H5ROOF" compare "$data/old" "$data/new" "$data/again"
is 2
variant empty '1,$d'
variant begun '2,$d'
variant newer '2,$s/^1,/999,/'
variant skipped '2,$s/,(ok|mismatch),/,skipped,/'
for name in empty begun newer skipped; do
    capture "$H5ROOF" compare "$data/old" "$tmp/$name"
    expect_code 4
done
expect_error 'nothing was compared' # all skipped
expect_said '^plain$'               # and lost

# Cases of other ranks or with other seeds are joined, and what cannot be compared is not.
variant ranks '/,plain,/s/(,[^,]*,ok,[^,]*,[^,]*),2,/\1,4,/'
capture "$H5ROOF" compare "$data/old" "$tmp/ranks"
expect_said 'write: times are not compared: the numbers of ranks differ'
expect_said 'write: counters are not compared: the numbers of ranks differ'
variant seed '2,$s/,7$/,8/'
capture "$H5ROOF" compare "$data/old" "$tmp/seed"
expect_said 'counters are not compared: the seeds differ'
grep -q 'stored_bytes 10' "$tmp/said/stdout" && complain "sizes of other data are compared"

# A case that crashed and has nothing but the row that says so is lost; one that has repetitions too is compared.
variant crashed '/,plain,.*,(write|read),ok,/d'
printf '%s\n' '1,20260102T000000Z-bbbb,compared,0000000000000000,plain,0,,,false,,interrupted,,it ended with the run,2,,,,,,,,,,,,,,,,7' |
    tee -a "$tmp/crashed/results.csv" | cat "$data/new/results.csv" - >"$tmp/both.csv"
capture "$H5ROOF" compare "$data/old" "$tmp/crashed"
expect_code 1
expect_said '^plain: it ended with the run$'
expect_said '2 lost'
cp "$tmp/both.csv" "$tmp/crashed/results.csv"
capture "$H5ROOF" compare "$data/old" "$tmp/crashed"
expect_said '^plain .* same$'
expect_said '1 lost'

# A torn table counts up to there, and that is said.
variant torn "s/$run_id/&/"
head -c -40 "$data/new/results.csv" >"$tmp/torn/results.csv"
capture "$H5ROOF" compare "$data/old" "$tmp/torn"
expect_said 'torn' stderr

# What other programs read.
python=$(python_with json csv) || skip "no python3 with json and csv"
"$python" - "$tmp/worse.json" "$tmp/refused.json" <<'PYTHON' || fail "the JSON says something else"
import json
import sys

worse = json.load(open(sys.argv[1], encoding="utf-8"))
assert worse["summary"]["failed"] and worse["summary"]["slower"] == 1 and not worse["refused"]
pairs = {(p["case"], p["operation"]): p for p in worse["pairs"]}
slow = pairs["slow-flush", "write"]
assert slow["verdict"] == "slower" and slow["phase"] == "flush" and slow["ratio_low"] > 1.05
assert abs(slow["phases"]["flush"]["ratio"] - 1.4) < 0.05
assert pairs["few", "write"]["ratio"] is None and pairs["few", "write"]["needs_old"] == 2
assert {d["column"] for d in pairs["bigger", "write"]["differs"]} == {"stored_bytes", "mpiio_write_coll_count"}
assert {u["kind"] for u in worse["unpaired"]} == {"lost", "only_old", "only_new"}
assert any('"deflate"' in (u["reason"] or "") for u in worse["unpaired"])
refused = json.load(open(sys.argv[2], encoding="utf-8"))
assert refused["refused"] and "pairs" not in refused
assert refused["environment"][0]["new"] == "Another CPU\x1b[2J"
assert refused["environment"][0]["severity"] == "spoils times"
PYTHON
"$H5ROOF" compare "$data/old" "$data/new" --format csv 2>/dev/null >"$tmp/worse.csv" || true
"$python" - "$tmp/worse.csv" <<'PYTHON' || fail "the CSV says something else"
import csv
import sys

rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
assert all(None not in row and None not in row.values() for row in rows)
assert [row["case"] for row in rows if row["verdict"] == "slower"] == ["slow-flush"]
assert [row["not_timed"] for row in rows if row["verdict"] == "lost"] == ['needs the filter "deflate", which is not there']
PYTHON
expect_nothing_left
