"""scripts/plot.py as a program: files, messages, exit codes."""

import os
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import conftest
import pytest
from conftest import SCRIPTS, case, chunks_run, long_run, many_run, metadata_cases, run_script
from h5roof.plot.kinds import KINDS
from h5roof.cases import load


def plot(*arguments):
    return run_script("plot", *arguments)


def plot_program(*arguments, python=sys.executable, **more):
    # warnings of our own code are errors; those that other libraries raise while they are loaded are not ours
    command = [python, "-W", "error:::__main__", "-W", "error::UserWarning", str(SCRIPTS / "plot.py")]
    return subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, timeout=300, **more
    )


def test_without_arguments_it_lists_the_kinds():
    done = plot()
    assert done.returncode == 0
    assert all(f"  {k.name} " in done.stdout and k.needs in done.stdout for k in KINDS)


def test_all_kinds_are_written_as_png_and_svg(run_directory, tmp_path):
    directory = run_directory(chunks_run())
    out = tmp_path / "new" / "pictures"
    done = plot_program(directory, "--out", out)
    assert done.returncode == 0
    reasons = [line.split(":")[1].strip() for line in done.stderr.splitlines()]
    assert reasons == ["metadata", "scaling", "access", "change"]
    assert {re.sub(r"(-\d\d)?\.(png|svg)$", "", name) for name in done.stdout.split()} == {
        str(out / k.name) for k in KINDS if k.name not in reasons
    }
    for kind in (k for k in KINDS if (out / f"{k.name}.png").exists()):
        png = (out / f"{kind.name}.png").read_bytes()
        assert png.startswith(b"\x89PNG") and len(png) > 10000
        svg = ElementTree.parse(out / f"{kind.name}.svg")
        text = " ".join(
            " ".join("".join(t.itertext()) for t in svg.iter("{http://www.w3.org/2000/svg}text")).split()
        )
        assert "Run 20250314T092653Z-a1b2c3, suite synthetic" in text
        assert (
            "write" in text
            and "read" in text
            and "MiB/s" in text
            or kind.name in ("efficiency", "phases", "ranks")
        )
        assert "n = " in text and "as-is" in text
    assert "chunked/chunk=1024x1024/filter=deflate:1" in (out / "bandwidth.svg").read_text()
    assert [p.name for p in directory.iterdir()] == ["results.csv"]


def test_pdf_has_its_text(run_directory):
    directory = run_directory([case("a")])
    assert plot(directory, "bandwidth", "--formats", "pdf").returncode == 0
    pdf = (directory / "bandwidth.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and b"/FontFile2" in pdf and b"/Type3" not in pdf
    assert sorted(p.name for p in directory.iterdir()) == ["bandwidth.pdf", "results.csv"]


def test_several_runs_in_one_picture(run_directory):
    old, new = run_directory([case("a")], name="old"), run_directory([case("a", 600.0)], name="new")
    done = plot("bandwidth", "change", old, new)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(p.name for p in old.iterdir()) == ["results.csv"]
    text = (new / "bandwidth.svg").read_text()
    assert ">old/a<" in text and ">new/a<" in text
    done = plot("change", old)
    assert done.returncode == 4 and "needs two runs" in done.stderr


def test_the_same_results_give_the_same_svg(run_directory):
    directory = run_directory([case("a"), case("b", chunk="8x8")])
    assert plot(directory, "bandwidth").returncode == 0
    first = (directory / "bandwidth.svg").read_bytes()
    assert plot(directory, "bandwidth").returncode == 0
    assert (directory / "bandwidth.svg").read_bytes() == first


def test_pages_of_an_earlier_drawing_go(run_directory):
    directory = run_directory(many_run(50), repetitions=2)
    (directory / "bandwidth-notes.png").write_text("mine")
    assert plot(directory, "bandwidth").returncode == 0
    assert (directory / "bandwidth-02.svg").exists()
    assert plot(directory, "bandwidth", "--only", "chunk=4x4").returncode == 0
    kept = sorted(p.name for p in directory.iterdir())
    assert kept == ["bandwidth-notes.png", "bandwidth.png", "bandwidth.svg", "results.csv"]


def test_names_mean_nothing_to_the_text_engine(run_directory):
    directory = run_directory(long_run())
    done = plot(directory, "bandwidth")
    assert (done.returncode, done.stderr) == (0, "")
    svg = ElementTree.parse(directory / "bandwidth.svg")
    texts = ["".join(t.itertext()) for t in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert 'hints=a_$x$_"b",\\frac{1}<&>/ünïcode' in texts


def test_a_kind_that_cannot_be_filled_says_why_and_the_others_are_drawn(run_directory):
    directory = run_directory([case("contiguous")])
    done = plot(directory, "heatmap", "phases")
    assert done.returncode == 0
    assert "plot.py: heatmap: not drawn: needs at least two chunk shapes or filters" in done.stderr
    assert (directory / "phases.png").exists() and not (directory / "heatmap.png").exists()
    assert plot(directory, "heatmap").returncode == 4


def test_missing_columns_are_named(run_directory):
    columns = [c for c in conftest.header() if not c.startswith("roof_") and c != "efficiency_frac"]
    done = plot("bandwidth", "efficiency", "ladder", run_directory([case("a")], columns=columns))
    assert done.returncode == 0
    assert "efficiency: not drawn: results.csv has no column efficiency_frac, roof_bound" in done.stderr
    assert "ladder: not drawn" in done.stderr


def test_one_operation(run_directory):
    directory = run_directory([case("a")])
    assert plot(directory, "bandwidth", "--operation", "write").returncode == 0
    assert "Cache before reading" not in (directory / "bandwidth.svg").read_text()
    only_write = run_directory([case("a", _operations=["write"])], name="w")
    done = plot(only_write, "--operation", "read")
    assert (
        done.returncode == 2 and "no measured operation 'read' in these results: one of write" in done.stderr
    )
    objects = run_directory(metadata_cases(), name="objects")
    assert plot(objects, "metadata", "--operation", "delete").returncode == 0
    assert ">delete<" in (svg := (objects / "metadata.svg").read_text()) and ">create<" not in svg


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["{run}", "bandwith"], "unknown kind 'bandwith'.*did you mean 'bandwidth'"),
        (["{run}", "--operation", "both"], "no measured operation 'both'.*one of write, read"),
        (["{run}", "--only", "nothing-like-it"], "matches no measured case; one of them is 'a'"),
        (["{run}", "--colour"], "unrecognized arguments"),
        (["--out", "x"], "required: KIND|RESULTS_DIR"),
        (["heatmap"], "required: RESULTS_DIR"),
        (["{run}", "--formats", "png,gif"], "unknown format 'gif'"),
    ],
)
def test_usage_errors(arguments, message, run_directory):
    directory = run_directory([case("a")])
    done = plot(*(a.format(run=directory) for a in arguments))
    assert done.returncode == 2 and re.search(message, done.stderr) and "Traceback" not in done.stderr


def _good_text(directory):
    return (directory / "results.csv").read_text()


BROKEN = {
    "empty": (lambda text: "", "empty: not even a whole header"),
    "torn header": (lambda text: text[:40], "empty: not even a whole header"),
    "header only": (lambda text: text.split("\n")[0] + "\n", "no rows"),
    "one torn row": (lambda text: "\n".join(text.split("\n")[:2])[:-9], "no rows"),
    "another table": (lambda text: "a,b\n1,2\n", "not a result table of h5roof: no column schema, run_id"),
    "binary": (lambda text: "\x00\x01\x02PNG\n\x00\n", "not a result table"),
    "newer schema": (lambda text: text.replace("\n1,", "\n2,"), "schema 2 is newer than this program"),
    "lost field": (
        lambda text: text.replace("\n1,", "\n", 1),
        r"results.csv:2: \d+ fields, but the header has \d+",
    ),
    "word for number": (lambda text: re.sub(r"\n1,", "\none,", text, 1), ":2: schema: 'one' is not a number"),
    "text after quote": (lambda text: text.replace("\n1,", '\n"1"x,', 1), "results.csv:2: "),
}


@pytest.mark.parametrize("how", BROKEN)
def test_unreadable_results(how, run_directory):
    directory = run_directory([case("a")])
    change, message = BROKEN[how]
    (directory / "results.csv").write_text(change(_good_text(directory)))
    done = plot(directory, "bandwidth")
    assert done.returncode == 4 and re.search(message, done.stderr)
    assert len(done.stderr.splitlines()) <= 2 and "Traceback" not in done.stderr


def test_missing_results(tmp_path):
    for place in (tmp_path / "nowhere", tmp_path):
        done = plot(place)
        assert done.returncode == 4 and "results.csv: no results there" in done.stderr


def test_only_skipped_cases(run_directory):
    done = plot(run_directory([case("a", _status="skipped"), case("b", chunk="8x8", _status="skipped")]))
    assert done.returncode == 4
    assert "nothing was measured; cases skipped: 2, the first (a) because: filters, with indep" in done.stderr


@pytest.mark.parametrize("cut", [1, 30, 400])
def test_torn_last_line_is_left_out_with_a_warning(cut, run_directory):
    directory = run_directory([case("a"), case("b", chunk="8x8", _repetitions=7)], shuffled=False)
    (directory / "results.csv").write_text(_good_text(directory)[:-cut])
    done = plot(directory, "bandwidth")
    assert done.returncode == 0 and "warning:" in done.stderr and "the last line is torn" in done.stderr
    results = load(str(directory))
    assert [c.value.n for c in results.cases] == [10, 10, 7, 6]


def test_line_torn_inside_quotes(run_directory):
    directory = run_directory([case("a")])
    with open(directory / "results.csv", "a") as file:
        file.write('1,run,synthetic,"a, b\n')
    done = plot(directory, "bandwidth")
    assert done.returncode == 0 and "the last line is torn" in done.stderr


def test_pictures_that_cannot_be_written(run_directory, tmp_path):
    (tmp_path / "file").write_text("")
    done = plot(run_directory([case("a")]), "--out", tmp_path / "file")
    assert done.returncode == 3 and "choose another place with --out" in done.stderr


def test_an_interpreter_without_the_libraries_hands_over_or_says_what_to_install(tmp_path):
    poor = tmp_path / "python3"
    poor.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    poor.chmod(poor.stat().st_mode | stat.S_IXUSR)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = plot_program(python=str(poor), env={**environment, "H5ROOF_PLOT_REEXEC": "1"})
    if done.returncode == 0:
        pytest.skip("the libraries are part of this interpreter")
    assert done.returncode == 2 and "apt install python3-pandas python3-matplotlib" in done.stderr
    system = subprocess.run(["/usr/bin/python3", "-c", "import pandas, matplotlib"], capture_output=True)
    if system.returncode == 0:
        done = plot_program(python=str(poor), env=environment)
        assert done.returncode == 0 and "Kinds of pictures" in done.stdout
