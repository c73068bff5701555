"""The workload convert: files as h5py reads them against numpy's conversions, counters of both ways, and what is refused."""

import numpy

from files import DRIVERS, FOREIGN, NATIVE, RAW, assemble, read_raw
from geometry import FILE_SIZES, cut, numpy_type
from h5run import SANITIZED, Run, check, directory, expect_skipped, is_volatile, same

SHAPE = [23, 11]
ELEMENTS = 23 * 11
LOSSY = [
    ("f64", "f32", "rounded"),
    ("f64", "f32", "overflow"),
    ("f64", "i16", "rounded"),
    ("f32", "u8", "overflow"),
    ("i64", "i32", "overflow"),
    ("i32", "u64", "overflow"),
    ("u16", "i8", "overflow"),
    ("i64", "f64", "rounded"),
    ("u64", "f32", "rounded"),
    ("i64", "f32", "exact"),
    ("f64", "f16", "rounded"),
    ("f32", "f16", "rounded"),
    ("f32", "f16", "overflow"),
    ("f64", "f16", "exact"),
    ("i32", "f16", "exact"),
]
MEMORY = [{"driver": "core"}, {"driver": "memory"}]


def clamped(values, to):
    """numpy's conversion, with the nearest limit for what is beyond."""
    with numpy.errstate(over="ignore", invalid="ignore"):
        if numpy.issubdtype(to, numpy.floating):
            return values.astype(to)
        limits = numpy.iinfo(to)
        exact = [int(v) for v in values.ravel()]  # numpy would compare 64-bit integers as floating point
        return numpy.array([min(max(v, limits.min), limits.max) for v in exact], dtype=to).reshape(
            values.shape
        )


def cases(ranks):
    """Every pair converted by both, in both orders, on all drivers in turn."""
    for number, (memory, file, values) in enumerate(LOSSY):
        store = DRIVERS[number % len(DRIVERS)]
        common = {**store, "decomposition": ["slab", "block", "interleaved"][(number + ranks) % 3]}
        name = f"{memory}-{file}-{values}"
        moved = {"workload": "convert", "dtype": memory, "file_dtype": file, "values": values}
        sweep = {"byte_order": [NATIVE, FOREIGN], "convert_by": ["hdf5", "program"]}
        yield {**common, **moved, "name": name, "data": "random", "sweep": sweep}


def check_rows(run):
    for row in run.rows:
        if row["status"] == "skipped":
            continue
        file = row["dtype"] if row["file_dtype"] == "same" else row["file_dtype"]
        moved = FILE_SIZES[file if row["operation"] == "compute" else row["dtype"]] * ELEMENTS
        same(int(row["payload_bytes"]), moved, f"payload of {row['operation']} in {row['case']}")
        if row["operation"] == "compute":
            same(
                (row["actual_io_mode"], row["efficiency_frac"]),
                ("", ""),
                f"mode and roof of compute, {row['case']}",
            )


def check_contents(run):
    """Both ways of converting and both orders agree, and the limits of the type are there where values overflow."""
    groups = {}
    for name, row in run.of("write").items():
        found = assemble(run, row).astype(numpy_type(row["file_dtype"], "native"))
        groups.setdefault(name.split("/")[0], []).append((name, row, found))
    for pair, members in groups.items():
        name, row, first = members[0]
        for other, _, found in members[1:]:
            check(numpy.array_equal(first, found), f"{other} differs from {name}")
        values, to = row["values"], first.dtype
        if values == "overflow" and to.kind in "iu":
            limits = numpy.iinfo(to)
            beyond = numpy.count_nonzero((first == limits.min) | (first == limits.max))
            check(beyond >= ELEMENTS // 4, f"{pair}: {beyond} of {ELEMENTS} at the limits of {to}")
            check(beyond < ELEMENTS * 15 // 16, f"{pair}: {beyond} of {ELEMENTS} at the limits of {to}")
        if values == "overflow" and to.kind == "f":
            beyond = numpy.count_nonzero(numpy.isinf(first))
            check(ELEMENTS // 4 < beyond < ELEMENTS * 3 // 4, f"{pair}: {beyond} of {ELEMENTS} infinite")
        check(len(numpy.unique(first)) > 1, f"{pair} is constant")


def check_precision(ranks, where):
    """A file in the type of memory, and the same data in f32: numpy rounds alike. Integers of all bits, cut to others."""
    pairs = [("f64", "f32", "rounded"), ("i64", "f64", "rounded"), ("i64", "f32", "rounded")]
    pairs += [("f64", "f16", "rounded"), ("f32", "f16", "rounded")]
    pairs += [("i32", "u64", "overflow"), ("i8", "u8", "overflow"), ("u32", "i32", "overflow")]
    cases = []
    for memory, file, values in pairs:
        common = {"driver": "sec2", "data": "random", "dtype": memory}
        if f"{memory}-before" not in [case["name"] for case in cases]:
            cases.append({**common, "name": f"{memory}-before", "workload": "slab"})
        cases.append(
            {
                **common,
                "name": f"{memory}-{file}",
                "workload": "convert",
                "file_dtype": file,
                "values": values,
                "sweep": {"convert_by": ["hdf5", "program"]},
            }
        )
    run = Run({"defaults": {"shape": SHAPE}, "cases": cases}, ranks, where, keep=True)
    rows = run.of("write")
    for memory, file, values in pairs:
        before = assemble(run, rows[f"{memory}-before"])
        expected = clamped(before, numpy.dtype(numpy_type(file, "native")))
        for by in ("hdf5", "program"):
            found = assemble(run, rows[f"{memory}-{file}/convert_by={by}"])
            check(numpy.array_equal(found, expected), f"{memory} as {file} by {by}, {ranks} ranks")
        changed = numpy.count_nonzero(expected.astype(before.dtype) != before)
        check(changed > ELEMENTS // 4, f"{memory} as {file}: only {changed} elements are changed")


def check_stores(ranks, where):
    """Every store takes what the program has converted; without HDF5 only that."""
    stores = [*DRIVERS, *RAW, *MEMORY]
    common = {
        "workload": "convert",
        "dtype": "f64",
        "file_dtype": "f32",
        "values": "rounded",
        "data": "random",
    }
    cases = [
        {
            **store,
            **common,
            "name": str(i),
            "access": ["whole", "row", "100B"][i % 3],
            "sweep": {"convert_by": ["hdf5", "program"]},
        }
        for i, store in enumerate(stores)
    ]
    suite = {"defaults": {"shape": SHAPE, "byte_order": FOREIGN}, "cases": cases}
    run = Run(suite, ranks, where, keep=True)
    raw = [str(i) for i, store in enumerate(stores) if store["driver"] in ("mpiio", "posix", "memory")]
    expect_skipped(run, {f"{i}/convert_by=hdf5": ["does not convert"] for i in raw})
    check_rows(run)
    rows = run.of("write")
    first = assemble(run, rows["0/convert_by=hdf5"])
    for name, row in rows.items():
        if is_volatile(row):
            continue
        if row["store"] == "hdf5":
            found = assemble(run, row)
        else:  # nothing but the elements, in the file's type and order
            found = read_raw(run, {**row, "dtype": "f32"}).view(numpy_type("f32", FOREIGN))
        check(numpy.array_equal(found, first), f"{name} differs, {ranks} ranks")


def check_counters(ranks, where):
    """HDF5 before 1.14.2 goes independent for a conversion; the program keeps the transfers collective. Serial drivers
    write the payload in the file's type, whoever converts, whatever the buffer."""
    cases = [
        {"name": "buffer", "sweep": {"conversion_buffer": ["1KiB", "2MiB"]}},
        {"name": "mpio", "sweep": {"convert_by": ["hdf5", "program"]}},
        {
            "name": "sec2",
            "driver": "sec2",
            "sweep": {"convert_by": ["hdf5", "program"], "conversion_buffer": ["1KiB", "1MiB"]},
        },
    ]
    defaults = {"workload": "convert", "shape": [256, 16], "dtype": "f64", "file_dtype": "f32"}
    run = Run({"defaults": defaults, "cases": cases}, ranks, where)
    hdf5, program = (run.of("write")[f"mpio/convert_by={by}"] for by in ("hdf5", "program"))
    same(int(program["mpiio_write_coll_count"]), ranks, f"collective writes by the program, {ranks} ranks")
    same(program["no_collective_global"], "", "cause of the program")
    same(
        run.of("read")["mpio/convert_by=program"]["no_collective_global"], "", "cause of the program, reading"
    )
    if run.hdf5 < (1, 13):
        same(int(hdf5["mpiio_write_coll_count"]), 0, f"collective writes by HDF5, {ranks} ranks")
        same(hdf5["no_collective_global"], "datatype_conversion", "cause of HDF5")
    moved = {name: row["os_write_bytes"] for name, row in run.of("write").items() if name.startswith("sec2")}
    same(len(set(moved.values())), 1, f"bytes given to the kernel: {moved}")
    check(int(list(moved.values())[0]) >= 4 * 256 * 16, f"bytes given to the kernel: {moved}")
    if run.hdf5 < (1, 13):  # a buffer of 1 KiB hands over 128 elements of f64 at a time
        calls = [
            int(run.of("write")[f"buffer/conversion_buffer={size}"]["mpiio_write_indep_count"])
            for size in ("1KiB", "2MiB")
        ]
        pieces = sum(-(-len(range(*cut(256, ranks, r).indices(256))) * 16 // 128) for r in range(ranks))
        same(calls[0] - calls[1], pieces - ranks, f"writes in pieces of 1 KiB, {ranks} ranks")


def check_refused(where):
    cases = [
        {"name": "smooth", "dtype": "f64", "file_dtype": "f32", "values": "rounded", "data": "smooth"},
        {"name": "wide", "dtype": "i32", "file_dtype": "i64", "values": "overflow"},
        {"name": "whole", "dtype": "i64", "file_dtype": "i32", "values": "rounded"},
        {"name": "sign", "dtype": "i32", "file_dtype": "u32", "values": "overflow", "byte_order": FOREIGN},
        {
            "name": "sign-program",
            "dtype": "i32",
            "file_dtype": "u32",
            "values": "overflow",
            "byte_order": FOREIGN,
            "convert_by": "program",
        },
        {"name": "sign-native", "dtype": "i32", "file_dtype": "u32", "values": "overflow"},
        {
            "name": "filtered",
            "convert_by": "program",
            "file_dtype": "f32",
            "layout": "chunked",
            "chunk": [4, 4],
            "filter": "deflate:1",
        },
        {
            "name": "filtered-hdf5",
            "file_dtype": "f32",
            "layout": "chunked",
            "chunk": [4, 4],
            "filter": "deflate:1",
        },
    ]
    run = Run(
        {"defaults": {"workload": "convert", "shape": SHAPE, "data": "random"}, "cases": cases}, 2, where
    )
    expect_skipped(
        run,
        {
            "smooth": ["data random only"],
            "wide": ["within the limits of i64"],
            "whole": ["nothing is rounded"],
            "sign": ["does not look at the sign"],
            "filtered-hdf5": ["conversion"],
        },
    )


def main():
    for ranks in (1, 2) if SANITIZED else (1, 2, 3, 4):
        with directory() as where:
            run = Run({"defaults": {"shape": SHAPE}, "cases": list(cases(ranks))}, ranks, where, keep=True)
            same(run.skipped(), {}, f"skipped with {ranks} ranks")
            check_rows(run)
            check_contents(run)
            check_stores(ranks, where)
            check_counters(ranks, where)
            check_precision(ranks, where)
    with directory() as where:
        check_refused(where)


if __name__ == "__main__":
    main()
