"""Two runs: how much faster or slower each case became, beside the band in which a change does not count."""

import math
from dataclasses import dataclass

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from .rows import draw_lines
from .style import BLUE, GREY, VERMILLION, CannotDraw, footer_text, marker, number, short_mark, short_text

BAND = 0.05  # a change up to this does not count
BEYOND = {"faster": (BLUE, "^"), "slower": (VERMILLION, "v"), "unclear": (GREY, "o")}


@dataclass
class Change:
    old: object
    new: object
    ratio: float  # of the speeds, new / old: of the median times, old / new
    low: float  # from both intervals; NaN without one
    high: float

    @property
    def verdict(self):
        if self.low > 1 + BAND:
            return "faster"
        return "slower" if self.high < 1 / (1 + BAND) else "unclear"


def changes_of(results, runs):
    """{name: {operation: Change}} of the cases that both runs measured."""
    old, new = (
        {(c.case_id, c.ranks, c.operation): c for c in results.cases if c.factors["run"] == run}
        for run in runs
    )
    found = {}
    for key, case in new.items():
        a, b = old[key].time if key in old else None, case.time
        if a is None or not a.median > 0 or not b.median > 0:
            continue
        both = a.has_ci and b.has_ci and b.low > 0
        low, high = (a.low / b.high, a.high / b.low) if both else (math.nan, math.nan)
        name = case.name.removeprefix(f"{runs[1]}/")
        found.setdefault(name, {})[case.operation] = Change(old[key], case, a.median / b.median, low, high)
    return found


def draw(results):
    runs = list(dict.fromkeys(c.factors.get("run", "") for c in results.cases))
    if len(runs) != 2:
        raise CannotDraw(f"needs two runs, the old one first: plot.py change OLD NEW (given: {len(runs)})")
    found = changes_of(results, runs)
    if not found:
        raise CannotDraw("no case was measured by both runs")
    operations = [o for o in results.operations() if any(o in f for f in found.values())]
    changes = [c for f in found.values() for c in f.values()]
    ends = [v for c in changes for v in (c.ratio, c.low, c.high) if math.isfinite(v)]
    limit = max(1.25, *ends, *(1 / v for v in ends)) ** 1.08

    def fill(panel):
        axes = panel.axes
        axes.set_xscale("log")
        axes.set_xlim(1 / limit, limit)
        axes.set_xticks(_ticks(limit))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(lambda v, _: f"{v:.3g}")
        axes.set_xlabel("new / old speed, log axis")
        axes.axvspan(1 / (1 + BAND), 1 + BAND, color=GREY, alpha=0.18, linewidth=0, zorder=1)
        axes.axvline(1.0, color=GREY, linewidth=0.8, zorder=2)
        for y, change in panel.rows:
            colour, shape = BEYOND[change.verdict]
            if math.isfinite(change.low):
                axes.hlines(y, change.low, change.high, colors=colour, linewidth=1.3, zorder=3)
            face = colour if math.isfinite(change.low) else "white"
            look = {"marker": shape, "s": 20, "facecolors": face, "edgecolors": colour, "linewidths": 1.0}
            axes.scatter(
                [change.ratio], [y], zorder=4, clip_on=False, gid=f"change-{panel.operation}", **look
            )
            panel.beside(y, f"× {number(change.ratio)}{short_mark(change.old, change.new)}")

    def footer(cases):
        extra = "The interval goes from the shortest old over the longest new time of their intervals to the reverse, "
        extra += f"wider than a test would have it; h5roof compare tests. Old: {runs[0]}, new: {runs[1]}. "
        return footer_text(results, cases, "ratio of median times, old / new", extra + short_text(cases))

    legend = [marker(s, c, k if k != "unclear" else "not told apart") for k, (c, s) in BEYOND.items()]
    legend.append(Patch(facecolor=GREY, alpha=0.18, label=f"below {100 * BAND:.0f} %: no change that counts"))
    legend.append(Line2D([], [], color=GREY, linewidth=1.3, label="interval of the ratio"))
    lines = {n: (f, [case for c in f.values() for case in (c.old, c.new)]) for n, f in found.items()}
    return draw_lines(lines, operations, "Change from the old to the new run", legend, footer, fill, 0.5)


def _ticks(limit):
    step = max((s for s in (1.1, 1.2, 1.5, 2, 4, 10, 100, 1000, 10000) if s <= limit**0.85), default=1.1)
    return [1 / step, 1, step]
