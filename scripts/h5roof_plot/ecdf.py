"""The distribution of the repetitions: which part of them is at most as fast."""

import math

import numpy as np
from matplotlib.lines import Line2D

from .style import BLACK, BLUE, GREEN, GREY, MARGIN, ORANGE, PURPLE, RULE, SIZE, SKY, VERMILLION, WIDTH, Sheet
from .style import footer_text, needs_log, short_names, short_text, value_axis

PAGE_CASES = 7
MOST_PAGES = 10
HEAD, HEIGHT, FOOT, LEFT, GAP = 0.24, 2.1, 0.46, 0.55, 0.35
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
        figures.append(_figure(results, page, labels, suffix, more))
    return figures


def _figure(results, page, labels, suffix, more):
    looks = {name: LOOKS[i % len(LOOKS)] for i, name in enumerate(page)}
    shown = [c for c in results.cases if c.name in looks]
    operations = [o for o in results.operations() if any(c.operation == o for c in shown)]
    legend = [Line2D([], [], color=c, linestyle=s, label=labels[n]) for n, (c, s) in looks.items()]
    extra = f"At height 0.5 lies the median. {short_text(shown)}{more}"
    footer = footer_text(results, shown, "all measured repetitions (empirical distribution)", extra)
    title = f"Distribution of the repetitions' durable bandwidth{suffix}"
    sheet = Sheet(HEAD + HEIGHT + FOOT, title, legend, footer)
    width = (WIDTH - 2 * MARGIN - LEFT - (len(operations) - 1) * GAP) / len(operations) - 0.1
    for k, operation in enumerate(operations):
        own = [c for c in shown if c.operation == operation]
        axes = sheet.axes(MARGIN + LEFT + k * (width + GAP), HEAD, width, HEIGHT)
        values = [v for c in own for v in c.frame["durable_mibps"]]
        value_axis(axes, values, "durable bandwidth, MiB/s", needs_log(values))
        axes.set_title(operation, loc="left", size=SIZE, weight="bold", pad=4)
        axes.set_ylim(0, 1.03)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
        axes.grid(axis="y", color=RULE, linewidth=0.4)
        if k == 0:
            axes.set_ylabel("part of the repetitions at most as fast")
        axes.axhline(0.5, color=GREY, linewidth=0.6)
        for case in own:
            x = np.sort(case.frame["durable_mibps"].to_numpy())
            colour, style = looks[case.name]
            left = axes.get_xlim()[0]
            steps = np.concatenate([[max(left, 0)], x]), np.concatenate(
                [[0], np.arange(1, len(x) + 1) / len(x)]
            )
            axes.step(
                *steps, where="post", color=colour, linestyle=style, linewidth=1.2, gid=f"ecdf-{operation}"
            )
    return sheet.figure
