#!/usr/bin/env python3
# needs: h5py numpy
# timeout: 240
"""Many files, and files that are there: each has data of its own, plan knows them, and what is lost or exchanged is found."""

import os
import subprocess

import h5py
import numpy

from h5run import H5ROOF, Run, check, corrupted, directory, expect_skipped, same

ROWS, COLUMNS, ELEMENT = 24, 20, 8
ALL = ROWS * COLUMNS * ELEMENT
CHUNKED = {"layout": "chunked", "chunk": [4, 4]}
CASES = [
    {
        "name": "many",
        "file_count": 5,
        "sweep": {"driver": ["mpio", "sec2", "family", "split", "posix", "mpiio"]},
    },
    {"name": "own", "file_count": 3, "files": "per_rank", "sweep": {"driver": ["posix", "mpiio"]}},
    {
        "name": "there",
        "sweep": {
            "driver": ["mpio", "sec2"],
            "existing": ["none", "truncate", "overwrite"],
            "file_count": [1, 3],
            "access": ["whole", "row"],
        },
    },
    {
        "name": "filtered",
        "file_count": 3,
        **CHUNKED,
        "filter": "deflate:1",
        "sweep": {"existing": ["none", "truncate", "overwrite"]},
    },
    {
        "name": "to-all",
        "file_count": 3,
        "read_decomposition": "replicated",
        "sweep": {"replicated_reads": ["each", "bcast"]},
    },
    {"name": "cold", "file_count": 3, "cache": "cold", "driver": "sec2"},
    {"name": "bounded", "file_count": 3, "access": "row", "max_ops": 2, "mode": "independent"},
    {"name": "empty", "file_count": 3, "empty_ranks": "odd", "driver": "sec2"},
    {"name": "shifted", "file_count": 3, "read_shift": 1, "driver": "sec2"},
]
REFUSED = [
    ({"file_count": 2, "driver": "core"}, "vanish at close"),
    ({"file_count": 2, "halo": 1}, "data of its own"),
    ({"existing": "overwrite", "buffers": "call"}, "data of its own"),
    ({"existing": "truncate", "driver": "posix"}, "truncate nothing"),
    ({"file_count": 2, "driver": "sec2", "layout": "virtual"}, "one virtual dataset"),
]


def files_of(run, row):
    """All that the case left, by h5roof's rule for names: the case, a rank where each has its own, the file."""
    return sorted(
        os.path.join(run.data, name) for name in os.listdir(run.data) if name.startswith(row["case_id"])
    )


def check_files(run):
    for case, row in run.of("write").items():
        paths = files_of(run, row)
        count = int(row["file_count"])
        own = row["driver"] in ("sec2", "family", "split") or case.startswith("own/")
        owners = ((run.ranks + 1) // 2 if case == "empty" else run.ranks) if own else 1
        members = 2 if row["driver"] == "split" else 1
        same(len(paths), count * owners * members, f"files of {case} with {run.ranks} ranks")
        same(int(row["file_bytes"]), sum(os.path.getsize(p) for p in paths), f"bytes of the files of {case}")
        same(row["objects_count"], str(count * owners) if count > 1 else "", f"files counted in {case}")
        if row["driver"] == "mpio" and row["access"] == "whole":
            contents = []
            for path in paths:
                with h5py.File(path, "r") as file:
                    contents.append(file["data"][...])
            check(
                all(not numpy.array_equal(a, b) for i, a in enumerate(contents) for b in contents[:i]),
                f"two files of {case} hold the same",
            )
            same(contents[0].shape, (ROWS, COLUMNS), f"the shape of a file of {case}")


def check_contents(run):
    """What was there before leaves no trace, and neither does how many files come after."""
    for driver in ("mpio", "sec2"):
        found = set()
        for existing in ("none", "truncate", "overwrite"):
            for count in (1, 3):
                name = f"there/driver={driver}/existing={existing}/file_count={count}/access=whole"
                path = files_of(run, run.of("write")[name])[0]
                with h5py.File(path, "r") as file:
                    found.add(file["data"][...].tobytes())
        same(len(found), 1, f"kinds of contents of the first file of {driver}")


def check_counts(run):
    for operation in ("write", "read"):
        for case, row in run.of(operation).items():
            count = 5 if case.startswith("many/") else 1 if "file_count=1" in case else 3
            copies = run.ranks if case.startswith("to-all") and operation == "read" else 1
            if case == "bounded":
                same(row["payload_bytes"], str(3 * run.ranks * 2 * COLUMNS * ELEMENT), "bounded payload")
                continue
            same(row["payload_bytes"], str(count * copies * ALL), f"{operation} of {case}")
            opens = row["existing"] == "overwrite" or operation == "read"
            check(row["open_max_s" if opens else "create_max_s"], f"{operation} of {case} has another phase")
            check(
                not row["create_max_s" if opens else "open_max_s"], f"{operation} of {case} has both phases"
            )
            if row["driver"] == "posix":
                moved = row["os_write_bytes" if operation == "write" else "os_read_bytes"]
                same(moved, str(count * ALL), f"bytes of {operation} of {case}")
            if row["driver"] == "mpiio" and operation == "write":
                same(row["mpiio_sync_count"], str(count * run.ranks), f"syncs of {case}")


def check_plan(run, where):
    command = [H5ROOF, "plan", os.path.join(where, "suite.yaml"), "--ranks", str(run.ranks), "--csv"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    names = ("case", "operation", "calls_count", "payload_bytes", "objects_count")
    at = [text[0].split(",").index(name) for name in names]
    planned = {tuple(cells[i] for i in at) for cells in (line.split(",") for line in text[1:])}
    found = {tuple(row[name] for name in names) for row in run.rows if row["operation"]}
    same(sorted(found - planned), [], f"counted and not planned with {run.ranks} ranks")


def check_refused(where):
    cases = [{"name": f"refused-{i}", **case} for i, (case, _) in enumerate(REFUSED)]
    run = Run({"defaults": {"shape": [ROWS, COLUMNS]}, "cases": [{"name": "plain"}, *cases]}, 2, where)
    expect_skipped(run, {case["name"]: [words] for case, (_, words) in zip(cases, REFUSED)})


def check_faults(where):
    """A lost write leaves what was there; a bit may be wrong in any file."""
    path = {"PATH": r"/[0-9a-f]{4}-[0-9a-f]{16}[^/]*-000001.h5$"}
    case = {"name": "a", "driver": "sec2", "file_count": 3, "existing": "overwrite"}
    for fault in (
        {"CALL": "write", "WHAT": "lose", "NTH": "2"},
        {"CALL": "write", "WHAT": "flip", "NTH": "2"},
        {"CALL": "read", "WHAT": "flip"},
    ):
        code, said, table = corrupted(where, case, {**fault, **path})
        same(code, 1, f"{fault}: exit code\n{said[-500:]}")
        check("file 1, element" in table, f"{fault}: the file is not named\n{table[-500:]}")


def main():
    for ranks in (1, 2, 3, 4):
        with directory() as where:
            suite = {"defaults": {"shape": [ROWS, COLUMNS]}, "cases": CASES}
            run = Run(suite, ranks, where, keep=True, options=["--roofs", "none"])
            expect_skipped(run, {})
            check_files(run)
            check_contents(run)
            check_counts(run)
            check_plan(run, where)
    with directory() as where:
        Run(
            {"defaults": {"shape": [ROWS, COLUMNS]}, "cases": CASES[:4]}, 2, where
        )  # with roofs; nothing is left
        check_refused(where)
        check_faults(where)
    print("many files, and files that are there, are what was asked for")


if __name__ == "__main__":
    main()
