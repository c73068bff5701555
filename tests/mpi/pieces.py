"""The workload pieces: the division as the index in a packed file has it, values, calls and requests counted again."""

import math

import h5py
import numpy

from files import DRIVERS, RAW, equal, first_files, file_type, read_raw
from geometry import SIZES, numpy_type, ramp
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPES = {"line": [1000], "rows": [300, 7], "cube": [120, 3, 2], "few": [5]}
KINDS = {
    "plain": {},
    "independent": {"mode": "independent"},
    "chunked": {"layout": "chunked", "chunk": [2]},
    "types": {"dtype": "f64", "file_dtype": "f32", "byte_order": "big"},
}


def cases():
    for name, shape in SHAPES.items():
        for pieces in (1, 13):
            for kind, factors in KINDS.items():
                if kind in ("chunked", "types") and (pieces == 1 or name == "line"):
                    continue
                if "chunk" in factors:
                    factors = {**factors, "chunk": [2] + [1] * (len(shape) - 1)}
                yield {
                    "name": f"{name}/{pieces}/{kind}",
                    "shape": shape,
                    "pieces": pieces,
                    "dtype": "f32",
                    **factors,
                    "sweep": {"pieces_as": ["single", "union", "packed"]},
                }
            for number, store in enumerate(RAW):
                if store.get("files") != "per_rank":
                    yield {"name": f"{name}/{pieces}/raw{number}", **store, "shape": shape, "pieces": pieces}


def shape_of(row):
    return [int(n) for n in row["shape"].split("x")]


def read_division(run, row):
    """[rank][piece] of (start, count), from the file that says it; every row is there exactly once."""
    rows, pieces = shape_of(row)[0], int(row["pieces_count"])
    with h5py.File(first_files(run, row)[0], "r") as file:
        same(sorted(file), ["data", "index"], f"objects in the file of {row['case']}")
        index = file["index"][()].astype(int).reshape(run.ranks, pieces, 2)
    owned = numpy.zeros(rows, int)
    for start, count in index.reshape(-1, 2):
        owned[start : start + count] += 1
    same(owned.tolist(), [1] * rows, f"owners of the rows of {row['case']} with {run.ranks} ranks")
    if rows >= pieces * run.ranks:
        check(index[:, :, 1].min() > 0, f"an empty piece in {row['case']}")
    return index


def merged(runs):
    """How many runs are left when neighbours are put together, of those that hold something."""
    runs = [r for r in runs if r[1] > 0]
    return len(runs) - sum(a[0] + a[1] == b[0] for a, b in zip(runs, runs[1:]))


def contents(run, row, index):
    if row["store"] != "hdf5":
        return read_raw(run, row)
    with h5py.File(first_files(run, row)[0], "r") as file:
        data = file["data"][()]
    if row["pieces_as"] != "packed":
        return data
    whole = numpy.zeros_like(data)
    place = 0
    for start, count in index.reshape(-1, 2):
        whole[start : start + count] = data[place : place + count]
        place += count
    return whole


def expected_calls(run, row, index):
    if row["pieces_as"] == "single":
        return run.ranks * int(row["pieces_count"])
    if row["pieces_as"] == "union":
        return run.ranks
    owners = run.ranks if row["mode"] == "collective" else sum(index[:, :, 1].sum(axis=1) > 0)
    return run.ranks + owners


def check_case(run, row, index):
    name, shape = f"{row['case']} with {run.ranks} ranks", shape_of(row)
    chunk = [int(n) for n in row["chunk"].split("x")] if row["chunk"] else [1] * len(shape)
    allocated = math.prod(-(-n // c) * c for n, c in zip(shape, chunk))
    for operation in ("write", "read"):
        found = run.of(operation)[row["case"]]
        same(int(found["payload_bytes"]), math.prod(shape) * SIZES[row["dtype"]], f"payload of {name}")
        same(int(found["calls_count"]), expected_calls(run, row, index), f"calls of {operation}, {name}")
        same(int(found["stored_bytes"]), allocated * SIZES[file_type(row)], f"stored bytes of {name}")
    expected = ramp(shape, row["dtype"], file_type(row)).astype(numpy_type(file_type(row), row["byte_order"]))
    equal(contents(run, row, index), expected, name)


def check_all(ranks, where):
    run = Run(
        {"seed": 3, "defaults": {"data": "ramp", "workload": "pieces"}, "cases": list(cases())},
        ranks,
        where,
        keep=True,
    )
    expect_skipped(run, {})
    rows = run.of("write")
    for name, row in rows.items():
        packed = "/".join(name.split("/")[:2]) + "/plain/pieces_as=packed"
        check_case(run, row, read_division(run, rows[packed]))
    print(f"{ranks} ranks: {len(rows)} cases of pieces are right")


def check_requests(where):
    """Collective: a call for each piece or one for all. Independent: a request for each run that is left of the union."""
    suite = [{"name": "m", "shape": [5000], "pieces": 50}]
    suite[0]["sweep"] = {"mode": ["collective", "independent"], "pieces_as": ["single", "union", "packed"]}
    for ranks in (1, 2, 3, 4):
        run = Run({"defaults": {"workload": "pieces"}, "cases": suite}, ranks, where, keep=True)
        index = read_division(run, run.of("write")["m/mode=collective/pieces_as=packed"])
        pieces = {"single": 50 * ranks, "union": ranks, "packed": 2 * ranks}
        runs = {**pieces, "union": sum(merged(own.tolist()) for own in index)}
        check(ranks == 1 or runs["union"] > 20 * ranks, f"{runs['union']} runs with {ranks} ranks")
        for operation in ("write", "read"):
            rows = {(r["mode"], r["pieces_as"]): r for r in run.of(operation).values()}
            coll = {k: int(r[f"mpiio_{operation}_coll_count"]) for k, r in rows.items()}
            indep = {k: int(r[f"mpiio_{operation}_indep_count"]) for k, r in rows.items()}
            for way in pieces:
                what = f"{operation}, {way}, {ranks} ranks"
                same(coll["collective", way], pieces[way], f"collective calls, {what}")
                same(coll["independent", way], 0, f"collective calls, {what}")
                # what is left besides is the same metadata in both
                same(
                    indep["independent", way] - indep["collective", way],
                    runs[way],
                    f"independent requests, {what}",
                )
    print("requests are counted")


def check_bytes(where):
    """Without HDF5: the kernel was asked for each piece once, and for nothing else."""
    suite = [{"name": "a", "driver": "posix", "shape": [5000], "pieces": 50, "dtype": "f32"}]
    for ranks in (1, 3):
        run = Run({"defaults": {"workload": "pieces"}, "cases": suite}, ranks, where)
        for operation in ("write", "read"):
            row = run.of(operation)["a"]
            same(int(row[f"os_{operation}_bytes"]), 20000, f"bytes of {operation}")
            same(int(row[f"os_{operation}_count"]), 50 * ranks, f"requests of {operation}")


def check_bounded(where):
    """Single pieces up to max_ops; the other ways make few calls."""
    suite = [{"name": "cut", "shape": [500], "pieces": 20, "max_ops": 3}]
    suite[0]["sweep"] = {"pieces_as": ["single", "union", "packed"]}
    run = Run({"defaults": {"workload": "pieces"}, "cases": suite}, 3, where, keep=True)
    index = read_division(run, run.of("write")["cut/pieces_as=packed"])
    for operation in ("write", "read"):
        for name, row in run.of(operation).items():
            bounded = name.endswith("single")
            rows = int(index[:, :3, 1].sum()) if bounded else 500
            same(int(row["payload_bytes"]), 8 * rows, f"payload of {operation}, {name}")
            same("bounded" in row["quality"].split(";"), bounded, f"bounded, {operation}, {name}")


def check_shifted(where):
    """A rank reads the pieces of the next one."""
    suite = [{"name": "s", "shape": [500], "pieces": 20, "read_shift": 1, "cache": "warm"}]
    suite[0]["sweep"] = {"pieces_as": ["single", "union", "packed"], "mode": ["collective", "independent"]}
    run = Run({"defaults": {"workload": "pieces"}, "cases": suite}, 3, where)
    same({row["read_shift"] for row in run.of("read").values()}, {"1"}, "shift of the readers")


def check_refused(where):
    own = [s for s in [*DRIVERS, *RAW, {"driver": "core"}, {"driver": "memory"}] if s["driver"] != "mpio"]
    own = [s for s in own if s["driver"] not in ("mpiio", "posix") or s.get("files") == "per_rank"]
    suite = [{"name": f"own{i}", **store} for i, store in enumerate(own)]
    suite += [
        {"name": f"raw{i}", "driver": d, "pieces_as": "union"} for i, d in enumerate(("mpiio", "posix"))
    ]
    suite += [{"name": "dealt", "decomposition": "interleaved"}]
    run = Run({"defaults": {"workload": "pieces", "shape": [100], "pieces": 5}, "cases": suite}, 2, where)
    words = {"own": "a file that all ranks share", "raw": "no union of selections", "dea": "must be slab"}
    expect_skipped(run, {case["name"]: [words[case["name"][:3]]] for case in suite})


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(ranks, where)
        check_requests(where)
        check_bytes(where)
        check_bounded(where)
        check_shifted(where)
        check_refused(where)


if __name__ == "__main__":
    main()
