#!/usr/bin/env python3
"""results.csv, env.json and plan.yaml: their form, the order of the blocks, and that a plan can be run again."""

import json
import os
import re
import subprocess

from h5run import H5ROOF, Run, check, directory, same

CASES = {
    "defaults": {"shape": [8, 6]},
    "cases": [
        {"name": "a", "sweep": {"driver": ["mpio", "sec2", "memory"], "access": ["row", "whole"]}},
        {"name": "b", "driver": "posix", "sweep": {"decomposition": ["slab", "block"]}},
        {"name": "c", "filter": "shuffle", "mode": "independent", "layout": "chunked", "chunk": [2, 3]},
        {"name": "hinted", "sweep": {"hints": [{"cb_nodes": 1, "note": 'a "quoted", long one'}]}},
    ],
}
REPEAT = {"warmup": 1, "min": 4, "max": 4}


def listed_columns():
    out = subprocess.run([H5ROOF, "list", "columns"], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in out.splitlines() if line[:1].isalpha()]


def records(text):
    """RFC 4180 read by a grammar of a few lines, so that the parser of the standard library is not trusted alone."""
    field = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)')
    rows, row, at = [], [], 0
    while at < len(text):
        match = field.match(text, at)
        check(match, f"not RFC 4180: {text[at:at + 60]!r}")
        row.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        at = match.end()
        if match[3] != ",":
            rows.append(row)
            row = []
    same(row, [], "the last line is not ended")
    return rows


def blocks_of(run):
    """Block -> names of the cases in the order in which they ran."""
    blocks = {}
    ran = [row for row in run.rows if row["status"] != "skipped"]
    for write, read in zip(ran[::2], ran[1::2]):
        same((write["operation"], read["operation"]), ("write", "read"), "operations of a repetition")
        for column in ("case", "block", "repetition", "warmup", "stop"):
            same(write[column], read[column], f"{column} of the two rows of a repetition")
        blocks.setdefault(int(write["block"]), []).append(write)
    return blocks


def check_blocks(run):
    blocks = blocks_of(run)
    same(sorted(blocks), list(range(REPEAT["warmup"] + REPEAT["max"])), "blocks")
    same(list(blocks), sorted(blocks), "order of the blocks")
    orders = []
    for number, rows in blocks.items():
        orders.append([row["case"] for row in rows])
        same(sorted(orders[-1]), sorted(orders[0]), f"cases of block {number}")
        same(len(set(orders[-1])), len(orders[-1]), f"different cases in block {number}")
        for row in rows:
            warmup = number < REPEAT["warmup"]
            same(row["warmup"], "true" if warmup else "false", f"warm-up in block {number}")
            same(
                int(row["repetition"]),
                number if warmup else number - REPEAT["warmup"],
                f"repetition in block {number}",
            )
            same(bool(row["stop"]), number == max(blocks), f"stop in block {number}")
            check(row["stop"] in ("", "max", "ci"), f"stop is {row['stop']}")
    check(len(set(map(tuple, orders))) == len(orders), f"two blocks have the same order: {orders}")
    times = [row["time_utc"] for rows in blocks.values() for row in rows]
    same(times, sorted(times), "times of the rows")
    return orders


def check_form(run):
    same(run.header, listed_columns(), "header of results.csv and `list columns`")
    with open(run.table, newline="", encoding="utf-8") as file:
        found = records(file.read())
    same(
        [dict(zip(found[0], row)) for row in found[1:]],
        run.rows,
        "the table, read by the grammar of RFC 4180",
    )
    for row in run.rows:
        same(row["schema"], "1", "schema")
        same((row["suite"], row["ranks"]), ("test", str(run.ranks)), "suite and ranks")
        same(row["run_id"], run.env["run_id"], "run_id in table and env.json")
    quoted = [row["hints"] for row in run.rows if row["case"].startswith("hinted")]
    check(quoted and 'a "quoted", long one' in quoted[0], f"hints came back as {quoted[:1]}")
    same(sorted({row["case"] for row in run.rows if row["status"] == "skipped"}), ["c"], "skipped")
    same(sorted(os.listdir(run.out)), ["env.json", "plan.yaml", "results.csv"], "files of the results")


def check_env(run):
    with open(os.path.join(run.out, "env.json"), encoding="utf-8") as file:
        env = json.load(file, parse_constant=lambda word: check(False, f"{word} in env.json"))
    for key in ("h5roof", "hdf5", "mpi", "libraries", "filesystems", "command_line", "start_utc"):
        check(env.get(key), f"env.json lacks {key}")
    check("--scratch" in env["command_line"], "the command line in env.json")
    lacks = [
        key
        for key in (
            "governor",
            "clock_source",
            "memory_limit_bytes",
            "cpu_limit_count",
            "io_limit",
            "kernel",
            "topology",
        )
        if key not in env["nodes"][0]
    ]
    same(lacks, [], "not said of a node in env.json")
    same(len(env["ranks"]), run.ranks, "bindings in env.json")
    if env["hdf5"]["settings"]:  # not every library holds them
        version = [line for line in env["hdf5"]["settings"] if line.startswith("HDF5 Version: ")]
        same(version[:1], ["HDF5 Version: " + env["hdf5"]["version"]], "the version in HDF5's own settings")


def check_again(where):
    """Whatever was changed by options is in plan.yaml, so that it needs none of them."""
    suite = {**CASES, "seed": 5, "repeat": REPEAT, "skip": [{"driver": "sec2", "access": "row"}]}
    options = [
        "--set",
        "seed=9",
        "--set",
        "repeat.max=5",
        "--set",
        "verify=false",
        "--set",
        "cache=cold",
        "--set",
        "dtype=i16",
        "--set",
        "shape=[6, 4]",
        "--only",
        "[ab]/*",
    ]
    first = Run(suite, 2, where, options=options)
    again = Run(os.path.join(first.out, "plan.yaml"), 2, where)
    same(identities(again), identities(first), "cases of plan.yaml after --set and --only")
    same(len(identities(first)), 7, "cases that --only leaves")
    check(
        all(row["cache"] == "cold" and row["dtype"] == "i16" and row["seed"] == "9" for row in again.rows),
        "what was set",
    )
    check(all("unverified" in row["quality"] for row in again.rows if row["status"] == "ok"), "verify: false")
    for run in (first, again):
        run.plan = open(os.path.join(run.out, "plan.yaml"), encoding="utf-8").read()
    same(again.plan, first.plan, "the plan of the plan after --set and --only")
    check("max: 5" in first.plan, "repeat.max in plan.yaml")
    first_blocks, again_blocks = blocks_of(first), blocks_of(again)
    for block in range(REPEAT["warmup"] + REPEAT["min"]):  # until then every case runs
        same(
            [row["case"] for row in again_blocks[block]],
            [row["case"] for row in first_blocks[block]],
            f"order of block {block}",
        )


def identities(run):
    return sorted({(int(row["case_number"]), row["case"], row["case_id"]) for row in run.rows})


def main():
    with directory() as where:
        suite = {**CASES, "seed": 5, "repeat": REPEAT}
        first = Run(suite, 2, where)
        check_form(first)
        check_env(first)
        orders = check_blocks(first)
        same(check_blocks(Run(suite, 2, where)), orders, "the order of the blocks with the same seed")
        check(
            check_blocks(Run({**suite, "seed": 6}, 2, where)) != orders, "another seed gives the same order"
        )
        again = Run(os.path.join(first.out, "plan.yaml"), 2, where)
        same(identities(again), identities(first), "cases of plan.yaml, run again")
        same(check_blocks(again), orders, "the order of the blocks of plan.yaml, run again")
        with open(os.path.join(first.out, "plan.yaml"), encoding="utf-8") as one:
            with open(os.path.join(again.out, "plan.yaml"), encoding="utf-8") as two:
                same(two.read(), one.read(), "the plan of the plan")
        check_again(where)


if __name__ == "__main__":
    main()
