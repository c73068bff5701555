"""Tables for people who go on with pandas. Whatever is a statistic here is the program's own."""

import json
import os
import re

import pandas as pd

from .cases import load_frame
from .program import show

UNITS = {"s": "s", "bytes": "bytes", "mibps": "MiB/s", "frac": "1", "count": "1", "per_s": "1/s"}
_EXACT = 2**53  # from here on a float does not tell one integer from the next
_INTEGER = re.compile(r"(_bytes|_count|_slowest_rank)$|^(schema|case_number|block|repetition|ranks)$")


def unit_of(column):
    """Unit of a column, which its name ends in; "": it has none."""
    found = re.search(r"_(per_s|s|bytes|mibps|frac|count)$", column)
    return UNITS[found[1]] if found else ""


def load(directory):
    """The rows of results.csv: numbers, True and False are such, an empty cell is missing. In attrs: units {column: unit},
    env (env.json), plan (the text of plan.yaml), warnings. Raises ResultsError."""
    path, frame, warnings = load_frame(directory)
    for column in frame.columns:
        values = frame[column]
        if values.dtype == object:
            values = values.mask(values == "")
            if values.notna().any() and values.dropna().isin(("true", "false")).all():
                values = values.map({"true": True, "false": False}).astype("boolean")
        elif _INTEGER.search(column) and (values.dropna() % 1 == 0).all() and not (values >= _EXACT).any():
            values = values.astype("Int64")
        frame[column] = values
    at = os.path.dirname(path) or "."
    frame.attrs |= _metadata(at, frame.columns) | {"warnings": list(warnings)}
    return frame


def results(directory, program=None):
    """A row per case and operation: identity, factors, medians and 95 % intervals, phases, roofs, counters, marks and
    notes, as `h5roof show` says them. In attrs: as for load(), and explanations {note: what it means}. Raises ProgramError.
    """
    document = show(directory, program)
    records = []
    for result in document["results"]:
        record = {}
        for name, value in result.items():
            record |= value if isinstance(value, dict) else {name: value}
        records.append(record)
    frame = pd.DataFrame(records)
    more = {"explanations": document["explanations"], "torn": document["torn"]}
    frame.attrs |= _metadata(str(directory), frame.columns) | more
    return frame


def _metadata(directory, columns):
    try:
        env = json.loads(_text(directory, "env.json") or "{}")
    except ValueError:
        env = {}  # of a run that was killed
    return {
        "units": {c: unit_of(c) for c in columns if unit_of(c)},
        "env": env,
        "plan": _text(directory, "plan.yaml"),
    }


def _text(directory, name):
    try:
        with open(os.path.join(directory, name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
