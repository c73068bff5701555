#!/usr/bin/env python3
# needs: h5py numpy
"""Ranks that own nothing, and grids that are given: nothing hangs or lies, and files hold the same as without them."""

import h5py
import numpy

from h5run import Run, check, directory, expect_skipped, same

EMPTY = {
    "odd": lambda ranks: (ranks + 1) // 2,
    "last": lambda ranks: ranks - 1,
    "all_but_first": lambda ranks: 1,
}
GRIDS = ["1x1", "2x1", "1x2", "3x1", "1x3", "4x1", "2x2", "1x4"]
CHUNKED = {"layout": "chunked", "chunk": [4, 4]}
BOTH = {"driver": ["mpio", "sec2"]}
WORKLOADS = {
    "slab": {"sweep": {"driver": ["mpio", "sec2", "posix", "mpiio", "core"]}},
    "independent": {"mode": "independent", "sweep": {"decomposition": ["block", "interleaved"]}},
    "update": {"workload": "update", "sweep": BOTH},
    "allocate": {"workload": "allocate", **CHUNKED, "sweep": BOTH},
    "convert": {"workload": "convert", "file_dtype": "f32", "sweep": BOTH},
    "tile": {"workload": "tile", "tile": [4, 4], "sweep": BOTH},
    "select": {"workload": "select", "sweep": BOTH},
    "filter": {"workload": "filter", **CHUNKED, "filter": "deflate:1", "sweep": BOTH},
    "compressed": {**CHUNKED, "filter": "deflate:1"},
}
CASES = [
    {"name": "plain"},
    *(
        {"name": name, **case, "sweep": {**case.get("sweep", {}), "empty_ranks": list(EMPTY)}}
        for name, case in WORKLOADS.items()
    ),
    {"name": "grid", "decomposition": "block", "sweep": {**BOTH, "grid": GRIDS}},
    {"name": "free", "decomposition": "block", "sweep": {"grid": ["0x1", "1x0", "0x2", "3x0"]}},
]


def product(grid):
    rows, columns = grid.split("x")
    return int(rows) * int(columns)


def expected_skips(run, names):
    skips = {}
    for name in names:
        value = name.rsplit("=", 1)[-1]
        if name.startswith("grid/") and product(value) != run.ranks:
            skips[name] = [f"grid {value} is for {product(value)} rank"]
        elif name.startswith("free/") and run.ranks % max(product(value.replace("0", "1")), 1):
            skips[name] = [f"grid {value} is for a multiple of {product(value.replace('0', '1'))} ranks"]
        elif value == "last" and run.ranks == 1 and not name.startswith("select/"):
            skips[name] = ["leaves no rank"]
    return skips


def contents(run, row):
    (path,) = run.files(row, ".h5")
    with h5py.File(path, "r") as file:
        return file["data"][...]


def check_contents(run):
    """A shared file does not tell who wrote it."""
    rows = run.of("write")
    right = contents(run, rows["plain"])
    seen = 0
    for case, row in rows.items():
        if row["driver"] == "mpio" and row["workload"] == "slab":
            check(numpy.array_equal(contents(run, row), right), f"{case} with {run.ranks} ranks: other data")
            seen += 1
    check(seen >= 4, f"only {seen} files were compared")


def check_counts(run):
    """All ranks make collective calls; what is moved is all of the dataset, whoever moves it."""
    for operation in ("write", "read"):
        rows = run.of(operation)
        for value, owners in EMPTY.items():
            for driver in ("mpio", "mpiio", "posix", "sec2"):
                row = rows.get(f"slab/driver={driver}/empty_ranks={value}")
                if row is None:
                    same((value, run.ranks), ("last", 1), "what is skipped")
                    continue
                same(row["payload_bytes"], str(24 * 20 * 8), f"payload of {row['case']}")
                calls = run.ranks if driver in ("mpio", "mpiio") else owners(run.ranks)
                same(row["calls_count"], str(calls), f"calls of {row['case']} with {run.ranks} ranks")
        for grid in GRIDS:
            if product(grid) == run.ranks:
                check(
                    f"grid/driver=mpio/grid={grid}" in rows, f"grid {grid} with {run.ranks} ranks did not run"
                )


def main():
    for ranks in (1, 2, 3, 4):
        with directory() as where:
            run = Run(
                {"defaults": {"shape": [24, 20]}, "cases": CASES},
                ranks,
                where,
                keep=True,
                options=["--roofs", "none"],
            )
            expect_skipped(run, expected_skips(run, {row["case"] for row in run.rows}))
            check_contents(run)
            check_counts(run)
    print("shares of 1 to 4 ranks are what was asked for")


if __name__ == "__main__":
    main()
