#!/usr/bin/env python3
# needs: h5py numpy
# timeout: 240
"""A virtual dataset over the files of the ranks: other tools see it, every reading through it is right, and errors are found."""

import os
import subprocess

import h5py
import numpy

from h5run import Run, check, corrupted, directory, expect_skipped, same

ROWS, COLUMNS, ELEMENT = 24, 20, 8
ALL = ROWS * COLUMNS * ELEMENT
VIRTUAL = {"driver": "sec2", "layout": "virtual"}
CASES = [
    {"name": "plain"},
    {
        "name": "cut",
        **VIRTUAL,
        "sweep": {
            "decomposition": ["slab", "block", "interleaved"],
            "read_decomposition": ["same", "slab", "interleaved", "replicated"],
        },
    },
    {"name": "one", **VIRTUAL, "read_ranks": 1},
    {"name": "sent", **VIRTUAL, "read_decomposition": "replicated", "replicated_reads": "bcast"},
    {"name": "rows", **VIRTUAL, "access": "row", "sweep": {"read_access": ["same", "whole", "element"]}},
    {"name": "empty", **VIRTUAL, "empty_ranks": "odd"},
    {"name": "few", **VIRTUAL, "shape": [2, 20]},
    {"name": "swapped", **VIRTUAL, "byte_order": "big"},
    {"name": "cold", **VIRTUAL, "cache": "cold"},
    {"name": "stdio", **VIRTUAL, "driver": "stdio"},
    {"name": "weak", **VIRTUAL, "scaling": "weak", "shape": [4, 20]},
    {"name": "ghosts", **VIRTUAL, "halo": 1, "read_decomposition": "block"},
]
REFUSED = [
    ({"layout": "virtual", "driver": "mpio"}, "through MPI-IO"),
    ({"layout": "virtual", "driver": "core", "core_backing": True}, "ordinary files"),
    ({"layout": "virtual", "driver": "family"}, "ordinary files"),
    ({"layout": "virtual", "driver": "posix", "files": "per_rank"}, "no layouts"),
    ({**VIRTUAL, "decomposition": "replicated"}, "overlap"),
    ({**VIRTUAL, "workload": "update"}, "workload update does not read through"),
    ({**VIRTUAL, "filter": "deflate:1"}, "filters need layout chunked"),
    ({**VIRTUAL, "read_shift": 1}, "dealt out anew"),
]


def check_files(run):
    """The virtual file and the sources that it names, as h5py and h5dump see them."""
    rows = run.of("write")
    with h5py.File(run.files(rows["plain"], ".h5")[0], "r") as file:
        right = file["data"][...]
    seen = 0
    for case, row in rows.items():
        if row["layout"] != "virtual":
            continue
        paths = run.files(row, ".h5")
        (path,) = (p for p in paths if os.path.basename(p) == row["case_id"] + ".h5")
        sources = sorted(p for p in paths if p != path)
        with h5py.File(path, "r") as file:
            data = file["data"]
            check(data.is_virtual, f"{case}: {path} is not virtual")
            named = sorted(os.path.join(run.data, source.file_name) for source in data.virtual_sources())
            same(named, sources, f"sources of {case} with {run.ranks} ranks")
            if data.shape == right.shape:
                check(numpy.array_equal(data[...], right), f"{case}: other data")
                seen += 1
        text = subprocess.run(["h5dump", "-p", "-H", path], check=True, capture_output=True, text=True).stdout
        same(text.count("SELECTION REGULAR_HYPERSLAB"), len(sources), f"h5dump: mappings of {case}")
        same(int(row["file_bytes"]), sum(os.path.getsize(p) for p in paths), f"bytes of the files of {case}")
    check(seen >= 18, f"only {seen} virtual datasets were compared")


def check_counts(run):
    for case, row in run.of("read").items():
        if row["layout"] != "virtual" or case == "few" or case == "weak":
            continue
        replicated = row["read_decomposition"] == "replicated"
        owners = (run.ranks + 1) // 2 if case == "empty" else run.ranks
        copies = run.ranks if replicated else 1
        calls = {
            "one": 1,
            "sent": 1,
            "rows/read_access=same": ROWS,
            "rows/read_access=element": ROWS * COLUMNS,
        }
        same(row["payload_bytes"], str(copies * ALL), f"read in {case} with {run.ranks} ranks")
        same(row["calls_count"], str(calls.get(case, owners)), f"calls of {case} with {run.ranks} ranks")
        same(row["roof_pattern_s"], "", f"a pattern of {case}")


def check_opening(where):
    """Sources are opened by the first read: whoever opens the virtual file reads it alone."""
    shape = {"shape": [64, 64], **VIRTUAL}
    run = Run(
        {
            "cases": [
                {"name": "all", **shape, "read_decomposition": "replicated"},
                {"name": "own", **shape, "layout": "contiguous"},
            ]
        },
        2,
        where,
    )
    rows = run.of("read")
    once = int(rows["own"]["os_read_count"])
    more = int(rows["all"]["os_read_count"])
    check(
        more > 2 * once, f"2 ranks made {more} reads through the virtual file, and {once} of their own files"
    )


def check_refused(where):
    cases = [{"name": f"refused-{i}", **case} for i, (case, _) in enumerate(REFUSED)]
    run = Run({"defaults": {"shape": [ROWS, COLUMNS]}, "cases": [{"name": "plain"}, *cases]}, 2, where)
    expect_skipped(run, {case["name"]: [words] for case, (_, words) in zip(cases, REFUSED)})


def check_faults(where):
    for call in ("read", "write"):
        code, said, _ = corrupted(where, {"name": "a", **VIRTUAL}, {"CALL": call, "WHAT": "flip"})
        same(code, 1, f"a bit of a {call}: exit code\n{said[-500:]}")


def main():
    for ranks in (1, 2, 3, 4):
        with directory() as where:
            suite = {"defaults": {"shape": [ROWS, COLUMNS]}, "cases": CASES}
            run = Run(suite, ranks, where, keep=True, options=["--roofs", "none"])
            expect_skipped(run, {})
            check_files(run)
            check_counts(run)
    with directory() as where:
        check_opening(where)
        check_refused(where)
        check_faults(where)
    print("virtual datasets over 1 to 4 files are what was written")


if __name__ == "__main__":
    main()
