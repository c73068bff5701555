"""Results, metadata and names that are not what they should be: one message, exit 4, no trace, nothing that waits, and no text that
commands a terminal."""

import json
import os
import re
import socket

import pytest
from conftest import SCRIPTS, case, run_script, write_run
from h5roof import files
from h5roof.cases import ResultsError, load_frame
from report_runs import program

pytest.importorskip("jinja2", reason="python3-jinja2 is not installed")
from h5roof.report import machine  # noqa: E402

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]")
ESCAPE = "\x1b]0;owned\x07\x9b31m\u202e"


def tell(script, *arguments):
    os.environ["H5ROOF"] = program()
    done = run_script(script, *arguments)
    assert not CONTROL.search(done.stdout + done.stderr), (done.stdout, done.stderr)
    return done


def fifo(path):
    os.mkfifo(path)


def unix_socket(path):
    here = os.getcwd()
    os.chdir(path.parent)  # an address has room for 107 characters
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)
    os.chdir(here)


def sparse(path):
    path.touch()
    os.truncate(path, 1 << 40)


NO_FILES = {
    "fifo": fifo,
    "socket": unix_socket,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "terminal": lambda path: path.symlink_to("/dev/ptmx"),
    "directory": lambda path: path.mkdir(),
    "loop": lambda path: path.symlink_to(path.name),
    "terabyte": sparse,
}


@pytest.mark.parametrize("script", ["plot", "report"])
@pytest.mark.parametrize("kind", NO_FILES)
def test_results_that_are_no_file(kind, script, tmp_path):
    NO_FILES[kind](tmp_path / "results.csv")
    done = tell(script, tmp_path)
    assert done.returncode == 4 and len(done.stderr.splitlines()) == 1, done.stderr
    assert "results.csv: cannot read: " in done.stderr


@pytest.mark.parametrize("name", ["results.csv", "env.json"])
@pytest.mark.parametrize("kind", NO_FILES)
def test_jobs_that_are_no_files(kind, name, tmp_path):
    run = write_run(tmp_path / "run", [case("a")])
    (run / "env.json").write_text('{"rank_count": 2, "node_count": 1}')
    (run / name).unlink()
    NO_FILES[kind](run / name)
    done = tell("collect", run)
    assert done.returncode == 4 and len(done.stderr.splitlines()) == 1 and name[:7] in done.stderr


HOSTILE = {
    "no object": "[1, 2]",
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a": ' * 900 + "1" + "}" * 900,
    "deep at last": '{"a": ' * 40 + "1" + "}" * 40,
    "huge integer": '{"a": 1' + "0" * 5000 + "}",
    "torn": '{"a": "',
    "empty": "",
    "null": "null",
}
ODD = {
    "many keys": {f"key{i}": i for i in range(200_000)},
    "many libraries": {"libraries": {f"l{i}": i for i in range(200_000)}},
    "large numbers": {"nodes": [{"memory_total_bytes": 1e308, "load1": 1e308}], "rank_count": 10**300},
    "many hosts": {"nodes": [{"host": f"n{i}"} for i in range(100_000)]},
}
WRONG = (None, True, -1, 1e308, "text", [], [[]], [None, 7], {}, {"a": {}}, [{"a": 1}])
KEYS = ("nodes", "h5roof", "hdf5", "mpi", "libraries", "hints", "filesystems", "command_line", "warnings")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A run and its report's parts, which a test may read again with another env.json."""
    return write_run(tmp_path_factory.mktemp("hostile") / "run", [case("a")])


def gathered(run):
    from h5roof.report.collect import collect, command_of
    from h5roof.report.findings import warnings_of
    from h5roof.report.page import environment_text

    found = collect(str(run), program())
    texts = [text for _, text in machine.lines_of(found.environment)]
    texts += [str(w.text) for w in warnings_of(found)] + [command_of(found, found.records[0], ["a"])]
    assert len(environment_text(found.environment)) < 300_000 and sum(map(len, texts)) < 100_000
    assert not CONTROL.search("".join(texts)) and found.suite and found.run_id
    return texts


@pytest.mark.parametrize("how", HOSTILE)
def test_an_environment_that_cannot_be_read_is_a_warning(how, collected):
    (collected / "env.json").write_text(HOSTILE[how])
    assert any(t.startswith("Env.json cannot be read") for t in gathered(collected))


@pytest.mark.parametrize("how", ODD)
def test_an_environment_that_is_large(how, collected):
    (collected / "env.json").write_text(json.dumps(ODD[how]))
    gathered(collected)


@pytest.mark.parametrize("kind", NO_FILES)
def test_an_environment_that_is_no_file(kind, collected):
    (collected / "env.json").unlink(missing_ok=True)
    NO_FILES[kind](collected / "env.json")
    try:
        assert any(t.startswith("Env.json cannot be read") for t in gathered(collected))
    finally:
        (collected / "env.json").rmdir() if kind == "directory" else (collected / "env.json").unlink()


def test_an_environment_of_other_types():
    good = {"nodes": [{"topology": {"cores": 2}, "memory_total_bytes": 1}], "hints": {"asked": {"a": "b"}}}
    for key in KEYS:
        for value in WRONG:
            for document in ({key: value}, {key: {"asked": value, "scratch": value, "version": value}}):
                assert all(isinstance(t, str) and t for _, t in machine.lines_of({**good, **document}))
    for value in WRONG:
        node = dict.fromkeys(("topology", "cpu_model", "host", "memory_total_bytes", "load1"), value)
        topology = {"topology": dict.fromkeys(("packages", "cores", "caches"), value)}
        machine.lines_of({"nodes": [node, topology]})


def test_numbers_that_cannot_be(tmp_path):
    run = write_run(tmp_path / "run", [case("a")])
    good = (run / "results.csv").read_text().splitlines()
    names = good[0].split(",")
    for column in ("durable_s", "ranks", "roof_s", "payload_bytes"):
        for value in ("1e308", "-1e308", "1e999", "nan", "0x1", "1_0", "٣"):
            cells = good[3].split(",")
            cells[names.index(column)] = value
            (run / "results.csv").write_text("\n".join([*good[:3], ",".join(cells), *good[4:]]) + "\n")
            with pytest.raises(ResultsError, match=f"results.csv:4: {column}: '"):
                load_frame(str(run))
    done = tell("plot", run, "bandwidth")
    assert done.returncode == 4 and len(done.stderr.splitlines()) == 1, done.stderr


def test_names_command_no_terminal(tmp_path):
    """Not those in tables, and not those of places and arguments."""
    run = write_run(tmp_path / f"run{ESCAPE}", [case("NAME"), case("b", chunk="8x8")])
    raw = (run / "results.csv").read_bytes()
    name = f"x{ESCAPE}".encode() + b"\xff\xfe"
    (run / "results.csv").write_bytes(raw.replace(b",NAME,", b"," + name + b","))
    done = tell("plot", run, "bandwidth")
    assert done.returncode == 0 and "run\\x1b]0;owned\\x07\\x9b31m\\u202e/bandwidth.png" in done.stdout
    picture = (run / "bandwidth.svg").read_text()
    assert "x\\x1b]0;owned\\x07\\x9b31m\\u202e\\xff\\xfe" in picture and not CONTROL.search(picture)
    assert tell("plot", run, "--only", f"none{ESCAPE}").returncode == 2
    assert tell("plot", run, "--operation", ESCAPE).returncode == 2
    assert tell("plot", ESCAPE).returncode == 4
    assert tell("plot", run, f"--{ESCAPE}").returncode == 2
    (run / "env.json").write_text(json.dumps({"h5roof": {"version": ESCAPE}, "warnings": [ESCAPE]}))
    (run / "plan.yaml").write_bytes(f"# why {ESCAPE}\n".encode() + b"# \xff\n")
    assert tell("report", run).returncode == 0
    page = (run / "report.html").read_text()
    assert not CONTROL.search(page) and "why \\x1b]0;owned" in page and "x\\x1b]0;owned" in page
    assert tell("collect", run).returncode == 4


@pytest.mark.parametrize(
    "script", ["collect.py", "witness.py", "dev/lessons.py", "dev/verdicts.py", "plot.py", "report.py"]
)
def test_what_scripts_print_is_visible(script):
    """Each goes through what makes it so."""
    text = (SCRIPTS / script).read_text()
    assert "from h5roof.files import" in text
    for printed in re.findall(r"\bprint\((.*)", text):
        own = printed in ("", "__doc__)") or re.match(r'"[^{]*$|f"  \{kind\.', printed)
        assert own or "visible(" in printed, printed


def test_visible():
    assert files.visible("a\nb\x1b\x7f\x85\udcff\u202eü–") == "a\\x0ab\\x1b\\x7f\\x85\\xff\\u202eü–"
    assert files.visible("a\nb\tc", lines=True) == "a\nb\\x09c"
