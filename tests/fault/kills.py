#!/usr/bin/env python3
# long: twenty runs killed at random
# timeout: 300
"""Kill -9 of a whole run at random moments, resumed each time: the table in the end is as of a run that was never killed.

H5ROOF_KILLS: how many kills (20); H5ROOF_KILL_SEED: of the moments (by the clock, and printed).
"""

import csv
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["H5ROOF_SOURCE"], "scripts", "dev"))
from survive import contents, kill_all

H5ROOF, MPIRUN = os.environ["H5ROOF"], os.environ["MPIRUN"]
KILLS = int(os.environ.get("H5ROOF_KILLS", "20"))
SEED = int(os.environ.get("H5ROOF_KILL_SEED", time.time_ns() % 1000000))
LONGEST_S = 8.0 if os.environ.get("H5ROOF_SANITIZE") else 2.0  # from the start of a process to its kill
WARMUP, LEAST, MOST = 1, 4, 7
SUITE = f"""
suite: killed
seed: 11
repeat: {{warmup: {WARMUP}, min: {LEAST}, max: {MOST}, ci: 0.01%}}
defaults: {{shape: [64, 48]}}
cases:
  - {{name: refused, ranks: 9}}
  - {{name: store, sweep: {{driver: [posix, memory, mpiio]}}}}
  - {{name: hdf5, driver: sec2, sweep: {{ranks: [1, all]}}}}
  - {{name: mpio, sweep: {{mode: [collective, independent]}}}}
  - {{name: weak, scaling: weak, ranks: 1, layout: chunked, chunk: [16, 16], filter: "shuffle+deflate:1"}}
"""
CASES = {
    "store/driver=posix",
    "store/driver=memory",
    "store/driver=mpiio",
    "hdf5/ranks=1",
    "hdf5/ranks=all",
    "mpio/mode=collective",
    "mpio/mode=independent",
    "weak",
}


def fail(text):
    sys.exit(f"FAILED (H5ROOF_KILL_SEED={SEED}): {text}")


def check(condition, text):
    if not condition:
        fail(text)


class Series:
    """One results directory, and the processes that work on it until it is complete."""

    def __init__(self, where, number):
        self.out = os.path.join(where, f"out-{number}")
        self.scratch = os.path.join(where, "scratch")
        self.table = os.path.join(self.out, "results.csv")
        self.kills = self.unknown = 0
        self.command = [
            MPIRUN,
            "-n",
            "2",
            H5ROOF,
            "run",
            os.path.join(where, "suite.yaml"),
            "--scratch",
            self.scratch,
            "--out",
            self.out,
            "--resume",
        ]
        self.log = os.path.join(where, "said")
        self.env = {
            **os.environ,
            "OMPI_MCA_orte_tmpdir_base": where,
            "OMPI_MCA_btl_vader_backing_directory": where,
        }

    def start(self):
        with open(self.log, "wb") as log:
            return subprocess.Popen(
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self):
        return contents(self.log).decode(errors="replace")

    def complete_bytes(self):
        """What a resumed run must leave as it is: the repetitions that have both rows, and what is before them. A run
        that died before its first row may begin anew."""
        text = contents(self.table)
        lines = text.decode().splitlines(keepends=True)  # no text of this suite has a line end
        whole, half = 0, 0
        for line in lines:
            if not line.endswith("\n"):
                break
            half += len(line.encode())
            if next(csv.reader([line]))[9] != "write":
                whole += half
                half = 0
        return text[:whole] if len(lines) > 1 else b""

    def forget_unknown(self):
        """A first process that died before it could write down its scratch directory leaves one that only `clean` finds;
        if it was killed between mkdir and marker, it is empty."""
        if not contents(os.path.join(self.out, "in_flight"))[512:]:
            left = os.listdir(self.scratch)
            cleaned = subprocess.run(
                [H5ROOF, "clean", self.scratch, "--yes"], capture_output=True, text=True, check=False
            )
            check(cleaned.returncode == 0, f"clean: {cleaned.stderr}")
            for name in os.listdir(self.scratch):
                os.rmdir(os.path.join(self.scratch, name))
            self.unknown += len(left)

    def run_until(self, moment):
        """True: it was killed; False: it had ended by itself before."""
        before = self.complete_bytes()
        process = self.start()
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            kill_all(process)
        check(contents(self.table).startswith(before), "a resumed run has changed complete rows")
        if process.returncode == 0:
            return False
        check(process.returncode == -signal.SIGKILL, f"exit code {process.returncode}:\n{self.said()}")
        self.kills += 1
        self.forget_unknown()
        return True

    def finish(self):
        before = self.complete_bytes()
        process = self.start()
        try:
            process.wait(timeout=100)
        except subprocess.TimeoutExpired:
            kill_all(process)
            fail(f"the last one hangs:\n{self.said()}")
        check(process.returncode == 0, f"the last one has exit code {process.returncode}:\n{self.said()}")
        check(contents(self.table).startswith(before), "the last one has changed complete rows")

    def check_table(self):
        text = contents(self.table).decode()
        check(text.endswith("\n"), "the last line is torn")
        header, *lines = list(csv.reader(io.StringIO(text), strict=True))
        for line in lines:
            check(len(line) == len(header), f"a torn row: {line}")
        rows = [dict(zip(header, line)) for line in lines]
        check(len({row["run_id"] for row in rows}) == 1, "more than one run_id")
        skipped = [row["case"] for row in rows if row["status"] == "skipped"]
        check(skipped == ["refused"], f"skipped: {skipped}")
        interrupted = [row for row in rows if row["status"] == "interrupted"]
        check(len(interrupted) <= self.kills, f"{len(interrupted)} interrupted rows of {self.kills} kills")
        ran = [row for row in rows if row["status"] == "ok"]
        check(len(ran) + len(skipped) + len(interrupted) == len(rows), "rows of another status")
        check({row["case"] for row in ran} == CASES, f"cases: { {row['case'] for row in ran} }")
        keys = [
            tuple(row[key] for key in ("case_id", "block", "warmup", "repetition", "operation"))
            for row in ran
        ]
        check(len(set(keys)) == len(keys), "a repetition stands twice in the table")
        for case in sorted(CASES):
            check_case(case, [row for row in ran if row["case"] == case])
        check(os.listdir(self.scratch) == [], f"left behind: {os.listdir(self.scratch)}")
        left = sorted(name for name in os.listdir(self.out) if not name.startswith("env"))
        check(left == ["plan.yaml", "results.csv"], f"in the results directory: {left}")
        check(os.path.exists(os.path.join(self.out, "env.json")), "there is no env.json")
        shown = subprocess.run([H5ROOF, "show", self.out], capture_output=True, text=True, check=False)
        check(shown.returncode == 0 and not shown.stderr, f"show: {shown.stderr}")
        check(
            listed(shown.stdout, "interrupted") == {row["case"] for row in interrupted},
            f"interrupted in:\n{shown.stdout}",
        )
        return len(rows), len(interrupted)


def listed(text, status):
    """The cases that `show` lists under a status."""
    _, _, block = text.partition(f"\n{status}:\n")
    return {line.split(": ")[0] for line in block.split("\n\n")[0].splitlines()}


def check_case(case, rows):
    for operation in ("write", "read"):
        mine = [row for row in rows if row["operation"] == operation]
        for warmup, least, most in (("true", WARMUP, WARMUP), ("false", LEAST, MOST)):
            found = [int(row["repetition"]) for row in mine if row["warmup"] == warmup]
            check(found == list(range(len(found))), f"{case}: repetitions {found}")
            check(least <= len(found) <= most, f"{case}: {len(found)} repetitions")
        blocks = [int(row["block"]) for row in mine]
        check(blocks == sorted(set(blocks)), f"{case}: blocks {blocks}")
        stops = [row["stop"] for row in mine]
        check(stops[-1] in ("ci", "max") and not any(stops[:-1]), f"{case}: stops {stops}")
    check([row["operation"] for row in rows] == ["write", "read"] * (len(rows) // 2), f"{case}: operations")


def main():
    where = tempfile.mkdtemp(prefix="h5roof-test-")
    moments = random.Random(SEED)
    print(f"{KILLS} kills, H5ROOF_KILL_SEED={SEED}")
    try:
        os.mkdir(os.path.join(where, "scratch"))
        with open(os.path.join(where, "suite.yaml"), "w", encoding="utf-8") as file:
            file.write(SUITE)
        kills = number = 0
        while kills < KILLS:
            series, of_series = Series(where, number), moments.randint(6, 14)
            number += 1
            while kills < KILLS and series.kills < of_series:
                moment = moments.uniform(0, LONGEST_S)
                if not series.run_until(moment):
                    break
                kills += 1
                print(
                    f"  run {number}: killed after {moment:.3f} s, {len(contents(series.table))} bytes of rows"
                )
            series.finish()
            rows, interrupted = series.check_table()
            print(
                f"run {number}: {rows} rows after {series.kills} kills, {interrupted} of them inside a case, "
                f"{series.unknown} before it had written down its scratch directory",
                flush=True,
            )
    finally:
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    main()
