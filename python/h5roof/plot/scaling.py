"""Strong scaling (speed-up) and weak scaling (efficiency) over the number of ranks, with the ideal line."""

import math
from dataclasses import dataclass

import matplotlib
from matplotlib.lines import Line2D

from .grid import draw_operations, pages_of
from .groups import groups_of
from .style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RULE, SKY, SMALL, VERMILLION
from .style import CannotDraw, footer_text, short_mark, short_names, short_text, spread_ticks

PAGE_LINES = 7
HEIGHT = 2.5
LOOKS = ((BLUE, "o"), (VERMILLION, "s"), (GREEN, "^"), (ORANGE, "D"), (PURPLE, "v"), (SKY, "P"), (BLACK, "X"))
TITLE = {"strong": "Strong scaling: speed-up", "weak": "Weak scaling: efficiency"}
AXIS = {"strong": "speed-up", "weak": "time with fewest ranks / time"}


@dataclass
class Curve:
    label: str
    operation: str
    kind: str  # strong or weak
    cases: list  # by number of ranks, one each

    def points(self):
        """[(ranks, value, low, high)] against the smallest number of ranks; low and high NaN without intervals."""
        base = self.cases[0].time.median
        found = []
        for case in self.cases:
            s = case.time
            found.append((case.ranks, base / s.median, base / s.high, base / s.low if s.has_ci else math.nan))
        return found


def kind_of(cases):
    """As the factor `scaling` says; without it, what the payload says: the same for all ranks, or per rank."""
    said = {c.factors.get("scaling", "") for c in cases}
    if said <= set(TITLE):
        return said.pop() if len(said) == 1 else None
    payload = [c.number("payload_bytes") for c in cases]
    if len(set(payload)) == 1:
        return "strong"
    per_rank = [p / c.ranks for p, c in zip(payload, cases)]
    return "weak" if max(per_rank) <= 1.001 * min(per_rank) else None


def curves_of(results):
    found = []
    # the shape of a weak case may grow with the ranks
    for also in ((), ("shape",)):
        for label, members in groups_of(results.cases, "ranks", "ranks_asked", *also, keep=_scales).items():
            for operation, cases in members.items():
                # all ranks may be as many as a number that was measured, too
                once = {c.ranks: c for c in reversed(cases)}
                by_ranks = [once[n] for n in sorted(once)]
                kind = kind_of(by_ranks)
                grows = kind == "weak" and len({c.factors.get("shape") for c in cases}) > 1
                if kind and grows == bool(also):
                    found.append(Curve(label, operation, kind, by_ranks))
    return found


def _scales(cases):
    """Several numbers of ranks, with times."""
    return len({c.ranks for c in cases}) > 1 and all(c.time.median > 0 for c in cases)


def draw(results):
    curves = curves_of(results)
    if not curves:
        ranks = sorted({c.ranks for c in results.cases})
        raise CannotDraw(
            f"no case was measured with several numbers of ranks; measured: {', '.join(map(str, ranks))}"
        )
    figures = []
    for kind in TITLE:
        own = [c for c in curves if c.kind == kind]
        names = list(dict.fromkeys(c.label for c in own))
        for page, suffix in pages_of(names, PAGE_LINES):
            figures.append(_figure(results, kind, [c for c in own if c.label in page], suffix))
    return figures


def _figure(results, kind, curves, suffix):
    names = list(dict.fromkeys(c.label for c in curves))
    labels = short_names(names)
    looks = {n: LOOKS[i % len(LOOKS)] for i, n in enumerate(names)}
    marks = {n: short_mark(*(p for c in curves if c.label == n for p in c.cases)) for n in names}
    legend = [
        Line2D([], [], color=c, marker=m, markersize=4, label=labels[n] + marks[n])
        for n, (c, m) in looks.items()
    ]
    legend.append(Line2D([], [], color=GREY, linestyle="--", linewidth=1.0, label="ideal"))
    shown = [c for curve in curves for c in curve.cases]
    extra = (
        "Relative to the median time with the fewest ranks; whiskers: the 95 % interval of the other time. "
    )
    footer = footer_text(results, shown, "ratio of median durable times", extra + short_text(shown))
    operations = [o for o in results.operations() if any(c.operation == o for c in curves)]

    def fill(axes, operation):
        _panel(axes, kind, [c for c in curves if c.operation == operation], looks)

    title = f"{TITLE[kind]}{suffix}"
    return draw_operations(operations, HEIGHT, AXIS[kind], title, legend, footer, fill)


def _panel(axes, kind, curves, looks):
    points = [p for c in curves for p in c.points()]
    ranks = sorted({p[0] for p in points})
    tops = [v for p in points for v in (p[1], p[3]) if math.isfinite(v)]
    plain = matplotlib.ticker.FuncFormatter(lambda v, _: f"{v:.10g}")
    axes.set_xscale("log")
    axes.set_xlim(ranks[0] / 1.15, ranks[-1] * 1.15)
    axes.set_xticks(spread_ticks(ranks, 0.07))
    axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    axes.xaxis.set_major_formatter(plain)
    axes.set_xlabel("ranks, log axis")
    axes.tick_params(labelsize=SMALL)
    if kind == "strong":
        first = min(c.cases[0].ranks for c in curves)
        lows = [v for p in points for v in (p[1], p[2]) if math.isfinite(v) and v > 0]
        axes.set_yscale("log")
        axes.set_ylim(min(0.9, min(lows) / 1.15), max([ranks[-1] / first, *tops]) * 1.15)
        low, high = axes.get_ylim()
        steps = [2.0**e for e in range(-12, 20) if low <= 2.0**e <= high]
        axes.set_yticks(steps[:: max(1, math.ceil(len(steps) / 8))])
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.plot(
            [first, ranks[-1]], [1, ranks[-1] / first], color=GREY, linestyle="--", linewidth=1.0, gid="ideal"
        )
    else:
        axes.set_ylim(0, max([1.0, *tops]) * 1.08)
        axes.axhline(1.0, color=GREY, linestyle="--", linewidth=1.0, gid="ideal")
    axes.yaxis.set_major_formatter(plain)
    axes.grid(color=RULE, linewidth=0.4)
    for curve in curves:
        colour, shape = looks[curve.label]
        x, y, low, high = zip(*curve.points())
        axes.plot(x, y, color=colour, linewidth=1.1, zorder=3)
        axes.scatter(x, y, marker=shape, s=20, color=colour, zorder=4, gid=f"scaling-{curve.operation}")
        for xi, a, b in zip(x, low, high):
            if math.isfinite(b):
                axes.vlines(xi, a, b, colors=colour, linewidth=1.0, zorder=2)
