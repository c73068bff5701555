"""The program h5roof, which knows what results mean."""

import os
import shutil
import subprocess
from pathlib import Path

from .files import FileError, parse_json, visible

# python/h5roof/ lies in the tree, or in PREFIX/share/h5roof of an installation.
HOME = Path(__file__).resolve().parents[2]
PLACES = ("../../bin/h5roof", "build/release/h5roof", "build/clang/h5roof")


class ProgramError(Exception):
    """There is no program, or it cannot read the results; the message is for the user."""


def find_program(given=None):
    """As given, or named by $H5ROOF, or installed beside this package, or built in its tree, or on PATH."""
    for path in (given, os.environ.get("H5ROOF"), *(str(HOME / p) for p in PLACES), shutil.which("h5roof")):
        if path and os.access(path, os.X_OK):
            return path
        if path and path == given:
            raise ProgramError(f"{given} cannot be run")
    raise ProgramError(
        "h5roof was not found; build it (README.md), or name it with --h5roof PATH or H5ROOF=PATH"
    )


def show(directory, program=None):
    """What `h5roof show DIRECTORY --format json` says. Raises ProgramError."""
    program = program or find_program()
    done = subprocess.run([program, "show", "--format", "json", "--", str(directory)], capture_output=True)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "surrogateescape").strip()
        raise ProgramError(visible(said or f"{program} ended with {done.returncode}", lines=True))
    try:
        document = parse_json(done.stdout.decode("utf-8", "surrogateescape"))
    except FileError as error:
        raise ProgramError(f"what {program} says of {directory} is {error}") from None
    if "summary" not in document:
        raise ProgramError(f"{program} is older than this package; build it again")
    return document
