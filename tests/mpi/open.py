#!/usr/bin/env python3
# needs: numpy h5py
"""What every mode opens, refuses, keeps and truncates, with every driver; locks, and without them; both MPI-IO components."""

import h5py

from h5run import SANITIZED, Run, check, directory, expect_skipped, same

MODES = ["r", "r+", "w", "w-", "a"]
DRIVERS = {
    "mpio": {"driver": "mpio"},
    "sec2": {"driver": "sec2"},
    "stdio": {"driver": "stdio"},
    "core": {"driver": "core", "core_backing": True},
    "family": {"driver": "family"},
    "split": {"driver": "split"},
}


def is_opened(operation, mode, locked):
    if operation == "missing":
        return mode not in ("r", "r+")
    return operation == "create" or (mode != "w-" and not (operation == "locked" and locked))


def modes(ranks, where, env=None, opens=1):
    locking = not env or "HDF5_USE_FILE_LOCKING" not in env
    cases = [{"name": name, **DRIVERS[name], "opens": opens, "sweep": {"opening": MODES}} for name in DRIVERS]
    run = Run({"defaults": {"workload": "open"}, "cases": cases}, ranks, where, keep=True, env=env)
    expect_skipped(run, {})
    for operation in ("missing", "create", "existing", "locked"):
        same(len(run.of(operation)), len(DRIVERS) * len(MODES), f"cases of {operation}")
        for name, row in run.of(operation).items():
            shared = row["driver"] == "mpio"
            opened = is_opened(operation, row["opening"], locking and not shared)
            times = opens if operation == "existing" else 1
            expected = str(times * (1 if shared else ranks)) if opened else ""
            same(row["objects_count"], expected, f"opened by {operation} of {name} with {ranks} ranks")
            there = opened or operation != "missing"
            empty = (
                operation == "locked" and row["opening"] == "w"
            )  # some drivers truncate before they refuse
            check(empty or (int(row["file_bytes"]) > 0) == there, f"file_bytes of {operation} of {name}")
            check(
                operation == "create" or row["object_bytes"] == "",
                f"bytes by object of {operation} of {name}",
            )
            if operation == "create":
                check(int(row["object_bytes"]) > 0 and row["roof_store_own_s"], f"bytes by file of {name}")
    for row in run.of("locked").values():
        if row["driver"] in ("mpio", "sec2"):
            files = run.files(row, ".h5")
            same(len(files), 1 if row["driver"] == "mpio" else ranks, f"files of {row['case']}")
            for path in files:
                look(path, row)


def look(path, row):
    """Mode w truncates before it finds out that the file is locked: what was refused is gone, too."""
    if row["opening"] == "w" and not h5py.is_hdf5(path):
        check(row["driver"] != "mpio", f"{path} is no HDF5 file")
        return
    with h5py.File(path, "r") as file:
        expected = {} if row["opening"] == "w" else {"mark": 20250}
        same(
            {key: int(mark) for key, mark in file.attrs.items()},
            expected,
            f"attributes in {path}, {row['case']}",
        )


def refused(where):
    cases = [{"name": "image", "driver": "core"}, {"name": "raw", "driver": "posix"}]
    run = Run({"defaults": {"workload": "open"}, "cases": cases + [{"name": "one"}]}, 2, where)
    expect_skipped(run, {"image": ["needs a file that lasts"], "raw": ["needs HDF5"]})


def main():
    with directory() as where:
        refused(where)
        for ranks in (3,) if SANITIZED else (1, 2, 3, 4):
            modes(ranks, where)
            print(f"{ranks} ranks: all modes right")
        modes(2, where, opens=3)
        modes(2, where, {"HDF5_USE_FILE_LOCKING": "FALSE"})
        modes(2, where, {"OMPI_MCA_io": "romio321"})


if __name__ == "__main__":
    main()
