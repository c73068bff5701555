"""Chunk shape against filter: the median durable bandwidth in every cell. Cells are never averages of cases."""

import itertools
import math

import matplotlib
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.patches import Patch, Rectangle

from .style import GREY, MARGIN, SMALL, WIDTH, CannotDraw, Sheet
from .style import estimator_text, footer_text, needs_log, number, shorten, text_width

MAX_PANELS = 6
PAGE_CHUNKS = 40
WIDE = 0.10  # half width of the CI from which a cell is hatched
CELL_H = 0.27
HEAD, GAP_X, GAP_Y, BAR = 0.28, 0.32, 0.22, 0.95  # BAR: room for a colour bar


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
    pages = [chunks[i : i + PAGE_CHUNKS] for i in range(0, len(chunks), PAGE_CHUNKS)]
    scales = {
        o: _scale([c for key, p in panels.items() if key[0] == o for c in p]) for o in results.operations()
    }
    figures = []
    for index, page in enumerate(pages, 1):
        suffix = f" (page {index} of {len(pages)})" if len(pages) > 1 else ""
        figures.append(_figure(results, panels, split, skipped, page, filters, scales, notes, suffix))
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
    """({(operation, values of split): cases}, how many combinations are left out). Where there are too many
    panels the combinations with most cells stay, for every operation alike."""
    combos = {}
    for case in cases:
        combos.setdefault(tuple(case.factors[f] for f in split), []).append(case)
    operations = sorted({c.operation for c in cases}, reverse=True)
    room = max(1, MAX_PANELS // len(operations))
    kept = set(sorted(combos, key=lambda k: -len(combos[k]))[:room])
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
        text += f"{left_out} more combination(s) of {', '.join(split)} are not drawn (choose with --only). "
    if others:
        text += f"Besides chunk and filter the cells also differ in: {', '.join(others)}. "
    return text


# ---- drawing


def _scale(cases):
    values = [c.bandwidth.median for c in cases]
    if needs_log(values):
        return LogNorm(min(v for v in values if v > 0), max(values))
    return Normalize(0, max(values) or 1.0)


def _figure(results, panels, split, skipped, chunks, filters, scales, notes, suffix):
    slanted = max(text_width(f, SMALL) for f in filters) > 0.66
    cell_w = 0.62 if slanted else max(0.62, max(text_width(f, SMALL) for f in filters) + 0.1)
    foot = 0.26 + (max(text_width(f, SMALL) for f in filters) * 0.72 + 0.05 if slanted else 0.12)
    left = MARGIN + max(text_width(c, SMALL) for c in chunks) + 0.32
    panel_w, panel_h = cell_w * len(filters), max(CELL_H * len(chunks), 0.5)
    operations = list(dict.fromkeys(key[0] for key in panels))
    per_line = max(1, int((WIDTH - left - BAR - MARGIN + GAP_X) // (panel_w + GAP_X)))
    lines = []  # (operation, panels on this line)
    for operation in operations:
        own = [key for key in panels if key[0] == operation]
        lines += [(operation, own[i : i + per_line]) for i in range(0, len(own), per_line)]
    width = max(WIDTH, left + panel_w + BAR + MARGIN)
    line_h = HEAD + panel_h + foot + GAP_Y
    shown = [c for part in panels.values() for c in part]
    footer = footer_text(results, shown, estimator_text(), notes)
    title = f"Median durable bandwidth in MiB/s: chunk shape × filter{suffix}"
    sheet = Sheet(line_h * len(lines), title, _legend(shown, skipped), footer, width)
    blocked = {(f["chunk"], f["filter"], *(f[s] for s in split)) for f in skipped}
    for row, (operation, keys) in enumerate(lines):
        norm = scales[operation]
        for column, key in enumerate(keys):
            x = left + column * (panel_w + GAP_X)
            axes = sheet.axes(x, row * line_h + HEAD, panel_w, panel_h)
            _prepare(axes, chunks if column == 0 else None, chunks, filters, slanted)
            values = ", ".join(f"{f}={v or 'none'}" for f, v in zip(split, key[1]))
            room = int(panel_w / 0.062)
            axes.set_title(
                shorten(f"{operation}: {values}" if values else operation, max(room, 12)), loc="left", pad=4
            )
            _fill(axes, panels[key], chunks, filters, norm, blocked, key[1])
        bar = sheet.axes(
            left + len(keys) * (panel_w + GAP_X) - GAP_X + 0.15, row * line_h + HEAD, 0.11, panel_h
        )
        _colour_bar(sheet.figure, bar, norm)
    return sheet.figure


def _prepare(axes, labels, chunks, filters, slanted):
    axes.set_xlim(0, len(filters))
    axes.set_ylim(len(chunks), 0)
    axes.set_xticks([i + 0.5 for i in range(len(filters))])
    axes.set_xticklabels(filters, rotation=45 if slanted else 0, ha="right" if slanted else "center")
    axes.set_xlabel("filter", labelpad=2)
    axes.set_yticks([i + 0.5 for i in range(len(chunks))])
    axes.set_yticklabels(labels or [])
    if labels:
        axes.set_ylabel("chunk")
    axes.tick_params(length=0)
    axes.set_facecolor("#EEEEEE")
    for spine in axes.spines.values():
        spine.set_visible(False)


def _fill(axes, cases, chunks, filters, norm, blocked, combo):
    cmap = matplotlib.colormaps["cividis"]
    by_cell = {(c.factors["chunk"], c.factors["filter"]): c for c in cases}
    for (y, chunk), (x, name) in itertools.product(enumerate(chunks), enumerate(filters)):
        case = by_cell.get((chunk, name))
        if case is None:
            if (chunk, name, *combo) in blocked:
                axes.text(x + 0.5, y + 0.5, "skipped", ha="center", va="center", size=6, color=GREY)
            continue
        colour = cmap(norm(case.bandwidth.median)) if case.bandwidth.median > 0 else cmap(0.0)
        light = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 0.5
        wide = case.bandwidth.half_width > WIDE
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
        text = number(case.bandwidth.median)
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


def _legend(cases, skipped):
    handles = []
    if any(c.bandwidth.half_width > WIDE for c in cases):
        label = (
            f"hatched: CI wider than ±{WIDE:.0%} of the median, or none (fewer than 6 repetitions)".replace(
                "%", " %"
            )
        )
        handles.append(Patch(facecolor="white", edgecolor=GREY, hatch="//////", linewidth=0.5, label=label))
    handles.append(Patch(facecolor="#EEEEEE", label="empty: not measured"))
    return handles
