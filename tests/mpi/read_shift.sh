#!/usr/bin/env bash
# Shifted readers read the share of another rank, on several nodes such that no node reads what it wrote. That it is
# really another's is seen from a flipped byte: who finds it, and where.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp

# column NAME DIR: the values that the read rows have there, each once
column()
{
    cells "$2/results.csv" "$1" operation=read | sort -u | paste -sd' '
}

# expect_column NAME DIR VALUES
expect_column()
{
    local found
    found=$(column "$1" "$2")
    [ "$found" = "$3" ] || complain "$1 is '$found', not '$3'"
}

# Uneven shares, ranks that write nothing and read something, several calls, padded ones, and each kind of store.
cat >"$tmp/shapes.yaml" <<'YAML'
suite: shapes
repeat: {warmup: 0, min: 1, max: 1}
defaults: {data: random, dtype: i32, family_member: 2KiB}
cases:
  - name: uneven
    shape: [7, 33]
    sweep:
      decomposition: [slab, block, interleaved]
      access: [row, whole]
      driver: [mpio, sec2, stdio, family, split, mpiio, posix]
  - name: few_rows
    shape: [3, 5]
    sweep:
      mode: [collective, independent]
      driver: [mpio, mpiio, sec2, posix]
  - name: own_files
    shape: [7, 5]
    files: per_rank
    sweep: {driver: [mpiio, posix]}
  - {name: core_backed, shape: [7, 5], driver: core, core_backing: true}
  - {name: filtered, shape: [8, 32], layout: chunked, chunk: [2, 8], filter: "shuffle+deflate:1"}
YAML
for ranks in 2 3 4; do
    for ((shift = 1; shift < ranks; shift += 2)); do
        out=$tmp/shapes-$ranks-$shift
        capture "$MPIRUN" --timeout 100 -n $ranks "$H5ROOF" run "$tmp/shapes.yaml" --scratch "$tmp/scratch" \
            --out "$out" --set read_shift=$shift --set cache=cold
        expect_code 0
        expect_column status "$out" ok
        expect_column read_shift_count "$out" $shift
        expect_column read_own_node_frac "$out" 1
        expect_nothing_left
    done
done

# A suite that asks for nothing is not shifted on one node; a full turn is none.
capture "$MPIRUN" --timeout 100 -n 2 "$H5ROOF" run "$tmp/shapes.yaml" --scratch "$tmp/scratch" --out "$tmp/auto" --only few
expect_code 0
expect_column read_shift_count "$tmp/auto" 0
capture "$MPIRUN" --timeout 100 -n 2 "$H5ROOF" run "$tmp/shapes.yaml" --scratch "$tmp/scratch" --out "$tmp/turn" --only few \
    --set read_shift=2
expect_code 0
expect_column read_shift_count "$tmp/turn" 0

# What is only in memory has no other reader.
capture "$H5ROOF" plan "$tmp/shapes.yaml" --ranks 2 --set driver=memory --set read_shift=1 --only few
expect_said 'driver memory keeps nothing in a file that another rank could read'

# flipped DRIVER RANKS SHIFT FILE RANK FOUND: the last byte of FILE is flipped when RANK opens it for reading.
flipped()
{
    cat >"$tmp/flip.yaml" <<YAML
suite: flip
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: it, driver: $1, shape: [7, 16], dtype: i32, data: random, read_shift: $3}]
YAML
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_ACTION=flip SHIM_TIMES=1 \
        SHIM_PATH="$4" SHIM_OFFSET=-1 SHIM_RANK="$5" \
        "$MPIRUN" --timeout 60 "${launcher[@]}" -n "$2" "$H5ROOF" run "$tmp/flip.yaml" --scratch "$tmp/scratch" --out "$tmp/flip"
    expect_code 1
    expect_mismatch "$tmp/flip" read "^element $6: expected"
    expect_nothing_left
    rm -rf "$tmp/flip"
}
launcher=()
flipped sec2 2 1 '\.000000\.h5$' 1 '\[3, 15\] of rank 0, read by rank 1'
flipped sec2 3 1 '\.000002\.h5$' 1 '\[6, 15\] of rank 2, read by rank 1'
flipped sec2 3 2 '\.000002\.h5$' 0 '\[6, 15\] of rank 2, read by rank 0'
flipped mpio 3 1 '\.h5$' 1 '\[6, 15\] of rank 2, read by rank 1'
flipped mpio 2 0 '\.h5$' 1 '\[6, 15\] of rank 1'

# Several nodes: the launcher starts a daemon on each through an agent, which gives it another host name here.
cat >"$tmp/agent" <<'END'
#!/usr/bin/env bash
exec unshare --uts bash -c 'hostname "$0" && exec bash -c "$1"' "$1" "${*:2}"
END
chmod +x "$tmp/agent"
"$MPIRUN" --version | grep -q 'Open MPI' || skip "nodes are made with the mpirun of Open MPI; the rest passed"
"$tmp/agent" other true 2>/dev/null || skip "no right to give a process another host name; the rest passed"

cat >"$tmp/nodes.yaml" <<'YAML'
suite: nodes
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: it, shape: [6, 5], data: random, cache: cold, sweep: {driver: [mpio, sec2]}}]
YAML

# nodes HOSTS RANKS SHIFT FRACTION [LAUNCHER'S OPTION...]
nodes()
{
    # these nodes share their cores, which the launcher cannot know
    launcher=(--mca plm_rsh_agent "$tmp/agent" --mca mpi_yield_when_idle 1 --host "$1" "${@:5}")
    rm -rf "$tmp/nodes"
    capture "$MPIRUN" --timeout 100 "${launcher[@]}" -n "$2" "$H5ROOF" run "$tmp/nodes.yaml" --scratch "$tmp/scratch" \
        --out "$tmp/nodes"
    expect_code 0
    expect_column status "$tmp/nodes" ok
    expect_column read_shift_count "$tmp/nodes" "$3"
    expect_column read_own_node_frac "$tmp/nodes" "$4"
    expect_nothing_left
}
nodes a:2,b:2 4 2 0
flipped sec2 4 auto .000001.h5 3 '\[3, 15\] of rank 1, read by rank 3'
nodes a:2,b:2 4 2 0 --map-by node
flipped sec2 4 auto .000001.h5 0 '\[3, 15\] of rank 1, read by rank 0'
nodes a:2,b:1,c:1 4 2 0
nodes a:3,b:1 4 3 0.5
