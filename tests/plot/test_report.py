"""scripts/report.py: what the page says, on runs of every kind; that it needs nothing from outside."""

import base64
import csv
import fnmatch
import gzip
import html.parser
import json
import re
import shlex
import shutil
import subprocess

import pytest
from conftest import ROOT, SCRIPTS, case, chunks_run, write_run
from report_runs import NASTY, RUNS, add_listed, program, report

pytest.importorskip("jinja2", reason="python3-jinja2 is not installed")
from h5roof.report import collect  # noqa: E402

VOID = {"meta", "link", "input", "br", "wbr", "hr", "img", "path", "use", "rect"}


class Page(html.parser.HTMLParser):
    """Elements, text, and that every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.words, self.script = [], [], [], ""
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open and self.open[-1] == tag, (tag, self.open)
            self.open.pop()

    def handle_data(self, data):
        if "script" in self.open:
            self.script = self.script or data
        elif "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def having(self, **attributes):
        return [e for e in self.elements if all(e[1].get(k.rstrip("_")) == v for k, v in attributes.items())]


@pytest.fixture(scope="session")
def page_of(reported):
    """Function (name of a run) -> (directory, Page, details), each made once."""
    made = {}

    def make(name):
        if name not in made:
            directory = reported(name)
            page = Page((directory / "report.html").read_text())
            made[name] = (directory, page, json.loads(page.script))
        return made[name]

    return make


def rows_of(directory):
    with open(directory / "results.csv", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("run", RUNS)
def test_the_page_is_whole_and_needs_nothing_from_outside(run, page_of):
    directory, page, details = page_of(run)
    for tag, attributes in page.elements:
        for name in ("src", "href", "action", "data"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:")), (tag, name, value[:80])
        assert not [a for a in attributes if a.startswith("on")], (tag, attributes)
    text = (directory / "report.html").read_text()
    assert not re.search(r"@import|url\((?!#)", text)
    rows = [r for r in rows_of(directory) if r["operation"] and r["status"] != "skipped"]
    results = list(dict.fromkeys((r["case"], r["operation"]) for r in rows))
    assert len(page.having(class_="row")) == len(details["rows"]) == len(results)
    assert len(set(i for _, a in page.elements if (i := a.get("id")))) == len(
        [1 for _, a in page.elements if a.get("id")]
    )


@pytest.mark.parametrize("run", RUNS)
def test_the_table_can_be_downloaded(run, page_of):
    directory, page, _ = page_of(run)
    ((_, link),) = page.having(id="csv")
    kind, body = link["href"].split(",", 1)
    raw = base64.b64decode(body)
    assert (gzip.decompress(raw) if "gzip" in kind else raw) == (directory / "results.csv").read_bytes()


def test_repetitions_are_those_of_the_table_in_their_order(page_of):
    directory, _, details = page_of("chunks")
    rows = rows_of(directory)
    wanted = [r for r in rows if (r["case"], r["operation"]) == ("contiguous", "read")]
    found = details["rows"][1]["repetitions"]
    assert [f[0] for f in found] == [int(r["block"]) for r in wanted] == list(range(11))
    assert [f[1] for f in found] == [float(f"{float(r['durable_mibps']):.4g}") for r in wanted]
    assert [f[2] for f in found] == [1] + [0] * 10
    assert [p[0] for p in details["rows"][0]["phases"]] == ["create", "select", "write", "flush", "close"]


def test_the_question_and_the_warnings_come_first(page_of):
    _, page, _ = page_of("chunks")
    text = page.text
    places = [
        text.index(w)
        for w in (
            "Does it hold?",
            "are noisy",
            "have too few repetitions",
            "Fastest write",
            "Fastest read",
            "Cases Search",
        )
    ]
    assert places == sorted(places)


def test_a_run_without_bytes_speaks_of_objects_and_times(page_of):
    _, page, details = page_of("objects")
    text = page.text
    assert "MiB/s" not in text and "Bandwidth is durable" not in text
    assert re.search(r"Fastest create: own/objects_asked=\d with [\d.]+k objects/s \(95 % interval", text)
    assert re.search(r"Open without objects: refused takes [\d.]+ ms \(95 % interval [\d.]+ ms to", text)
    assert re.search(r"Create: [\d.]+ % \(own/objects_asked=\d\) to .* of the roof", text)
    assert "no case moves bytes: what is measured is objects per second and time" in text
    assert {row["measure"] for row in details["rows"]} == {1, 2} and details["units"][1] == "objects/s"
    assert not page.having(class_="one-unit") and page.having(class_="unit")
    assert [p[0] for p in details["rows"][0]["phases"]] == ["create", "select", "close"]
    medians = [row["value"][0] for row in details["rows"]]
    assert all(m > 1000 for m in medians[:-1]) and medians[-1] < 1


def test_a_mixed_run_has_a_unit_beside_every_value(page_of):
    _, page, details = page_of("mixed")
    assert {row["measure"] for row in details["rows"]} == {0, 1, 2}
    for words in (
        "Speed",
        "Write: bytes moves",
        "objects/s",
        "Bandwidth is durable",
        "Objects per second are",
    ):
        assert words in page.text
    assert page_of("chunks")[1].having(class_="one-unit")


def test_what_failed_is_said_and_counts_nowhere(page_of):
    _, page, details = page_of("failures")
    assert "2 of 6 results read back other data than they wrote: b" in page.text
    assert "22 rows with status failed, the first of c" in page.text
    kinds = [{r[2] for r in row["repetitions"]} for row in details["rows"]]
    assert kinds == [{0, 1}] * 2 + [{2}] * 4
    assert "write: a moves" in page.text.replace("Write", "write")


def test_interrupted_and_stopped_are_listed_with_their_reason(page_of):
    _, page, details = page_of("stopped")
    assert "The run was interrupted at a: SIGTERM came." in page.text
    assert "The run was stopped at z: a limit of 60 s was reached." in page.text
    assert len(details["rows"]) == 4
    assert "Not measured: 2" in page.text


def test_nothing_measured_is_said(page_of):
    for run, more in (
        ("empty", "No case was measured."),
        ("skipped", "2 cases skipped (a, b): filters, with independent"),
    ):
        _, page, _ = page_of(run)
        assert "Nothing was measured." in page.text and more in page.text and "Nothing to draw." in page.text


def test_one_case_has_no_comparison(page_of):
    _, page, _ = page_of("one")
    assert (
        "Write: contiguous moves" in page.text
        and "Fastest" not in page.text
        and "alone changes" not in page.text
    )


def test_names_are_text_wherever_they_stand(page_of):
    directory, page, details = page_of("nasty")
    assert [t for t, _ in page.elements].count("script") == 2
    assert (
        NASTY in page.text and "<b>bold</b>" in page.text and "49" not in re.findall(r"\d+", page.text[:300])
    )
    assert "alert(1)" in details["rows"][0]["command"]


def test_notes_are_explained_in_the_words_of_the_program(page_of):
    _, _, details = page_of("chunks")
    used = {n[0] for row in details["rows"] for n in row["notes"]}
    assert {"noisy", "few"} <= used == set(details["explanations"])
    for name in used:
        said = subprocess.run([program(), "explain", name], capture_output=True, text=True, check=True).stdout
        for sentence in details["explanations"][name].split(". "):
            assert sentence.rstrip(".") in " ".join(said.split()), sentence


def test_factors_that_matter_are_compared_with_all_else_equal(tmp_path):
    cases = [
        case("w", 400.0),
        case("r", 100.0, access="row"),
        case("i", 401.0, mode="independent", dtype="f32"),
    ]
    write_run(tmp_path / "run", [{**c, "_spread": 0.001} for c in cases])
    assert report(tmp_path / "run").returncode == 0
    text = Page((tmp_path / "run" / "report.html").read_text()).text
    assert re.search(
        r"access alone changes write by up to a factor of 3\.\d+: whole \d+ MiB/s, row \d+", text
    )
    assert "mode alone" not in text and "dtype alone" not in text


@pytest.mark.parametrize("suite", ["smoke", "drivers"])
def test_real_runs(suite, tmp_path):
    shutil.copytree(ROOT / "results" / "reference" / suite, tmp_path / suite)
    done = report(tmp_path / suite, "-o", tmp_path / "page.html")
    assert (done.returncode, done.stderr) == (0, "")
    page = Page((tmp_path / "page.html").read_text())
    environment = json.loads((tmp_path / suite / "env.json").read_text())
    for text in (environment["nodes"][0]["cpu_model"], environment["mpi"]["library"], "ext4", "2 on vm"):
        assert text in page.text
    plan = (tmp_path / suite / "plan.yaml").read_text()
    assert plan.split("\n")[0].lstrip("# ") in page.text
    assert not [
        n
        for n in ("nan", "None", "undefined")
        if re.search(rf"\b{n}\b", page.text.split("All of env.json")[0])
    ]


def test_the_command_measures_this_case_alone():
    names = ["a", "ba", "x*y", "x[1]y", "q?", "back\\slash", "(none)"]
    for name in names:
        pattern = collect.only_pattern(name, names)
        posix = re.sub(r"\\(.)", lambda m: f"[{m[1]}]" if m[1] in "*?[" else m[1], pattern)
        is_pattern = any(c in pattern for c in "*?[")
        matched = [n for n in names if (fnmatch.fnmatchcase(n, posix) if is_pattern else pattern in n)]
        assert matched == [name], (name, pattern)


def test_the_command_runs(tmp_path):
    """As far as the plan: the program finds exactly this case in the run's own plan.yaml."""
    run = tmp_path / "run"
    shutil.copytree(ROOT / "tests" / "cli" / "data" / "small", run)
    found = collect.collect(str(run), program())
    names = [r["case"] for r in found.records]
    words = collect.command_of(found, found.records[0], names)
    words = shlex.split(words)
    assert words[:5] == ["mpirun", "-n", "2", "h5roof", "run"] and words[5] == f"{run}/plan.yaml"
    only = words[words.index("--only") + 1]
    done = subprocess.run([program(), "plan", words[5], "--only", only], capture_output=True, text=True)
    assert (
        done.returncode == 0
        and "posix" in done.stdout
        and "collective" not in done.stdout.split("posix", 1)[1].split("\n")[0]
    )


def test_missing_environment_is_a_warning(page_of):
    _, page, _ = page_of("one")
    assert "There is no env.json: the machine is not known." in page.text


def test_broken_results_and_places(tmp_path):
    done = report(tmp_path)
    assert done.returncode == 4 and "no results there" in done.stderr
    run = write_run(tmp_path / "run", [case("a")])
    done = report(run, "-o", tmp_path / "no" / "page.html")
    assert done.returncode == 3 and "choose another place with --out" in done.stderr
    done = report(run, "--h5roof", tmp_path / "none")
    assert done.returncode == 2 and "cannot be run" in done.stderr
    (run / "results.csv").write_text((run / "results.csv").read_text()[:-30])
    (run / "env.json").write_text("{")
    done = report(run)
    text = Page((run / "report.html").read_text()).text
    assert done.returncode == 0 and "The last line is torn" in text and "Env.json cannot be read" in text
    (run / "results.csv").write_text("")
    assert report(run).returncode == 4


def test_listed_rows_are_in_no_picture_and_no_count(tmp_path):
    from h5roof.cases import load

    run = add_listed(write_run(tmp_path / "run", chunks_run()), ("contiguous", "interrupted", "killed"))
    results = load(str(run))
    assert results.bad == 0 and len(results.cases) == 48


def test_without_the_libraries_it_says_what_to_install(tmp_path):
    poor = tmp_path / "python3"
    poor.write_text('#!/bin/sh\nexec /usr/bin/python3 -S "$@"\n')
    poor.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "H5ROOF_REPORT_REEXEC": "1"}
    done = subprocess.run(
        [poor, SCRIPTS / "report.py", tmp_path], capture_output=True, text=True, env=environment
    )
    assert done.returncode in (2, 4)
    if done.returncode == 2:
        assert "apt install python3-jinja2 python3-matplotlib python3-pandas" in done.stderr
