#!/usr/bin/env bash
# noise: the floor from two runs and from one, in all formats, and runs that must not be used for it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

data=$H5ROOF_SOURCE/tests/cli/data/compare
golden two "$H5ROOF" noise "$data/old" "$data/again"
expect_code 0
golden two_csv "$H5ROOF" noise "$data/old" "$data/again" --format csv
expect_code 0
golden one "$H5ROOF" noise "$data/old"
expect_code 0
[ "$(normalise <"$tmp/said/stdout" | awk 'length > m {m = length} END {print m}')" -le 100 ] || complain "wider than 100 columns"

# Equal runs whose intervals are so wide that nothing can be called: no threshold, however quiet it looks.
busy=$H5ROOF_SOURCE/tests/cli/data/noise
golden busy "$H5ROOF" noise "$busy/one" "$busy/two"
expect_code 0
golden busy_json "$H5ROOF" noise "$busy/one" "$busy/two" --format json
expect_code 0
golden busy_csv "$H5ROOF" noise "$busy/one" "$busy/two" --format csv
expect_code 0

# Where things do differ the threshold must be beyond that: 11.5 % slower with an interval from 10.7 to 12.7 %, and 30 % of
# half the time less, which is 15 to 19 % the other way.
capture "$H5ROOF" noise "$data/old" "$data/new" --format json
expect_code 0
python=$(python_with json csv) || skip "no python3 with json and csv"
"$python" - "$tmp/said/stdout" <<'PYTHON' || complain "the JSON says something else"
import json
import sys

noise = json.load(open(sys.argv[1], encoding="utf-8"))
needs = {(c["case"], c["operation"]): c["threshold_frac"] for c in noise["cases"]}
assert 0.09 < needs["slow-flush", "write"] < 0.12, needs
assert 0.14 < needs["quick", "write"] < 0.20, needs
assert needs["few", "write"] is None
assert needs["quick", "write"] <= noise["recommended_frac"] < needs["quick", "write"] + 0.0051, noise["recommended_frac"]
assert 1.05 * noise["recommended_frac"] < noise["visible_frac"] < 2, noise["visible_frac"]  # noisy cases are 2 of 24
assert noise["can_tell"] >= 12 and noise["quiet_frac"] == noise["recommended_frac"]
assert noise["called"] == 0 and not noise["enough"]
called = {t["threshold_frac"]: t["called_alone"] for t in noise["thresholds"]}
assert called[0.05] == 2 and called[0.15] == 1 and called[0.2] == 0, called
PYTHON

capture "$H5ROOF" noise "$data/old" "$data/old"
expect_code 2
expect_error 'are one run'
capture "$H5ROOF" noise "$data/old" "$data/again" "$data/old"
expect_code 2
capture "$H5ROOF" noise "$tmp/no-such-directory"
expect_code 4
capture "$H5ROOF" noise
expect_code 2
mkdir "$tmp/few" "$tmp/cpu"
grep -E '^schema|,few,|,one,' "$data/old/results.csv" >"$tmp/few/results.csv"
capture "$H5ROOF" noise "$tmp/few"
expect_code 4
expect_error 'no case has 5 \+ 5 repetitions.*10 are needed'
head -n 1 "$data/old/results.csv" >"$tmp/few/results.csv"
capture "$H5ROOF" noise "$tmp/few"
expect_code 4
cp "$data/again/results.csv" "$tmp/cpu/"
sed 's/Some CPU/Another CPU/' "$data/again/env.json" >"$tmp/cpu/env.json"
capture "$H5ROOF" noise "$data/old" "$tmp/cpu"
expect_code 5
expect_error 'cpu_model'
capture "$H5ROOF" noise "$data/old" "$tmp/cpu" --force
expect_code 0
expect_nothing_left
