"""Where the time of every case goes: the phases, one after the other."""

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .rows import draw_rows
from .style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SECONDS,
    SKY,
    VERMILLION,
    YELLOW,
    CannotDraw,
)
from .style import footer_text, needs_log, seconds, short_mark, short_text, value_axis

COLOUR = {
    "create": SKY,
    "open": GREEN,
    "select": YELLOW,
    "write": VERMILLION,
    "read": BLUE,
    "change": BLACK,
    "compute": GREY,
    "flush": ORANGE,
    "close": PURPLE,
    "exchange": "#999933",
}


def medians(case):
    """[(phase, median seconds of the slowest rank)] of the phases that happened."""
    found = [(p, case.summary(f"{p}_max_s")) for p in case.phases]
    return [(p, s.median) for p, s in found if s.n]


def draw(results):
    parts = {id(c): medians(c) for c in results.cases}
    results = results.where(lambda c: parts[id(c)])
    if not results.cases:
        raise CannotDraw("no case has times of its phases")
    sums = {o: [] for o in results.operations()}
    for case in results.cases:
        sums[case.operation] += [sum(t for _, t in parts[id(case)]), case.time.median]
    # a stack has no log axis: over two decades, shares are drawn and the times are written beside them
    share = {o: needs_log(v) for o, v in sums.items()}

    def fill(panel):
        is_share = share[panel.operation]
        if is_share:
            value_axis(panel.axes, [100 / 1.06], "share of the time, %", False)
        else:
            value_axis(panel.axes, sums[panel.operation], "slowest rank's time", False, scales=SECONDS)
        for y, case in panel.rows:
            _stack(panel, y, case, parts[id(case)], is_share)

    def footer(cases):
        extra = "The number is the median of the whole; medians of parts need not add up to it. "
        return footer_text(
            results, cases, "median over repetitions of the slowest rank's time", extra + short_text(cases)
        )

    return draw_rows(
        results, "Where the time goes: phases of each case", _legend(results, parts, share), footer, fill, 0.5
    )


def _stack(panel, y, case, parts, is_share):
    total = sum(t for _, t in parts)
    if total > 0:
        scale, left = (100.0 / total if is_share else 1.0), 0.0
        for phase, time in parts:
            bar = {"color": COLOUR[phase], "edgecolor": "white", "linewidth": 0.3, "height": 0.68}
            panel.axes.barh(y, time * scale, left=left, gid=f"phase-{phase}", **bar)
            left += time * scale
    whole = case.time
    if whole.n and not is_share:
        tick = {"marker": "|", "s": 50, "color": BLACK, "linewidths": 1.2, "zorder": 4}
        panel.axes.scatter([whole.median], [y], gid="whole", **tick)
    panel.beside(y, seconds(whole.median if whole.n else total) + short_mark(case))


def _legend(results, parts, share):
    seen = {phase for found in parts.values() for phase, _ in found}
    handles = [Patch(facecolor=colour, label=phase) for phase, colour in COLOUR.items() if phase in seen]
    if not all(share.values()):
        tick = {"linestyle": "", "marker": "|", "markersize": 8, "markeredgewidth": 1.2, "color": BLACK}
        handles.append(Line2D([], [], label="median of the whole", **tick))
    return handles
