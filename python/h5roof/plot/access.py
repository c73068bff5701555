"""Element by element against row by row against everything at once."""

from matplotlib.lines import Line2D

from .groups import groups_of
from .rows import draw_lines
from .style import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, CannotDraw
from .style import estimator_text, footer_text, marker, short_mark, short_text, value_axis

LOOK = {
    "element": (VERMILLION, "o"),
    "row": (ORANGE, "s"),
    "plane": (GREEN, "^"),
    "whole": (BLUE, "D"),
}
SIZES = ((PURPLE, "v"), (SKY, "P"))  # accesses of so many bytes: filled in turn


def draw(results):
    groups = groups_of(results.cases, "access", keep=_several)
    if not groups:
        found = sorted({c.factors.get("access", "") for c in results.cases})
        raise CannotDraw(f"no two cases differ in access alone; measured: {', '.join(found)}")
    shown = [c for found in groups.values() for cases in found.values() for c in cases]
    looks = _looks(shown)
    operations = [o for o in results.operations() if any(o in found for found in groups.values())]
    values = {o: [v for c in shown if c.operation == o for v in _ends(c)] for o in operations}

    def fill(panel):
        value_axis(panel.axes, values[panel.operation], "durable bandwidth, MiB/s", True)
        for y, cases in panel.rows:
            medians = [c.value.median for c in cases if c.value.median > 0]
            panel.axes.hlines(y, min(medians), max(medians), colors=GREY, linewidth=0.6, zorder=2)
            for case in cases:
                _mark(panel, y, case, *looks[case.factors["access"]])
            panel.beside(y, short_mark(*cases), color=GREY)

    def footer(cases):
        extra = f"On each line the cases differ in access alone. {short_text(cases)}"
        return footer_text(results, cases, estimator_text(), extra)

    legend = [marker(shape, colour, access) for access, (colour, shape) in looks.items()]
    legend.append(Line2D([], [], color=GREY, linewidth=0.6, label="from slowest to fastest"))
    lines = {
        label: (found, [c for cases in found.values() for c in cases]) for label, found in groups.items()
    }
    return draw_lines(lines, operations, "Durable bandwidth by access", legend, footer, fill, 0.1)


def _several(cases):
    return len({c.factors["access"] for c in cases}) > 1


def _ends(case):
    return [v for v in (case.value.median, case.value.low, case.value.high) if v > 0]


def _looks(cases):
    found = list(dict.fromkeys(c.factors["access"] for c in cases))
    known = {a: LOOK[a] for a in LOOK if a in found}
    others = [a for a in found if a not in LOOK]
    return known | {a: SIZES[i % len(SIZES)] for i, a in enumerate(others)}


def _mark(panel, y, case, colour, shape):
    s = case.value
    if s.median <= 0:
        return
    if s.has_ci:
        panel.axes.hlines(
            y, max(s.low, panel.axes.get_xlim()[0]), s.high, colors=colour, linewidth=1.4, zorder=3
        )
    face = colour if s.has_ci else "white"
    look = {
        "marker": shape,
        "s": 20,
        "facecolors": face,
        "edgecolors": colour,
        "linewidths": 1.0,
        "zorder": 4,
    }
    panel.axes.scatter([s.median], [y], clip_on=False, gid=f"access-{panel.operation}", **look)
