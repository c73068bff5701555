#!/usr/bin/env python3
"""Writes old/, new/ and again/ beside this script: small tables with everything that compare can say.

The times are random with a fixed seed; what differs between old and new is in the table `CASES`. Only some columns are
there, which is what the table of an older program looks like.
"""
import csv
import json
import pathlib
import random

HERE = pathlib.Path(__file__).parent
COLUMNS = """schema run_id suite case_id case case_number block repetition warmup operation status quality reason ranks
create_max_s write_max_s flush_max_s close_max_s open_max_s read_max_s durable_s durable_mibps payload_bytes calls_count
stored_bytes file_bytes actual_io_mode mpiio_write_coll_count mpiio_write_bytes seed""".split()
PHASES = {
    "write": {"create": 0.1, "write": 0.5, "flush": 0.3, "close": 0.1},
    "read": {"open": 0.1, "read": 0.8, "close": 0.1},
}

# name: what differs from the default, in old and in new
CASES = {
    "plain": ({}, {}),
    "slow-flush": ({}, {"flush": 1.4}),
    "quick": ({}, {"write": 0.7}),
    "noisy": ({"noise": 0.4}, {"noise": 0.4}),
    "few": ({"n": 3}, {"n": 4}),
    "one": ({"n": 1}, {}),
    "bigger": ({}, {"stored_bytes": 1048600, "mpiio_write_coll_count": 12}),
    "unsteady": ({"unsteady": True}, {"unsteady": True, "mpiio_write_bytes": 7}),
    "broken-collective": ({}, {"actual_io_mode": "no_collective"}),
    "lost": ({}, {"skipped": 'needs the filter "deflate", which is not there'}),
    "gone": ({}, None),
    "fresh": (None, {}),
    "timeless": ({}, {"zero": True}),
    "wrong": ({}, {"wrong": 2}),
    "a-name/that=is/longer=than/the=column/of=names": ({}, {}),
    "never": ({"skipped": "the driver is not there"}, {"skipped": "the driver is not there"}),
}


def rows(case, number, what, operation, run_id, rng):
    base = {
        "schema": 1,
        "run_id": run_id,
        "suite": "compared",
        "case": case,
        "case_number": number,
        "warmup": "false",
        "case_id": f"{number:016x}",
        "ranks": 2,
        "seed": 7,
    }
    if "skipped" in what:
        if operation == "write":
            yield {**base, "status": "skipped", "reason": what["skipped"]}
        return
    for i in range(what.get("n", 10)):
        whole = 0.1 * (number + 1) * (1 + what.get("noise", 0.01) * rng.uniform(-1, 1))
        row = {
            **base,
            "block": i + 1,
            "repetition": i,
            "operation": operation,
            "status": "ok",
            "payload_bytes": 1048576,
            "calls_count": 2,
            "stored_bytes": 1048576,
            "file_bytes": 1050624,
            "actual_io_mode": "contiguous_collective",
        }
        if operation == "write":
            row.update(
                {"mpiio_write_coll_count": 2, "mpiio_write_bytes": 1048576 + (i if "unsteady" in what else 0)}
            )
        row.update({key: value for key, value in what.items() if key in COLUMNS and operation == "write"})
        seconds = {phase: whole * part * what.get(phase, 1) for phase, part in PHASES[operation].items()}
        row.update({f"{phase}_max_s": f"{value:.9f}" for phase, value in seconds.items()})
        durable = 0 if "zero" in what else sum(seconds.values())
        row["durable_s"] = f"{durable:.9f}"
        row["durable_mibps"] = f"{1 / durable:.6f}" if durable else ""
        if operation == "read" and i < what.get("wrong", 0):
            row.update({"status": "mismatch", "reason": "rank 1, element [3, 4]: 1.5 expected, 2.5 found"})
        yield row


def write_run(name, run_id, side, rng):
    directory = HERE / name
    directory.mkdir(exist_ok=True)
    with open(directory / "results.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for number, (case, sides) in enumerate(CASES.items()):
            if sides[side] is not None:
                for operation in PHASES:
                    writer.writerows(rows(case, number, sides[side], operation, run_id, rng))
    environment = {
        "schema": 1,
        "run_id": run_id,
        "suite": "compared",
        "h5roof": {"version": "0.1.0", "git": name},
        "hdf5": {"version": "1.10.8"},
        "mpi": {"library": "Open MPI v4.1.4", "io_component": "ompio"},
        "libraries": {"zlib": "1.2.13"},
        "filesystems": {
            "scratch": {"path": f"/scratch/{name}", "type": "ext4", "free_bytes": rng.randrange(10**9)}
        },
        "rank_count": 2,
        "node_count": 1,
        "nodes": [
            {"host": "n1", "kernel": "Linux 6.1", "cpu_model": "Some CPU", "cpus_online": 2, "governor": None}
        ],
    }
    with open(directory / "env.json", "w", encoding="utf-8") as out:
        json.dump(environment, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    RNG = random.Random(2026)
    write_run("old", "20260101T000000Z-aaaa", 0, RNG)
    write_run("new", "20260102T000000Z-bbbb", 1, RNG)
    write_run("again", "20260103T000000Z-cccc", 0, RNG)
