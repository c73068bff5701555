#!/usr/bin/env python3
# disk: the ways on a real file system
"""The store roof is measured in the best of several ways: the columns name one that exists, and two at most in the end, every
way moves exactly the bytes of the case, and a way that does not exist on one is left out on all."""

import os
import re
import subprocess

from h5run import H5ROOF, Run, check, directory, launch, same, MPIRUN

MEMORY = "/dev/shm"
SHIM = os.path.join(os.environ["H5ROOF_BUILD"], "tests", "shim_ways.so")
TRIALS = 3
BLOCKS = 5
BYTES = 3 * 2**20 + 1004  # pieces of 1 MiB on each of two ranks, and an end that cannot be moved directly
SUITE = {
    "repeat": {"warmup": 1, "min": BLOCKS - 1, "max": BLOCKS - 1},
    "cases": [{"name": "it", "driver": "posix", "shape": [BYTES], "dtype": "u8"}],
}
WAY = re.compile(r"(whole|8MiB|1MiB|64KiB)( preallocated)?( direct)?")


def shimmed(log, **more):
    env = {"LD_PRELOAD": SHIM, "SHIM_PATH": "/roof.", "SHIM_LOG": log}
    return {**env, **{f"SHIM_{key.upper()}": str(value) for key, value in more.items()}}


def calls(log):
    with open(log, encoding="utf-8") as file:
        for line in file:
            call, direct, size = line.split()
            yield call, direct == "1", int(size)


def check_columns(run, settles=True):
    """Names that exist, nothing preallocated to read, the faster files, and two ways at most when the trials are over."""
    settled = {}
    for row in run.rows:
        ways = (row["roof_store_own_way"], row["roof_store_shared_way"])
        for way in ways:
            match = WAY.fullmatch(way)
            check(match, f"there is no way '{way}'")
            check(match[1] != "8MiB", f"{way} is no way of its own here")
            check(not (match[2] and row["operation"] == "read"), f"reads {way}")
        own, shared = float(row["roof_store_own_s"]), float(row["roof_store_shared_s"])
        same(row["roof_files"], "own" if own <= shared else "shared", "the files of the faster roof")
        same(float(row["roof_s"]), min(own, shared), "the roof")
        if int(row["block"]) >= TRIALS and settles:
            for sharing, way in zip(("own", "shared"), ways):
                settled.setdefault((row["operation"], sharing), set()).add(way)
    same(len(settled), 4 if settles else 0, "operations and files after the trials")
    check(all(len(ways) <= 2 for ways in settled.values()), f"ways after the trials: {settled}")


def check_bytes(where, ranks):
    log = os.path.join(where, f"log{ranks}")
    run = Run(SUITE, ranks, where, env=shimmed(log), scratch=MEMORY)
    check_columns(run)
    moved = {"write": 0, "read": 0, "allocate": 0}
    for call, direct, size in calls(log):
        moved[call] += size
        check(not direct or size % 4096 == 0, f"a direct {call} of {size} bytes")
    for call, size in moved.items():
        check(size > 0 and size % BYTES == 0, f"{ranks} ranks: {call} of {size} bytes")


def check_counts(where, ranks):
    """Where three ways are left (whole, 1 MiB, 64 KiB), all are tried three times, and then two measured in every block, with own
    files and with a shared one; and after the trial with direct writes the file is written once more, through the cache.
    """
    log = os.path.join(where, f"refused{ranks}")
    run = Run(SUITE, ranks, where, env=shimmed(log, refuse="direct,allocate"), scratch=MEMORY)
    check_columns(run)
    moved = {"write": 0, "read": 0}
    for call, direct, size in calls(log):
        check(not direct and call in moved, f"{call} was to be refused")
        moved[call] += size
    # of 4 ranks none has more than 1 MiB: two are left
    times = 3 * TRIALS + 2 * (BLOCKS - TRIALS) if ranks < 3 else 2 * BLOCKS
    same(moved, {"write": 2 * (times + 1) * BYTES, "read": 2 * times * BYTES}, f"{ranks} ranks: bytes")


def check_failing(where, **refuse):
    """On one rank only, at once or later: all go on, with another way."""
    log = os.path.join(where, "failing")
    run = Run(SUITE, 2, where, env=shimmed(log, rank=1, **refuse), scratch=MEMORY)
    check_columns(run, settles="after" not in refuse)  # the best way may fail when the trials are over
    for row in run.rows:
        if "after" not in refuse:
            for column in ("roof_store_own_way", "roof_store_shared_way"):
                for word in refuse["refuse"].replace("allocate", "preallocated").split(","):
                    check(word not in row[column], f"{row[column]} cannot be: {word} fails on rank 1")


def roofless(run, name):
    """The columns of roofs that are filled in the last rows of a case."""
    filled = set()
    for operation in ("write", "read"):
        row = run.of(operation)[name]
        filled |= {column for column in row if column.startswith("roof_") and row[column]}
        filled |= {"efficiency_frac"} if row["efficiency_frac"] else set()
    return filled


def check_roofs(where):
    suite = {
        "cases": [
            {"name": "plain", "shape": [64, 64]},
            {"name": "memory", "shape": [64, 64], "driver": "memory"},
            {
                "name": "filtered",
                "shape": [64, 64],
                "layout": "chunked",
                "chunk": [32, 32],
                "filter": "deflate:1",
            },
        ]
    }
    store = {"roof_store_own_s", "roof_store_shared_s", "roof_store_own_way", "roof_store_shared_way"}
    bound = {"roof_bound", "roof_s", "efficiency_frac", "roof_files"}
    run = Run(suite, 2, where, options=["--roofs", "store"])
    same(roofless(run, "plain"), store | bound, "roofs of `plain` with --roofs store")
    same(roofless(run, "filtered"), store | {"roof_files", "roof_missing"}, "roofs of `filtered`")
    for operation in ("write", "read"):
        same(run.of(operation)["filtered"]["roof_missing"], "unmeasured", "why storage need not bind")
    same(roofless(run, "memory"), set(), "roofs of `memory`, which has none of the store")
    run = Run(suite, 2, where, options=["--roofs", "none"])
    for name in ("plain", "filtered", "memory"):
        same(roofless(run, name), set(), f"roofs of `{name}` with --roofs none")
    said = subprocess.run([H5ROOF, "show", run.out], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in said.splitlines() if line.startswith(("plain ", "filtered "))]
    check(rows and all("-" in row for row in rows), f"no '-' for the efficiency:\n{said}")
    command = [MPIRUN, "-n", "2", H5ROOF, "run", os.path.join(where, "suite.yaml"), "--scratch", where]
    done = launch(command + ["--out", run.out, "--resume"], dict(os.environ))
    same(done.returncode, 2, "exit code of --resume with other roofs")
    check("was 'roofs: none' and is" in done.stderr, f"it is not said why: {done.stderr}")


def check_rewrites(ranks, where):
    """What an earlier operation has put into the files is written over, and that is another measurement than into new ones."""
    early = {"workload": "allocate", "driver": "sec2", "alloc_time": "early"}
    filled = {**early, "fill_value": -1}
    cases = [
        {"name": "new", "driver": "sec2"},
        {"name": "empty", **early, "fill_time": "never"},
        {"name": "filled", **filled},
        {"name": "filled-again", **filled, "libver": "latest"},
    ]
    run = Run({"defaults": {"shape": [256, 1024], "dtype": "i32"}, "cases": cases}, ranks, where)
    for column in ("roof_store_own_s", "roof_store_shared_s"):
        roof = {name: row[column] for name, row in run.of("write").items()}
        same(roof["empty"], roof["new"], f"{ranks} ranks: {column} of new files")
        same(roof["filled-again"], roof["filled"], f"{ranks} ranks: {column} of files that are written over")
        check(roof["filled"] != roof["new"], f"{ranks} ranks: one {column} for both")
        reads = {row[column] for row in run.of("read").values()}
        same(len(reads), 1, f"{ranks} ranks: measurements of reads")


def main():
    with directory() as where:
        for ranks in (1, 2, 4):
            check_bytes(where, ranks)
            check_counts(where, ranks)
            check_rewrites(ranks, where)
        check_failing(where, refuse="direct")
        check_failing(where, refuse="allocate")
        check_failing(where, refuse="direct,allocate", after=9)
        check_roofs(where)


main()
