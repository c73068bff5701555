#!/usr/bin/env python3
# long: every suite
# once: counts, which a sanitizer does not change
# timeout: 600
"""`plan --csv` before a run against the columns of its results.csv: exactly the same, case by case, operation by operation."""

import csv
import glob
import io
import os
import subprocess

from h5run import H5ROOF, SANITIZED, Run, check, directory, same

MEMORY = "/dev/shm"
RANKS = (3,) if SANITIZED else (1, 2, 4)
LITTLE, MOST_LINES = 16 << 20, 130  # bytes of payload, and operations, of a suite that is run here

# Every workload with what changes its calls: drivers that share and that do not, modes, bounds, shares that are empty.
STORES = [
    {"driver": "mpio", "mode": "collective"},
    {"driver": "mpio", "mode": "independent"},
    {"driver": "sec2"},
    {"driver": "core"},
    {"driver": "mpiio"},
    {"driver": "posix"},
]
CHUNKED = {"layout": "chunked", "chunk": [2, 2]}
VARIANTS = {
    "slab": [
        {"sweep": {"access": ["element", "row", "whole", "24B"]}},
        {"access": "row", "sweep": {"decomposition": ["block", "interleaved"]}},
        {"shape": [3, 5], "sweep": {"access": ["row", "whole"]}},
        {"max_ops": 3, "access": "element"},
        {"scaling": "weak", "shape": [2, 6], "access": "row"},
        {"ranks": 1, "access": "row"},
        {"halo": 1},
        {"access": "row", "sweep": {"memory": ["other_rank", "strided", "field", "transposed"]}},
        {"decomposition": "replicated"},
        {"layout": "compact", "decomposition": "replicated"},
        {"dtype": "f32", "file_dtype": "f64", "access": "row"},
        {"sweep": {"read_decomposition": ["slab", "block", "interleaved", "replicated"]}},
        {"read_decomposition": "replicated", "replicated_reads": "bcast", "read_access": "row"},
        {"write_ranks": 1, "access": "row"},
        {"file_count": 3, "sweep": {"existing": ["none", "overwrite"]}},
        {
            "read_ranks": 1,
            "sweep": {"read_access": ["row", "30B"], "read_mode": ["collective", "independent"]},
        },
    ],
    "update": [
        {"data": "random", "sweep": {"access": ["element", "row", "whole", "24B"]}},
        {"data": "random", "access": "row", "max_ops": 2},
        {"data": "random", "update": "negative"},
        {"data": "ramp", "access": "row"},
        {"data": "smooth", "access": "element"},
        {"data": "random", "shape": [3, 5], "access": "row"},
        {"data": "random", "shape": [3, 5], "update": "negative"},
        {"data": "random", "dtype": "u8", "access": "row"},
    ],
    "allocate": [{}, {**CHUNKED, "access": "row"}, {"touch": [5, 2]}, {"shape": [3, 5]}],
    "convert": [
        {"file_dtype": "f32"},
        {"file_dtype": "f32", "convert_by": "program", "access": "row"},
        {"dtype": "i16", "file_dtype": "i64", "byte_order": "big"},
        {"shape": [3, 5], "byte_order": "big"},
    ],
    "tile": [
        {"shape": [5, 6, 4]},
        {"shape": [5, 6, 4], "tile": [2, 3], "order": "random"},
        {"shape": [5, 6, 4], "tile": [2, 3], "max_ops": 3},
        {"shape": [3, 6, 4], "tile": [3]},
    ],
    "resize": [
        {**CHUNKED, "sweep": {"append": [1, 4, 100], "grow": ["rows", "both"]}},
        {**CHUNKED, "shape": [3, 5], "append": 1, "chunk": [64, 2]},
        {**CHUNKED, "append": 4, "grow_dim": 1, "sweep": {"decomposition": ["slab", "block", "interleaved"]}},
        {**CHUNKED, "append": 2, "grow": "both", "decomposition": "block"},
        {**CHUNKED, "append": 2, "flush_every": 2, "reopen_every": 3},
    ],
    "select": [
        {"sweep": {"selection": ["range", "stride", "block", "list", "points", "mask"], "one_in": [2, 7]}},
        {"selection": "mask", "sweep": {"mask_as": ["union", "chain", "rmw"]}},
        {"selection": "mask", "empty_ranks": "odd"},
        {"selection": "points", "memory_selection": "strided", "shape": [3, 5]},
    ],
    "particles": [
        {"shape": [23], "variables": 3, "steps": 2},
        {"shape": [3], "variables": 2, "steps": 1},
        {"shape": [23], "variables": 2, "steps": 2, "access": "element", "max_ops": 4},
    ],
    "metadata": [
        {"objects": 11, "sweep": {"kind": ["group", "dataset", "attribute", "soft", "hard"]}},
        {"objects": 11, "attributes": 2, "tree": "stations"},
        {"objects": 11, "attributes": 2, "attribute_elements": 3, "attribute_type": "vlen_string"},
        {"objects": 11, "kind": "dataset", "scales": 3},
    ],
    "pieces": [
        {"shape": [97, 2], "pieces": 5, "sweep": {"pieces_as": ["single", "union", "packed"]}},
        {"shape": [97, 2], "pieces": 5, "max_ops": 2},
        {"shape": [3, 2], "pieces": 4, "sweep": {"pieces_as": ["single", "union", "packed"]}},
    ],
    "records": [
        {"sweep": {"record": ["whole", "field", "datasets"], "access": ["row", "whole"]}},
        {"shape": [3, 5], "sweep": {"record": ["whole", "field", "datasets"]}},
        {"record": "field", "access": "row", "max_ops": 2},
        {"record": "datasets", "decomposition": "interleaved", "empty_ranks": "odd"},
    ],
    "types": [
        {
            "dtype": "u8",
            "sweep": {
                "element": ["number", "enum", "string", "vlen_string", "vlen"],
                "access": ["row", "whole"],
            },
        },
        {"dtype": "i8", "element": "bool", "access": "element"},
        {"dtype": "f64", "element": "vlen", "access": "row", "max_ops": 2},
        {"dtype": "f64", "element": "vlen", "shape": [3, 5]},
    ],
    "open": [{"sweep": {"opening": ["r", "r+", "w", "w-", "a"], "opens": [1, 3]}}],
    "filter": [
        {**CHUNKED, "filter": "deflate:1", "access": "whole"},
        {**CHUNKED, "filter": "shuffle+deflate:1", "write_by": "direct"},
        {**CHUNKED, "filter": "fletcher32", "access": "row"},
        {**CHUNKED, "shape": [3, 5], "filter": "deflate:1", "write_by": "direct"},
    ],
}


def cases_of(workload, variants):
    cases = []
    for s, store in enumerate(STORES):
        for v, variant in enumerate(variants):
            cases.append({"name": f"{workload}-{s}-{v}", "workload": workload, **store, **variant})
    return cases


def planned(path, ranks, options=()):
    command = [H5ROOF, "plan", path, "--ranks", str(ranks), "--csv", *options]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return list(csv.DictReader(io.StringIO(done.stdout), strict=True))


COUNTED = ("ranks", "calls_count", "payload_bytes", "objects_count")


def compare(run, plan, what):
    """Every operation that ran was planned, with the same counts, and the other way round."""
    found = {
        (row["case_id"], row["operation"]): tuple(row[name] for name in COUNTED)
        for row in run.rows
        if row["status"] == "ok"
    }
    expected = {
        (row["case_id"], row["operation"]): tuple(row[name] for name in COUNTED)
        for row in plan
        if row["operation"]
    }
    names = {row["case_id"]: row["case"] for row in plan}
    same(sorted(set(found)), sorted(set(expected)), f"operations of {what}")
    for key, counts in found.items():
        same(expected[key], counts, f"{what}: {COUNTED} of {names[key[0]]}, {key[1]}: planned and counted")
    same([row["case"] for row in plan if row["estimated"] == "true"], [], f"{what}: estimated")
    skipped = {row["case"]: row["reason"] for row in plan if row["reason"]}
    same(run.skipped(), skipped, f"skipped in {what}")
    return len(found)


def every_workload(where, scratch):
    listed = subprocess.run([H5ROOF, "list", "workloads"], check=True, capture_output=True, text=True)
    workloads = [line.split()[0] for line in listed.stdout.splitlines()]
    same(sorted(VARIANTS), sorted(workloads), "workloads that are tried here")
    defaults = {"shape": [13, 6]}
    for ranks in RANKS:
        compared = 0
        for workload in workloads:
            cases = cases_of(workload, VARIANTS[workload])
            run = Run(
                {"seed": 7, "roofs": "none", "defaults": defaults, "cases": cases},
                ranks,
                where,
                scratch=scratch,
            )
            plan = planned(os.path.join(where, "suite.yaml"), ranks)
            ran = compare(run, plan, f"{workload}, {ranks} ranks")
            check(ran > 0, f"no case of {workload} runs with {ranks} ranks")
            compared += ran
        print(f"{ranks} ranks: {compared} operations of {len(workloads)} workloads are as planned")


def small_suites(where, scratch):
    """The suites that come with the program, as they are, where they move little."""
    once = ["--set", "repeat.warmup=0", "--set", "repeat.min=1", "--set", "repeat.max=1"]
    tried = []
    for path in sorted(glob.glob(os.path.join(os.environ["H5ROOF_SOURCE"], "configs", "*.yaml"))):
        plan = planned(path, 2, once)
        if sum(int(row["payload_bytes"] or 0) for row in plan) > LITTLE or len(plan) > MOST_LINES:
            continue
        compare(Run(path, 2, where, options=[*once, "--roofs", "none"], scratch=scratch), plan, path)
        tried.append(os.path.basename(path))
    check("update.yaml" in tried and "open.yaml" in tried, f"only {tried} are small")
    print(f"as planned: {', '.join(tried)}")


def chance_of_much(where):
    """What chance decides is not looked at beyond a bound, and then said to be estimated; sums stay sums."""
    path = os.path.join(where, "much.yaml")
    for workload, more in (
        ("update", "access: row, mode: independent, data: random"),
        ("select", "selection: mask"),
    ):
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                f"suite: much\ncases: [{{name: a, workload: {workload}, shape: [20000, 20000], {more}}}]\n"
            )
        said = [row["estimated"] for row in planned(path, 2)]
        check("true" in said and said[0] == "false", f"{workload}: estimated is {said}")
    with open(path, "w", encoding="utf-8") as file:
        file.write("suite: much\ncases: [{name: a, shape: [100000, 10], access: row, mode: independent}]\n")
    rows = planned(path, 10000)
    same([row["calls_count"] for row in rows], ["100000", "100000"], "rows of 10000 ranks")
    same([row["payload_bytes"] for row in rows], ["8000000", "8000000"], "bytes of 10000 ranks")


def main():
    scratch = MEMORY if os.access(MEMORY, os.W_OK) else None  # syncing takes long elsewhere
    with directory() as where:
        chance_of_much(where)
        every_workload(where, scratch)
        if not SANITIZED:
            small_suites(where, scratch)


if __name__ == "__main__":
    main()
