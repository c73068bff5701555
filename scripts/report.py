#!/usr/bin/env python3
"""Write the results of a run of h5roof as one page that needs no network, RESULTS_DIR/report.html; or what became of
the cases of one run in others."""

import argparse
import importlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "python"))
from h5roof.files import Parser, visible  # noqa: E402
from h5roof.files import say as tell  # noqa: E402

EXIT_USAGE, EXIT_IO, EXIT_RESULTS = 2, 3, 4
SYSTEM_PYTHON = "/usr/bin/python3"
GUARD = "H5ROOF_REPORT_REEXEC"
LIBRARIES = ("jinja2", "matplotlib", "pandas")


def say(message):
    tell("report.py", message)


def find_libraries():
    """The libraries, if need be those of the system's own interpreter."""
    try:
        for library in LIBRARIES:
            importlib.import_module(library)
        return
    except ImportError as error:
        missing = error.name or str(error)
    if GUARD not in os.environ and os.path.exists(SYSTEM_PYTHON):
        check = [SYSTEM_PYTHON, "-c", f"import {', '.join(LIBRARIES)}"]
        if subprocess.run(check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            os.environ[GUARD] = "1"
            os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, os.path.abspath(__file__), *sys.argv[1:]])
    packages = " ".join(f"python3-{library}" for library in LIBRARIES)
    say(f"{sys.executable} has no {missing}. Install it: apt install {packages}")
    sys.exit(EXIT_USAGE)


def parse_arguments():
    parser = Parser(
        prog=os.environ.get("H5ROOF_COMMAND", "report.py"),
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit codes: 0 written; 2 usage; 3 the page cannot be written; 4 results that cannot be read.\n\n"
        "examples:\n  report.py results/chunks-20250101T120000Z\n"
        "  report.py results/chunks-20250101T120000Z -o chunks.html\n"
        "  report.py ext4=results/one lustre=results/two --allow filesystem -o boss.html",
    )
    parser.add_argument(
        "results",
        metavar="[NAME=]RESULTS_DIR",
        nargs="+",
        help="directory with results.csv; of several the first is what the others are compared with",
    )
    parser.add_argument(
        "-o", "--out", metavar="FILE", help="default: RESULTS_DIR/report.html, of several runs change.html"
    )
    parser.add_argument("--allow", metavar="A,B", help="of several runs: as in h5roof compare --allow")
    parser.add_argument("--h5roof", metavar="PATH", help="the program; default: $H5ROOF, build/release, PATH")
    return parser.parse_args()


def name_and_directory(text):
    """(what the run is called, its directory) of [NAME=]DIRECTORY."""
    name, equals, directory = text.partition("=")
    if equals and not os.path.exists(text):
        return name, directory
    return visible(os.path.basename(os.path.abspath(text))), text


def main():
    arguments = parse_arguments()
    find_libraries()
    from h5roof.cases import ResultsError
    from h5roof.program import ProgramError, find_program
    from h5roof.report.change import page as changes
    from h5roof.report.collect import collect
    from h5roof.report.page import write

    try:
        program = find_program(arguments.h5roof)
    except ProgramError as error:
        say(error)
        return EXIT_USAGE
    named = [name_and_directory(text) for text in arguments.results]
    if len({name for name, _ in named}) < len(named):
        named = [(visible(directory), directory) for _, directory in named]
    try:
        if len(named) == 1:
            run = collect(named[0][1], program)
            page, path = write(run), os.path.join(run.directory, "report.html")
        else:
            page, path = changes(named, program, arguments.allow), os.path.join(named[-1][1], "change.html")
    except (ProgramError, ResultsError) as error:
        say(error)
        return EXIT_RESULTS
    path = arguments.out or path
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
    except OSError as error:
        say(f"cannot write {path}: {error.strerror or error}; choose another place with --out FILE")
        return EXIT_IO
    print(visible(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
