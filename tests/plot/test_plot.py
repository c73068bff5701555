"""scripts/plot.py on synthetic runs: what is drawn, what is said, and that nothing is clipped or overlaps."""

import functools
import itertools
import math
import re

import conftest
import numpy as np
import pytest
from conftest import SCHEMA, case, chunks_run, decades_run, long_run, many_run, modes_run
from h5roof.plot import heatmap, ladder, style
from h5roof.plot.kinds import KINDS, draw
from h5roof.cases import Summary, load

pytestmark = pytest.mark.filterwarnings("error")
style.use_style()
KIND = {kind.name: kind for kind in KINDS}


@functools.lru_cache(maxsize=None)
def loaded(directory):
    return load(directory)


@functools.lru_cache(maxsize=None)
def drawn(name, directory):
    return draw(KIND[name], loaded(directory))


def figures_of(name, directory, **select):
    """Of a directory in which nothing changes; each picture is drawn once."""
    if select:
        return draw(KIND[name], loaded(str(directory)).select(**select))
    return drawn(name, str(directory))


def by_gid(figure, pattern):
    return [a for a in figure.findobj() if a.get_gid() and re.fullmatch(pattern, a.get_gid())]


def points(figure, pattern):
    return sum(len(a.get_offsets()) for a in by_gid(figure, pattern))


def visible_texts(figure):
    figure.draw_without_rendering()
    found = [
        t for t in figure.findobj(style.matplotlib.text.Text) if t.get_visible() and t.get_text().strip()
    ]
    ticks = set()
    for axes in figure.axes:  # tick labels outside the limits exist but are not drawn
        for axis in (axes.xaxis, axes.yaxis):
            shown = {id(l) for tick in axis._update_ticks() for l in (tick.label1, tick.label2)}
            ticks |= {
                id(l) for t in axis.get_major_ticks() for l in (t.label1, t.label2) if id(l) not in shown
            }
    return [t for t in found if id(t) not in ticks]


def assert_tidy(figure):
    """All text lies on the canvas, and no text on another one. The text, on one line."""
    texts = visible_texts(figure)
    words = [t.get_text() for t in texts]
    boxes = np.array([t.get_window_extent().extents for t in texts])
    width, height = figure.canvas.get_width_height()
    x0, y0, x1, y1 = boxes.T
    clipped = (x0 < 0) | (y0 < 0) | (x1 > width) | (y1 > height)
    assert not clipped.any(), f"clipped: {words[clipped.argmax()]!r}"
    beside = (x1[:, None] <= x0 + 1) | (y1[:, None] <= y0 + 1)
    for one, other in zip(*np.where(~(beside | beside.T))):
        assert one == other, f"overlap: {words[one]!r} and {words[other]!r}"
    return on_one_line(texts)


def on_one_line(texts):
    return " ".join(" ".join(t.get_text() for t in texts).split())


def all_text(figure):
    return on_one_line(visible_texts(figure))


# ---- cases


def test_summary():
    few = Summary(3, 2.0)
    assert not few.has_ci and few.half_width == math.inf
    assert Summary(6, 3.5, 1.0, 6.0).half_width == pytest.approx(2.5 / 3.5)
    b = Summary(6, 4.0, 1.0, 8.0).as_rate(8)
    assert (b.median, b.low, b.high) == (2.0, 1.0, 8.0)


def test_warmup_and_unverified_repetitions_do_not_count(shared_run):
    results = loaded(str(shared_run([case("a"), case("b", chunk="8x8", _status="mismatch")], repetitions=7)))
    assert [(c.name, c.value.n) for c in results.cases] == [("a", 7), ("a", 7)]
    assert results.bad == 14
    assert all(c.value.half_width < 0.5 for c in results.cases)  # the warm-up is three times slower


def test_cases_are_in_the_order_of_the_suite(shared_run):
    cases = many_run(40)
    results = loaded(str(shared_run(cases, repetitions=2)))
    assert list(dict.fromkeys(c.name for c in results.cases)) == [c["name"] for c in cases]


def test_header_is_that_of_the_schema():
    names = conftest.schema_columns(SCHEMA.read_text())
    used = {c for kind in KINDS for c in kind.columns}
    assert set(names) >= used | {"roof_s", "roof_bound", "efficiency_frac", "cache", "quality", "reason"}
    assert names.index("store") < names.index("chunk") < names.index("create_max_s")


# ---- names


def test_names_are_cut_in_the_middle_and_still_differ():
    names = [s["name"] for s in long_run()] + ["x" * 90 + str(i) + "y" * 90 for i in range(12)]
    short = style.short_names(names)
    assert len(set(short.values())) == len(names)
    assert all(len(s) <= style.NAME_LIMIT for s in short.values())
    twins = ["a" * 60, "a" * 61]
    assert len(set(style.short_names(twins).values())) == 2
    assert style.short_names(["chunked/chunk=8x8"]) == {"chunked/chunk=8x8": "chunked/chunk=8x8"}


def test_self_describing_keys_go_before_values():
    names = [
        f"grid/chunk={c}/filter=shuffle+deflate:6/byte_order=big/fill_time=never" for c in ("4x64", "4x128")
    ]
    short = list(style.short_names(names).values())
    assert short == [f"grid/{c}/shuffle+deflate:6/big/fill_time=never" for c in ("4x64", "4x128")]


# ---- pictures


RUNS = {
    "one": (lambda: [case("contiguous")], {}),
    "one-without-ci": (lambda: [case("contiguous", chunk="64x64")], {"repetitions": 1}),
    "chunks": (chunks_run, {}),
    "modes": (modes_run, {}),
    "decades": (decades_run, {}),
    "long": (long_run, {}),
    "many": (lambda: many_run(90), {"repetitions": 6}),
}


# the runs for which a kind may have nothing to draw; scaling and change: all of these
CANNOT = {
    **dict.fromkeys(("bandwidth", "efficiency", "ladder", "phases", "ranks", "repetitions", "ecdf"), ()),
    "heatmap": ("one", "one-without-ci", "decades", "long"),
    "access": [run for run in RUNS if run != "decades"],
    "compression": ("one", "one-without-ci", "decades", "long"),
}


@pytest.mark.parametrize("run", RUNS)
def test_pictures_are_tidy_and_say_what_they_are(run, shared_run):
    make, how = RUNS[run]
    directory = shared_run(make(), **how)
    for kind in KINDS:
        try:
            figures = figures_of(kind.name, directory)
        except style.CannotDraw:
            assert run in CANNOT.get(kind.name, RUNS), kind.name
            continue
        for figure in figures[:1] + figures[1:][-1:]:
            text = assert_tidy(figure)
            assert "20250314T092653Z-a1b2c3" in text and "n = " in text and "median" in text
            if "read" in {a.get_title(loc="left").split(":")[0] for a in figure.axes}:
                assert "as-is (just written: possibly read from the page cache)" in text


def test_bandwidth_has_a_mark_for_every_case(shared_run):
    (figure,) = figures_of("bandwidth", shared_run(chunks_run()))
    for operation in ("write", "read"):
        assert points(figure, f"medians-{operation}-.") == 23
        assert points(figure, f"medians-no-ci-{operation}-.") == 1
        assert points(figure, f"roofs-{operation}") == 24
    assert "fewer than 6 repetitions: no CI" in all_text(figure)
    write, read = figure.axes
    assert (write.get_xscale(), read.get_xscale()) == ("linear", "log")
    assert write.get_xlim()[0] == 0 and len(write.patches) > len(read.patches)
    assert "log axis" in read.get_xlabel() and "log axis" not in write.get_xlabel()
    assert len(write.get_yticklabels()) == 24


def test_roof_is_payload_over_median_roof_time(shared_run):
    directory = shared_run([case("a", 100.0, _roof=800.0, _spread=1e-6)])
    (figure,) = figures_of("bandwidth", directory, operation="write")
    (roof,) = by_gid(figure, "roofs-write")
    assert roof.get_offsets()[0][0] == pytest.approx(800.0, rel=1e-3)
    assert len(figure.axes) == 1


def test_many_cases_come_in_pages_with_one_axis(shared_run):
    figures = figures_of("bandwidth", shared_run(many_run(500), repetitions=1), operation="write")
    assert len(figures) == 13
    assert sum(points(f, "medians-no-ci-write-.") for f in figures) == 500
    assert len({f.axes[0].get_xlim() for f in figures}) == 1
    assert "page 2 of 13" in all_text(figures[1])


def test_too_short_cases_are_marked(shared_run):
    (figure,) = figures_of("bandwidth", shared_run(decades_run()))
    assert sum(t.get_text() == "†" for t in visible_texts(figure)) == 2
    assert "too short to trust" in all_text(figure)


def test_too_short_cases_are_marked_in_the_other_kinds_too(shared_run):
    cases = [case("c", chunk="8x8", _short=True), case("f", chunk="8x8", filter="shuffle")]
    directory = shared_run(cases)
    for name, marks in (("heatmap", 2), ("ladder", 2), ("phases", 2), ("efficiency", 2)):
        (figure,) = figures_of(name, directory)
        assert sum(t.get_text().endswith("†") for t in visible_texts(figure)) == marks, name
        assert "too short to trust" in all_text(figure)


def test_efficiency_marks_what_is_above_the_roof(shared_run):
    (figure,) = figures_of("efficiency", shared_run([case("a"), case("fast", chunk="8x8", _roof=200.0)]))
    assert points(figure, "suspicious-write") == 1 and points(figure, "medians-write-.") == 2
    assert len(by_gid(figure, "one-(write|read)")) == 2
    assert "suspicious" in all_text(figure) and "bound by copy" in all_text(figure)


def test_heatmap_writes_every_number_and_hatches_the_uncertain(shared_run):
    (figure,) = figures_of("heatmap", shared_run(chunks_run()))
    assert (
        len(by_gid(figure, "cell")) + len(by_gid(figure, "cell-wide")) == len(by_gid(figure, "value")) == 46
    )
    assert len(by_gid(figure, "cell-wide")) == 6
    assert sum(t.get_text() == "skipped" for t in visible_texts(figure)) == 2


def test_heatmap_never_averages(shared_run):
    (figure,) = figures_of("heatmap", shared_run(modes_run()))
    titles = [a.get_title(loc="left") for a in figure.axes if a.get_title(loc="left")]
    expected = [f"{o}: mode={m}" for o in ("write", "read") for m in ("collective", "independent")]
    assert titles == expected
    assert len(by_gid(figure, "value")) == 96


def test_heatmap_has_at_most_six_panels_and_says_so(shared_run):
    cases = []
    for access in ("512", "1024", "2048", "4096", "row", "plane", "whole"):
        cases += conftest.chunk_cases(access=access)
    figures = figures_of("heatmap", shared_run(cases, repetitions=6))
    titles = [[a.get_title(loc="left") for a in f.axes if a.get_title(loc="left")] for f in figures]
    assert [len(t) for t in titles] == [heatmap.MAX_PANELS] * 2
    assert [{t.split(":")[0] for t in page} for page in titles] == [{"write"}, {"read"}]
    assert "Not drawn, 1 more of the combinations of access" in all_text(figures[0])


def test_narrow_heatmaps_have_room_for_their_titles(shared_run):
    pairs = itertools.product(("row", "whole"), ("collective", "independent"), ("64x64", "1x2048", "8x8"))
    cases = [case(f"{c}/{a}/{m}", chunk=c, access=a, mode=m) for a, m, c in pairs]
    figures = figures_of("heatmap", shared_run(cases))
    assert len(figures) == 2
    for figure in figures:
        assert_tidy(figure)
    assert "write: independent, whole" in all_text(figures[0])


def test_heatmap_refuses_what_no_factor_tells_apart(shared_run):
    cases = [
        case("a", chunk="8x8"),
        case("b", chunk="8x8", filter="shuffle"),
        case("c", chunk="8x8", secret="x"),
    ]
    with pytest.raises(style.CannotDraw, match="several cases fall in one cell"):
        figures_of("heatmap", shared_run(cases))


def test_ladder_goes_from_copy_to_filtered(shared_run):
    results = loaded(str(shared_run(chunks_run())))
    chosen, others = ladder.choose(results)
    labels = [r.label for r in ladder.rungs_of(chosen["write"])]
    assert labels[0].startswith("copy") and labels[1].startswith("store (raw POSIX, own")
    assert labels[2:] == [
        "pattern (raw MPI-IO)",
        "HDF5 contiguous",
        "HDF5 chunked 64x64",
        "HDF5 64x64 shuffle",
    ]
    assert others == 16
    (figure,) = draw(KIND["ladder"], results)
    assert len(by_gid(figure, "rung")) == 12 and len(by_gid(figure, "rung-value")) == 12


def test_ladder_never_rounds_a_step_to_nothing(shared_run):
    (figure,) = figures_of("ladder", shared_run([case("a", 0.5, access="element")]))
    steps = [t.get_text() for t in visible_texts(figure) if t.get_text().startswith("× ")]
    assert len(steps) == 6 and "× 0.00" not in steps


def test_ladder_compares_only_cases_that_differ_in_storage(shared_run):
    cases = [
        case("contiguous", mode="independent"),
        case("c", chunk="8x8"),
        case("f", chunk="8x8", filter="deflate:1"),
    ]
    chosen, _ = ladder.choose(loaded(str(shared_run(cases))))
    assert list(chosen["write"]) == ["chunked", "filtered"]


def test_phases_add_up(shared_run):
    (figure,) = figures_of("phases", shared_run([case("a"), case("b", chunk="8x8")]))
    for operation, axes in zip(("write", "read"), figure.axes):
        phases = [b for b in axes.patches if (b.get_gid() or "").startswith("phase-")]
        assert len(phases) == 2 * {"write": 5, "read": 4}[operation]
        ends = [b.get_x() + b.get_width() for b in phases]
        whole = axes.collections[0].get_offsets()[0][0]
        assert max(ends) == pytest.approx(whole, rel=0.1)


def test_phases_become_shares_over_two_decades(shared_run):
    (figure,) = figures_of("phases", shared_run(decades_run()))
    assert "share of the time" in figure.axes[0].get_xlabel()
