#!/usr/bin/env python3
# timeout: 240
# needs: numpy h5py
"""The workload records: tables and fields as h5py reads them, calls, bytes and collective writes counted again."""

import json
import os
import re
import subprocess

import numpy

from files import FOREIGN, equal, file_type, first_files, is_shared, open_file, owners
from geometry import SIZES, numpy_type, ramp, share, traffic
from h5run import H5ROOF, SANITIZED, Run, check, directory, expect_skipped, is_volatile, launch, same

RECORDS = ["whole", "field", "datasets"]
STORES = [
    {"driver": "mpio"},
    {"driver": "mpio", "mode": "independent"},
    {"driver": "sec2"},
    {"driver": "core"},
    {"driver": "core", "core_backing": True},
    {"driver": "family", "family_member": "1KiB"},
    {"driver": "split"},
]


def cases(ranks):
    for number, store in enumerate(STORES):
        common = {**store, "sweep": {"record": RECORDS}}
        yield {**common, "name": f"{number}-table", "shape": [23, 5], "dtype": ["f64", "i32"][number % 2]}
        yield {
            **common,
            "name": f"{number}-rows",
            "shape": [[9, 4, 3], [9, 2, 6]][number % 2],
            "access": ["row", "plane", "100B"][number % 3],
            "decomposition": ["slab", "interleaved"][number % 2],
        }
    for driver in ("mpio", "sec2"):
        common = {"driver": driver, "shape": [24, 3], "sweep": {"record": RECORDS}}
        yield {**common, "name": f"{driver}-chunked", "layout": "chunked", "chunk": [2, 3]}
        yield {**common, "name": f"{driver}-one", "shape": [17, 1]}
        yield {**common, "name": f"{driver}-compact", "layout": "compact", "decomposition": "replicated"}
        yield {**common, "name": f"{driver}-types", "file_dtype": "f32", "byte_order": FOREIGN}
        yield {**common, "name": f"{driver}-empty", "empty_ranks": "odd", "shape": [25, 3]}
        yield {**common, "name": f"{driver}-shifted", "read_shift": 1}
        yield {
            **common,
            "name": f"{driver}-block",
            "shape": [8, 6, 3],
            "decomposition": "block",
            "grid": [1, ranks, 1],
        }
        yield {
            **common,
            "name": f"{driver}-filter",
            "layout": "chunked",
            "chunk": [2, 3],
            "filter": "shuffle+deflate:1",
        }


def shape_of(row):
    return [int(n) for n in row["shape"].split("x")]


def numbers(row, file):
    """The fields of a file's records side by side, as numbers."""
    names = [f"f{k}" for k in range(shape_of(row)[-1])]
    plain = numpy_type(file_type(row), row["byte_order"])
    if row["record"] == "datasets":
        same(sorted(file), sorted(names), f"datasets of {row['case']}")
        return numpy.stack([file[name][()] for name in names], axis=-1)
    same(list(file), ["data"], f"datasets of {row['case']}")
    dtype = file["data"].dtype
    same(dtype.names, tuple(names), f"fields of {row['case']}")
    same({dtype[name] for name in names}, {plain}, f"types of the fields of {row['case']}")
    same(dtype.itemsize, plain.itemsize * len(names), f"bytes of a record of {row['case']}")
    table = file["data"][()]
    return numpy.stack([table[name] for name in names], axis=-1)


def check_contents(run, row):
    shape = shape_of(row)
    expected = ramp(shape, row["dtype"], file_type(row))
    files = first_files(run, row)
    if is_shared(row):
        with open_file(row, files[0]) as file:
            equal(numbers(row, file), expected, row["case"])
        return
    if "-block" in row["case"] or "-empty" in row["case"]:
        found = []
        for path in files:
            with open_file(row, path) as file:
                found.append(numbers(row, file).ravel())
        equal(numpy.sort(numpy.concatenate(found)), expected.ravel(), row["case"])
        return
    ranks = owners(run, row)
    same(len(files), len(ranks), f"files of {row['case']}")
    for rank, path in zip(ranks, files):
        with open_file(row, path) as file:
            own = expected[share(shape, row["decomposition"], run.ranks, rank)]
            equal(numbers(row, file), own, f"{row['case']}, rank {rank}")


def check_counts(run, row):
    shape, size = shape_of(row), SIZES[row["dtype"]]
    fields = shape[-1]
    collective = row["driver"] == "mpio" and row["mode"] == "collective"
    if row["decomposition"] == "block" or row["empty_ranks"] != "none":
        return
    calls, _, elements = traffic(shape, row["decomposition"], run.ranks, row["access"], size, collective)
    passes = 1 if row["record"] == "whole" else fields
    for operation, each, share_of in (("write", passes, 1), ("read", passes, 1), ("read_field", 1, fields)):
        found = run.of(operation)[row["case"]]
        same(
            (int(found["payload_bytes"]), int(found["calls_count"])),
            (elements * size // share_of, each * calls),
            f"traffic of {operation} in {row['case']} with {run.ranks} ranks",
        )
    stored = elements * SIZES[file_type(row)]
    if row["filter"] == "none" and row["layout"] == "contiguous":
        same(int(row["stored_bytes"]), stored, f"stored bytes of {row['case']}")
        same(float(row["ratio_frac"]), 1.0, f"ratio of {row['case']}")


def check_all(ranks, where):
    suite = {"defaults": {"data": "ramp", "workload": "records"}, "cases": list(cases(ranks))}
    run = Run(suite, ranks, where, keep=True, options=["--roofs", "none"])
    skips = {"mpio-filter/record=field": ["conversion"]}
    expect_skipped(run, skips)
    rows = run.of("write")
    check(len(rows) >= 40, f"only {len(rows)} cases ran")
    for row in rows.values():
        check_counts(run, row)
        if not is_volatile(row):
            check_contents(run, row)
    print(f"{ranks} ranks: {len(rows)} cases of records are right")


def check_requests(ranks, where):
    """Whole records and datasets of fields are written together; fields into records not, for it is a conversion. One field
    of records costs bytes of all of them, a dataset of its own not."""
    rows, fields = 16384, 8  # a share is more than the sieve buffer holds
    common = {"shape": [rows, fields], "sweep": {"record": RECORDS}}
    suite = [{"name": "mpio", **common}, {"name": "sec2", "driver": "sec2", **common}]
    run = Run({"defaults": {"workload": "records"}, "cases": suite}, ranks, where)
    writes = {r: run.of("write")[f"mpio/record={r}"] for r in RECORDS}
    same(
        int(writes["whole"]["mpiio_write_coll_count"]), ranks, f"collective writes of records, {ranks} ranks"
    )
    same(int(writes["datasets"]["mpiio_write_coll_count"]), fields * ranks, f"of datasets, {ranks} ranks")
    if run.hdf5 < (1, 13):
        same(int(writes["field"]["mpiio_write_coll_count"]), 0, f"collective writes of fields, {ranks} ranks")
        same(writes["field"]["no_collective_global"], "datatype_conversion", "cause of fields")
    payload = 8 * rows
    one = {r: int(run.of("read_field")[f"sec2/record={r}"]["os_read_bytes"]) for r in RECORDS}
    for record in ("whole", "field"):
        check(one[record] >= fields * payload, f"one field of {record} read {one[record]} bytes")
    check(payload <= one["datasets"] < payload + 65536 * ranks, f"a dataset read {one['datasets']} bytes")
    shown = launch([H5ROOF, "show", run.out, "--format", "json"], os.environ).stdout
    said = {(r["case"], r["operation"]): str(r["notes"]) for r in json.loads(shown)["results"]}
    for driver in ("sec2", "mpio"):
        check(
            "the other fields" in said[f"{driver}/record=whole", "read_field"],
            f"{driver}: nothing of other fields",
        )
        check(
            "around each field" in said[f"{driver}/record=field", "write"],
            f"{driver}: nothing of reading to write",
        )
        for case in ("record=datasets", "record=whole"):
            check(
                "field" not in said[f"{driver}/{case}", "write"], f"{driver}: {case} is said to pick fields"
            )
    field = int(run.of("write")["sec2/record=field"]["os_read_bytes"])
    check(field >= (fields - 1) * fields * payload, f"fields were written, and {field} bytes read for it")


def check_refused(where):
    chunked = {"layout": "chunked", "chunk": [4, 4]}
    suite = [
        {"name": "flat", "shape": [24]},
        {"name": "element", "access": "element"},
        {"name": "bytes", "access": "31B"},
        {"name": "cut", **chunked, "chunk": [4, 2]},
        {"name": "block", "decomposition": "block", "grid": [1, 2]},
        {"name": "wide", "shape": [2, 1001]},
        {"name": "szip", **chunked, "dtype": "i32", "filter": "scaleoffset", "driver": "sec2"},
        {
            "name": "szip-apart",
            **chunked,
            "dtype": "i32",
            "filter": "scaleoffset",
            "driver": "sec2",
            "record": "datasets",
        },
        {"name": "raw", "driver": "posix"},
    ]
    run = Run({"defaults": {"workload": "records", "shape": [24, 4]}, "cases": suite}, 2, where)
    expect_skipped(
        run,
        {
            "flat": ["needs two or more"],
            "element": ["access row or more"],
            "bytes": ["access row or more"],
            "cut": ["as a whole"],
            "block": ["cuts it"],
            "wide": ["1000 fields"],
            "szip": ["an element is a record"],
            "raw": ["needs HDF5"],
        },
    )


def check_dumped(where):
    run = Run(
        {"cases": [{"name": "a", "workload": "records", "shape": [3, 2], "data": "ramp", "dtype": "i32"}]},
        1,
        where,
        keep=True,
    )
    path = run.files(run.of("write")["a"], ".h5")[0]
    text = subprocess.run(["h5dump", "-d", "data", path], check=True, capture_output=True, text=True).stdout
    text = re.sub(r"\(\d+\): ", "", " ".join(text.split()))
    check('H5T_COMPOUND { H5T_STD_I32LE "f0"; H5T_STD_I32LE "f1"; }' in text, text)
    check("{ 0, 1 }, { 2, 3 }, { 4, 5 }" in text, text)


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(ranks, where)
            check_requests(ranks, where)
        check_refused(where)
        check_dumped(where)


if __name__ == "__main__":
    main()
