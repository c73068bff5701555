"""Panels of equal size: a few for the operations, or many small ones on pages."""

import math

from .style import GREY, MARGIN, RULE, SIZE, SMALL, WIDTH, Sheet, shorten

COLUMNS = 3
PAGE_ROWS = 8
PANEL_HEIGHT, HEAD, FOOT = 0.72, 0.2, 0.26
LEFT, GAP = 0.5, 0.52  # for the tick labels of each panel
WIDE_HEAD, WIDE_FOOT, WIDE_LEFT, WIDE_GAP = 0.24, 0.46, 0.55, 0.5


def pages_of(names, most):
    """[(names of a page, what its title ends in)]: pages of nearly equal length, of at most so many."""
    count = math.ceil(len(names) / most)
    size = math.ceil(len(names) / count) if count else 0
    return [
        (names[i * size : (i + 1) * size], f" (page {i + 1} of {count})" if count > 1 else "")
        for i in range(count)
    ]


def draw_operations(operations, height, ylabel, title, legend, footer, fill):
    """A figure with a panel of this height per operation, up to three side by side; fill(axes, operation) draws into
    one."""
    lines = math.ceil(len(operations) / COLUMNS)
    columns = math.ceil(len(operations) / lines)
    line_height = WIDE_HEAD + height + WIDE_FOOT
    sheet = Sheet(lines * line_height, title, legend, footer)
    width = (WIDTH - 2 * MARGIN - WIDE_LEFT - (columns - 1) * WIDE_GAP) / columns - 0.1
    for place, operation in enumerate(operations):
        line, column = divmod(place, columns)
        left = MARGIN + WIDE_LEFT + column * (width + WIDE_GAP)
        axes = sheet.axes(left, line * line_height + WIDE_HEAD, width, height)
        axes.set_title(operation, loc="left", size=SIZE, weight="bold", pad=4)
        fill(axes, operation)
        if column == 0:
            axes.set_ylabel(ylabel)
            axes.yaxis.set_label_coords(-(WIDE_LEFT - 0.05) / width, 0.5)
    return sheet.figure


def draw_grid(items, title, legend, footer, fill, most_pages):
    """A figure per page. items: [(heading, case, what fill draws)]; fill(axes, item) draws into a panel. Beyond
    most_pages nothing is drawn, and the footer says so."""
    per_page = COLUMNS * PAGE_ROWS
    count = math.ceil(len(items) / per_page)
    size = COLUMNS * math.ceil(math.ceil(len(items) / count) / COLUMNS)
    drawn = min(count, most_pages)
    rest = len(items) - drawn * size
    more = f"Not drawn: {rest} more (choose with --only)." if rest > 0 else ""
    figures = []
    for index in range(drawn):
        page = items[index * size : (index + 1) * size]
        rows = math.ceil(len(page) / COLUMNS)
        numbered = f"{title} (page {index + 1} of {drawn})" if drawn > 1 else title
        text = f"{footer([case for _, case, _ in page])} {more}".strip()
        sheet = Sheet(rows * (HEAD + PANEL_HEIGHT + FOOT), numbered, legend, text)
        width = (WIDTH - 2 * MARGIN - LEFT - (COLUMNS - 1) * GAP) / COLUMNS
        for k, (heading, _, what) in enumerate(page):
            left = MARGIN + LEFT + (k % COLUMNS) * (width + GAP)
            top = (k // COLUMNS) * (HEAD + PANEL_HEIGHT + FOOT) + HEAD
            axes = sheet.axes(left, top, width, PANEL_HEIGHT)
            axes.set_title(shorten(heading, 36), loc="left", size=SMALL, pad=3)
            axes.tick_params(labelsize=6, length=2, color=RULE, labelcolor=GREY)
            fill(axes, what)
        figures.append(sheet.figure)
    return figures
