#!/usr/bin/env python3
# timeout: 300
# needs: numpy h5py
"""The workload tile: contents as h5py reads them, calls, and the bytes really moved for those asked for."""

import math

import h5py
import numpy

from files import DRIVERS, RAW, assemble, equal, read_raw, shape_of
from geometry import SIZES, counts
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPE = [5, 13, 11]
TILES = {"none": [13, 11], "4x3": [4, 3], "2x4x3": [2, 4, 3], "20x2": [13, 2]}
LAYOUTS = {
    "contiguous": {},
    "tile": {"layout": "chunked", "chunk": [1, 4, 3]},
    "image": {"layout": "chunked", "chunk": [1, 13, 11]},
    "guess": {"layout": "chunked", "chunk": "guess"},
    "filtered": {
        "layout": "chunked",
        "chunk": [1, 13, 11],
        "filter": "shuffle+deflate:6",
        "chunk_cache": "0B",
    },
}


def cases(ranks):
    for number, store in enumerate([*DRIVERS, *RAW, {"driver": "core"}, {"driver": "memory"}]):
        common = {**store, "dtype": ["i8", "f32", "i16"][number % 3]}
        common.setdefault("decomposition", ["slab", "block", "interleaved"][(number + ranks) % 3])
        layouts = LAYOUTS if store["driver"] in ("mpio", "sec2") and ranks in (1, 3) else {"contiguous": {}}
        if common["decomposition"] != "slab" or ranks > 1:
            layouts = {name: {**f, "decomposition": "slab"} if f else f for name, f in layouts.items()}
        for name, layout in layouts.items():
            if layout.get("chunk") == "guess" and store["driver"] != "mpio" and ranks > 1:
                continue  # a guess for the whole need not fit a share
            if "filter" in layout and store.get("mode") == "independent":
                continue
            yield {**common, **layout, "name": f"{number}-{name}-slab", "workload": "slab"}
            sweep = {"tile": list(TILES), "order": ["sequential", "random"]}
            yield {**common, **layout, "name": f"{number}-{name}", "workload": "tile", "sweep": sweep}


def is_collective(row):
    return row["driver"] in ("mpio", "mpiio") and row["files"] != "per_rank" and row["mode"] == "collective"


def tiles_of(row, ranks):
    """How many tiles each rank has."""
    shape = TILES[row["tile"] or "none"]
    shape = [1] * (len(SHAPE) - len(shape)) + shape
    own = [counts(SHAPE, row["decomposition"], ranks, rank) for rank in range(ranks)]
    return [math.prod(-(-n // t) for n, t in zip(count, shape)) for count in own]


def contents(run, row):
    return assemble(run, row) if row["store"] == "hdf5" else read_raw(run, row)


def check_all(ranks, where):
    suite = list(cases(ranks))
    run = Run(
        {"seed": 3, "defaults": {"shape": SHAPE, "data": "random"}, "cases": suite}, ranks, where, keep=True
    )
    refused = {
        f"{case['name']}/tile={tile}/order={order}": ["not tiles"]
        for case in suite
        if case["workload"] == "tile" and case["driver"] == "mpiio"
        for tile in TILES
        if tile != "none"
        for order in case["sweep"]["order"]
    }
    expect_skipped(run, refused)
    writes, reads = run.of("write"), run.of("read")
    for name, row in reads.items():
        if row["workload"] == "slab":
            continue
        tiles = tiles_of(row, ranks)
        calls = ranks * max(tiles) if is_collective(row) else sum(tiles)
        for of in (row, writes[name]):
            same(int(of["calls_count"]), calls, f"calls of {name} with {ranks} ranks")
            same(int(of["payload_bytes"]), math.prod(SHAPE) * SIZES[row["dtype"]], f"payload of {name}")
        if row["driver"] == "memory" or (row["driver"] == "core" and row["core_backing"] == "false"):
            continue
        whole = writes[name.split("/")[0] + "-slab"]
        equal(contents(run, row), contents(run, whole), f"{name} with {ranks} ranks")
    print(f"{ranks} ranks: {len(reads)} stacks are right")


def check_guesses(where):
    """`chunk: guess` is what h5py would have made of the dataset."""
    shapes = [[40, 48, 64], [300, 300], [7], [100000], [3, 3, 3, 3, 3, 3], [1, 90000], [64, 3, 500]]
    common = {"workload": "tile", "driver": "sec2", "layout": "chunked", "chunk": "guess"}
    suite = [
        {**common, "name": f"{i}-{dtype}", "shape": shape, "dtype": dtype}
        for i, shape in enumerate(shapes)
        for dtype in ("i8", "f64")
    ]
    suite = [{**case, "tile": [1] if len(case["shape"]) == 1 else "none", "max_ops": 50} for case in suite]
    run = Run({"cases": suite}, 1, where)
    for name, row in run.of("write").items():
        shape = tuple(shape_of(row["shape"]))
        with h5py.File("guess", "w", driver="core", backing_store=False) as file:
            made = file.create_dataset(
                "x", shape, numpy.dtype({"i8": "i1", "f64": "f8"}[row["dtype"]]), chunks=True
            )
            same(shape_of(row["chunk"]), list(made.chunks), f"guessed chunk of {name}")
    same(len(run.of("write")), len(suite), "cases that ran")


STACK, IMAGE = [4, 128, 128], 128 * 128  # of bytes; 4 tiles of 64 x 64 an image


def check_bytes(where):
    """One rank, a serial driver, chunks of an image, tiles of a quarter: what the kernel is asked for, to the byte."""
    common = {
        "driver": "sec2",
        "shape": STACK,
        "dtype": "i8",
        "workload": "tile",
        "tile": [64, 64],
        "fill_time": "never",
    }
    common = {**common, "layout": "chunked", "chunk": [1, 128, 128], "data": "random"}
    suite = [{**common, "name": "images", "tile": "none", "chunk_cache": "1MiB"}]
    orders = {"order": ["sequential", "random"]}
    for kind, factors in {"plain": {}, "filtered": {"filter": "shuffle"}}.items():
        for cache in ("0B", "16KiB", "1MiB"):
            suite.append(
                {**common, **factors, "name": f"{kind}-{cache}", "chunk_cache": cache, "sweep": orders}
            )
    suite.append({**common, "name": "filtered-images", "tile": "none", "filter": "shuffle"})
    run = Run({"seed": 3, "cases": suite}, 1, where)
    total = STACK[0] * IMAGE
    excess = {}  # beyond reading and writing every chunk once: for the same metadata, by (case, operation)
    for operation in ("write", "read"):
        rows = run.of(operation)
        for name, row in rows.items():
            base = rows["filtered-images" if name.startswith("filtered") else "images"]
            same(int(row["payload_bytes"]), total, f"payload of {name}")
            excess[name, operation] = tuple(
                int(row[c]) - int(base[c]) for c in ("os_read_bytes", "os_write_bytes")
            )
    check(int(run.of("read")["images"]["os_read_bytes"]) - total < 8192, "metadata of more than 8 KiB")
    for order in ("sequential", "random"):
        # A cache for all chunks: each of them is moved once.
        for kind in ("plain", "filtered"):
            same(excess[f"{kind}-1MiB/order={order}", "read"], (0, 0), f"{kind}, all cached, {order}, read")
            same(excess[f"{kind}-1MiB/order={order}", "write"], (0, 0), f"{kind}, all cached, {order}, write")
        # None: without filters only the tile is moved, with them the chunk, once for each of its 4 tiles; when writing
        # all but the first of them must read what the others wrote.
        same(excess[f"plain-0B/order={order}", "read"], (0, 0), f"plain, no cache, {order}, read")
        same(excess[f"plain-0B/order={order}", "write"], (0, 0), f"plain, no cache, {order}, write")
        same(
            excess[f"filtered-0B/order={order}", "read"], (3 * total, 0), f"filtered, no cache, {order}, read"
        )
        same(
            excess[f"filtered-0B/order={order}", "write"],
            (3 * total, 3 * total),
            f"filtered, no cache, {order}, write",
        )
    for kind in ("plain", "filtered"):  # one image fits: enough in order, not at random
        same(excess[f"{kind}-16KiB/order=sequential", "read"], (0, 0), f"{kind}, one cached, in order")
        again, _ = excess[f"{kind}-16KiB/order=random", "read"]
        check(
            again > 0 and again % IMAGE == 0, f"{kind}, one cached, at random: {again} bytes more were read"
        )
    # Contiguous by pread: 64 rows a tile, no byte more.
    posix = {
        "driver": "posix",
        "shape": STACK,
        "dtype": "i8",
        "workload": "tile",
        "tile": [64, 64],
        "name": "posix",
    }
    row = Run({"cases": [posix]}, 1, where).of("read")["posix"]
    same((int(row["os_read_bytes"]), int(row["os_read_count"])), (total, 16 * 64), "posix: bytes and calls")


def check_bounded(where):
    """In any order the first tiles of every rank are moved, and no others."""
    common = {
        "driver": "mpio",
        "shape": SHAPE,
        "dtype": "i8",
        "workload": "tile",
        "tile": [4, 3],
        "max_ops": 10,
    }
    suite = [{**common, "name": "cut", "data": "ramp", "sweep": {"order": ["sequential", "random"]}}]
    run = Run({"cases": suite}, 2, where, keep=True)
    first, second = run.of("read").values()
    equal(contents(run, second), contents(run, first), "the same tiles in two orders")
    for row in (first, second):
        same(int(row["calls_count"]), 20, "bounded calls")
        same(int(row["total_calls_count"]), 80, "calls without the bound")
        # 4 tiles a row, the last of them narrower: two rows of tiles and two tiles of the next
        same(int(row["payload_bytes"]), 2 * (2 * 4 * 11 + 2 * 4 * 3), "bounded payload")
        check("bounded" in row["quality"].split(";"), f"not marked as bounded: {row['quality']}")


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(ranks, where)
        check_guesses(where)
        check_bytes(where)
        check_bounded(where)


if __name__ == "__main__":
    main()
