"""How close every case comes to its roof."""

import math

from matplotlib.lines import Line2D

from .bandwidth import ci_legend, draw_medians, mark_short
from .rows import draw_rows
from .style import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, CannotDraw
from .style import estimator_text, footer_text, marker, needs_log, short_text, value_axis

SUSPICIOUS = 1.05
# roof_bound: colour and shape, so that neither is needed alone
BOUND = {
    "store": (BLUE, "o"),
    "copy": (ORANGE, "s"),
    "convert": (GREEN, "^"),
    "compress": (VERMILLION, "D"),
    "convert+compress": (PURPLE, "v"),
}
OTHER = (SKY, "P")


def draw(results):
    results = results.where(lambda c: c.summary("efficiency_frac").n)
    if not results.cases:
        raise CannotDraw("no case has an efficiency: no roofs were measured, or roof_missing says why")
    values = {o: _values(results, o) for o in results.operations()}
    log = {o: needs_log(v) for o, v in values.items()}

    def fill(panel):
        value_axis(
            panel.axes, values[panel.operation], "efficiency (roof / measured)", log[panel.operation], 1.06
        )
        panel.axes.axvline(1.0, color=GREY, linewidth=1.0, zorder=2, gid=f"one-{panel.operation}")
        summaries = [c.summary("efficiency_frac") for _, c in panel.rows]
        looks = [BOUND.get(c.text("roof_bound"), OTHER) for _, c in panel.rows]
        ys = [y for y, _ in panel.rows]
        draw_medians(panel, ys, summaries, [colour for colour, _ in looks], [shape for _, shape in looks])
        _ring(panel, summaries)
        mark_short(panel)

    def footer(cases):
        extra = (
            "Efficiency 1: as fast as what the hardware allows for the same work (the roof). "
            + short_text(cases)
        )
        return footer_text(results, cases, estimator_text(), extra)

    return draw_rows(
        results, "Efficiency: how close each case comes to its roof", _legend(results), footer, fill, 0.1
    )


def _ring(panel, summaries):
    over = [(s.median, y) for (y, _), s in zip(panel.rows, summaries) if s.n and s.median > SUSPICIOUS]
    if over:
        x, y = zip(*over)
        ring = {"facecolors": "none", "edgecolors": "black", "linewidths": 0.9, "zorder": 6, "clip_on": False}
        panel.axes.scatter(x, y, s=70, gid=f"suspicious-{panel.operation}", **ring)


def _values(results, operation):
    summaries = [c.summary("efficiency_frac") for c in results.cases if c.operation == operation]
    return [v for s in summaries for v in (s.median, s.low, s.high) if not math.isnan(v)]


def _legend(results):
    bounds = dict.fromkeys(c.text("roof_bound") for c in results.cases)
    handles = []
    for bound in bounds:
        colour, shape = BOUND.get(bound, OTHER)
        handles.append(marker(shape, colour, f"bound by {bound or 'unknown'}"))
    handles += ci_legend([c.summary("efficiency_frac") for c in results.cases])
    handles.append(Line2D([], [], color=GREY, label="1.0: the roof"))
    if any(c.summary("efficiency_frac").median > SUSPICIOUS for c in results.cases):
        handles.append(marker("o", "black", f"above {SUSPICIOUS}: suspicious", markerfacecolor="none"))
        handles[-1].set_markersize(8)
    return handles
