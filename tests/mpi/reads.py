#!/usr/bin/env python3
# needs: h5py numpy
# timeout: 300
"""Who reads what: reads that are dealt out anew are right, cost what plan says, and a bit that was read wrong is found."""

import os
import subprocess

import h5py
import numpy

from h5run import H5ROOF, Run, check, corrupted, directory, expect_skipped, notes_of, same

ROWS, COLUMNS, ELEMENT = 24, 20, 8
ALL = ROWS * COLUMNS * ELEMENT
CHUNKED = {"layout": "chunked", "chunk": [4, 4]}
EVERY = ["mpio", "mpiio", "posix"]
WAYS = ["slab", "block", "interleaved", "replicated"]
CASES = [
    {"name": "plain"},
    {
        "name": "anew",
        "sweep": {
            "driver": EVERY,
            "decomposition": ["slab", "block", "interleaved"],
            "read_decomposition": WAYS,
            "read_mode": ["collective", "independent"],
        },
    },
    {
        "name": "sent",
        "read_decomposition": "replicated",
        "replicated_reads": "bcast",
        "sweep": {"driver": EVERY},
    },
    {
        "name": "sent-rows",
        "read_decomposition": "replicated",
        "replicated_reads": "bcast",
        "read_access": "row",
        "max_ops": 5,
        "read_mode": "independent",
    },
    {"name": "fewer", "read_ranks": 2, "sweep": {"driver": EVERY, "decomposition": ["slab", "block"]}},
    {"name": "more", "write_ranks": 2, "sweep": {"driver": EVERY}},
    {"name": "one", "write_ranks": 1, "read_ranks": 1, "sweep": {"driver": ["mpio", "sec2", "core"]}},
    {"name": "rows", "read_access": "row", "sweep": {"driver": [*EVERY, "sec2"]}},
    {
        "name": "filtered",
        **CHUNKED,
        "filter": "deflate:1",
        "read_mode": "independent",
        "sweep": {"read_decomposition": WAYS},
    },
    {"name": "ghosts", "halo": 1, "read_decomposition": "interleaved"},
    {"name": "empty", "empty_ranks": "odd", "read_decomposition": "replicated"},
    {"name": "compact", "layout": "compact", "decomposition": "replicated", "read_decomposition": "slab"},
    {"name": "grid", "decomposition": "block", "grid": [1, 2], "read_ranks": 1},
    {"name": "shifted", "read_shift": 1, "read_access": "row"},
]
REFUSED = [
    ({"name": "own", "driver": "sec2", "read_decomposition": "block"}, "files of others"),
    ({"name": "own-fewer", "driver": "sec2", "read_ranks": 1}, "files of others"),
    ({"name": "kept", "driver": "core", "read_access": "row"}, "vanish at close"),
    ({"name": "too-many", "read_ranks": 9}, "read_ranks 9 are more ranks"),
    ({"name": "shift", "read_shift": 1, "read_decomposition": "block"}, "dealt out anew"),
    ({"name": "buffers", "buffers": "call", "read_access": "row"}, "as they were written"),
    (
        {"name": "ghosts", "halo": 1, "read_decomposition": "replicated", "replicated_reads": "bcast"},
        "ghost cells",
    ),
    (
        {
            "name": "empty",
            "empty_ranks": "odd",
            "read_decomposition": "replicated",
            "replicated_reads": "bcast",
        },
        "leave some out",
    ),
    ({"name": "all-write-all", "decomposition": "replicated"}, "read_decomposition replicated"),
]


def skips(run):
    few = {f"fewer/driver={d}/decomposition={c}": ["read_ranks 2"] for d in EVERY for c in ("slab", "block")}
    few |= {f"more/driver={d}": ["write_ranks 2"] for d in EVERY}
    grid = {"grid": ["grid 1x2 is for 2 ranks"]}
    return {**(few if run.ranks < 2 else {}), **(grid if run.ranks != 2 else {})}


def readers(row, ranks):
    """How many ranks read something, of so many rows; and how often all of it is in memory then."""
    n = min(ranks, int(row["read_ranks"]) if row["read_ranks"] != "all" else ranks)
    if row["empty_ranks"] == "odd":
        n = (n + 1) // 2
    if row["read_decomposition"] != "replicated":
        return n, 1
    return (1, ranks) if row["replicated_reads"] == "bcast" else (n, n)


def check_counts(run):
    for case, row in run.of("read").items():
        if row["layout"] == "compact" or case in ("sent-rows", "one/driver=core"):
            continue
        n, copies = readers(row, run.ranks)
        collective = (
            row["driver"] in ("mpio", "mpiio")
            and (row["mode"] if row["read_mode"] == "same" else row["read_mode"]) == "collective"
        )
        whole = row["read_access"] == "same"
        calls = (run.ranks if collective else n) if whole else None
        if case.startswith("rows/") or case == "shifted":
            calls = ROWS
        same(row["payload_bytes"], str(copies * ALL), f"read in {case} with {run.ranks} ranks")
        same(row["calls_count"], str(calls), f"calls of {case} with {run.ranks} ranks")
        if row["driver"] == "posix":
            same(
                row["os_read_bytes"],
                str(copies * ALL if row["replicated_reads"] == "each" else ALL),
                f"bytes of {case}",
            )
        if row["driver"] == "mpiio":
            counted = row["mpiio_read_coll_count" if collective else "mpiio_read_indep_count"]
            same(counted, str(calls), f"calls of MPI-IO of {case}")
            asked = copies * ALL if row["replicated_reads"] == "each" else ALL
            same(row["mpiio_read_bytes"], str(asked), f"bytes asked of MPI-IO by {case}")
    write = run.of("write")
    for driver in EVERY if run.ranks > 1 else ():
        same(write[f"more/driver={driver}"]["payload_bytes"], str(ALL), "written by two")
    row = run.of("read")["sent-rows"]
    same(
        (row["payload_bytes"], row["calls_count"]), (str(5 * COLUMNS * ELEMENT * run.ranks), "5"), "sent rows"
    )


def contents(run, row):
    (path,) = run.files(row, ".h5")
    with h5py.File(path, "r") as file:
        return file["data"][...]


def check_contents(run):
    """Who reads what says nothing about the file."""
    rows = run.of("write")
    right, seen = contents(run, rows["plain"]), 0
    for case, row in rows.items():
        if row["driver"] == "mpio" and row["layout"] != "compact":
            check(numpy.array_equal(contents(run, row), right), f"{case}: other data")
            seen += 1
    check(seen > 25, f"only {seen} files were compared")


def check_plan(run, where):
    """plan knows payload and calls of every read."""
    text = subprocess.run(
        [H5ROOF, "plan", os.path.join(where, "suite.yaml"), "--ranks", str(run.ranks), "--csv"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    head = text[0].split(",")
    at = [head.index(name) for name in ("case", "operation", "calls_count", "payload_bytes")]
    planned = {tuple(cells[i] for i in at) for cells in (line.split(",") for line in text[1:])}
    found = {
        (r["case"], r["operation"], r["calls_count"], r["payload_bytes"]) for r in run.rows if r["operation"]
    }
    same(sorted(found - planned), [], f"counted and not planned with {run.ranks} ranks")


def check_refused(where):
    cases = [dict(case, name=f"{i}-{case['name']}") for i, (case, _) in enumerate(REFUSED)]
    run = Run({"defaults": {"shape": [ROWS, COLUMNS]}, "cases": [{"name": "plain"}, *cases]}, 2, where)
    expect_skipped(run, {case["name"]: [words] for case, (_, words) in zip(cases, REFUSED)})


def check_notes(where):
    """Each of 2 ranks asks for all of it; one that sends it does not."""
    shape = {"shape": [512, 1024], "read_decomposition": "replicated", "read_mode": "independent"}
    cases = [
        {"name": "each", **shape},
        {"name": "sent", **shape, "replicated_reads": "bcast"},
        {"name": "dealt", "shape": [512, 1024]},
    ]
    run = Run({"cases": cases}, 2, where)
    notes = notes_of(run.out)
    check("read_by_all" in notes["each", "read"], "all read all, and no note says so")
    for case in ("sent", "dealt"):
        check("read_by_all" not in notes[case, "read"], f"read_by_all is said of {case}")
    for row in run.rows:
        check(
            "independent" not in notes[row["case"], row["operation"]],
            f"{row['case']}: read_mode was asked for",
        )
        check(row["efficiency_frac"], f"{row['case']} has no efficiency")
    rows = run.of("read")
    same(rows["each"]["roof_store_own_s"] != "", True, "a store roof of what all read")
    same(rows["each"]["roof_copy_s"], rows["sent"]["roof_copy_s"], "the roof of both ways to get all")


def check_faults(where):
    """A bit that a rank reads wrong is found, whoever reads it for whom."""
    for case in (c for c in CASES if c["name"] in ("anew", "sent", "fewer", "more", "rows")):
        fixed = {k: v for k, v in case.items() if k != "sweep"}
        if case["name"] == "anew":
            fixed["read_decomposition"] = "interleaved"
        for call in ("read", "write"):
            code, said, _ = corrupted(where, fixed, {"CALL": call, "WHAT": "flip"})
            same(code, 1, f"{case['name']}, a bit of a {call}: exit code\n{said[-500:]}")


def main():
    for ranks in (1, 2, 3, 4):
        with directory() as where:
            suite = {"defaults": {"shape": [ROWS, COLUMNS]}, "cases": CASES}
            run = Run(suite, ranks, where, keep=True, options=["--roofs", "none"])
            expect_skipped(run, skips(run))
            check_counts(run)
            check_contents(run)
            check_plan(run, where)
    with directory() as where:
        check_refused(where)
        check_notes(where)
        check_faults(where)
    print("what 1 to 4 ranks read is what was asked for")


if __name__ == "__main__":
    main()
