#!/usr/bin/env bash
# A file as HDF5's own tools see it: h5dump reads type, chunks, filters and values, h5stat counts what is stored.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
command -v h5dump >/dev/null || skip "no h5dump"
command -v h5stat >/dev/null || skip "no h5stat"
make_tmp

cat >"$tmp/dump.yaml" <<'YAML'
suite: dump
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [6, 8], data: ramp}
cases:
  - {name: filtered, dtype: i32, layout: chunked, chunk: [4, 5], filter: "shuffle+deflate:4+fletcher32", libver: latest}
  - {name: big, dtype: f64, byte_order: big, driver: sec2}
YAML
capture "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/dump.yaml" --scratch "$tmp/scratch" --out "$tmp/out" --keep
expect_code 0

# id_of CASE: its case_id, which names its files
id_of()
{
    cells "$tmp/out/results.csv" case_id case="$1" | sort -u
}

# expect FILE-PATTERN COMMAND...: the command's output has a line that matches
expect()
{
    local pattern=$1
    shift
    capture "$@"
    expect_code 0
    grep -Eq -- "$pattern" "$tmp/said/stdout" || complain "nothing matches '$pattern'"
}

filtered=$(echo "$tmp"/scratch/h5roof-*/"$(id_of filtered)".h5)
expect 'DATATYPE  H5T_STD_I32LE' h5dump -p -H "$filtered"
expect 'SIMPLE \{ \( 6, 8 \) / \( 6, 8 \) \}' h5dump -p -H "$filtered"
expect 'CHUNKED \( 4, 5 \)' h5dump -p -H "$filtered"
expect 'PREPROCESSING SHUFFLE' h5dump -p -H "$filtered"
expect 'COMPRESSION DEFLATE \{ LEVEL 4 \}' h5dump -p -H "$filtered"
expect 'CHECKSUM FLETCHER32' h5dump -p -H "$filtered"
expect 'layout counts\[CHUNKED\]: 1$' h5stat "$filtered"
for name in GZIP SHUFFLE FLETCHER32; do
    expect "$name filter: 1$" h5stat "$filtered"
done

# The ramp counts the elements of the whole dataset from 0 in C order.
capture h5dump -y -w 1 -d /data "$filtered"
expect_code 0
[ "$(sed -n '/DATA {/,/}/p' "$tmp/said/stdout" | tr -dc '0-9\n' | sed '/^$/d')" = "$(seq 0 47)" ] || complain "not 0 ... 47"

# A file per rank: each holds its rows, big-endian.
for rank in 0 1; do
    share=$(echo "$tmp"/scratch/h5roof-*/"$(id_of big)".00000$rank.h5)
    expect 'DATATYPE  H5T_IEEE_F64BE' h5dump -p -H "$share"
    capture h5dump -y -w 1 -d /data "$share"
    expect_code 0
    [ "$(sed -n '/DATA {/,/}/p' "$tmp/said/stdout" | tr -dc '0-9\n' | sed '/^$/d')" = \
        "$(seq $((24 * rank)) $((24 * rank + 23)))" ] || complain "rank $rank holds other rows"
done
