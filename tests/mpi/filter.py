"""The workload filter: files as h5py reads them, sizes of chunks by HDF5 and by the program, changed bytes, plugins."""

import glob
import itertools
import os
import re

import h5py
import numpy

from files import DRIVERS, FOREIGN, first_files, open_file, owners
from geometry import counts, ramp, share
from h5run import H5ROOF, SANITIZED, Run, check, directory, expect_skipped, launch, same

SHAPE = [24, 12]  # with 4 ranks a share has 6 rows; chunks of 4 x 5 reach beyond it
CHUNKED = {
    "workload": "filter",
    "shape": SHAPE,
    "dtype": "i32",
    "data": "ramp",
    "layout": "chunked",
    "chunk": [4, 5],
}
ANYWHERE = [
    "none",
    "shuffle",
    "deflate:0",
    "shuffle+deflate:9+fletcher32",
    "fletcher32",
    "scaleoffset",
    "szip:4",
]
ALONE = ["nbit:12", "nbit:12+deflate:1", "nbit:31+fletcher32"]
IDS = {"deflate": 1, "shuffle": 2, "fletcher32": 3, "szip": 4, "nbit": 5, "scaleoffset": 6}
DIRECT = [d for d in DRIVERS if d["driver"] != "mpio"] + [{"driver": "core"}]
PLAIN = ("mpio", "sec2", "stdio", "core")  # of which the file is one file


def has_szip():
    return h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP)


def contents(run, row):
    """The dataset put together from the files, each of which must have the filters that were asked for."""
    whole = numpy.full(SHAPE, -1, dtype=numpy.int32)
    stages = [] if row["filter"] == "none" else [s.split(":")[0] for s in row["filter"].split("+")]
    files = first_files(run, row)
    ranks = [None] if row["driver"] == "mpio" else owners(run, row)
    same(len(files), len(ranks), f"files of {row['case']}")
    for path, rank in zip(files, ranks):
        with open_file(row, path) as file:
            creation = file["data"].id.get_create_plist()
            found = [creation.get_filter(i)[0] for i in range(creation.get_nfilters())]
            same(found, [IDS[stage] for stage in stages], f"filters of {row['case']}")
            if row["filter"].startswith("nbit"):
                bits = int(re.match(r"nbit:(\d+)", row["filter"])[1])
                same(file["data"].id.get_type().get_precision(), bits, f"precision of {row['case']}")
            place = (slice(None),) if rank is None else share(SHAPE, "slab", run.ranks, rank)
            whole[place] = file["data"][()]
    return whole


def check_payload(row):
    same(int(row["payload_bytes"]), 4 * 24 * 12, f"payload of {row['case']}")
    stages = re.sub(r":\d+", "", row["filter"]).split("+")
    known = set(stages) <= {"deflate", "shuffle", "fletcher32"}
    same(row["roof_compress_s"] != "", known, f"compress roof of {row['case']}")


def check_damage(run):
    """One chunk of every file that is one plain file. All bits of a byte are turned, so an element that is stored as it
    is comes back wrong; what is compressed by zlib has a checksum of its own."""
    for name, row in run.of("read").items():
        cells = [row[f"{kind}_count"] for kind in ("damaged", "refused", "wrong")]
        plain = row["driver"] in PLAIN and not (row["driver"] == "core" and row["core_backing"] == "false")
        if not plain:
            same(cells, ["", "", ""], f"damage of {name}")
            continue
        damaged, refused, wrong = map(int, cells)
        same(damaged, 1 if row["driver"] == "mpio" else min(run.ranks, 24), f"damaged chunks of {name}")
        if "fletcher32" in row["filter"] or "deflate" in row["filter"]:
            same((refused, wrong), (damaged, 0), f"refused chunks of {name}")
        elif row["filter"] in ("none", "shuffle"):
            same((refused, wrong), (0, damaged), f"wrong elements of {name}")
        else:
            check(refused == damaged or wrong > 0, f"damage of {name} did nothing: {cells}")
    for row in run.of("write").values():
        same(row["damaged_count"], "", "damage of writing")


def check_pipelines(ranks, where):
    filters = [f for f in ANYWHERE if has_szip() or "szip" not in f]
    cases = []
    for i, (store, text) in enumerate(itertools.product(DRIVERS, filters)):
        if store.get("mode") != "independent" and (i + ranks) % 2 == 0:
            cases.append({**store, "name": f"{i}-{store['driver']}", "filter": text})
    cases += [{**d, "name": f"{i}-alone", "filter": ALONE[i % 3]} for i, d in enumerate(DIRECT)]
    run = Run({"defaults": CHUNKED, "cases": cases}, ranks, where, keep=True)
    same(run.skipped(), {}, f"skipped with {ranks} ranks")
    for name, row in run.of("write").items():
        if row["driver"] == "core" and row["core_backing"] == "false":
            continue
        found = contents(run, row)
        check(
            numpy.array_equal(found, ramp(SHAPE, "i32", "i32")),
            f"contents of {name}, {row['filter']}, {ranks} ranks",
        )
    for row in run.rows:
        check_payload(row)
    check_damage(run)


def check_direct(ranks, where):
    """The same bytes are stored, whoever made them; random data are stored as they are where deflate gains nothing."""
    texts = ["none", "shuffle+deflate:6", "deflate:1+fletcher32", "fletcher32+shuffle+deflate:9"]
    cases = [
        {
            **store,
            "name": f"{i}-{k}-{data}",
            "filter": text,
            "data": data,
            "sweep": {"write_by": ["pipeline", "direct"]},
        }
        for (i, store), (k, text), data in itertools.product(
            enumerate(DIRECT), enumerate(texts), ("ramp", "random")
        )
        if (i + k + ranks) % 2 == 0
    ]
    run = Run({"defaults": CHUNKED, "cases": cases}, ranks, where, keep=True)
    same(run.skipped(), {}, f"skipped with {ranks} ranks")
    rows = run.of("write")
    chunks = sum(-(-counts(SHAPE, "slab", ranks, r)[0] // 4) * 3 for r in range(ranks))
    for name, row in rows.items():
        check_payload(row)
        if row["write_by"] == "pipeline":
            continue
        other = rows[name.replace("write_by=direct", "write_by=pipeline")]
        same(int(row["calls_count"]), chunks, f"chunks of {name}, {ranks} ranks")
        same(row["stored_bytes"], other["stored_bytes"], f"stored bytes of {name}, {ranks} ranks")
        if row["driver"] == "core" and row["core_backing"] == "false":
            continue
        found = contents(run, row)
        check(numpy.array_equal(found, contents(run, other)), f"contents of {name}, {ranks} ranks")
        if row["data"] == "ramp":
            check(numpy.array_equal(found, ramp(SHAPE, "i32", "i32")), f"contents of {name}, {ranks} ranks")


def check_refused(where):
    refused = {
        "contiguous": ({"layout": "contiguous", "chunk": []}, "needs layout chunked"),
        "shared": ({"driver": "mpio", "write_by": "direct"}, "needs a file per rank"),
        "unknown": ({"write_by": "direct", "filter": "scaleoffset"}, "deflate, shuffle and fletcher32 only"),
        "converted": ({"write_by": "direct", "byte_order": FOREIGN}, "are not converted"),
        "pieces": ({"write_by": "direct", "access": "row"}, "access must be whole"),
        "floats": ({"filter": "nbit:12", "dtype": "f32"}, "integers in the file"),
        "raw": ({"driver": "posix"}, "has no layouts"),
        "lz4": ({"filter": "lz4"}, "no plugin for the filter lz4"),
        "blosc": ({"filter": "blosc"}, "no plugin for the filter blosc"),
        "nbit-shared": ({"driver": "mpio", "filter": "nbit:12"}, "conversion"),
    }
    cases = [{"driver": "sec2", **factors, "name": name} for name, (factors, _) in refused.items()]
    cases[0].pop("chunk")
    defaults = {k: v for k, v in CHUNKED.items() if k != "chunk"}
    for case in cases[1:]:
        case["chunk"] = [4, 5]
    env = {"HDF5_PLUGIN_PATH": "/nonexistent"}
    run = Run({"defaults": defaults, "cases": cases}, 2, where, env=env)
    expect_skipped(run, {name: [words] for name, (_, words) in refused.items()})


def check_plugins(where):
    """Those that are installed: each works, or is skipped with what went wrong."""
    path = ":".join(sorted(glob.glob("/usr/lib/*/hdf5/*/plugins")))
    if not path:
        print("no plugins of HDF5 are installed")
        return
    cases = [
        {
            "name": "plugin",
            "driver": "sec2",
            "sweep": {"filter": ["lz4", "bzip2:1", "lzf", "zstd:3", "blosc:5", "lz4+fletcher32"]},
        }
    ]
    defaults = {**CHUNKED, "shape": [128, 128], "chunk": [64, 64], "data": "zeros"}
    run = Run({"defaults": defaults, "cases": cases}, 2, where, env={"HDF5_PLUGIN_PATH": path})
    for name, reason in run.skipped().items():
        check(
            re.search("no plugin for|does not work here: .* failed in a trial", reason), f"{name}: {reason}"
        )
    for name, row in run.of("write").items():
        check(float(row["ratio_frac"]) > 4, f"{name} stored {row['stored_bytes']} bytes")
    same(len(run.skipped()) + len(run.of("write")), 6, "plugins")
    for name, row in run.of("read").items():
        cells = (row["damaged_count"], row["refused_count"])
        checked = "fletcher32" in row["filter"]
        same(cells, ("2", "2") if checked else ("", ""), f"damage that a plugin would have to decode, {name}")


def check_note(where):
    """The note "damage" says what became of the byte; where nothing is damaged there is none."""
    cases = [
        {"name": "checked", "driver": "sec2", "filter": "fletcher32"},
        {"name": "unchecked", "driver": "sec2"},
        {"name": "split", "driver": "split"},
    ]
    run = Run({"defaults": CHUNKED, "cases": cases}, 2, where)
    shown = " ".join(launch([H5ROOF, "show", run.out], os.environ).stdout.split())
    check("was refused (2 of 2)" in shown, shown)
    check("was read without an error (2 of 2): 2 wrong" in shown, shown)
    same(shown.count("a changed byte"), 2, "notes on damage")


def check_bounded(where):
    """Of a part of the dataset there is no ratio and no roof of compressing all; what was stored is there to be read."""
    case = {"driver": "sec2", "filter": "deflate", "access": "row"}
    cases = [
        {**case, "name": "bounded", "max_ops": 2},
        # The halves of two ranks are as many bytes as the dataset has, and are not the dataset.
        {**case, "name": "replicated", "max_ops": SHAPE[0] // 2, "decomposition": "replicated"},
    ]
    run = Run({"defaults": CHUNKED, "cases": cases}, 2, where)
    for name, operation in itertools.product(("bounded", "replicated"), ("write", "read")):
        row = run.of(operation)[name]
        check("bounded" in row["quality"].split(";"), row["quality"])
        same((row["ratio_frac"], row["roof_compress_s"]), ("", ""), f"{operation} of a part, {name}")
    for operation in ("write", "read"):
        check(run.of(operation)["bounded"]["roof_store_own_s"], f"no store roof of {operation}")


def check_copies(where):
    """Ranks with a copy each in a file of their own: the ratio is that of one copy."""
    cases = [
        {"name": "one", "driver": "mpio", "mode": "collective"},
        {"name": "copies", "driver": "sec2", "decomposition": "replicated"},
    ]
    run = Run({"defaults": {**CHUNKED, "filter": "deflate"}, "cases": cases}, 2, where)
    one, copies = (run.of("write")[case["name"]] for case in cases)
    same(int(copies["stored_bytes"]), 2 * int(one["stored_bytes"]), "stored by two copies")
    same(copies["ratio_frac"], one["ratio_frac"], "ratio of copies")


def main():
    for ranks in (1, 2) if SANITIZED else (1, 2, 3, 4):
        with directory() as where:
            check_pipelines(ranks, where)
            check_direct(ranks, where)
    with directory() as where:
        check_refused(where)
        check_bounded(where)
        check_copies(where)
        check_note(where)
        check_plugins(where)


if __name__ == "__main__":
    main()
