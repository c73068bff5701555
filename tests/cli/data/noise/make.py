#!/usr/bin/env python3
"""Writes one/ and two/ beside this script: equal runs on a machine so busy that no comparison of them can tell a thing.

The times are random with a fixed seed, log-normal with a spread of 90 %; medians of equal cases are 2 to 103 % apart.
"""
import csv
import json
import math
import pathlib
import random

HERE = pathlib.Path(__file__).parent
COLUMNS = """schema run_id suite case_id case case_number block repetition warmup operation status quality reason ranks
durable_s durable_mibps payload_bytes seed""".split()
CASES = ("contiguous", "chunked", "chunked/filter=deflate:1", "driver=sec2", "driver=core")


def write_run(name, run_id, rng):
    directory = HERE / name
    directory.mkdir(exist_ok=True)
    with open(directory / "results.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for number, case in enumerate(CASES):
            for operation in ("write", "read"):
                for i in range(7):
                    durable = 0.1 * math.exp(rng.gauss(0, 0.9))
                    writer.writerow(
                        {
                            "schema": 1,
                            "run_id": run_id,
                            "suite": "busy",
                            "case_id": f"{number:016x}",
                            "case": case,
                            "case_number": number,
                            "block": i + 1,
                            "repetition": i,
                            "warmup": "false",
                            "operation": operation,
                            "status": "ok",
                            "ranks": 2,
                            "durable_s": f"{durable:.9f}",
                            "durable_mibps": f"{1 / durable:.6f}",
                            "payload_bytes": 1048576,
                            "seed": 7,
                        }
                    )
    environment = {
        "schema": 1,
        "run_id": run_id,
        "suite": "busy",
        "h5roof": {"version": "0.1.0", "git": "same"},
        "hdf5": {"version": "1.10.8"},
        "mpi": {"library": "Open MPI v4.1.4", "io_component": "ompio"},
        "libraries": {"zlib": "1.2.13"},
        "filesystems": {"scratch": {"path": "/scratch", "type": "ext4", "free_bytes": 1000000000}},
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
    RNG = random.Random(4)
    write_run("one", "20260104T000000Z-dddd", RNG)
    write_run("two", "20260105T000000Z-eeee", RNG)
