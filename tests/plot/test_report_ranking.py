"""What the report calls the fastest, and what it says of factors: only what the numbers can tell."""

import math
import types

import pytest
from h5roof.cases import BANDWIDTH, Summary
from h5roof.report import findings


def record(name, speed, notes=(), half=0.02, ranks=2, **factors):
    """A result whose interval reaches `half` away from its median; None: it has none."""
    ends = (math.nan, math.nan) if half is None else (speed * (1 - half), speed * (1 + half))
    summary = Summary(10, speed, *ends)
    return {
        "case": name,
        "operation": "read",
        "ranks": ranks,
        "factors": {"driver": "mpio", "layout": "contiguous", "chunk": "", "filter": "none", **factors},
        "measure": BANDWIDTH,
        "value": summary,
        "speed": summary,
        "statistics": {},
        "roof_bound": "",
        "status": "ok",
        "notes": [{"name": n, "text": n} for n in notes],
    }


def said(*records, heading=findings.SPEED):
    run = types.SimpleNamespace(records=list(records), listed=[])
    return [f.text.striptags() for f in findings.findings_of(run) if f.level == heading]


def test_the_fastest_of_the_few_that_are_left_is_not_called_the_fastest():
    (text,) = said(
        record("slow", 900),
        record("left", 1116),
        record("odd", 8364, ["above_roof"]),
        record("quick", 5000, ["short"]),
    )
    assert text.startswith(
        "Which read is fastest cannot be told, since results that are not ranked may be faster."
    )
    assert "Those 2 that can be ranked go from 900 MiB/s (slow) to 1116 MiB/s (left)." in text
    assert "Not ranked: 2 results (1 above the roof, 1 too short), the fastest odd with 8364 MiB/s." in text
    assert "Fastest read" not in text


def test_what_is_left_out_and_certainly_slower_does_not_matter():
    (text,) = said(record("a", 1000), record("b", 500), record("odd", 300, ["short"]))
    assert text.startswith("Fastest read: a with 1000 MiB/s (95 % interval 980 to 1020). Slowest: b")
    assert text.endswith("Not ranked: 1 result (1 too short), the fastest odd with 300 MiB/s.")


def test_what_reaches_no_disk_or_is_wrong_is_no_rival_and_is_named():
    (text,) = said(record("a", 1000), record("b", 500), record("core", 9000, ["volatile"]))
    assert text.startswith("Fastest read: a with")
    assert "Not ranked: 1 result (1 not durable), the fastest core with 9000 MiB/s." in text
    (text,) = said(record("a", 1000), record("b", 500), record("wrong", 9000, ["mismatch", "short"]))
    assert "(1 of wrong data)" in text


@pytest.mark.parametrize("half, told", [(0.02, True), (None, False)])
def test_without_an_interval_nothing_is_fastest(half, told):
    (text,) = said(record("a", 1000, half=half), record("b", 500))
    assert text.startswith(
        "Fastest read: a" if told else "Which read is fastest cannot be told, since it has too few"
    )


def test_one_of_many_is_not_the_fastest_and_none_is_said():
    (text,) = said(record("a", 1000), record("core", 9000, ["volatile"]))
    assert (
        "cannot be told, since there is one result to rank. The only one that can be ranked: a with" in text
    )
    (text,) = said(record("x", 1000, ["short"]), record("y", 9000, ["above_roof"]))
    assert text.startswith(
        "Read: no result can be ranked. Not ranked: 2 results (1 too short, 1 above the roof)"
    )


def test_a_factor_that_changes_something_alone_is_named():
    texts = said(
        record("one", 800),
        record("small", 100, layout="chunked", chunk="8x8"),
        record("large", 400, layout="chunked", chunk="64x64"),
        record("packed", 50, layout="chunked", chunk="64x64", filter="deflate:1"),
        heading=findings.FACTORS,
    )
    text = "\n".join(texts)
    assert (
        "layout and chunk alone change read by up to a factor of 8.00: contiguous 800 MiB/s, chunked 8x8 100"
        in text
    )
    assert (
        "filter alone changes read by up to a factor of 8.00: none 400 MiB/s, deflate:1 50.0 MiB/s." in text
    )
    assert len(texts) == 2


def test_chunks_of_one_layout_differ_in_the_chunk():
    (text,) = said(
        record("small", 100, layout="chunked", chunk="8x8"),
        record("large", 400, layout="chunked", chunk="64x64"),
        heading=findings.FACTORS,
    )
    assert text.startswith(
        "chunk alone changes read by up to a factor of 4.00: 64x64 400 MiB/s, 8x8 100 MiB/s"
    )


def test_cases_that_differ_in_two_factors_say_nothing_of_either():
    assert not said(
        record("a", 800), record("b", 100, driver="sec2", filter="deflate:1"), heading=findings.FACTORS
    )


def test_ranks_are_what_there_were_however_they_were_asked_for():
    (text,) = said(
        record("a/ranks=1", 100, ranks=1, ranks_asked="1"),
        record("a/ranks=all", 190, ranks=2, ranks_asked="all"),
        heading=findings.FACTORS,
    )
    assert text.startswith("ranks alone changes read by up to a factor of 1.9")
