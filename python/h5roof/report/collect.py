"""Everything that is known of a run: summaries and notes from `h5roof show`, the repetitions from results.csv."""

import json
import math
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..cases import ALL_PHASES, BANDWIDTH, MEASURES, TIME, Results, Summary
from ..cases import is_listed, load_frame, summarise_frame
from ..program import show

PARTS = ("min_s", "med_s", "max_s")


@dataclass
class Run:
    directory: str
    records: list  # of `show`: one per case and operation, with all that was measured
    listed: list  # those without a repetition: skipped, interrupted, stopped
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
        return rows[0]["suite"] if rows else self.environment.get("suite", Path(self.directory).name)

    @property
    def run_id(self):
        rows = self.records + self.listed
        return rows[0]["run_id"] if rows else self.environment.get("run_id", "")


def collect(directory, program):
    """Raises ProgramError, and ResultsError where results.csv cannot be read."""
    path, frame, warnings = load_frame(directory)
    directory = os.path.dirname(path) or "."
    document = show(directory, program)
    records = [r for r in document["results"] if r["operation"] and r["status"] != "skipped"]
    listed = [r for r in document["results"] if not r["operation"] or r["status"] == "skipped"]
    environment, env_warning = read_environment(directory)
    plan = read_text(directory, "plan.yaml")
    results = summarise_frame(frame, warnings) if len(frame) else None
    add_values(records, results)
    return Run(
        directory=directory,
        records=records,
        listed=listed,
        explanations=document["explanations"],
        frame=frame,
        results=results,
        environment=environment,
        question=question_of(plan),
        plan=plan,
        warnings=[w.removeprefix(f"{path}: ") for w in warnings] + env_warning,
    )


def add_values(records, results):
    """Each record gets its measure, its value in that, and its speed, of which more is better; n is 0 without one."""
    measured = results.cases if results else ()
    cases = {(c.case_id, c.case, c.ranks, c.operation): c for c in measured}
    for record in records:
        case = cases.get(key_of(record))
        record["measure"] = case.measure if case else BANDWIDTH
        record["value"] = case.value if case else Summary(0, math.nan)
        record["speed"] = record["value"].as_rate(1) if record["measure"] is TIME else record["value"]


def read_text(directory, name):
    try:
        return Path(directory, name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def read_environment(directory):
    text = read_text(directory, "env.json")
    if not text:
        return {}, ["there is no env.json: the machine is not known"]
    try:
        found = json.loads(text)
    except ValueError as error:
        return {}, [f"env.json cannot be read ({error}): the machine is not known"]
    return (found, []) if isinstance(found, dict) else ({}, ["env.json holds no object"])


def question_of(plan):
    """The first comment of a suite is its question."""
    lines = []
    for line in plan.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").strip())
    return " ".join(lines).strip()


# ---- what a case's details need


def key_of(record):
    return (record["case_id"], record["case"], int(record["ranks"] or 0), record["operation"])


def repetitions(run):
    """{key: [[block, value or None, kind]]} in the order of execution; kind: 0 measured, 1 warm-up, 2 left out."""
    rows = run.frame[~is_listed(run.frame)]
    columns = {key_of(r): MEASURES.index(r["measure"]) for r in run.records}
    found = {}
    identity = zip(*(rows[c] for c in ("case_id", "case", "ranks", "operation", "block", "warmup", "status")))
    values = zip(*(rows.get(m.column, pd.Series(math.nan, rows.index)) for m in MEASURES))
    for (case_id, case, ranks, operation, block, warmup, status), measured in zip(identity, values):
        kind = 2 if status != "ok" else 1 if warmup == "true" else 0
        key = (case_id, case, 0 if pd.isna(ranks) else int(ranks), operation)
        value = measured[columns[key]]
        value = None if pd.isna(value) else float(f"{value:.4g}")
        found.setdefault(key, []).append([None if pd.isna(block) else int(block), value, kind])
    return found


def phases(frame):
    """{key: [[phase, fastest, median, slowest rank's seconds]]}: medians over the measured repetitions."""
    rows = frame[~is_listed(frame) & (frame["warmup"] != "true") & (frame["status"] == "ok")]
    columns = [f"{n}_{part}" for n in ALL_PHASES for part in PARTS if f"{n}_{part}" in frame.columns]
    if rows.empty or not columns:
        return {}
    medians = rows.groupby(["case_id", "case", "ranks", "operation"], sort=False)[columns].median()
    found = {}
    for index, values in zip(medians.index, medians.to_dict("records")):
        times = [[n, *(values.get(f"{n}_{part}", float("nan")) for part in PARTS)] for n in ALL_PHASES]
        key = (index[0], index[1], int(index[2]), index[3])
        found[key] = [[t[0], *(float(f"{v:.4g}") for v in t[1:])] for t in times if not any(pd.isna(t[1:]))]
    return found


def command_of(run, record, names):
    """What measures this case again, for a shell. names: of all cases of the run."""
    scratch = run.environment.get("filesystems", {}).get("scratch", {}).get("mount_point", "")
    line = [
        *("mpirun", "-n", str(record["ranks"]), "h5roof", "run"),
        os.path.join(run.directory, "plan.yaml"),
    ]
    line += ["--only", only_pattern(record["case"], names)]
    given = scratch_given(run.environment.get("command_line") or [])
    if given or scratch:
        line += ["--scratch", given or scratch]
    return " ".join(shlex.quote(word) for word in line)


def scratch_given(words):
    for i, word in enumerate(words):
        if word == "--scratch" and i + 1 < len(words):
            return words[i + 1]
        if isinstance(word, str) and word.startswith("--scratch="):
            return word.partition("=")[2]
    return ""


def only_pattern(name, names):
    """A pattern of `run --only` that matches this name alone. Without *?[ a pattern matches inside names."""
    if not any(c in name for c in "*?[\\") and "\n".join(dict.fromkeys(names)).count(name) <= 1:
        return name
    escaped = re.sub(r"([*?\[\\])", r"\\\1", name)
    return escaped if re.search(r"[*?\[]", escaped) else re.sub(r"([A-Za-z0-9])", r"[\1]", escaped, count=1)
