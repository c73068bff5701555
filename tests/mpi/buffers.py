#!/usr/bin/env python3
# timeout: 300
# needs: numpy h5py
"""Where the memory begins that HDF5, MPI-IO and the kernel are handed: on a page, or as far past it as buffer_offset says."""

import glob
import os
import subprocess

import h5py
from h5run import MPIRUN, SANITIZED, Run, check, directory, expect_skipped, fail, same

BUILD = os.environ["H5ROOF_BUILD"]
SHARE = 512 * 1024  # bytes of a rank
PAGE = 4096
# What each driver must have made of a whole share. HDF5 with mpio goes through MPI-IO, the others through the kernel.
THROUGH = {"mpio": "MPI_File", "mpiio": "MPI_File", "sec2": "p", "posix": "p"}


class Log:
    """What a shim saw: lines (name, number, bytes past a page) of all ranks."""

    def __init__(self, shim, where, least=0):
        self.prefix = os.path.join(where, shim)
        self.env = {
            "LD_PRELOAD": os.path.join(BUILD, "tests", f"{shim}.so"),
            "SHIM_LOG": self.prefix,
            "SHIM_BYTES": str(least),
        }

    def take(self):
        seen = []
        for path in glob.glob(self.prefix + ".*"):
            with open(path, encoding="ascii") as file:
                seen += [(name, int(n), int(past)) for name, n, past in map(str.split, file)]
            os.remove(path)
        return seen


def slab(name, offset, **factors):
    """Two ranks that move 512 KiB each in one call."""
    return {"name": name, "shape": [128, 1024], "buffer_offset": offset, **factors}


DRIVERS = [
    ("mpio", "collective"),
    ("mpio", "independent"),
    ("mpiio", "collective"),
    ("mpiio", "independent"),
    ("sec2", "independent"),
    ("posix", "independent"),
]


def each_driver(log, where, offset):
    for driver, mode in DRIVERS:
        case = slab("slab", offset, driver=driver, mode=mode)
        run = Run({"cases": [case]}, 2, where, env=log.env)
        same(int(run.rows[0]["buffer_offset_bytes"]), offset, "column buffer_offset_bytes")
        seen = [line for line in log.take() if line[1] == SHARE]
        what = f"{driver} {mode} at {offset}"
        # The case writes and reads its shares; so do the roofs, at offset 0.
        for way in ("write", "read"):
            calls = [past for name, _, past in seen if name.startswith(THROUGH[driver]) and way in name]
            check(calls, f"{what}: no {way} of a whole share was seen: {seen}")
            check(offset in calls, f"{what}: {way} was handed memory at {calls}")
            strange = [past for past in calls if past not in (0, offset)]
            same(strange, [], f"{what}: {way}, bytes past a page")


def drivers(where):
    log = Log("shim_address", where, SHARE)
    each_driver(log, where, 16)
    cases = [slab(f"{driver}-{mode}", 0, driver=driver, mode=mode) for driver, mode in DRIVERS]
    Run({"cases": cases}, 2, where, env=log.env)
    seen = [
        line for line in log.take() if line[1] <= 2 * SHARE
    ]  # more is what tells the cost of misalignment
    check(len(seen) >= 4 * len(cases), f"too few calls were seen: {seen}")
    same([line for line in seen if line[2] != 0], [], "not on a page")
    print("drivers: MPI-IO and the kernel were handed what buffer_offset says")


# Cases whose calls hand HDF5 whole buffers of the workload: its own, or those of the run. A share has 65536 elements.
WORKLOADS = [
    {"workload": "slab"},
    {"workload": "slab", "driver": "mpio"},
    {"workload": "slab", "halo": 2},
    {"workload": "update", "update": "negative", "data": "random"},
    {"workload": "update"},
    {"workload": "tile", "tile": [128, 512]},
    {"workload": "select", "selection": "block", "one_in": 2},
    {
        "workload": "select",
        "selection": "mask",
        "one_in": 2,
        "mask_as": "union",
        "memory_selection": "strided",
    },
    {"workload": "convert", "file_dtype": "f32", "convert_by": "program"},
    {"workload": "convert", "file_dtype": "f32"},
    {"workload": "resize", "layout": "chunked", "chunk": [64, 512], "append": 128},
    {"workload": "particles", "variables": 1, "steps": 1},
    {"workload": "pieces", "pieces_as": "union", "pieces": 8, "driver": "mpio"},
    {"workload": "allocate"},
    {"workload": "types"},
]
# They read a chunk outside the clock, into memory that they let go.
FILTERS = [
    {"chunk": [64, 1024], "filter": "shuffle", "write_by": "direct"},
    {"chunk": [32, 1024], "filter": "deflate:1"},
]
FEW = 16384  # elements: what trials of filters and the self-test of the counters move


def handed(log, where, offset, workloads, excused=(None, 0)):
    cases = [
        {"name": f"case-{i}", "shape": [128, 1024], "driver": "sec2", **factors, "buffer_offset": offset}
        for i, factors in enumerate(workloads)
    ]
    run = Run({"cases": cases}, 2, where, env=log.env)
    same(run.skipped(), {}, "skipped")
    large = [line for line in log.take() if line[1] > FEW and line[:2] != excused]
    check(len(large) >= 2 * len(cases), f"{len(cases)} cases made {len(large)} large calls")
    same(
        [line for line in large if line[2] != offset],
        [],
        f"not at {offset} (name, elements, bytes past a page)",
    )


def workloads(where):
    log = Log("shim_dataset", where)
    for offset in (0, 16):
        handed(log, where, offset, WORKLOADS)
        for filtered in FILTERS:
            chunk = filtered["chunk"]
            excused = ("H5Dread", chunk[0] * chunk[1])
            handed(log, where, offset, [{"workload": "filter", "layout": "chunked", **filtered}], excused)
    print(f"workloads: {len(WORKLOADS + FILTERS)} cases hand HDF5 buffers on a page and past it")


# Calls that do not begin on pages of the payload: rows of 1000 elements. The last call of a rank has fewer rows.
SHARED = {"shape": [42, 1000], "access": "32000B", "data": "random"}
STORES = {
    "mpio": {"driver": "mpio"},
    "mpio-independent": {"driver": "mpio", "mode": "independent"},
    "chunked": {"driver": "mpio", "layout": "chunked", "chunk": [7, 100]},
    "interleaved": {"driver": "mpio", "decomposition": "interleaved"},
    "sec2": {"driver": "sec2"},
    "core": {"driver": "core"},
    "core-backed": {"driver": "core", "core_backing": True},
    "memory": {"driver": "memory"},
    "mpiio": {"driver": "mpiio"},
    "posix": {"driver": "posix"},
    "posix-shared": {"driver": "posix", "files": "shared"},
}


def contents(run, row):
    """The dataset of a case: a list of arrays, one of each file."""
    found = []
    for path in run.files(row, ".h5"):
        with h5py.File(path, "r") as file:
            found.append(file["data"][...])
    return found


def check_shared_memory(run):
    """Every call wrote the data of its rank's first one, as they are in the same case with buffers: payload."""
    written, rows = run.of("write"), 21  # of a rank
    for name in ("mpio", "mpio-independent", "chunked", "sec2"):
        plain, shared = (contents(run, written[f"{name}/buffers={way}"]) for way in ("payload", "call"))
        for rank in range(2):
            of_rank = slice(0, rows) if name == "sec2" else slice(rank * rows, (rank + 1) * rows)
            whole, found = (data[rank if name == "sec2" else 0][of_rank] for data in (plain, shared))
            for first in range(0, rows, 4):
                n = min(4, rows - first)
                right = (found[first : first + n] == whole[:n]).all()
                check(right, f"{name}, rank {rank}: rows from {first} on are not those of the first call")
            check((whole[4:8] != whole[:4]).any(), f"{name}: the data of two calls are the same")


def one_memory(where):
    cases = [
        {"name": name, **SHARED, **factors, "sweep": {"buffers": ["payload", "call"]}}
        for name, factors in STORES.items()
    ]
    run = Run({"cases": cases}, 2, where, keep=True)
    same(run.skipped(), {}, "skipped")
    check_shared_memory(run)
    for operation in ("write", "read"):
        rows = run.of(operation)
        for name in STORES:
            for column in (
                "payload_bytes",
                "calls_count",
                "mpiio_write_bytes",
                "mpiio_read_bytes",
                "stored_bytes",
            ):
                plain, shared = (rows[f"{name}/buffers={way}"][column] for way in ("payload", "call"))
                same(shared, plain, f"{column} of {operation}, {name}")
    for ranks in (1, 3):  # one whose share is smaller than that of the others, and makes empty calls
        uneven = [{**case, "shape": [13, 1000]} for case in cases if "chunk" not in case]
        same(Run({"cases": uneven}, ranks, where).skipped(), {}, "skipped")
    log = Log("shim_dataset", where)
    for way in ("payload", "call"):
        case = {"name": "case", **SHARED, "driver": "sec2", "buffers": way, "buffer_offset": 16}
        Run({"cases": [case]}, 2, where, env=log.env)
        places = {line[2] for line in log.take() if line[1] == 4000}
        check(
            len(places) > 3 if way == "payload" else places == {16},
            f"buffers {way}: calls have memory at {places}",
        )
    cannot = [
        {"name": "halo", "driver": "sec2", "halo": 1, "buffers": "call"},
        {"name": "update", "workload": "update", "driver": "sec2", "buffers": "call"},
        {"name": "tile", "workload": "tile", "driver": "sec2", "buffers": "call"},
    ]
    reasons = {case["name"]: ["needs memory for the whole payload"] for case in cannot}
    expect_skipped(Run({"cases": cannot}, 2, where), reasons)
    print(f"buffers call: {len(STORES)} kinds of stores move all calls through the memory of one")


# The cases of scripts/dev/selfbench.sh, as its twins take them.
TWINS = [
    ["slab", "driver=sec2", "shape=256x1024"],
    ["slab", "shape=256x1024"],
    ["tile", "driver=sec2", "shape=256x1024", "tile=64x1024"],
    ["convert", "driver=sec2", "shape=256x1024", "file_dtype=f32"],
    ["particles", "driver=sec2", "shape=256x1024"],
]


def twins(where):
    log = Log("shim_dataset", where)
    for workload, *factors in TWINS:
        command = [
            MPIRUN,
            "-n",
            "2",
            os.path.join(BUILD, "tests", "bare_loop"),
            workload,
            *factors,
            "1",
            where,
        ]
        done = subprocess.run(
            command, env={**os.environ, **log.env}, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            fail(f"{' '.join(command)}: {done.stderr}")
        large = [line for line in log.take() if line[1] >= 64 * 1024]
        check(large, f"{workload}: nothing large was moved by the twin")
        same([line for line in large if line[2] != 0], [], f"twin of {workload}: not on a page")
    print(f"twins: {len(TWINS)} of them hand HDF5 buffers on a page")


def main():
    with directory() as where:
        one_memory(where)
        if SANITIZED:
            return  # addresses are the same there
        drivers(where)
        workloads(where)
        twins(where)


if __name__ == "__main__":
    main()
