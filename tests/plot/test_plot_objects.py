"""Runs that move no bytes: objects per second, or a time alone, in the kind metadata and in the others."""

import pytest
from conftest import case, chunks_run, metadata_cases
from h5roof.plot import style
from h5roof.plot.kinds import KINDS, draw
from h5roof.cases import BANDWIDTH, MEASURES, RATE, TIME
from test_plot import KIND, all_text, assert_tidy, by_gid, figures_of, loaded, points, visible_texts

pytestmark = pytest.mark.filterwarnings("error")
style.use_style()
OPERATIONS = ["create", "open", "iterate", "visit", "delete"]


def test_a_case_has_the_measure_of_what_it_does(shared_run):
    results = loaded(str(shared_run([case("bytes"), *metadata_cases(1)])))
    found = {(c.name, c.operation): c.measure for c in results.cases}
    assert found["bytes", "write"] is BANDWIDTH and found["refused", "open"] is TIME
    assert {found["own/objects_asked=1", o] for o in OPERATIONS} == {RATE}
    assert results.measures() == list(MEASURES)
    create = next(c for c in results.cases if c.operation == "create")
    assert create.value.median == pytest.approx(1000 / create.time.median, rel=0.01)
    assert create.roof().median == pytest.approx(1000 / create.summary("roof_s").median)


def test_metadata_has_a_mark_for_every_case_and_operation(shared_run):
    (figure,) = figures_of("metadata", shared_run(metadata_cases(3)))
    assert_tidy(figure)
    assert [a.get_title(loc="left") for a in figure.axes] == OPERATIONS
    for operation in OPERATIONS:
        assert points(figure, f"medians-{operation}-o") == 3
    assert points(figure, "roofs-create") == 3 and not by_gid(figure, "roofs-(open|iterate|visit|delete)")
    assert all(a.get_xlabel().replace("\n", " ").startswith("objects per second") for a in figure.axes)
    assert all(a.get_xlim()[0] == 0 for a in figure.axes)
    (alone,) = by_gid(figure, "time-alone")  # of the opening that is refused
    assert alone.get_text().endswith("ms") and "handled no object" in all_text(figure)
    assert [t.get_text() for t in visible_texts(figure)].count("800 B") == 3
    assert "MiB/s" not in all_text(figure) and "n = 10 repetitions of 4 cases" in all_text(figure)


def test_metadata_of_one_case_and_of_many(shared_run):
    (figure,) = figures_of("metadata", shared_run([metadata_cases(1)[0]], name="one"))
    assert_tidy(figure)
    assert "handled no object" not in all_text(figure)
    cases = [{**c, "speed": 0.01 * (i + 1) ** 2} for i, c in enumerate(metadata_cases(199))]
    figures = figures_of("metadata", shared_run(cases, name="many", repetitions=1))
    assert sum(points(f, "medians-no-ci-iterate-o") for f in figures) == 199
    assert len({f.axes[0].get_xlim() for f in figures}) == 1
    assert "log axis" in figures[0].axes[0].get_xlabel() and f"of {len(figures)})" in all_text(figures[0])
    for figure in (figures[0], figures[-1]):
        assert_tidy(figure)


def test_kinds_about_bandwidth_say_what_is_missing(shared_run):
    results = loaded(str(shared_run(metadata_cases())))
    for name in ("bandwidth", "heatmap", "ladder", "access", "compression"):
        with pytest.raises(style.CannotDraw, match="no case moves bytes: .* objects per second and time"):
            draw(KIND[name], results)
    with pytest.raises(style.CannotDraw, match="no case handles objects"):
        figures_of("metadata", shared_run([case("a")], name="bytes"))
    refused = results.where(lambda c: c.measure is TIME)
    with pytest.raises(style.CannotDraw, match="no case handles objects: what is measured is time alone"):
        draw(KIND["metadata"], refused)


@pytest.mark.parametrize("cases", [metadata_cases(), [*chunks_run()[:5], *metadata_cases()]])
def test_the_other_kinds_draw_objects_and_times_in_their_units(cases, shared_run):
    directory = shared_run(cases)
    results = loaded(str(directory))
    mixed = BANDWIDTH in results.measures()
    for kind in KINDS:
        try:
            figures = figures_of(kind.name, directory)
        except style.CannotDraw:
            continue
        for figure in figures:
            assert_tidy(figure)
    for name in ("ecdf", "repetitions"):
        titles = [f.texts[0].get_text() for f in figures_of(name, directory)]
        assert len(titles) == 2 + mixed
        assert ["objects per second" in t for t in titles] == [False] * mixed + [True, False]
        assert "time" in titles[-1] and not any("bandwidth" in t for t in titles[mixed:])
    (efficiency,) = figures_of("efficiency", directory)
    panels = [a.get_title(loc="left") for a in efficiency.axes]
    assert panels == (["write", "read"] if mixed else []) + ["create"]
    (phases,) = figures_of("phases", directory)
    bars = [b for a in phases.axes if a.get_title(loc="left") == "create" for b in a.patches]
    assert sum(b.get_gid() == "phase-create" for b in bars) == 3


def test_change_compares_the_speed_of_operations_without_bytes(shared_run):
    from h5roof.cases import combine

    old = loaded(str(shared_run(metadata_cases(2), name="old")))
    faster = [{**c, "speed": 10 * c["speed"]} for c in metadata_cases(2)]
    new = loaded(str(shared_run(faster, name="new")))
    (figure,) = draw(KIND["change"], combine([old, new], ["old", "new"]))
    assert_tidy(figure)
    assert points(figure, "change-open") == 3 and points(figure, "change-delete") == 2
    assert all(o[0] > 1 for m in by_gid(figure, "change-create") for o in m.get_offsets())
