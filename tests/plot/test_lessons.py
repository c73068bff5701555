"""The table of docs/lessons.md: which ratios it gives, and what it says of those that cannot be told."""

import importlib.util

from conftest import SCRIPTS

SPEC = importlib.util.spec_from_file_location("lessons", SCRIPTS / "dev" / "lessons.py")
lessons = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(lessons)

STEADY = [1.00, 1.01, 0.99, 1.02, 0.98, 1.00]
HALF = [0.5 * t for t in STEADY]
WILD = [0.05, 6.5, 0.1, 5.0, 0.2, 4.0]


def test_a_ratio_with_a_narrow_interval_is_given():
    row = lessons.row_of("shuffle", "one / other", [STEADY, HALF])
    assert row.startswith("| `shuffle` | one / other | 1.00 s | 500 ms | 2.00 (") and row.endswith(
        " | 6 + 6 |"
    )
    assert "cannot" not in row


def test_a_ratio_that_says_nothing_is_not_given():
    row = lessons.row_of("shuffle", "one / other", [WILD, STEADY])
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[4].startswith("cannot be told here: 0.0") and cells[4].endswith(" to 5.69")
    assert cells[2:4] == ["2.10 s", "1.00 s"]


def test_a_quarter_is_the_limit_on_both_sides():
    assert lessons.told(2.0, 1.5, 2.5)
    assert not lessons.told(2.0, 1.49, 2.1)
    assert not lessons.told(2.0, 1.9, 2.51)
    assert not lessons.told(0.1, 0.0, 0.1)


def test_h5py_goes_on_until_its_ratios_can_be_told():
    times = {"elements": STEADY, "rows": HALF, "mean-big": STEADY, "mean-little": HALF}
    assert lessons.is_enough(times, 6)
    assert not lessons.is_enough(times, 7)
    assert not lessons.is_enough({**times, "mean-big": WILD}, 6)
