#!/usr/bin/env python3
"""Draw the results of a run of h5roof as PNG and SVG. Without arguments: list what can be drawn."""

import argparse
import difflib
import importlib
import os
import re
import subprocess
import sys

EXIT_USAGE, EXIT_IO, EXIT_RESULTS = 2, 3, 4
SYSTEM_PYTHON = "/usr/bin/python3"
GUARD = "H5ROOF_PLOT_REEXEC"


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
    print(f"plot.py: {message}", file=sys.stderr)


def list_kinds(kinds):
    print("usage: plot.py RESULTS_DIR [--out DIR] [--operation write|read] [--only PATTERN] [KIND...]\n")
    print("Kinds of pictures (all, if none is named):\n")
    for kind in kinds:
        print(f"  {kind.name:<11} {kind.help}\n  {'':<11} needs: {kind.needs}")


def parse_arguments(kinds):
    parser = argparse.ArgumentParser(
        prog="plot.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit codes: 0 drawn; 2 usage; 3 a picture cannot be written; 4 results that cannot be read, or from\n"
        "which nothing can be drawn.\n\nexamples:\n"
        "  plot.py results/chunks-20250101T120000Z\n"
        "  plot.py results/chunks-20250101T120000Z --only 'chunked/*' --out pictures heatmap phases",
    )
    parser.add_argument("results", metavar="RESULTS_DIR", help="directory with results.csv")
    parser.add_argument(
        "kinds", metavar="KIND", nargs="*", help=f"{', '.join(k.name for k in kinds)}; default: all"
    )
    parser.add_argument("--out", metavar="DIR", help="where the pictures go; default: RESULTS_DIR")
    parser.add_argument("--operation", choices=("write", "read"), help="only this operation")
    parser.add_argument(
        "--only", metavar="PATTERN", help="only cases whose name matches, as in h5roof run --only"
    )
    arguments = parser.parse_intermixed_args()
    names = [k.name for k in kinds]
    for name in arguments.kinds:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            parser.error(f"unknown kind '{name}': one of {', '.join(names)}{hint}")
    return arguments


def save(figures, directory, name):
    """NAME.png and NAME.svg, or NAME-01.png … where there are pages. Replaces all pages of an earlier drawing."""
    old = {f for f in os.listdir(directory) if re.fullmatch(rf"{name}(-\d\d+)?\.(png|svg)", f)}
    for index, figure in enumerate(figures, 1):
        stem = f"{name}-{index:02d}" if len(figures) > 1 else name
        for suffix, more in ((".png", {"dpi": 200}), (".svg", {"metadata": {"Date": None}})):
            path = os.path.join(directory, stem + suffix)
            figure.savefig(path, **more)
            old.discard(stem + suffix)
            print(path)
    for stale in old:
        os.remove(os.path.join(directory, stale))


def draw_all(kinds, results, directory):
    """How many kinds were drawn. One that this run cannot fill says why; the others are still drawn."""
    from h5roof_plot.kinds import draw
    from h5roof_plot.style import CannotDraw

    drawn = 0
    for kind in kinds:
        try:
            figures = draw(kind, results)
        except CannotDraw as reason:
            say(f"{kind.name}: not drawn: {reason}")
            continue
        save(figures, directory, kind.name)
        drawn += 1
    return drawn


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
    from h5roof_plot.kinds import KINDS
    from h5roof_plot.load import ResultsError, load
    from h5roof_plot.style import use_style

    if len(sys.argv) == 1:
        list_kinds(KINDS)
        return 0
    arguments = parse_arguments(KINDS)
    use_style()
    try:
        results = load(arguments.results)
    except ResultsError as error:
        say(error)
        return EXIT_RESULTS
    for warning in results.warnings:
        say(f"warning: {warning}")
    chosen = results.select(arguments.operation, arguments.only)
    if results.cases and not results.select(None, arguments.only).cases:
        say(f"--only '{arguments.only}' matches no measured case; one of them is '{results.cases[0].name}'")
        return EXIT_USAGE
    if not chosen.cases:
        say(f"{arguments.results}: {explain_nothing(results, arguments)}")
        return EXIT_RESULTS
    at = arguments.results if os.path.isdir(arguments.results) else os.path.dirname(arguments.results)
    directory = arguments.out or at or "."
    kinds = [k for k in KINDS if not arguments.kinds or k.name in arguments.kinds]
    try:
        os.makedirs(directory, exist_ok=True)
        drawn = draw_all(kinds, chosen, directory)
    except OSError as error:
        say(
            f"cannot write the pictures to {directory}: {error.strerror or error}; choose another place with --out DIR"
        )
        return EXIT_IO
    return 0 if drawn else EXIT_RESULTS


if __name__ == "__main__":
    sys.exit(main())
