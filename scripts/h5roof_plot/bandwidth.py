"""Durable bandwidth of every case beside its roof."""

import math

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .rows import draw_rows
from .style import BLACK, GREEN, GREY, OPERATION_COLOUR, SHORT, estimator_text, footer_text
from .style import marker, needs_log, short_text, value_axis


def draw(results):
    values = {o: _values(results, o) for o in results.operations()}
    log = {o: needs_log(v) for o, v in values.items()}

    def fill(panel):
        colour = OPERATION_COLOUR.get(panel.operation, GREEN)
        is_log = log[panel.operation]
        value_axis(panel.axes, values[panel.operation], "durable bandwidth, MiB/s", is_log)
        if not is_log:
            ys, medians = [y for y, _ in panel.rows], [c.bandwidth.median for _, c in panel.rows]
            panel.axes.barh(ys, medians, height=0.56, color=colour, alpha=0.28, linewidth=0, zorder=1)
        draw_medians(panel, [c.bandwidth for _, c in panel.rows], [colour] * len(panel.rows))
        _draw_roofs(panel)
        mark_short(panel)

    return draw_rows(
        results,
        "Durable bandwidth of each case beside its roof",
        _legend(results, log),
        _footer(results),
        fill,
        0.1,
    )


def _draw_roofs(panel):
    roofs = [(c.roof().median, y) for y, c in panel.rows if c.roof().n]
    if roofs:
        tick = {"marker": "|", "s": 62, "linewidths": 1.5, "color": BLACK, "zorder": 3, "clip_on": False}
        panel.axes.scatter(*zip(*roofs), gid=f"roofs-{panel.operation}", **tick)


def draw_medians(panel, summaries, colours, shapes=None):
    """Filled dot and whisker with an interval, open dot without one."""
    for kind in ("medians", "medians-no-ci"):
        for shape in sorted(set(shapes or "o")):
            chosen = [
                (y, s, colour)
                for (y, _), s, colour, own in zip(
                    panel.rows, summaries, colours, shapes or "o" * len(summaries)
                )
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
        if case.too_short:
            panel.beside(y, SHORT, color=GREY)


def ci_legend(cases, colour=GREY):
    handles = []
    if any(c.bandwidth.has_ci for c in cases):
        handles.append(Line2D([], [], color=colour, marker="o", markersize=4, label="median and 95 % CI"))
    if any(not c.bandwidth.has_ci for c in cases):
        label = "median; fewer than 6 repetitions: no CI"
        handles.append(marker("o", colour, label, markerfacecolor="white"))
    return handles


def _values(results, operation):
    values = []
    for case in results.cases:
        if case.operation == operation:
            values += [case.bandwidth.median, case.bandwidth.low, case.bandwidth.high, case.roof().median]
    return [v for v in values if not math.isnan(v)]


def _legend(results, log):
    handles = ci_legend(results.cases)
    if not all(log.values()):
        handles.append(Patch(facecolor=GREY, alpha=0.28, linewidth=0, label="bar from zero to the median"))
    if any(c.roof().n for c in results.cases):
        handles.append(
            Line2D([], [], linestyle="", marker="|", markersize=8, markeredgewidth=1.5, color=BLACK)
        )
        handles[-1].set_label("roof: payload / median roof time")
    return handles


def _footer(results):
    def footer(cases):
        extra = "Durable: payload / time of create, select, write, flush and close (reads: open, select, read and close)"
        return footer_text(
            results, cases, estimator_text(), f"{extra} of the slowest rank. {short_text(cases)}"
        )

    return footer
