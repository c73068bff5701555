#!/usr/bin/env python3
"""Draw the results of runs of h5roof as PNG, SVG or PDF. Without arguments: list what can be drawn."""

import argparse
import difflib
import importlib
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "python"))
from h5roof.files import Parser, visible  # noqa: E402
from h5roof.files import say as tell  # noqa: E402

EXIT_USAGE, EXIT_IO, EXIT_RESULTS = 2, 3, 4
SYSTEM_PYTHON = "/usr/bin/python3"
GUARD = "H5ROOF_PLOT_REEXEC"
# without the time of drawing: the same results give the same file
FORMATS = {
    "png": {"dpi": 200},
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None}},
}


def find_libraries():
    """pandas and matplotlib, if need be those of the system's own interpreter."""
    try:
        for library in ("matplotlib", "pandas"):
            importlib.import_module(library)
        return
    except ImportError as error:
        missing = error.name or str(error)
    if GUARD not in os.environ and os.path.exists(SYSTEM_PYTHON):
        check = [SYSTEM_PYTHON, "-c", "import matplotlib, pandas"]
        if subprocess.run(check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            os.environ[GUARD] = "1"
            os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, os.path.abspath(__file__), *sys.argv[1:]])
    say(f"{sys.executable} has no {missing}. Install it: apt install python3-pandas python3-matplotlib")
    sys.exit(EXIT_USAGE)


def say(message):
    tell("plot.py", message)


def list_kinds(kinds):
    name = os.environ.get("H5ROOF_COMMAND", "plot.py")
    print("usage:", visible(name), "[KIND...] RESULTS_DIR... [--out DIR] [--formats png,svg,pdf]")
    print("       [--operation OPERATION] [--only PATTERN] [--h5roof PATH]\n")
    print("Kinds of pictures (all, if none is named):\n")
    for kind in kinds:
        print(f"  {kind.name:<11} {kind.help}\n  {'':<11} needs: {kind.needs}")


def parse_arguments(kinds):
    parser = Parser(
        prog=os.environ.get("H5ROOF_COMMAND", "plot.py"),
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit codes: 0 drawn; 2 usage; 3 a picture cannot be written; 4 results that cannot be read, or from\n"
        "which nothing can be drawn.\n\nexamples:\n"
        "  plot.py results/chunks-20250101T120000Z\n"
        "  plot.py heatmap phases results/chunks-20250101T120000Z --only 'chunked/*' --out pictures\n"
        "  plot.py change results/old results/new --formats pdf",
    )
    names = ", ".join(k.name for k in kinds)
    parser.add_argument(
        "words",
        metavar="KIND|RESULTS_DIR",
        nargs="+",
        help=f"directories with results.csv, and kinds of pictures (default: all that can be drawn): {names}",
    )
    parser.add_argument("--out", metavar="DIR", help="where the pictures go; default: the (last) RESULTS_DIR")
    parser.add_argument("--operation", help="only this one: write, read, create, ...")
    parser.add_argument(
        "--only", metavar="PATTERN", help="only cases whose name matches, as in h5roof run --only"
    )
    parser.add_argument(
        "--formats", metavar="LIST", default="png,svg", help="of png, svg, pdf; default: png,svg"
    )
    parser.add_argument("--h5roof", metavar="PATH", help="the program; default: $H5ROOF, build/release, PATH")
    arguments = parser.parse_intermixed_args()
    names = [k.name for k in kinds]
    # a directory that is called like a kind is written with a slash
    arguments.kinds = [w for w in arguments.words if w in names]
    arguments.results = [w for w in arguments.words if w not in names]
    for word in arguments.results:
        near = [] if os.path.exists(word) else difflib.get_close_matches(word, names, 1)
        if near:
            parser.error(f"unknown kind '{word}': one of {', '.join(names)}; did you mean '{near[0]}'?")
    if not arguments.results:
        parser.error("the following arguments are required: RESULTS_DIR")
    arguments.formats = arguments.formats.split(",")
    for name in arguments.formats:
        if name not in FORMATS:
            parser.error(f"unknown format '{name}': png, svg, pdf")
    return arguments


def save(figures, directory, name, formats):
    """NAME.png and NAME.svg, or NAME-01.png … where there are pages. Replaces all pages of an earlier drawing."""
    endings = "|".join(formats)
    old = {f for f in os.listdir(directory) if re.fullmatch(rf"{name}(-\d\d+)?\.({endings})", f)}
    for index, figure in enumerate(figures, 1):
        stem = f"{name}-{index:02d}" if len(figures) > 1 else name
        for ending in formats:
            path = os.path.join(directory, f"{stem}.{ending}")
            figure.savefig(path, **FORMATS[ending])
            old.discard(f"{stem}.{ending}")
            print(visible(path))
    for stale in old:
        os.remove(os.path.join(directory, stale))


def draw_all(kinds, results, directory, formats):
    """How many kinds were drawn. One that this run cannot fill says why; the others are still drawn."""
    from h5roof.plot.kinds import draw
    from h5roof.plot.style import CannotDraw

    drawn = 0
    for kind in kinds:
        try:
            figures = draw(kind, results)
        except CannotDraw as reason:
            say(f"{kind.name}: not drawn: {reason}")
            continue
        save(figures, directory, kind.name, formats)
        drawn += 1
    return drawn


def labels_of(directories):
    """What the runs are called: their directories' own names, where these differ."""
    names = [visible(os.path.basename(os.path.abspath(d))) for d in directories]
    return names if len(set(names)) == len(names) else [visible(d.rstrip("/")) for d in directories]


def explain_nothing(results, arguments):
    """Why no case is left to draw."""
    if not results.cases and results.skipped:
        name, _, reason = results.skipped[0]
        return f"nothing was measured; cases skipped: {len(results.skipped)}, the first ({name}) because: {reason}"
    if not results.cases:
        left = f"; {results.bad} failed or did not verify" if results.bad else ""
        return f"no measured repetition in these results{left}"
    return f"no measured repetition of {arguments.operation} in these results"


def main():
    find_libraries()
    from h5roof.plot.kinds import KINDS
    from h5roof.cases import ResultsError, combine, load
    from h5roof.program import ProgramError, find_program
    from h5roof.plot.style import use_style

    if len(sys.argv) == 1:
        list_kinds(KINDS)
        return 0
    arguments = parse_arguments(KINDS)
    use_style()
    try:
        program = find_program(arguments.h5roof)
    except ProgramError as error:
        say(error)
        return EXIT_USAGE
    try:
        runs = [load(directory, program) for directory in arguments.results]
        results = combine(runs, labels_of(arguments.results))
    except (ProgramError, ResultsError) as error:
        say(error)
        return EXIT_RESULTS
    for warning in results.warnings:
        say(f"warning: {warning}")
    operations = results.operations()
    if arguments.operation and operations and arguments.operation not in operations:
        say(f"no measured operation '{arguments.operation}' in these results: one of {', '.join(operations)}")
        return EXIT_USAGE
    chosen = results.select(arguments.operation, arguments.only)
    if results.cases and not results.select(None, arguments.only).cases:
        say(f"--only '{arguments.only}' matches no measured case; one of them is '{results.cases[0].name}'")
        return EXIT_USAGE
    if not chosen.cases:
        say(f"{', '.join(arguments.results)}: {explain_nothing(results, arguments)}")
        return EXIT_RESULTS
    last = arguments.results[-1]
    at = last if os.path.isdir(last) else os.path.dirname(last)
    directory = arguments.out or at or "."
    kinds = [k for k in KINDS if not arguments.kinds or k.name in arguments.kinds]
    try:
        os.makedirs(directory, exist_ok=True)
        drawn = draw_all(kinds, chosen, directory, arguments.formats)
    except OSError as error:
        say(
            f"cannot write the pictures to {directory}: {error.strerror or error}; choose another place with --out DIR"
        )
        return EXIT_IO
    return 0 if drawn else EXIT_RESULTS


if __name__ == "__main__":
    sys.exit(main())
