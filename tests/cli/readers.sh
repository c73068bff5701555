#!/usr/bin/env bash
# What is no file, or is one made to hurt, ends every reader with one message and the exit code of what it read: no waiting, no crash.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with socket) || skip "no python3"
make_tmp
data=$H5ROOF_SOURCE/tests/cli/data/small

# refused CODE COMMAND...: one message, soon.
refused()
{
    capture timeout 30 "${@:2}"
    expect_code "$1"
    expect_error '^h5roof: error: '
}

mkdir "$tmp/kinds" "$tmp/good"
cp "$data/results.csv" "$tmp/good"
echo '{"hdf5": {"version": "1.0"}}' >"$tmp/good/env.json"
mkdir "$tmp/kinds/directory"
mkfifo "$tmp/kinds/pipe"
"$python" -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$tmp/kinds/socket"
ln -s /dev/zero "$tmp/kinds/zero"
ln -s /dev/full "$tmp/kinds/full"
ln -s loop "$tmp/kinds/loop"
for kind in directory pipe socket zero full loop; do
    mkdir "$tmp/$kind"
    ln -s "$tmp/kinds/$kind" "$tmp/$kind/results.csv"
    cp "$tmp/good/env.json" "$tmp/$kind"
    refused 4 "$H5ROOF" show "$tmp/$kind"
    refused 4 "$H5ROOF" compare "$tmp/good" "$tmp/$kind"
    refused 4 "$H5ROOF" noise "$tmp/good" "$tmp/$kind"
    refused 2 "$H5ROOF" plan "$tmp/kinds/$kind"
done
refused 2 "$H5ROOF" run "$tmp/kinds/pipe" --scratch "$tmp/scratch" --out "$tmp/out"
refused 2 "$H5ROOF" run "$tmp/kinds/zero" --scratch "$tmp/scratch" --out "$tmp/out"

# env.json of another run of the same suite
sed 's/^\([^,]*\),[^,]*/\1,other/' "$data/results.csv" >"$tmp/other.csv"
mkdir "$tmp/env"
cp "$tmp/other.csv" "$tmp/env/results.csv"
for kind in directory pipe socket zero full loop; do
    ln -sfn "$tmp/kinds/$kind" "$tmp/env/env.json"
    refused 4 "$H5ROOF" compare "$tmp/good" "$tmp/env"
    refused 4 "$H5ROOF" noise "$tmp/good" "$tmp/env"
done
rm "$tmp/env/env.json"
cat >"$tmp/make.py" <<'END'
import sys

n = 200_000
print({
    "deep": lambda: '{"hdf5": {"version": "1.0"}, "a": ' + "[" * n + "]" * n + "}",
    "deep_maps": lambda: '{"a":' * n + "1" + "}" * n,
    "list": lambda: "[1, 2]",
    "text": lambda: '"hdf5.version"',
    "yaml_bomb": lambda: '{"a": &a ["x","x"], "b": &b [*a,*a,*a,*a], "hdf5": {"version": [*b,*b,*b,*b]}}',
    "empty": lambda: "",
    "nothing": lambda: "null",
    "half": lambda: '{"hdf5": {"version": "1.0", "a": "',
}[sys.argv[1]]())
END
for kind in deep deep_maps list text yaml_bomb empty nothing half; do
    "$python" "$tmp/make.py" $kind >"$tmp/env/env.json"
    refused 4 "$H5ROOF" compare "$tmp/good" "$tmp/env"
done

# Wrong types and large numbers are values like others; many keys take seconds.
echo '{"hdf5": {"version": "1.0"}, "rank_count": [1e308, -1e999, {"a": true}], "node_count": 1e308}' >"$tmp/env/env.json"
refused 5 "$H5ROOF" compare "$tmp/good" "$tmp/env"
for side in good env; do
    "$python" -c 'import json, sys; print(json.dumps({"hdf5": {"version": "1.0"}, **{f"k{i}": sys.argv[1] for i in range(200_000)}}))' \
        $side >"$tmp/$side/env.json"
done
capture timeout 60 "$H5ROOF" compare "$tmp/good" "$tmp/env"
[ "$code" -ne 124 ] || complain "200000 keys take more than a minute"
expect_said 'and 199988 more; --format json lists all'

# Numbers at the end of what there is, in every column
"$python" - "$data/results.csv" "$tmp/env/results.csv" <<'END'
import csv, sys

rows = list(csv.reader(open(sys.argv[1], newline="")))
for row in rows[1:]:
    for i, cell in enumerate(row):
        if "." in cell and cell.replace(".", "").isdigit():
            row[i] = "1e308"
    row[1] = "other"
csv.writer(open(sys.argv[2], "w", newline=""), lineterminator="\n").writerows(rows)
END
for form in table csv json markdown tracker; do
    capture timeout 30 "$H5ROOF" show "$tmp/env" --format "$form"
    [ "$code" -eq 0 ] || [ "$code" -eq 4 ] || complain "$form: exit code $code"
done
capture timeout 30 "$H5ROOF" compare "$tmp/good" "$tmp/env" --force
[ "$code" -le 5 ] || complain "compare: exit code $code"

# A suite may come from a pipe that has a writer.
printf 'suite: piped\ncases: [{name: a, driver: posix, shape: [8]}]\n' >"$tmp/piped.yaml"
capture timeout 30 "$H5ROOF" plan <(cat "$tmp/piped.yaml")
expect_code 0
expect_said '^suite piped'
capture bash -c "cat '$tmp/piped.yaml' | timeout 30 '$H5ROOF' plan /dev/stdin"
expect_code 0

# What a run goes on with
"$H5ROOF" run "$tmp/piped.yaml" --scratch "$tmp/scratch" --out "$tmp/again" --set repeat.max=1 --set repeat.min=1 --roofs none >/dev/null 2>&1
for name in plan.yaml results.csv; do
    mv "$tmp/again/$name" "$tmp/kept"
    mkfifo "$tmp/again/$name"
    capture timeout 30 "$H5ROOF" run "$tmp/piped.yaml" --scratch "$tmp/scratch" --out "$tmp/again" --set repeat.max=1 --set repeat.min=1 --roofs none --resume
    [ "$code" -eq 4 ] || complain "$name is a pipe: exit code $code, not 4"
    rm "$tmp/again/$name"
    mv "$tmp/kept" "$tmp/again/$name"
done
