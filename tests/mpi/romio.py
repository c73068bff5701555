#!/usr/bin/env python3
# needs: numpy
"""The other MPI-IO of Open MPI, 2 ranks: the same cases, the same counts."""

from counters import check_counters
from h5run import SANITIZED, Run, directory, expect_skipped, same, skip
from matrix import layouts_and_filters, run_all
from patterns import STORES, check_calls, patterns

ROMIO = {"OMPI_MCA_io": "romio321"}


def main():
    with directory() as where:
        probe = Run({"cases": [{"name": "probe", "shape": [8, 8]}]}, 2, where, env=ROMIO)
        if not probe.env["mpi"]["library"].startswith("Open MPI"):
            skip("only Open MPI has two MPI-IO components")
        same(probe.env["mpi"]["io_component"], "romio321", "MPI-IO component in env.json")
        if SANITIZED:
            check_counters(2, where, env=ROMIO)
            return
        shared = [
            case for case in layouts_and_filters(["native", "big"]) if case["driver"] in ("mpio", "mpiio")
        ]
        run_all(shared, 2, where, "random", env=ROMIO)
        cases = list(
            patterns(
                [[7, 5], [3, 4, 5]],
                {name: STORES[name] for name in ("collective", "independent", "mpiio", "filtered")},
            )
        )
        run = Run({"defaults": {"data": "ramp"}, "cases": cases}, 2, where, env=ROMIO)
        expect_skipped(run, {})
        for case in cases:
            for access in case["sweep"]["access"]:
                check_calls(run, case, access)
        check_counters(2, where, env=ROMIO)


if __name__ == "__main__":
    main()
