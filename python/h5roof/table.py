"""Tables for people who go on with pandas. Whatever is a statistic here is the program's own."""

import os
import re

import pandas as pd

from .cases import load_frame
from .files import FileError, Missing, read_object, read_text, visible
from .program import show

UNITS = {"s": "s", "bytes": "bytes", "mibps": "MiB/s", "frac": "1", "count": "1", "per_s": "1/s"}
_EXACT = 2**53  # from here on a float does not tell one integer from the next
_INTEGER = re.compile(r"(_bytes|_count|_slowest_rank)$|^(schema|case_number|block|repetition|ranks)$")


def unit_of(column):
    """Unit of a column, which its name ends in; "": it has none."""
    found = re.search(r"_(per_s|s|bytes|mibps|frac|count)(_low|_high)?$", column)
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
    metadata = _metadata(at, frame.columns)
    frame.attrs |= metadata | {"warnings": [*warnings, *metadata["warnings"]]}
    return frame


def results(directory, program=None):
    """A row per case, operation and number of ranks: identity, factors, phases, roofs, counters, marks and notes, as
    `h5roof show` says them; of each column of real numbers NAME, the median, NAME_low and NAME_high. In attrs: as for load(), and explanations {note: what it means}. Raises ProgramError.
    """
    document = show(directory, program)
    records = []
    for result in document["results"]:
        record = {}
        for name, value in result.items():
            if name == "columns":
                for column, s in value.items():
                    record |= {column: s["median"], f"{column}_low": s["low"], f"{column}_high": s["high"]}
            else:
                record |= value if isinstance(value, dict) else {name: value}
        records.append(record)
    frame = pd.DataFrame(records)
    more = {"explanations": document["explanations"], "torn": document["torn"]}
    frame.attrs |= _metadata(str(directory), frame.columns) | more
    return frame


def _metadata(directory, columns):
    found = {"units": {c: unit_of(c) for c in columns if unit_of(c)}, "env": {}, "plan": "", "warnings": []}
    for key, name, read in (("env", "env.json", read_object), ("plan", "plan.yaml", read_text)):
        try:
            found[key] = read(os.path.join(directory, name))
        except Missing:
            pass  # of a run that was killed
        except FileError as error:
            found["warnings"].append(f"{name} cannot be read: {error}")
    found["plan"] = visible(found["plan"], lines=True)
    return found
