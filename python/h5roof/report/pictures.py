"""The pictures of a run as SVG inside the page: text stays text, and colours of ink and paper follow the page's theme."""

import io
import re
from dataclasses import dataclass, replace

from ..plot.kinds import KINDS, draw
from ..plot.style import CannotDraw, use_style

MOST_CASES = 80  # of a picture with a line per case: two pages
MOST_PAGES = 2
LEFT_OUT = ("repetitions", "change")  # the cases of the page show theirs; and it is about one run
MOST_BYTES = 1_500_000  # of one picture

# ink, grey, rules, stripes, paper and empty cells of h5roof.plot.style: names of the page's style sheet
THEME = {
    "#000000": "var(--ink)",
    "#555555": "var(--soft)",
    "#bbbbbb": "var(--rule)",
    "#f4f4f4": "var(--stripe)",
    "#ebebeb": "var(--empty)",
    "#ffffff": "var(--paper)",
}


@dataclass
class Picture:
    kind: str
    help: str
    pages: list  # of SVG
    note: str = ""
    reason: str = ""  # why there is none


def pictures_of(results):
    """A Picture per kind; those that this run cannot fill have a reason."""
    use_style()
    names = list(dict.fromkeys(c.name for c in results.cases)) if results else []
    shown, note = results, ""
    if len(names) > MOST_CASES:
        kept = set(names[:MOST_CASES])
        shown = replace(results, cases=tuple(c for c in results.cases if c.name in kept))
        note = f"The first {MOST_CASES} of {len(names)} cases; scripts/plot.py draws them all."
    found = []
    for kind in KINDS:
        if kind.name in LEFT_OUT:
            continue
        if results is None or not results.cases:
            found.append(Picture(kind.name, kind.help, [], reason="nothing was measured"))
            continue
        try:
            figures = draw(kind, shown)
        except CannotDraw as reason:
            found.append(Picture(kind.name, kind.help, [], reason=str(reason)))
            continue
        more = (
            f" {len(figures) - MOST_PAGES} more pages: scripts/plot.py." if len(figures) > MOST_PAGES else ""
        )
        pages = [svg_of(figure, f"{kind.name}-{i}") for i, figure in enumerate(figures[:MOST_PAGES])]
        if sum(map(len, pages)) > MOST_BYTES:
            found.append(
                Picture(kind.name, kind.help, [], reason="too large for this page; scripts/plot.py draws it")
            )
        else:
            found.append(Picture(kind.name, kind.help, pages, note=(note + more).strip()))
    return found


def svg_of(figure, prefix):
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return inline(buffer.getvalue(), prefix)


def inline(svg, prefix):
    """Without what only a file of its own needs; identifiers are unique in the page; grouping names become classes."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'<g id="(?:[a-z0-9.]+_\d+|figure|axes|patch|text)">', "<g>", svg)
    svg = re.sub(r'<g id="([^"]+)">', r'<g class="\1">', svg)
    svg = re.sub(r'(<image [^>]*?) id="[^"]*"', r"\1", svg)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r'xlink:href="', 'href="', svg)
    svg = re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg)
    for colour, name in THEME.items():
        svg = re.sub(rf"(fill|stroke): {colour}\b", rf"\1: {name}", svg, flags=re.I)
    # numbers in cells keep their colour: that of the cell stays, too
    svg = re.sub(
        r'<g class="value">.*?</g>', lambda m: m[0].replace("var(--paper)", "#ffffff"), svg, flags=re.S
    )
    svg = svg.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
    return re.sub(r"\n\s*", "\n", svg)
