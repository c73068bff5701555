"""scripts/witness.py: what it makes of fio's JSON and of h5roof's table, not what a machine gives."""

import csv
import importlib.util
import json

import pytest
from conftest import SCRIPTS

SPEC = importlib.util.spec_from_file_location("witness", SCRIPTS / "witness.py")
witness = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(witness)

MIB = 1048576
NS = 1000000000


def side(mib, runtime_ms, calls_s, calls=1):
    return {
        "io_bytes": int(mib * MIB),
        "total_ios": calls,
        "runtime": runtime_ms,
        "lat_ns": {"mean": calls_s * NS / calls, "N": calls},
    }


def report(*jobs, direction="write", error=0):
    return {"jobs": [{"error": error, direction: job} for job in jobs]}


def test_the_slowest_job_counts():
    jobs = report(side(64, 1000, 0.4), side(64, 500, 0.3))
    assert witness.fio_rate(jobs, "write") == pytest.approx(128 / 0.9995)


def test_a_runtime_is_rounded_up_and_never_below_its_calls():
    assert witness.job_s(side(64, 10, 0.0093), "write") == pytest.approx(0.0095)
    assert witness.job_s(side(64, 10, 0.0098), "write") == pytest.approx(0.0098)


def test_reads_are_their_calls():
    jobs = report(side(32, 40, 0.02, calls=4), side(32, 40, 0.01, calls=4), direction="read")
    assert witness.fio_rate(jobs, "read") == pytest.approx(64 / 0.02)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"jobs": []},
        report(side(64, 10, 0.01), error=5),
        report(side(0, 10, 0.01, calls=1)),
        report(side(64, 0, 0.0), direction="read"),
    ],
)
def test_what_says_nothing_is_refused(broken):
    with pytest.raises(witness.Unusable):
        witness.fio_rate(broken, "read" if "read" in str(broken) else "write")


def test_interval():
    assert witness.interval([3.0, 1.0, 2.0]) == (2.0, None)
    assert witness.interval([6, 5, 4, 3, 2, 1]) == (3.5, (1, 6))
    assert witness.interval(range(9)) == (4, (1, 7))  # 96.1 %, as in src/core/stats/stats.c


def row(operation, warmup, seconds, files="own", bound="store"):
    return {
        "operation": operation,
        "warmup": warmup,
        "payload_bytes": 64 * MIB,
        "roof_s": seconds,
        "roof_bound": bound,
        "roof_files": files,
        "roof_store_own_way": "8MiB direct",
        "roof_store_shared_way": "whole",
    }


def write_round(where, number, rows, fio):
    results = where / f"{number}.cold.roof"
    results.mkdir()
    with open(results / "results.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, row("", "", 0))
        table.writeheader()
        table.writerows(rows)
    for direction in ("write", "read"):
        text = "fio: a note\n" + json.dumps(report(fio, direction=direction))
        (where / f"{number}.cold.{direction}.json").write_text(text, encoding="utf-8")


def test_table(tmp_path, capsys):
    for number in range(6):
        rows = [
            row("write", "true", 9.0),
            row("read", "true", 9.0),
            row("write", "false", 0.5),
            row("read", "false", 0.25, files="shared"),
        ]
        write_round(tmp_path, number, rows, side(64, 400, 0.4))
    assert witness.main([str(tmp_path)]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["cache", "roof", "MiB/s"]
    assert lines[0].split() == "cold write 128 160 0.800 0.800 to 0.800 6 own, 8MiB direct".split()
    assert lines[1].split() == "cold read 256 160 1.600 1.600 to 1.600 6 shared, whole".split()


def test_what_is_missing_is_said(tmp_path, capsys):
    assert witness.main([str(tmp_path)]) == 1
    assert "nothing was measured" in capsys.readouterr().err
    write_round(tmp_path, 1, [row("write", "false", 0.5, bound="compress")], side(64, 400, 0.4))
    assert witness.main([str(tmp_path)]) == 1
    assert "not one measured row of write with a store roof" in capsys.readouterr().err
    assert witness.main([]) == 2
