"""Durable bandwidth against the size of a call or of a chunk, with its confidence band, beside the roof."""

import math
from dataclasses import dataclass
from typing import Callable

import matplotlib
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .grid import draw_operations, pages_of
from .groups import groups_of
from .style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RULE, SKY, SMALL, VERMILLION
from .style import CannotDraw, estimator_text, footer_text, needs_log, short_mark, short_names, short_text
from .style import size_text, spread_ticks

PAGE_LINES = 6
HEIGHT = 2.5
LOOKS = ((BLUE, "o"), (VERMILLION, "s"), (GREEN, "^"), (ORANGE, "D"), (PURPLE, "v"), (SKY, "P"), (BLACK, "X"))


def call_bytes(case):
    """Of memory, in the mean."""
    calls = case.number("calls_count")
    return case.number("payload_bytes") / calls if calls > 0 else math.nan


def chunk_bytes(case):
    """In the file, before its filters; of a dataset without chunks nothing."""
    text = case.factors.get("chunk", "")
    if case.factors.get("layout") != "chunked" or not text:
        return math.nan
    own = case.factors.get("file_dtype", "same")
    dtype = case.factors.get("dtype", "") if own in ("same", "") else own
    bits = dtype.lstrip("iuf")
    return math.prod(map(int, text.split("x"))) * int(bits) / 8 if bits.isdigit() else math.nan


@dataclass(frozen=True)
class Size:
    factor: str  # in which the cases of a curve differ, and in nothing else
    what: str
    of: Callable
    extra: str


SIZES = (
    Size("access", "a call", call_bytes, "Bytes in memory per call, in the mean. "),
    Size("chunk", "a chunk", chunk_bytes, "Bytes of a whole chunk, before its filters. "),
)


@dataclass
class Curve:
    label: str
    operation: str
    points: list  # (bytes, case), by bytes


def curves_of(results, size):
    def keep(cases):
        return len({size.of(c) for c in cases if size.of(c) > 0 and c.value.median > 0}) > 1

    found = []
    for label, members in groups_of(results.cases, size.factor, keep=keep).items():
        for operation, cases in members.items():
            points = [(size.of(c), c) for c in cases if size.of(c) > 0 and c.value.median > 0]
            found.append(Curve(label, operation, sorted(points, key=lambda p: p[0])))
    return found


def draw(results):
    figures = []
    for size in SIZES:
        curves = curves_of(results, size)
        names = list(dict.fromkeys(c.label for c in curves))
        for page, suffix in pages_of(names, PAGE_LINES):
            figures.append(_figure(results, size, [c for c in curves if c.label in page], suffix))
    if not figures:
        raise CannotDraw("no two cases differ in nothing but the size of their calls or of their chunks")
    return figures


def _figure(results, size, curves, suffix):
    names = list(dict.fromkeys(c.label for c in curves))
    labels = short_names(names)
    looks = {n: LOOKS[i % len(LOOKS)] for i, n in enumerate(names)}
    cases = {n: [case for c in curves if c.label == n for _, case in c.points] for n in names}
    shown = [case for found in cases.values() for case in found]
    legend = [
        Line2D([], [], color=c, marker=m, markersize=4, label=labels[n] + short_mark(*cases[n]))
        for n, (c, m) in looks.items()
    ]
    if any(c.value.has_ci for c in shown):
        legend.append(Patch(facecolor=GREY, alpha=0.25, linewidth=0, label="95 % CI of the median"))
    if any(c.roof().n for c in shown):
        legend.append(Line2D([], [], color=GREY, linestyle=":", linewidth=1.2, label="the cases' roof"))
    operations = [o for o in results.operations() if any(c.operation == o for c in curves)]
    footer = footer_text(results, shown, estimator_text(), size.extra + short_text(shown))
    log = needs_log([v for case in shown for v in _values(case)])

    def fill(axes, operation):
        _panel(axes, size, [c for c in curves if c.operation == operation], looks, log)

    title = f"Durable bandwidth against the size of {size.what}{suffix}"
    ylabel = "durable bandwidth, MiB/s" + (", log axis" if log else "")
    return draw_operations(operations, HEIGHT, ylabel, title, legend, footer, fill)


def _values(case):
    s = case.value
    return [v for v in (s.median, s.low, s.high, case.roof().median) if math.isfinite(v) and v > 0]


def _panel(axes, size, curves, looks, log):
    sizes = sorted({b for c in curves for b, _ in c.points})
    values = [v for c in curves for _, case in c.points for v in _values(case)]
    axes.set_xscale("log")
    axes.set_xlim(sizes[0] / 1.4, sizes[-1] * 1.4)
    axes.set_xticks(spread_ticks(sizes, 0.17))
    axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    axes.xaxis.set_major_formatter(lambda v, _: size_text(v))
    axes.set_xlabel(f"size of {size.what}, log axis")
    axes.tick_params(labelsize=SMALL)
    if log:
        axes.set_yscale("log")
        axes.set_ylim(min(values) / 1.5, max(values) * 1.5)
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    else:
        axes.set_ylim(0, max(values) * 1.08)
    axes.yaxis.set_major_formatter(lambda v, _: f"{v:.10g}")
    axes.grid(color=RULE, linewidth=0.4)
    for curve in curves:
        _draw_curve(axes, curve, *looks[curve.label])


def _draw_curve(axes, curve, colour, shape):
    x = [b for b, _ in curve.points]
    summaries = [case.value for _, case in curve.points]
    medians = [s.median for s in summaries]
    band = {"where": [s.has_ci for s in summaries], "color": colour, "alpha": 0.2, "linewidth": 0}
    axes.fill_between(x, [s.low for s in summaries], [s.high for s in summaries], **band)
    for b, s in zip(x, summaries):  # the band has no width where a size stands alone
        if s.has_ci:
            axes.vlines(b, s.low, s.high, colors=colour, linewidth=1.0, zorder=3)
    axes.plot(x, medians, color=colour, linewidth=1.1, zorder=3)
    faces = [colour if s.has_ci else "white" for s in summaries]
    look = {"marker": shape, "s": 20, "facecolors": faces, "edgecolors": colour, "zorder": 4}
    axes.scatter(x, medians, gid=f"sizes-{curve.operation}", **look)
    roofs = [(b, case.roof().median) for b, case in curve.points if case.roof().n]
    if roofs:
        axes.plot(*zip(*roofs), color=colour, linestyle=":", linewidth=1.2, zorder=2, gid="roof")
