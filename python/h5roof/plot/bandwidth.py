"""Durable bandwidth of every case beside its roof, and how any rate of a case is drawn."""

import math

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..cases import BANDWIDTH
from .rows import draw_rows
from .style import BLACK, DIRECTION_COLOUR, GREEN, GREY, SCALES, SMALL, estimator_text, footer_text
from .style import marker, needs_log, seconds, short_mark, short_text, value_axis


def draw(results):
    extra = "Durable: payload / time of create, select, write, flush and close (reads: open, select, read and close)"
    title = "Durable bandwidth of each case beside its roof"
    return draw_rates(results, BANDWIDTH, title, f"{extra} of the slowest rank.", mark_short, 0.1)


def draw_rates(results, measure, title, extra, beside, note_width):
    """The operations that have this rate. Those of their cases that have a time alone are written, not drawn;
    beside(panel) adds the notes on the right, for which note_width is kept free."""
    rated = results.where(lambda c: c.measure is measure)
    values = {o: _values(rated, o) for o in rated.operations()}
    log = {o: needs_log(v) for o, v in values.items()}
    shown = results.where(lambda c: c.operation in values)

    def fill(panel):
        is_log = log[panel.operation]
        value_axis(panel.axes, values[panel.operation], measure.axis, is_log, scales=SCALES[measure])
        _draw_rates(panel, [(y, c) for y, c in panel.rows if c.measure is measure], is_log)
        for y, case in panel.rows:
            if case.measure is not measure:
                _write_time(panel, y, case)
        beside(panel)

    def footer(cases):
        return footer_text(results, cases, estimator_text(), f"{extra} {short_text(cases)}")

    return draw_rows(shown, title, _legend(rated, log), footer, fill, note_width)


def _draw_rates(panel, rows, is_log):
    colour = DIRECTION_COLOUR.get(rows[0][1].direction if rows else None, GREEN)
    ys, summaries = [y for y, _ in rows], [c.value for _, c in rows]
    if not is_log:
        medians = [s.median for s in summaries]
        panel.axes.barh(ys, medians, height=0.56, color=colour, alpha=0.28, linewidth=0, zorder=1)
    draw_medians(panel, ys, summaries, [colour] * len(rows))
    _draw_roofs(panel, rows)


def _write_time(panel, y, case):
    at = panel.axes.get_yaxis_transform()
    text = seconds(case.value.median)
    panel.axes.text(0.03, y, text, transform=at, va="center", size=SMALL, color=GREY, gid="time-alone")


def _draw_roofs(panel, rows):
    roofs = [(c.roof().median, y) for y, c in rows if c.roof().n]
    if roofs:
        tick = {"marker": "|", "s": 62, "linewidths": 1.5, "color": BLACK, "zorder": 3, "clip_on": False}
        panel.axes.scatter(*zip(*roofs), gid=f"roofs-{panel.operation}", **tick)


def draw_medians(panel, ys, summaries, colours, shapes=None):
    """Filled dot and whisker with an interval, open dot without one."""
    for kind in ("medians", "medians-no-ci"):
        for shape in sorted(set(shapes or "o")):
            chosen = [
                (y, s, colour)
                for y, s, colour, own in zip(ys, summaries, colours, shapes or "o" * len(summaries))
                if own == shape and s.n and s.has_ci == (kind == "medians")
            ]
            if chosen:
                _draw_dots(panel, kind, shape, *zip(*chosen))


def _draw_dots(panel, kind, shape, ys, summaries, colours):
    x = [_visible(panel.axes, s.median) for s in summaries]
    if kind == "medians":
        low = [_visible(panel.axes, s.low) for s in summaries]
        panel.axes.hlines(ys, low, [s.high for s in summaries], colors=colours, linewidth=1.3, zorder=4)
    panel.axes.scatter(
        x,
        ys,
        marker=shape,
        s=17,
        facecolors=colours if kind == "medians" else "white",
        edgecolors=colours,
        linewidths=1.0,
        zorder=5,
        clip_on=False,
        gid=f"{kind}-{panel.operation}-{shape}",
    )


def _visible(axes, value):
    """Zero has no place on a log axis: it is drawn on the left edge."""
    return value if value > 0 or axes.get_xscale() == "linear" else axes.get_xlim()[0]


def mark_short(panel):
    for y, case in panel.rows:
        panel.beside(y, short_mark(case), color=GREY)


def ci_legend(summaries, colour=GREY):
    handles = []
    if any(s.has_ci for s in summaries):
        handles.append(Line2D([], [], color=colour, marker="o", markersize=4, label="median and 95 % CI"))
    if any(not s.has_ci for s in summaries):
        label = "median; fewer than 6 repetitions: no CI"
        handles.append(marker("o", colour, label, markerfacecolor="white"))
    return handles


def _values(results, operation):
    values = []
    for case in results.cases:
        if case.operation == operation:
            values += [case.value.median, case.value.low, case.value.high, case.roof().median]
    return [v for v in values if not math.isnan(v)]


def _legend(results, log):
    handles = ci_legend([c.value for c in results.cases])
    if not all(log.values()):
        handles.append(Patch(facecolor=GREY, alpha=0.28, linewidth=0, label="bar from zero to the median"))
    if any(c.roof().n for c in results.cases):
        handles.append(
            Line2D([], [], linestyle="", marker="|", markersize=8, markeredgewidth=1.5, color=BLACK)
        )
        handles[-1].set_label("roof: the same work in the median roof time")
    return handles
