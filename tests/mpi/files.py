#!/usr/bin/env python3
# disk: the files of a real file system
# timeout: 240
# sanitized: every layout, filter and type
# needs: numpy h5py
"""Files as others see them: python3-h5py and raw bytes. Values, shapes, chunks, filters, types, byte orders, members, shares."""

import os
import re
import struct
import sys

import h5py
import numpy

from geometry import counts, numpy_type, ramp, share
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPE = [23, 11]
FILTERS = {
    "none": [],
    "deflate:1": [(h5py.h5z.FILTER_DEFLATE, (1,))],
    "deflate:0": [(h5py.h5z.FILTER_DEFLATE, (0,))],
    "fletcher32": [(h5py.h5z.FILTER_FLETCHER32, ())],
    "shuffle": [(h5py.h5z.FILTER_SHUFFLE, None)],
}
FILTERS["shuffle+deflate:6"] = FILTERS["shuffle"] + [(h5py.h5z.FILTER_DEFLATE, (6,))]
FILTERS["deflate:9+shuffle"] = [(h5py.h5z.FILTER_DEFLATE, (9,))] + FILTERS["shuffle"]
FILTERS["shuffle+deflate:6+fletcher32"] = FILTERS["shuffle+deflate:6"] + FILTERS["fletcher32"]
NATIVE = "little" if sys.byteorder == "little" else "big"
FOREIGN = "big" if NATIVE == "little" else "little"
DRIVERS = [
    {"driver": "mpio"},
    {"driver": "mpio", "mode": "independent"},
    {"driver": "sec2"},
    {"driver": "stdio"},
    {"driver": "core", "core_backing": True},
    {"driver": "family", "family_member": "1KiB"},
    {"driver": "split"},
]
RAW = [
    {"driver": "mpiio"},
    {"driver": "mpiio", "mode": "independent"},
    {"driver": "mpiio", "files": "per_rank"},
    {"driver": "posix"},
    {"driver": "posix", "files": "per_rank"},
]
RAW_DATA = 2**63 - 1  # where the raw data of a split file begin in HDF5's addresses
PAIRS = [("f64", "f32"), ("f32", "f64"), ("i32", "i16"), ("u8", "u64"), ("f64", "i32"), ("i64", "f64")]
TYPES = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"]


def shape_of(text):
    return [int(n) for n in text.split("x")] if text else None


def open_file(row, path):
    """One file, or the first of several that HDF5 joins."""
    if row["driver"] == "family":
        return h5py.File(
            path.replace(".00000.h5", ".%05d.h5"),
            "r",
            driver="family",
            memb_size=int(row["family_member_bytes"]),
        )
    if row["driver"] == "split":
        return h5py.File(path.removesuffix("-m.h5"), "r", driver="split", meta_ext=b"-m.h5", raw_ext=b"-r.h5")
    return h5py.File(path, "r")


def first_files(run, row):
    return run.files(row, {"family": ".00000.h5", "split": "-m.h5"}.get(row["driver"], ".h5"))


def is_shared(row):
    return row["driver"] in ("mpio", "mpiio", "posix") and row["files"] != "per_rank"


def owners(run, row):
    """Ranks that have a file of their own."""
    shape = shape_of(row["shape"])
    return [r for r in range(run.ranks) if 0 not in counts(shape, row["decomposition"], run.ranks, r)]


def file_type(row):
    return row["dtype"] if row["file_dtype"] == "same" else row["file_dtype"]


def check_dataset(row, dataset, own_shape):
    """What the file says about itself."""
    name = row["case"]
    same(list(dataset.shape), own_shape, f"shape of {name}")
    same(dataset.maxshape, dataset.shape, f"maximal shape of {name}")
    same(dataset.dtype, numpy_type(file_type(row), row["byte_order"]), f"type of {name}")
    order = NATIVE if row["byte_order"] == "native" else row["byte_order"]
    if dataset.dtype.itemsize > 1:
        stored = {h5py.h5t.ORDER_LE: "little", h5py.h5t.ORDER_BE: "big"}[dataset.id.get_type().get_order()]
        same(stored, order, f"byte order of {name}")
    layout = {h5py.h5d.CONTIGUOUS: "contiguous", h5py.h5d.CHUNKED: "chunked", h5py.h5d.COMPACT: "compact"}
    creation = dataset.id.get_create_plist()
    same(layout[creation.get_layout()], row["layout"], f"layout of {name}")
    same(list(dataset.chunks) if dataset.chunks else None, shape_of(row["chunk"]), f"chunk of {name}")
    pipeline = [creation.get_filter(i) for i in range(creation.get_nfilters())]
    expected = FILTERS[row["filter"]]
    same([stage[0] for stage in pipeline], [code for code, _ in expected], f"filters of {name}")
    for stage, (_, values) in zip(pipeline, expected):
        check(
            values is None or stage[2] == values, f"filter {stage[3]} of {name} has {stage[2]}, not {values}"
        )


def assemble(run, row):
    """The whole dataset, from one file or from the shares; every file is looked at."""
    shape = shape_of(row["shape"])
    files = first_files(run, row)
    if is_shared(row):
        same(len(files), 1, f"files of {row['case']}")
        with open_file(row, files[0]) as file:
            same(list(file), ["data"], f"objects in the file of {row['case']}")
            check_dataset(row, file["data"], shape)
            return file["data"][()]
    ranks = owners(run, row)
    same(
        [re.search(r"\.(\d{6})[.-]", f).group(1) for f in files],
        [f"{r:06d}" for r in ranks],
        f"files of {row['case']}",
    )
    whole = numpy.zeros(shape, numpy_type(file_type(row), row["byte_order"]))
    for rank, path in zip(ranks, files):
        with open_file(row, path) as file:
            check_dataset(row, file["data"], counts(shape, row["decomposition"], run.ranks, rank))
            whole[share(shape, row["decomposition"], run.ranks, rank)] = file["data"][()]
    return whole


def check_sizes(run, row):
    """The table's sizes are those of the files; families and splits really are several files."""
    files = run.files(row, "")
    same(int(row["file_bytes"]), sum(os.path.getsize(f) for f in files), f"file_bytes of {row['case']}")
    if row["driver"] == "family":
        members = run.files(row, ".h5")
        per_rank = len(members) / len(owners(run, row))
        check(per_rank > 1.5, f"{row['case']}: {per_rank} members a family")
        check(
            all(os.path.getsize(f) <= int(row["family_member_bytes"]) for f in members),
            f"a member of {row['case']} is larger",
        )
    if row["driver"] == "split":
        raw = sum(os.path.getsize(f) for f in run.files(row, "-r.h5"))
        stored = int(row["stored_bytes"])
        check(raw >= stored > 0 or row["layout"] == "compact", f"{row['case']}: {raw} raw bytes of {stored}")
    elements = numpy.prod(shape_of(row["shape"]))
    copies = run.ranks if row["decomposition"] == "replicated" and not is_shared(row) else 1
    dataset = copies * elements * numpy_type(file_type(row)).itemsize
    check(
        abs(float(row["ratio_frac"]) - dataset / int(row["stored_bytes"])) < 1e-6,
        f"ratio of {row['case']}",
    )


def read_raw(run, row):
    """The bytes of the files without HDF5: the elements in C order, nothing else."""
    shape = shape_of(row["shape"])
    files = run.files(row, ".bin")
    if is_shared(row):
        same(len(files), 1, f"files of {row['case']}")
        return numpy.fromfile(files[0], numpy_type(row["dtype"])).reshape(shape)
    ranks = owners(run, row)
    same(len(files), len(ranks), f"files of {row['case']}")
    whole = numpy.zeros(shape, numpy_type(row["dtype"]))
    for rank, path in zip(ranks, files):
        own = counts(shape, row["decomposition"], run.ranks, rank)
        whole[share(shape, row["decomposition"], run.ranks, rank)] = numpy.fromfile(
            path, numpy_type(row["dtype"])
        ).reshape(own)
    return whole


def equal(found, expected, name):
    check(
        found.shape == expected.shape and numpy.array_equal(found, expected),
        f"{name}: values differ:\n{found}\nnot\n{expected}",
    )


def layouts():
    """Cases of HDF5's drivers, of a kind of data that a later argument chooses."""
    for number, store in enumerate(DRIVERS[::3] if SANITIZED else DRIVERS):
        shared = store["driver"] == "mpio"
        together = shared and store.get("mode") == "independent"
        filters = ["none"] if together else list(FILTERS)
        yield {
            "name": f"{number}-chunked",
            **store,
            "layout": "chunked",
            "sweep": {"chunk": [[4, 5], [1, 11], [5, 3]], "filter": filters},
        }
        yield {
            "name": f"{number}-order",
            **store,
            "sweep": {
                "byte_order": ["native", "little", "big"],
                "decomposition": ["slab", "block", "interleaved"],
            },
        }
        yield {
            "name": f"{number}-chunked-order",
            **store,
            "layout": "chunked",
            "chunk": [4, 5],
            "byte_order": FOREIGN,
        }
        yield {"name": f"{number}-compact", **store, "layout": "compact", "decomposition": "replicated"}
        if number < 3:
            yield {
                "name": f"{number}-types",
                **store,
                "sweep": {"dtype": TYPES, "byte_order": ["little", "big"], "access": ["row"]},
            }
        for dtype, file_dtype in PAIRS:
            yield {
                "name": f"{number}-{dtype}-{file_dtype}",
                **store,
                "dtype": dtype,
                "file_dtype": file_dtype,
                "sweep": {"byte_order": ["native", FOREIGN]},
            }
    for number, store in enumerate(RAW):
        yield {
            "name": f"raw{number}",
            **store,
            "sweep": {
                "decomposition": ["slab", "block", "interleaved"],
                "access": ["element", "whole", "100B"],
                "dtype": ["f64", "u16"],
            },
        }


def check_ramp(ranks, where):
    run = Run(
        {"defaults": {"shape": SHAPE, "data": "ramp"}, "cases": list(layouts())}, ranks, where, keep=True
    )
    expect_skipped(run, {})
    for name, row in run.of("write").items():
        expected = ramp(SHAPE, row["dtype"], file_type(row))
        if row["store"] == "hdf5":
            if row["decomposition"] == "replicated" and not is_shared(row):
                for path in first_files(run, row):
                    with open_file(row, path) as file:
                        check_dataset(row, file["data"], SHAPE)
                        equal(file["data"][()], expected, name)
            else:
                equal(assemble(run, row), expected, name)
        else:
            equal(read_raw(run, row), expected, name)
        check_sizes(run, row)
    print(f"{ranks} ranks: {len(run.of('write'))} files are right")


def check_ties(where):
    """Smooth and random data: whatever the driver, layout, filter, order and number of ranks, the same values."""
    for kind in ("smooth", "random"):
        reference = {}
        for ranks in (1, 4):
            cases = [
                case for case in layouts() if not any(word in case["name"] for word in ("types", "compact"))
            ]
            if ranks == 1:
                cases = [case for case in cases if case["driver"] in ("sec2", "posix", "mpiio")]
            run = Run(
                {"seed": 7, "defaults": {"shape": SHAPE, "data": kind}, "cases": cases},
                ranks,
                where,
                keep=True,
            )
            for name, row in run.of("write").items():
                values = assemble(run, row) if row["store"] == "hdf5" else read_raw(run, row)
                key = (row["dtype"], file_type(row))
                reference.setdefault(key, values)
                equal(values, reference[key], f"{kind}: {name} with {ranks} ranks")
        spread = {key: len(numpy.unique(values)) for key, values in reference.items()}
        check(all(n > 30 for n in spread.values()), f"{kind} data are few values: {spread}")
    other = Run(
        {"seed": 8, "defaults": {"shape": SHAPE, "data": "random"}, "cases": [{"name": "a"}]},
        2,
        where,
        keep=True,
    )
    values = assemble(other, other.of("write")["a"])
    check(not numpy.any(values == reference["f64", "f64"]), "another seed gives the same values")


def superblock(path):
    with open(path, "rb") as file:
        start = file.read(9)
    same(start[:8], b"\x89HDF\r\n\x1a\n", f"signature of {path}")
    return start[8]


def check_tuning(where):
    """libver, alignment, fill time and allocation time as they stand in the file."""
    cases = [
        {
            "name": "libver",
            "sweep": {"driver": ["mpio", "sec2"], "libver": ["earliest", "v18", "v110", "latest"]},
        },
        {
            "name": "aligned",
            "layout": "chunked",
            "chunk": [5, 4],
            "sweep": {"driver": ["mpio", "sec2", "split"], "alignment": ["1B", "64B", "160B"]},
        },
        {
            "name": "aligned-contiguous",
            "sweep": {"driver": ["mpio", "sec2", "family", "split"], "alignment": ["512B"]},
        },
        {
            "name": "fill",
            "driver": "sec2",
            "shape": [10, 10],
            "sweep": {"fill_time": ["ifset", "alloc", "never"], "alloc_time": ["early", "late", "incr"]},
        },
    ]
    run = Run({"defaults": {"shape": SHAPE, "data": "ramp"}, "cases": cases}, 2, where, keep=True)
    versions = {"earliest": {0}, "v18": {2}, "v110": {3}, "latest": {3}}
    fills = {
        "ifset": h5py.h5d.FILL_TIME_IFSET,
        "alloc": h5py.h5d.FILL_TIME_ALLOC,
        "never": h5py.h5d.FILL_TIME_NEVER,
    }
    allocations = {
        "early": h5py.h5d.ALLOC_TIME_EARLY,
        "late": h5py.h5d.ALLOC_TIME_LATE,
        "incr": h5py.h5d.ALLOC_TIME_INCR,
    }
    for name, row in run.of("write").items():
        for path in first_files(run, row):
            check(
                row["driver"] == "family"
                or superblock(path) in versions[row["libver"]]
                or row["libver"] == "latest",
                f"{name}: superblock {superblock(path)}",
            )
            with open_file(row, path) as file:
                dataset = file["data"].id
                chunks = dataset.get_num_chunks() if row["layout"] == "chunked" else 0
                places = [dataset.get_chunk_info(i).byte_offset for i in range(chunks)] or [
                    dataset.get_offset()
                ]
                places = [p - RAW_DATA if row["driver"] == "split" else p for p in places]
                if int(row["alignment_bytes"]) > 1:
                    same(
                        [p % int(row["alignment_bytes"]) for p in places],
                        [0] * len(places),
                        f"places in {name}",
                    )
                elif chunks:
                    check(any(p % 64 for p in places), f"{name}: everything is aligned by chance")
                if name.startswith("fill"):
                    creation = dataset.get_create_plist()
                    same(creation.get_fill_time(), fills[row["fill_time"]], f"fill time of {name}")
                    same(
                        creation.get_alloc_time(),
                        allocations[row["alloc_time"]],
                        f"allocation time of {name}",
                    )


def chunk_index(path):
    """Where the layout message (version 4, of libver v110 and later) says how chunks are found; None: the B-tree of before."""
    with open(path, "rb") as file:
        content = file.read()
    return {kind for kind in (b"FAHD", b"EAHD", b"BTHD", b"TREE") if kind in content}


def check_index(where):
    cases = [
        {
            "name": "index",
            "driver": "sec2",
            "layout": "chunked",
            "chunk": [5, 4],
            "sweep": {"libver": ["earliest", "v18", "v110"]},
        }
    ]
    run = Run({"defaults": {"shape": SHAPE, "data": "ramp"}, "cases": cases}, 1, where, keep=True)
    expected = {"earliest": b"TREE", "v18": b"TREE", "v110": b"FAHD"}
    for name, row in run.of("write").items():
        path = first_files(run, row)[0]
        check(expected[row["libver"]] in chunk_index(path), f"chunk index of {name}: {chunk_index(path)}")


def check_bytes_in_file(where):
    """Read without any library: a big-endian double of a contiguous dataset lies where the file says."""
    run = Run(
        {"cases": [{"name": "a", "shape": [4, 4], "data": "ramp", "byte_order": "big"}]}, 2, where, keep=True
    )
    path = first_files(run, run.of("write")["a"])[0]
    with h5py.File(path, "r") as file:
        offset = file["data"].id.get_offset()
    with open(path, "rb") as file:
        file.seek(offset)
        same(struct.unpack(">16d", file.read(128)), tuple(float(i) for i in range(16)), "bytes in the file")


def main():
    with directory() as where:
        check_ramp(3, where)
        if not SANITIZED:
            check_ties(where)
        check_tuning(where)
        check_index(where)
        check_bytes_in_file(where)


if __name__ == "__main__":
    main()
