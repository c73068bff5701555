"""Chunk shape against filter: the median durable bandwidth in every cell. Cells are never averages of cases."""

import itertools
import math
import re
from dataclasses import dataclass

import matplotlib
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.patches import Patch, Rectangle

from .style import GREY, MARGIN, PLAIN_KEY, SIZE, SMALL, WIDTH, CannotDraw, Sheet
from .style import (
    estimator_text,
    footer_text,
    needs_log,
    number,
    short_mark,
    short_text,
    shorten,
    text_width,
    wrap,
)

MAX_PANELS = 6
PAGE_CHUNKS = 36
PAGE_HEIGHT = 11.0
WIDE = 0.10  # half width of the CI from which a cell is hatched
CELL_H = 0.27
PANEL_MIN = 1.2  # for the title above
EMPTY = "#EBEBEB"
GAP_X, GAP_Y, BAR = 0.22, 0.16, 0.8  # BAR: room for a colour bar


def draw(results):
    cases = [c for c in results.cases if c.factors.get("chunk")]
    skipped = [f for _, f, _ in results.skipped if f.get("chunk")]
    chunks = sorted({c.factors["chunk"] for c in cases}, key=_chunk_order)
    filters = sorted({c.factors["filter"] for c in cases}, key=_filter_order)
    if len(chunks) * len(filters) < 2:
        found = f"only {chunks[0]} with {filters[0]}" if cases else "no chunked case at all"
        raise CannotDraw(f"needs at least two chunk shapes or filters; measured: {found}")
    split, others = choose_split(cases)
    panels, left_out = choose_panels(cases, split)
    notes = _notes(split, others, left_out)
    scales = {
        o: _scale([c for key, p in panels.items() if key[0] == o for c in p]) for o in results.operations()
    }
    lines = [
        line
        for i in range(0, len(chunks), PAGE_CHUNKS)
        for line in _lines(panels, split, chunks[i : i + PAGE_CHUNKS], filters)
    ]
    blocked = {(f["chunk"], f["filter"], *(f[s] for s in split)) for f in skipped}
    pages = _pages(lines)
    figures = []
    for index, page in enumerate(pages, 1):
        suffix = f" (page {index} of {len(pages)})" if len(pages) > 1 else ""
        figures.append(_figure(results, page, panels, scales, blocked, notes, suffix))
    return figures


# ---- which case stands where


def _chunk_order(chunk):
    dims = [int(d) for d in chunk.split("x") if d.isdigit()]
    return (math.prod(dims), dims, chunk)


def _filter_order(name):
    return (name not in ("none", ""), name.count("+"), name)


def _cell(case):
    return (case.operation, case.factors["chunk"], case.factors["filter"])


def _collides(cases, split):
    keys = [(*_cell(c), *(c.factors[f] for f in split)) for c in cases]
    return len(set(keys)) < len(keys)


def choose_split(cases):
    """(factors, others): the fewest factors over which panels must be split so that no cell holds two cases,
    and the factors that differ besides."""
    varied = [
        f for f in cases[0].factors if f not in ("chunk", "filter") and len({c.factors[f] for c in cases}) > 1
    ]
    for size in range(len(varied) + 1):
        fits = [s for s in itertools.combinations(varied, size) if not _collides(cases, s)]
        if fits:
            split = min(fits, key=lambda s: len({tuple(c.factors[f] for f in s) for c in cases}))
            return split, [f for f in varied if f not in split]
    raise CannotDraw("several cases fall in one cell, and no factor in the results tells them apart")


def choose_panels(cases, split):
    """({(operation, values of split): cases}, how many combinations are left out). Where there are more than
    a picture holds, the combinations with most cells stay, for every operation alike."""
    combos = {}
    for case in cases:
        combos.setdefault(tuple(case.factors[f] for f in split), []).append(case)
    operations = sorted({c.operation for c in cases}, reverse=True)
    kept = set(sorted(combos, key=lambda k: -len(combos[k]))[:MAX_PANELS])
    panels = {}
    for operation in operations:
        for combo, members in combos.items():
            part = [c for c in members if c.operation == operation]
            if combo in kept and part:
                panels[operation, combo] = part
    return panels, len(combos) - len(kept)


def _notes(split, others, left_out):
    text = ""
    if left_out:
        text += f"Not drawn, {left_out} more of the combinations of {', '.join(split)} (choose with --only). "
    if others:
        text += f"Besides chunk and filter the cells also differ in: {', '.join(others)}. "
    return text


# ---- drawing


def _scale(cases):
    values = [c.value.median for c in cases]
    if needs_log(values):
        return LogNorm(min(v for v in values if v > 0), max(values))
    return Normalize(0, max(values) or 1.0)


@dataclass
class Line:
    """Panels side by side, of equal size: blocks of (operation, panels) with a colour bar each."""

    blocks: list
    chunks: list
    filters: list
    titles: dict  # panel: text
    left: float
    width: float

    @property
    def head(self):
        return 0.12 + 0.14 * max(title.count("\n") + 1 for title in self.titles.values())

    @property
    def panel_height(self):
        return max(CELL_H * len(self.chunks), 0.5)

    @property
    def height(self):
        return (
            self.head + self.panel_height + 0.36 + 0.12 * max(_two_lines(f).count("\n") for f in self.filters)
        )


def _block_width(count, width):
    """Of panels side by side with their colour bar."""
    return count * (width + GAP_X) - GAP_X + BAR


def _lines(panels, split, chunks, filters):
    """All panels in lines; blocks of two operations share a line where they fit."""
    parts = [part for name in filters for part in _two_lines(name).split("\n")]
    cell = max(0.58, max(text_width(part, SMALL) for part in parts) + 0.14)
    width = max(cell * len(filters), PANEL_MIN)
    left = MARGIN + max(text_width(c, SMALL) for c in chunks) + 0.32
    room = WIDTH - left - MARGIN
    per_block = max(1, int((room - BAR + GAP_X) // (width + GAP_X)))
    blocks = []
    for operation in dict.fromkeys(key[0] for key in panels):
        own = [k for k, part in panels.items() if k[0] == operation and _chunks_of(part) & set(chunks)]
        blocks += [(operation, own[i : i + per_block]) for i in range(0, len(own), per_block)]
    apart = len(panels) > MAX_PANELS  # then every operation has its own pages
    grouped, used = [], room + 1.0
    for block in blocks:
        if used + _block_width(len(block[1]), width) > room or (apart and block[0] != grouped[-1][-1][0]):
            grouped, used = [*grouped, []], 0.0
        grouped[-1].append(block)
        used += _block_width(len(block[1]), width)
    lines = []
    for group in grouped:
        keys = [key for _, own in group for key in own]
        here = [c for c in chunks if any(c in _chunks_of(panels[key]) for key in keys)]
        lines.append(
            Line(group, here, filters, {k: _panel_title(k, split, width) for k in keys}, left, width)
        )
    return lines


def _chunks_of(cases):
    return {c.factors["chunk"] for c in cases}


def _pages(lines):
    """Lines that make a picture: of at most PAGE_HEIGHT and MAX_PANELS."""
    pages, used, count = [], PAGE_HEIGHT + 1.0, 0
    for line in lines:
        if used + line.height > PAGE_HEIGHT or count + len(line.titles) > MAX_PANELS:
            pages, used, count = [*pages, []], 0.0, 0
        pages[-1].append(line)
        used += line.height + GAP_Y
        count += len(line.titles)
    return pages


def _two_lines(name):
    """A pipeline of several stages is broken near its middle."""
    breaks = [i + 1 for i, letter in enumerate(name) if letter == "+"]
    if not breaks:
        return name
    at = min(breaks, key=lambda i: abs(i - len(name) / 2))
    return f"{name[:at]}\n{name[at:]}"


def _figure(results, lines, panels, scales, blocked, notes, suffix):
    shown = [
        c for line in lines for key in line.titles for c in panels[key] if c.factors["chunk"] in line.chunks
    ]
    title = f"Median durable bandwidth in MiB/s: chunk shape × filter{suffix}"
    footer = footer_text(results, shown, estimator_text(), notes + short_text(shown))
    width = max(WIDTH, *(line.left + _block_width(1, line.width) + MARGIN for line in lines))
    height = sum(line.height for line in lines) + GAP_Y * (len(lines) - 1)
    sheet = Sheet(height, title, _legend(lines, panels, shown), footer, width)
    top = 0.0
    for line in lines:
        left = line.left
        for operation, keys in line.blocks:
            for key in keys:
                axes = sheet.axes(left, top + line.head, line.width, line.panel_height)
                _prepare(axes, line, left == line.left)
                axes.set_title(line.titles[key], loc="left", pad=4, linespacing=1.1)
                _fill(axes, panels[key], line, scales[operation], blocked, key[1])
                left += line.width + GAP_X
            bar = sheet.axes(left - GAP_X + 0.13, top + line.head, 0.11, min(line.panel_height, 2.2))
            _colour_bar(sheet.figure, bar, scales[operation])
            left += BAR - GAP_X
        top += line.height + GAP_Y
    return sheet.figure


def _panel_title(key, split, width):
    """Operation and the values of the factors that tell the panels apart."""
    operation, values = key
    parts = [re.sub("_(count|bytes)=", "=", f"{f}={v or 'none'}") for f, v in zip(split, values)]
    if text_width(f"{operation}: {', '.join(parts)}", SIZE) > width:
        parts = [PLAIN_KEY.sub("", part) for part in parts]
    room = max(14, int(width / 0.075))
    text = ", ".join(shorten(part.replace(" ", "_"), room) for part in parts)
    return "\n".join(wrap(f"{operation}: {text}" if text else operation, width, SIZE))


def _prepare(axes, line, is_first):
    axes.set_xlim(0, len(line.filters))
    axes.set_ylim(len(line.chunks), 0)
    axes.set_xticks([i + 0.5 for i in range(len(line.filters))])
    axes.set_xticklabels([_two_lines(name) for name in line.filters])
    axes.set_xlabel("filter", labelpad=2)
    axes.set_yticks([i + 0.5 for i in range(len(line.chunks))])
    axes.set_yticklabels(line.chunks if is_first else [])
    if is_first:
        axes.set_ylabel("chunk")
    axes.tick_params(length=0)
    axes.set_facecolor(EMPTY)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _fill(axes, cases, line, norm, blocked, combo):
    cmap = matplotlib.colormaps["cividis"]
    by_cell = {(c.factors["chunk"], c.factors["filter"]): c for c in cases}
    for (y, chunk), (x, name) in itertools.product(enumerate(line.chunks), enumerate(line.filters)):
        case = by_cell.get((chunk, name))
        if case is None:
            if (chunk, name, *combo) in blocked:
                axes.text(x + 0.5, y + 0.5, "skipped", ha="center", va="center", size=6, color=GREY)
            continue
        colour = cmap(norm(case.value.median)) if case.value.median > 0 else cmap(0.0)
        light = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 0.5
        wide = case.value.half_width > WIDE
        look = {
            "facecolor": colour,
            "edgecolor": "white",
            "linewidth": 0.8,
            "gid": "cell-wide" if wide else "cell",
        }
        axes.add_patch(Rectangle((x, y), 1, 1, **look))
        if wide:
            ink = {
                "facecolor": "none",
                "edgecolor": "black" if light else "white",
                "linewidth": 0.0,
                "alpha": 0.55,
            }
            axes.add_patch(Rectangle((x, y), 1, 1, hatch="////", **ink))
        box = {"facecolor": colour, "edgecolor": "none", "pad": 1.2} if wide else None
        ink = "black" if light else "white"
        text = number(case.value.median) + short_mark(case)
        axes.text(
            x + 0.5, y + 0.5, text, ha="center", va="center", size=SMALL, color=ink, bbox=box, gid="value"
        )


def _colour_bar(figure, axes, norm):
    mappable = ScalarMappable(norm=norm, cmap="cividis")
    bar = figure.colorbar(mappable, cax=axes)
    log = isinstance(norm, LogNorm)
    bar.ax.set_ylabel("MiB/s, log scale" if log else "MiB/s", size=SMALL)
    if log:
        first, last = math.ceil(math.log10(norm.vmin)), math.floor(math.log10(norm.vmax))
        bar.set_ticks([10.0**e for e in range(first, last + 1)])
    else:
        bar.locator = matplotlib.ticker.MaxNLocator(3, steps=[1, 2, 2.5, 5, 10])
    bar.minorticks_off()
    bar.formatter = matplotlib.ticker.FuncFormatter(lambda v, _: f"{v:.10g}")
    bar.update_ticks()
    bar.outline.set_visible(False)


def _legend(lines, panels, shown):
    handles = []
    if any(c.value.half_width > WIDE for c in shown):
        label = f"hatched: half width of the CI over {100 * WIDE:.0f} % of the median, or no CI (below 6 repetitions)"
        handles.append(Patch(facecolor="white", edgecolor=GREY, hatch="//////", linewidth=0.5, label=label))
    if len(shown) < sum(len(line.chunks) * len(line.filters) * len(line.titles) for line in lines):
        handles.append(Patch(facecolor=EMPTY, label="grey: not measured"))
    return handles
