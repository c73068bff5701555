#!/usr/bin/env python3
# needs: numpy h5py
"""Every value of the factors that tune a file, every kind of data, a sample of the user's, and no verification."""

import os

import h5py
import numpy

from geometry import SIZES
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

DRIVERS = ["mpio", "sec2", "stdio", "core", "family", "split"]
CHUNKED = {"layout": "chunked", "chunk": [5, 4]}


def tuned(ranks, where):
    times = {"fill_time": ["ifset", "alloc", "never"], "alloc_time": ["default", "early", "late", "incr"]}
    hints = [
        {"romio_cb_write": "enable", "cb_nodes": 1},
        {"romio_cb_write": "disable", "romio_ds_write": "disable"},
        "striping_factor=2;striping_unit=65536",
    ]
    libver = ["earliest", "v18", "v110", "latest"]
    cases = [
        {"name": "contiguous", "sweep": {"driver": DRIVERS, **times}},
        {"name": "chunked", **CHUNKED, "sweep": {"driver": DRIVERS, **times}},
        {"name": "filtered", **CHUNKED, "filter": "deflate:1", "sweep": {"driver": DRIVERS, **times}},
        {
            "name": "compact",
            "layout": "compact",
            "decomposition": "replicated",
            "sweep": {"driver": DRIVERS, **times},
        },
        {"name": "libver", "sweep": {"driver": DRIVERS, "libver": libver}},
        {
            "name": "libver-chunked",
            **CHUNKED,
            "sweep": {"driver": DRIVERS, "libver": libver, "filter": ["none", "shuffle"]},
        },
        {
            "name": "cache",
            **CHUNKED,
            "filter": "deflate:1",
            "sweep": {"driver": DRIVERS, "chunk_cache": [0, "1KiB", "4MiB"], "chunk_slots": [1, 521]},
        },
        {"name": "alignment", "sweep": {"driver": DRIVERS, "alignment": ["512B", "4KiB", "64KiB"]}},
        {
            "name": "metadata",
            **CHUNKED,
            "sweep": {
                "mode": ["collective", "independent"],
                "collective_metadata": ["none", "writes", "reads", "all"],
            },
        },
        {
            "name": "hints",
            "sweep": {"driver": ["mpio", "mpiio"], "mode": ["collective", "independent"], "hints": hints},
        },
        {
            "name": "increment",
            "driver": "core",
            "core_backing": True,
            "sweep": {"core_increment": ["1KiB", "1MiB"]},
        },
        {"name": "member", "driver": "family", "sweep": {"family_member": ["1KiB", "2000B", "64MiB"]}},
    ]
    for i, case in enumerate(cases):
        case["shape"] = [23, 11 + i]  # or a default would be the same case twice
    run = Run({"defaults": {"data": "random"}, "cases": cases}, ranks, where)
    late = {
        f"compact/driver={driver}/fill_time={fill}/alloc_time={alloc}": ["compact allocates early"]
        for driver in DRIVERS
        for fill in times["fill_time"]
        for alloc in ("late", "incr")
    }
    expect_skipped(run, late)
    hinted = run.of("write")["hints/driver=mpio/mode=collective/hints=romio_cb_write=enable;cb_nodes=1"]
    same(hinted["hints"], "romio_cb_write=enable;cb_nodes=1", "hints in the table")
    print(f"{ranks} ranks: {len(run.of('write'))} variations are right")


def kinds_of_data(where):
    kinds = ["zeros", "ramp", "smooth", "random"]
    cases = [
        {
            "name": "kind",
            "shape": [300, 7],
            "sweep": {
                "driver": ["mpio", "posix"],
                "data": kinds,
                "dtype": list(SIZES),
                "decomposition": ["slab", "interleaved"],
            },
        },
        {
            "name": "filtered",
            "shape": [128, 128],
            **{**CHUNKED, "chunk": [64, 64]},
            "filter": "shuffle+deflate:6",
            "sweep": {"data": kinds},
        },
    ]
    run = Run({"cases": cases}, 3, where)
    expect_skipped(run, {})
    ratio = {kind: float(run.of("write")[f"filtered/data={kind}"]["ratio_frac"]) for kind in kinds}
    check(ratio["zeros"] > ratio["ramp"] > 2 and ratio["smooth"] > 1.5, f"compressible data: {ratio}")
    check(0.8 < ratio["random"] < 1.4, f"random data shrink: {ratio}")


def samples(where):
    """Values of the user's own, larger and smaller than the dataset, with conversion to the type in memory."""
    path = os.path.join(where, "mine.h5")
    values = numpy.linspace(-3, 3, 40).reshape(8, 5)
    values[0, 0], values[0, 1], values[0, 2] = numpy.nan, -0.0, numpy.inf
    with h5py.File(path, "w") as file:
        file["group/values"] = values
        file["many"] = numpy.arange(1000, dtype=">i4")
    cases = [
        {
            "name": "few",
            "data_file": f"{path}:/group/values",
            "sweep": {"driver": ["mpio", "sec2", "posix"], "decomposition": ["slab", "interleaved"]},
        },
        {"name": "many", "data_file": f"{path}:/many", "dtype": "i16", "sweep": {"driver": ["mpio", "sec2"]}},
    ]
    run = Run({"defaults": {"shape": [13, 9], "data": "sample"}, "cases": cases}, 2, where, keep=True)
    expect_skipped(run, {})
    with h5py.File(
        run.files(run.of("write")["few/driver=mpio/decomposition=interleaved"], "h5")[0], "r"
    ) as file:
        found = file["data"][:]
    check(
        numpy.resize(values, (13, 9)).tobytes() == found.tobytes(), "the sample is not repeated in the file"
    )
    with h5py.File(run.files(run.of("write")["many/driver=mpio"], "h5")[0], "r") as file:
        same(file["data"][:].ravel().tolist(), list(range(117)), "the sample of another type")


def unverified(where):
    cases = {"cases": [{"name": "some", "shape": [5, 5], "sweep": {"driver": ["mpio", "memory"]}}]}
    for verify in (True, False):
        run = Run({**cases, "verify": verify}, 2, where)
        for row in run.rows:
            same(
                "unverified" in row["quality"].split(";"),
                not verify,
                f"quality of {row['case']}, verify: {verify}",
            )


def main():
    with directory() as where:
        for ranks in (2,) if SANITIZED else (1, 3):
            tuned(ranks, where)
        kinds_of_data(where)
        samples(where)
        unverified(where)


if __name__ == "__main__":
    main()
