#!/usr/bin/env bash
# What changes in a file between writing and reading is found by the verification: exit code 1, and the row says where.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with csv)
make_tmp

cat >"$tmp/two.yaml" <<END
suite: two
seed: 11
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [8, 16], dtype: i32, data: random}
cases:
  - {name: bad, driver: sec2}
  - {name: good, driver: posix}
END

cat >"$tmp/look.py" <<'END'
"""The rows of a run in which element [7, COLUMN] of rank 1 is wrong, and where FOUND = EXPECTED ^ XOR if XOR is given."""
import csv, re, sys

path, column, xor = sys.argv[1], sys.argv[2], sys.argv[3:]
rows = list(csv.DictReader(open(path, newline="")))
status = {(r["case"], r["operation"]): r["status"] for r in rows}
wanted = {("bad", "write"): "ok", ("bad", "read"): "mismatch", ("good", "write"): "ok", ("good", "read"): "ok"}
assert status == wanted, status
reason = next(r["reason"] for r in rows if r["status"] == "mismatch")
match = re.fullmatch(r"element \[7, (\d+)\] of rank 1: expected (-?\d+), found (-?\d+)", reason)
assert match and match[1] == column, reason
expected, found = int(match[2]), int(match[3])
assert expected != found, reason
if xor:
    assert (expected ^ found) & 0xFFFFFFFF == int(xor[0], 0), reason
print(expected, found)
END

# damaged NAME ARGUMENTS_OF_RUN...: a run whose data are damaged as the SHIM_ variables in `how` say.
damaged()
{
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_TIMES=1 SHIM_RANK=1 "${how[@]}" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/two.yaml" --scratch "$tmp/scratch" --out "$tmp/$1" "${@:2}"
    expect_code 1
    expect_error "^h5roof: error: the data read back were wrong in 1 repetition; see 'h5roof show $tmp/$1'$"
    expect_said "^results: $tmp/$1$"
    expect_nothing_left
}

how=(SHIM_PATH='\.h5$' SHIM_ACTION=flip SHIM_OFFSET=-4)
damaged sec2
"$python" "$tmp/look.py" "$tmp/sec2/results.csv" 15 0xff >/dev/null
how=(SHIM_PATH='\.h5$' SHIM_ACTION=flip SHIM_OFFSET=-61)
damaged highest_byte
"$python" "$tmp/look.py" "$tmp/highest_byte/results.csv" 0 0xff000000 >/dev/null

# An element that holds what belongs to its neighbour.
how=(SHIM_PATH='\.h5$' SHIM_ACTION=copy SHIM_OFFSET=-8 SHIM_COPY=4)
damaged off_by_one
"$python" "$tmp/look.py" "$tmp/off_by_one/results.csv" 14 >"$tmp/neighbours"
how=(SHIM_PATH='\.h5$' SHIM_ACTION=flip SHIM_OFFSET=-4)
damaged neighbour
"$python" "$tmp/look.py" "$tmp/neighbour/results.csv" 15 >>"$tmp/neighbours"
awk 'NR == 1 { found = $2 } NR == 2 && $1 != found { exit 1 }' "$tmp/neighbours" || fail "not the neighbour's value: $(cat "$tmp/neighbours")"

# A shared file, under both MPI-IO components.
sed -i 's/driver: sec2/driver: mpio/' "$tmp/two.yaml"
for io in ompio romio321; do
    how=(SHIM_PATH='\.h5$' SHIM_ACTION=flip SHIM_OFFSET=-4 OMPI_MCA_io="$io")
    for mode in collective independent; do
        damaged "$io-$mode" --set mode=$mode
        "$python" "$tmp/look.py" "$tmp/$io-$mode/results.csv" 15 0xff >/dev/null
    done
done

capture "$H5ROOF" show "$tmp/ompio-collective"
expect_code 0
expect_said 'element \[7, 15\] of rank 1: expected'

# Where nobody looks nothing is found: the shim works on what is verified, and the row says that it was not.
capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_TIMES=1 SHIM_RANK=1 "${how[@]}" \
    "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/two.yaml" --scratch "$tmp/scratch" --out "$tmp/blind" --set verify=false
expect_code 0
[ "$(count_rows "$tmp/blind/results.csv" status=ok 'quality~\bunverified\b')" -gt 0 ] || fail "not marked as unverified"
