"""Every repetition in the order in which it ran: drift, steps, and what the warm-up was."""

import matplotlib
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .grid import draw_grid
from .style import (
    DIRECTION_COLOUR,
    GREY,
    RULE,
    SCALES,
    footer_text,
    marker,
    short_names,
    short_mark,
    short_text,
    tick_text,
)

MOST_PAGES = 10
LABEL = 28  # characters of a case's name


def draw(results):
    names = short_names([c.name for c in results.cases], LABEL)
    return [figure for measure, part in results.by_measure() for figure in _pages(part, measure, names)]


def _pages(results, measure, names):
    items = [(f"{names[c.name]} {c.operation}{short_mark(c)}", c, c) for c in results.cases]
    legend = [
        marker("o", GREY, "repetition"),
        marker("o", GREY, "warm-up, in no statistic", markerfacecolor="white"),
        Line2D([], [], color=GREY, label="median"),
        Patch(facecolor=GREY, alpha=0.2, label="its 95 % CI"),
    ]

    def footer(cases):
        extra = f"From left to right in order of execution; each panel has its own axis, from zero. {short_text(cases)}"
        return footer_text(results, cases, "every repetition, its median and 95 % order-statistic CI", extra)

    title = f"Each repetition in order: {measure.axis}"
    return draw_grid(items, title, legend, footer, _fill, MOST_PAGES)


def in_order(case):
    """Rows of warm-up and measured repetitions in order of execution."""
    parts = [p for p in (case.warmup, case.frame) if p is not None and len(p)]
    rows = pd.concat(parts) if len(parts) > 1 else parts[0]
    rows = rows[rows[case.measure.column].notna()]
    return rows.sort_values("block", kind="stable") if "block" in rows.columns else rows


def _fill(axes, case):
    rows = in_order(case)
    colour = DIRECTION_COLOUR.get(case.direction, GREY)
    values, warm = rows[case.measure.column].to_numpy(), (rows["warmup"] == "true").to_numpy()
    x = range(1, len(values) + 1)
    s = case.value
    if s.has_ci:
        axes.axhspan(s.low, s.high, color=colour, alpha=0.18, linewidth=0, zorder=1)
    axes.axhline(s.median, color=colour, linewidth=1.0, zorder=2)
    for is_warm in (False, True):
        chosen = [(i, v) for i, v, w in zip(x, values, warm) if w == is_warm]
        if chosen:
            face = "white" if is_warm else colour
            look = {"s": 9, "facecolors": face, "edgecolors": colour, "linewidths": 0.8, "zorder": 3}
            gid = f"repetition-{'warmup' if is_warm else 'measured'}"
            axes.scatter(*zip(*chosen), clip_on=False, gid=gid, **look)
    axes.set_xlim(0.4, len(values) + 0.6)
    axes.set_ylim(0, max(values) * 1.1 or 1.0)
    axes.set_xticks(sorted({1, len(values)}))
    axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(2, steps=[1, 2, 2.5, 5, 10]))
    text = tick_text(SCALES[case.measure])
    axes.yaxis.set_major_formatter(lambda v, _: text(v))
    axes.grid(axis="y", color=RULE, linewidth=0.4)
