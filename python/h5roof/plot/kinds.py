"""The table of pictures. A new kind is a module with draw(results) -> [Figure] and a line here."""

from dataclasses import dataclass
from typing import Callable

from . import access, bandwidth, change, compression, ecdf, efficiency, heatmap, ladder, metadata, phases
from . import ranks, repetitions, scaling, sizes
from ..cases import BANDWIDTH, MEASURES, RATE, TIME
from .style import CannotDraw

BYTES = (BANDWIDTH,)


@dataclass(frozen=True)
class Kind:
    name: str
    needs: str
    measures: tuple  # it draws the cases that are measured in one of these
    columns: tuple  # beyond cases.REQUIRED
    function: Callable
    help: str


KINDS = (
    Kind(
        "bandwidth",
        "a case that moves bytes",
        BYTES,
        (),
        bandwidth.draw,
        "durable bandwidth of each case with its confidence interval, beside its roof",
    ),
    Kind(
        "metadata",
        "a case that handles objects: groups, attributes, files...",
        (RATE, TIME),
        ("objects_count",),
        metadata.draw,
        "objects per second of each case and operation, beside their roof, and bytes per object",
    ),
    Kind(
        "heatmap",
        "chunked cases with at least two chunk shapes or filters",
        BYTES,
        ("chunk", "filter"),
        heatmap.draw,
        "chunk shape × filter: median durable bandwidth in each cell",
    ),
    Kind(
        "efficiency",
        "roofs: a case with efficiency_frac",
        MEASURES,
        ("efficiency_frac", "roof_bound"),
        efficiency.draw,
        "roof time / measured time of each case, and which work binds it",
    ),
    Kind(
        "ladder",
        "roofs, and an HDF5 case that is contiguous or chunked; best with contiguous, chunked and filtered",
        BYTES,
        ("store", "layout", "chunk", "filter", "roof_copy_s", "roof_store_own_s", "roof_pattern_s"),
        ladder.draw,
        "copy, store, pattern, HDF5 contiguous, chunked, filtered: where the bandwidth goes",
    ),
    Kind(
        "phases",
        "times of the phases",
        MEASURES,
        ("create_max_s", "close_max_s"),
        phases.draw,
        "median time of each phase of each case, stacked",
    ),
    Kind(
        "scaling",
        "cases measured with several numbers of ranks and nothing else different",
        MEASURES,
        (),
        scaling.draw,
        "strong scaling (speed-up) and weak scaling (efficiency) over the ranks, with the ideal line",
    ),
    Kind(
        "access",
        "cases that differ in access alone: element, row, plane, whole",
        BYTES,
        ("access",),
        access.draw,
        "element against row against whole, on a log axis",
    ),
    Kind(
        "sizes",
        "cases that differ in access alone, or in chunk alone, with several sizes",
        BYTES,
        ("access", "chunk", "calls_count"),
        sizes.draw,
        "durable bandwidth against the size of a call and of a chunk, with CI band and roof",
    ),
    Kind(
        "compression",
        "cases with a filter",
        BYTES,
        ("filter", "ratio_frac"),
        compression.draw,
        "compression ratio against durable bandwidth",
    ),
    Kind(
        "ranks",
        "two ranks, and times of the phases",
        MEASURES,
        ("write_min_s", "write_med_s", "write_slowest_rank"),
        ranks.draw,
        "fastest, median and slowest rank in the phase in which they differ most",
    ),
    Kind(
        "repetitions",
        "one measured case",
        MEASURES,
        ("block",),
        repetitions.draw,
        "every repetition in the order in which it ran, warm-up marked",
    ),
    Kind(
        "ecdf",
        "one measured case",
        MEASURES,
        (),
        ecdf.draw,
        "distribution of the repetitions' bandwidth, objects per second or time",
    ),
    Kind(
        "change",
        "two runs, the old one first, that measured the same cases",
        MEASURES,
        (),
        change.draw,
        "new against old speed, with the band that does not count",
    ),
)


def draw(kind, results):
    """Figures of a kind. Raises CannotDraw with the reason."""
    missing = [c for c in kind.columns if c not in results.columns]
    if missing:
        raise CannotDraw(f"results.csv has no column {', '.join(missing)}")
    if not results.cases:
        raise CannotDraw("no measured repetitions")
    shown = results.where(lambda c: c.measure in kind.measures)
    if not shown.cases:
        found = " and ".join(m.name for m in results.measures())
        wanted = kind.measures[0]
        raise CannotDraw(f"no case {wanted.does} {wanted.what}: what is measured is {found}")
    return kind.function(shown)
