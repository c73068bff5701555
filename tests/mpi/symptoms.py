#!/usr/bin/env python3
# timeout: 400
# once: counts, which a sanitizer does not change
"""Every suite of configs/symptoms, briefly: by its counters the bad case has the fault and the cures have not, and the note that
its head names is said of the bad case alone. Times are for docs/symptoms.md."""

import json
import os
import subprocess
import sys

from h5run import H5ROOF, Run, check, directory, expect_skipped, notes_of, same

SOURCE = os.environ["H5ROOF_SOURCE"]
BRIEFLY = ["--roofs", "none", "--set", "repeat.warmup=0", "--set", "repeat.min=1", "--set", "repeat.max=1"]
RANKS = 2
SKIPPED = "skipped"
ANY = 1 << 62
FEW = 64  # requests for metadata and the like, all ranks
META = RANKS << 16  # bytes of them


def few(n, most=FEW):
    """So many of what is counted in the bad case, and hardly any in the cures."""
    return n, n + FEW, 0, most


# symptom -> columns: the least and most of the bad case, and of the cures, by p, payload_bytes, and s, stored_bytes, of the row.
CLAIMS = {
    "append": {"os_read_bytes": lambda p, s: (6 * s, 16 * s, 0, 0)},
    "append-parallel": {"os_write_bytes": lambda p, s: (2 * p, 2 * p + META, p, p + META)},
    "array-of-structures": {"os_write_count": lambda p, s: few(256 * 512, 256 + FEW)},
    "collective-metadata": {"mpiio_read_indep_count": lambda p, s: (2 * 500, 3 * 500, 0, FEW)},
    "column": {"os_read_bytes": lambda p, s: (2 * 16 * 8 << 20, (2 * 16 * 8 << 20) + META, p, p + META)},
    "compression": {"os_read_bytes": lambda p, s: (6 * s, 16 * s, 0, 0)},
    "conversion": {"mpiio_write_coll_count": lambda p, s: (0, 0, RANKS, RANKS)},
    "core": {"os_write_bytes": lambda p, s: (2 * p, 3 * p, p, p + META)},
    "corner": {"os_read_bytes": lambda p, s: (30 * p, 64 * p, p, p + META)},
    "edge-chunks": {"stored_bytes": lambda p, s: (2 * 16 * 300 * 300 * 8,) * 2 + (p, p)},
    "element-loop": {
        "calls_count": lambda p, s: (100000, 100000, RANKS, 100),
        "os_write_count": lambda p, s: few(100000, 100 + FEW),
    },
    "fill": {"os_create_bytes": lambda p, s: (p, p + META, 0, META)},
    "ghost-cells": {"os_write_count": lambda p, s: few(128 * 128)},
    "h5py-parallel": {"os_write_count": lambda p, s: few(32768)},
    "holes": {"file_bytes": lambda p, s: (s * 13 // 10, s * 2, s, s + META)},
    "incompressible": {"stored_bytes": lambda p, s: (p * 9 // 10, p + META, p, p)},
    "interleaved": {"os_write_count": lambda p, s: few(8192)},
    "large-chunks": {"os_read_count": lambda p, s: few(2 * 4000 * 8)},
    "mask": {"os_read_count": lambda p, s: (p // 8 * 4 // 5, p // 8 + FEW, 0, FEW)},
    "modify": {"os_read_bytes": lambda p, s: (100 * p, 128 * p, 0, 0)},
    "netcdf": {"os_write_count": lambda p, s: few(2 * 128 * 128 * 4, 2 * 4 * 64 + FEW)},
    "many-files": {"os_write_count": lambda p, s: (RANKS * 64 * 3, RANKS * 64 * 16, RANKS, RANKS * 16)},
    "one-field": {"os_read_bytes": lambda p, s: (8 * p, 8 * p + META, p, p + META)},
    "open-many-ranks": {"os_open_bytes": lambda p, s: (2 * p, 4 * p, 0, META)},
    "restart": {"os_read_bytes": lambda p, s: (RANKS * s, RANKS * s + META, s, s + META)},
    "same-table": {"os_read_bytes": lambda p, s: (p, p + META, p // RANKS, p // RANKS + META)},
    "scattered-cells": {"os_write_count": lambda p, s: few(RANKS * 1000)},
    "shared-chunks": {"os_read_bytes": lambda p, s: (RANKS * s, RANKS * s + META, s, s + META)},
    "small-chunks": {"os_read_count": lambda p, s: (64 * 64, 64 * 64 + 100, 0, FEW)},
    "small-datasets": {"os_write_bytes": lambda p, s: (4 * p, 6 * p, p, p + META)},
    "time-dimension": {"os_read_bytes": lambda p, s: (2 * s, 6 * s, 0, META)},
    "time-step": {"os_read_bytes": lambda p, s: (15 * s, 17 * s, s, s + META)},
    "twice-as-large": {"stored_bytes": lambda p, s: (4000000, 4000000, 0, 0)},
    "unaligned": {"data_offset_bytes": lambda p, s: (1, 4095, 4096, 4096)},
    "unlimited": {"stored_bytes": lambda p, s: (8 * p, 8 * p, p, p)},
}
# What is so with some libraries only; with others the suite just runs.
ONLY_WITH = {
    "collective-metadata": lambda run: (1, 10, 5) <= run.hdf5[:3] <= (1, 10, 8),
    "conversion": lambda run: run.hdf5[:3] < (1, 14, 2),
    "interleaved": lambda run: run.env["mpi"]["io_component"] == "ompio",
}


def heads():
    listed = [H5ROOF, "list", "symptoms", "--format", "json"]
    text = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    return {head["name"].removeprefix("symptoms/"): head for head in json.loads(text)["symptoms"]}


def number(cell):
    return int(cell or 0)


def check_claims(name, head, run):
    """The counters of the bad case and of every cure."""
    bad, *cured = [run.of(operation)[case] for case, operation in sides_of(head)]
    proof = [column.strip() for column in head["proof"].split(",")]
    for column, limits in CLAIMS[name].items():
        check(column in proof, f"{name}: {column} is not among what proves it: {proof}")
        for row, first in ((bad, 0), *((row, 2) for row in cured)):
            low, high = limits(number(row["payload_bytes"]), number(row["stored_bytes"]))[first : first + 2]
            check(
                low <= number(row[column]) <= high,
                f"{name}: {column} of {row['case']} is {row[column]}, not from {low} to {high}",
            )
    for row in cured:
        same(row["payload_bytes"], bad["payload_bytes"], f"{name}: payload of the cure {row['case']}")


def check_notes(name, head, run):
    said = notes_of(run.out)
    bad, *cured = sides_of(head)
    check(head["note"] in said[bad], f"{name}: {head['note']} is not said of {bad}, but {said[bad]}")
    for side in cured:
        check(head["note"] not in said[side], f"{name}: {head['note']} is said of the cure {side}")


def sides_of(head):
    """The bad case and its operation, and those that are cured."""
    return [tuple(side.split()) for side in (head["bad"], *head["cured"].split(";"))]


def check_refused(name, head, run):
    """The symptom is that HDF5 refuses it: no cure is refused."""
    bad, *cured = sides_of(head)
    expect_skipped(run, {bad[0]: ["filtered"]})
    for case, operation in cured:
        same(run.of(operation)[case]["status"], "ok", f"{name}: status of {case}")


def check_inert(run):
    asked, not_asked = (run.of("read")[case]["mpiio_read_indep_count"] for case in ("asked", "not-asked"))
    same(asked, not_asked, "reads of metadata with and without collective_metadata")


def check_symptom(name, head):
    with directory() as where:
        path = os.path.join(SOURCE, "configs", "symptoms", f"{name}.yaml")
        run = Run(path, RANKS, where, options=BRIEFLY)
        if head["note"] == SKIPPED:
            check_refused(name, head, run)
            return
        expect_skipped(run, {})
        if name in ONLY_WITH and not ONLY_WITH[name](run):
            print(f"{name}: not with these libraries")
            return
        check_claims(name, head, run)
        check_notes(name, head, run)
        if name == "collective-metadata":
            check_inert(run)


def main():
    found = heads()
    refused = {name for name, head in found.items() if head["note"] == SKIPPED}
    same(sorted(set(CLAIMS) | refused), sorted(found), "symptoms with claims, and those that there are")
    for name in sys.argv[1:] or found:
        check_symptom(name, found[name])
    print(f"{len(found)} symptoms have their faults, notes and cures")


if __name__ == "__main__":
    main()
