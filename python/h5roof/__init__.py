"""Results of h5roof in Python.

load(directory)     the rows of results.csv as a DataFrame: types, units, and what is known of the machine
results(directory)  what `h5roof show` says: a row per case and operation, with medians, intervals, marks and notes

plot draws, report writes the page; scripts/plot.py and scripts/report.py call them.
"""

import importlib

# pandas is loaded when it is needed: who only looks for the program does without
_PLACES = {
    "ProgramError": "program",
    "ResultsError": "cases",
    "find_program": "program",
    "load": "table",
    "results": "table",
    "unit_of": "table",
}
__all__ = [*_PLACES]


def __getattr__(name):
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_PLACES[name]}", __name__), name)
