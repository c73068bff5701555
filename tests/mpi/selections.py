#!/usr/bin/env python3
# timeout: 300
# needs: numpy h5py
"""The workload select: which elements changed in the file, as h5py reads it; every way to say a mask changes the same ones."""

import math

import numpy

from files import DRIVERS, assemble, equal, shape_of
from geometry import SIZES, share
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPE = [9, 46]
REGULAR = ["range", "stride", "block"]
WAYS = ["points", "union", "chain", "rmw"]
BLOCK = 4


def columns(kind, width, one_in):
    """The columns that a regular selection picks of a row."""
    wanted = -(-width // one_in)
    if kind == "range":
        first = (width - wanted) // 2
        return list(range(first, first + wanted))
    if kind == "stride":
        return list(range(0, width, one_in))
    block = min(BLOCK, width)
    return [c for c in range(width) if c // block % one_in == 0 and c - c % block + block <= width]


def cases(ranks):
    for number, store in enumerate([*DRIVERS, {"driver": "core"}]):
        common = {**store, "dtype": ["f64", "f32", "i32"][number % 3]}
        common.setdefault("decomposition", ["slab", "block", "interleaved"][(number + ranks) % 3])
        yield {**common, "name": f"{number}-before", "workload": "slab"}
        common["workload"] = "select"
        sweep = {"selection": [*REGULAR, "list", "points"], "memory_selection": ["dense", "strided"]}
        yield {**common, "name": f"{number}", "one_in": 3, "sweep": sweep}
        yield {
            **common,
            "name": f"{number}-mask",
            "selection": "mask",
            "one_in": 4,
            "sweep": {"mask_as": WAYS},
        }
        sweep = {"selection": ["list", "points", "block"], "one_in": [1, 100]}
        yield {**common, "name": f"{number}-empty", "empty_ranks": "odd", "sweep": sweep}


def more_cases():
    """Chunks, filters, other types in the file, other numbers of dimensions."""
    common = {"workload": "select", "one_in": 3}
    for name, store in {"mpio": {"driver": "mpio"}, "sec2": {"driver": "sec2"}}.items():
        for kind, factors in {
            "chunked": {"layout": "chunked", "chunk": [4, 5]},
            "filtered": {"layout": "chunked", "chunk": [4, 5], "filter": "shuffle+deflate:6"},
            "types": {"dtype": "f64", "file_dtype": "f32"},
            "line": {"shape": [200]},
            "cube": {"shape": [4, 3, 17]},
        }.items():
            yield {**store, **factors, "name": f"{name}-{kind}-before", "workload": "slab"}
            sweep = {"selection": [*REGULAR, "list", "points"]}
            yield {**common, **store, **factors, "name": f"{name}-{kind}", "sweep": sweep}
            sweep = {"mask_as": WAYS}
            yield {
                **common,
                **store,
                **factors,
                "name": f"{name}-{kind}-mask",
                "selection": "mask",
                "sweep": sweep,
            }


def check_share(row, changed, name):
    """changed: of one rank's share, true where the file has a new value."""
    width, one_in, kind = changed.shape[-1], int(row["one_in_count"]), row["selection"]
    rows = changed.reshape(-1, width)
    if kind in REGULAR:
        expected = numpy.zeros(width, bool)
        expected[columns(kind, width, one_in)] = True
        check((rows == expected).all(), f"{name}: other elements changed:\n{rows}")
    elif kind == "list":
        check((rows == rows[0]).all(), f"{name}: not the same columns in all rows:\n{rows}")
        same(int(rows[0].sum()), -(-width // one_in), f"columns of {name}")
    elif kind == "points":
        same(int(changed.sum()), -(-changed.size // one_in), f"points of {name}")


def check_case(run, row, before, after):
    name = f"{row['case']} with {run.ranks} ranks"
    shape, changed = shape_of(row["shape"]), before != after
    for rank in range(run.ranks):
        own = changed[share(shape, row["decomposition"], run.ranks, rank)]
        if row["empty_ranks"] == "odd" and rank % 2 == 1:
            check(not own.any(), f"{name}: rank {rank} has changed something")
        elif own.size > 0:
            check_share(row, own, name)
    for operation in ("read", "write_selected"):
        of = run.of(operation)[row["case"]]
        same(
            int(of["payload_bytes"]),
            int(changed.sum()) * SIZES[row["dtype"]],
            f"payload, {operation} of {name}",
        )
    shared = row["driver"] == "mpio"
    files = (
        run.ranks
        if shared
        else len(run.files(row, {"family": ".00000.h5", "split": "-m.h5"}.get(row["driver"], ".h5")))
    )
    twice = 2 if row["mask_as"] == "rmw" else 1
    same(int(row["calls_count"]), files * twice, f"calls of {name}")
    if shared and row["mode"] == "collective" and row["file_dtype"] == "same" and row["filter"] == "none":
        calls = int(row["mpiio_write_coll_count"])
        check(calls >= run.ranks and calls % run.ranks == 0, f"{calls} collective writes of {name}")
        whole = math.prod(shape) * SIZES[row["dtype"]]
        moved = int(row["mpiio_write_bytes"]) - (
            whole if twice == 2 and changed.any() else int(row["payload_bytes"])
        )
        check(0 <= moved < 4096, f"{moved} bytes more than the payload were written by {name}")


def check_all(suite, ranks, where):
    run = Run(
        {"seed": 5, "defaults": {"shape": SHAPE, "data": "random"}, "cases": suite}, ranks, where, keep=True
    )
    expect_skipped(run, {})
    writes, masks, done = run.of("write"), {}, 0
    for name, row in run.of("write_selected").items():
        if row["driver"] == "core" and row["core_backing"] == "false":
            continue
        stem = name.split("/")[0]
        before = assemble(run, writes[stem.removesuffix("-mask").removesuffix("-empty") + "-before"])
        after = assemble(run, row)
        check_case(run, row, before, after)
        if row["selection"] == "mask":
            equal(
                after,
                masks.setdefault(stem, after),
                f"{name} with {ranks} ranks, against other ways to say it",
            )
            share_of_all = (before != after).mean()
            check(0.1 < share_of_all < 0.5, f"{name}: {share_of_all} of all elements were picked")
        done += 1
    check(done > 30, f"only {done} files were looked at")
    print(f"{ranks} ranks: {done} selections are right")


def check_refused(where):
    common = {"workload": "select", "shape": SHAPE, "driver": "sec2"}
    suite = [
        {**common, "name": "posix", "driver": "posix"},
        {**common, "name": "chain", "shape": [1000, 1000], "selection": "mask", "mask_as": "chain"},
        {**common, "name": "strided", "selection": "mask", "mask_as": "rmw", "memory_selection": "strided"},
        {**common, "name": "line", "shape": [50], "decomposition": "interleaved"},
    ]
    run = Run({"cases": suite}, 1, where)
    reasons = {
        "posix": "needs HDF5",
        "chain": "quadratic",
        "strided": "without a selection of memory",
        "line": "no columns",
    }
    expect_skipped(run, {name: [reason] for name, reason in reasons.items()})


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(list(cases(ranks)), ranks, where)
        check_all(list(more_cases()), 2, where)
        check_refused(where)


if __name__ == "__main__":
    main()
