#!/usr/bin/env python3
# timeout: 240
# needs: numpy h5py
"""The workload types: enumerations, bools, strings and sequences as h5py and h5dump see them; counts; who writes what."""

import json
import os
import subprocess

import h5py
import numpy

from files import first_files, is_shared, open_file
from geometry import SIZES, ramp, share, traffic
from h5run import H5ROOF, SANITIZED, Run, check, directory, expect_skipped, is_volatile, launch, same

SEED = 7
MASK = (1 << 64) - 1
STATES = ["SOLID", "LIQUID", "GAS", "PLASMA", "VOID", "WALL", "GHOST", "OUTSIDE"]
VARIABLE = ("vlen_string", "vlen")
STORES = [
    {"driver": "mpio"},
    {"driver": "mpio", "mode": "independent"},
    {"driver": "mpio", "read_shift": 1},
    {"driver": "sec2"},
    {"driver": "sec2", "read_shift": 1},
    {"driver": "core"},
    {"driver": "core", "core_backing": True},
    {"driver": "family", "family_member": "8KiB"},
    {"driver": "split"},
]
KINDS = {
    "number": {"dtype": "f64"},
    "enum": {"dtype": "i32"},
    "bool": {"dtype": "i8"},
    "string": {"dtype": "u8"},
    "vlen_string": {"dtype": "u8"},
    "vlen": {"dtype": "f32"},
}


def mix64(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def lengths(shape):
    rows = numpy.prod(shape[:-1])
    return [mix64((SEED + mix64(row + 1)) & MASK) % shape[-1] for row in range(rows)]


def cases():
    for number, store in enumerate(STORES):
        for element, factors in KINDS.items():
            row = element in ("string", *VARIABLE)
            yield {
                **store,
                **factors,
                "name": f"{number}-{element}",
                "element": element,
                "shape": [19, 7] if number % 2 or not row else [19, 2, 9],
                "access": ["whole", "row", "plane"][number % 3],
                "decomposition": ["slab", "interleaved"][number % 2],
            }
    for element in ("string", *VARIABLE, "enum", "bool"):
        common = {
            "element": element,
            **KINDS[element],
            "shape": [24, 6],
            "layout": "chunked",
            "chunk": [2, 6],
        }
        for driver in ("mpio", "sec2"):
            compact = {"layout": "compact", "chunk": "none", "decomposition": "replicated"}
            if element not in VARIABLE:
                yield {**common, **compact, "name": f"{driver}-compact-{element}", "driver": driver}
            yield {
                **common,
                "name": f"{driver}-chunked-{element}",
                "driver": driver,
                "filter": "shuffle+deflate:1",
            }
            yield {
                **common,
                "name": f"{driver}-empty-{element}",
                "driver": driver,
                "empty_ranks": "all_but_first",
            }
            yield {**common, "name": f"{driver}-latest-{element}", "driver": driver, "libver": "latest"}


def shape_of(row):
    return [int(n) for n in row["shape"].split("x")]


def expected_of(row):
    """What each element is, as h5py gives it."""
    shape, element = shape_of(row), row["element"]
    values = ramp(shape, row["dtype"], row["dtype"])
    if element == "enum":
        return values & 7
    if element == "bool":
        return (values & 1).astype(bool)
    if element not in ("string", *VARIABLE):
        return values
    flat = values.reshape(-1, shape[-1])
    if element != "vlen":
        texts = [bytes(97 + (b & 15) for b in line) for line in flat]
    if element == "string":
        return numpy.array(texts, dtype=f"S{shape[-1]}").reshape(shape[:-1])
    whole = numpy.empty(len(flat), dtype=object)
    for i, length in enumerate(lengths(shape)):
        whole[i] = flat[i][:length] if element == "vlen" else texts[i][:length]
    return whole.reshape(shape[:-1])


def check_type(row, dtype):
    element, name = row["element"], row["case"]
    if element == "enum":
        same(
            h5py.check_enum_dtype(dtype),
            {state: i for i, state in enumerate(STATES)},
            f"enumeration of {name}",
        )
        same(dtype.itemsize, 4, f"bytes of the enumeration of {name}")
    elif element == "bool":
        same(dtype, numpy.dtype(bool), f"h5py's type of {name}")
    elif element == "string":
        same(dtype, numpy.dtype(f"S{shape_of(row)[-1]}"), f"type of {name}")
    elif element == "vlen_string":
        kind = h5py.check_string_dtype(dtype)
        same((kind.encoding, kind.length), ("utf-8", None), f"type of {name}")
    elif element == "vlen":
        same(h5py.check_vlen_dtype(dtype), numpy.dtype("f4"), f"type of {name}")


def equal(found, expected, name):
    same(found.shape, expected.shape, f"shape of {name}")
    for a, b in zip(found.ravel(), expected.ravel()):
        check(numpy.array_equal(a, b), f"{name}: {a!r} is not {b!r}")


def check_contents(run, row):
    expected, files = expected_of(row), first_files(run, row)
    shape = shape_of(row)
    owning = [r for r in range(run.ranks) if r == 0 or row["empty_ranks"] == "none"]
    same(len(files), 1 if is_shared(row) else len(owning), f"files of {row['case']}")
    for rank, path in enumerate(files):
        with open_file(row, path) as file:
            same(list(file), ["data"], f"datasets of {row['case']}")
            check_type(row, file["data"].dtype)
            own = expected
            if not is_shared(row) and row["empty_ranks"] == "none":
                parts = share(shape, row["decomposition"], run.ranks, rank)
                own = expected[parts[: expected.ndim]]
            equal(file["data"][()], own, f"{row['case']}, file {rank}")


def check_counts(run, row):
    shape, size, element = shape_of(row), SIZES[row["dtype"]], row["element"]
    collective = row["driver"] == "mpio" and row["mode"] == "collective"
    if row["empty_ranks"] != "none":
        return
    calls, _, elements = traffic(shape, row["decomposition"], run.ranks, row["access"], size, collective)
    moved = elements if element not in VARIABLE else sum(lengths(shape))
    for operation in ("write", "read"):
        found = run.of(operation)[row["case"]]
        alone = element in VARIABLE and operation == "write" and row["driver"] == "mpio"
        same(
            (int(found["payload_bytes"]), int(found["calls_count"])),
            (moved * size, 1 if alone else calls),
            f"traffic of {operation} in {row['case']} with {run.ranks} ranks",
        )
    if element in VARIABLE:
        check(int(row["stored_bytes"]) > moved * size, f"stored bytes of {row['case']}")
        same(row["ratio_frac"], "", f"ratio of {row['case']}")
        if row["driver"] == "mpio":
            same(
                int(row["mpiio_write_coll_count"]) + int(row["mpiio_write_indep_count"]),
                0,
                "MPI-IO of one writer",
            )
    elif row["layout"] == "contiguous":
        same(int(row["stored_bytes"]), elements * size, f"stored bytes of {row['case']}")


def check_all(ranks, where):
    suite = {"seed": SEED, "defaults": {"data": "ramp", "workload": "types"}, "cases": list(cases())}
    run = Run(suite, ranks, where, keep=True, options=["--roofs", "none"])
    expect_skipped(run, {})
    for row in run.of("write").values():
        check_counts(run, row)
        if not is_volatile(row):
            check_contents(run, row)
    print(f"{ranks} ranks: {len(run.of('write'))} cases of types are right")


def check_refused(where):
    chunked = {"layout": "chunked", "chunk": [4, 4]}
    suite = [
        {"name": "text", "element": "string"},
        {"name": "bool", "element": "bool", "dtype": "u8"},
        {"name": "enum", "element": "enum"},
        {"name": "flat", "element": "vlen", "shape": [24]},
        {"name": "short", "element": "vlen", "shape": [24, 1]},
        {"name": "order", "element": "vlen", "byte_order": "big"},
        {"name": "unfilled", "element": "vlen", "fill_time": "never"},
        {"name": "number", "byte_order": "big"},
        {"name": "filter", "element": "enum", "dtype": "i32", **chunked, "filter": "scaleoffset"},
        {"name": "raw", "driver": "mpiio"},
    ]
    run = Run({"defaults": {"workload": "types", "shape": [24, 4]}, "cases": suite}, 2, where)
    reasons = {
        "text": ["dtype u8"],
        "bool": ["dtype i8"],
        "enum": ["dtype is none"],
        "flat": ["needs two or more"],
        "short": ["nothing is left"],
        "order": ["only element number"],
        "unfilled": ["without a fill value"],
        "filter": ["an element is none"],
        "raw": ["needs HDF5"],
    }
    expect_skipped(run, reasons)


def check_dumped(where):
    """What h5dump says of the types, and of a text."""
    suite = [{"name": e, "element": e, **KINDS[e], "shape": [3, 4], "driver": "sec2"} for e in KINDS]
    run = Run(
        {"seed": SEED, "defaults": {"workload": "types", "data": "ramp"}, "cases": suite}, 1, where, keep=True
    )
    said = {
        "enum": ['"SOLID" 0; "LIQUID" 1; "GAS" 2;', "(0,0): SOLID, LIQUID, GAS, PLASMA,"],
        "bool": ['H5T_ENUM { H5T_STD_I8LE; "FALSE" 0; "TRUE" 1; }', "(0,0): FALSE, TRUE, FALSE, TRUE,"],
        "string": ["STRSIZE 4; STRPAD H5T_STR_NULLPAD;", '(0): "abcd", "efgh", "ijkl"'],
        "vlen_string": ["STRSIZE H5T_VARIABLE;", "CSET H5T_CSET_UTF8;"],
        "vlen": ["H5T_VLEN { H5T_IEEE_F32LE}"],
    }
    for element, expected in said.items():
        path = run.files(run.of("write")[element], ".h5")[0]
        text = subprocess.run(
            ["h5dump", "-d", "data", path], check=True, capture_output=True, text=True
        ).stdout
        for words in expected:
            check(words in " ".join(text.split()), f"h5dump of {element} has no {words}:\n{text}")


def check_causes(ranks, where):
    """What has no fixed length costs references and objects in a heap, as the notes say; a filter is given the references."""
    defaults = {
        "workload": "types",
        "shape": [8192, 16],
        "dtype": "u8",
        "layout": "chunked",
        "chunk": [512, 16],
    }
    sweep = {"element": ["string", "vlen_string"], "filter": ["none", "deflate:6"]}
    cases = [{"name": driver, "driver": driver, "sweep": sweep} for driver in ("sec2", "mpio")]
    run = Run({"seed": SEED, "defaults": defaults, "cases": cases}, ranks, where)
    shown = launch([H5ROOF, "show", run.out, "--format", "json"], os.environ).stdout
    said = {(r["case"], r["operation"]): str(r["notes"]) for r in json.loads(shown)["results"]}
    size = {case: int(row["file_bytes"]) for case, row in run.of("write").items()}
    for driver in ("sec2", "mpio"):
        for operation in ("write", "read"):
            for element, heap in (("string", False), ("vlen_string", True)):
                notes = said[f"{driver}/element={element}/filter=none", operation]
                same("has a reference" in notes, heap, f"notes of {operation}, {element}, {driver}: {notes}")
        names = [f"{driver}/element={e}/filter={f}" for e in sweep["element"] for f in sweep["filter"]]
        fixed, small, variable, filtered = (size[name] for name in names)
        check(small < 0.7 * fixed, f"{driver}: a filter made {small} of {fixed} bytes of fixed strings")
        saved, references = variable - filtered, 16 * 8192  # the text itself is left as it is
        check(
            0 < saved <= references, f"{driver}: a filter saved {saved} bytes of {references} of references"
        )
        for element in sweep["element"]:
            row = run.of("write")[f"{driver}/element={element}/filter=deflate:6"]
            same((row["roof_missing"], row["efficiency_frac"]), ("chunks", ""), f"roof of {element}")


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(ranks, where)
            check_causes(ranks, where)
        check_refused(where)
        check_dumped(where)


if __name__ == "__main__":
    main()
