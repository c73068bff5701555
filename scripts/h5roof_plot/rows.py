"""Pictures with one line per case: names on the left, a panel per operation, pages where there are many."""

import math

from .style import MARGIN, NAME_LIMIT, SIZE, SMALL, STRIPE, WIDTH, Sheet, short_names, text_width

PAGE_ROWS = 40
ROW = 0.2
HEAD = 0.24  # panel title
FOOT = 0.46  # tick labels and axis label
GAP = 0.2
SIDE = 0.12  # right of each panel, for half a tick label


class Panel:
    """One operation on one page. rows: (y, case) of the cases that were measured."""

    def __init__(self, axes, operation, rows):
        self.axes, self.operation, self.rows = axes, operation, rows

    def beside(self, y, text, **more):
        """A short note right of the panel, on the line of a case."""
        at = self.axes.get_yaxis_transform()
        self.axes.text(
            1.015, y, text, transform=at, va="center", ha="left", size=SMALL, clip_on=False, **more
        )


def pages_of(results):
    """Names of the cases, page by page, in the order of the suite; pages of equal length."""
    names = list(dict.fromkeys(c.name for c in results.cases))
    count = math.ceil(len(names) / PAGE_ROWS)
    size = math.ceil(len(names) / count)
    return [names[i : i + size] for i in range(0, len(names), size)]


def draw_rows(results, title, legend, footer, fill, note_width=0.0):
    """A figure per page. footer(cases) gives the footer of a page, fill(panel) draws into a panel that has
    its rows; note_width is kept free right of each panel."""
    operations = results.operations()
    by_key = {(c.name, c.operation): c for c in results.cases}
    pages = pages_of(results)
    labels = short_names([name for page in pages for name in page], NAME_LIMIT)
    left = MARGIN + max(text_width(label, SMALL) for label in labels.values()) + 0.1
    side = SIDE + note_width
    panel_width = (WIDTH - MARGIN - left - len(operations) * side - (len(operations) - 1) * GAP) / len(
        operations
    )
    figures = []
    for index, page in enumerate(pages, 1):
        height = max(ROW * len(page), 0.4)
        shown = [c for c in results.cases if c.name in set(page)]
        numbered = f"{title} (page {index} of {len(pages)})" if len(pages) > 1 else title
        sheet = Sheet(HEAD + height + FOOT, numbered, legend, footer(shown))
        for column, operation in enumerate(operations):
            axes = sheet.axes(left + column * (panel_width + side + GAP), HEAD, panel_width, height)
            rows = [
                (y, by_key[name, operation]) for y, name in enumerate(page) if (name, operation) in by_key
            ]
            _prepare(axes, page, labels if column == 0 else None, operation)
            fill(Panel(axes, operation, rows))
        figures.append(sheet.figure)
    return figures


def _prepare(axes, page, labels, operation):
    axes.set_title(operation, loc="left", size=SIZE, weight="bold", pad=4)
    axes.set_ylim(len(page) - 0.5, -0.5)
    axes.set_yticks(range(len(page)))
    axes.set_yticklabels([labels[name] for name in page] if labels else [])
    for y in range(0, len(page), 2):
        axes.axhspan(y - 0.5, y + 0.5, color=STRIPE, zorder=0, linewidth=0)
