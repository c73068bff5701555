"""Decompositions, shapes that do not divide by the ranks, ranks that own nothing, every access: verified, and the calls counted again."""

import itertools
import math

from geometry import SIZES, traffic
from h5run import SANITIZED, Run, check, directory, expect_skipped, same

SHAPES = [[7], [7, 5], [2, 5], [3, 4, 5], [2, 3, 4, 3], [2, 2, 3, 2, 3], [3, 2, 2, 1, 3, 2]]
DECOMPOSITIONS = ["slab", "block", "interleaved"]
# A byte size below an element, one that does not divide a row, one that does not divide by the element, more than all.
ACCESSES = ["element", "row", "plane", "whole", "3B", "24B", "52B", "1MiB"]
STORES = {
    "collective": {"driver": "mpio"},
    "independent": {"driver": "mpio", "mode": "independent"},
    "collective-chunked": {"driver": "mpio", "layout": "chunked"},
    "independent-chunked": {"driver": "mpio", "mode": "independent", "layout": "chunked"},
    "filtered": {"driver": "mpio", "layout": "chunked", "filter": "deflate:1"},
    "mpiio": {"driver": "mpiio"},
    "mpiio-independent": {"driver": "mpiio", "mode": "independent"},
    "posix": {"driver": "posix"},
    "sec2": {"driver": "sec2"},
    "memory": {"driver": "memory"},
}
# All accesses where each kind of store is seen once; these elsewhere.
FEW = ["element", "whole", "52B"]
THOROUGH = ("collective", "mpiio", "posix")
BYTES = {"3B": 3, "24B": 24, "52B": 52, "1MiB": 2**20}


def is_collective(factors):
    return factors["driver"] in ("mpio", "mpiio") and factors.get("mode") != "independent"


def patterns(shapes, stores, thorough=()):
    for (name, store), shape, decomposition in itertools.product(stores.items(), shapes, DECOMPOSITIONS):
        case = {
            "name": f"{name}/{'x'.join(map(str, shape))}/{decomposition}",
            **store,
            "shape": shape,
            "decomposition": decomposition,
            "sweep": {"access": ACCESSES if name in thorough else FEW},
        }
        if store.get("layout") == "chunked":
            case["chunk"] = [min(2, n) for n in shape]
        yield case


def check_calls(run, case, access, max_ops=0):
    name = f"{case['name']}/access={access}"
    size = SIZES[case.get("dtype", "f64")]
    amount = f"{BYTES[access]}B" if access in BYTES else access
    everything = math.prod(case["shape"])
    calls, pieces, elements = traffic(
        case["shape"], case["decomposition"], run.ranks, amount, size, is_collective(case), max_ops
    )
    for operation in ("write", "read"):
        row = run.of(operation).get(name)
        check(row, f"{name} did not run with {run.ranks} ranks")
        what = f"{operation} of {name} with {run.ranks} ranks"
        same(int(row["calls_count"]), calls, f"calls, {what}")
        same(int(row["total_calls_count"]), pieces, f"pieces, {what}")
        same(int(row["payload_bytes"]), elements * size, f"payload, {what}")
        same("bounded" in row["quality"].split(";"), elements < everything, f"bounded, {what}")


def unbounded(ranks, where):
    shapes = SHAPES if ranks == 4 else SHAPES[ranks::2]
    cases = list(patterns(shapes, STORES, THOROUGH if ranks == 4 and not SANITIZED else ()))
    run = Run({"defaults": {"data": "ramp"}, "cases": cases}, ranks, where)
    expect_skipped(run, {})
    for case in cases:
        for access in case["sweep"]["access"]:
            check_calls(run, case, access)
    print(f"{ranks} ranks: {len(run.of('write'))} patterns are right")


def bounded(ranks, where):
    """The same number of collective calls on every rank, also on those whose share is smaller or empty."""
    stores = {name: STORES[name] for name in ("collective", "independent", "mpiio", "posix", "sec2")}
    for max_ops in (1, 5):
        cases = [{**case, "max_ops": max_ops} for case in patterns([[7, 5], [2, 5], [3, 4, 5]], stores)]
        run = Run({"defaults": {"data": "random"}, "cases": cases}, ranks, where)
        expect_skipped(run, {})
        for case, access in itertools.product(cases, FEW):
            check_calls(run, case, access, max_ops)
        for name, row in run.of("write").items():
            if row["mode"] == "collective" and row["driver"] in ("mpio", "mpiio"):
                same(int(row["calls_count"]) % ranks, 0, f"calls of {name}")
                check(int(row["calls_count"]) <= max_ops * ranks, f"{name} makes {row['calls_count']} calls")


def main():
    with directory() as where:
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            unbounded(ranks, where)
        bounded(3, where)


if __name__ == "__main__":
    main()
