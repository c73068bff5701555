"""The spread between the ranks: the phase in which the fastest and the slowest rank lie furthest apart."""

from dataclasses import dataclass

from matplotlib.lines import Line2D

from .phases import COLOUR
from .rows import draw_rows
from .style import (
    BLACK,
    GREY,
    CannotDraw,
    footer_text,
    needs_log,
    seconds,
    short_mark,
    short_text,
    value_axis,
)


@dataclass
class Spread:
    phase: str
    low: float
    middle: float
    high: float
    slowest: str  # "rank 1 in 9 of 10"


def spread_of(case):
    """The phase with the largest difference of the medians, or None."""
    found = []
    for phase in case.phases:
        parts = [case.summary(f"{phase}_{part}") for part in ("min_s", "med_s", "max_s")]
        if all(p.n for p in parts) and parts[1].median > 0:
            found.append((parts[2].median - parts[0].median, phase, [p.median for p in parts]))
    if not found:
        return None
    _, phase, (low, middle, high) = max(found, key=lambda f: f[0])
    column = case.frame.get(f"{phase}_slowest_rank")
    counts = column.dropna().value_counts() if column is not None else ()
    slowest = f"rank {counts.index[0]:.0f}: {counts.iloc[0]}/{counts.sum()}" if len(counts) else ""
    return Spread(phase, low, middle, high, slowest)


def draw(results):
    spreads = {id(c): spread_of(c) for c in results.cases}
    results = results.where(lambda c: spreads[id(c)])
    if not results.cases:
        raise CannotDraw("no case has times of the fastest and the median rank")
    if max(c.ranks for c in results.cases) < 2:
        raise CannotDraw("only one rank took part")
    values = {o: [] for o in results.operations()}
    for case in results.cases:
        s = spreads[id(case)]
        values[case.operation] += [s.low / s.middle, 1.0, s.high / s.middle]
    log = {o: needs_log(v) for o, v in values.items()}

    def fill(panel):
        value_axis(panel.axes, values[panel.operation], "time of a rank / median rank", log[panel.operation])
        for y, case in panel.rows:
            _line(panel, y, spreads[id(case)], short_mark(case))

    def footer(cases):
        extra = "Of each case the phase in which the ranks lie furthest apart. Beside it: the median rank's time, which "
        extra += f"rank was slowest most often, and in how many repetitions. {short_text(cases)}"
        return footer_text(
            results, cases, "medians over repetitions of the fastest, median and slowest rank", extra
        )

    seen = {spreads[id(c)].phase for c in results.cases}
    legend = [Line2D([], [], color=c, linewidth=4, label=p) for p, c in COLOUR.items() if p in seen]
    legend.append(Line2D([], [], linestyle="", marker="|", markersize=8, color=BLACK, label="median rank"))
    return draw_rows(results, "Spread between the ranks: fastest to slowest", legend, footer, fill, 1.25)


def _line(panel, y, s, short):
    left = panel.axes.get_xlim()[0]
    bar = {"colors": COLOUR[s.phase], "linewidth": 4, "zorder": 3, "gid": f"spread-{panel.operation}"}
    panel.axes.hlines(y, max(s.low / s.middle, left), s.high / s.middle, **bar)
    panel.axes.scatter([1.0], [y], marker="|", s=50, color=BLACK, linewidths=1.2, zorder=4)
    panel.beside(y, f"{seconds(s.middle)}, {s.slowest}{short}", color=GREY)
