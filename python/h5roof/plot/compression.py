"""What compression buys and costs: ratio against durable bandwidth."""

import math

import matplotlib
from matplotlib.lines import Line2D

from .grid import draw_operations
from ..cases import WRITES
from .style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RULE, SKY, SMALL, VERMILLION
from .style import CannotDraw, estimator_text, footer_text, marker, needs_log, short_text

HEIGHT = 2.9
COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY, BLACK)
SHAPES = "osD^vP"


def draw(results):
    filtered = [c for c in results.cases if c.factors.get("filter", "none") not in ("none", "")]
    if not filtered:
        raise CannotDraw("no measured case has a filter")
    ratios = _ratios(results)
    shown = [c for c in filtered if (c.name, c.factors["filter"]) in ratios]
    if not shown:
        raise CannotDraw("no filtered case has a compression ratio")
    names = list(dict.fromkeys(c.factors["filter"] for c in shown))
    looks = {
        n: (COLOURS[i % len(COLOURS)], SHAPES[i // len(COLOURS) % len(SHAPES)]) for i, n in enumerate(names)
    }
    operations = [o for o in results.operations() if any(c.operation == o for c in shown)]
    plain = [
        c for c in results.cases if c.factors.get("filter") == "none" and c.factors.get("layout") == "chunked"
    ]
    legend = [marker(shape, colour, name) for name, (colour, shape) in looks.items()]
    if plain:
        legend.append(
            Line2D([], [], color=GREY, linewidth=0.8, linestyle="--", label="a chunked case without filter")
        )
    extra = "Ratio: size in the type of the file / storage taken. Whiskers: CI of the bandwidth. "
    footer = footer_text(results, shown, estimator_text(), extra + short_text(shown))

    def fill(axes, operation):
        own = [c for c in shown if c.operation == operation]
        _panel(axes, operation, own, [c for c in plain if c.operation == operation], ratios, looks)

    title = "Compression: ratio against durable bandwidth"
    return [draw_operations(operations, HEIGHT, "durable bandwidth, MiB/s", title, legend, footer, fill)]


def _ratios(results):
    """Both operations of a case have the ratio of what was written."""
    found = {}
    for case in sorted(results.cases, key=lambda c: c.direction != WRITES):
        s = case.summary("ratio_frac")
        if s.n and s.median > 0:
            found.setdefault((case.name, case.factors.get("filter")), s.median)
    return found


def _panel(axes, operation, cases, plain, ratios, looks):
    xs = [ratios[c.name, c.factors["filter"]] for c in cases]
    tops = [c.value.high if c.value.has_ci else c.value.median for c in [*cases, *plain]]
    medians = [c.value.median for c in [*cases, *plain]]
    plain_format = matplotlib.ticker.FuncFormatter(lambda v, _: f"{v:.10g}")
    if needs_log(medians):
        axes.set_yscale("log")
        axes.set_ylim(min(m for m in medians if m > 0) / 1.5, max(tops) * 1.5)
        low, high = (math.log10(v) for v in axes.get_ylim())
        axes.set_yticks([10.0**e for e in range(math.ceil(low), math.floor(high) + 1)])
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    else:
        axes.set_ylim(0, max(tops) * 1.06 or 1.0)
    axes.yaxis.set_major_formatter(plain_format)
    axes.set_xlim(0, max(max(xs) * 1.08, 1.1))
    axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(plain_format)
    axes.set_xlabel("compression ratio")
    axes.tick_params(labelsize=SMALL)
    axes.grid(color=RULE, linewidth=0.4)
    axes.axvline(1.0, color=GREY, linewidth=0.8)
    for case in plain:
        axes.axhline(case.value.median, color=GREY, linewidth=0.8, linestyle="--", zorder=1)
    for x, case in zip(xs, cases):
        colour, shape = looks[case.factors["filter"]]
        s = case.value
        if s.has_ci:
            axes.vlines(x, max(s.low, axes.get_ylim()[0]), s.high, colors=colour, linewidth=1.1, zorder=3)
        look = {"marker": shape, "s": 24, "facecolors": colour if s.has_ci else "white", "edgecolors": colour}
        axes.scatter([x], [s.median], zorder=4, linewidths=1.0, gid=f"compression-{operation}", **look)
