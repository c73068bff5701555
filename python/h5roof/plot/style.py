"""Common look: colours, sizes, text that fits, and the frame around the panels. Lengths are inches."""

import math
import os
import re
import warnings
from collections import Counter
from functools import lru_cache

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D

from ..cases import BANDWIDTH, RATE, READS, TIME, WRITES

# Okabe and Ito's palette: told apart with every common form of colour blindness, and in grey by order.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, RULE, STRIPE = "#555555", "#BBBBBB", "#F4F4F4"

DIRECTION_COLOUR = {WRITES: VERMILLION, READS: BLUE}

SIZE, SMALL, TITLE = 8.0, 7.0, 10.0  # points
LINE = 0.135  # of small text
MARGIN = 0.12
WIDTH = 8.0
NAME_LIMIT = 50  # characters of a case name

SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": SIZE,
    "axes.labelsize": SIZE,
    "axes.titlesize": SIZE,
    "axes.linewidth": 0.6,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.5,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,  # text can be searched and copied
    "svg.hashsalt": "h5roof",  # the same results give the same file
    "text.parse_math": False,  # a '$' in a name is a '$'
}


class CannotDraw(Exception):
    """This run has not what the picture needs; the message is for the user."""


def use_style():
    known = {k: v for k, v in SETTINGS.items() if k in matplotlib.rcParams}
    matplotlib.rcParams.update(known)
    # names in scripts that the font lacks are drawn as boxes: no reason to bother the user
    warnings.filterwarnings("ignore", message="Glyph .* missing")


# ---- text that fits

_measure = RendererAgg(1, 1, 200)


@lru_cache(maxsize=None)
def text_width(text, size=SIZE):
    return (
        _measure.get_text_width_height_descent(text, FontProperties("DejaVu Sans", size=size), False)[0] / 200
    )


def wrap(text, width, size=SMALL):
    """Lines of at most this width. Words longer than that stand alone."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and text_width(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return lines + [line] if line else lines


def shorten(text, limit):
    """Cut in the middle: names differ at both ends."""
    text = re.sub(r"\s+", " ", text)
    if len(text) <= limit:
        return text
    tail = (limit - 1) * 2 // 3
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail:]}"


# values that say by themselves what they are: where names are too long, these keys go first
PLAIN_KEY = re.compile(
    r"(?:(?<=/)|^)(?:chunk|filter|mode|driver|layout|access|dtype|byte_order|decomposition)="
)


def short_names(names, limit=NAME_LIMIT):
    """Shortened names that still differ: where the cut hides the difference, the cut moves around it."""
    names = list(dict.fromkeys(names))
    bare = {name: PLAIN_KEY.sub("", name) for name in names}
    if max(map(len, names)) <= limit or len(set(bare.values())) < len(names):
        bare = {name: name for name in names}
    short = {name: shorten(bare[name], limit) for name in names}
    counts = Counter(short.values())
    for twin in [s for s, count in counts.items() if count > 1]:
        group = [name for name, s in short.items() if s == twin]
        start = len(os.path.commonprefix([bare[name] for name in group]))
        for name in group:
            head = bare[name][: limit // 4]
            around = shorten(bare[name][max(len(head), start - 4) :], limit - len(head) - 1)
            short[name] = f"{head}…{around}"
        if len({short[name] for name in group}) < len(group):
            for index, name in enumerate(group, 1):
                short[name] = f"{shorten(bare[name], limit - 5)} #{index}"
    return short


def number(value):
    """Three significant digits, without an exponent."""
    if not math.isfinite(value):
        return "–"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(digits, 9)}f}"


SECONDS = ((1.0, " s"), (1e-3, " ms"), (1e-6, " µs"), (1e-9, " ns"))
THOUSANDS = ((1e6, "M"), (1e3, "k"), (1.0, ""))
BYTES = ((2.0**30, " GiB"), (2.0**20, " MiB"), (2.0**10, " KiB"), (1.0, " B"))
PLAIN = ((1.0, ""),)
SCALES = {BANDWIDTH: PLAIN, RATE: THOUSANDS, TIME: SECONDS}


def scaled(value, scales, digits=number):
    """In the largest unit of which there is one."""
    scale, unit = next((s for s in scales if value >= s[0] * (1 - 1e-9)), scales[-1])
    return digits(value / scale) + unit


def seconds(value):
    return scaled(value, SECONDS)


def size_text(value):
    return scaled(value, BYTES, "{:.3g}".format)


def value_text(measure, value):
    return f"{scaled(value, SCALES[measure])} {measure.unit}".rstrip()


# ---- axes


def tick_text(scales=PLAIN):
    """Function (value) -> label of a tick."""
    return lambda value: "0" if value == 0 else scaled(value, scales, "{:.10g}".format)


def needs_log(values):
    """More than two decades on a zero-based axis would hide the small values."""
    positive = [v for v in values if math.isfinite(v) and v > 0]
    return bool(positive) and max(positive) / min(positive) > 100.0


def width_of(axes):
    return axes.get_position().width * axes.figure.get_figwidth()


def value_axis(axes, values, label, log, top=None, scales=PLAIN):
    """x axis for values: zero-based, or logarithmic and then it says so. The same for all pages."""
    text = tick_text(scales)
    finite = [v for v in values if math.isfinite(v)]
    if log:
        positive = [v for v in finite if v > 0]
        axes.set_xscale("log")
        low, high = math.log10(min(positive)) - 0.15, math.log10(max(max(positive), top or 0)) + 0.15
        axes.set_xlim(10**low, 10**high)
        axes.set_xticks(_fitting(axes, text, lambda most: _log_ticks(low, high, most)))
        label += ", log axis"
    else:
        right = max(max(finite, default=0.0) * 1.06, top or 0) or 1.0
        axes.set_xlim(0, right)
        axes.set_xticks(_fitting(axes, text, lambda most: _linear_ticks(right, most)))
    axes.set_xlabel("\n".join(wrap(label, width_of(axes) + 0.2, SIZE)))
    axes.xaxis.set_major_formatter(lambda v, _: text(v))
    axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    axes.grid(axis="x", color=RULE, linewidth=0.4)


def _log_ticks(low, high, most):
    """Powers of ten between these; less than two decades have steps in between."""
    first, last = math.ceil(low), math.floor(high)
    step = max(1, math.ceil((last - first + 1) / most))
    ticks = [10.0**e for e in range(first, last + 1, step)]
    if len(ticks) > 1:
        return ticks
    fine = [m * 10.0**e for e in range(first - 1, last + 1) for m in (1, 2, 5)]
    ticks = [t for t in fine if low <= math.log10(t) <= high]
    return ticks[:: math.ceil(len(ticks) / most)]


def _linear_ticks(right, most):
    ticks = matplotlib.ticker.MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(0, right)
    return [t for t in ticks if t <= right]


def spread_ticks(values, part):
    """Of these sorted values for a log axis, those that are this part of the axis apart, so that labels have room."""
    kept = []
    for v in values:
        if not kept or v / kept[-1] >= (values[-1] / values[0]) ** part:
            kept.append(v)
    return kept


def _fitting(axes, text, ticks_of):
    """As many ticks as there is room for."""
    for most in (5, 4, 3, 2):
        ticks = ticks_of(most)
        if sum(text_width(text(t), SMALL) + 0.1 for t in ticks) <= width_of(axes):
            break
    return ticks


# ---- the frame around the panels


def marker(shape, colour, label, **more):
    return Line2D([], [], linestyle="", marker=shape, color=colour, label=label, markersize=5, **more)


def estimator_text():
    return "median, with its 95 % order-statistic confidence interval (CI; from 6 repetitions on)"


def repetitions_text(cases):
    counts = [c.value.n for c in cases]
    low, high = min(counts), max(counts)
    text = f"{low}" if low == high else f"{low} to {high}"
    names = len({c.name for c in cases})
    return f"n = {text} repetition{'' if high == 1 else 's'} of {names} case{'' if names == 1 else 's'}"


SHORT = "†"  # beside the numbers of a case whose repetitions are too short


def short_mark(*cases):
    return SHORT if any(c.too_short for c in cases) else ""


def short_text(cases):
    if not short_mark(*cases):
        return ""
    return f"{SHORT} most repetitions too short to trust (below 10 ms or 100 barriers). "


CACHE_MEANING = {
    "as-is": "as-is (just written: possibly read from the page cache)",
    "cold": "cold (evicted; what stayed resident is in the results)",
    "warm": "warm (read from the page cache)",
    "": "not recorded",
}


def cache_text(cases):
    reads = [c for c in cases if c.direction == READS]
    if not reads:
        return ""
    states = sorted({c.text("cache") for c in reads})
    return f"Cache before reading: {', '.join(CACHE_MEANING.get(s, s) for s in states)}. "


def ranks_text(cases):
    ranks = sorted({c.ranks for c in cases})
    text = ", ".join(map(str, ranks[:6])) + (", …" if len(ranks) > 6 else "")
    return f"{text} rank{'' if ranks == [1] else 's'}"


def footer_text(results, cases, estimator, extra=""):
    """What every picture must say of its numbers."""
    runs = ", ".join(results.run_ids[:2]) + (
        f" and {len(results.run_ids) - 2} more" if len(results.run_ids) > 2 else ""
    )
    suites = ", ".join(results.suites[:3])
    text = f"Run {runs}, suite {suites}, {ranks_text(cases)}. {repetitions_text(cases)}; {estimator}. "
    text += cache_text(cases) + extra
    if results.skipped:
        text += f" {len(results.skipped)} of the run's cases skipped by a rule."
    if results.bad:
        text += f" Left out: {results.bad} repetition(s) that failed or did not verify."
    return text.strip()


class Sheet:
    """A figure of fixed width whose height follows from what is on it: title, legend, body, footer."""

    def __init__(self, body_height, title, legend, footer, width=WIDTH):
        inner = width - 2 * MARGIN
        footer_lines = wrap(footer, inner)
        title_lines = wrap(title, inner, TITLE)
        columns = self._legend_columns(legend, inner)
        legend_height = 0.19 * math.ceil(len(legend) / columns) + 0.06 if legend else 0.0
        title_height = 0.19 * len(title_lines) + 0.08
        footer_height = LINE * len(footer_lines) + 0.08
        self.width = width
        self.height = MARGIN + title_height + legend_height + body_height + footer_height + MARGIN
        self.top = MARGIN + title_height + legend_height  # of the body
        self.figure = Figure(figsize=(self.width, self.height))
        FigureCanvasAgg(self.figure)
        self.text(MARGIN, MARGIN, "\n".join(title_lines), size=TITLE, weight="bold", linespacing=1.15)
        if legend:
            self.figure.legend(
                handles=legend,
                loc="upper left",
                bbox_to_anchor=(MARGIN / width, 1 - (MARGIN + title_height) / self.height),
                ncol=columns,
                frameon=False,
                fontsize=SMALL,
                borderpad=0,
                borderaxespad=0,
                handletextpad=0.6,
                columnspacing=1.6,
                labelspacing=0.45,
                handlelength=1.6,
            )
        for i, line in enumerate(footer_lines):
            y = self.height - MARGIN - LINE * (len(footer_lines) - i)
            self.text(MARGIN, y, line, size=SMALL, color=GREY)

    @staticmethod
    def _legend_columns(legend, inner):
        """As many columns as fit. The library fills column by column."""
        for columns in range(len(legend), 1, -1):
            widths = np.array([text_width(h.get_label(), SMALL) + 0.45 for h in legend])
            if sum(max(part) for part in np.array_split(widths, columns)) <= inner:
                return columns
        return 1

    def text(self, x, y, text, **more):
        """Text whose top left corner is at x, y from the figure's top left corner."""
        more.setdefault("va", "top")
        return self.figure.text(x / self.width, 1 - y / self.height, text, **more)

    def axes(self, left, top, width, height):
        """Axes at a place in the body."""
        bottom = self.height - self.top - top - height
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)
