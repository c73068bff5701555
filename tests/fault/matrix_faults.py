#!/usr/bin/env python3
# one of: mpio_ompio mpio-collective-ompio mpio-independent-ompio
# one of: mpio_romio321 mpio-collective-romio321 mpio-independent-romio321
# one of: mpiio_ompio mpiio-collective-ompio mpiio-independent-ompio
# one of: mpiio_romio321 mpiio-collective-romio321 mpiio-independent-romio321
# one of: sec2 sec2 family split
# one of: others stdio core posix
"""matrix_faults.py STORE...: every fault in these stores. Exit code, message, rows, and nothing left in the scratch directory."""

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

LAUNCHER = [os.environ["MPIRUN"], "-n", "2"]
H5ROOF = os.environ["H5ROOF"]
SHIM = os.path.join(os.environ["H5ROOF_BUILD"], "tests", "shim_fault.so")
LIMIT_S = 60

# With this seed `good` has finished before `bad` begins.
SUITE = """\
suite: two
seed: 7
repeat: {{warmup: 0, min: 1, max: 1}}
case_timeout: {limit}
defaults: {{shape: [64, 64], dtype: i32, data: random}}
cases:
  - {{name: good, driver: memory, shape: [32]}}
  - {{name: bad, {factors}}}
"""

# Not the files of the self-test.
HDF5 = r"/[0-9a-f]{4}-[0-9a-f]{16}[^/]*\.h5$"
RAW = r"/[0-9a-f]{4}-[0-9a-f]{16}[^/]*\.bin$"
LARGE = "4096"  # no metadata: every rank owns 8 KiB


def mpi_stores():
    for driver, files in (("mpio", HDF5), ("mpiio", RAW)):
        for mode in ("collective", "independent"):
            for io in ("ompio", "romio321"):
                yield f"{driver}-{mode}-{io}", {
                    "factors": f"driver: {driver}, mode: {mode}",
                    "files": files,
                    "io": io,
                }


STORES = {
    **dict(mpi_stores()),
    "sec2": {"factors": "driver: sec2", "files": HDF5},
    "stdio": {"factors": "driver: stdio", "files": HDF5},
    "core": {
        "factors": "driver: core, core_backing: true",
        "files": HDF5,
        "OFFSET": "4096",
    },  # written as one image
    "family": {"factors": "driver: family, family_member: 4KiB", "files": HDF5},
    "split": {"factors": "driver: split", "files": HDF5},
    "posix": {"factors": "driver: posix", "files": RAW},
}

CASE = r"h5roof: error: rank 1 on \S+: case bad, (its roof: )?"
WRITE = CASE + "write, phase (create|write|flush|close): .*"
HANG = r"h5roof: (error: )?rank [01] on \S+: case bad(, its roof)? hangs: .*; in write, phase "
WRONG = "h5roof: error: the data read back were wrong in 1 repetition; see 'h5roof show "
# HDF5 does not say how much was written.
CUT = r"(moved \d+ of 8192 bytes|H5\w+ failed on )"

# name -> the shim's variables, exit code, message: as they are unless something below says otherwise
FAULTS = {
    "none": ({"CALL": "write", "ACTION": "none", "RANK": "1"}, 0, None),
    "delay": ({"CALL": "write", "ACTION": "delay", "RANK": "1", "DELAY": "500"}, 0, None),
    "EIO-write": ({"CALL": "write", "ACTION": "EIO", "RANK": "1"}, 3, WRITE + "Input/output error"),
    "ENOSPC-write": (
        {"CALL": "write", "ACTION": "ENOSPC", "RANK": "1", "NTH": "2"},
        3,
        WRITE + "No space left on device",
    ),
    "EIO-fsync": (
        {"CALL": "fsync", "ACTION": "EIO", "RANK": "1"},
        3,
        CASE + "write, phase flush: .*Input/output error",
    ),
    "EIO-read": (
        {"CALL": "read", "ACTION": "EIO", "RANK": "1", "LEAST": LARGE},
        3,
        CASE + "read, phase (open|read): .*Input/output error",
    ),
    "EACCES-open": (
        {"CALL": "open", "ACTION": "EACCES", "RANK": "1"},
        3,
        CASE + "write, phase create: .*Permission denied",
    ),
    "short-write": ({"CALL": "write", "ACTION": "short", "RANK": "1", "TIMES": "1", "LEAST": LARGE}, 0, None),
    "short-read": ({"CALL": "read", "ACTION": "short", "RANK": "1", "TIMES": "1", "LEAST": LARGE}, 0, None),
    "zero-write": ({"CALL": "write", "ACTION": "zero", "RANK": "1"}, 3, WRITE),
    "flip-write": ({"CALL": "write", "ACTION": "flip", "LEAST": LARGE}, 1, WRONG),
    "flip-read": ({"CALL": "read", "ACTION": "flip", "LEAST": LARGE}, 1, WRONG),
    "kill": ({"CALL": "write", "ACTION": "kill", "RANK": "1"}, 137, "h5roof: ended by Terminated; "),
}

# Who knows why is the one that speaks.
HANG_1 = HANG.replace("[01]", "1")

# (store, fault) as regular expressions -> exit code, message; None: has no meaning or is as another one. The first one counts.
EXCEPTIONS = [
    # OMPIO never returns when an open fails on one rank: the watchdog ends it.
    (
        "mpio-collective-ompio|mpiio-independent-ompio",
        "EACCES-open",
        3,
        HANG_1 + "create, .*Permission denied",
    ),
    (".*-ompio", "EACCES-open", None, None),
    # HDF5 goes on after metadata that cannot be written, on this rank alone: H5Fflush deadlocks.
    (
        "mpio-collective-ompio|mpio-independent-romio321",
        "ENOSPC-write",
        3,
        HANG_1 + "flush, .*No space left on device",
    ),
    ("mpio-.*", "ENOSPC-write", None, None),
    # OMPIO takes a short transfer for the whole; the counts of MPI tell, but HDF5 fills what it was not given with zeros.
    (".*-ompio", "short-write", 3, WRITE + CUT),
    ("mpio-.*-ompio", "short-read|EIO-read", 1, WRONG),
    ("mpiio-.*-ompio", "short-read", 3, CASE + "read, phase read: .*moved 4096 of 8192 bytes"),
    # A C stream must not write less than it was told, but for errors.
    ("stdio", "short-write", 3, WRITE + CUT),
    # HDF5 and ROMIO go on trying when nothing is written.
    ("mpio-collective-romio321|sec2", "zero-write", 3, HANG + "(create|write)"),
    (".*-romio321|core|family|split", "zero-write", None, None),
    ("posix", "zero-write", 3, WRITE + "the system takes none of 8192 bytes"),
]


def expectation(store, fault):
    for stores, faults, code, message in EXCEPTIONS:
        if re.fullmatch(stores, store) and re.fullmatch(faults, fault):
            return code, message
    return FAULTS[fault][1:]


class Run:
    """One run under the shim: code, what was said by h5roof, the shim's trace, the rows, and what is left."""

    def __init__(self, store, fault, where):
        hangs = "hangs" in (expectation(store, fault)[1] or "")
        kind = STORES[store]
        suite, scratch, trace = (os.path.join(where, name) for name in ("two.yaml", "scratch", "trace"))
        self.out = os.path.join(where, "out")
        os.mkdir(scratch)
        with open(suite, "w", encoding="utf-8") as file:
            file.write(SUITE.format(factors=kind["factors"], limit="2s" if hangs else f"{LIMIT_S}s"))
        shim = {"PATH": kind["files"], "TRACE": trace, "OFFSET": kind.get("OFFSET", "0"), **FAULTS[fault][0]}
        if kind["files"] == RAW:
            shim.pop("NTH", None)  # there is no metadata: the first write is the only one
        env = {
            **os.environ,
            "LD_PRELOAD": SHIM,
            "OMPI_MCA_io": kind.get("io", "ompio"),
            **{"SHIM_" + name: value for name, value in shim.items()},
        }
        command = [
            *LAUNCHER,
            "--timeout",
            str(LIMIT_S),
            H5ROOF,
            "run",
            suite,
            "--scratch",
            scratch,
            "--out",
            self.out,
            "--roofs",
            "none",  # whose turn, before or after the case, is by chance
        ]
        done = subprocess.run(
            command, env=env, cwd=where, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        self.code = done.returncode
        self.said = [
            line
            for line in done.stderr.splitlines()
            if line.startswith("h5roof: ") and not line.startswith("h5roof: warning: ")
        ]
        self.left = os.listdir(scratch)
        self.trace = open(trace, encoding="utf-8").read().splitlines() if os.path.exists(trace) else []
        self.rows = []
        if os.path.exists(os.path.join(self.out, "results.csv")):
            with open(os.path.join(self.out, "results.csv"), newline="", encoding="utf-8") as file:
                self.rows = list(csv.DictReader(file))

    def status(self, case):
        return {row["operation"]: row["status"] for row in self.rows if row["case"] == case}


def what_is_wrong(run, fault, code, message):
    """Yields texts."""
    shim = FAULTS[fault][0]
    if run.code != code:
        yield f"exit code {run.code}, not {code}"
    if len(run.said) != (1 if message else 0) or (message and not re.match(message, run.said[0])):
        yield f"said {run.said}, not {message}"
    if run.left:
        yield f"left behind: {run.left}"
    if not run.trace or ("TIMES" in shim and len(run.trace) != int(shim["TIMES"])):
        yield f"the shim acted {len(run.trace)} times"
    if "RANK" in shim and {line.split()[0] for line in run.trace} - {shim["RANK"]}:
        yield f"the shim acted on other ranks: {run.trace}"
    if run.status("good") != {"write": "ok", "read": "ok"}:
        yield f"the rows of the case before: {run.status('good')}"
    bad = {0: {"write": "ok", "read": "ok"}, 1: {"write": "ok", "read": "mismatch"}}.get(code, {})
    if run.status("bad") != bad:
        yield f"the rows of the case: {run.status('bad')}, not {bad}"
    if shim["ACTION"] == "flip":
        yield from what_is_wrong_with_flip(run)
    shown = subprocess.run([H5ROOF, "show", run.out], capture_output=True, text=True, check=False)
    if shown.returncode != 0 or "\ngood " not in shown.stdout:
        yield f"show: {shown.stdout}{shown.stderr}"


def what_is_wrong_with_flip(run):
    """One byte of the element that is named was inverted."""
    reason = next((row["reason"] for row in run.rows if row["status"] == "mismatch"), "")
    match = re.fullmatch(r"element \[\d+, \d+\] of rank [01]: expected (-?\d+), found (-?\d+)", reason)
    if not match or (int(match[1]) ^ int(match[2])) & 0xFFFFFFFF not in (
        0xFF << shift for shift in (0, 8, 16, 24)
    ):
        yield f"not one byte: {reason}"


def main():
    failures = 0
    for store in sys.argv[1:]:
        for fault in FAULTS:
            code, message = expectation(store, fault)
            if code is None:
                continue
            where = tempfile.mkdtemp(prefix="h5roof-test-")
            run = Run(store, fault, where)
            for text in what_is_wrong(run, fault, code, message):
                print(f"FAILED: {store}, {fault}: {text}", flush=True)
                failures += 1
            shutil.rmtree(where, ignore_errors=True)
        print(f"{store}: done", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
