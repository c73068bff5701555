#!/usr/bin/env python3
# disk: what binds is storage
# long: delays of seconds
# alone: it compares times
# once: delays, and the notes that they cause
# timeout: 240
"""The notes on times: real runs that a shim makes late by far more than a machine is ever disturbed. The other side of these notes is
tested without a clock in tests/unit/test_note.c."""

import os

from h5run import SANITIZED, Run, directory, skip
from notes import BUILD, CHUNKED, expect, notes, refuse


def late(where, cases, when, ms, repeat, roofs="none", **more):
    """A run in which files whose path contains `path` (default: those of the cases) are late."""
    shim = os.path.join(BUILD, "tests", "shim_late.so")
    env = {
        "LD_PRELOAD": shim,
        "SHIM_PATH": ".h5",
        "SHIM_BYTES": "32768",
        "SHIM_WHEN": when,
        "SHIM_MS": str(ms),
    }
    env.update({f"SHIM_{key.upper()}": str(value) for key, value in more.items()})
    suite = {
        "repeat": {"warmup": 0, "min": repeat, "max": repeat, "time": "60s"},
        "defaults": {"shape": [64, 1024], "driver": "sec2"},
        "cases": cases,
    }
    return notes(Run(suite, 2, where, env=env, options=["--roofs", roofs]).out)


def check_times(where):
    one = [{"name": "one"}]
    said = late(where, one, "write", 100, 6, roofs="store", rank=1)
    expect(
        said,
        "slow_rank",
        "one",
        "write",
        r"rank 1 on \S+ is slowest in 6 of 6 repetitions, others wait \d\d % of its time",
    )
    for note, words in (
        ("few", "no interval"),
        ("short", "too short"),
        ("above_roof", "above its roof"),
        ("binds", "binds"),
    ):
        refuse(said, note, "one", "write", words)

    said = late(where, one, "write", 20, 8, every=2, more=200)
    expect(said, "noisy", "one", "write", "noisy: the time's interval reaches")
    said = late(where, one, "write", 20, 8, every=8, more=1500)
    expect(said, "outliers", "one", "write", r"1 of 8 repetitions far out \(kept\)")

    said = late(where, one, "closing", 200, 4)
    expect(said, "closing", "one", "write", r"closing takes \d\d % of the time, for metadata")
    refuse(said, "closing", "one", "read", "closing")

    chunks = {**CHUNKED, "chunk": [4, 1024], "access": "row", "max_ops": 1, "alloc_time": "early"}
    said = late(where, [{"name": "filling", **chunks}], "write", 20, 4)
    expect(said, "filling", "filling", "write", r"creating takes \d\d % of the time, for fill values")

    said = late(where, one, "write", 300, 4, roofs="store", path="/roof.")
    expect(said, "above_roof", "one", "write", "suspicious: above its roof in 4 of 4")
    said = late(where, one, "write,barrier", 25, 4, rank=1)
    expect(
        said,
        "skewed",
        "one",
        "write",
        "skewed: the wall time is not that of the slowest ranks in 4 of 4 repetitions",
    )


def check_roofs(where):
    """Storage binds where each write is late, the roof's and the case's; compression where there is no storage at all."""
    said = late(where, [{"name": "one"}], "write", 400, 4, roofs="store", path=where)
    expect(said, "binds", "one", "write", "at its roof: storage binds")
    cases = [{"name": "shared", "driver": "mpio"}, {"name": "own"}]
    said = late(where, cases, "write", 100, 4, roofs="store", **{"or": "/roof.bin"})
    words = "held against a file per rank; one shared file could reach"
    expect(said, "shared_roof", "shared", "write", words + r" \d+ MiB/s, of which this is \d+ %")
    refuse(said, "shared_roof", "own", "write", words)
    repeat = {"warmup": 0, "min": 4, "max": 4, "time": "60s"}
    run = Run(
        {
            "repeat": repeat,
            "defaults": {"shape": [256, 1024]},
            "cases": [
                {"name": "converted", "shape": [8192, 4096], "file_dtype": "f32"},
                {"name": "native"},
                {
                    "name": "deflated",
                    "driver": "core",
                    "core_increment": "16MiB",
                    **CHUNKED,
                    "chunk": [128, 256],
                    "filter": "deflate:6",
                },
            ],
        },
        2,
        where,
    )
    said = notes(run.out)
    expect(said, "conversion", "converted", "read", r"type conversion costs about \d+ % of the time")
    refuse(said, "conversion", "native", "read", "conversion")
    expect(said, "binds", "deflated", "write", r"compression binds, not storage: \d+ % of its roof")
    refuse(said, "binds", "native", "write", "compression")


def main():
    if SANITIZED:
        skip("with sanitizers everything is late")
    with directory() as where:
        check_times(where)
        check_roofs(where)


if __name__ == "__main__":
    main()
