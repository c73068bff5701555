#!/usr/bin/env python3
# needs: h5py numpy
"""Space in the file, and HDF5's caches of a file: what h5dump sees of it, and what the system's calls show."""

import os
import re
import subprocess

import h5py

from h5run import Run, check, directory, expect_skipped, same

STRATEGIES = ["fsm_aggr", "page", "aggr", "none"]
CALLS, CALL = 2000, 64  # of the element-wise cases: so many of so many bytes
SIEVES = [0, 4096, 65536]
SUITE = {
    "defaults": {"shape": [512, 512]},
    "cases": [
        {
            "name": "kept",
            "sweep": {
                "driver": ["mpio", "sec2", "stdio", "family", "split"],
                "file_space": STRATEGIES,
                "file_space_persist": [False, True],
            },
            "page_size": "8KiB",
            "shape": [64, 64],
        },
        {"name": "first", "sweep": {"driver": ["mpio", "sec2"], "meta_block": ["2KiB", "64KiB"]}},
        {
            "name": "sieve",
            "access": f"{CALL}B",
            "max_ops": CALLS,
            "mode": "independent",
            "sweep": {"driver": ["mpio", "sec2"], "sieve_buffer": [f"{n}B" for n in SIEVES]},
        },
        {
            "name": "threshold",
            "driver": "sec2",
            "layout": "chunked",
            "chunk": [2, 500],
            "alignment": "64KiB",
            "sweep": {"alignment_threshold": ["0B", "1KiB"]},
        },
        {
            "name": "cache",
            "workload": "metadata",
            "objects": 400,
            "driver": "sec2",
            "sweep": {"metadata_cache": ["0B", "1KiB", "8MiB"]},
        },
        {"name": "buffered", "driver": "sec2", "file_space": "page", "page_buffer": "1MiB"},
        {"name": "evicted", "driver": "sec2", "evict_on_close": True},
    ],
}


def superblock(path):
    """Strategy, whether free space is kept, page size: as h5dump prints them."""
    text = subprocess.run(["h5dump", "-B", "-H", path], check=True, capture_output=True, text=True).stdout
    found = {
        name: re.search(rf"{name} (\S+)", text).group(1)
        for name in ("FILE_SPACE_STRATEGY", "FREE_SPACE_PERSIST", "FILE_SPACE_PAGE_SIZE")
    }
    strategy = found["FILE_SPACE_STRATEGY"].removeprefix("H5F_FSPACE_STRATEGY_").lower()
    return strategy, found["FREE_SPACE_PERSIST"] == "TRUE", int(found["FILE_SPACE_PAGE_SIZE"])


def check_strategies(run):
    seen = 0
    for case, row in run.of("write").items():
        if not case.startswith("kept/") or row["driver"] in ("family", "split"):
            continue
        paged = row["file_space"] == "page"
        for path in run.files(row, ".h5"):
            strategy, persist, size = superblock(path)
            same(strategy, row["file_space"], f"h5dump: strategy of {case}")
            same(persist, row["file_space_persist"] == "true", f"h5dump: persistence of {case}")
            same(size, 8192 if paged else 4096, f"h5dump: page size of {case}")
            check(not paged or os.path.getsize(path) % 8192 == 0, f"{case} is not made of pages")
            seen += 1
    check(seen >= 18, f"only {seen} files were looked at")


def check_sieve(run):
    """A gathered piece is written by one request, and each rank has three for metadata and the last piece."""
    writes = {case: int(row["os_write_count"]) for case, row in run.of("write").items()}
    for size in SIEVES:
        name = "driver=sec2/sieve_buffer=" + ("0B" if size == 0 else f"{size // 1024}KiB")
        pieces = CALLS if size == 0 else -(-CALLS * CALL // size)
        same(writes[f"sieve/{name}"], run.ranks * (pieces + 3), f"writes of {name} with {run.ranks} ranks")
    for case, n in writes.items():
        if case.startswith("sieve/driver=mpio"):
            check(n >= run.ranks * CALLS, f"{case} gathered: {n} writes, and MPI-IO has no sieve")


def check_places(run):
    first = {
        case: int(row["data_offset_bytes"])
        for case, row in run.of("write").items()
        if row["data_offset_bytes"]
    }
    for driver in ("mpio", "sec2"):
        same(first[f"first/driver={driver}/meta_block=2KiB"], 2048, "where the data begin")
        same(first[f"first/driver={driver}/meta_block=64KiB"], 65536, "where they do after a larger block")
    for case, row in run.of("write").items():
        if case.startswith("threshold/"):
            for path in run.files(row, ".h5"):
                with h5py.File(path, "r") as file:
                    data = file["data"].id
                    at = [data.get_chunk_info(i).byte_offset for i in range(data.get_num_chunks())]
                aligned = sum(offset % 65536 == 0 for offset in at)
                check(
                    aligned == len(at)
                    if row["alignment_threshold_bytes"] == "1024"
                    else aligned < len(at) / 4,
                    f"{case}: {aligned} of {len(at)} chunks are aligned",
                )


def check_cache(run):
    reads = {case: int(row["os_read_count"]) for case, row in run.of("create").items()}
    same(reads["cache/metadata_cache=0B"], 0, "metadata read while they are made")
    same(reads["cache/metadata_cache=8MiB"], 0, "metadata read while they are made, all in the cache")
    check(
        reads["cache/metadata_cache=1KiB"] > 400,
        f"a cache of 1 KiB read {reads['cache/metadata_cache=1KiB']} times",
    )


def expected_skips(run, kept):
    skips = {"buffered": ["page buffer"], "evicted": ["evict_on_close"]}
    for driver in ("mpio", "sec2", "stdio", "family", "split") if kept else ():
        for strategy in STRATEGIES:
            for persist in ("false", "true"):
                name = f"kept/driver={driver}/file_space={strategy}/file_space_persist={persist}"
                if driver == "split" and (strategy == "page" or persist == "true"):
                    skips[name] = ["driver split has no file_space"]
                elif persist == "true" and strategy in ("aggr", "none"):
                    skips[name] = ["none to keep"]
    expect_skipped(run, skips)


def main():
    for ranks in (1, 2, 4):
        with directory() as where:
            cases = [case for case in SUITE["cases"] if ranks == 2 or case["name"] != "kept"]
            run = Run({**SUITE, "cases": cases}, ranks, where, keep=True, options=["--roofs", "none"])
            expected_skips(run, ranks == 2)
            if ranks == 2:
                check_strategies(run)
            check_sieve(run)
            check_places(run)
            check_cache(run)
    print("strategies, sieve, places and caches are what was asked for")


if __name__ == "__main__":
    main()
