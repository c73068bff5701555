#!/usr/bin/env python3
# needs: numpy h5py
"""Attributes of several elements and types, and dimension scales, as h5py and h5dump see them; counted again."""

import subprocess

import h5py
import numpy

from h5run import SANITIZED, Run, check, directory, expect_skipped, same

OBJECTS, ATTRIBUTES = 13, 2
TYPES = ["i32", "f64", "string", "vlen_string"]
STORES = [
    {"driver": "mpio"},
    {"driver": "mpio", "collective_metadata": "all"},
    {"driver": "sec2"},
    {"driver": "sec2", "libver": "latest"},
]


def parts(row, ranks):
    if row["driver"] == "mpio":
        return [OBJECTS]
    return [OBJECTS // ranks + (1 if rank < OBJECTS % ranks else 0) for rank in range(ranks)]


def value(row, i, attribute, element):
    number = int(numpy.array((i + 1) * 1000003 + attribute + element * 7919, dtype="int64").astype("int32"))
    kind = row["attribute_type"]
    if kind in ("i32", "f64"):
        return number
    text = f"v{number:011d}"
    return text if kind == "vlen_string" else text.encode()


def check_attribute(row, found, i, a, attribute_id):
    elements = int(row["attribute_elements_count"])
    shape = () if elements == 1 else (elements,)
    same(numpy.shape(found), shape, f"shape of an attribute of {row['case']}")
    expected = [value(row, i, a, e) for e in range(elements)]
    same(
        list(numpy.ravel(numpy.array(found, dtype=object))),
        expected,
        f"attribute {a} of {i} in {row['case']}",
    )
    stored = attribute_id.dtype
    if row["attribute_type"] == "string":
        same(stored, numpy.dtype("S16"), f"type of an attribute of {row['case']}")
    elif row["attribute_type"] == "vlen_string":
        kind = h5py.check_string_dtype(stored)
        same((kind.encoding, kind.length), ("utf-8", None), f"type of an attribute of {row['case']}")
    else:
        same(
            stored, numpy.dtype({"i32": "<i4", "f64": "<f8"}[row["attribute_type"]]), f"type of {row['case']}"
        )


def check_scales(row, file, dataset):
    scales = int(row["scales_count"])
    same(dataset.shape, (1,) * scales, f"shape of {dataset.name}")
    for d in range(scales):
        same(list(dataset.dims[d].keys()), [f"dim{d}"], f"scales of dimension {d} of {dataset.name}")
        check(dataset.dims[d][0] == file[f"scale{d}"], f"scale {d} of {dataset.name} is another dataset")


def look(run, row):
    files = run.files(row, ".h5")
    same(len(files), len(parts(row, run.ranks)), f"files of {row['case']}")
    for path, n in zip(files, parts(row, run.ranks)):
        with h5py.File(path, "r") as file:
            scales = int(row["scales_count"])
            left = [i for i in range(n) if i % 2 == 1]  # every other one was deleted
            same(
                sorted(file), sorted([f"o{i:06d}" for i in left] + [f"scale{d}" for d in range(scales)]), path
            )
            for i in left:
                found = file[f"o{i:06d}"]
                for a in range(int(row["attributes_count"])):
                    check_attribute(row, found.attrs[f"a{a:04d}"], i, a, found.attrs.get_id(f"a{a:04d}"))
                if scales > 0:
                    check_scales(row, file, found)
            for d in range(scales):
                users = file[f"scale{d}"].attrs.get("REFERENCE_LIST", [])
                same(len(users), len(left), f"datasets in the list of scale {d} of {row['case']}")
                names = {file[ref].name for ref, _ in users}
                same(names, {f"/o{i:06d}" for i in left}, f"in the list of scale {d} of {row['case']}")


def check_counts(run, row):
    each = 1 + int(row["attributes_count"]) + int(row["scales_count"])
    deleted = sum((n + 1) // 2 for n in parts(row, run.ranks))
    expected = {"create": OBJECTS * each, "open": OBJECTS * each, "iterate": OBJECTS, "visit": OBJECTS}
    for operation, n in {**expected, "delete": deleted}.items():
        found = run.of(operation)[row["case"]]
        same(
            int(found["objects_count"]), n, f"objects of {operation} in {row['case']} with {run.ranks} ranks"
        )


def matrix(ranks, where):
    cases = []
    for number, store in enumerate(STORES):
        kinds = {"sweep": {"attribute_type": TYPES, "attribute_elements": [1, 5]}}
        cases.append({"name": f"{number}-attributes", **store, "attributes": ATTRIBUTES, **kinds})
        cases.append({"name": f"{number}-scales", **store, "kind": "dataset", "sweep": {"scales": [1, 3, 6]}})
        both = {"kind": "dataset", "scales": 2, "attributes": 1, "attribute_type": "vlen_string"}
        cases.append({"name": f"{number}-both", **store, **both})
    run = Run(
        {"defaults": {"workload": "metadata", "objects": OBJECTS}, "cases": cases}, ranks, where, keep=True
    )
    if all("libhdf5_hl" in reason for reason in run.skipped().values()) and run.skipped():
        print("scales are not tested: no libhdf5_hl")
    else:
        expect_skipped(run, {})
    for row in run.of("create").values():
        check_counts(run, row)
        look(run, row)
    print(f"{ranks} ranks: {len(run.of('create'))} cases, all right")


def growing(where):
    """The list of a scale is written anew for every dataset that is attached: bytes grow with the square."""
    cases = [
        {
            "name": f"{n}",
            "kind": "dataset",
            "driver": "sec2",
            "shape": [2, 1],
            "libver": "latest",
            "objects": n,
        }
        for n in (400, 1600)
    ]
    for case in cases:
        case["sweep"] = {"scales": [0, 1]}
    run = Run({"defaults": {"workload": "metadata", "metadata_cache": "1KiB"}, "cases": cases}, 1, where)
    written = {name: int(row["os_write_bytes"]) for name, row in run.of("create").items()}
    few, many = (written[f"{n}/scales=1"] - written[f"{n}/scales=0"] for n in (400, 1600))
    check(
        many > 6 * few,
        f"four times the datasets wrote {many} bytes for their scales, not far more than {few}",
    )


def refused(where):
    cases = [
        {"name": "none", "attribute_elements": 2},
        {"name": "text", "attribute_type": "string"},
        {"name": "long", "attributes": 1, "attribute_elements": 4001},
        {"name": "long-latest", "attributes": 1, "attribute_elements": 9000, "libver": "latest"},
        {"name": "groups", "scales": 1},
        {"name": "many", "kind": "dataset", "scales": 1, "objects": 4001},
    ]
    run = Run({"defaults": {"workload": "metadata", "objects": 5}, "cases": cases}, 2, where)
    reasons = {
        "none": ["no attributes"],
        "text": ["no attributes"],
        "long": ["below 64 KiB"],
        "groups": ["only datasets", "libhdf5_hl"],
        "many": ["room for 4000", "libhdf5_hl"],
    }
    expect_skipped(run, reasons)


def dumped(where):
    case = {"name": "a", "kind": "dataset", "driver": "sec2", "shape": [1, 1], "scales": 1, "objects": 2}
    run = Run({"cases": [{**case, "workload": "metadata"}]}, 1, where, keep=True)
    if run.skipped():
        return
    path = run.files(run.of("create")["a"], ".h5")[0]
    text = subprocess.run(["h5dump", "-A", path], check=True, capture_output=True, text=True).stdout
    for words in ('ATTRIBUTE "DIMENSION_LIST"', 'ATTRIBUTE "REFERENCE_LIST"', '"DIMENSION_SCALE"', '"dim0"'):
        check(words in text, f"h5dump shows no {words}:\n{text}")


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            matrix(ranks, where)
        growing(where)
        refused(where)
        dumped(where)


if __name__ == "__main__":
    main()
