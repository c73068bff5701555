#!/usr/bin/env python3
# needs: numpy h5py
"""Appending along any dimension, whatever the others are cut into: counts, and what h5py finds in the files."""

import itertools
import math
import os
import shutil

import h5py
import numpy

from geometry import cut, ramp
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPE, CHUNK = [8, 4, 6, 5], [2, 1, 3, 2]
GRIDS = {1: "1x1x1x1", 2: "1x1x2x1", 3: "1x1x1x3", 4: "1x1x2x2"}
BALANCED = {1: [], 2: [2], 3: [3], 4: [2, 2]}
DRIVERS = {
    "collective": {"driver": "mpio"},
    "independent": {"driver": "mpio", "mode": "independent"},
    "sec2": {"driver": "sec2"},
}


def growing(row):
    along = int(row["grow_dim_count"])
    return {along, (along + 1) % len(SHAPE)} if row["grow"] == "both" else {along}


def grid_of(row, ranks):
    """The first dimensions that do not grow are cut, unless a grid says which."""
    asked = [int(n) for n in row["grid"].split("x")] if row["grid"] else []
    if asked and 0 not in asked:
        return asked
    fixed = [2, 3] if asked else [d for d in range(len(SHAPE)) if d not in growing(row)]
    grid = [1] * len(SHAPE)
    for d, pieces in zip(fixed, BALANCED[ranks]):
        grid[d] = pieces
    return grid


def share(shape, row, ranks, rank):
    if row["decomposition"] == "slab":
        return [cut(shape[0], ranks, rank), *(slice(0, n) for n in shape[1:])]
    if row["decomposition"] == "interleaved":
        return [slice(rank, shape[0], ranks), *(slice(0, n) for n in shape[1:])]
    grid = grid_of(row, ranks)
    place = list(itertools.product(*(range(n) for n in grid)))[rank]
    return [cut(n, pieces, i) for n, pieces, i in zip(shape, grid, place)]


def lengths(slices, shape):
    return [len(range(*s.indices(n))) for s, n in zip(slices, shape)]


def datasets(row, ranks):
    """Of every file: the shape of its dataset and which part of the whole it is."""
    if row["driver"] == "mpio":
        return [(SHAPE, tuple(slice(0, n) for n in SHAPE))]
    parts = [tuple(share(SHAPE, row, ranks, rank)) for rank in range(ranks)]
    return [(lengths(p, SHAPE), p) for p in parts if 0 not in lengths(p, SHAPE)]


def extent(shape, row, steps):
    along, append = int(row["grow_dim_count"]), int(row["append_count"])
    now = list(shape)
    now[along] = min(steps * append, shape[along])
    for d in growing(row) - {along}:
        now[d] = -(-shape[d] * now[along] // shape[along])
    return now


def boxes(shape, row):
    """What the appends add: the shapes of their pieces, one or two each."""
    along = int(row["grow_dim_count"])
    for step in range(-(-shape[along] // int(row["append_count"]))):
        before, after = extent(shape, row, step), extent(shape, row, step + 1)
        yield [n - b if d == along else n for d, (n, b) in enumerate(zip(after, before))]
        for d in growing(row) - {along}:
            box = list(after)
            box[along], box[d] = before[along], after[d] - before[d]
            yield box


def calls(row, ranks):
    """Collective: every rank makes each call; else those that have something to append."""
    if row["driver"] != "mpio":
        return sum(0 not in box for dataset, _ in datasets(row, ranks) for box in boxes(dataset, row))
    pieces = list(boxes(SHAPE, row))
    if row["mode"] == "collective":
        return ranks * len(pieces)
    return sum(0 not in lengths(share(box, row, ranks, r), box) for box in pieces for r in range(ranks))


def cut_to(dataset, row, ranks):
    """Half; where ranks share filtered chunks, whole ones of it."""
    whole = CHUNK if row["driver"] == "mpio" and row["filter"] != "none" and ranks > 1 else [1] * len(SHAPE)
    return [n // 2 // c * c if d in growing(row) else n for d, (n, c) in enumerate(zip(dataset, whole))]


def look(run, row):
    """The files after cutting and growing again: what was left is the data, the rest 0."""
    whole, parts, paths = ramp(SHAPE, "f64", "f64"), datasets(row, run.ranks), run.files(row, ".h5")
    same(len(paths), len(parts), f"files of {row['case']}")
    for path, (dataset, place) in zip(paths, parts):
        left = tuple(slice(0, n) for n in cut_to(dataset, row, run.ranks))
        expected = numpy.zeros(dataset)
        expected[left] = whole[place][left]
        with h5py.File(path, "r") as file:
            found = file["data"]
            limits = tuple(None if d in growing(row) else n for d, n in enumerate(dataset))
            same(
                (found.maxshape, found.chunks), (limits, tuple(CHUNK)), f"limits and chunks of {row['case']}"
            )
            check(numpy.array_equal(found[...], expected), f"{path}, {row['case']} with {run.ranks} ranks")


def expected_skips(run, names):
    """Filtered chunks and independent writes; the chunk is longer than what a rank has of a dimension that stays."""
    skips = {}
    for name in names:
        if name.startswith("packed-independent"):
            skips[name] = ["only collectively", "neither independently"]
    for name, reason in run.skipped().items():
        if "sec2" in name and "does not fit into the dataset of rank" in reason:
            skips[name] = ["does not fit"]
    return skips


def passes(row, dataset):
    """Chunks that are filtered: each time the file is flushed, closed, or opened again with some that are begun."""
    along, total = int(row["grow_dim_count"]), 0
    steps, flush, reopen = (
        -(-dataset[along] // int(row["append_count"])),
        int(row["flush_every_count"]),
        int(row["reopen_every_count"]),
    )
    others = math.prod(-(-n // c) for d, (n, c) in enumerate(zip(dataset, CHUNK)) if d != along)
    begin, opened = 0, False
    for step in range(1, steps + 1):
        reopens = reopen > 0 and step % reopen == 0
        if step < steps and not reopens and not (flush > 0 and step % flush == 0):
            continue
        end, length = extent(dataset, row, step)[along], CHUNK[along]
        total += others * (-(-end // length) - begin // length)
        total += others if opened and begin % length else 0
        begin, opened = end, reopens
    return total


def settled(ranks, where):
    """Flushed and opened again between appends: the same files and counts, and more to be filtered."""
    defaults = {
        "workload": "resize",
        "shape": SHAPE,
        "layout": "chunked",
        "chunk": CHUNK,
        "append": 1,
        "decomposition": "block",
        "data": "ramp",
    }
    every = {"flush_every": [0, 1, 3], "reopen_every": [0, 1, 2], "filter": ["none", "shuffle+deflate:1"]}
    suite = [{"name": name, "driver": name, "sweep": every} for name in ("mpio", "sec2")]
    run = Run({"defaults": defaults, "cases": suite}, ranks, where, keep=True)
    expect_skipped(run, {})
    for name, row in run.of("append").items():
        same(int(row["payload_bytes"]), 8 * math.prod(SHAPE), f"appended by {name}")
        same(int(row["calls_count"]), calls(row, ranks), f"calls of {name}")
        look(run, run.of("reread")[name])
        if row["filter"] != "none":
            expected = sum(passes(row, dataset) for dataset, _ in datasets(row, ranks))
            same(int(row["filtered_chunks_count"]), expected, f"chunks of {name} with {ranks} ranks")
    opened = {n: int(r["os_read_bytes"]) for n, r in run.of("append").items() if r["os_read_bytes"]}
    for name, read in opened.items():
        if "reopen_every=1/filter=none" in name:  # whoever opens a file reads its metadata
            check(read > opened[name.replace("reopen_every=1", "reopen_every=0")], f"{name} opened nothing")
    shutil.rmtree(os.path.dirname(run.data))


def cases(ranks):
    for name, driver in DRIVERS.items():
        yield {
            "name": name,
            **driver,
            "sweep": {
                "grow_dim": [0, 1, 2, 3],
                "grow": ["rows", "both"],
                "decomposition": ["slab", "block", "interleaved"],
            },
        }
        yield {"name": f"grid-{name}", **driver, "decomposition": "block", "grid": GRIDS[ranks]}
        yield {"name": f"free-{name}", **driver, "decomposition": "block", "grid": "1x1x0x0"}
        yield {
            "name": f"packed-{name}",
            **driver,
            "decomposition": "block",
            "filter": "shuffle+deflate:1",
            "sweep": {"append": [1, 4], "grow_dim": [0, 3]},
        }


def tried(ranks, where):
    defaults = {
        "workload": "resize",
        "shape": SHAPE,
        "layout": "chunked",
        "chunk": CHUNK,
        "append": 2,
        "data": "ramp",
    }
    run = Run({"roofs": "none", "defaults": defaults, "cases": list(cases(ranks))}, ranks, where, keep=True)
    expect_skipped(run, expected_skips(run, {row["case"] for row in run.rows}))
    rows = run.of("append")
    seen = {}
    for name, row in rows.items():
        parts = datasets(row, ranks)
        steps = sum(-(-d[int(row["grow_dim_count"])] // int(row["append_count"])) for d, _ in parts)
        same(int(row["objects_count"]), steps, f"appends of {name} with {ranks} ranks")
        same(int(row["payload_bytes"]), 8 * math.prod(SHAPE), f"appended by {name} with {ranks} ranks")
        same(int(row["calls_count"]), calls(row, ranks), f"calls of {name} with {ranks} ranks")
        same(run.of("read")[name]["payload_bytes"], row["payload_bytes"], f"read of {name}")
        look(run, run.of("reread")[name])
        seen[row["driver"], row["decomposition"]] = seen.get((row["driver"], row["decomposition"]), 0) + 1
    check(all(seen.get(("mpio", d), 0) >= 8 for d in ("slab", "block", "interleaved")), f"only {seen} ran")
    check(all(seen.get(("sec2", d), 0) >= 4 for d in ("slab", "block")), f"only {seen} ran")
    shutil.rmtree(os.path.dirname(run.data))
    print(f"{ranks} ranks: {len(rows)} ways to grow are right")


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            tried(ranks, where)
            settled(ranks, where)


if __name__ == "__main__":
    main()
