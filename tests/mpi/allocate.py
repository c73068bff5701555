#!/usr/bin/env python3
# needs: numpy h5py
"""Bytes in the file after every step, exactly, and as h5py makes them; what is stored when, by the rules of HDF5; fill values."""

import os
import shutil

import h5py
import numpy

from geometry import counts, ramp, share
from h5run import SANITIZED, Run, check, directory, expect_skipped, notes_of, same

SHAPE, CHUNK = [24, 10], [2, 5]
LAYOUTS = {"contiguous": {"layout": "contiguous"}, "chunked": {"layout": "chunked", "chunk": CHUNK}}
DRIVERS = {
    "mpio": {"driver": "mpio"},
    "mpio-independent": {"driver": "mpio", "mode": "independent"},
    "sec2": {"driver": "sec2"},
    "stdio": {"driver": "stdio"},
    "core": {"driver": "core", "core_backing": True, "core_increment": "4KiB"},
    "family": {"driver": "family", "family_member": "1KiB"},
    "split": {"driver": "split"},
}
ALLOC, FILL = ["default", "early", "late", "incr"], ["ifset", "alloc", "never"]
VALUES = {"default": 0.0, "0": 0.0, "-1": -1.0, "nan": float("nan")}


def files_of(run, case):
    return {
        step: int(run.of(step)[case]["file_bytes"]) for step in ("create", "touch", "scan", "write", "read")
    }


def by_h5py(where, **options):
    """The same three files in h5py: empty, and after one element; its defaults."""
    path = os.path.join(where, "h5py.h5")
    with h5py.File(path, "w") as file:
        file.create_dataset("big", shape=(1024, 1024), dtype="float32", **options)
    sizes = [os.stat(path).st_size]
    with h5py.File(path, "r+") as file:
        file["big"][2, 2] = 2.0
    return sizes + [os.stat(path).st_size]


def exact_bytes(where):
    sample = os.path.join(where, "two.h5")
    with h5py.File(sample, "w") as file:
        file["two"] = numpy.array([2.0], dtype="float32")
    common = {
        "workload": "allocate",
        "driver": "sec2",
        "shape": [1024, 1024],
        "dtype": "f32",
        "touch": [2, 2],
    }
    common.update({"data": "sample", "data_file": f"{sample}:/two"})
    deflated = {"layout": "chunked", "chunk": [64, 128], "filter": "deflate:4"}
    cases = [{"name": "plain"}, {"name": "deflated", **deflated}]
    run = Run({"defaults": common, "cases": cases}, 1, where)
    plain, packed = files_of(run, "plain"), files_of(run, "deflated")
    same([plain["create"], plain["touch"]], by_h5py(where), "as h5py writes it, contiguous")
    same(
        [packed["create"], packed["touch"]], by_h5py(where, compression="gzip"), "as h5py writes it, deflated"
    )
    if run.hdf5[:2] == (1, 10):
        same([plain[s] for s in ("create", "touch", "write")], [1400, 4195704, 4195704], "bytes, contiguous")
        same([packed[s] for s in ("create", "touch")], [1400, 4075], "bytes, deflated")
    for case in ("plain", "deflated"):
        row = run.of("touch")[case]
        same((row["payload_bytes"], row["calls_count"]), ("4", "1"), f"touch of {case}")
        same(run.of("create")[case]["payload_bytes"], "0", f"create of {case}")
        same(run.of("create")[case]["stored_bytes"], "0", f"stored by create of {case}")
        same(run.of("create")[case]["efficiency_frac"], "", f"efficiency of create of {case}")
        same(run.of("scan")[case]["payload_bytes"], str(4 * 1024 * 1024), f"scan of {case}")
    same(run.of("touch")["deflated"]["ratio_frac"], "", "a ratio of one chunk")
    check(run.of("write")["deflated"]["ratio_frac"], "no ratio of all chunks")


def stored(row, ranks):
    """What is stored after create, touch and write, worked out from HDF5's rules."""
    shared = row["driver"] == "mpio"
    datasets = [SHAPE] if shared else [counts(SHAPE, "slab", ranks, rank) for rank in range(ranks)]
    sums = [0, 0, 0]
    for dataset in datasets:
        chunked = row["layout"] == "chunked"
        tiles = [-(-n // c) for n, c in zip(dataset, CHUNK)]
        full = 8 * (tiles[0] * tiles[1] * CHUNK[0] * CHUNK[1] if chunked else dataset[0] * dataset[1])
        one = 8 * CHUNK[0] * CHUNK[1] if chunked else full
        early = shared or row["alloc_time"] == "early"
        one = full if early or row["alloc_time"] == "late" else one
        for i, part in enumerate((full if early else 0, one, full)):
            sums[i] += part
    return sums


def matrix(ranks, where):
    wide = ranks == 2
    cases = [
        {"name": f"{driver}/{layout}", **DRIVERS[driver], **LAYOUTS[layout]}
        for driver in (DRIVERS if wide else ["mpio", "sec2"])
        for layout in LAYOUTS
    ]
    for case in cases:
        case["sweep"] = {
            "alloc_time": ALLOC,
            "fill_time": FILL if wide else ["ifset", "never"],
            "fill_value": ["default", "nan"] if wide else ["0", "-1"],
        }
    defaults = {"workload": "allocate", "shape": SHAPE, "data": "ramp", "touch": [3, 4]}
    run = Run({"defaults": defaults, "cases": cases}, ranks, where, keep=True)
    expect_skipped(run, {})
    check_matrix(run, ranks)
    shutil.rmtree(os.path.dirname(run.data))
    print(f"{ranks} ranks: {len(run.of('write'))} cases, all right")


def check_matrix(run, ranks):
    for name, row in run.of("write").items():
        found = [int(run.of(step)[name]["stored_bytes"]) for step in ("create", "touch", "write")]
        same(found, stored(row, ranks), f"stored by {name} with {ranks} ranks")
        files = 1 if row["driver"] == "mpio" else ranks
        same(run.of("create")[name]["objects_count"], str(files), f"datasets of {name}")
        same(int(run.of("touch")[name]["payload_bytes"]), 8 * files, f"touched by {name}")
        same(int(row["payload_bytes"]), 8 * SHAPE[0] * SHAPE[1], f"written by {name}")
    for name, row in run.of("write").items():
        if row["driver"] in ("mpio", "sec2"):
            look(run, row, ranks)


def look(run, row, ranks):
    """The kept file, as h5py reads it: the data, and the times and value that were asked for."""
    whole = ramp(SHAPE, "f64", "f64")
    times = {"default": None, "early": h5py.h5d.ALLOC_TIME_EARLY, "late": h5py.h5d.ALLOC_TIME_LATE}
    times["incr"] = h5py.h5d.ALLOC_TIME_INCR
    fills = {
        "ifset": h5py.h5d.FILL_TIME_IFSET,
        "alloc": h5py.h5d.FILL_TIME_ALLOC,
        "never": h5py.h5d.FILL_TIME_NEVER,
    }
    paths = run.files(row, ".h5")
    same(len(paths), 1 if row["driver"] == "mpio" else ranks, f"files of {row['case']}")
    for rank, path in enumerate(paths):
        with h5py.File(path, "r") as file:
            dataset = file["data"]
            expected = whole if row["driver"] == "mpio" else whole[share(SHAPE, "slab", ranks, rank)]
            check(numpy.array_equal(dataset[...], expected), f"data of {path}, {row['case']}")
            made = dataset.id.get_create_plist()
            same(made.get_fill_time(), fills[row["fill_time"]], f"fill time of {row['case']}")
            if times[row["alloc_time"]] is not None and row["driver"] == "sec2":
                same(made.get_alloc_time(), times[row["alloc_time"]], f"allocation time of {row['case']}")
            value = VALUES[row["fill_value"]]
            check(
                numpy.array_equal(dataset.fillvalue, value, equal_nan=True),
                f"fill value of {row['case']}: {dataset.fillvalue}",
            )
            user = made.fill_value_defined() == h5py.h5d.FILL_VALUE_USER_DEFINED
            same(user, row["fill_value"] != "default", f"a fill value is set in {row['case']}")


def more(where):
    """Filters, compact, types, ranks without a share, bounded calls; and what is skipped."""
    packed = {"layout": "chunked", "chunk": [2, 5], "filter": "shuffle+deflate:6"}
    cases = [
        {"name": "packed", **packed, "sweep": {"driver": ["mpio", "sec2"], "fill_value": ["default", "-1"]}},
        {"name": "compact", "layout": "compact", "decomposition": "replicated", "driver": "mpio"},
        {"name": "compact-own", "layout": "compact", "driver": "sec2", "fill_value": "-1"},
        {"name": "narrow", "dtype": "f64", "file_dtype": "f32", "driver": "sec2", "fill_value": "nan"},
        {"name": "swapped", "dtype": "i32", "byte_order": "big", "driver": "sec2", "fill_value": "-1"},
        {"name": "few-rows", "shape": [2, 5], "driver": "sec2"},
        {"name": "few-rows-shared", "shape": [2, 5], "driver": "mpio"},
        {
            "name": "dealt",
            "decomposition": "interleaved",
            "touch": [1, 3],
            "sweep": {"driver": ["mpio", "sec2"]},
        },
        {"name": "bounded", "access": "element", "max_ops": 7, "driver": "sec2"},
        {"name": "image", "driver": "core"},
        {"name": "raw", "sweep": {"driver": ["mpiio", "posix", "memory"]}},
        {"name": "no-nan", "dtype": "i32", "fill_value": "nan"},
        {"name": "no-sign", "dtype": "u16", "fill_value": "-1"},
        {"name": "outside", "touch": [24, 0]},
        {"name": "flat", "touch": [3]},
    ]
    run = Run(
        {"defaults": {"workload": "allocate", "shape": SHAPE, "data": "random"}, "cases": cases}, 3, where
    )
    needs = {f"raw/driver={d}": ["needs HDF5"] for d in ("mpiio", "posix", "memory")}
    needs.update({"image": ["needs a file that lasts"], "no-nan": ["has no NaN"], "no-sign": ["has no sign"]})
    needs.update({"outside": ["outside of the dataset"], "flat": ["has 1 coordinates, shape 2 dimensions"]})
    expect_skipped(run, needs)
    check("bounded" in run.of("write")["bounded"]["quality"], "bounded calls are not marked")


def note(where):
    """What is said of a shared file that was to be allocated late, and of no other."""
    late = {"workload": "allocate", "shape": SHAPE, "alloc_time": "late"}
    cases = [{"name": "shared", "driver": "mpio"}, {"name": "own", "driver": "sec2"}]
    run = Run({"defaults": late, "cases": cases}, 2, where)
    same(run.of("create")["shared"]["stored_bytes"], str(8 * SHAPE[0] * SHAPE[1]), "stored on a shared file")
    same(run.of("create")["own"]["stored_bytes"], "0", "stored in files of their own")
    said = notes_of(run.out)
    check("allocated_early" in said[("shared", "create")], f"the shared file was allocated early: {said}")
    check(all("allocated_early" not in n for k, n in said.items() if k[0] == "own"), f"own files: {said}")


def main():
    with directory() as where:
        exact_bytes(where)
        more(where)
        note(where)
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            matrix(ranks, where)


if __name__ == "__main__":
    main()
