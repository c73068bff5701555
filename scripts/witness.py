#!/usr/bin/env python3
"""The store roof beside fio: reads what scripts/witness.sh measured and prints roof / fio with its interval.

Usage: witness.py DIR. DIR has, for every round R and state of the cache C, the results of h5roof in R.C.roof/ and the JSON of fio
in R.C.write.json and R.C.read.json."""

import csv
import io
import json
import os
import math
import statistics
import sys
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "python"))
from h5roof.files import MOST_BYTES, FileError, read_text, say, visible  # noqa: E402

MIB = 1048576.0


class Unusable(Exception):
    """What was measured cannot be used, and why."""


def calls_s(side):
    """The seconds that a job of fio spent in its calls; the end_fsync is not one of them."""
    latency = side["lat_ns"]
    return latency["mean"] * latency.get("N", side["total_ios"]) / 1e9


def job_s(side, direction):
    """The seconds of a job. fio rounds its runtime up to milliseconds: the calls alone are known to the nanosecond, and of reads they
    are all there is, while those of writes lack the sync."""
    if direction == "read":
        return calls_s(side)
    return max(side["runtime"] / 1e3 - 0.5e-3, calls_s(side))


def fio_rate(report, direction):
    """MiB/s of all jobs together, as the slowest one ends."""
    jobs = [job[direction] for job in report.get("jobs", [])]
    if not jobs or any(job.get("error", 0) for job in report["jobs"]):
        raise Unusable("fio reports an error, or no job")
    if any(side["io_bytes"] == 0 or side["total_ios"] == 0 for side in jobs):
        raise Unusable(f"a job of fio moved nothing in direction {direction}")
    slowest = max(job_s(side, direction) for side in jobs)
    if slowest <= 0.0:
        raise Unusable("fio measured no time; take a larger size")
    return sum(side["io_bytes"] for side in jobs) / MIB / slowest


def read_of(path):
    try:
        return read_text(path, MOST_BYTES)
    except FileError as error:
        raise Unusable(f"{path}: {error}") from error


def load_fio(path, direction):
    text = read_of(path)
    start = text.find("{")  # notes of fio may stand before it
    try:
        return fio_rate(json.loads(text[start:]), direction)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unusable(f"{path}: not the JSON of fio: {error}") from error


def load_roof(path, direction):
    """MiB/s of the store roof in the one measured block, and the way in which it was reached."""
    table = csv.DictReader(io.StringIO(read_of(path), newline=""))
    rows = [row for row in table if row["operation"] == direction and row["warmup"] == "false"]
    if len(rows) != 1 or rows[0]["roof_bound"] != "store":
        raise Unusable(f"{path}: not one measured row of {direction} with a store roof")
    row = rows[0]
    way = f"{row['roof_files']}, {row['roof_store_' + row['roof_files'] + '_way']}"
    return int(row["payload_bytes"]) / MIB / float(row["roof_s"]), way


def interval(values, level=0.95):
    """Median and the narrowest symmetric order-statistic interval that covers it with this probability, or None: too few values."""
    ordered, n = sorted(values), len(values)
    best, outside = None, 0.0
    for k in range(n // 2):
        outside += 2.0 * math.comb(n, k) / 2.0**n
        if 1.0 - outside >= level:
            best = (ordered[k], ordered[n - 1 - k])
    return statistics.median(ordered), best


def compare(directory):
    """(cache, direction) -> list of (rate of the roof, rate of fio, way), a pair for every round."""
    pairs = {}
    for results in sorted(Path(directory).glob("*.*.roof/results.csv")):
        round_, cache, _ = results.parent.name.split(".")
        for direction in ("write", "read"):
            roof, way = load_roof(results, direction)
            fio = load_fio(Path(directory) / f"{round_}.{cache}.{direction}.json", direction)
            pairs.setdefault((cache, direction), []).append((roof, fio, way))
    if not pairs:
        raise Unusable(f"{directory}: nothing was measured there")
    return pairs


def lines(pairs):
    yield f"{'cache':6} {'':5} {'roof MiB/s':>11} {'fio MiB/s':>11} {'roof/fio':>9}  {'95 % interval':15} {'n':>3}  way"
    for (cache, direction), measured in sorted(
        pairs.items(), key=lambda item: (item[0][0], item[0][1] == "read")
    ):
        roof = statistics.median(pair[0] for pair in measured)
        fio = statistics.median(pair[1] for pair in measured)
        ratio, bounds = interval([pair[0] / pair[1] for pair in measured])
        between = f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else "too few rounds"
        way = statistics.mode(pair[2] for pair in measured)
        yield (
            f"{cache:6} {direction:5} {roof:11.0f} {fio:11.0f} {ratio:9.3f}  {between:15} {len(measured):3}  {way}"
        )


def main(arguments):
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    try:
        for line in lines(compare(arguments[0])):
            print(visible(line))
    except (Unusable, OSError, KeyError, ValueError, csv.Error) as error:
        say("witness.py", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
