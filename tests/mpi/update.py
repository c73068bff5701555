#!/usr/bin/env python3
# timeout: 300
# needs: numpy h5py
"""The workload update: what the files hold afterwards, as h5py reads them, and what was counted on the way."""

import itertools
import math
import os

import numpy

from files import DRIVERS, FOREIGN, RAW, assemble, equal, read_raw
from geometry import SIZES, counts, share, traffic
from h5run import SANITIZED, Run, check, directory, expect_skipped, notes_of, same

SHAPE = [23, 11]
ACCESSES = ["element", "row", "whole", "100B"]
KEPT_ONLY = [{"driver": "core"}, {"driver": "memory"}]  # verified by the program, gone before we can look


def stores(raw):
    return [*DRIVERS, *(RAW if raw else [])]


def cases(ranks):
    """For every store the data before (slab), all accesses, and the selection of the negatives."""
    for number, store in enumerate([*stores(True), *KEPT_ONLY]):
        common = {**store, "dtype": ["f32", "f64", "i16", "i8"][number % 4]}
        if "decomposition" not in common:
            common["decomposition"] = ["slab", "block", "interleaved"][(number + ranks) % 3]
        yield {**common, "name": f"{number}-before", "workload": "slab"}
        yield {**common, "name": f"{number}", "workload": "update", "sweep": {"access": ACCESSES}}
        if store not in RAW and store["driver"] != "memory":
            yield {**common, "name": f"{number}-negative", "workload": "update", "update": "negative"}


def more_cases():
    """Chunks, filters, byte orders and types that differ between memory and file."""
    for name, store in {"mpio": {"driver": "mpio"}, "sec2": {"driver": "sec2"}}.items():
        for kind, factors in {
            "chunked": {"layout": "chunked", "chunk": [4, 5]},
            "filtered": {"layout": "chunked", "chunk": [4, 5], "filter": "shuffle+deflate:6"},
            "order": {"byte_order": FOREIGN},
            "types": {"dtype": "f64", "file_dtype": "f32"},
        }.items():
            common = {**store, **factors}
            yield {**common, "name": f"{name}-{kind}-before", "workload": "slab"}
            yield {
                **common,
                "name": f"{name}-{kind}",
                "workload": "update",
                "sweep": {"access": ["row", "whole"]},
            }
            yield {**common, "name": f"{name}-{kind}-negative", "workload": "update", "update": "negative"}


def is_collective(row):
    return row["driver"] in ("mpio", "mpiio") and row["files"] != "per_rank" and row["mode"] == "collective"


def contents(run, row):
    return assemble(run, row) if row["store"] == "hdf5" else read_raw(run, row)


def pieces_with_negatives(row, ranks, before):
    """Pieces of all ranks that hold a negative element; pieces are runs of the shares."""
    size, found = SIZES[row["dtype"]], 0
    for rank in range(ranks):
        own = before[share(SHAPE, row["decomposition"], ranks, rank)]
        if own.size == 0:
            continue
        length = {"element": 1, "row": own.shape[1]}.get(row["access"])
        if length is None:  # 100 B: whole rows while they fit, else parts of one
            budget = 100 // size
            rows = budget // own.shape[1]
            length = rows * own.shape[1]
            if rows == 0:
                found += sum(
                    numpy.any(line[i : i + budget] < 0) for line in own for i in range(0, len(line), budget)
                )
                continue
        flat = own.reshape(-1)
        found += sum(bool(numpy.any(flat[i : i + length] < 0)) for i in range(0, len(flat), length))
    return found


def check_counts(row, ranks, before):
    name, size = f"{row['case']} with {ranks} ranks", SIZES[row["dtype"]]
    access = row["access"]
    calls, pieces, _ = traffic(SHAPE, row["decomposition"], ranks, access, size, is_collective(row), 0)
    same(int(row["payload_bytes"]), math.prod(SHAPE) * size, f"payload of {name}")
    same(row["quality"].split(";").count("bounded"), 0, f"bounded in {name}")
    owners = sum(0 not in counts(SHAPE, row["decomposition"], ranks, r) for r in range(ranks))
    if row["update"] == "negative":
        writes = (
            ranks if is_collective(row) or row["files"] == "shared" or row["driver"] == "mpio" else owners
        )
    elif row["access"] == "whole" or is_collective(row):
        writes = calls
    else:
        writes = pieces_with_negatives(row, ranks, before)
    same(int(row["calls_count"]), calls + writes, f"calls of {name}")


def check_all(suite, ranks, where):
    run = Run(
        {"seed": 5, "defaults": {"shape": SHAPE, "data": "random"}, "cases": suite}, ranks, where, keep=True
    )
    expect_skipped(run, {})
    writes, updates = run.of("write"), run.of("update")
    for name, row in updates.items():
        if row["driver"] == "memory" or (row["driver"] == "core" and row["core_backing"] == "false"):
            continue
        before = contents(run, writes[name.split("/")[0].removesuffix("-negative") + "-before"])
        check(numpy.any(before < 0) and numpy.any(before > 0), f"{name}: the data have one sign only")
        equal(contents(run, row), numpy.maximum(before, 0), f"{name} with {ranks} ranks")
        check_counts(row, ranks, before)
    check(len(updates) > 20, f"only {len(updates)} updates")
    print(f"{ranks} ranks: {len(updates)} updates are right")


def check_bytes(where):
    """Through a serial driver: what the kernel was asked for is what the selection says, to the byte."""
    common = {"driver": "posix", "shape": [8, 64], "dtype": "f32", "data": "random"}
    suite = [
        {**common, "name": "before", "workload": "slab"},
        {**common, "name": "posix", "workload": "update", "sweep": {"access": ["element", "row", "whole"]}},
    ]
    run = Run({"seed": 5, "cases": suite}, 1, where, keep=True)
    before = read_raw(run, run.of("write")["before"])
    negatives = int(numpy.sum(before < 0))
    check(0 < negatives < before.size, "the data have one sign only")
    for name, row in run.of("update").items():
        written = 4 * negatives if name.endswith("element") else before.nbytes
        same(
            (int(row["os_read_bytes"]), int(row["os_write_bytes"])),
            (before.nbytes, written),
            f"bytes of {name}",
        )
        same(
            int(row["os_write_count"]),
            {"element": negatives, "row": 8, "whole": 1}[row["access"]],
            f"writes of {name}",
        )


def check_bounded(where):
    """The first pieces of every rank are updated, the rest stays as it was."""
    for ranks, mode in itertools.product((1, 3), ("collective", "independent")):
        common = {"driver": "mpio", "mode": mode, "shape": SHAPE, "dtype": "f32", "data": "random"}
        suite = [
            {**common, "name": "before", "workload": "slab"},
            {**common, "name": "cut", "workload": "update", "access": "element", "max_ops": 50},
        ]
        run = Run({"seed": 5, "cases": suite}, ranks, where, keep=True)
        row = run.of("update")["cut"]
        expected = contents(run, run.of("write")["before"])
        totals = math.prod(SHAPE) + (
            math.prod(SHAPE) if mode == "collective" else int(numpy.sum(expected < 0))
        )
        for rank in range(ranks):
            own = expected[share(SHAPE, "slab", ranks, rank)].reshape(-1)  # a view
            own[:50] = numpy.maximum(own[:50], 0)
        equal(contents(run, row), expected, f"bounded with {ranks} ranks, {mode}")
        same(int(row["payload_bytes"]), 4 * 50 * ranks, "payload of a bounded update")
        same(int(row["total_calls_count"]), totals, f"calls without the bound, {mode}")
        check("bounded" in row["quality"].split(";"), f"not marked as bounded: {row['quality']}")


def check_note(where):
    """Every pwrite takes 2 ms: 64 or so of them for the elements, 2 for the rows, and the note says so."""
    late = {
        "LD_PRELOAD": os.path.join(os.environ["H5ROOF_BUILD"], "tests", "shim_fault.so"),
        "SHIM_PATH": r"\.bin$",
        "SHIM_CALL": "write",
        "SHIM_ACTION": "delay",
        "SHIM_DELAY": "2000",
    }
    common = {"workload": "update", "driver": "posix", "shape": [2, 64], "dtype": "f32", "data": "random"}
    run = Run(
        {"cases": [{**common, "name": "a", "sweep": {"access": ["element", "row"]}}]}, 1, where, env=late
    )
    said = notes_of(run.out)
    check("element_wise" in said["a/access=element", "update"], f"no note: {said}")
    for case in (("a/access=element", "write"), ("a/access=row", "update"), ("a/access=row", "write")):
        check("element_wise" not in said[case], f"a note where there is no call per element: {said}")


def check_refused(where):
    suite = [
        {
            "name": store["driver"] + str(i),
            **store,
            "workload": "update",
            "update": "negative",
            "shape": SHAPE,
        }
        for i, store in enumerate([*RAW, {"driver": "memory"}])
    ]
    run = Run({"cases": suite}, 1, where)
    expect_skipped(run, {case["name"]: ["no selection of single elements"] for case in suite})


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(list(cases(ranks)), ranks, where)
        check_all(list(more_cases()), 2, where)
        check_bytes(where)
        check_bounded(where)
        check_refused(where)
        if not SANITIZED:  # the shim would be loaded before the sanitizer
            check_note(where)


if __name__ == "__main__":
    main()
