#!/usr/bin/env python3
# sanitized: collective and independent calls of every driver
"""What the counters say of HDF5's MPI-IO calls, exactly. Where versions of HDF5 differ, numbers are those of 1.10 (stated at the place)."""

import sys

from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPE = [12, 10]
ROWS, ELEMENTS = 12, 120
FOREIGN = "little" if sys.byteorder == "big" else "big"
COUNTS = [
    "write_indep_count",
    "write_coll_count",
    "read_indep_count",
    "read_coll_count",
    "sync_count",
    "set_view_count",
]


def counts(row):
    return {name: int(row["mpiio_" + name]) for name in COUNTS + ["write_bytes", "read_bytes"]}


class Table:
    """Counters by name of the case, with what HDF5 itself writes and reads for a contiguous dataset taken away."""

    def __init__(self, run):
        self.run = run
        self.write = {name: counts(row) for name, row in run.of("write").items() if row["mpiio_s"]}
        self.read = {name: counts(row) for name, row in run.of("read").items() if row["mpiio_s"]}

    def row(self, name, operation="write"):
        return self.run.of(operation)[name]

    def expect(self, name, operation, **expected):
        found = getattr(self, operation)[name]
        for counter, value in expected.items():
            same(found[counter], value, f"{counter} of {name}, {operation}, {self.run.ranks} ranks")


def contiguous(t, ranks):
    """Data calls are exactly those of the access; metadata calls and bytes are the same whatever the access and mode."""
    whole = "contiguous/mode=independent/access=whole"
    owners = min(ranks, ROWS)
    meta = t.write[whole]["write_indep_count"] - owners
    meta_reads = t.read[whole]["read_indep_count"] - owners
    meta_bytes = t.write[whole]["write_bytes"] - 8 * ELEMENTS
    meta_read_bytes = t.read[whole]["read_bytes"] - 8 * ELEMENTS
    check(0 < meta < 40 and 0 < meta_bytes < 10000, f"metadata: {meta} calls, {meta_bytes} bytes")
    calls = {"element": ELEMENTS, "row": ROWS, "whole": owners}
    for access, n in calls.items():
        name = f"contiguous/mode=independent/access={access}"
        t.expect(
            name,
            "write",
            write_indep_count=meta + n,
            write_coll_count=0,
            write_bytes=meta_bytes + 8 * ELEMENTS,
        )
        t.expect(
            name,
            "read",
            read_indep_count=meta_reads + n,
            read_coll_count=0,
            write_indep_count=0,
            write_bytes=0,
            read_bytes=meta_read_bytes + 8 * ELEMENTS,
        )
        # Collective calls are made by every rank alike: what one has less, it makes with nothing.
        padded = (
            max(calls[access], -(-ROWS // ranks) * ranks * (10 if access == "element" else 1))
            if access != "whole"
            else ranks
        )
        name = f"contiguous/mode=collective/access={access}"
        t.expect(
            name,
            "write",
            write_indep_count=meta,
            write_coll_count=padded,
            set_view_count=2 * padded,
            write_bytes=meta_bytes + 8 * ELEMENTS,
        )
        t.expect(
            name,
            "read",
            read_indep_count=meta_reads,
            read_coll_count=padded,
            read_bytes=meta_read_bytes + 8 * ELEMENTS,
        )
        same(t.row(name)["actual_io_mode"], "contiguous_collective", f"actual mode of {name}")
        same(t.row(name)["no_collective_global"], "", f"cause of {name}")
        same(int(t.row(name)["calls_count"]), padded, f"calls of {name}")
    t.expect("interleaved/mode=independent", "write", write_indep_count=meta + (ROWS if ranks > 1 else 1))
    t.expect("interleaved/mode=collective", "write", write_coll_count=ranks, write_indep_count=meta)
    return meta, meta_bytes


def converted(t, meta, meta_bytes, ranks):
    """Up to 1.12 HDF5 goes independent for a conversion, and says so; 1.14.2 and later need not."""
    if t.run.hdf5 >= (1, 13):
        return
    for name, size in (("swapped/access=whole", 8), ("narrowed/access=whole", 4)):
        t.expect(
            name,
            "write",
            write_coll_count=0,
            write_indep_count=meta + ranks,
            write_bytes=meta_bytes + size * ELEMENTS,
        )
        t.expect(name, "read", read_coll_count=0)
        for operation in ("write", "read"):
            same(t.row(name, operation)["no_collective_global"], "datatype_conversion", f"cause of {name}")
            same(t.row(name, operation)["actual_io_mode"], "independent", f"actual mode of {name}")
    t.expect("swapped/access=row", "write", write_coll_count=0, write_indep_count=meta + ROWS)


def chunked(t, ranks):
    """The default fill time writes the dataset once more when it is created. Two types of the same chunks differ in data alone."""
    for fill, times in (("ifset", 2), ("alloc", 2), ("never", 1)):
        for mode in ("collective", "independent"):
            names = [f"chunked/fill_time={fill}/mode={mode}/dtype={dtype}" for dtype in ("f64", "f32")]
            moved = [t.write[name]["write_bytes"] for name in names]
            same(
                moved[0] - moved[1],
                times * 4 * ELEMENTS,
                f"bytes of 4 more in every element, {names[0]}, {ranks} ranks",
            )
            fills = t.write[names[0]]["write_coll_count"]
            same(
                fills,
                (ranks if times == 2 else 0) + (ranks if mode == "collective" else 0),
                f"collective writes of {names[0]}",
            )
    never = t.write["chunked/fill_time=never/mode=collective/dtype=f64"]["write_bytes"]
    same(
        t.write["chunked/fill_time=ifset/mode=collective/dtype=f64"]["write_bytes"] - never,
        8 * ELEMENTS,
        "bytes of fill values",
    )


def filtered(t, ranks):
    """1.10.8: filtered chunks are filled whatever the fill time, and read independently though HDF5 says collective."""
    for fill in ("ifset", "never"):
        name = f"filtered/fill_time={fill}"
        same(t.row(name)["actual_io_mode"], "chunk_collective", f"actual mode of {name}")
        if t.run.hdf5[:2] == (1, 10):
            t.expect(name, "write", write_coll_count=2 * ranks)
            t.expect(name, "read", read_coll_count=0)
            same(t.row(name, "read")["actual_io_mode"], "chunk_collective", f"actual mode of reading {name}")


def raw(t, ranks):
    """The store mpiio makes the calls of the pattern and no others, and moves the payload and nothing else."""
    calls = {"element": ELEMENTS, "row": ROWS, "whole": ranks}
    for decomposition in ("slab", "interleaved"):
        for access, n in calls.items():
            per_rank = {"element": 10 * -(-ROWS // ranks), "row": -(-ROWS // ranks), "whole": 1}[access]
            start = f"raw/decomposition={decomposition}/mode="
            same_bytes = {
                "write_bytes": 8 * ELEMENTS,
                "read_bytes": 0,
                "sync_count": ranks,
                "set_view_count": ranks,
            }
            t.expect(
                f"{start}independent/access={access}",
                "write",
                write_indep_count=n,
                write_coll_count=0,
                **same_bytes,
            )
            t.expect(
                f"{start}independent/access={access}",
                "read",
                read_indep_count=n,
                read_coll_count=0,
                sync_count=0,
                read_bytes=8 * ELEMENTS,
                write_bytes=0,
            )
            t.expect(
                f"{start}collective/access={access}",
                "write",
                write_coll_count=per_rank * ranks,
                write_indep_count=0,
                **same_bytes,
            )
            t.expect(
                f"{start}collective/access={access}",
                "read",
                read_coll_count=per_rank * ranks,
                read_indep_count=0,
            )
    t.expect("raw-own", "write", write_indep_count=ranks, write_coll_count=0, write_bytes=8 * ELEMENTS)


def rest(t, ranks):
    for name, found in t.write.items():
        same(found["sync_count"], ranks, f"syncs of {name}")
        same(t.read[name]["sync_count"], 0, f"syncs of reading {name}")
        same(t.read[name]["write_bytes"], 0, f"bytes written while reading {name}")
    for name in ("sec2", "posix", "memory"):
        filled = [key for key in t.row(name) if key.startswith("mpiio_") and t.row(name)[key]]
        same(filled, [], f"MPI-IO counters of {name}")
    for choice in ("writes", "all"):
        t.expect(f"metadata/collective_metadata={choice}", "write", write_indep_count=0)
    for choice in ("none", "reads"):
        check(
            t.write[f"metadata/collective_metadata={choice}"]["write_indep_count"] > 0,
            "metadata are written together unasked",
        )


def suite():
    accesses, modes = ["element", "row", "whole"], ["collective", "independent"]
    chunks = {"layout": "chunked", "chunk": [4, 5]}
    return {
        "defaults": {"shape": SHAPE, "data": "random"},
        "cases": [
            {"name": "contiguous", "sweep": {"mode": modes, "access": accesses}},
            {"name": "interleaved", "decomposition": "interleaved", "sweep": {"mode": modes}},
            {"name": "swapped", "byte_order": FOREIGN, "sweep": {"access": ["row", "whole"]}},
            {"name": "narrowed", "file_dtype": "f32", "sweep": {"access": ["whole"]}},
            {
                "name": "chunked",
                **chunks,
                "sweep": {"fill_time": ["ifset", "alloc", "never"], "mode": modes, "dtype": ["f64", "f32"]},
            },
            {
                "name": "filtered",
                **chunks,
                "filter": "fletcher32",
                "sweep": {"fill_time": ["ifset", "never"]},
            },
            {
                "name": "metadata",
                **chunks,
                "alignment": "8B",
                "sweep": {"collective_metadata": ["none", "writes", "reads", "all"]},
            },
            {
                "name": "raw",
                "driver": "mpiio",
                "sweep": {"decomposition": ["slab", "interleaved"], "mode": modes, "access": accesses},
            },
            {"name": "raw-own", "driver": "mpiio", "files": "per_rank"},
            {"name": "sec2", "driver": "sec2"},
            {"name": "posix", "driver": "posix"},
            {"name": "memory", "driver": "memory"},
        ],
    }


def check_counters(ranks, where, env=None):
    run = Run(suite(), ranks, where, env=env)
    expect_skipped(run, {})
    t = Table(run)
    check(t.write, "the counters do not see HDF5's calls")
    meta, meta_bytes = contiguous(t, ranks)
    converted(t, meta, meta_bytes, ranks)
    chunked(t, ranks)
    filtered(t, ranks)
    raw(t, ranks)
    rest(t, ranks)
    print(f"{ranks} ranks: exact; {meta} calls and {meta_bytes} bytes of metadata in a contiguous file")
    return run


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 5):
            check_counters(ranks, where)


if __name__ == "__main__":
    main()
