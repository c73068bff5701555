#!/usr/bin/env python3
# once: counts, which a sanitizer does not change
"""Notes by what an operation does, whatever it is called, with 1, 2 and 4 ranks: collective calls are counted for each, and the
causes of small requests and of reads beside the payload are told apart. Each case with a note stands beside its cure."""

import json
import os
import re

from h5run import H5ROOF, Run, check, directory, launch, same

CHUNKED = {"layout": "chunked"}
ROWS = {"shape": [2, 128, 128, 32], "dtype": "i32", "mode": "independent", "fill_time": "never", **CHUNKED}
TILES = {"workload": "tile", "shape": [1, 4000, 64], "tile": [1000, 8], "mode": "independent"}
SHARED = {"shape": [1024, 1024], "dtype": "f32", "filter": "shuffle+deflate:1", **CHUNKED}
SMALL = {"workload": "particles", "variables": 1000, "steps": 1, "shape": [500], "dtype": "f32"}

CASES = [
    {"name": "touch", "workload": "allocate", "shape": [64, 1024]},
    {"name": "touch-own", "workload": "allocate", "shape": [64, 1024], "driver": "sec2"},
    {"name": "touch-chunks", "workload": "allocate", "shape": [64, 1024], **CHUNKED, "chunk": [8, 1024]},
    {"name": "selected", "workload": "select", "selection": "block", "shape": [64, 1024]},
    {"name": "append", "workload": "resize", "shape": [64, 1024], **CHUNKED, "chunk": [8, 1024], "append": 8},
    {
        "name": "small-cache",
        **TILES,
        "driver": "sec2",
        **CHUNKED,
        "chunk": [1, 4000, 64],
        "chunk_cache": "1MiB",
    },
    {
        "name": "large-cache",
        **TILES,
        "driver": "sec2",
        **CHUNKED,
        "chunk": [1, 4000, 64],
        "chunk_cache": "4MiB",
    },
    {"name": "narrow-chunks", **ROWS, "chunk": [1, 41, 41, 10]},
    {"name": "wide-chunks", **ROWS, "chunk": [1, 64, 64, 32]},
    {"name": "own-chunks", **ROWS, "driver": "sec2", "chunk": [1, 41, 41, 10]},
    {"name": "short-rows", **TILES},
    {"name": "long-rows", **TILES, "shape": [1, 64, 4000], "tile": [8, 1000]},
    {"name": "calls", "shape": [2048, 32], "access": "row"},
    {"name": "one-call", "shape": [2048, 32], "access": "whole"},
    {"name": "small-chunks", "shape": [512, 512], "driver": "sec2", **CHUNKED, "chunk": [8, 8]},
    {"name": "larger-chunks", "shape": [512, 512], "driver": "sec2", **CHUNKED, "chunk": [64, 64]},
    {"name": "halves", **SHARED, "chunk": [1024, 64]},
    {"name": "own-halves", **SHARED, "chunk": [256, 256]},
    {"name": "datasets", **SMALL},
    {"name": "datasets-collective", **SMALL, "collective_metadata": "all"},
    {"name": "one-dataset", **SMALL, "variables": 1, "shape": [500000]},
    {
        "name": "parts",
        "workload": "select",
        "selection": "points",
        "driver": "sec2",
        "shape": [256, 256],
        **CHUNKED,
        "chunk": [64, 64],
        "one_in": 64,
    },
    {"name": "sieve", **TILES, "driver": "sec2"},
]

SMALLEST = r"requests of [\d.]+ B each"
# note, case, operation, words, the case that is its cure
FACTS = [
    ("small_requests", "small-cache", "read", f"{SMALLEST}: a chunk of 1.95 MiB is larger than the chunk cache of 1.00 MiB", "large-cache"),
    ("small_requests", "narrow-chunks", "write", f"{SMALLEST}: a row of a chunk has 40 B, and in a shared file", "wide-chunks"),
    ("small_requests", "narrow-chunks", "write", "each is a request", "own-chunks"),
    ("small_requests", "short-rows", "write", f"{SMALLEST}: what a call moves lies apart in the file", "long-rows"),
    ("small_requests", "short-rows", "read", f"{SMALLEST}: what a call moves lies apart in the file", "long-rows"),
    ("small_requests", "calls", "write", f"2 0[5-9]. {SMALLEST}: a call moves 256 B", "one-call"),
    ("small_requests", "small-chunks", "read", f"{SMALLEST}: a chunk has 512 B", "larger-chunks"),
    ("grows_in_parallel", "touch", "create", "512 KiB are allocated that nobody wrote", "touch-own"),
    ("grows_in_parallel", "touch-chunks", "create", "512 KiB are allocated that nobody wrote", "touch-own"),
    ("grows_in_parallel", "touch-chunks", "touch", "448 KiB are allocated that nobody wrote", "touch-own"),
    ("reread", "sieve", "read", "times the payload was read because HDF5's sieve buffer reads 64 KiB", "one-call"),
    ("reread", "parts", "read", "times the payload was read because chunks are read whole, each once", "one-call"),
    ("amplified", "append", "append", "2.01 times the payload was written because of fill values", "one-call"),
]  # fmt: skip
# The same where ranks read parts of the same, or all of the metadata.
OF_SEVERAL = [
    ("shared_chunk_reads", "halves", "read", r"16 of 16 chunks are read by several ranks each \(up to {n}\): {n}\.\d\d times", "own-halves"),
    ("metadata_reads", "datasets", "read", r"MiB of metadata were read in opening, by each rank for itself", "one-dataset"),
]  # fmt: skip


def notes(run):
    """(case, operation) -> {note: text}."""
    shown = launch([H5ROOF, "show", run.out, "--format", "json"], os.environ)
    same(shown.returncode, 0, "exit code of show")
    results = json.loads(shown.stdout)["results"]
    return {
        (r["case"], r["operation"]): {n["name"]: n["text"] for n in r["notes"]}
        for r in results
        if r["operation"]
    }


def check_facts(run, facts, ranks):
    said = notes(run)
    operations = {case: [o for c, o in said if c == case] for case, _ in said}
    for note, case, operation, words, cure in facts:
        words = words.replace("{n}", str(ranks))
        text = said[case, operation].get(note, "")
        check(
            re.search(words, text),
            f"{ranks} ranks: {note} of {case}, {operation}, is '{text}', not '{words}'",
        )
        # the cure may have operations of other names: none of them may have the note
        cured = [operation] if operation in operations[cure] else operations[cure]
        for o in cured:
            check(note not in said[cure, o], f"{ranks} ranks: {cure}, {o}: {said[cure, o].get(note)}")
    for key, found in said.items():
        check("claimed_collective" not in found or key[1] == "read", f"{key}: {found}")
        if note_of_several := set(found) & {"shared_chunk_reads"}:
            check(ranks > 1, f"one rank and {note_of_several} in {key}")
    return said


def check_counts(run, ranks):
    """Collective calls of operations that are called neither write nor read, each rank's once per call."""
    if run.hdf5[:2] != (1, 10):
        return
    same(run.of("touch")["touch"]["mpiio_write_coll_count"], str(ranks), "collective writes of touch")
    same(run.of("scan")["touch"]["mpiio_read_coll_count"], str(ranks), "collective reads of scan")
    same(run.of("write_selected")["selected"]["mpiio_write_coll_count"], str(ranks), "of write_selected")
    same(run.of("append")["append"]["mpiio_write_coll_count"], str(16 * ranks), "collective writes of append")


def check_directions(run):
    expected = {
        **{"create": "neither", "touch": "writes", "scan": "reads", "write": "writes", "read": "reads"},
        **{"write_selected": "writes", "append": "writes", "shrink": "neither", "grow": "neither"},
        "reread": "reads",
    }
    for row in run.rows:
        same(row["direction"], expected[row["operation"]], f"direction of {row['operation']}")
        shifts = (row["read_shift_count"] != "", row["read_own_node_frac"] != "")
        # scan and the read of select come before the part of another rank may be read
        reads = row["operation"] in ("read", "reread") and row["workload"] != "select"
        same(shifts, (reads, reads), f"read_shift of {row['case']}, {row['operation']}")


def check_cached(run, said, ranks):
    """What the issue of small requests costs, exactly: rows of chunks that no cache holds are a request each."""
    rows = 32000 * 64 // 64  # 8 tiles of 1000 rows in 4 stripes
    small, large = (run.of("read")[case] for case in ("small-cache", "large-cache"))
    owners = 1  # one image: one rank has it
    check(
        rows <= int(small["os_read_count"]) <= rows + 100 * owners,
        f"{ranks} ranks: {small['os_read_count']} reads, {rows} rows of 64 B",
    )
    check(int(large["os_read_count"]) < 100, f"{large['os_read_count']} reads in spite of the cache")
    check("reread" not in said["halves", "read"], f"the cache is blamed: {said['halves', 'read']}")
    check("reread" not in said["datasets", "read"], f"buffering is blamed: {said['datasets', 'read']}")


def check_inert(run, said):
    """Ignored by HDF5 1.10.5 to 1.10.8, and only there."""
    ignored = (1, 10, 5) <= run.hdf5[:3] <= (1, 10, 8)
    same("inert" in said["datasets-collective", "read"], ignored, "inert")
    check("inert" not in said["datasets-collective", "write"], "collective writes of metadata are not inert")
    check("inert" not in said["datasets", "read"], "inert without having been asked for")


def check_hints(where):
    """Open MPI gives back what was set, so that nothing can be said; an MPI that tells says it of every file."""
    cases = [
        {"name": "made-up", "hints": "h5roof_never_was=1", "sweep": {"driver": ["mpio", "mpiio"]}},
        {"name": "without"},
    ]
    run = Run({"defaults": {"shape": [64, 64]}, "cases": cases}, 2, where)
    version = json.dumps(run.env)
    for row in run.rows:
        tells = "MPICH" in version and row["case"].startswith("made-up")
        same(row["hints_ignored"], "h5roof_never_was" if tells else "", f"hints of {row['case']}")


def main():
    with directory() as where:
        for ranks in (1, 2, 4):
            run = Run({"cases": CASES}, ranks, where)
            said = check_facts(run, FACTS + (OF_SEVERAL if ranks > 1 else []), ranks)
            check_counts(run, ranks)
            check_directions(run)
            check_cached(run, said, ranks)
            check_inert(run, said)
        check_hints(where)
    print("causes are told apart with 1, 2 and 4 ranks")


if __name__ == "__main__":
    main()
