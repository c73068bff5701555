"""The distribution of the repetitions: which part of them is at most as fast."""

import math

import numpy as np
from matplotlib.lines import Line2D

from .grid import draw_operations
from ..cases import TIME
from .style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RULE, SCALES, SKY, VERMILLION
from .style import footer_text, needs_log, short_names, short_mark, short_text, value_axis

PAGE_CASES = 7
MOST_PAGES = 10
HEIGHT = 2.1
LOOKS = [
    (BLUE, "-"),
    (VERMILLION, "-"),
    (GREEN, "--"),
    (ORANGE, "--"),
    (PURPLE, "-."),
    (SKY, "-."),
    (BLACK, ":"),
]


def draw(results):
    return [figure for measure, part in results.by_measure() for figure in _pages(part, measure)]


def _pages(results, measure):
    names = list(dict.fromkeys(c.name for c in results.cases))
    labels = short_names(names)
    count = math.ceil(len(names) / PAGE_CASES)
    size, drawn = math.ceil(len(names) / count), min(count, MOST_PAGES)
    rest = len(names) - drawn * size
    figures = []
    for index in range(drawn):
        page = names[index * size : (index + 1) * size]
        suffix = f" (page {index + 1} of {drawn})" if drawn > 1 else ""
        more = f" Not drawn: {rest} more cases (choose with --only)." if rest > 0 else ""
        figures.append(_figure(results, measure, page, labels, suffix, more))
    return figures


def _figure(results, measure, page, labels, suffix, more):
    looks = {name: LOOKS[i % len(LOOKS)] for i, name in enumerate(page)}
    shown = [c for c in results.cases if c.name in looks]
    operations = [o for o in results.operations() if any(c.operation == o for c in shown)]
    marks = {name: short_mark(*(c for c in shown if c.name == name)) for name in looks}
    legend = [Line2D([], [], color=c, linestyle=s, label=labels[n] + marks[n]) for n, (c, s) in looks.items()]
    extra = f"At height 0.5 lies the median. {short_text(shown)}{more}"
    footer = footer_text(results, shown, "all measured repetitions (empirical distribution)", extra)
    title = f"Distribution of the repetitions' {measure.name}{suffix}"

    def fill(axes, operation):
        own = [c for c in shown if c.operation == operation]
        values = [v for c in own for v in c.frame[measure.column]]
        value_axis(axes, values, measure.axis, needs_log(values), scales=SCALES[measure])
        axes.set_ylim(0, 1.03)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
        axes.grid(axis="y", color=RULE, linewidth=0.4)
        axes.axhline(0.5, color=GREY, linewidth=0.6)
        for case in own:
            colour, style = looks[case.name]
            _steps(axes, np.sort(case.frame[measure.column].dropna()), operation, colour, style)

    ylabel = f"part of the repetitions at most as {'long' if measure is TIME else 'fast'}"
    return draw_operations(operations, HEIGHT, ylabel, title, legend, footer, fill)


def _steps(axes, x, operation, colour, style):
    left = max(axes.get_xlim()[0], 0)
    steps = np.concatenate([[left], x]), np.concatenate([[0], np.arange(1, len(x) + 1) / len(x)])
    axes.step(*steps, where="post", color=colour, linestyle=style, linewidth=1.2, gid=f"ecdf-{operation}")
