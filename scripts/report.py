#!/usr/bin/env python3
"""Write the results of a run of h5roof as one page that needs no network: RESULTS_DIR/report.html."""

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
        prog="report.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit codes: 0 written; 2 usage; 3 the page cannot be written; 4 results that cannot be read.\n\n"
        "examples:\n  report.py results/chunks-20250101T120000Z\n"
        "  report.py results/chunks-20250101T120000Z -o chunks.html",
    )
    parser.add_argument("results", metavar="RESULTS_DIR", help="directory with results.csv")
    parser.add_argument("-o", "--out", metavar="FILE", help="default: RESULTS_DIR/report.html")
    parser.add_argument("--h5roof", metavar="PATH", help="the program; default: $H5ROOF, build/release, PATH")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    find_libraries()
    from h5roof.cases import ResultsError
    from h5roof.program import ProgramError, find_program
    from h5roof.report.collect import collect
    from h5roof.report.page import write

    try:
        program = find_program(arguments.h5roof)
    except ProgramError as error:
        say(error)
        return EXIT_USAGE
    try:
        run = collect(arguments.results, program)
        page = write(run)
    except (ProgramError, ResultsError) as error:
        say(error)
        return EXIT_RESULTS
    path = arguments.out or os.path.join(run.directory, "report.html")
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
