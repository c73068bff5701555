#!/usr/bin/env python3
# needs: numpy h5py
"""The factor memory: files are the same however a share lies in memory; calls, requests and notes; what is refused."""

import itertools
import math

from files import RAW, assemble, equal
from geometry import SIZES, ramp, traffic
from h5run import SANITIZED, Run, check, directory, expect_skipped, notes_of, same

WAYS = [
    {"memory": "other_rank"},
    {"memory": "strided", "memory_stride": 3},
    {"memory": "field", "memory_fields": 2},
    {"memory": "field", "memory_fields": 5},
    {"memory": "transposed"},
]
SHAPES = [[23], [9, 11], [5, 7, 6], [2, 3, 4, 3], [2, 3, 2, 3, 2, 4]]
ACCESSES = ["element", "row", "plane", "whole", "100B"]
DRIVERS = [
    {"driver": "mpio"},
    {"driver": "mpio", "mode": "independent"},
    {"driver": "sec2"},
    {"driver": "core", "core_backing": True},
]
CHUNKED = {"shape": [9, 11], "layout": "chunked", "chunk": [2, 3]}
KINDS = [
    {**CHUNKED},
    {**CHUNKED, "filter": "shuffle+deflate:6"},
    {"shape": [9, 11], "dtype": "f64", "file_dtype": "f32", "byte_order": "big"},
]


def cases(ranks):
    turns = itertools.cycle(
        itertools.product(SHAPES, ["slab", "block", "interleaved"], ["f64", "i16", "f32", "u8"])
    )
    for (w, way), (d, driver) in itertools.product(enumerate(WAYS), enumerate(DRIVERS)):
        for access in ACCESSES[ranks % 2 :: 2] if SANITIZED else ACCESSES:
            shape, decomposition, dtype = next(turns)
            yield {
                "name": f"{w}-{d}-{access}",
                **way,
                **driver,
                "access": access,
                "shape": shape,
                "decomposition": decomposition,
                "dtype": dtype,
            }
        for k, kind in enumerate(KINDS):
            if "filter" not in kind or driver != DRIVERS[1]:  # several ranks filter only collectively
                access = ["row", "whole"][w % 2]
                yield {"name": f"{w}-{d}-kind{k}", **way, **driver, **kind, "access": access}


def tried(ranks, where):
    suite = {"roofs": "none", "defaults": {"data": "ramp"}, "cases": list(cases(ranks))}
    run = Run(suite, ranks, where, keep=True)
    expect_skipped(run, {})
    rows = run.of("write")
    for name, row in rows.items():
        shape, size = [int(n) for n in row["shape"].split("x")], SIZES[row["dtype"]]
        collective = row["driver"] == "mpio" and row["mode"] == "collective"
        calls, _, elements = traffic(shape, row["decomposition"], ranks, row["access"], size, collective)
        same(elements, math.prod(shape), f"elements of {name}")
        for moved in (row, run.of("read")[name]):
            same((int(moved["payload_bytes"]), int(moved["calls_count"])), (elements * size, calls), name)
        file_dtype = row["dtype"] if row["file_dtype"] == "same" else row["file_dtype"]
        equal(assemble(run, row), ramp(shape, row["dtype"], file_dtype), f"{name} with {ranks} ranks")
    same(len(rows), len(suite["cases"]), "cases that ran")
    print(f"{ranks} ranks: {len(rows)} cases in which memory is not dense are right")


def requests(ranks, where):
    """Independent and contiguous: one for each element that lies apart in memory; the notes say so."""
    shape = [40, 60]
    case = {"name": "m", "shape": shape, "mode": "independent"}
    case["sweep"] = {"memory": ["dense", "other_rank", "strided", "field", "transposed"]}
    run = Run({"defaults": {"data": "random"}, "cases": [case]}, ranks, where)
    said = notes_of(run.out)
    for operation in ("write", "read"):
        rows = {row["memory"]: row for row in run.of(operation).values()}
        count = {memory: int(row[f"mpiio_{operation}_indep_count"]) for memory, row in rows.items()}
        for memory, row in rows.items():
            apart = memory in ("strided", "field")
            more = math.prod(shape) - ranks if apart else 0
            same(count[memory] - count["dense"], more, f"requests of {operation}, {memory}, {ranks} ranks")
            named = "arranged" in said[row["case"], operation]
            check(named or not apart, f"{operation}, {memory}: no note: {said[row['case'], operation]}")
            check(memory != "dense" or not named, f"{operation}: a note on dense memory")


def bounded(where):
    """Only the first rows are moved, and nothing between them; all of a transposed share is copied."""
    cases = [
        {"name": f"{w}", **way, "shape": [12, 10], "access": "row", "max_ops": 2}
        for w, way in enumerate(WAYS)
    ]
    run = Run({"defaults": {"data": "ramp"}, "cases": cases}, 3, where)
    for operation in ("write", "read"):
        for name, row in run.of(operation).items():
            same(int(row["payload_bytes"]), 3 * 2 * 10 * 8, f"payload of {operation}, {name}")


def refused(where):
    """Without HDF5 there is no selection in memory; a copy needs none."""
    cases = [
        {"name": f"raw{i}", **store, "memory": "strided"}
        for i, store in enumerate([*RAW, {"driver": "memory"}])
    ]
    cases += [{"name": f"copy{i}", **store, "memory": "transposed"} for i, store in enumerate(RAW)]
    cases += [
        {"name": "halo", "memory": "field", "halo": 1},
        {"name": "call", "memory": "strided", "buffers": "call"},
    ]
    run = Run({"defaults": {"shape": [9, 11]}, "cases": cases}, 2, where)
    reasons = {case["name"]: ["no selection in memory"] for case in cases if case["name"].startswith("raw")}
    expect_skipped(run, {**reasons, "halo": ["two ways"], "call": ["calls cannot share"]})


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            tried(ranks, where)
            requests(ranks, where)
        bounded(where)
        refused(where)


if __name__ == "__main__":
    main()
