"""The ladder: from the copy in memory down to filtered HDF5, where does the bandwidth go?"""

import math
from dataclasses import dataclass

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..cases import Summary
from .style import BLACK, GREY, MARGIN, ORANGE, SIZE, SKY, SMALL, WIDTH, CannotDraw, Sheet
from .style import (
    estimator_text,
    footer_text,
    needs_log,
    number,
    short_mark,
    short_text,
    shorten,
    text_width,
    value_axis,
)

ROW, HEAD, FOOT, GAP = 0.27, 0.28, 0.4, 0.1
STORAGE = ("layout", "chunk", "filter")  # what the HDF5 rungs differ in, and nothing else
STEPS = ("contiguous", "chunked", "filtered")
COLUMN_VALUE, COLUMN_STEP = 0.62, 0.75


@dataclass
class Rung:
    label: str
    is_roof: bool
    bandwidth: Summary
    roof: Summary = Summary(0, math.nan)
    note: str = ""


def step_of(case):
    """Which rung a case of HDF5 is, or None."""
    factors = case.factors
    if factors.get("layout") == "contiguous":
        return "contiguous"
    if factors.get("layout") != "chunked":
        return None
    return "chunked" if factors.get("filter", "none") in ("none", "") else "filtered"


def choose(results):
    """({operation: {step: case}}, how many other ladders the run holds). The first one with most rungs: cases
    that differ in layout, chunk and filter only; of several chunk shapes, the first with most rungs."""
    groups = {}
    for case in results.cases:
        if case.text("store") == "hdf5" and step_of(case):
            key = tuple(v for f, v in case.factors.items() if f not in STORAGE)
            groups.setdefault(key, []).append(case)
    if not groups:
        raise CannotDraw("no measured case of HDF5 is contiguous or chunked")
    ladders = [pick for members in groups.values() for pick in _ladders(members)]
    if not any(_has_roofs(rungs) for rungs in ladders):
        raise CannotDraw("no HDF5 case has its roofs copy, store and pattern")
    ladders = [rungs for rungs in ladders if _has_roofs(rungs)]
    best = max(ladders, key=lambda rungs: sum(len(steps) for steps in rungs.values()))
    return best, len(ladders) - 1


def _ladders(members):
    """One ladder per chunk shape and filter of the group."""
    wanted = dict.fromkeys(
        (c.factors["chunk"], c.factors["filter"]) for c in members if step_of(c) == "filtered"
    )
    covered = {chunk for chunk, _ in wanted}
    plain = [c.factors["chunk"] for c in members if step_of(c) == "chunked"]
    wanted.update(dict.fromkeys((chunk, None) for chunk in plain if chunk not in covered))
    for chunk, name in wanted or {("", None): None}:
        rungs = {}
        for case in members:
            step = step_of(case)
            if (
                step == "contiguous"
                or (step == "chunked" and case.factors["chunk"] == chunk)
                or (step == "filtered" and (case.factors["chunk"], case.factors["filter"]) == (chunk, name))
            ):
                rungs.setdefault(case.operation, {})[step] = case
        yield rungs


def _has_roofs(rungs):
    return any(_anchor(steps).roof("roof_copy_s").n for steps in rungs.values())


def _anchor(steps):
    """The least transformed case: its roofs are the upper rungs."""
    return next(steps[s] for s in STEPS if s in steps)


def rungs_of(steps):
    """The rungs from top to bottom."""
    anchor = _anchor(steps)
    own, shared = anchor.roof("roof_store_own_s"), anchor.roof("roof_store_shared_s")
    is_own = not shared.n or (own.n and own.median >= shared.median)
    files = "own files" if is_own else "shared file"
    rungs = [
        Rung("copy (memcpy)", True, anchor.roof("roof_copy_s")),
        Rung(f"store (raw POSIX, {files})", True, own if is_own else shared),
        Rung("pattern (raw MPI-IO)", True, anchor.roof("roof_pattern_s")),
    ]
    for step in STEPS:
        if step in steps:
            case = steps[step]
            rungs.append(Rung(_label(step, case), False, case.value, case.roof(), short_mark(case)))
    return [r for r in rungs if r.bandwidth.n]


def _label(step, case):
    if step == "contiguous":
        return "HDF5 contiguous"
    if step == "chunked":
        return f"HDF5 chunked {case.factors['chunk']}"
    return shorten(f"HDF5 {case.factors['chunk']} {case.factors['filter']}", 44)


def draw(results):
    chosen, others = choose(results)
    ladders = {o: rungs_of(chosen[o]) for o in results.operations() if o in chosen}
    cases = [c for steps in chosen.values() for c in steps.values()]
    left = MARGIN + max(text_width(r.label, SMALL) for rungs in ladders.values() for r in rungs) + 0.1
    heights = [HEAD + ROW * len(rungs) + FOOT for rungs in ladders.values()]
    title = "From memory to filtered HDF5: where the bandwidth goes"
    footer = footer_text(results, cases, estimator_text(), _extra(cases, others))
    sheet = Sheet(sum(heights) + GAP * (len(heights) - 1), title, _legend(ladders), footer)
    top = 0.0
    for (operation, rungs), height in zip(ladders.items(), heights):
        width = WIDTH - MARGIN - left - COLUMN_VALUE - COLUMN_STEP - 0.1
        _panel(sheet.axes(left, top + HEAD, width, ROW * len(rungs)), operation, rungs, width)
        top += height + GAP
    return [sheet.figure]


def _extra(cases, others):
    factors = _anchor({step_of(c): c for c in cases}).factors
    named = ["workload", "driver", "mode", "shape", "dtype", "access", "decomposition"]
    if factors.get("driver") != "mpio":  # the others transfer for themselves, whatever the mode says
        named.remove("mode")
    text = "Cases: " + ", ".join(f"{f} {factors[f]}" for f in named if factors.get(f)) + ". "
    text += "The upper three are roofs measured beside the first HDF5 case, on the same payload. "
    if others:
        text += f"The run holds {others} other ladder{'' if others == 1 else 's'} (choose with --only). "
    return text + short_text(cases)


def _panel(axes, operation, rungs, width):
    values = [
        v for r in rungs for v in (r.bandwidth.median, r.bandwidth.low, r.bandwidth.high, r.roof.median)
    ]
    log = needs_log(values)
    value_axis(axes, values, "bandwidth, MiB/s", log)
    axes.set_title(operation, loc="left", size=SIZE, weight="bold", pad=5)
    axes.set_ylim(len(rungs) - 0.5, -0.5)
    axes.set_yticks(range(len(rungs)))
    axes.set_yticklabels([r.label for r in rungs])
    for y, rung in enumerate(rungs):
        colour = SKY if rung.is_roof else ORANGE
        s = rung.bandwidth
        if log:
            axes.scatter(
                [s.median], [y], s=34, color=colour, edgecolors=BLACK, linewidths=0.6, zorder=4, gid="rung"
            )
        else:
            axes.barh(y, s.median, height=0.62, color=colour, zorder=2, gid="rung")
        if s.has_ci:
            axes.hlines(y, s.low, s.high, colors=BLACK, linewidth=1.4, zorder=3)
        if rung.roof.n:
            tick = {"marker": "|", "s": 110, "linewidths": 1.5, "color": BLACK, "zorder": 3, "clip_on": False}
            axes.scatter([rung.roof.median], [y], gid="rung-roof", **tick)
        _columns(axes, y, rung, rungs[y - 1] if y else None, width)
    for y, (upper, lower) in enumerate(zip(rungs, rungs[1:])):
        x = upper.bandwidth.median
        axes.plot(
            [x, x, lower.bandwidth.median], [y + 0.31, y + 0.5, y + 0.5], color=GREY, linewidth=0.7, zorder=1
        )
        axes.plot([lower.bandwidth.median] * 2, [y + 0.5, y + 0.69], color=GREY, linewidth=0.7, zorder=1)


def _columns(axes, y, rung, above, width):
    at = axes.get_yaxis_transform()
    value_x, step_x = 1 + COLUMN_VALUE / width, 1 + (COLUMN_VALUE + COLUMN_STEP) / width
    common = {"transform": at, "ha": "right", "size": SMALL, "clip_on": False}
    axes.text(value_x, y, number(rung.bandwidth.median) + rung.note, va="center", gid="rung-value", **common)
    if above is None:
        axes.text(value_x, -0.62, "MiB/s", va="bottom", color=GREY, **common)
        axes.text(step_x, -0.62, "of the above", va="bottom", color=GREY, **common)
    else:
        ratio = rung.bandwidth.median / above.bandwidth.median if above.bandwidth.median > 0 else math.nan
        part = f"× {ratio:.2f}" if ratio >= 0.095 else f"× {number(ratio)}"
        axes.text(step_x, y, part, va="center", **common)


def _legend(ladders):
    rungs = [r for rungs in ladders.values() for r in rungs]
    handles = [Patch(facecolor=SKY, label="roof (no HDF5)")]
    if any(not r.is_roof for r in rungs):
        handles.append(Patch(facecolor=ORANGE, label="HDF5, durable"))
    if any(r.bandwidth.has_ci for r in rungs):
        handles.append(Line2D([], [], color=BLACK, linewidth=1.4, label="95 % CI of the median"))
    if any(not r.bandwidth.has_ci for r in rungs):
        handles.append(Line2D([], [], linestyle="", label="no whisker: fewer than 6 repetitions, no CI"))
    if any(r.roof.n for r in rungs):
        tick = {"linestyle": "", "marker": "|", "markersize": 8, "markeredgewidth": 1.5, "color": BLACK}
        handles.append(Line2D([], [], label="the case's own roof", **tick))
    return handles
