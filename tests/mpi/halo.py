"""The factor halo of the workload slab: files as h5py reads them, calls and requests counted again."""

import itertools
import math

from files import DRIVERS, RAW, assemble, equal
from geometry import SIZES, counts, ramp, traffic
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPES = [[23], [9, 11], [5, 7, 6], [2, 3, 4, 3]]
ACCESSES = ["element", "row", "plane", "whole", "100B"]
VOLATILE = [{"driver": "core"}]


def cases(ranks):
    """Every driver with every access, shapes and halos in turns; chunks, filters and conversion on two of them."""
    turns = itertools.cycle(itertools.product(SHAPES, (1, 4), ["slab", "block", "interleaved"]))
    for number, store in enumerate([*DRIVERS, *VOLATILE]):
        for access in ACCESSES[ranks % 2 :: 2] if SANITIZED else ACCESSES:
            shape, halo, decomposition = next(turns)
            yield {
                "name": f"{number}-{access}",
                **store,
                "shape": shape,
                "halo": halo,
                "decomposition": decomposition,
                "access": access,
                "dtype": ["f64", "f32", "i16"][number % 3],
            }
    kinds = {
        "chunked": {"layout": "chunked", "chunk": [2, 3]},
        "filtered": {"layout": "chunked", "chunk": [2, 3], "filter": "shuffle+deflate:6"},
        "types": {"dtype": "f64", "file_dtype": "f32", "byte_order": "big"},
    }
    for driver, (kind, factors) in itertools.product(("mpio", "sec2"), kinds.items()):
        yield {
            "name": f"{driver}-{kind}",
            "driver": driver,
            "shape": [9, 11],
            "halo": 3,
            **factors,
            "sweep": {"access": ["row", "whole"]},
        }


def shape_of(row):
    return [int(n) for n in row["shape"].split("x")]


def check_case(run, row):
    name, shape = f"{row['case']} with {run.ranks} ranks", shape_of(row)
    size = SIZES[row["dtype"]]
    collective = row["driver"] == "mpio" and row["mode"] == "collective"
    calls, _, elements = traffic(shape, row["decomposition"], run.ranks, row["access"], size, collective)
    same((int(row["payload_bytes"]), int(row["calls_count"])), (elements * size, calls), f"traffic of {name}")
    same(elements, math.prod(shape), f"elements of {name}")
    if row["driver"] != "core" or row["core_backing"] == "true":
        file_dtype = row["dtype"] if row["file_dtype"] == "same" else row["file_dtype"]
        equal(assemble(run, row), ramp(shape, row["dtype"], file_dtype), name)


def check_all(ranks, where):
    run = Run({"defaults": {"data": "ramp"}, "cases": list(cases(ranks))}, ranks, where, keep=True)
    expect_skipped(run, {})
    rows = run.of("write")
    for row in rows.values():
        check_case(run, row)
    print(f"{ranks} ranks: {len(rows)} cases with ghost cells are right")


def check_requests(where):
    """Independent: a request for every row of the block, one for all without ghost cells. Collective: one call."""
    shape = [6, 8, 10]
    suite = [{"name": "m", "shape": shape, "sweep": {"mode": ["collective", "independent"], "halo": [0, 4]}}]
    for ranks in (1, 2, 3, 4):
        run = Run({"defaults": {"decomposition": "slab", "data": "random"}, "cases": suite}, ranks, where)
        for operation in ("write", "read"):
            rows = {(r["mode"], r["halo_count"]): r for r in run.of(operation).values()}
            count = {k: int(r[f"mpiio_{operation}_indep_count"]) for k, r in rows.items()}
            coll = {k: int(r[f"mpiio_{operation}_coll_count"]) for k, r in rows.items()}
            for halo in ("0", "4"):
                same(coll["collective", halo], ranks, f"collective calls, {operation}, {ranks} ranks")
                same(coll["independent", halo], 0, f"collective calls, {operation}, {ranks} ranks")
            # what is left besides is the same metadata in both
            same(
                count["independent", "4"] - count["independent", "0"],
                shape[0] * shape[1] - ranks,
                f"requests for rows, {operation}, {ranks} ranks",
            )
    print("requests are counted")


def check_bounded(where):
    """Only the first rows of every share are moved, and no ghost cell with them."""
    suite = [{"name": "cut", "shape": [12, 10], "halo": 2, "access": "row", "max_ops": 2}]
    run = Run({"defaults": {"data": "ramp"}, "cases": suite}, 3, where)
    for operation in ("write", "read"):
        row = run.of(operation)["cut"]
        same(int(row["payload_bytes"]), 3 * 2 * 10 * 8, f"payload of {operation}")
        check("bounded" in row["quality"].split(";"), f"not bounded: {row['quality']}")


def check_refused(where):
    suite = [
        {"name": f"{i}", **store, "shape": [9, 11], "halo": 1}
        for i, store in enumerate([*RAW, {"driver": "memory"}])
    ]
    run = Run({"cases": suite}, 2, where)
    expect_skipped(run, {case["name"]: ["no selection in memory"] for case in suite})


def check_more_ranks_than_rows(where):
    for shape in ([2, 5], [2]):
        check(0 in counts(shape, "slab", 3, 2), "rank 2 owns something")
        suite = [{"name": "a", "shape": shape, "halo": 2, "sweep": {"driver": ["mpio", "sec2"]}}]
        run = Run({"defaults": {"data": "ramp"}, "cases": suite}, 3, where, keep=True)
        for row in run.of("write").values():
            check_case(run, row)


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(ranks, where)
        check_requests(where)
        check_bounded(where)
        check_refused(where)
        check_more_ranks_than_rows(where)


if __name__ == "__main__":
    main()
