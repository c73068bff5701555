"""The report of scripts/collect.py against the tables of the jobs, computed here from their rows."""

import csv
import statistics
import sys
from pathlib import Path

jobs, report = Path(sys.argv[1]), sys.argv[2]
times, payload = {}, {}
for table in jobs.glob("*/results.csv"):
    with open(table, newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] == "ok" and row["warmup"] == "false":
                key = row["case"], row["operation"], int(row["ranks"])
                times.setdefault(key, []).append(float(row["durable_s"]))
                payload[key] = int(row["payload_bytes"])

with open(report, newline="") as file:
    found = {(r["case"], r["operation"], int(r["ranks"])): r for r in csv.DictReader(file)}
assert found.keys() == times.keys(), (found.keys(), times.keys())
assert {ranks for _, _, ranks in found} == {2, 4}
for (case, operation, ranks), row in found.items():
    key = case, operation, ranks
    first, here = (statistics.median(times[case, operation, r]) for r in (2, ranks))
    assert row["scaling"] == ("weak" if case == "weak" else "strong"), row
    assert payload[key] == 64 * 64 * 8 * (ranks if case == "weak" else 1), (key, payload[key])
    efficiency = first / here if case == "weak" else first * 2 / (here * ranks)
    speedup = efficiency * ranks / 2
    assert int(row["repetitions_count"]) == len(times[key]) == 12, row
    for name, expected in (("durable_median_s", here), ("speedup", speedup)):
        assert abs(float(row[name]) / expected - 1) < 1e-5, (name, row, expected)
    assert abs(float(row["parallel_efficiency_frac"]) / efficiency - 1) < 1e-5, (row, efficiency)
