#!/usr/bin/env python3
"""What is left of a run that dies, or whose storage fails? Runs over all workloads are killed at random moments, or get a
fault at a random call, and are then resumed. No hang, no lost row, no wrong exit code, nothing of anybody else's touched.

    scripts/dev/survive.py                            # 20 of each; some minutes
    scripts/dev/survive.py --kills 1000 --faults 1000 # before a release
    scripts/dev/survive.py --seed 7 --only 143        # that trial again

A trial is one results directory: a process that is killed or meets a fault, and as many resumed ones as it takes. Beside the
scratch directory lies bait (files, links, directories with names like a run's), whose contents are compared after every
process. H5ROOF, MPIRUN and H5ROOF_BUILD name what is tested; without them that is build/release. Exit code 1: something was
found; each finding names its trial.
"""

import argparse
import collections
import csv
import io
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("H5ROOF_BUILD", ROOT / "build/release"))
H5ROOF = os.environ.get("H5ROOF", str(BUILD / "h5roof"))
MPIRUN = os.environ.get("MPIRUN", "mpirun")
SHIM = BUILD / "tests/shim_fault.so"
BAIT_ID = "20260101T000000Z"  # as in tests/fault/bait.sh
SHORT = os.environ.get("H5ROOF_SANITIZE", "") == ""
LIMIT_S = 120  # of one process: what is not over by then hangs
LONGEST_S = 2.5 if SHORT else 8.0  # from the start of a process to its kill

# Every workload, on what it can be run on; small, so that a process is over in two seconds.
CASES = {
    "slab": "workload: slab, shape: [64, 48], sweep: {driver: [mpio, sec2, core, family, posix, mpiio]}",
    "update": "workload: update, shape: [64, 48], sweep: {driver: [mpio, sec2]}",
    "allocate": "workload: allocate, layout: chunked, chunk: [16, 16], shape: [64, 48], sweep: {driver: [mpio, stdio]}",
    "convert": "workload: convert, shape: [64, 48], dtype: f64, file_dtype: f32, sweep: {driver: [mpio, sec2]}",
    "tile": "workload: tile, tile: [16, 16], shape: [64, 64], sweep: {driver: [mpio, split]}",
    "resize": "workload: resize, layout: chunked, chunk: [16, 16], shape: [64, 48], sweep: {driver: [mpio, sec2]}",
    "select": "workload: select, shape: [64, 48], sweep: {driver: [mpio, sec2]}",
    "particles": "workload: particles, shape: [4096], sweep: {driver: [mpio, sec2]}",
    "metadata": "workload: metadata, objects: 50, sweep: {driver: [mpio, sec2]}",
    "pieces": "workload: pieces, shape: [64, 48], driver: mpio",
    "records": "workload: records, shape: [512, 6], sweep: {driver: [mpio, sec2], record: [whole, field, datasets]}",
    "types": "workload: types, shape: [200, 16], dtype: u8, sweep: {driver: [mpio, sec2], element: [string, vlen]}",
    "scales": "workload: metadata, kind: dataset, scales: 2, objects: 20, sweep: {driver: [mpio, sec2]}",
    "open": "workload: open, sweep: {driver: [mpio, sec2]}",
    "filter": "workload: filter, layout: chunked, chunk: [16, 16], filter: 'deflate:1', shape: [64, 48], driver: sec2",
}
SUITE = """suite: survive
seed: {seed}
case_timeout: 20s
repeat: {{warmup: 0, min: 3, max: 3}}
cases:
{cases}
"""

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGXCPU)

# What a call may do, and the exit codes that are right when it did: 0 where it can be survived.
FAULTS = {
    "EIO": ("write read fsync open", {1, 3}),
    "ENOSPC": ("write fsync open", {1, 3}),
    "short": ("write read", {0, 1, 3}),
    "zero": ("read", {0, 1, 3}),
    "delay": ("write read fsync open", {0}),
    "kill": ("write read fsync open", {3, 137, 143}),
}
# Data and roofs in the scratch directory; not the results.
FILES = r"/h5roof-[^/]*/[^/]*$"


class Finding(Exception):
    """Something is wrong; the text says what."""


def check(condition, text):
    if not condition:
        raise Finding(text)


def parse(argv):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="trials with a kill (default: 20)")
    parser.add_argument(
        "--faults", type=int, default=20, metavar="N", help="trials with a fault (default: 20)"
    )
    parser.add_argument("--seed", type=int, help="of everything random (default: by the clock, and printed)")
    parser.add_argument("--only", type=int, metavar="TRIAL", help="nothing but this trial of the seed")
    parser.add_argument("--where", help="directory for scratch and results (default: /dev/shm, else TMPDIR)")
    return parser.parse_args(argv)


# ---- processes


def members(session):
    """The living processes of a session: the launcher and its ranks, which have process groups of their own."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(name))
    return found


def kill_all(process):
    found = members(process.pid)
    while found:
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        found = members(process.pid)
    process.wait()


def contents(path):
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return b""


# ---- bait: what a careless removal would take


def bait(what, directory):
    """bait_make or bait_hash of tests/fault/bait.sh."""
    script = f". {shlex.quote(str(ROOT / 'tests/fault/bait.sh'))}; {what} {shlex.quote(str(directory))}"
    return subprocess.run(["bash", "-euc", script], check=True, capture_output=True).stdout


def others(directory):
    """What lies there and is no bait: left by runs."""
    return sorted(
        p.name for p in directory.iterdir() if not re.match(rf"bait-|h5roof-(mine|{BAIT_ID}-)", p.name)
    )


# ---- a trial


class Trial:
    """One results directory, and the processes that work on it until it is complete."""

    def __init__(self, number, seed, where):
        self.chance = random.Random(f"{seed}/{number}")
        self.where = Path(tempfile.mkdtemp(prefix="survive-", dir=where))
        self.out, self.scratch = self.where / "out", self.where / "scratch"
        self.table, self.said, self.trace = (
            self.out / "results.csv",
            self.where / "said",
            self.where / "trace",
        )
        self.ranks = self.chance.choice((1, 2, 2))
        self.whole = False  # the first process ended with 0: nothing is left to do
        self.scratch.mkdir()
        bait("bait_make", self.scratch)
        self.bait = bait("bait_hash", self.scratch)
        self.names = self.chance.sample(sorted(CASES), 3)
        lines = "\n".join(f"  - {{name: {name}, {CASES[name]}}}" for name in self.names)
        (self.where / "suite.yaml").write_text(
            SUITE.format(seed=self.chance.randint(1, 10**6), cases=lines)
        )

    def start(self, resume, shim=None):
        command = [MPIRUN, "-n", str(self.ranks), H5ROOF, "run", str(self.where / "suite.yaml")]
        command += ["--scratch", str(self.scratch), "--out", str(self.out)] + (["--resume"] if resume else [])
        env = {**os.environ, "OMPI_MCA_orte_tmpdir_base": str(self.where)}
        env["OMPI_MCA_btl_vader_backing_directory"] = str(self.where)
        if os.geteuid() == 0:
            env.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        if shim is not None:
            env.update({"LD_PRELOAD": str(SHIM)}, **{f"SHIM_{key}": value for key, value in shim.items()})
        with open(self.said, "wb") as log:
            return subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def end(self, process, moment=LIMIT_S):
        """Waits so long. False: it had to be killed."""
        try:
            process.wait(timeout=moment)
            return True
        except subprocess.TimeoutExpired:
            kill_all(process)
            return False

    def saying(self):
        return contents(self.said).decode(errors="replace")[-3000:]

    def rows(self):
        """The complete rows of the table."""
        text = contents(self.table).decode(errors="replace")
        lines = text.splitlines(keepends=True)
        whole = "".join(line for line in lines if line.endswith("\n"))
        return list(csv.DictReader(io.StringIO(whole)))

    def measured(self):
        """What must not be lost: the rows of repetitions, as they stand there."""
        return [tuple(row.values()) for row in self.rows() if row["status"] in ("ok", "mismatch")]

    def look(self, before):
        """After each process."""
        after = self.measured()
        whole = before[: len(after)] if len(after) < len(before) else before
        check(after[: len(whole)] == whole, "rows that stood in the table have changed")
        # a resumed run drops the rows of a repetition that lacks its other operation
        check(len(after) >= len(before) - 8, f"{len(before) - len(after)} rows are lost")
        self.check_bait()

    def check_bait(self):
        check(bait("bait_hash", self.scratch) == self.bait, "the bait was touched")

    def finish(self):
        """Resumes it until it is complete: a fault may have ended it, and what it left is its own to remove."""
        before = self.measured()
        process = self.start(resume=True)
        check(self.end(process), f"the resumed run hangs:\n{self.saying()}")
        check(
            process.returncode in (0, 1),
            f"the resumed run has exit code {process.returncode}:\n{self.saying()}",
        )
        self.look(before)
        cleaned = subprocess.run(
            [H5ROOF, "clean", self.scratch, "--yes"], capture_output=True, text=True, timeout=60, check=False
        )
        left = others(self.scratch)
        check(not left, f"clean left {left}:\n{cleaned.stdout}{cleaned.stderr}")
        self.check_bait()
        check(not self.whole or self.measured() == before, "exit code 0, and still something was to be done")
        self.check_table(process.returncode)

    def check_table(self, code):
        text = contents(self.table).decode()
        check(text.endswith("\n"), "the last line is torn")
        header, *lines = list(csv.reader(io.StringIO(text), strict=True))
        check(all(len(line) == len(header) for line in lines), "a row is torn")
        rows = [dict(zip(header, line)) for line in lines]
        for number, row in enumerate(rows):
            check(
                row["status"] in ("ok", "mismatch", "skipped", "interrupted", "crashed"),
                f"row {number}: {row['status']}",
            )
        wrong = [row for row in rows if row["status"] == "mismatch"]
        check(code == (1 if wrong else 0), f"exit code {code} with {len(wrong)} rows of wrong data")
        done = collections.Counter(
            (row["case"], row["operation"]) for row in rows if row["status"] in ("ok", "mismatch")
        )
        check(done and set(done.values()) == {3}, f"repetitions: {dict(done)}")
        shown = subprocess.run(
            [H5ROOF, "show", self.out], capture_output=True, text=True, timeout=60, check=False
        )
        check(shown.returncode in (0, 1) and "error" not in shown.stderr, f"show: {shown.stderr}")


# ---- what goes wrong


def kill(trial):
    moment = trial.chance.uniform(0, LONGEST_S)
    which = trial.chance.choice(SIGNALS)
    process = trial.start(resume=False)
    try:
        process.wait(timeout=moment)
        trial.whole = process.returncode == 0
        return f"ended before {moment:.2f} s"
    except subprocess.TimeoutExpired:
        pass
    if which == signal.SIGKILL:
        kill_all(process)
    else:
        os.kill(process.pid, which)
        check(trial.end(process, 30), f"{which.name} after {moment:.2f} s does not end it:\n{trial.saying()}")
    trial.whole = process.returncode == 0
    return f"{which.name} after {moment:.2f} s"


def fault(trial):
    action = trial.chance.choice(sorted(FAULTS))
    calls, codes = FAULTS[action]
    call = trial.chance.choice(calls.split())
    shim = {
        "PATH": FILES,
        "CALL": call,
        "ACTION": action,
        "NTH": str(int(10 ** trial.chance.uniform(0, 2.5))),
        "TRACE": str(trial.trace),
        "DELAY": "2000",
        "RANK": str(trial.chance.randrange(trial.ranks)),
    }
    if trial.chance.random() < 0.5:
        shim["TIMES"] = "1"
    process = trial.start(resume=False, shim=shim)
    check(trial.end(process), f"it hangs:\n{trial.saying()}")
    hit = contents(trial.trace) != b""
    text = " ".join(f"{key}={value}" for key, value in shim.items() if key not in ("PATH", "TRACE"))
    code = process.returncode
    trial.whole = code == 0
    check(
        code in (codes | {0} if "TIMES" in shim else codes) if hit else code == 0,
        f"{text}: exit code {code}, {'hit' if hit else 'not hit'}:\n{trial.saying()}",
    )
    if code not in (0, 1, 137, 143):
        check(
            re.search(r"^h5roof: (error|rank \d)", trial.saying(), re.M),
            f"{text}: nothing says why:\n{trial.saying()}",
        )
    first = contents(trial.trace).decode(errors="replace").split("\n")[0].rsplit("/", 1)
    return f"{text}: exit code {code}; " + (f"{first[0].split('/')[0]}{first[-1]}" if hit else "not hit")


def run_trial(number, seed, where, happen):
    trial = Trial(number, seed, where)
    try:
        what = happen(trial)
        trial.look([])
        trial.finish()
        shutil.rmtree(trial.where)
        return what, None
    except (Finding, subprocess.TimeoutExpired) as error:
        return f"kept in {trial.where}", str(error)


def main(argv):
    args = parse(argv)
    where = args.where or ("/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir())
    seed = args.seed if args.seed is not None else time.time_ns() % 1000000
    if not SHIM.exists():
        sys.exit(f"{SHIM} is missing: build with -DH5R_TESTS=ON")
    trials = [(n, kill) for n in range(args.kills)]
    trials += [(n + args.kills, fault) for n in range(args.faults)]
    trials = [(n, happen) for n, happen in trials if args.only in (None, n)]
    print(f"{len(trials)} trials, --seed {seed}", flush=True)
    found = 0
    for number, happen in trials:
        what, finding = run_trial(number, seed, where, happen)
        print(f"  trial {number}: {what}" + (f"\n    FOUND: {finding}" if finding else ""), flush=True)
        found += finding is not None
    print(f"{len(trials)} trials, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
