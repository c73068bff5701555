"""Storage that lies, under every workload that a driver has.

corrupt.py [--short] [--ranks=1] [--write] [-v] [--fault=NAME] DRIVER...

Each fault must be found, by a row (exit code 1) or by an error (3), or it is one of those that nobody could find: SILENT says
why. docs/method.md has the table of all drivers: it is compared with what was seen with one rank, or written.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

H5ROOF = os.environ["H5ROOF"]
MPIRUN = os.environ["MPIRUN"]
SHIM = os.path.join(os.environ["H5ROOF_BUILD"], "tests", "shim_corrupt.so")
METHOD = os.path.join(os.environ["H5ROOF_SOURCE"], "docs", "method.md")
BEGIN, END = "<!-- corruption: tests/fault/corrupt.py writes this -->\n", "<!-- corruption: end -->\n"
LIMIT_S = 120
# Not the files of the self-test, nor of the roofs.
FILES = r"/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$"

DRIVERS = {
    "sec2": "driver: sec2",
    "stdio": "driver: stdio",
    "core": "driver: core, core_backing: true",
    "family": "driver: family, family_member: 8KiB",
    "split": "driver: split",
    "posix": "driver: posix",
    "mpio-ompio": "driver: mpio",
    "mpio-romio": "driver: mpio",
    "mpiio-ompio": "driver: mpiio",
    "mpiio-romio": "driver: mpiio",
}

# A row and a chunk are 4 KiB, more than all that HDF5 writes beside the data.
CHUNKS = "layout: chunked, chunk: [4, 256], fill_time: never"
# Of their objects nothing is as large as a piece of data: faults of data hit their second transfer.
OBJECTS = {
    "metadata": "workload: metadata, kind: dataset, attributes: 2, objects: 9",
    "attributes": "workload: metadata, kind: attribute, objects: 9",
    "soft-links": "workload: metadata, kind: soft, objects: 9",
    "open": "workload: open, opening: r+",
    "open-w": "workload: open, opening: w",
}
DATA = {
    "slab": "workload: slab",
    "slab-chunks": f"workload: slab, {CHUNKS}",
    "slab-calls": "workload: slab, access: row, buffers: call",
    "update": "workload: update",
    "update-rows": "workload: update, access: row",
    "update-negative": "workload: update, update: negative",
    "tile": f"workload: tile, tile: [4, 256], {CHUNKS}",
    "select": "workload: select, one_in: 4",
    "select-rmw": "workload: select, selection: mask, mask_as: rmw",
    "convert": "workload: convert, byte_order: big",
    "allocate": "workload: allocate",
    "resize": "workload: resize, append: 4, layout: chunked, chunk: [4, 1024]",
    "resize-unfilled": "workload: resize, append: 4, layout: chunked, chunk: [4, 1024], fill_time: never",
    "filter": f"workload: filter, filter: 'deflate:1', {CHUNKS}",
    "filter-checked": f"workload: filter, filter: 'deflate:1+fletcher32', {CHUNKS}",
    "particles": "workload: particles, steps: 2, variables: 3",
    "pieces": "workload: pieces, pieces: 4, pieces_as: single",
    "pieces-packed": "workload: pieces, pieces: 4, pieces_as: packed",
}
SHORT = ("slab", "update-negative", "select-rmw", "filter", "metadata")

# What the shim is told; DATA: of calls that move data.
LARGE = {"LEAST": "3000"}
FAULTS = {
    "a write lost": {"CALL": "write", "WHAT": "lose", **LARGE},
    "all writes lost from the third on": {"CALL": "write", "WHAT": "lose", "NTH": "3", "AFTER": "1"},
    "two blocks exchanged": {"CALL": "write", "WHAT": "swap", **LARGE},
    "first bit written": {"CALL": "write", "WHAT": "flip", "AT": "0", **LARGE},
    "a bit written": {"CALL": "write", "WHAT": "flip", **LARGE},
    "last bit written": {"CALL": "write", "WHAT": "flip", "AT": "-1", **LARGE},
    "zeros written": {"CALL": "write", "WHAT": "zero", **LARGE},
    "old bytes written": {"CALL": "write", "WHAT": "stale", **LARGE},
    "a byte behind a write": {"CALL": "write", "WHAT": "gap", **LARGE},
    "a short read": {"CALL": "read", "WHAT": "short", **LARGE},
    "a short read that says it is whole": {"CALL": "read", "WHAT": "cut", **LARGE},
    "a bit read": {"CALL": "read", "WHAT": "flip", **LARGE},
    "zeros read": {"CALL": "read", "WHAT": "zero", **LARGE},
    "old bytes read": {"CALL": "read", "WHAT": "stale", **LARGE},
}

CAUGHT = "x"
SILENT = {
    "a": "the bytes were written again, rightly, before anybody read them",
    "b": "nobody reads these bytes: free room, and what a library writes into a file for others",
    "c": "the bytes that were put in their place are the same",
    "d": "the library below reads the rest by itself",
    "e": "an element that is negative becomes 0, whatever it was",
    "f": "HDF5 read them and nobody uses them: it reads more than it is asked for, and its structures have no checksums",
    "g": "the next timed read is into the same memory (`buffers: call`), and all was right when it was read again",
}

# What was read and not found: (fault, case) as regular expressions -> letter. Everything else must be found.
# What was read and not found: (driver, fault, case) as regular expressions -> letter. Everything else must be found.
EXPLAINED = [
    (".*", "(first|a|last) bit (written|read)", "update.*", "e"),
    (
        ".*",
        "(first|a|last) bit (written|read)|a byte behind a write",
        "metadata|attributes|soft-links|open|open-w",
        "f",
    ),
    (".*", "all writes lost from the third on", "open", "f"),
    (".*", "a bit read", "select", "f"),
    (".*", ".* read|a short read.*", "slab-calls", "g"),
    # OMPIO takes it for the whole, and HDF5 puts zeros in place of the rest, which is what these elements are.
    (".*-ompio", "a short read", "allocate", "c"),
    ("(?!.*-ompio).*", "a short read", ".*", "d"),
]

MASK = (1 << 64) - 1


def mix64(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def suite_of(driver, cases, stale):
    lines = [
        "suite: corrupt",
        "seed: 7",
        f"repeat: {{warmup: {int(stale)}, min: 1, max: 1}}",
        "case_timeout: 5s",
        "defaults: {shape: [16, 1024], dtype: i32, data: random}",
        "cases:",
    ]
    lines += [f"  - {{name: {name}, {DRIVERS[driver]}, {factors}}}" for name, factors in cases.items()]
    return "\n".join(lines) + "\n"


class Run:
    """One run under the shim: exit code, what was said, rows by case, and the logs of the shim by case."""

    def __init__(self, driver, ranks, cases, fault):
        self.where = tempfile.mkdtemp(prefix="h5roof-test-", dir=os.environ.get("H5ROOF_CORRUPT_DIR"))
        logs, scratch, out = (os.path.join(self.where, name) for name in ("logs", "scratch", "out"))
        for path in (logs, scratch, os.path.join(logs, "old")):
            os.mkdir(path)
        suite = os.path.join(self.where, "corrupt.yaml")
        with open(suite, "w", encoding="utf-8") as file:
            file.write(suite_of(driver, cases, fault["WHAT"] == "stale"))
        env = {
            **os.environ,
            "OMPI_MCA_io": "romio321" if driver.endswith("romio") else "ompio",
            **{"CORRUPT_" + name: value for name, value in fault.items()},
            "CORRUPT_PATH": re.escape(scratch) + ".*" + FILES,
            "CORRUPT_DIR": logs,
            "LD_PRELOAD": SHIM,
        }
        command = [H5ROOF, "run", suite, "--scratch", scratch, "--out", out, "--roofs", "none"]
        if ranks > 1:
            command = [MPIRUN, "--timeout", str(LIMIT_S), "-n", str(ranks), *command]
        done = subprocess.run(
            command,
            env=env,
            cwd=self.where,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        self.code, self.stderr = done.returncode, done.stderr
        said = [
            line
            for line in done.stderr.splitlines()
            if line.startswith("h5roof: ") and "warning: " not in line
        ]
        self.said = said[0] if said else done.stderr[-300:].replace("\n", " ")
        self.rows = {}
        self.ids = {}
        if os.path.exists(os.path.join(out, "results.csv")):
            with open(os.path.join(out, "results.csv"), newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    self.rows.setdefault(row["case"], []).append(row)
                    self.ids[row["case"]] = int(row["case_id"], 16)
        self.logs = {
            name: open(os.path.join(logs, name), encoding="utf-8").read().split("\n")
            for name in os.listdir(logs)
            if name != "old"
        }
        shutil.rmtree(self.where)

    def events(self, case):
        """Of its files: (what, offset, bytes)."""
        names = [f"{self.ids[case]:016x}"] + [f"{mix64(self.ids[case] + turn):016x}" for turn in (1, 2)]
        for name, lines in self.logs.items():
            if any(text in name for text in names):
                yield [(w, int(at), int(n)) for w, at, n in (line.split() for line in lines if line)]

    def named(self):
        """The case that ended the run."""
        match = re.search(
            r"h5roof: (?:error: )?rank \d+ on \S+: case ([^,:]+?)(?:,| hangs)", self.stderr
        ) or re.search(r"h5roof: .*case ([^,: ]+)", self.stderr)
        return match[1] if match else None


def without(ranges, begin, end):
    """What is left of some ranges beside another one."""
    for first, last in ranges:
        yield from ((x, y) for x, y in ((first, min(last, begin)), (max(first, end), last)) if x < y)


def fate(events):
    """What became of what was corrupted: SILENT's letter, or `read` where somebody read it."""
    fates = {"c" for what, _, _ in events if what == "S"}
    for i, (what, at, n) in enumerate(events):
        left = [(at, at + n)] if what == "F" else []
        for later, place, length in events[i + 1 :] if left else ():
            if later == "R" and any(first < place + length and place < last for first, last in left):
                return "read"
            if later == "W":
                left = list(without(left, place, place + length))
        if what == "F":
            fates.add("b" if left else "a")
    return max(fates, default=None)


def explained(driver, fault_name, case):
    for drivers, faults, cases, letter in EXPLAINED:
        texts = ((drivers, driver), (faults, fault_name), (cases, case))
        if all(re.fullmatch(pattern, text) for pattern, text in texts):
            return letter
    return "read"


def outcome(run, driver, case, fault_name):
    """CAUGHT, a letter of SILENT, `read`, or None: the shim had nothing to do."""
    fault = FAULTS[fault_name]
    rows = run.rows[case]
    if any(row["status"] == "mismatch" for row in rows):
        return CAUGHT
    fates = [fate(events) for events in run.events(case)]
    fates = [f for f in fates if f]
    if not fates:
        return None
    if fault["CALL"] == "read" and any(e[0] == "F" for events in run.events(case) for e in events):
        return explained(driver, fault_name, case)
    return explained(driver, fault_name, case) if "read" in fates else max(fates)


def matrix(driver, ranks, fault_name, cases):
    """Yields case, outcome, text."""
    fault = FAULTS[fault_name]
    for group in (DATA, OBJECTS):
        left = {name: factors for name, factors in cases.items() if name in group}
        told = dict(fault)
        if group is OBJECTS and told.pop("LEAST", None):
            told["NTH"] = "2"
        while left:
            run = Run(driver, ranks, left, told)
            ended = run.named() if run.code not in (0, 1) else None
            for case in list(left):
                rows = run.rows.get(case, [])
                if any(row["status"] == "skipped" for row in rows):
                    del left[case]
                elif case == ended:
                    bad = run.code != 3
                    yield case, f"exit code {run.code}" if bad else CAUGHT, run.said
                    del left[case]
                elif rows and any(row["warmup"] == "false" for row in rows):
                    yield case, outcome(run, driver, case, fault_name), "; ".join(
                        row["reason"] for row in rows if row["reason"]
                    )
                    del left[case]
            if ended is None and left:
                for case in left:
                    yield case, f"exit code {run.code}", run.said
                break


def table(seen):
    lines = ["| fault | " + " | ".join(seen) + " |\n", "|---" * (len(seen) + 1) + "|\n"]
    for fault in FAULTS:
        cells = ["".join(sorted(seen[driver].get(fault, ()))) or " " for driver in seen]
        lines.append(f"| {fault} | " + " | ".join(cells) + " |\n")
    return "".join(lines)


def of_method():
    """The columns of the table in docs/method.md: driver -> fault -> letters."""
    text = open(METHOD, encoding="utf-8").read()
    rows = text.split(BEGIN)[1].split(END)[0].splitlines()
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in rows if line.startswith("|")]
    return {
        driver: {row[0]: row[i] for row in lines[2:]}
        for i, driver in enumerate(lines[0] if lines else ())
        if i > 0
    }


def main():
    words = sys.argv[1:]
    short, write = "--short" in words, "--write" in words
    drivers = [word for word in words if not word.startswith("-")]
    all_cases = {**DATA, **OBJECTS}
    cases = {name: factors for name, factors in all_cases.items() if not short or name in SHORT}
    asked = next((word[8:] for word in words if word.startswith("--ranks=")), "1" if short else None)
    faults = [word.split("=")[1] for word in words if word.startswith("--fault=")] or list(FAULTS)
    seen, failures, count = {}, 0, 0
    for driver in drivers:
        seen[driver] = {}
        for ranks in (1, 2) if asked is None else (int(asked),):
            for fault in faults:
                if ranks > 1 and fault == "a byte behind a write":
                    continue  # another rank may write it at the same time, and nobody knows who was last
                for case, what, text in matrix(driver, ranks, fault, cases):
                    count += what is not None
                    if "-v" in words:
                        print(f"{driver}, {ranks} ranks, {fault}, {case}: {what}: {text[:200]}", flush=True)
                    if what is not None and what != CAUGHT and what not in SILENT:
                        print(f"FAILED: {driver}, {ranks} ranks, {fault}, {case}: {what}: {text}", flush=True)
                        failures += 1
                    elif what is not None and ranks == 1:  # with more, who writes what is a matter of time
                        seen[driver].setdefault(fault, set()).add(what)
        for fault in faults if asked != "2" else ():
            if CAUGHT not in seen[driver].get(fault, ()) and fault not in (
                "a short read",
                "a byte behind a write",
            ):
                print(f"FAILED: {driver}: {fault}: in none of the workloads, so the shim does nothing")
                failures += 1
        print(f"{driver}: done", flush=True)
    print(f"{count} combinations in which something was corrupted")
    if write and not failures:
        text = open(METHOD, encoding="utf-8").read()
        head, rest = text.split(BEGIN)
        seen = {**of_method(), **seen}
        seen = {driver: seen[driver] for driver in DRIVERS if driver in seen}
        with open(METHOD, "w", encoding="utf-8") as file:
            file.write(head + BEGIN + table(seen) + END + rest.split(END)[1])
    else:
        for driver, column in of_method().items():
            for fault, letters in column.items() if driver in seen else ():
                here = "".join(sorted(seen[driver].get(fault, ())))
                if fault not in faults or asked == "2":
                    continue
                if set(here) - set(letters) or (not short and here != letters):
                    print(f"FAILED: docs/method.md says '{letters}' of {driver}, {fault}, and it is '{here}'")
                    failures += 1
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
