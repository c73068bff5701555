#!/usr/bin/env python3
# needs: numpy
"""Every driver x layout x filter x byte order, and every pair of types: written, read back, verified; nothing is skipped that can run."""

import itertools
import sys

from geometry import SIZES, counts
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPE = [24, 10]
CHUNKS = {"even": [2, 5], "uneven": [5, 3]}
FILTERS = [
    "none",
    "deflate:1",
    "shuffle+deflate:6",
    "fletcher32",
    "shuffle+deflate:6+fletcher32",
    "deflate:0",
]
ORDERS = ["native", "little", "big"]
HDF5 = {
    "mpio-collective": {"driver": "mpio"},
    "mpio-independent": {"driver": "mpio", "mode": "independent"},
    "sec2": {"driver": "sec2"},
    "stdio": {"driver": "stdio"},
    "core": {"driver": "core"},
    "core-backed": {"driver": "core", "core_backing": True, "core_increment": "4KiB"},
    "family": {"driver": "family", "family_member": "1KiB"},
    "split": {"driver": "split"},
    "direct": {"driver": "direct"},
    "subfiling": {"driver": "subfiling"},
}
OTHERS = {
    "mpiio-collective": {"driver": "mpiio"},
    "mpiio-independent": {"driver": "mpiio", "mode": "independent"},
    "mpiio-own": {"driver": "mpiio", "files": "per_rank"},
    "posix-shared": {"driver": "posix"},
    "posix-own": {"driver": "posix", "files": "per_rank"},
    "memory": {"driver": "memory"},
}
LAYOUTS = {
    "contiguous": {"layout": "contiguous"},
    **{name: {"layout": "chunked", "chunk": chunk} for name, chunk in CHUNKS.items()},
    "compact": {"layout": "compact", "decomposition": "replicated"},
    "compact-slab": {"layout": "compact"},
}
FOREIGN = "little" if sys.byteorder == "big" else "big"
SHARED = ("mpio", "subfiling")
PAIRS = [("f64", "f32"), ("f32", "f64"), ("i32", "i16"), ("u8", "u64"), ("f64", "i32"), ("i64", "f64")]


def forbidden(case, ranks, env, version):
    """Words of the reasons that forbid a case: the rules of HDF5, written down a second time."""
    driver, layout, filters = case["driver"], case["layout"], case.get("filter", "none") != "none"
    file_dtype = case.get("file_dtype", "same")
    own_type = file_dtype in ("same", case.get("dtype", "f64"))
    element = SIZES[case.get("dtype", "f64") if own_type else file_dtype]
    converts = not own_type or (case.get("byte_order") == FOREIGN and element > 1)
    together = ranks > 1 and driver in SHARED
    words = []
    for name in ("direct", "subfiling"):
        if driver == name and not env["hdf5"][name]:
            words.append(f"{name} driver")
    if driver in ("mpiio", "posix", "memory"):
        words += ["has no layouts"] if layout != "contiguous" else []
        words += ["has no filters"] if filters else []
        words += ["does not convert"] if converts else []
        return words
    if filters and layout != "chunked":
        words.append("filters need layout chunked")
    if together and filters and case.get("mode") == "independent":
        words.append("only collectively")
    if together and filters and converts:
        words.append("with conversion of type or byte order")
    if driver in SHARED and filters and (converts or case.get("mode") == "independent") and version < (1, 14):
        words.append("even with one rank")
    if together and layout == "compact" and case.get("decomposition") != "replicated":
        words.append("must write the whole of a compact dataset")
    if layout == "chunked" and driver not in SHARED:
        own = [counts(SHAPE, case.get("decomposition", "slab"), ranks, rank) for rank in range(ranks)]
        if any(c > n for share in own for c, n in zip(case["chunk"], share)):
            words.append("does not fit into the dataset of rank")
    return words


def swept(cases):
    """The same as the program makes of a sweep: name -> factors."""
    flat = {}
    for case in cases:
        fixed = {key: value for key, value in case.items() if key not in ("name", "sweep")}
        axes = case.get("sweep", {})
        for values in itertools.product(*axes.values()):
            ending = "".join(f"/{axis}={value}" for axis, value in zip(axes, values))
            flat[case["name"] + ending] = {**fixed, **dict(zip(axes, values))}
    return flat


def layouts_and_filters(orders):
    return [
        {"name": f"{name}/{layout}", **store, **place, "sweep": {"filter": FILTERS, "byte_order": orders}}
        for (name, store), (layout, place) in itertools.product({**HDF5, **OTHERS}.items(), LAYOUTS.items())
    ]


def all_types(ranks):
    """Every type in memory and file alike, and some pairs; with 2 ranks every pair there is, with 3 ranks every driver."""
    pairs = (
        list(itertools.product(SIZES, SIZES)) if ranks == 2 else PAIRS + [(dtype, dtype) for dtype in SIZES]
    )
    places = [("mpio-collective", "contiguous"), ("sec2", "uneven")]
    if ranks == 3:
        places = [(name, "uneven") for name in HDF5] + [(name, "contiguous") for name in OTHERS]
    stores = {**HDF5, **OTHERS}
    return [
        {
            "name": f"{name}/{layout}/{dtype}-{file_dtype}",
            "dtype": dtype,
            "file_dtype": file_dtype,
            **stores[name],
            **LAYOUTS[layout],
            "sweep": {"byte_order": ["native", FOREIGN]},
        }
        for (name, layout), (dtype, file_dtype) in itertools.product(places, pairs)
    ]


def run_all(cases, ranks, where, data, env=None):
    run = Run({"defaults": {"shape": SHAPE, "data": data}, "cases": cases}, ranks, where, env=env)
    flat = swept(cases)
    reasons = {name: forbidden(case, ranks, run.env, run.hdf5) for name, case in flat.items()}
    expect_skipped(run, {name: words for name, words in reasons.items() if words})
    for operation in ("write", "read"):
        ran = [name for name, words in reasons.items() if not words]
        same(sorted(run.of(operation)), sorted(ran), f"{operation} with {ranks} ranks")
    check(ran, "nothing ran")
    for name, row in run.of("write").items():
        copies = ranks if flat[name].get("decomposition") == "replicated" else 1
        bytes_ = copies * SHAPE[0] * SHAPE[1] * SIZES[row["dtype"]]
        same(int(row["payload_bytes"]), bytes_, f"payload of {name} with {ranks} ranks")
    print(f"{ranks} ranks: {len(ran)} cases of {len(flat)} ran, all right")
    return run


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            run_all(
                layouts_and_filters(ORDERS if ranks == 2 else ["native", FOREIGN]), ranks, where, "random"
            )
            run_all(all_types(ranks), ranks, where, "random" if ranks % 2 else "smooth")


if __name__ == "__main__":
    main()
