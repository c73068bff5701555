#!/usr/bin/env python3
# needs: numpy h5py
"""Appends, cutting and growing again with every driver: counts, what h5py finds in the files, and what HDF5 gives back."""

import math
import os
import shutil

import h5py
import numpy

from geometry import counts, ramp, share
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPE, CHUNK = [23, 10], [2, 5]
VALUES = {"default": 0.0, "-1": -1.0, "nan": float("nan")}
DRIVERS = {
    "mpio": {"driver": "mpio"},
    "mpio-independent": {"driver": "mpio", "mode": "independent"},
    "sec2": {"driver": "sec2"},
    "stdio": {"driver": "stdio"},
    "core": {"driver": "core", "core_backing": True, "core_increment": "4KiB"},
    "family": {"driver": "family", "family_member": "1KiB"},
    "split": {"driver": "split"},
}


def datasets(row, ranks):
    """Shapes of the datasets in the files, and what of the whole each holds."""
    if row["driver"] == "mpio":
        return [(SHAPE, tuple(slice(0, n) for n in SHAPE))]
    return [(counts(SHAPE, "slab", ranks, r), share(SHAPE, "slab", ranks, r)) for r in range(ranks)]


def tiles(dataset):
    return -(-dataset[0] // CHUNK[0]) * -(-dataset[1] // CHUNK[1])


def cut(dataset, row):
    """Half; where ranks share filtered chunks, whole ones of it."""
    shares = row["driver"] == "mpio" and row["filter"] != "none" and int(row["ranks"]) > 1
    rows, columns = (n // 2 // c * c if shares else n // 2 for n, c in zip(dataset, CHUNK))
    return [rows, columns if row["grow"] == "both" else dataset[1]]


def check_counts(run, ranks):
    for name, row in run.of("append").items():
        append = int(row["append_count"])
        parts = datasets(row, ranks)
        steps = sum(-(-dataset[0] // append) for dataset, _ in parts)
        same(int(row["objects_count"]), steps, f"appends of {name}")
        same(int(row["payload_bytes"]), 8 * SHAPE[0] * SHAPE[1], f"appended by {name}")
        if row["driver"] == "mpio" and row["mode"] == "collective":
            same(
                int(row["calls_count"]),
                steps * ranks * (2 if row["grow"] == "both" else 1),
                f"calls of {name}",
            )
        for operation in ("shrink", "grow"):
            same(run.of(operation)[name]["objects_count"], str(len(parts)), f"{operation} of {name}")
            same(run.of(operation)[name]["payload_bytes"], "0", f"{operation} of {name}")
            same(run.of(operation)[name]["ratio_frac"], "", f"ratio of {operation} of {name}")
        if row["filter"] != "none":
            continue
        full = 8 * CHUNK[0] * CHUNK[1] * sum(tiles(dataset) for dataset, _ in parts)
        left = 8 * CHUNK[0] * CHUNK[1] * sum(tiles(cut(dataset, row)) for dataset, _ in parts)
        same(int(row["stored_bytes"]), full, f"stored by appends of {name}")
        same(int(run.of("shrink")[name]["stored_bytes"]), left, f"stored after cutting {name}")
        regrown = full if row["driver"] == "mpio" else left  # chunks are allocated when they are written
        same(int(run.of("grow")[name]["stored_bytes"]), regrown, f"stored after growing {name}")


def look(run, row, ranks):
    """What is left is the data, the rest the fill value; the limits are none where the dataset grows."""
    whole = ramp(SHAPE, "f64", "f64")
    paths = run.files(row, ".h5")
    parts = datasets(row, ranks)
    same(len(paths), len(parts), f"files of {row['case']}")
    for path, (dataset, place) in zip(paths, parts):
        left = tuple(slice(0, n) for n in cut(dataset, row))
        expected = numpy.full(dataset, VALUES[row["fill_value"]])
        expected[left] = whole[place][left]
        with h5py.File(path, "r") as file:
            found = file["data"]
            limits = (None, None if row["grow"] == "both" else dataset[1])
            same(found.maxshape, limits, f"limits of {row['case']}")
            same(found.chunks, tuple(CHUNK), f"chunks of {row['case']}")
            if row["fill_time"] == "never":
                check(numpy.array_equal(found[left], expected[left]), f"{path}, {row['case']}: what was left")
            else:
                check(numpy.array_equal(found[...], expected, equal_nan=True), f"{path}, {row['case']}")


def matrix(ranks, where):
    cases = [{"name": name, **DRIVERS[name]} for name in (DRIVERS if ranks in (2, 3) else ["mpio", "sec2"])]
    for case in cases:
        case["sweep"] = {"append": [1, 5, 64], "grow": ["rows", "both"], "fill_value": ["default", "nan"]}
    few = {"append": 5, "fill_value": "-1", "grow": "both"}
    for driver in ("mpio", "sec2"):
        cases.append({"name": f"never-{driver}", "driver": driver, "fill_time": "never", **few})
        cases.append({"name": f"packed-{driver}", "driver": driver, "filter": "shuffle+deflate:6", **few})
        cases.append({"name": f"latest-{driver}", "driver": driver, "libver": "latest", **few})
    defaults = {"workload": "resize", "shape": SHAPE, "layout": "chunked", "chunk": CHUNK, "data": "ramp"}
    run = Run({"defaults": defaults, "cases": cases}, ranks, where, keep=True)
    expect_skipped(run, {})
    check_counts(run, ranks)
    for row in run.of("reread").values():
        if row["driver"] in ("mpio", "sec2"):
            look(run, row, ranks)
    shutil.rmtree(os.path.dirname(run.data))
    print(f"{ranks} ranks: {len(run.of('append'))} cases, all right")


def long_chunks(ranks, where):
    """Chunks longer than what grows, and those that h5py guesses for a dataset that is still empty."""
    cases = [
        {
            "name": f"{driver}-{grow}",
            "driver": driver,
            "grow": grow,
            "chunk": [64, 25 if grow == "both" else 5],
        }
        for driver in ("mpio", "sec2")
        for grow in ("rows", "both")
    ]
    cases += [{**case, "name": case["name"] + "-guess", "chunk": "guess"} for case in cases]
    defaults = {"workload": "resize", "shape": SHAPE, "layout": "chunked", "data": "ramp", "append": 1}
    run = Run({"defaults": defaults, "cases": cases}, ranks, where, keep=True)
    expect_skipped(run, {})
    whole = ramp(SHAPE, "f64", "f64")
    for name, row in run.of("reread").items():
        limits = (None, None if row["grow"] == "both" else SHAPE[1])
        chunk = tuple(int(n) for n in row["chunk"].split("x"))
        if name.endswith("guess"):
            with h5py.File("guess", "w", driver="core", backing_store=False) as file:
                empty = tuple(0 if limit is None else limit for limit in limits)
                same(chunk, file.create_dataset("d", empty, "f8", chunks=True, maxshape=limits).chunks, name)
        parts, paths = datasets(row, ranks), run.files(row, ".h5")
        same(len(paths), len(parts), f"files of {name}")
        stored = 0
        for path, (dataset, place) in zip(paths, parts):
            left = tuple(slice(0, n) for n in cut(dataset, row))
            expected = numpy.zeros(dataset)
            expected[left] = whole[place][left]
            with h5py.File(path, "r") as file:
                found = file["data"]
                same((found.maxshape, found.chunks), (limits, chunk), f"limits and chunks of {name}")
                check(numpy.array_equal(found[...], expected), f"{path}, {name}")
            stored += 8 * math.prod(chunk) * math.prod(-(-n // c) for n, c in zip(dataset, chunk))
        same(int(run.of("append")[name]["stored_bytes"]), stored, f"stored by {name}")
    shutil.rmtree(os.path.dirname(run.data))


def refused(where):
    cases = [
        {"name": "contiguous", "layout": "contiguous", "chunk": "none"},
        {"name": "compact", "layout": "compact", "chunk": "none", "decomposition": "replicated"},
        {"name": "no-such", "grow_dim": 2},
        {"name": "same-rows", "decomposition": "replicated"},
        {"name": "line", "shape": [40], "chunk": [4], "grow": "both"},
        {"name": "line-rows", "shape": [40], "chunk": [4], "driver": "sec2"},
        {"name": "many", "append": 1, "max_ops": 22},
        {"name": "image", "driver": "core"},
        {"name": "raw", "driver": "posix", "layout": "contiguous", "chunk": "none"},
        {"name": "narrow", "dtype": "f64", "file_dtype": "f32", "driver": "sec2", "grow": "both"},
    ]
    defaults = {"workload": "resize", "shape": SHAPE, "layout": "chunked", "chunk": CHUNK}
    run = Run({"defaults": defaults, "cases": cases}, 2, where)
    reasons = {
        "contiguous": ["only a chunked dataset can be resized, and layout is contiguous"],
        "compact": ["only a chunked dataset can be resized, and layout is compact"],
        "no-such": ["grow_dim 2 is none of the shape's 2 dimensions"],
        "same-rows": ["would write the same elements"],
        "line": ["grow both needs two dimensions"],
        "many": ["23 appends are more than max_ops, 22"],
        "image": ["needs a file that lasts"],
        "raw": ["needs HDF5"],
    }
    expect_skipped(run, reasons)
    with h5py.File(os.path.join(where, "contiguous.h5"), "w") as file:
        try:
            file.create_dataset("data", shape=(4, 4)).resize((8, 4))
            check(False, "h5py resized a contiguous dataset")
        except TypeError as error:
            check("chunked" in str(error), f"h5py says {error}")


def main():
    with directory() as where:
        refused(where)
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            long_chunks(ranks, where)
            matrix(ranks, where)


if __name__ == "__main__":
    main()
