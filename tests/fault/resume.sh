#!/usr/bin/env bash
# --resume: what it refuses and leaves as it was, and what it repairs.
# timeout: 300
# shellcheck disable=SC2119 # resume takes more arguments, or none
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
# shellcheck source=tests/fault/resuming.sh
. "$H5ROOF_SOURCE/tests/fault/resuming.sh"

# ---- usage
run_suite "$tmp/short.yaml" --resume
expect_code 2
expect_error '^h5roof: error: --resume needs --out DIR'
run_suite "$tmp/short.yaml" --out "$out" --skip-crashed
expect_code 2
expect_error '^h5roof: error: --skip-crashed is for --resume'
[ ! -e "$out" ] || fail "a refused command made the results directory"

# ---- an absent and an empty directory begin a run, and so does one that was being made
resume
expect_code 0
[ "$(rows_of one)" -eq 6 ] || complain "not the rows of a run"
header=$(head -n 1 "$out/results.csv")
cp "$out/plan.yaml" "$tmp/plan.yaml"
for begun in empty part header plan; do
    rm -rf "$out"
    mkdir "$out"
    case $begun in
    plan) echo "$header" >"$out/results.csv" && cp "$tmp/plan.yaml" "$out" && : >"$out/in_flight" && : >"$out/env.json.part" ;;
    part) printf '%s' "${header:0:50}" >"$out/results.csv" ;;
    header) echo "$header" >"$out/results.csv" && echo "suite: sh" >"$out/plan.yaml.part" && : >"$out/in_flight" ;;
    esac
    resume
    expect_code 0
    [ "$(rows_of one)" -eq 6 ] || complain "$begun: not the rows of a run"
    [ "$(cd "$out" && echo *)" = "env.json plan.yaml results.csv" ] || complain "$begun: $(ls "$out")"
done

# ---- a plan without results is somebody's, and so is one with something else than a beginning
rm -rf "$out"
for file in none results.csv notes; do
    mkdir "$out"
    cp "$tmp/plan.yaml" "$out"
    [ $file = none ] || echo precious >"$out/$file"
    [ $file = results.csv ] && wanted=4 || wanted=2
    before=$(fingerprint)
    resume
    refused "$wanted" "is not an empty directory|results.csv"
    rm -r "$out"
done
resume
expect_code 0

# ---- rows of which nobody knows where they were measured
mv "$out/env.json" "$tmp/env.json"
before=$(fingerprint)
resume
refused 2 "--resume: $out has no env.json, so that nobody knows where its rows were measured; give another --out"
sed 's/"run_id": "[^"]*"/"run_id": "20260101T000000Z-0000"/' "$tmp/env.json" >"$out/env.json"
before=$(fingerprint)
resume
refused 2 "--resume: $out/env.json is of run 20260101T000000Z-0000, and the rows beside it are of run [0-9TZ]+-[0-9a-f]{4}; give another --out"
mv "$tmp/env.json" "$out/env.json"

# ---- rows without a plan are nobody's to remove
mv "$out/plan.yaml" "$tmp/plan.yaml"
before=$(fingerprint)
resume
refused 2 "is not an empty directory"
mv "$tmp/plan.yaml" "$out/plan.yaml"

# ---- a finished run: nothing is measured
cp "$out/results.csv" "$tmp/finished.csv"
resume
expect_code 0
cmp "$out/results.csv" "$tmp/finished.csv" || complain "rows were added to a finished run"
[ ! -e "$out/in_flight" ] || fail "in_flight stays"

# ---- another suite
before=$(fingerprint)
resume --set repeat.max=3
refused 2 "is of another suite; line [0-9]+ was 'repeat: .*max: 2.*' and is 'repeat: .*max: 3"
resume --only one
refused 2 "is of another suite; line [0-9]+ was '.*name: two.*' and is ''"
run_suite "$tmp/short.yaml" --out "$out"
refused 2 "is not an empty directory"

# ---- a torn last line, and half a repetition
head -c -7 "$tmp/finished.csv" >"$out/results.csv"
resume
expect_code 0
expect_said '^going on with .*: 5 row groups kept, 2 torn or half rows dropped$' stderr
kept=$(head -n -2 "$tmp/finished.csv" | wc -c)
cmp -n "$kept" "$out/results.csv" "$tmp/finished.csv" || fail "the rows before the torn one have changed"
[ "$(wc -l <"$out/results.csv")" -eq "$(wc -l <"$tmp/finished.csv")" ] || complain "not as many rows as before"
[ "$(rows_of one)" -eq 6 ] || fail "not the rows of a run"
[ "$(rows_of two)" -eq 6 ] || fail "not the rows of a run"

# ---- garbage in the middle
for line in 2 5; do
    sed "${line}i 1,garbage" "$tmp/finished.csv" >"$out/results.csv"
    before=$(fingerprint)
    resume
    refused 4 "results.csv:$line: 2 fields where the header has [0-9]+"
    sed "${line}d" "$tmp/finished.csv" >"$out/results.csv" # half a repetition
    before=$(fingerprint)
    resume
    refused 4 "lacks its other operation"
done
{ cat "$tmp/finished.csv" && tail -n 2 "$tmp/finished.csv"; } >"$out/results.csv"
cp "$out/results.csv" "$tmp/doubled.csv"
resume
expect_code 4
expect_error "more repetitions of case (one|two) than the suite allows"
cmp "$out/results.csv" "$tmp/doubled.csv" || fail "results.csv has changed"
