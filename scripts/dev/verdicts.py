#!/usr/bin/env python3
"""How often is `h5roof compare` right? Runs of equal things must not be called slower (A/A), and a delay that is
put into every large write must be found.

    scripts/dev/verdicts.py                         # small: does the machinery work? half a minute
    scripts/dev/verdicts.py --full --disk /scratch  # the figures: half an hour on a quiet machine
    scripts/dev/verdicts.py --full --out results/reference/verdicts

A/A: one suite is run again and again, and each run is compared with the next one. Detection: a library that is
preloaded (tests/fault/shim_fault.c) makes every write of 64 KiB and more take longer by a part of its own time,
and such runs are compared with runs below the same library that delays nothing.

All runs grow side by side, in slices of a few seconds (run --resume --max-time): one after the other, equal runs on a
virtual machine were seen to differ by 5 to 7 %, in all cases alike. The cases are such that a slower write can be found: in a
file that ranks share, a rank that comes late to its next piece loses nothing where it would have waited for the others'
anyway, so shared files are written in one piece. Exit code 1: more false alarms, or fewer finds, than --most-false and
--least-found allow.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import typing
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
from h5roof.files import visible  # noqa: E402

SLICE = "3s"
ROOT = Path(__file__).resolve().parents[2]

SUITE = """# Is equal called equal, and slower slower?
suite: verdicts
repeat: {{warmup: 1, min: {n}, max: {n}, time: 10min}}
verify: false
defaults: {{workload: slab, dtype: f64, shape: [{rows}, 1024]}}
cases:
  - {{name: own, files: per_rank, sweep: {{driver: [sec2, family, posix], access: [whole, 4MiB]}}}}
  - {{name: shared, driver: posix, files: shared, access: whole}}
  - {{name: independent, driver: mpio, mode: independent, access: whole}}
  - {{name: raw, driver: mpiio, mode: independent, access: whole}}
  - {{name: collective, driver: mpio, mode: collective, access: whole}}
"""


def parse(argv):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="enough runs for figures that can be quoted")
    parser.add_argument("--memory", default="/dev/shm", help="a file system in memory (default: %(default)s)")
    parser.add_argument("--disk", help="a directory on a disk, for A/A there as well")
    parser.add_argument(
        "--runs", type=int, help="runs for A/A on each file system, 0: none (default: 3, full: 11)"
    )
    parser.add_argument("--slow-runs", type=int, help="runs with the delay (default: 1, full: 2)")
    parser.add_argument("--repetitions", type=int, help="of every case, for A/A (default: 10, full: 80)")
    parser.add_argument(
        "--slow-repetitions", type=int, help="likewise, for detection (default: 10, full: 240)"
    )
    parser.add_argument("--disk-repetitions", type=int, help="likewise, on the disk (default: 10, full: 30)")
    parser.add_argument("--rows", type=int, help="of 8 KiB; the size of a case (default: 1024, full: 4096)")
    parser.add_argument("--delay", help="of every large write (default: 200%%, full: 10%%)")
    parser.add_argument("--most-false", type=float, help="called slower, in %% (default: 5, full: 1)")
    parser.add_argument("--least-found", type=float, help="delays found, in %% (default: 80, full: 95)")
    parser.add_argument("--out", help="directory for verdicts.json and README.md")
    args = parser.parse_args(argv)
    defaults = {
        "runs": (3, 11),
        "slow_runs": (1, 2),
        "repetitions": (10, 80),
        "slow_repetitions": (10, 240),
        "disk_repetitions": (10, 30),
        "rows": (1024, 4096),
        "delay": ("200%", "10%"),
        "most_false": (5.0, 1.0),
        "least_found": (80.0, 95.0),
    }
    for name, (small, full) in defaults.items():
        if getattr(args, name) is None:
            setattr(args, name, full if args.full else small)
    return args


def find(variable, *candidates):
    for path in (os.environ.get(variable), *candidates):
        if path and os.access(path, os.X_OK):
            return str(path)
    sys.exit(
        f"verdicts: {variable} is not set, and none of {', '.join(map(str, candidates))} is there; build first"
    )


class Run(typing.NamedTuple):
    suite: Path
    out: Path
    trace: Path
    scratch: Path
    shim: dict  # its variables, beside those of every shim; None: no library


class Bench:
    def __init__(self, args, work):
        self.h5roof = find("H5ROOF", ROOT / "build/release/h5roof")
        self.mpirun = find("MPIRUN", shutil.which("mpirun") or "")
        built = Path(os.environ.get("H5ROOF_BUILD", ROOT / "build/release"))
        self.shim = built / "tests" / "shim_fault.so"
        if not self.shim.exists():
            sys.exit(f"verdicts: {self.shim} is missing: build with the tests (cmake -DH5R_TESTS=ON)")
        self.args, self.work, self.number = args, Path(work), 0
        if os.geteuid() == 0:  # which Open MPI refuses unless told otherwise
            os.environ |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        self.random = random.Random(42)

    def grow(self, run):
        """A slice of a run. Whether it has ended: nothing was added."""
        results = run.out / "results.csv"
        before = results.stat().st_size if results.exists() else -1
        command = [self.mpirun, "-n", "2"]
        if run.shim:
            of_every = {
                "LD_PRELOAD": self.shim,
                "SHIM_PATH": "/h5roof-",
                "SHIM_CALL": "write",
                "SHIM_LEAST": 65536,
            }
            of_every |= {"SHIM_TRACE": run.trace}
            command += ["env", *(f"{k}={v}" for k, v in (of_every | run.shim).items())]
        command += [self.h5roof, "run", run.suite, "--scratch", run.scratch, "--out", run.out]
        command = [str(word) for word in [*command, "--resume", "--max-time", SLICE]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"verdicts: {' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
        if run.shim and not run.trace.exists():
            sys.exit("verdicts: the shim saw no write")
        return results.stat().st_size == before

    def measure(self, scratch, repetitions, shims, say):
        """Runs side by side, one for each of these shims (None: no library): the directories of their results."""
        runs, suite = [], self.work / f"verdicts-{repetitions}.yaml"
        suite.write_text(SUITE.format(n=repetitions, rows=self.args.rows))
        for shim in shims:
            self.number += 1
            out, trace = (self.work / f"{what}-{self.number:02d}" for what in ("run", "trace"))
            runs.append(Run(suite, out, trace, scratch, shim))
        growing, turn = list(runs), 0
        while growing:
            turn += 1
            say(f"turn {turn}: {len(growing)} of {len(runs)} runs are growing")
            self.random.shuffle(growing)
            growing = [run for run in growing if not self.grow(run)]
        return [run.out for run in runs]

    def compare(self, old, new):
        # What is compared is one machine with itself, whatever the shim's variables are.
        command = [self.h5roof, "compare", str(old), str(new), "--format", "json", "--force"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"verdicts: {' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
        return json.loads(done.stdout)["pairs"]


def count(pairs):
    verdicts = {}
    for pair in pairs:
        verdicts[pair["verdict"]] = verdicts.get(pair["verdict"], 0) + 1
    return dict(sorted(verdicts.items()))


def equal_runs(bench, scratch, repetitions, say):
    say(f"A/A on {scratch}")
    runs = bench.measure(scratch, repetitions, [None] * bench.args.runs, say)
    pairs = [pair for old, new in zip(runs, runs[1:]) for pair in bench.compare(old, new)]
    verdicts = count(pairs)
    return {
        "scratch": str(scratch),
        "repetitions": repetitions,
        "runs": len(runs),
        "comparisons": len(pairs),
        "verdicts": verdicts,
        "slower_percent": 100.0 * verdicts.get("slower", 0) / len(pairs),
        "ratios": sorted(p["ratio"] for p in pairs),
    }


def delayed_runs(bench, scratch, say):
    say(f"detection on {scratch}")
    n = bench.args.slow_runs
    delay = {"SHIM_ACTION": "delay", "SHIM_DELAY": bench.args.delay}
    repetitions = bench.args.slow_repetitions
    runs = bench.measure(scratch, repetitions, [{"SHIM_ACTION": "none"}] * n + [delay] * n, say)
    pairs = [p for plain, slow in zip(runs[:n], runs[n:]) for p in bench.compare(plain, slow)]
    pairs = [p for p in pairs if p["operation"] == "write"]
    verdicts = count(pairs)
    return {
        "scratch": str(scratch),
        "repetitions": repetitions,
        "delay": bench.args.delay,
        "comparisons": len(pairs),
        "verdicts": verdicts,
        "found_percent": 100.0 * verdicts.get("slower", 0) / len(pairs),
        "ratio_median": statistics.median(p["ratio"] for p in pairs),
        "pairs": [{k: p[k] for k in ("case", "verdict", "ratio", "ratio_low", "ratio_high")} for p in pairs],
    }


def words(verdicts):
    return ", ".join(f"{n} {name}" for name, n in verdicts.items())


def report(equal, found):
    lines = [
        f"- A/A on {e['scratch']}: {e['comparisons']} comparisons of {e['runs']} runs of {e['repetitions']} repetitions: {words(e['verdicts'])}; "
        f"slower {e['slower_percent']:.2f} %"
        for e in equal
    ]
    lines.append(
        f"- every write of 64 KiB and more {found['delay']} slower, on {found['scratch']}: "
        f"{found['comparisons']} comparisons of writes, {found['repetitions']} repetitions: {words(found['verdicts'])}; "
        f"found {found['found_percent']:.1f} %; median of the ratios {found['ratio_median']:.3f}"
    )
    lines.append("- 2 ranks, threshold 5 %")
    return lines


def write(args, equal, found, lines):
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    document = {"date": now, "equal": equal, "delayed": found}
    (out / "verdicts.json").write_text(json.dumps(document, indent=1) + "\n")
    text = f"# How often compare is right\n\nMeasured on {now} by `{' '.join(['scripts/dev/verdicts.py', *sys.argv[1:]])}`.\n\n"
    (out / "README.md").write_text(text + "\n".join(lines) + "\n")


def main(argv):
    args = parse(argv)

    def say(text):
        print(f"verdicts: {visible(text, lines=True)}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="h5roof-verdicts-") as work:
        bench = Bench(args, work)
        found = delayed_runs(bench, args.memory, say)
        equal = [equal_runs(bench, args.memory, args.repetitions, say)] if args.runs else []
        if args.runs and args.disk:
            equal.append(equal_runs(bench, args.disk, args.disk_repetitions, say))
    lines = report(equal, found)
    print(visible("\n".join(lines), lines=True))
    if args.out:
        write(args, equal, found, lines)
    alarms = any(e["slower_percent"] > args.most_false for e in equal)
    missed = found["found_percent"] < args.least_found
    if alarms or missed:
        say("too many false alarms" if alarms else "too few delays were found")
    return 1 if alarms or missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
