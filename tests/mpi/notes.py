#!/usr/bin/env python3
# disk: what binds is storage
# alone: notes of times
"""Each note of src/core/notes/notes.def is provoked by a real run and is absent where it must be. Those on times
are provoked in notes_late.py."""

import os
import re
import subprocess
import sys

from h5run import H5ROOF, Run, check, directory, fail, launch, same

BUILD = os.environ["H5ROOF_BUILD"]
FOREIGN = "little" if sys.byteorder == "big" else "big"
MEMORY = "/dev/shm"
CHUNKED = {"layout": "chunked"}
SMALL_CACHE = {**CHUNKED, "shape": [256, 256], "chunk": [128, 64], "access": "row"}

CASES = [
    {"name": "plain"},
    {"name": "sec2", "driver": "sec2"},
    {"name": "memory", "driver": "memory"},
    {"name": "tiny", "driver": "memory", "shape": [8, 8]},
    {"name": "backed", "driver": "core", "core_backing": True},
    {"name": "bounded", "access": "row", "max_ops": 3},
    {"name": "cold", "driver": "sec2", "cache": "cold"},
    {"name": "compact", "layout": "compact", "shape": [32, 32], "decomposition": "replicated"},
    {"name": "swapped", "byte_order": FOREIGN},
    {"name": "filled", **CHUNKED, "chunk": [64, 64]},
    {"name": "unfilled", **CHUNKED, "chunk": [64, 64], "fill_time": "never"},
    {
        "name": "filled-late",
        **CHUNKED,
        "driver": "sec2",
        "chunk": [64, 256],
        "access": "row",
        "chunk_cache": "64KiB",
    },
    {"name": "edges", **CHUNKED, "driver": "sec2", "chunk": [100, 150], "fill_time": "never"},
    {"name": "cache-some", **SMALL_CACHE, "driver": "sec2", "chunk_cache": "128KiB"},
    {"name": "cache-all", **SMALL_CACHE, "driver": "sec2", "chunk_cache": "1MiB"},
    {
        "name": "mpio-some",
        **SMALL_CACHE,
        "mode": "independent",
        "fill_time": "never",
        "chunk_cache": "128KiB",
    },
    {"name": "mpio-all", **SMALL_CACHE, "mode": "independent", "fill_time": "never", "chunk_cache": "1MiB"},
    {
        "name": "filtered-rows",
        **CHUNKED,
        "shape": [64, 256],
        "chunk": [32, 64],
        "access": "row",
        "filter": "deflate:1",
    },
    {"name": "filtered", **CHUNKED, "chunk": [64, 64], "filter": "shuffle+deflate:1"},
    {"name": "checked", **CHUNKED, "chunk": [64, 64], "filter": "fletcher32"},
    {"name": "dealt", "decomposition": "interleaved", "mode": "independent", "shape": [1024, 100]},
    {
        "name": "dealt-aligned",
        "decomposition": "interleaved",
        "mode": "independent",
        "shape": [256, 512],
        "alignment": "4096B",
    },
    {"name": "slab-rows", "mode": "independent", "shape": [1024, 100], "access": "row"},
    {
        "name": "dealt-chunks",
        **CHUNKED,
        "decomposition": "interleaved",
        "chunk": [64, 64],
        "fill_time": "never",
    },
]

# note, operation, a case that has it, what it says, a case that has not: facts, so that one repetition shows them.
FACTS = [
    ("few", "write", "plain", "no interval: 1 repetition, 6 are needed", None),
    ("short", "write", "tiny", r"too short to trust \(", None),
    ("volatile", "write", "memory", "nothing is durable", "sec2"),
    ("bounded", "write", "bounded", "bounded: 6 of 512 calls", "plain"),
    ("bounded", "read", "bounded", "bounded: 6 of 512 calls", "plain"),
    ("independent", "write", "compact", "collective ran independent because of the layout", "plain"),
    ("independent", "read", "compact", "collective ran independent because of the layout", "filled"),
    (
        "amplified",
        "write",
        "filled",
        r"2\.0\d times the payload was written because of fill values",
        "unfilled",
    ),
    (
        "amplified",
        "write",
        "filled-late",
        r"(1\.9|2\.0)\d times the payload was written because of fill values",
        "cache-all",
    ),
    (
        "amplified",
        "write",
        "edges",
        r"1\.\d\d times the payload was written because of partial edge chunks",
        "sec2",
    ),
    (
        "amplified",
        "write",
        "cache-some",
        r"\d\d+ times the payload was written because chunks are read, changed and written again",
        "cache-all",
    ),
    (
        "amplified",
        "write",
        "backed",
        "because the image in memory is written when it is flushed and again",
        "plain",
    ),
    (
        "reread",
        "read",
        "cache-some",
        r"\d\d times the payload was read because whole chunks are read for partial reads: the chunk cache of "
        "128 KiB holds 2",
        "cache-all",
    ),
    (
        "reread",
        "read",
        "mpio-some",
        "whole chunks are read for partial reads: the chunk cache of 128 KiB holds 2",
        "mpio-all",
    ),
    ("reread", "read", "edges", r"1\.\d\d times the payload was read because of partial edge chunks", "sec2"),
    ("ratio", "write", "filtered", r"ratio \d", "checked"),
    (
        "unaggregated",
        "write",
        "dealt",
        r"not aggregated: 1 0\d\d requests of \d\d\d B, alternating between ranks",
        "slab-rows",
    ),
    (
        "unaggregated",
        "read",
        "dealt",
        r"not aggregated: 1 0\d\d requests of \d\d\d B, alternating between ranks",
        "slab-rows",
    ),
    (
        "unaligned",
        "write",
        "dealt",
        r"unaligned: up to 100 % of the [\d.]+ KiB blocks hold data of several ranks",
        "slab-rows",
    ),
    ("shared_chunks", "write", "dealt-chunks", "32 of 32 chunks are shared by up to 2 ranks", "unfilled"),
]
# The same where they belong to one version of HDF5.
OF_1_10 = [
    ("independent", "write", "swapped", "collective ran independent because of a type conversion", "plain"),
    (
        "claimed_collective",
        "read",
        "filtered",
        "reports collective, but every MPI-IO call was independent",
        "filled",
    ),
    (
        "amplified",
        "write",
        "filtered-rows",
        "times what is stored was written because filtered chunks are read, changed and written again",
        "filtered",
    ),
    (
        "reread",
        "read",
        "filtered-rows",
        "times what is stored was read because whole chunks are read",
        "filtered",
    ),
]

seen = set()


def notes(out):
    """(case, operation) -> what show says of it, in one line; every case that ran has an entry."""
    said, current, key = {}, None, None
    shown = launch([H5ROOF, "show", out], os.environ).stdout.split("\n\n")[0]
    for line in shown.splitlines()[3:]:
        if not line.startswith(" "):
            current = line.split()[0]
            said[(current, "write")] = said[(current, "read")] = ""
        else:
            begun = re.match(r" {6}(write|read): (.*)", line)
            key = (current, begun[1]) if begun else key
            said[key] += (" " if said[key] else "") + (begun[2] if begun else line.strip())
    return said


def expect(said, note, case, operation, words, where=""):
    found = said[(case, operation)]
    check(
        re.search(words, found), f"{note}: {operation} of {case} {where}does not say '{words}' but '{found}'"
    )
    seen.add(note)


def refuse(said, note, case, operation, words):
    found = said[(case, operation)]
    check(not re.search(words, found), f"{note}: {operation} of {case} says '{found}'")


def without_number(words):
    """The part of a sentence that is its note's own: any note of this kind is refused, not only this number of it."""
    for own in (
        "was written because",
        "was read because",
        "bounded:",
        "collective ran independent",
        "aggregated:",
        "unaligned:",
    ):
        if own in words:
            return own
    return words


def check_facts(where):
    run = Run({"defaults": {"shape": [512, 256]}, "cases": CASES}, 2, where)
    said = notes(run.out)
    for note, operation, case, words, other in FACTS + (OF_1_10 if run.hdf5[:2] == (1, 10) else []):
        expect(said, note, case, operation, words)
        if other is not None:
            refuse(said, note, other, operation, without_number(words))
    block = int(run.of("write")["dealt-aligned"]["block_bytes"])
    if block == 4096:
        refuse(said, "unaligned", "dealt-aligned", "write", "unaligned")
    check_counts(run)
    return run


def check_counts(run):
    """The columns behind the notes: a store without libraries asks the kernel for its payload and nothing else."""
    row = run.of("write")["memory"]
    if not row["os_write_bytes"]:
        fail("/proc/self/io is not there: the counts of the system are missing")
    for operation in ("write", "read"):
        row = run.of(operation)["memory"]
        same(
            [row[f"os_{name}"] for name in ("read_bytes", "write_bytes", "read_count", "write_count")],
            ["0"] * 4,
            f"memory, {operation}",
        )
        same(
            (row["nodes_count"], row["data_offset_bytes"], row["block_bytes"]),
            ("1", "", ""),
            f"memory, {operation}",
        )
    plain = run.of("write")["plain"]
    extra = int(plain["os_write_bytes"]) - int(plain["mpiio_write_bytes"])
    check(0 <= extra <= 256, f"{extra} bytes were written that MPI-IO was not asked for")
    check(0 < int(plain["data_offset_bytes"]) < 10000, "the dataset begins nowhere")


def check_offset_in_split(where):
    """HDF5 gives the file of the data the upper half of the addresses; the data lie at its beginning."""
    suite = {"cases": [{"name": "split", "driver": "split", "shape": [64, 64]}]}
    row = Run(suite, 1, where).of("write")["split"]
    same(row["data_offset_bytes"], "0", "where the data begin in the second file of split")


def check_component(where):
    """ROMIO aggregates what two ranks interleave, and fills holes by reading first; OMPIO does neither."""
    suite = {
        "defaults": {"shape": [512, 256], "decomposition": "interleaved"},
        "cases": [
            {"name": "dealt"},
            {
                "name": "holes-filled",
                "shape": [1024, 1024],
                "decomposition": "slab",
                **CHUNKED,
                "chunk": [64, 64],
            },
        ],
    }
    for component in ("ompio", "romio321"):
        run = Run(suite, 2, where, env={"OMPI_MCA_io": component})
        if "open_mpi" not in str(run.env).lower() and "open mpi" not in str(run.env).lower():
            print("not Open MPI: its components are left out")
            return
        said = notes(run.out)
        if component == "ompio":
            expect(
                said,
                "unaggregated",
                "dealt",
                "write",
                "collective calls were not aggregated: 5[12]. requests of",
            )
            refuse(said, "modified", "holes-filled", "write", "in order to write")
        else:
            refuse(said, "unaggregated", "dealt", "write", "aggregated")
            expect(
                said,
                "modified",
                "holes-filled",
                "write",
                r"was read in order to write, because of read-modify-write \(data sieving\)",
            )


def check_rest(where):
    said = notes(Run({"verify": False, "cases": [{"name": "one", "shape": [64, 64]}]}, 2, where).out)
    expect(said, "unverified", "one", "read", "the data were not verified")
    if os.path.isdir(MEMORY) and os.statvfs(MEMORY).f_bavail > 0:
        with_cold = Run(
            {"cases": [{"name": "one", "shape": [64, 64], "driver": "sec2", "cache": "cold"}]},
            1,
            where,
            scratch=MEMORY,
        )
        expect(notes(with_cold.out), "cached", "one", "read", "not cold: 100 % was still in memory")


def check_misaligned(where):
    """Copies whose memory does not begin on a page are made late, so that every CPU is one that minds."""
    shim = {
        "LD_PRELOAD": os.path.join(BUILD, "tests", "shim_address.so"),
        "SHIM_BYTES": "65536",
        "SHIM_LATE_MS": "8",
    }
    cases = [
        {"name": "off", "driver": "posix", "buffer_offset": 16},
        {"name": "even", "driver": "posix"},
        {"name": "collective", "driver": "mpio", "buffer_offset": 16},  # an aggregator may copy
        {"name": "split", "driver": "split", "buffer_offset": 16},  # whose offsets are not those of a file
        {"name": "short", "driver": "posix", "buffer_offset": 16, "access": "row"},
    ]
    run = Run({"defaults": {"shape": [256, 1024]}, "cases": cases}, 2, where, env=shim)
    said = notes(run.out)
    for operation in ("write", "read"):
        words = "misaligned: memory begins 16 bytes further past a page"
        expect(said, "misaligned", "off", operation, words)
        for case in ("even", "short", "collective", "split"):
            refuse(said, "misaligned", case, operation, "misaligned")
        for case in ("collective", "split"):
            same(run.of(operation)[case]["copy_cost_frac"], "", f"copy_cost_frac of {case}")
        same(float(run.of(operation)["even"]["copy_cost_frac"]), 1.0, "copy_cost_frac on pages")
    check(float(run.env["copy_cost"]["read_frac"]["16"]) > 1.5, f"env.json has {run.env['copy_cost']}")


def check_mismatch(where):
    shim = {
        "LD_PRELOAD": os.path.join(BUILD, "tests", "shim_fault.so"),
        "SHIM_CALL": "open",
        "SHIM_ACTION": "flip",
        "SHIM_TIMES": "1",
        "SHIM_PATH": r"\.h5$",
        "SHIM_OFFSET": "-8",
        "SHIM_RANK": "0",
    }
    suite = os.path.join(where, "flip.yaml")
    with open(suite, "w", encoding="utf-8") as file:
        file.write(
            '{"suite": "flip", "repeat": {"warmup": 0, "min": 1, "max": 1}, "cases": [{"name": "one", "shape": [64, 64], "driver": "sec2"}]}'
        )
    out = os.path.join(where, "flipped")
    command = [os.environ["MPIRUN"], "-n", "1", H5ROOF, "run", suite, "--scratch", where, "--out", out]
    same(launch(command, {**os.environ, **shim}).returncode, 1, "exit code with a flipped byte")
    expect(notes(out), "mismatch", "one", "read", "WRONG DATA: element")


# Those of one workload are provoked in its own test.
ELSEWHERE = {
    **{
        "holes": "symptoms.py",
        "arranged": "memory_ways.py",
        "allocated_early": "allocate.py",
        "element_wise": "update.py",
        "damage": "filter.py",
    },
    **dict.fromkeys(
        (
            "slow_rank",
            "noisy",
            "outliers",
            "closing",
            "filling",
            "above_roof",
            "skewed",
            "binds",
            "conversion",
            "shared_roof",
        ),
        "notes_late.py",
    ),
    **{"read_by_all": "reads.py"},
    **{"suspended": "../fault/suspended.sh", "hint_ignored": "hints.sh", "inert": "note_causes.py"},
    **dict.fromkeys(
        ("small_requests", "shared_chunk_reads", "metadata_reads", "grows_in_parallel"), "note_causes.py"
    ),
}


def main():
    with directory() as where:
        run = check_facts(where)
        refuse(notes(run.out), "mismatch", "plain", "read", "WRONG")
        refuse(notes(run.out), "unverified", "plain", "read", "verified")
        check_rest(where)
        check_misaligned(where)
        check_component(where)
        check_offset_in_split(where)
        check_mismatch(where)
    for note, script in ELSEWHERE.items():
        with open(os.path.join(os.path.dirname(__file__), script), encoding="utf-8") as file:
            check(note in file.read(), f"{script} does not name the note {note}")
    listed = subprocess.run(
        [H5ROOF, "list", "notes"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    missing = {line.split()[0] for line in listed} - set(ELSEWHERE) - seen
    check(not missing, f"never provoked: {sorted(missing)}")
    print(f"{len(seen)} of {len(listed)} notes were provoked")


if __name__ == "__main__":
    main()
