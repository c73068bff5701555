"""The workload particles: groups and datasets as h5py reads them, calls, objects and requests counted again."""

import math

import numpy

from files import DRIVERS, FOREIGN, RAW, equal, file_type, first_files, is_shared, open_file, owners
from geometry import SIZES, numpy_type, ramp, share, traffic
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

NAMES = ["x", "y", "z", "id1", "id2", "px", "py", "pz", "v8", "v9"]


def cases(ranks):
    """Every driver, in one dimension and in two, with few and many variables; what else a dataset can be on two of them."""
    for number, store in enumerate([*DRIVERS, {"driver": "core"}]):
        yield {
            "name": f"{number}-line",
            **store,
            "shape": [[23], [5], [2]][(number + ranks) % 3],
            "steps": 3,
            "dtype": ["f32", "i32", "f64"][number % 3],
        }
        yield {
            "name": f"{number}-plane",
            **store,
            "shape": [9, 4],
            "steps": 2,
            "variables": [1, 10][number % 2],
            "decomposition": ["block", "interleaved"][number % 2],
            "access": ["row", "element"][number % 2],
        }
    kinds = {
        "chunked": {"layout": "chunked", "chunk": [2]},
        "filtered": {"layout": "chunked", "chunk": [2], "filter": "shuffle+deflate:6"},
        "types": {"dtype": "f64", "file_dtype": "f32", "byte_order": FOREIGN},
        "cold": {"cache": "cold"},
    }
    for kind, factors in kinds.items():
        for driver in ("mpio", "sec2"):
            yield {"name": f"{driver}-{kind}", "driver": driver, "shape": [32], "variables": 4, **factors}
    yield {"name": "shifted", "driver": "sec2", "shape": [17], "read_shift": 1}
    yield {"name": "shifted-shared", "driver": "mpio", "shape": [17], "read_shift": 1}


def shape_of(row):
    return [int(n) for n in row["shape"].split("x")]


def numbers(row):
    return int(row["steps_count"]), int(row["variables_count"])


def contents(run, row):
    """[step, variable, ...] of all files together; every object of every file is looked at."""
    steps, variables = numbers(row)
    shape = shape_of(row)
    whole = numpy.zeros([steps, variables, *shape], numpy_type(file_type(row), row["byte_order"]))
    names = [f"Step#{s}" for s in range(steps)]
    files = first_files(run, row)
    ranks = [None] if is_shared(row) else owners(run, row)
    same(len(files), len(ranks), f"files of {row['case']}")
    for rank, path in zip(ranks, files):
        part = tuple(slice(None) for _ in shape)
        part = part if rank is None else share(shape, row["decomposition"], run.ranks, rank)
        with open_file(row, path) as file:
            same(sorted(file), sorted(names), f"groups of {row['case']}")
            for s, group in enumerate(names):
                same(sorted(file[group]), sorted(NAMES[:variables]), f"datasets of {row['case']}, {group}")
                for v in range(variables):
                    dataset = file[group][NAMES[v]]
                    same(dataset.dtype, whole.dtype, f"type of {row['case']}")
                    whole[(s, v, *part)] = dataset[()]
    return whole


def check_case(run, row):
    name, shape = f"{row['case']} with {run.ranks} ranks", shape_of(row)
    steps, variables = numbers(row)
    datasets, size = steps * variables, SIZES[row["dtype"]]
    collective = row["driver"] == "mpio" and row["mode"] == "collective"
    calls, pieces, elements = traffic(shape, row["decomposition"], run.ranks, row["access"], size, collective)
    for operation in ("write", "read"):
        found = run.of(operation)[row["case"]]
        same(
            (int(found["payload_bytes"]), int(found["calls_count"]), int(found["total_calls_count"])),
            (datasets * elements * size, datasets * calls, datasets * pieces),
            f"traffic, {operation} of {name}",
        )
        files = 1 if row["driver"] == "mpio" else len(owners(run, row))
        same(int(found["objects_count"]), datasets * files, f"objects, {operation} of {name}")
    stored = datasets * math.prod(shape) * SIZES[file_type(row)]
    if row["filter"] == "none":
        check(
            int(row["stored_bytes"]) >= stored, f"stored bytes of {name}: {row['stored_bytes']} of {stored}"
        )
        check(row["layout"] == "chunked" or int(row["stored_bytes"]) == stored, f"stored bytes of {name}")
    check(abs(float(row["ratio_frac"]) - stored / int(row["stored_bytes"])) < 1e-5, f"ratio of {name}")
    if row["driver"] != "core" or row["core_backing"] == "true":
        expected = ramp([steps, variables, *shape], row["dtype"], file_type(row))
        equal(contents(run, row), expected, name)


def check_all(ranks, where):
    run = Run(
        {"defaults": {"data": "ramp", "workload": "particles"}, "cases": list(cases(ranks))},
        ranks,
        where,
        keep=True,
    )
    expect_skipped(run, {name: ["does not fit"] for name in run.skipped() if name.startswith("sec2-")})
    rows = run.of("write")
    check(len(rows) >= 20, f"only {len(rows)} cases ran")
    for row in rows.values():
        check_case(run, row)
    print(f"{ranks} ranks: {len(rows)} cases of particles are right")


def check_requests(where):
    """A transfer of every dataset: collective, or one independent request of each rank."""
    suite = [{"name": "m", "workload": "particles", "shape": [64], "steps": 3, "variables": 5}]
    suite[0]["sweep"] = {"mode": ["collective", "independent"]}
    for ranks in (1, 2, 3, 4):
        run = Run({"cases": suite}, ranks, where)
        for operation in ("write", "read"):
            rows = {r["mode"]: r for r in run.of(operation).values()}
            coll = {m: int(r[f"mpiio_{operation}_coll_count"]) for m, r in rows.items()}
            indep = {m: int(r[f"mpiio_{operation}_indep_count"]) for m, r in rows.items()}
            what = f"{operation} with {ranks} ranks"
            same(coll, {"collective": 15 * ranks, "independent": 0}, f"collective calls, {what}")
            # what is left besides is the same metadata in both
            same(indep["independent"] - indep["collective"], 15 * ranks, f"independent requests, {what}")
    print("requests are counted")


def check_bounded(where):
    suite = [{"name": "cut", "shape": [30], "steps": 2, "variables": 2, "access": "element", "max_ops": 4}]
    for driver in ("mpio", "sec2"):
        run = Run(
            {"defaults": {"data": "ramp", "workload": "particles", "driver": driver}, "cases": suite},
            3,
            where,
        )
        for operation in ("write", "read"):
            row = run.of(operation)["cut"]
            same(int(row["payload_bytes"]), 4 * 3 * 4 * 8, f"payload of {operation}")
            same(int(row["total_calls_count"]), 4 * 30, f"calls without the bound, {operation}")
            check("bounded" in row["quality"].split(";"), f"not bounded: {row['quality']}")


def check_refused(where):
    suite = [
        {"name": f"{i}", **store, "workload": "particles", "shape": [9]}
        for i, store in enumerate([*RAW, {"driver": "memory"}])
    ]
    suite.append({"name": "many", "workload": "particles", "shape": [9], "steps": 1001, "variables": 100})
    suite.append({"name": "deep", "workload": "particles", "shape": [1, 1, 1, 1, 1, 1]})
    run = Run({"cases": suite}, 1, where)
    expected = {case["name"]: ["needs HDF5"] for case in suite}
    expected.update(many=["100100 datasets"], deep=["at most 5 dimensions"])
    expect_skipped(run, expected)


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            check_all(ranks, where)
        check_requests(where)
        check_bounded(where)
        check_refused(where)


if __name__ == "__main__":
    main()
