"""Every suite of configs/, run here in short form: all pictures that it can fill, and its report."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT, SCRIPTS
from report_runs import program, report

# full and notebook are made of the others' cases.
SUITES = sorted({p.stem for p in (ROOT / "configs").glob("*.yaml")} - {"full", "notebook"})
SHORT = ("shape=128x128", "max_ops=200", "repeat.warmup=0", "repeat.min=2", "repeat.max=2", "repeat.time=5s")


@pytest.fixture(scope="module", params=SUITES)
def run(request, tmp_path_factory):
    """Results of a suite, measured by one rank without a launcher."""
    at = tmp_path_factory.mktemp(request.param)
    command = [program(), "run", str(ROOT / "configs" / f"{request.param}.yaml"), "--out", str(at / "run")]
    command += ["--scratch", str(at), *(word for s in SHORT for word in ("--set", s))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, env={**os.environ})
    assert done.returncode == 0, done.stderr
    return at / "run"


def test_pictures_and_report(run):
    plot = [
        sys.executable,
        "-W",
        "error::UserWarning",
        str(SCRIPTS / "plot.py"),
        str(run),
        "--formats",
        "svg",
    ]
    done = subprocess.run(plot, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert all(": not drawn: " in line for line in said), said
    drawn = {os.path.basename(name).split(".")[0].split("-")[0] for name in done.stdout.split()}
    assert {"bandwidth", "efficiency", "phases", "repetitions", "ecdf"} <= drawn, done.stderr
    pytest.importorskip("jinja2", reason="python3-jinja2 is not installed")
    done = report(run)
    assert (done.returncode, done.stderr) == (0, "")
    page = (run / "report.html").read_text()
    question = (run / "plan.yaml").read_text().split("\n")[0].lstrip("# ")
    assert question.split("'")[0] in page and page.count('class="picture"') >= 4
