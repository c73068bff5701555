"""The cases of a run: what `h5roof show` says of each, beside its rows in results.csv. Nothing in here draws or prints."""

import csv
import fnmatch
import io
import math
import os
import re
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from .files import FileError, Missing, read_text, visible, MOST_BYTES
from .program import show

SCHEMA_VERSION = 1
LARGEST = 1e30  # above what any column can hold, and far from where sums and ratios overflow

# What an operation does with its payload: the column `direction`.
WRITES, READS = "writes", "reads"

REQUIRED = (
    *("schema", "run_id", "suite", "case_id", "case", "repetition", "warmup", "operation", "status"),
    *("quality", "ranks", "durable_s", "durable_mibps", "payload_bytes"),
)
MIB = 1024.0 * 1024.0


@dataclass(frozen=True)
class Measure:
    """What an operation is measured in."""

    name: str
    axis: str  # its label
    unit: str  # "": a value names its own
    does: str  # what a case does that has it
    what: str  # with this
    column: str
    amount: str = ""  # column of what is divided by the time
    scale: float = 1.0  # of the amount


BANDWIDTH = Measure(
    "durable bandwidth",
    "durable bandwidth, MiB/s",
    "MiB/s",
    "moves",
    "bytes",
    "durable_mibps",
    "payload_bytes",
    MIB,
)
RATE = Measure(
    "objects per second",
    "objects per second",
    "objects/s",
    "handles",
    "objects",
    "objects_per_s",
    "objects_count",
)
TIME = Measure("time", "time", "", "takes", "time", "durable_s")
MEASURES = (BANDWIDTH, RATE, TIME)  # an operation is measured in the first of these that it has values of

_NUMERIC = re.compile(
    r"(_s|_bytes|_mibps|_frac|_count|_slowest_rank)$|^(schema|case_number|block|repetition|ranks)$"
)


class ResultsError(Exception):
    """The results cannot be read; the message is for the user."""


# ---- what the program says


@dataclass(frozen=True)
class Summary:
    """Median of repetitions with its 95 % interval, as the program says; low and high are NaN without one."""

    n: int
    median: float
    low: float = math.nan
    high: float = math.nan

    @property
    def has_ci(self):
        return not math.isnan(self.low)

    @property
    def half_width(self):
        """Half width of the interval relative to the median; inf without one."""
        if not self.has_ci or self.median <= 0.0:
            return math.inf
        return max(self.high - self.median, self.median - self.low) / self.median

    def as_rate(self, amount):
        """So much in these seconds, by second: the interval turns round."""
        if self.n == 0 or self.median <= 0.0:
            return Summary(0, math.nan)
        low = amount / self.high if self.has_ci and self.low > 0.0 else math.nan
        high = amount / self.low if self.has_ci and self.low > 0.0 else math.nan
        return Summary(self.n, amount / self.median, low, high)


NOTHING = Summary(0, math.nan)


def summary_of(record, column):
    """Of a column of real numbers; n is 0 where no repetition has a value in it."""
    found = record["columns"].get(column)
    if found is None or found["median"] is None:
        return NOTHING
    ends = (found["low"], found["high"])
    return Summary(found["n"], found["median"], *(ends if None not in ends else ()))


def phases_of(record):
    """The names of all phases, in the order in which they happen."""
    return [name.removesuffix("_median_s") for name in record["phases"]]


def fact_of(record, column):
    """What is the same in all repetitions: sizes, counts, modes. None: does not apply."""
    groups = [v for k, v in record.items() if isinstance(v, dict) and k != "columns"]
    return next((g[column] for g in (*groups, record) if column in g), None)


@dataclass
class Case:
    """A case and one operation: what the program says of it, and its verified repetitions."""

    name: str
    operation: str
    ranks: int
    factors: dict
    frame: pd.DataFrame
    warmup: pd.DataFrame  # its warm-up repetitions
    record: dict  # of `h5roof show`
    _summaries: dict = field(default_factory=dict, repr=False, compare=False)

    def summary(self, column):
        if column not in self._summaries:
            self._summaries[column] = summary_of(self.record, column)
        return self._summaries[column]

    @property
    def case_id(self):
        return self.record["case_id"]

    @property
    def measure(self):
        return next(m for m in MEASURES if self.summary(m.column).n)

    @property
    def value(self):
        """In the case's own measure."""
        return self.summary(self.measure.column)

    @property
    def direction(self):
        return self.text("direction")

    @property
    def time(self):
        return self.summary("durable_s")

    @property
    def phases(self):
        return phases_of(self.record)

    def roof(self, column="roof_s"):
        """Rate that the same bytes or objects would have in the median time of a roof."""
        amount = self.number(self.measure.amount) / self.measure.scale
        return self.summary(column).as_rate(amount)

    @property
    def too_short(self):
        """Most repetitions are marked too short to trust."""
        marked = self.record["quality"]["short_count"]
        return marked > 0.5 * self.record["statistics"]["repetitions_count"]

    def number(self, column):
        """A count or size that is the same in all repetitions; NaN: does not apply."""
        found = fact_of(self.record, column)
        return math.nan if found is None else float(found)

    def text(self, column):
        """A word that is the same in all repetitions."""
        return str(fact_of(self.record, column) or "")


@dataclass(frozen=True)
class Results:
    run_ids: tuple
    suites: tuple
    columns: tuple
    cases: tuple  # in the order of the suite
    skipped: tuple  # (case name, factors, reason) of the cases that a rule forbids
    bad: int  # repetitions that are left out: data that did not verify, failures
    warnings: tuple

    def select(self, operation=None, only=None):
        """The part of the results of one operation and of the cases that match a pattern, as in `run --only`."""
        chosen = self.where(lambda c: operation in (None, c.operation) and name_matches(c.name, only))
        return replace(chosen, skipped=tuple(s for s in self.skipped if name_matches(s[0], only)))

    def where(self, holds):
        """The part of the results whose cases have a property."""
        return replace(self, cases=tuple(c for c in self.cases if holds(c)))

    def measures(self):
        found = {c.measure for c in self.cases}
        return [m for m in MEASURES if m in found]

    def by_measure(self):
        """[(measure, the part of the results that is measured in it)]."""
        return [(m, self.where(lambda c, m=m: c.measure is m)) for m in self.measures()]

    def operations(self):
        """In the order in which the cases do them."""
        return list(dict.fromkeys(c.operation for c in self.cases))


def combine(runs, labels):
    """Several runs as one: the run becomes a factor and the beginning of each name."""
    if len(runs) == 1:
        return runs[0]
    cases, skipped = [], []
    for run, label in zip(runs, labels):
        cases += [
            replace(c, name=f"{label}/{c.name}", factors={**c.factors, "run": label}) for c in run.cases
        ]
        skipped += [(f"{label}/{name}", {**f, "run": label}, reason) for name, f, reason in run.skipped]
    return Results(
        run_ids=tuple(dict.fromkeys(i for r in runs for i in r.run_ids)),
        suites=tuple(dict.fromkeys(s for r in runs for s in r.suites)),
        columns=tuple(c for c in runs[0].columns if all(c in r.columns for r in runs)),
        cases=tuple(cases),
        skipped=tuple(skipped),
        bad=sum(r.bad for r in runs),
        warnings=tuple(w for r in runs for w in r.warnings),
    )


def name_matches(name, pattern):
    """Shell pattern; one without any of *?[ matches where it occurs in the name."""
    if pattern is None:
        return True
    return fnmatch.fnmatchcase(name, pattern) if re.search(r"[*?\[]", pattern) else pattern in name


def load(directory, program=None):
    """Results of a directory (or of the results.csv in it). Raises ResultsError and ProgramError."""
    path, frame, warnings = load_frame(directory)
    if frame.empty:
        raise ResultsError(f"{path}: no rows: the run ended before its first repetition did")
    return results_of(frame, show(os.path.dirname(path) or ".", program), warnings)


def load_frame(directory):
    """(path, all rows as a frame, warnings); the frame may be empty. Raises ResultsError."""
    path = directory if os.path.isfile(directory) else os.path.join(directory, "results.csv")
    header, rows, warnings = read_rows(path)
    missing = [c for c in REQUIRED if c not in header]
    if missing:
        raise ResultsError(f"{path}: not a result table of h5roof: no column {', '.join(missing)}")
    frame = to_frame(path, header, rows)
    if not frame.empty and frame["schema"].max() > SCHEMA_VERSION:
        newest = int(frame["schema"].max())
        raise ResultsError(
            f"{path}: schema {newest} is newer than this program, which knows {SCHEMA_VERSION}"
        )
    return path, frame, warnings


def read_rows(path):
    """(header, rows, warnings). A run that was killed may have left half a line at the end: it is left out."""
    try:
        text = read_text(path, MOST_BYTES)
    except FileError as error:
        what = "no results there" if isinstance(error, Missing) else "cannot read"
        raise ResultsError(f"{path}: {what}: {error}") from None
    records, torn = [], text != "" and not text.endswith("\n")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for record in reader:
            records.append((reader.line_num, record))
    except csv.Error as error:
        if "unexpected end of data" not in str(error):
            raise ResultsError(f"{path}:{reader.line_num}: {error}") from None
        # the reader gave no record for the open quote: nothing more to cut off
        torn, records = True, records + [(reader.line_num, [])]
    if not records or (torn and len(records) == 1):
        raise ResultsError(f"{path}: empty: not even a whole header line")
    header = [visible(name) for name in records[0][1]]
    if torn or (len(records) > 1 and len(records[-1][1]) < len(header)):
        torn = True
        records.pop()
    for line, record in records[1:]:
        if len(record) != len(header):
            raise ResultsError(f"{path}:{line}: {len(record)} fields, but the header has {len(header)}")
    warnings = (f"{path}: the last line is torn (a killed run?): left out",) if torn else ()
    return header, records[1:], warnings


def to_frame(path, header, rows):
    frame = pd.DataFrame([record for _, record in rows], columns=header, dtype=object)
    for column in header:
        text = frame[column]
        if not _NUMERIC.search(column):
            frame[column] = text.map({t: visible(t) for t in text.unique()}).astype(object)
            continue
        number = pd.to_numeric(text.where(text != "", None), errors="coerce").astype(float)
        wrong = ((text != "") & number.isna()) | (number.abs() > LARGEST)
        if wrong.any():
            at = int(np.argmax(wrong.to_numpy()))
            what = "is not a number" if np.isnan(number.iloc[at]) else "is beyond all that can be measured"
            raise ResultsError(f"{path}:{rows[at][0]}: {column}: '{text.iloc[at][:80]}' {what}")
        frame[column] = number
    return frame


def key_of(case_id, case, ranks, operation):
    """What tells results apart. What is no plain text in a name may be written in several ways."""
    plain = re.sub(r"\\[xu][0-9a-f]{2,4}|[^ -~]", "", case)
    return case_id, plain, 0 if ranks is None or math.isnan(ranks) else int(ranks), operation


def key_of_record(record):
    return key_of(*(record[k] for k in ("case_id", "case", "ranks", "operation")))


def is_suspended(rows):
    """Repetitions during which the job stood still: they were made again, and `show` does not count them."""
    return rows["quality"].str.split(";").map(lambda marks: isinstance(marks, list) and "suspended" in marks)


def results_of(frame, document, warnings):
    """Cases of a frame, with what the program says of them."""
    records = {key_of_record(r): r for r in document["results"]}
    known = document["results"][0]["factors"] if document["results"] else ()
    factors = ["ranks", *(f for f in known if f in frame.columns)]
    if "case_number" in frame.columns:  # rows are in the order of execution, which is shuffled
        frame = frame.sort_values("case_number", kind="stable")
    measured = frame[frame["warmup"] != "true"]
    usable = frame[(frame["status"] == "ok") & frame["durable_s"].notna()]
    good, warm = (
        usable[(usable["warmup"] != "true") & ~is_suspended(usable)],
        usable[usable["warmup"] == "true"],
    )
    keys = ["case_id", "case", "ranks", "operation"]
    warm_of = dict(list(warm.groupby(keys, sort=False, dropna=False)))
    sweeps_ranks = good.groupby("case_id")["ranks"].nunique().gt(1)
    cases = []
    for key, part in good.groupby(keys, sort=False, dropna=False):
        record = records.get(key_of(*key))
        if record is None or not summary_of(record, "durable_s").n:
            continue  # the file has changed since the program read it
        ranks = int(key[2]) if not math.isnan(key[2]) else 0
        name = f"{key[1]}/ranks={ranks}" if sweeps_ranks[key[0]] else key[1]
        first = part.iloc[0]
        values = {f: str(ranks) if f == "ranks" else _plain(first[f]) for f in factors}
        cases.append(Case(name, key[3], ranks, values, part, warm_of.get(key, warm.iloc[:0]), record))
    skipped = frame[frame["status"] == "skipped"].drop_duplicates("case_id")
    return Results(
        run_ids=tuple(frame["run_id"].unique()),
        suites=tuple(frame["suite"].unique()),
        columns=tuple(frame.columns),
        cases=tuple(cases),
        skipped=tuple(
            (r["case"], {f: _plain(r[f]) for f in factors}, r.get("reason", ""))
            for _, r in skipped.iterrows()
        ),
        bad=int(((measured["status"] != "ok") & ~is_listed(measured)).sum()),
        warnings=warnings,
    )


def is_listed(frame):
    """Which rows stand for no repetition: a case that was skipped, or in which the run was interrupted."""
    return (frame["operation"] == "") | (frame["status"] == "skipped")


def _plain(value):
    """Text of a factor; numbers without a decimal point."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.0f}"
    return str(value)
