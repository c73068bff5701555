#!/usr/bin/env python3
# timeout: 300
# needs: numpy h5py
"""Roofs of the CPU: the compress roof filters, chunk by chunk, what HDF5 filters, whatever the workload; and where nobody
can tell what must be filtered there is no efficiency, and the row says why."""

import os

from h5run import H5ROOF, Run, check, directory, launch, same

ROWS, COLUMNS = 24, 12  # with 4 ranks a share has 6 rows; chunks of 4 x 5 reach beyond it
DEFAULTS = {
    "shape": [ROWS, COLUMNS],
    "dtype": "i32",
    "data": "random",
    "layout": "chunked",
    "chunk": [4, 5],
    "filter": "shuffle+deflate:6+fletcher32",
}
SHARED = {"driver": "mpio", "mode": "collective"}
OWN = {"driver": "sec2", "mode": "independent"}
PIECES = {"workload": "pieces", "pieces": 3}

# name: (factors, {operation: chunks, in units of all chunks of the dataset, or why there is no efficiency})
ANYWHERE = {
    "slab": ({}, {"write": 1, "read": 1}),
    "tile": ({"workload": "tile", "tile": [3, 5]}, {"write": 1, "read": 1}),
    "update": ({"workload": "update"}, {"write": 1, "update": 2}),
    "rows": ({"workload": "update", "access": "row"}, {"write": 1, "update": 2}),
    "negative": ({"workload": "update", "update": "negative"}, {"write": 1, "update": 2}),
    "nothing": ({"workload": "update", "update": "negative", "data": "zeros"}, {"write": 1, "update": 1}),
    # The middle 3 columns lie in two of three columns of chunks, and are none of them whole.
    "range": (
        {"workload": "select", "selection": "range", "one_in": 4},
        {"write": 1, "read": 2 / 3, "write_selected": 4 / 3},
    ),
    "all": (
        {"workload": "select", "selection": "range", "one_in": 1},
        {"write": 1, "read": 1, "write_selected": 1},
    ),
    "moved": (
        {"workload": "select", "selection": "mask", "one_in": 1, "mask_as": "rmw"},
        {"write": 1, "read": 1, "write_selected": 1},
    ),
    "resize": (
        {"workload": "resize", "append": 5},
        {"append": 1, "read": 1, "shrink": "", "grow": "", "reread": "unwritten"},
    ),
    "particles": ({"workload": "particles", "steps": 2, "variables": 3}, {"write": 6, "read": 6}),
    "filter": ({"workload": "filter"}, {"write": 1, "read": 1}),
    # It stands in the chunks at the edge, where they reach beyond the dataset.
    "filled": (
        {"workload": "allocate", "fill_value": -1},
        {"create": "", "touch": "chunks", "scan": "unwritten", "write": 1, "read": 1},
    ),
    "allocate": (
        {"workload": "allocate"},
        {"create": "", "touch": "chunks", "scan": "unwritten", "write": 1, "read": 1},
    ),
    "unknown": ({"filter": "scaleoffset"}, {"write": "filter", "read": "filter"}),
    "no-filter": ({"workload": "tile", "tile": [3, 5], "filter": "none"}, {"write": 0, "read": 0}),
}
ONLY_SHARED = {
    "single": ({**PIECES, "pieces_as": "single"}, {"write": 1, "read": 1}),
    "union": ({**PIECES, "pieces_as": "union"}, {"write": 1, "read": 1}),
    # Other rows in a chunk are other bytes of random data, but not other sizes without deflate.
    "packed": ({**PIECES, "pieces_as": "packed", "filter": "shuffle+fletcher32"}, {"write": 1, "read": 1}),
}
ONLY_OWN = {
    "replicated": ({"decomposition": "replicated"}, {"write": 1, "read": 1}),
    "direct": ({"workload": "filter", "write_by": "direct"}, {"write": 1, "read": 1}),
    "bounded": ({"access": "row", "max_ops": 1}, {"write": "bounded", "read": "bounded"}),
    "bounded-tile": (
        {"workload": "tile", "tile": [3, 5], "max_ops": 2},
        {"write": "bounded", "read": "bounded"},
    ),
    "bounded-update": (
        {"workload": "update", "access": "row", "max_ops": 2},
        {"write": 1, "update": "bounded"},
    ),
}
# Where the same data go through the same filter: operations whose roof is one and the same measurement.
ONE_ROOF = [
    *(("slab", o) for o in ("write", "read")),
    *(("tile", o) for o in ("write", "read")),
    *(("filter", o) for o in ("write", "read")),
    *(("allocate", o) for o in ("write", "read")),
    *(("resize", o) for o in ("append", "read")),
    *(("single", o) for o in ("write", "read")),
    *(("union", o) for o in ("write", "read")),
    ("update", "write"),
    ("rows", "write"),
    ("negative", "write"),
    ("range", "write"),
    ("all", "read"),
]


def chunks_of(files, rows):
    return files * ((rows + 3) // 4) * 3


def check_missing(row, why):
    what = f"{row['operation']} of {row['case']}"
    same(row["roof_missing"], why, f"why {what} has no efficiency")
    same((row["roof_s"], row["roof_bound"], row["efficiency_frac"]), ("", "", ""), f"roof of {what}")
    same(row["roof_compress_s"], "", f"compress roof of {what}")


def check_operation(row, expected, all_chunks):
    what = f"{row['operation']} of {row['case']}"
    if isinstance(expected, str):
        check_missing(row, expected)
        return
    same(row["roof_missing"], "", f"what is missing for {what}")
    check(row["roof_s"] and row["efficiency_frac"], f"{what} has no efficiency")
    if expected == 0:
        cells = ("filtered_chunks_count", "roof_filtered_bytes", "roof_compress_s")
        same([row[c] for c in cells], ["", "", ""], f"filters of {what}")
        return
    same(int(row["filtered_chunks_count"]), round(expected * all_chunks), f"filtered chunks of {what}")
    check(row["roof_compress_s"], f"{what} has no compress roof")
    check(row["roof_bound"] in ("compress", "store"), f"{what} is bound by {row['roof_bound']}")
    # What is selected is written with other data, which the roof does not know.
    if row["operation"] != "write_selected":
        same(row["roof_filtered_bytes"], row["stored_bytes"], f"bytes that the filters of {what} make")


def check_store(store, table, ranks, where):
    cases = [{"name": name, **store, **factors} for name, (factors, _) in table.items()]
    run = Run({"defaults": DEFAULTS, "cases": cases}, ranks, where)
    same(run.skipped(), {}, "skipped")
    for row in run.rows:
        factors, operations = table[row["case"]]
        own = store is OWN
        whole = own and "decomposition" not in factors
        files, rows = (ranks if own else 1), (ROWS // ranks if whole else ROWS)
        check_operation(row, operations[row["operation"]], chunks_of(files, rows))
    for way, names in (("out", ("write", "append")), ("in", ("read",))):
        found = {
            row["roof_compress_s"]
            for row in run.rows
            if (row["case"], row["operation"]) in ONE_ROOF and row["operation"] in names
        }
        same(len(found), 1, f"compress roofs {way} of the same data with {ranks} ranks: {found}")
    return run


def check_volatile(where):
    """What is read before it is closed need not be filtered where the cache of chunks has it."""
    cases = [
        {"name": "some", "chunk_cache": 2 * 4 * 5 * 4},
        {"name": "all"},
    ]
    run = Run({"defaults": {**DEFAULTS, "driver": "core", "core_backing": False}, "cases": cases}, 2, where)
    read = run.of("read")
    same(int(read["some"]["filtered_chunks_count"]), chunks_of(2, 12) - 2 * 2, "chunks that are not cached")
    same((read["all"]["filtered_chunks_count"], read["all"]["roof_missing"]), ("0", ""), "all are cached")
    same(read["all"]["roof_bound"], "copy", "what binds then")


def check_conversion(ranks, where):
    """Conversion is of what is moved, by whatever workload."""
    cases = [
        {"name": "tile", "workload": "tile", "tile": [3, 5]},
        {"name": "update", "workload": "update"},
        {"name": "select", "workload": "select", "selection": "mask", "one_in": 2},
        {"name": "particles", "workload": "particles", "steps": 1, "variables": 2},
        {"name": "pieces", "workload": "pieces", "pieces": 3},
        {"name": "resize", "workload": "resize", "append": 5},
        {"name": "allocate", "workload": "allocate"},
        {"name": "bounded", "workload": "tile", "tile": [3, 5], "max_ops": 1, "mode": "independent"},
        {"name": "no", "workload": "tile", "file_dtype": "i32", "byte_order": "native"},
    ]
    defaults = {**DEFAULTS, "filter": "none", "file_dtype": "i16", "byte_order": "big", "driver": "mpio"}
    run = Run({"defaults": defaults, "cases": cases}, ranks, where)
    for row in run.rows:
        what = f"{row['operation']} of {row['case']} with {ranks} ranks"
        if row["operation"] in ("create", "shrink", "grow"):
            same((row["roof_missing"], row["efficiency_frac"]), ("", ""), what)
        elif row["operation"] in ("scan", "reread"):
            check_missing(row, "unwritten")
            same(row["roof_convert_s"], "", f"conversion of {what}")
        else:
            same(row["roof_convert_s"] != "", row["case"] != "no", f"there is a convert roof of {what}")
            check(row["efficiency_frac"] and not row["roof_missing"], f"{what} has no efficiency")


def check_written_back(ranks, where):
    """An update that writes nothing back has a roof that only reads."""
    update = {"workload": "update", "access": "row", "driver": "sec2"}
    cases = [
        {"name": "nothing", **update, "data": "zeros"},
        {"name": "negative", **update, "update": "negative", "data": "zeros"},
        {"name": "all", **update, "access": "whole"},
    ]
    run = Run({"defaults": {"shape": [64, 512]}, "cases": cases}, ranks, where)
    both = run.of("update")
    for way in ("own", "shared"):
        column = f"roof_store_{way}_s"
        alone = both["nothing"][column]
        same(both["negative"][column], alone, f"{column} of negative with {ranks} ranks")
        check(float(both["all"][column]) > float(alone), f"{column} of all with {ranks} ranks")


def check_shown(run):
    """A dash, and no efficiency for programs."""
    shown = launch([H5ROOF, "show", run.out], os.environ).stdout
    (line,) = (line for line in shown.splitlines() if line.startswith("unknown "))
    cells = line.split()
    same((cells[3], cells[6]), ("-", "-"), f"efficiencies in {line!r}")


with directory() as where:
    for ranks in (1, 2, 4):
        run = check_store(SHARED, {**ANYWHERE, **ONLY_SHARED}, ranks, where)
        check_store(OWN, {**ANYWHERE, **ONLY_OWN}, ranks, where)
        check_conversion(ranks, where)
        check_written_back(ranks, where)
    check_shown(run)
    check_volatile(where)
