"""The table of pictures. A new kind is a module with draw(results) -> [Figure] and a line here."""

from dataclasses import dataclass
from typing import Callable

from . import bandwidth, efficiency, heatmap, ladder, phases
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
)


def draw(kind, results):
    """Figures of a kind. Raises CannotDraw with the reason."""
    missing = [c for c in kind.columns if c not in results.columns]
    if missing:
        raise CannotDraw(f"results.csv has no column {', '.join(missing)}")
    if not results.cases:
        raise CannotDraw("no measured repetitions")
    return kind.function(results)
