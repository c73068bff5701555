"""Runs that a report must cope with, and the report of each."""

import os

import pytest
from conftest import (
    ROOT,
    case,
    chunks_run,
    factor_columns,
    header,
    many_run,
    metadata_cases,
    run_script,
    write_run,
)

NASTY = '<script>alert(1)</script>&"quoted" </script> {{ 7 * 7 }}'


def program():
    """The binary under test."""
    for path in (os.environ.get("H5ROOF"), str(ROOT / "build" / "release" / "h5roof")):
        if path and os.access(path, os.X_OK):
            return path
    pytest.skip("h5roof is not built")


def report(*arguments):
    os.environ["H5ROOF"] = program()
    return run_script("report", *arguments)


def add_listed(directory, *rows):
    """Rows without an operation: (case, status, reason)."""
    lines = (directory / "results.csv").read_text().splitlines()
    names = lines[0].split(",")
    kept = {"schema", "run_id", "suite", "ranks", "store", *factor_columns()}
    for case_name, status, reason in rows:
        cells = {n: v if n in kept else "" for n, v in zip(names, lines[1].split(","))}
        cells |= {"case": f'"{case_name}"', "status": status, "reason": f'"{reason}"', "warmup": "false"}
        cells |= {"case_id": "00000000000000ff", "case_number": "99"}
        lines.append(",".join(cells[n] for n in names))
    (directory / "results.csv").write_text("\n".join(lines) + "\n")
    return directory


def question(directory, text="Does it hold?"):
    (directory / "plan.yaml").write_text(f"# {text}\nsuite: synthetic\n")
    return directory


def stopped(directory):
    write_run(directory, [case("a", _repetitions=3), case("b", chunk="8x8")])
    return add_listed(
        directory, ("a", "interrupted", "SIGTERM came"), ("z", "stopped", "a limit of 60 s was reached")
    )


def nasty(directory):
    write_run(directory, [case("NAME"), case("b", chunk="8x8")])
    path = directory / "results.csv"
    path.write_text(path.read_text().replace(",NAME,", ',"' + NASTY.replace('"', '""') + '",'))
    return question(add_listed(directory, (NASTY.replace('"', '""'), "stopped", "<b>bold</b>")), NASTY)


RUNS = {
    "chunks": lambda at: question(write_run(at, chunks_run())),
    "one": lambda at: write_run(at, [case("contiguous")]),
    "one-repetition": lambda at: write_run(at, [case("contiguous")], repetitions=1),
    "skipped": lambda at: write_run(
        at, [case("a", _status="skipped"), case("b", chunk="8x8", _status="skipped")]
    ),
    "failures": lambda at: write_run(
        at,
        [case("a"), case("b", chunk="8x8", _status="mismatch"), case("c", chunk="16x16", _status="failed")],
    ),
    "stopped": stopped,
    "empty": lambda at: write_run(at, []),
    "nasty": nasty,
    "objects": lambda at: write_run(at, metadata_cases()),
    "mixed": lambda at: write_run(at, [case("bytes"), *metadata_cases()]),
    "no-roofs": lambda at: write_run(
        at, [case("a")], columns=[c for c in header() if not c.startswith("roof_") and c != "efficiency_frac"]
    ),
}


def many(directory):
    return question(write_run(directory, many_run(2000), repetitions=2))
