"""Every suite of configs/, run here in short form: all pictures that it can fill, and its report."""

import os
import subprocess

import pytest
from conftest import ROOT
from h5roof.cases import BANDWIDTH
from h5roof.plot.kinds import draw
from h5roof.plot.style import use_style
from report_runs import program
from test_plot import KIND, assert_tidy

pytestmark = pytest.mark.filterwarnings("error")
use_style()

# full and notebook are made of the others' cases.
SUITES = sorted({p.stem for p in (ROOT / "configs").glob("*.yaml")} - {"full", "notebook"})
SHORT = ("max_ops=200", "repeat.warmup=0", "repeat.min=2", "repeat.max=2", "repeat.time=5s")
# what makes a suite small, where it is not this shape
SMALL = {
    "append": "shape=16x64x64",
    "metadata": "objects=50",
    "tile": "shape=4x480x640",
    "timeseries4d": "shape=6x8x96x96",
}
SMALL_SHAPE = "shape=128x128"
MOST_CASES = 14  # whose repetitions are drawn
ALWAYS = {"efficiency", "phases", "ecdf"}


@pytest.fixture(scope="module", params=SUITES)
def run(request, tmp_path_factory):
    """Results of a suite, measured by one rank without a launcher."""
    at = tmp_path_factory.mktemp(request.param)
    command = [program(), "run", str(ROOT / "configs" / f"{request.param}.yaml"), "--out", str(at / "run")]
    settings = (SMALL.get(request.param, SMALL_SHAPE), *SHORT)
    command += ["--scratch", str(at), *(word for s in settings for word in ("--set", s))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, env={**os.environ})
    assert done.returncode == 0, done.stderr
    return at / "run"


def test_pictures_and_report(run, monkeypatch):
    """Each picture is drawn once: looked at closely, it goes into the page."""
    pytest.importorskip("jinja2", reason="python3-jinja2 is not installed")
    from h5roof.report import pictures
    from h5roof.report.collect import collect
    from h5roof.report.page import write

    drawn, into_page = set(), pictures.svg_of

    def look(figure, prefix):
        drawn.add(prefix.rpartition("-")[0])
        assert_tidy(figure)
        return into_page(figure, prefix)

    monkeypatch.setattr(pictures, "svg_of", look)
    found = collect(str(run), program())
    page = write(found)
    kept = list(dict.fromkeys(c.name for c in found.results.cases))[:MOST_CASES]
    some = found.results.where(lambda c: c.name in kept)
    for figure in draw(KIND["repetitions"], some)[:1]:  # the page has no such picture
        assert_tidy(figure)
    assert drawn >= ALWAYS | {"bandwidth" if BANDWIDTH in some.measures() else "metadata"}
    question = (run / "plan.yaml").read_text().split("\n")[0].lstrip("# ")
    assert question.split("'")[0] in page and page.count('class="picture"') >= 4
