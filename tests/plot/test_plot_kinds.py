"""The kinds about how cases differ: scaling, access, compression, ranks, repetitions, ecdf, change."""

import math

import conftest
import pytest
from conftest import case, chunks_run, many_run, write_run
from h5roof.plot import change, ranks, scaling, sizes, style
from h5roof.plot.kinds import draw
from h5roof.cases import combine
from report_runs import add_listed
from test_plot import KIND, all_text, assert_tidy, by_gid, figures_of, loaded, points

pytestmark = pytest.mark.filterwarnings("error")
style.use_style()


def scaling_run(**more):
    return [
        case(f"{more}/mode={m}", 100.0 * r**power, mode=m, _ranks=r, ranks_asked=r, _spread=1e-6, **more)
        for m, power in (("collective", 1.0), ("independent", 0.5))
        for r in (1, 2, 4, 16)
    ]


def test_strong_scaling_is_the_speed_up_over_the_fewest_ranks(shared_run):
    results = loaded(str(shared_run(scaling_run())))
    curves = scaling.curves_of(results)
    assert [(c.kind, c.operation, len(c.cases)) for c in curves] == [
        ("strong", o, 4) for o in ("write", "read")
    ] * 2
    times = [c.summary("durable_s").median for c in curves[0].cases]
    assert [p[0] for p in curves[0].points()] == [1, 2, 4, 16]
    assert [p[1] for p in curves[0].points()] == pytest.approx([times[0] / t for t in times])
    for _, value, low, high in curves[0].points():
        assert low <= value <= high
    (figure,) = draw(KIND["scaling"], results)
    assert_tidy(figure)
    assert points(figure, "scaling-write") == points(figure, "scaling-read") == 8
    for line in by_gid(figure, "ideal"):
        assert list(zip(*line.get_data())) == [(1, 1), (16, 16)]
    assert "mode=collective" in all_text(figure) and "ideal" in all_text(figure)
    assert "1, 2, 4, 16 ranks" in all_text(figure)


def test_weak_scaling_is_an_efficiency(shared_run):
    """The factor says so, where the table has it."""
    directory = shared_run(scaling_run(scaling="weak"))
    (figure,) = figures_of("scaling", directory)
    assert figure.axes[0].get_ylim()[0] == 0 and "efficiency" in all_text(figure)
    both = shared_run(
        scaling_run(scaling="weak") + scaling_run(scaling="strong", layout="compact"), name="both"
    )
    assert len(figures_of("scaling", both)) == 2
    columns = [c for c in conftest.header() if c not in ("scaling", "ranks_asked")]
    old = shared_run(scaling_run(), columns=columns, name="old")
    assert {c.kind for c in scaling.curves_of(loaded(str(old)))} == {"strong"}


def test_all_ranks_may_be_a_number_that_was_measured_too(shared_run):
    cases = [
        case(f"ranks={asked}", 100.0 * r, _ranks=r, ranks_asked=asked)
        for r, asked in ((1, 1), (2, 2), (2, "all"))
    ]
    curves = scaling.curves_of(loaded(str(shared_run(cases))))
    assert [[c.name for c in curve.cases] for curve in curves] == [["ranks=1", "ranks=2"]] * 2


def test_scaling_says_what_is_missing(shared_run):
    with pytest.raises(style.CannotDraw, match="several numbers of ranks; measured: 2$"):
        figures_of("scaling", shared_run(chunks_run()))


def test_access_compares_cases_that_differ_in_nothing_else(shared_run):
    speeds = {"element": 0.6, "row": 95.0, "whole": 600.0, "4096": 50.0}
    cases = [
        case(f"{a}/{m}", s, access=a, mode=m)
        for m in ("collective", "independent")
        for a, s in speeds.items()
    ]
    cases += [case("alone", access="row", dtype="f32")]
    (figure,) = figures_of("access", shared_run(cases))
    assert_tidy(figure)
    assert points(figure, "access-write") == points(figure, "access-read") == 8
    assert all(a.get_xscale() == "log" for a in figure.axes)
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["mode=collective", "mode=independent"]
    assert "whole" in all_text(figure) and "4096" in all_text(figure)


def test_compression_is_ratio_against_speed(shared_run):
    (figure,) = figures_of("compression", shared_run(chunks_run()))
    assert_tidy(figure)
    assert points(figure, "compression-write") == points(figure, "compression-read") == 17
    x = {round(float(o[0]), 3) for a in by_gid(figure, "compression-write") for o in a.get_offsets()}
    assert x == {1.0, 2.1, 3.4}
    assert figure.axes[0].get_ylim()[0] == 0


def test_ranks_show_the_phase_in_which_they_differ_most(shared_run):
    results = loaded(str(shared_run([case("a")])))
    s = ranks.spread_of(results.cases[0])
    assert s.phase == "write" and s.slowest == "rank 1: 10/10"
    assert (s.low / s.middle, s.high / s.middle) == pytest.approx((0.8 / 0.9, 1 / 0.9), rel=1e-6)
    (figure,) = draw(KIND["ranks"], results)
    assert_tidy(figure)
    assert len(by_gid(figure, "spread-(write|read)")) == 2
    with pytest.raises(style.CannotDraw, match="only one rank"):
        figures_of("ranks", shared_run([case("a", _ranks=1)], name="one"))


def test_repetitions_are_in_order_and_the_warm_up_is_marked(shared_run):
    directory = shared_run([case("a"), case("b", chunk="8x8", _repetitions=4)])
    (figure,) = figures_of("repetitions", directory)
    assert_tidy(figure)
    warm, measured = by_gid(figure, "repetition-warmup"), by_gid(figure, "repetition-measured")
    assert [len(a.get_offsets()) for a in warm] == [1] * 4
    assert [len(a.get_offsets()) for a in measured] == [10, 10, 4, 4]
    assert all(a.get_offsets()[0][0] == 1 for a in warm)
    case_a = loaded(str(directory)).cases[0]
    assert [o[1] for o in measured[0].get_offsets()] == list(case_a.frame["durable_mibps"])
    assert all(a.get_ylim()[0] == 0 for a in figure.axes)


def test_ecdf_ends_at_one_and_passes_every_repetition(shared_run):
    directory = shared_run([case("a"), case("b", chunk="8x8", _repetitions=4)])
    (figure,) = figures_of("ecdf", directory)
    assert_tidy(figure)
    lines = by_gid(figure, "ecdf-(write|read)")
    assert [len(line.get_xdata()) for line in lines] == [11, 5, 11, 5]
    assert all(line.get_ydata()[-1] == 1 for line in lines)


def changed(shared_run):
    old = [
        case("same"),
        case("up", chunk="8x8"),
        case("down", chunk="16x16"),
        case("few", mode="independent"),
    ]
    old[3]["_repetitions"] = 3
    old.append(case("only old", chunk="32x32"))
    new = [dict(c) for c in old[:4]] + [case("only new", chunk="64x64")]
    new[1]["speed"], new[2]["speed"] = 800.0, 200.0
    runs = [loaded(str(shared_run(c, name=n))) for c, n in ((old, "old"), (new, "new"))]
    return combine(runs, ["old", "new"])


def test_change_is_new_over_old_of_the_same_case(shared_run):
    results = changed(shared_run)
    found = change.changes_of(results, ["old", "new"])
    assert list(found) == ["same", "up", "down", "few"]
    assert {n: f["write"].verdict for n, f in found.items()} == dict(
        same="unclear", up="faster", down="slower", few="unclear"
    )
    up = found["up"]["write"]
    assert up.ratio == up.old.time.median / up.new.time.median and up.low <= up.ratio <= up.high
    assert math.isnan(found["few"]["write"].low)
    (figure,) = draw(KIND["change"], results)
    assert_tidy(figure)
    assert points(figure, "change-write") == points(figure, "change-read") == 4
    low, high = figure.axes[0].get_xlim()
    assert low == pytest.approx(1 / high) and "below 5 %" in all_text(figure)


def test_rows_without_an_operation_are_in_no_picture(shared_run):
    directory = add_listed(shared_run([case("a")]), ("a", "interrupted", "killed"), ("z", "stopped", "late"))
    for kind in ("bandwidth", "repetitions", "ecdf", "phases", "ranks"):
        (figure,) = figures_of(kind, directory)
        text = all_text(figure)
        assert "Left out" not in text and "killed" not in text and "of 1 case;" in text, kind


def test_two_thousand_cases(tmp_path):
    """In pages that hold each case once, or with a word on what is left out."""
    cases = [{**c, "_operations": ["write"]} for c in many_run(2000)]
    results = loaded(str(write_run(tmp_path / "run", cases, repetitions=1)))
    figures = draw(KIND["bandwidth"], results)
    assert len(figures) == 50 and sum(points(f, "medians-no-ci-write-.") for f in figures) == 2000
    for kind, rest in (("repetitions", 1760), ("ecdf", 1930)):
        figures = draw(KIND[kind], results)
        assert len(figures) == 10 and f"Not drawn: {rest} more" in all_text(figures[0])
        assert_tidy(figures[-1])


def test_sizes_are_bytes_of_calls_and_of_chunks(shared_run):
    """A line per group of cases that differ in nothing else, by size; the band only where there is an interval."""
    cases = [
        case(f"{a}/{m}", s, access=a, mode=m, _calls=2**25 // size)
        for m in ("collective", "independent")
        for a, s, size in (("row", 90.0, 4096), ("element", 2.0, 8), ("whole", 600.0, 2**19))
    ]
    results = loaded(str(shared_run(cases)))
    calls, chunks = sizes.SIZES
    curves = sizes.curves_of(results, calls)
    assert [(c.label, c.operation) for c in curves] == [
        (f"mode={m}", o) for m in ("collective", "independent") for o in ("write", "read")
    ]
    assert [b for b, _ in curves[0].points] == [8, 4096, 2**19]
    assert sizes.curves_of(results, chunks) == []
    (figure,) = draw(KIND["sizes"], results)
    assert_tidy(figure)
    assert points(figure, "sizes-write") == points(figure, "sizes-read") == 6
    text = all_text(figure)
    assert "size of a call" in text and "512 KiB" in text and "8 B" in text and "95 % CI" in text


def test_sizes_of_chunks_are_those_in_the_file(shared_run):
    shapes = {"8x8": 20.0, "64x64": 90.0, "4096x1": 60.0}
    cases = [
        case(f"chunk={c}", s, layout="chunked", chunk=c, dtype="f64", file_dtype="i16")
        for c, s in shapes.items()
    ]
    cases += [case("contiguous", layout="contiguous", chunk="")]
    results = loaded(str(shared_run(cases)))
    (curve,) = (c for c in sizes.curves_of(results, sizes.SIZES[1]) if c.operation == "write")
    assert [b for b, _ in curve.points] == [128, 8192, 8192]
    figures = draw(KIND["sizes"], results)
    assert [f for f in figures if "size of a chunk" in all_text(f)] == figures
    for figure in figures:
        assert_tidy(figure)


def test_sizes_say_what_is_missing(shared_run):
    with pytest.raises(style.CannotDraw, match="nothing but the size of their calls"):
        figures_of("sizes", shared_run([case("alone", access="row")]))
