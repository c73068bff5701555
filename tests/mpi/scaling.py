#!/usr/bin/env python3
# timeout: 300
# needs: numpy h5py
"""A job of 4 ranks in which 1, 2, 3 and all take part by turns: shapes, bytes, values in the files, who measured the roofs."""

import collections
import math
import os

import h5py
import numpy

from geometry import counts, ramp, share
from h5run import Run, check, directory, same

JOB = 4
ASKED = ["1", "2", "3", "all"]
SHAPE = [12, 10]
SHIM = os.path.join(os.environ["H5ROOF_BUILD"], "tests", "shim_fault.so")
STORES = {
    "mpio": {"driver": "mpio"},
    "alone": {"driver": "mpio", "mode": "independent"},
    "sec2": {"driver": "sec2"},
    "posix": {"driver": "posix"},
    "mpiio": {"driver": "mpiio"},
    "chunked": {"driver": "mpio", "layout": "chunked", "chunk": [3, 4], "filter": "shuffle+deflate:1"},
    "own": {"driver": "sec2", "layout": "chunked", "chunk": [2, 5], "filter": "deflate:1"},
}
SHARED = ("mpio", "alone", "posix", "mpiio", "chunked")


def suite(data):
    return {
        "defaults": {"shape": SHAPE, **data},
        "cases": [
            {"name": name, **store, "sweep": {"scaling": ["strong", "weak"], "ranks": [1, 2, 3, 9, "all"]}}
            for name, store in STORES.items()
        ],
    }


def taking_part(asked):
    return JOB if asked == "all" else int(asked)


def resolved(scaling, ranks):
    return [SHAPE[0] * (ranks if scaling == "weak" else 1), SHAPE[1]]


def cases():
    for name in STORES:
        for scaling in ("strong", "weak"):
            for asked in ASKED:
                yield name, scaling, asked, f"{name}/scaling={scaling}/ranks={asked}"


def check_rows(run):
    same(
        set(run.skipped()),
        {f"{name}/scaling={s}/ranks=9" for name in STORES for s in ("strong", "weak")},
        "skipped",
    )
    same(set(run.skipped().values()), {f"it needs 9 ranks, and the job has {JOB}"}, "why")
    expected = list(cases())
    for operation in ("write", "read"):
        rows = run.of(operation)
        same(set(rows), {case for *_, case in expected}, f"cases with {operation}")
        for _, scaling, asked, case in expected:
            row, ranks = rows[case], taking_part(asked)
            same(
                (row["ranks"], row["ranks_asked"], row["scaling"]),
                (str(ranks), asked, scaling),
                f"ranks of {case}",
            )
            same(row["shape"], "x".join(map(str, resolved(scaling, ranks))), f"shape of {case}")
            same(int(row["payload_bytes"]), 8 * math.prod(resolved(scaling, ranks)), f"payload of {case}")
    ids = [row["case_id"] for row in run.of("write").values()]
    same(len(set(ids)), len(ids), "different ids")


def values_of(run, name, row, shape, ranks):
    """The whole dataset out of the file, or of as many files as ranks took part. They are called by the id of the case."""
    suffix = ".h5" if row["store"] == "hdf5" else ".bin"
    files = run.files(row, suffix)
    parts = (
        [[slice(0, n) for n in shape]]
        if name in SHARED
        else [share(shape, "slab", ranks, r) for r in range(ranks)]
    )
    same(len(files), len(parts), f"files of {row['case']}")
    whole = numpy.full(shape, numpy.nan)
    for rank, (path, part) in enumerate(zip(files, parts)):
        if suffix == ".bin":
            whole[tuple(part)] = numpy.fromfile(path).reshape(shape)
            continue
        with h5py.File(path, "r") as file:
            own = shape if name in SHARED else counts(shape, "slab", ranks, rank)
            same(list(file["data"].shape), list(own), f"shape in {path}")
            whole[tuple(part)] = file["data"][()]
    return whole


def check_files(run, value_at):
    ids = {row["case_id"] for row in run.of("write").values()}
    found = {name.split(".")[0] for name in os.listdir(run.data) if name != "h5roof.run"}  # the run's marker
    same(found, ids, "files are called by the ids of the cases")
    for name, scaling, asked, case in cases():
        row, ranks = run.of("write")[case], taking_part(asked)
        shape = resolved(scaling, ranks)
        found, expected = values_of(run, name, row, shape, ranks), value_at(shape)
        check(numpy.array_equal(found, expected), f"{case}: values differ:\n{found}\nnot\n{expected}")


def check_ramp(where):
    run = Run(suite({"data": "ramp"}), JOB, where, keep=True)
    check_rows(run)
    check_files(run, lambda shape: ramp(shape, "f64", "f64"))
    print(f"{len(run.of('write'))} cases with 1 to {JOB} ranks are right")


def check_sample(where):
    """Ranks that took no part when the sample was first read have it when they do."""
    path = os.path.join(where, "sample.h5")
    sample = numpy.arange(7) * 1.5 - 3
    with h5py.File(path, "w") as file:
        file["values"] = sample
    for seed in (1, 2):  # other orders of the cases
        run = Run(
            {"seed": seed, **suite({"data": "sample", "data_file": f"{path}:/values"})}, JOB, where, keep=True
        )
        check_rows(run)
        check_files(run, lambda shape: numpy.resize(sample, math.prod(shape)).reshape(shape))
    print("samples reach ranks that took no part before")


def check_roofs(where):
    """The roofs of a case are measured by the ranks of the case: the shim sees who writes their files."""
    for asked in ASKED:
        trace = os.path.join(where, f"trace-{asked}")
        run = Run(
            {"cases": [{"name": "a", "driver": "posix", "shape": SHAPE, "ranks": asked, "scaling": "weak"}]},
            JOB,
            where,
            env={
                "LD_PRELOAD": SHIM,
                "SHIM_CALL": "write",
                "SHIM_ACTION": "none",
                "SHIM_TRACE": trace,
                "SHIM_PATH": r"/h5roof-[^/]*/(roof[^/]*|[0-9a-f]{4}-[0-9a-f]{16}[^/]*)$",
            },
        )
        wrote = collections.defaultdict(collections.Counter)  # whether it is of a roof -> rank -> bytes
        with open(trace, encoding="utf-8") as file:
            for line in file:
                rank, _, size, path = line.split()
                wrote[run.of("write")["a"]["case_id"] not in path][int(rank)] += int(size)
        ranks = taking_part(asked)
        share_bytes = 8 * math.prod(SHAPE)
        same(sorted(wrote[False]), list(range(ranks)), f"ranks that write the case, {asked} asked")
        same(sorted(wrote[True]), list(range(ranks)), f"ranks that write its roofs, {asked} asked")
        same(set(wrote[False].values()), {share_bytes}, "bytes of a rank of the case")
        for rank, size in wrote[True].items():
            check(
                size >= share_bytes and size % share_bytes == 0, f"bytes of the roofs on rank {rank}: {size}"
            )
        check(run.of("write")["a"]["roof_s"], "there is no roof")
    print("roofs are measured by the ranks of their case")


def main():
    with directory() as where:
        check_ramp(where)
        check_sample(where)
        check_roofs(where)


if __name__ == "__main__":
    main()
