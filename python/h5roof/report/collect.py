"""Everything that is known of a run: summaries and notes from `h5roof show`, the repetitions from results.csv."""

import math
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..cases import BANDWIDTH, MEASURES, NOTHING, TIME, Results
from ..cases import (
    is_listed,
    is_suspended,
    key_of,
    key_of_record,
    load_frame,
    phases_of,
    results_of,
    summary_of,
)
from ..files import FileError, Missing, read_object, read_text, visible
from ..program import show
from .machine import at, listed

PARTS = ("min_s", "med_s", "max_s")


@dataclass
class Run:
    directory: str
    records: list  # of `show`: one per case and operation, with all that was measured
    listed: list  # those without a repetition: skipped, interrupted, stopped
    summary: list  # what the run says in a few lines
    explanations: dict  # name of a note: what it means
    frame: pd.DataFrame  # results.csv
    results: Results  # the same for the pictures; None: no row
    environment: dict  # env.json
    question: str
    plan: str  # plan.yaml
    warnings: list

    @property
    def suite(self):
        rows = self.records + self.listed
        return (
            rows[0]["suite"]
            if rows
            else str(self.environment.get("suite", visible(Path(self.directory).name)))
        )

    @property
    def run_id(self):
        rows = self.records + self.listed
        return rows[0]["run_id"] if rows else str(self.environment.get("run_id", ""))


def collect(directory, program):
    """Raises ProgramError, and ResultsError where results.csv cannot be read."""
    path, frame, warnings = load_frame(directory)
    directory = os.path.dirname(path) or "."
    document = show(directory, program)
    records = [r for r in document["results"] if r["operation"] and r["status"] != "skipped"]
    listed = [r for r in document["results"] if not r["operation"] or r["status"] == "skipped"]
    environment, env_warning = read_environment(directory)
    plan, plan_warning = read_plan(directory)
    results = results_of(frame, document, warnings) if len(frame) else None
    add_values(records, results)
    return Run(
        directory=directory,
        records=records,
        listed=listed,
        summary=document["summary"],
        explanations=document["explanations"],
        frame=frame,
        results=results,
        environment=environment,
        question=question_of(plan),
        plan=plan,
        warnings=[w.removeprefix(f"{path}: ") for w in warnings] + env_warning + plan_warning,
    )


def add_values(records, results):
    """Each record gets its measure, its value in that, and its speed, of which more is better; n is 0 without one."""
    measured = results.cases if results else ()
    cases = {id(c.record): c for c in measured}
    for record in records:
        case = cases.get(id(record))
        record["measure"] = case.measure if case else BANDWIDTH
        record["value"] = case.value if case else NOTHING
        record["speed"] = record["value"].as_rate(1) if record["measure"] is TIME else record["value"]


def read_environment(directory):
    try:
        return read_object(os.path.join(directory, "env.json")), []
    except Missing:
        return {}, ["there is no env.json: the machine is not known"]
    except FileError as error:
        return {}, [f"env.json cannot be read ({error}): the machine is not known"]


def read_plan(directory):
    try:
        return visible(read_text(os.path.join(directory, "plan.yaml")), lines=True), []
    except Missing:
        return "", []
    except FileError as error:
        return "", [f"plan.yaml cannot be read ({error}): the question is not known"]


def question_of(plan):
    """The first comment of a suite is its question."""
    lines = []
    for line in plan.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").strip())
    return " ".join(lines).strip()


# ---- what a case's details need


def repetitions(run):
    """{key: [[block, value or None, kind]]} in the order of execution; kind: 0 measured, 1 warm-up, 2 left out."""
    rows = run.frame[~is_listed(run.frame) & ~is_suspended(run.frame)]
    columns = {key_of_record(r): MEASURES.index(r["measure"]) for r in run.records}
    found = {}
    identity = zip(*(rows[c] for c in ("case_id", "case", "ranks", "operation", "block", "warmup", "status")))
    values = zip(*(rows.get(m.column, pd.Series(math.nan, rows.index)) for m in MEASURES))
    for (case_id, case, ranks, operation, block, warmup, status), measured in zip(identity, values):
        kind = 2 if status != "ok" else 1 if warmup == "true" else 0
        key = key_of(case_id, case, ranks, operation)
        value = measured[columns[key]] if key in columns else None
        value = None if pd.isna(value) else float(f"{value:.4g}")
        found.setdefault(key, []).append([None if pd.isna(block) else int(block), value, kind])
    return found


def phases(record):
    """[[phase, fastest, median, slowest rank's seconds]]: medians over the repetitions."""
    parts = [(n, [summary_of(record, f"{n}_{part}") for part in PARTS]) for n in phases_of(record)]
    return [[n, *(float(f"{s.median:.4g}") for s in found)] for n, found in parts if all(s.n for s in found)]


def command_of(run, record, names):
    """What measures this case again, for a shell. names: of all cases of the run."""
    scratch = at(run.environment, "filesystems", "scratch", "mount_point")
    line = [
        *("mpirun", "-n", str(record["ranks"]), "h5roof", "run"),
        visible(os.path.join(run.directory, "plan.yaml")),
    ]
    line += ["--only", only_pattern(record["case"], names)]
    given = scratch_given(listed(at(run.environment, "command_line")))
    if given or scratch:
        line += ["--scratch", str(given or scratch)]
    return " ".join(shlex.quote(word) for word in line)


def scratch_given(words):
    words = [str(word) for word in words]
    for i, word in enumerate(words):
        if word == "--scratch" and i + 1 < len(words):
            return words[i + 1]
        if word.startswith("--scratch="):
            return word.partition("=")[2]
    return ""


def only_pattern(name, names):
    """A pattern of `run --only` that matches this name alone. Without *?[ a pattern matches inside names."""
    if not any(c in name for c in "*?[\\") and "\n".join(dict.fromkeys(names)).count(name) <= 1:
        return name
    escaped = re.sub(r"([*?\[\\])", r"\\\1", name)
    return escaped if re.search(r"[*?\[]", escaped) else re.sub(r"([A-Za-z0-9])", r"[\1]", escaped, count=1)
