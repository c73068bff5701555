"""The table of pictures. A new kind is a module with draw(results) -> [Figure] and a line here."""

from dataclasses import dataclass
from typing import Callable

from . import access, bandwidth, change, compression, ecdf, efficiency, heatmap, ladder, phases
from . import ranks, repetitions, scaling
from .style import CannotDraw


@dataclass(frozen=True)
class Kind:
    name: str
    needs: str
    columns: tuple  # beyond load.REQUIRED
    function: Callable
    help: str


KINDS = (
    Kind(
        "bandwidth",
        "one measured case",
        (),
        bandwidth.draw,
        "durable bandwidth of each case with its confidence interval, beside its roof",
    ),
    Kind(
        "heatmap",
        "chunked cases with at least two chunk shapes or filters",
        ("chunk", "filter"),
        heatmap.draw,
        "chunk shape × filter: median durable bandwidth in each cell",
    ),
    Kind(
        "efficiency",
        "roofs: a case with efficiency_frac",
        ("efficiency_frac", "roof_bound"),
        efficiency.draw,
        "roof time / measured time of each case, and which work binds it",
    ),
    Kind(
        "ladder",
        "roofs, and an HDF5 case that is contiguous or chunked; best with contiguous, chunked and filtered",
        ("store", "layout", "chunk", "filter", "roof_copy_s", "roof_store_own_s", "roof_pattern_s"),
        ladder.draw,
        "copy, store, pattern, HDF5 contiguous, chunked, filtered: where the bandwidth goes",
    ),
    Kind(
        "phases",
        "times of the phases",
        ("create_max_s", "close_max_s", "durable_s"),
        phases.draw,
        "median time of each phase of each case, stacked",
    ),
    Kind(
        "scaling",
        "cases measured with several numbers of ranks and nothing else different",
        ("durable_s",),
        scaling.draw,
        "strong scaling (speed-up) and weak scaling (efficiency) over the ranks, with the ideal line",
    ),
    Kind(
        "access",
        "cases that differ in access alone: element, row, plane, whole",
        ("access",),
        access.draw,
        "element against row against whole, on a log axis",
    ),
    Kind(
        "compression",
        "cases with a filter",
        ("filter", "ratio_frac"),
        compression.draw,
        "compression ratio against durable bandwidth",
    ),
    Kind(
        "ranks",
        "two ranks, and times of the phases",
        ("write_min_s", "write_med_s", "write_slowest_rank"),
        ranks.draw,
        "fastest, median and slowest rank in the phase in which they differ most",
    ),
    Kind(
        "repetitions",
        "one measured case",
        ("block",),
        repetitions.draw,
        "every repetition in the order in which it ran, warm-up marked",
    ),
    Kind(
        "ecdf",
        "one measured case",
        (),
        ecdf.draw,
        "distribution of the repetitions' bandwidth",
    ),
    Kind(
        "change",
        "two runs, the old one first, that measured the same cases",
        (),
        change.draw,
        "new against old durable bandwidth, with the band that does not count",
    ),
)


def draw(kind, results):
    """Figures of a kind. Raises CannotDraw with the reason."""
    missing = [c for c in kind.columns if c not in results.columns]
    if missing:
        raise CannotDraw(f"results.csv has no column {', '.join(missing)}")
    if not results.cases:
        raise CannotDraw("no measured repetitions")
    return kind.function(results)
