#!/usr/bin/env python3
# alone: 16 ranks
# once: memory, of which sanitizers take their own
"""Memory of a rank beyond its two buffers: below 32 MiB with 2 and with 16 ranks, whatever the case and the length of the plan."""

import json
import os
import subprocess

from h5run import H5ROOF, MPIRUN, ONCE, SANITIZED, check, directory, same, skip

WATCH = os.path.join(os.environ["H5ROOF_BUILD"], "tests", "memory_watch")
LIMIT_KIB = 32 * 1024
SHARE_MIB = 4  # of every rank
# An aggregator of OMPIO has a buffer of 32 MiB for collective transfers by default: a setting of the MPI, not of the program.
SMALL_AGGREGATORS = {"OMPI_MCA_io_ompio_bytes_per_agg": "1048576"}
CHUNKS = {"layout": "chunked", "chunk": [64, 256]}
SLABS = [
    {
        "name": "mpio",
        "sweep": {"mode": ["collective", "independent"], "decomposition": ["slab", "interleaved"]},
    },
    {"name": "chunked", **CHUNKS, "sweep": {"filter": ["none", "shuffle+deflate:1"]}},
    {"name": "order", "sweep": {"byte_order": ["little", "big"]}},
    {"name": "own", "sweep": {"driver": ["sec2", "mpiio", "posix"]}},
    {"name": "row", "access": "row"},
]


def measure(ranks, where, suite):
    """KiB of anonymous memory of every rank, at its most."""
    path, found = os.path.join(where, f"suite{ranks}.yaml"), os.path.join(where, f"kib{ranks}")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"suite": "memory", "repeat": ONCE, **suite}, file)
    command = [
        MPIRUN,
        "-n",
        str(ranks),
        WATCH,
        found,
        H5ROOF,
        "run",
        path,
        "--scratch",
        where,
        "--out",
        os.path.join(where, f"out{ranks}"),
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
        env={**os.environ, **SMALL_AGGREGATORS},
    )
    check(done.returncode == 0, f"{ranks} ranks: exit code {done.returncode}: {done.stderr[-2000:]}")
    with open(found, encoding="utf-8") as file:
        most = [int(line.split()[0]) for line in file]
    same(len(most), ranks, "ranks that were watched")
    return most


def beyond_buffers(ranks, where):
    buffers_kib = 2 * SHARE_MIB * 1024
    most = measure(ranks, where, {"defaults": {"shape": [SHARE_MIB * ranks * 128, 1024]}, "cases": SLABS})
    check(min(most) > buffers_kib, f"the buffers were not seen: {most}")
    print(
        f"{ranks} ranks: {(min(most) - buffers_kib) / 1024:.1f} to {(max(most) - buffers_kib) / 1024:.1f} MiB beyond the buffers"
    )
    check(
        max(most) - buffers_kib < LIMIT_KIB,
        f"{ranks} ranks: {max(most) - buffers_kib} KiB beyond the buffers",
    )


def long_plan(where):
    """Only rank 0 holds the plan; all but one of its cases are forbidden, and cost nothing but their place in it."""
    cases = [
        {"name": "many", "filter": "shuffle", "sweep": {"chunk_slots": list(range(1, 10001))}},
        {"name": "one", "shape": [8, 8]},
    ]
    most = measure(3, where, {"cases": cases})
    print(
        f"10 000 cases: {max(most) / 1024:.1f} MiB on the rank with the plan, {sorted(most)[1] / 1024:.1f} MiB on the others"
    )
    check(sorted(most)[1] < LIMIT_KIB, f"{most} KiB: the plan is not on one rank alone")


def main():
    if SANITIZED:
        skip("a sanitizer's own memory would be counted")
    with directory() as where:
        for ranks in (2, 16):
            beyond_buffers(ranks, where)
        long_plan(where)


if __name__ == "__main__":
    main()
