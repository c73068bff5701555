"""Objects per second of every case and operation: groups, datasets, attributes, links, files."""

from .bandwidth import draw_rates
from ..cases import RATE
from .style import GREY, CannotDraw, short_mark, size_text


def draw(results):
    if RATE not in results.measures():
        raise CannotDraw("no case handles objects: what is measured is time alone")
    extra = "Objects per second: objects / time of all phases of the operation, of the slowest rank. Beside it, where "
    extra += "objects are created: bytes of the files per object."
    if any(c.measure is not RATE for c in results.cases):
        extra += (
            " A time in place of a mark: the operation handled no object, as when an opening must be refused."
        )
    title = "Objects per second of each case beside its roof"
    return draw_rates(results, RATE, title, extra, _bytes_per_object, 0.55)


def _bytes_per_object(panel):
    for y, case in panel.rows:
        size = case.number("object_bytes")
        text = size_text(size) if size > 0 and case.summary("create_max_s").n else ""
        panel.beside(y, text + short_mark(case), color=GREY)
