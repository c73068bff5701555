"""Many small panels on pages of equal size."""

import math

from .style import GREY, MARGIN, RULE, SMALL, WIDTH, Sheet, shorten

COLUMNS = 3
PAGE_ROWS = 8
PANEL_HEIGHT, HEAD, FOOT = 0.72, 0.2, 0.26
LEFT, GAP = 0.5, 0.52  # for the tick labels of each panel


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
