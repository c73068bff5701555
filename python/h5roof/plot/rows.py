"""Pictures with a line per case (or per group of cases): names on the left, a panel per operation, pages where there are many."""

import math

from .style import MARGIN, NAME_LIMIT, SIZE, SMALL, STRIPE, WIDTH, Sheet, short_names, text_width

PAGE_ROWS = 40
MIN_PANEL = 0.9  # operations for which there is no room side by side stand below each other
ROW = 0.2
HEAD = 0.24  # panel title
FOOT = 0.46  # tick labels and axis label
NARROW, NARROW_FOOT = 2.0, 0.58  # of panels that need two lines for the label
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


def draw_rows(results, title, legend, footer, fill, note_width=0.0):
    """A figure per page, with a line per case. footer(cases) gives the footer of a page, fill(panel) draws into a
    panel that has its rows; note_width is kept free right of each panel."""
    by_name = {}
    for case in results.cases:
        by_name.setdefault(case.name, {})[case.operation] = case
    lines = {name: (members, list(members.values())) for name, members in by_name.items()}
    return draw_lines(lines, results.operations(), title, legend, footer, fill, note_width)


def draw_lines(lines, operations, title, legend, footer, fill, note_width=0.0):
    """The same for any lines. lines: {name: ({operation: what fill draws}, its cases)}."""
    names = list(lines)
    labels = short_names(names, NAME_LIMIT)
    left = MARGIN + max(text_width(label, SMALL) for label in labels.values()) + 0.1
    side = SIDE + note_width
    room = WIDTH - MARGIN - left + GAP
    bands = math.ceil(len(operations) / max(1, int(room / (MIN_PANEL + side + GAP))))
    columns = math.ceil(len(operations) / bands)
    panel_width = room / columns - side - GAP
    count = math.ceil(len(lines) / max(1, PAGE_ROWS // bands))
    size = math.ceil(len(lines) / count)
    figures = []
    for index in range(count):
        page = names[index * size : (index + 1) * size]
        height = max(ROW * len(page), 0.4)
        shown = [c for name in page for c in lines[name][1]]
        numbered = f"{title} (page {index + 1} of {count})" if count > 1 else title
        band_height = HEAD + height + (NARROW_FOOT if panel_width < NARROW else FOOT)
        sheet = Sheet(bands * band_height, numbered, legend, footer(shown))
        for place, operation in enumerate(operations):
            band, column = divmod(place, columns)
            right = left + column * (panel_width + side + GAP)
            axes = sheet.axes(right, band * band_height + HEAD, panel_width, height)
            rows = [
                (y, lines[name][0][operation]) for y, name in enumerate(page) if operation in lines[name][0]
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
