#!/usr/bin/env python3
# needs: numpy h5py
"""Every kind of object in every tree: counts, what is left in the files as h5py sees it, and what cannot be."""

import os
import shutil

import h5py
import numpy

from h5run import SANITIZED, Run, check, directory, expect_skipped, same

DRIVERS = {
    "mpio": {"driver": "mpio"},
    "mpio-collective": {"driver": "mpio", "collective_metadata": "all"},
    "sec2": {"driver": "sec2"},
    "stdio": {"driver": "stdio"},
    "core": {"driver": "core", "core_backing": True, "core_increment": "4KiB"},
    "family": {"driver": "family", "family_member": "8KiB"},
    "split": {"driver": "split"},
}
KINDS = ["group", "dataset", "attribute", "soft", "hard", "external"]
TREES = ["wide", "deep", "stations"]
OBJECTS = 37


def parent(tree, i):
    if tree == "wide":
        return ""
    return f"/s{i // 8:06d}" if tree == "stations" else f"/c{i // 16:06d}" + "/g" * (i % 16)


def leaf(tree, i):
    return f"q{i % 8}" if tree == "stations" else f"o{i:06d}"


def value(i, attribute):
    return int(numpy.array((i + 1) * 1000003 + attribute, dtype="int64").astype("int32"))


def parts(row, ranks):
    if row["driver"] == "mpio":
        return [OBJECTS]
    return [OBJECTS // ranks + (1 if rank < OBJECTS % ranks else 0) for rank in range(ranks)]


def check_one(file, row, i):
    """An object that was not deleted."""
    kind, path = row["kind"], parent(row["tree"], i) + "/" + leaf(row["tree"], i)
    if kind == "attribute":
        host = file[parent(row["tree"], i) or "/"]
        same(int(host.attrs[leaf(row["tree"], i)]), value(i, 0), f"attribute {path}")
        return
    link = file.get(path, getlink=True)
    wanted = {"soft": h5py.SoftLink, "external": h5py.ExternalLink}.get(kind, h5py.HardLink)
    check(isinstance(link, wanted), f"{path} is a {type(link)}")
    if kind in ("soft", "external"):
        same(link.path, "/target", f"where {path} leads")
    found = file[path]
    check(isinstance(found, h5py.Dataset if kind == "dataset" else h5py.Group), f"{path} is a {type(found)}")
    if kind == "hard":
        check(found == file["/target"], f"{path} is not the target")
    same(len(found.attrs), int(row["attributes_count"]), f"attributes of {path}")
    for a in range(int(row["attributes_count"])):
        same(int(found.attrs[f"a{a:04d}"]), value(i, a), f"attribute {a} of {path}")


def look(run, row, ranks):
    files = [p for p in run.files(row, ".h5") if not p.endswith("-second.h5")]
    same(len(files), len(parts(row, ranks)), f"files of {row['case']}")
    for path, n in zip(files, parts(row, ranks)):
        with h5py.File(path, "r") as file:
            names = []
            file.visititems(lambda name, _: names.append(name))
            for i in range(n):
                if i % 2 == 1:
                    check_one(file, row, i)
                elif row["kind"] == "attribute":
                    check(
                        leaf(row["tree"], i) not in file[parent(row["tree"], i) or "/"].attrs, f"{i} is left"
                    )
                else:
                    where = parent(row["tree"], i) or "/"
                    check(leaf(row["tree"], i) not in file[where], f"{i} is left in {where}")
            group_paths = {parent(row["tree"], i) for i in range(n)} - {""}
            for name in group_paths:
                check(isinstance(file[name], h5py.Group), f"{name} is no group")


def check_counts(run, row, ranks):
    each = 1 + int(row["attributes_count"])
    deleted = sum((n + 1) // 2 for n in parts(row, ranks))
    expected = {"create": OBJECTS * each, "open": OBJECTS * each, "iterate": OBJECTS, "visit": OBJECTS}
    for operation, n in {**expected, "delete": deleted}.items():
        found = run.of(operation)[row["case"]]
        same(int(found["objects_count"]), n, f"objects of {operation} in {row['case']} with {ranks} ranks")
        same((found["payload_bytes"], found["calls_count"]), ("0", "0"), f"payload of {row['case']}")
        size = int(found["file_bytes"])
        by_object = str((size + n // 2) // n) if operation == "create" else ""
        same(found["object_bytes"], by_object, f"bytes by object of {operation} in {row['case']}")
        check(operation == "create" or not found["efficiency_frac"], f"a roof of {operation}")


def matrix(ranks, where):
    wide = ranks in (2, 3)
    cases = []
    for name in DRIVERS if wide else ["mpio", "sec2"]:
        several = name in ("family", "split", "core")
        kinds = [k for k in KINDS if k != "external" or not several]
        cases.append({"name": name, **DRIVERS[name], "sweep": {"kind": kinds, "tree": TREES}})
        both = {"kind": ["group", "dataset"], "libver": ["earliest", "latest"]}
        cases.append(
            {"name": f"{name}-weather", **DRIVERS[name], "tree": "stations", "attributes": 3, "sweep": both}
        )
    defaults = {"workload": "metadata", "objects": OBJECTS}
    run = Run({"defaults": defaults, "cases": cases}, ranks, where, keep=True)
    expect_skipped(run, {})
    for row in run.of("create").values():
        check_counts(run, row, ranks)
        if row["driver"] in ("mpio", "sec2", "stdio", "core"):
            look(run, row, ranks)
    shutil.rmtree(os.path.dirname(run.data))
    print(f"{ranks} ranks: {len(run.of('create'))} cases, all right")


def refused(where):
    cases = [
        {"name": "nested", "kind": "attribute", "attributes": 2},
        {"name": "linked", "kind": "soft", "attributes": 1},
        {"name": "members", "kind": "external", "driver": "family"},
        {"name": "many", "kind": "attribute", "objects": 60001},
        {"name": "no-file", "driver": "sec2", "shape": [1, 8]},
        {"name": "image", "driver": "core"},
        {"name": "raw", "driver": "posix"},
        {"name": "fewer", "driver": "sec2", "objects": 1},
        {"name": "latest-many", "driver": "sec2", "kind": "attribute", "libver": "latest", "objects": 5000},
    ]
    run = Run({"defaults": {"workload": "metadata", "objects": 5}, "cases": cases}, 2, where)
    reasons = {
        "nested": ["only groups and datasets have attributes"],
        "linked": ["only groups and datasets have attributes"],
        "members": ["leads to one file"],
        "many": ["60001 attributes"],
        "no-file": ["some ranks have no file"],
        "image": ["needs a file that lasts"],
        "raw": ["needs HDF5"],
    }
    expect_skipped(run, reasons)


def main():
    with directory() as where:
        refused(where)
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            matrix(ranks, where)


if __name__ == "__main__":
    main()
