"""Run a suite under the launcher and read what came out. Every run that goes through here has its table checked for form."""

import contextlib
import csv
import functools
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

H5ROOF = os.environ["H5ROOF"]
MPIRUN = os.environ["MPIRUN"]
SANITIZED = bool(os.environ.get("H5ROOF_SANITIZE"))  # everything takes several times as long
ONCE = {"warmup": 0, "min": 1, "max": 1}


def fail(text):
    sys.exit(f"FAILED: {text}")


def skip(reason):
    """This cannot be tested here."""
    print(f"skipped: {reason}")
    sys.exit(77)


def check(condition, text):
    if not condition:
        fail(text)


def same(found, expected, what):
    if found != expected:
        fail(f"{what}: expected {expected!r}, found {found!r}")


@contextlib.contextmanager
def directory():
    path = tempfile.mkdtemp(prefix="h5roof-test-")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def complaints(stderr):
    return "\n".join(line for line in stderr.splitlines() if not line.startswith(("skipped ", "[")))


def launch(command, env):
    """Run to the end; what hangs is ended in a way in which the launcher takes its ranks along."""
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            stdout, stderr = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.terminate()
            stdout, stderr = process.communicate()
            fail(f"{' '.join(command)} hangs:\n{complaints(stderr)}")
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def end_of(command, env):
    """Exit code and what was said. Where ranks end with an error Open MPI's launcher was seen to stay, with nobody left: then
    once more."""
    for _ in range(3):
        with subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                said, _ = process.communicate(timeout=60)
                return process.returncode, said
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(command[-1], ignore_errors=True)
    return fail(f"{' '.join(command)} hangs")


def corrupted(where, case, fault, ranks=2):
    """One case on storage that lies (tests/fault/shim_corrupt.c): its exit code, what was said, and the table."""
    place = tempfile.mkdtemp(prefix="fault-", dir=where)
    logs, scratch, out = (os.path.join(place, name) for name in ("logs", "scratch", "out"))
    os.makedirs(os.path.join(logs, "old"))
    os.mkdir(scratch)
    suite = os.path.join(place, "fault.yaml")
    with open(suite, "w", encoding="utf-8") as file:
        defaults = {"shape": [16, 1024], "data": "random"}
        json.dump(
            {"suite": "fault", "repeat": ONCE, "case_timeout": "20s", "defaults": defaults, "cases": [case]},
            file,
        )
    env = {
        **os.environ,
        "CORRUPT_LEAST": "3000",
        "CORRUPT_PATH": r"/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$",
        "CORRUPT_DIR": logs,
        "LD_PRELOAD": os.path.join(os.environ["H5ROOF_BUILD"], "tests", "shim_corrupt.so"),
        **{"CORRUPT_" + name: value for name, value in fault.items()},
    }
    command = [
        MPIRUN,
        "-n",
        str(ranks),
        H5ROOF,
        "run",
        suite,
        "--scratch",
        scratch,
        "--roofs",
        "none",
        "--out",
        out,
    ]
    code, said = end_of(command, env)
    path = os.path.join(out, "results.csv")
    table = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    return code, said, table


class Run:
    """A finished run: rows (a list of dictionaries), env, plan, and with keep the directory of the data files."""

    def __init__(self, suite, ranks, where, keep=False, options=(), env=None, launcher=(), scratch=None):
        self.ranks = ranks
        self.out = tempfile.mkdtemp(prefix="out-", dir=where)
        os.rmdir(self.out)
        scratch = tempfile.mkdtemp(prefix="h5roof-test-", dir=scratch or where)
        path = os.path.join(where, "suite.yaml")
        if isinstance(suite, dict):
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"suite": "test", "repeat": ONCE, **suite}, file)
        else:
            path = suite
        command = [
            MPIRUN,
            *launcher,
            "-n",
            str(ranks),
            H5ROOF,
            "run",
            path,
            "--scratch",
            scratch,
            "--out",
            self.out,
        ]
        command += ["--keep"] if keep else []
        done = launch(command + list(options), {**os.environ, **(env or {})})
        check(
            done.returncode == 0,
            f"{ranks} ranks: exit code {done.returncode}\n{done.stdout}\n{complaints(done.stderr)}",
        )
        self.stdout, self.stderr = done.stdout, done.stderr
        said = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
        self.data = said.get("data")
        same(said.get("results"), self.out, "the directory on stdout")
        with open(os.path.join(self.out, "env.json"), encoding="utf-8") as file:
            self.env = json.load(file)
        self.hdf5 = tuple(int(part) for part in self.env["hdf5"]["version"].split("."))
        self.table = os.path.join(self.out, "results.csv")
        with open(self.table, newline="", encoding="utf-8") as file:
            self.header, *lines = list(csv.reader(file, strict=True))
        for line in lines:
            same(len(line), len(self.header), f"cells in {line[:6]}")
        self.rows = [dict(zip(self.header, line)) for line in lines]
        for row in self.rows:
            check_row(row)
        if not keep:
            same(os.listdir(scratch), [], "left in the scratch directory")
            os.rmdir(scratch)

    def skipped(self):
        return {row["case"]: row["reason"] for row in self.rows if row["status"] == "skipped"}

    def of(self, operation):
        """The last row of every case that ran, by the name of the case."""
        return {row["case"]: row for row in self.rows if row["operation"] == operation}

    def files(self, row, suffix):
        """Names of the files of a case: the shared one, or one of every rank that owns something."""
        start = row["case_id"] + "."
        return sorted(
            os.path.join(self.data, name)
            for name in os.listdir(self.data)
            if name.startswith(start) and name.endswith(suffix)
        )


def close(found, expected):
    return math.isclose(float(found), expected, rel_tol=1e-6, abs_tol=1e-12)


def is_volatile(row):
    return row["driver"] == "memory" or (row["driver"] == "core" and row["core_backing"] == "false")


@functools.cache
def operations():
    """What the program says of its operations: by workload and name."""
    text = subprocess.run(
        [H5ROOF, "list", "operations", "--format", "json"], check=True, capture_output=True, text=True
    ).stdout
    return {(o["workload"], o["operation"]): o for o in json.loads(text)["operations"]}


def phases_of(row):
    """The phases that a row must have. A case in which a phase happens is a factor and its value."""
    store = "volatile" if is_volatile(row) else "lasting"
    return [
        phase["phase"]
        for phase in operations()[row["workload"], row["operation"]]["phases"]
        if store in phase["stores"]
        and (
            not phase["cases"] or any(row[f] == v for f, v in (case.split(" ", 1) for case in phase["cases"]))
        )
    ]


def check_skipped(row):
    check(row["reason"] and not row["operation"], f"a skipped row without a reason: {row['case']}")
    filled = [name for name in row if name.endswith(("_s", "_mibps", "_frac")) and row[name]]
    same(filled, [], f"measured in the skipped case {row['case']}")


def check_row(row):
    """What holds in every row: numbers are numbers, sums are sums."""
    for name, cell in row.items():
        if name.endswith(("_s", "_mibps", "_frac")) and cell:
            check(math.isfinite(float(cell)) and float(cell) >= 0, f"{name} is {cell} in {row['case']}")
        if name.endswith(("_bytes", "_count", "_rank")) and cell:
            check(cell.isdecimal(), f"{name} is {cell} in {row['case']}")
        check(name == "fill_value" or cell.lower() not in ("nan", "-nan", "inf", "-inf"), f"{name} is {cell}")
    if row["status"] == "skipped":
        check_skipped(row)
        return
    same((row["status"], row["reason"]), ("ok", ""), f"status of {row['case']}")
    happened = [n.removesuffix("_wall_s") for n in row if n.endswith("_wall_s") and row[n]]
    same(sorted(happened), sorted(phases_of(row)), f"phases of {row['operation']} in {row['case']}")
    durable = sum(float(row[p + "_max_s"]) for p in happened)
    check(
        close(row["durable_s"], durable),
        f"durable_s {row['durable_s']} is not the sum of its phases, {durable}",
    )
    mib = int(row["payload_bytes"]) / 2**20
    if mib > 0:
        check(
            close(row["durable_mibps"], mib / durable),
            f"durable_mibps {row['durable_mibps']} of {row['case']}",
        )
    moving = {"writes": ["write"], "reads": ["read"]}.get(row["direction"], ["read", "write"])
    transfer = sum(float(row[phase + "_max_s"]) for phase in moving if phase in happened)
    if mib > 0 and transfer > 0:
        check(
            close(row["transfer_mibps"], mib / transfer),
            f"transfer_mibps {row['transfer_mibps']} of {row['case']}",
        )
    if row["objects_count"]:
        rate = int(row["objects_count"]) / durable
        check(close(row["objects_per_s"], rate), f"objects_per_s of {row['case']}")
    for phase in happened:
        low, middle, high = (float(row[f"{phase}_{part}_s"]) for part in ("min", "med", "max"))
        check(
            low <= middle * 1.0000001 and middle <= high * 1.0000001,
            f"{phase} of {row['case']}: {low} {middle} {high}",
        )
        check(
            int(row[phase + "_slowest_rank"]) < int(row["ranks"]), f"slowest rank of {phase} in {row['case']}"
        )
    if row["efficiency_frac"]:
        check(close(row["efficiency_frac"], float(row["roof_s"]) / durable), f"efficiency of {row['case']}")


def notes_of(out):
    """(case, operation) -> the names of its notes, as `show` gives them to programs."""
    shown = launch([H5ROOF, "show", out, "--format", "json"], os.environ)
    same(shown.returncode, 0, "exit code of show")
    results = json.loads(shown.stdout)["results"]
    return {(r["case"], r["operation"]): [n["name"] for n in r["notes"]] for r in results}


def expect_skipped(run, expected):
    """expected: case -> words, one of which the reason must contain. Exactly these cases are skipped."""
    found = run.skipped()
    same(sorted(set(found) - set(expected)), [], f"skipped with {run.ranks} ranks and could run")
    same(sorted(set(expected) - set(found)), [], f"forbidden with {run.ranks} ranks and ran")
    for case, reason in found.items():
        check(
            any(words in reason for words in expected[case]),
            f"{case}: {reason!r} is none of {expected[case]}",
        )
