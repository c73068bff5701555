#!/usr/bin/env python3
"""The figures of docs/symptoms.md, measured again on this machine: runs every suite of configs/symptoms with 2 ranks, one
after the other, and writes the page. The machine should have nothing else to do. MPIRUN is the launcher with its options."""

import csv
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [HERE, os.path.join(ROOT, "python")]
from h5roof.files import FileError, Parser, read_object, say, visible  # noqa: E402
from lessons import duration, interval, rows_of, short  # noqa: E402

RANKS = 2
SKIPPED = "skipped"


def begin(name):
    return f"<!-- figures: {name} -->"


class Failed(Exception):
    """A command did not do what it is for."""


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def measure(h5roof, symptoms, out, scratch):
    """A directory of results for each symptom that has none yet."""
    if os.geteuid() == 0:
        os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    launch = [*shlex.split(os.environ.get("MPIRUN", "mpirun")), "-n", str(RANKS), h5roof, "run"]
    for number, symptom in enumerate(symptoms, 1):
        where = directory_of(out, symptom)
        if not os.path.exists(os.path.join(where, "env.json")):
            say("symptoms.py", f"{number} of {len(symptoms)}: {symptom['name']}")
            output(*launch, symptom["name"], "--out", where, *scratch)


def directory_of(out, symptom):
    return os.path.join(out, os.path.basename(symptom["name"]))


def sides_of(symptom):
    """The case and operation that are bad, and those that are cured."""
    return [tuple(side.split()) for side in (symptom["bad"], *symptom["cured"].split(";"))]


def repetitions(rows, case, operation):
    """The rows that count; of a case that is skipped, the row that says so."""
    found = [row for row in rows if row["case"] == case and row["operation"] == operation]
    found = [row for row in found if row["status"] == "ok" and row["warmup"] in ("false", "0")]
    return found or [row for row in rows if row["case"] == case and row["status"] == SKIPPED]


def size(value):
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if value >= factor:
            return f"{short(value / factor)} {unit}"
    return f"{value:.0f} B"


def cell(rows, column):
    """A counter: the same in all repetitions, or its median."""
    values = [row[column] for row in rows]
    if not values[0].isdecimal():
        return values[0] or "-"
    value = statistics.median_low(int(value) for value in values)
    return size(value) if column.endswith("_bytes") else f"{value:,}".replace(",", " ")


def faster(bad, good):
    if not bad or not good:
        return "-"
    ratio = statistics.median(bad) / statistics.median(good)
    low, high = interval(bad, good)
    if low <= 1 <= high:
        return f"cannot be told here: {short(low)} to {short(high)}"
    return f"{short(ratio)} ({short(low)}-{short(high)})"


def times(rows, column):
    return [float(row[column]) for row in rows if row["status"] == "ok"]


def table(symptom, rows):
    """Bad and cured, side by side."""
    proof = [name.strip() for name in symptom["proof"].split(",")]
    found = {side: repetitions(rows, *side) for side in sides_of(symptom)}
    missing = [" ".join(side) for side, of in found.items() if not of]
    if missing:
        raise Failed(f"{symptom['name']}: no results of {', '.join(missing)}")
    moved = {row["payload_bytes"] for of in found.values() for row in of if row["status"] == "ok"}
    if len(moved) != 1:
        raise Failed(f"{symptom['name']}: bad and cured do not move the same: {sorted(moved)}")
    bad = times(next(iter(found.values())), symptom["time"])
    names = [f"`{name}`" for name in (symptom["time"], "times as fast", *proof)]
    names[1] = "times as fast"
    lines = [f"| case, operation | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for number, ((case, operation), of) in enumerate(found.items()):
        mine = times(of, symptom["time"])
        cells = [duration(statistics.median(mine)) if mine else "-", faster(bad, mine) if number else ""]
        cells += [cell(of, column) for column in proof]
        lines.append(f"| `{case}`, {operation} | {' | '.join(cells)} |")
    return lines


def noted(h5roof, symptom, out, rows):
    """What the note that names the cause says; of a skipped case, the reason."""
    case, operation = sides_of(symptom)[0]
    if symptom["note"] == SKIPPED:
        return f"`skipped`: {repetitions(rows, case, operation)[0]['reason']}"
    shown = json.loads(output(h5roof, "show", directory_of(out, symptom), "--format", "json"))["results"]
    for result in shown:
        if (result["case"], result["operation"]) == (case, operation):
            for note in result["notes"]:
                if note["name"] == symptom["note"]:
                    return f"`{note['name']}`: {note['text']}"
    return f"`{symptom['note']}` was not said in this run"


def machine(env, rows):
    node = env["nodes"][0]
    return (
        f"{rows[0]['time_utc'][:10]}, {env['rank_count']} ranks on {node['cpus_online']} cores ({node['cpu_model']}), "
        f"{env['filesystems']['scratch']['type']}, HDF5 {env['hdf5']['version']}, {env['mpi']['library'].split(',')[0]} "
        f"with {env['mpi']['io_component']}."
    )


def figures(h5roof, symptoms, out):
    """What stands between the marks of the page, by name."""
    found = {}
    for symptom in symptoms:
        where = directory_of(out, symptom)
        rows = list(rows_of(os.path.join(where, "results.csv")))
        lines = [*table(symptom, rows), "", noted(h5roof, symptom, out, rows)]
        found[symptom["name"]] = "\n".join(lines)
        ran = [row for row in rows if row["status"] == "ok"]
        found.setdefault("machine", machine(read_object(os.path.join(where, "env.json")), ran))
    return found


def filled(page, found):
    for name, text in found.items():
        before, after = page.split(begin(name))
        page = f"{before}{begin(name)}\n{visible(text, lines=True)}\n{after.lstrip(chr(10))}"
    return page


def main():
    parser = Parser(description=__doc__)
    parser.add_argument(
        "--h5roof", default=os.path.join(ROOT, "build", "release", "h5roof"), metavar="PROGRAM"
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="keep the results there; what is there is not measured again (default: a directory that is removed)",
    )
    parser.add_argument("--scratch", metavar="DIR", help="directory under test, as of h5roof run")
    parser.add_argument("--page", default=os.path.join(ROOT, "docs", "symptoms.md"), metavar="FILE")
    arguments = parser.parse_args()
    h5roof = arguments.h5roof
    scratch = ["--scratch", arguments.scratch] if arguments.scratch else []
    try:
        symptoms = json.loads(output(h5roof, "list", "symptoms", "--format", "json"))["symptoms"]
        with tempfile.TemporaryDirectory() as temporary:
            out = arguments.out or temporary
            os.makedirs(out, exist_ok=True)
            measure(h5roof, symptoms, out, scratch)
            page = filled(output(h5roof, "doc", "symptoms"), figures(h5roof, symptoms, out))
        with open(arguments.page, "w", encoding="utf-8") as file:
            file.write(page)
    except Failed as error:
        say("symptoms.py", str(error))
        return 3
    except (FileError, csv.Error, OSError, LookupError, TypeError, ValueError) as error:
        say("symptoms.py", f"{type(error).__name__}: {error}")
        return 4
    say("symptoms.py", f"written: {os.path.relpath(arguments.page)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
