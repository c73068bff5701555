"""Reading files that anybody may have written, and showing what is in them. No pandas, so that scripts can say why they stop."""

import argparse
import json
import os
import re
import stat
import sys

MOST_BYTES = 1 << 30  # of results.csv
MOST_METADATA = 16 << 20  # of env.json, plan.yaml
DEEPEST = 32  # of env.json, which has five levels

# what commands a terminal (C0, C1), turns writing round, or stands for a byte that is no UTF-8
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_IN_LINES = re.compile(f"(?!\n){_HIDDEN.pattern}")


class FileError(Exception):
    """The file cannot be read; the message, without the path, is for the user."""


class Missing(FileError):
    """There is none."""


def visible(text, lines=False):
    """The text with control characters and bytes that are no UTF-8 written out (\\x1b). lines: line ends stay."""
    return (_IN_LINES if lines else _HIDDEN).sub(_written_out, str(text))


def _written_out(match):
    code = ord(match[0])
    code = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code  # a byte, see surrogateescape
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def visible_all(value):
    """The same of all texts in a document."""
    if isinstance(value, dict):
        return {visible(k): visible_all(v) for k, v in value.items()}
    if isinstance(value, list):
        return [visible_all(v) for v in value]
    return visible(value) if isinstance(value, str) else value


def read_bytes(path, most=MOST_BYTES):
    """Of a regular file; never waits for one that is none. Raises FileError."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") if stat.S_ISREG(os.fstat(handle).st_mode) else _closed(handle) as file:
            size = os.fstat(file.fileno()).st_size
            found = file.read(most + 1) if size <= most else b""
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Missing(error.strerror) from None
    except OSError as error:
        raise FileError(error.strerror) from None
    except ValueError as error:  # a null character in the path
        raise FileError(str(error)) from None
    if size > most or len(found) > most:
        raise FileError(f"more than {most >> 20} MiB")
    return found


def _closed(handle):
    kind = stat.S_ISDIR(os.fstat(handle).st_mode)
    os.close(handle)
    raise FileError("a directory, not a file" if kind else "not a file but a pipe, device or socket")


def read_text(path, most=MOST_METADATA):
    """As text; a byte that is no UTF-8 becomes what visible() writes out. Raises FileError."""
    return read_bytes(path, most).decode("utf-8", "surrogateescape")


def parse_json(text):
    """A document, with all its texts visible. Raises FileError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else visible(error)
        raise FileError(f"not JSON: {why}") from None
    level = [found] if isinstance(found, (dict, list)) else []
    for _ in range(DEEPEST):
        level = [v for part in level for v in (part.values() if isinstance(part, dict) else part)]
        level = [v for v in level if isinstance(v, (dict, list))]
        if not level:
            return visible_all(found)
    raise FileError("not JSON: nested too deeply")


def read_object(path):
    """The object in a JSON file. Raises FileError."""
    found = parse_json(read_text(path))
    if not isinstance(found, dict):
        raise FileError("holds no object")
    return found


def say(script, message):
    """To the user of a script."""
    print(f"{script}: {visible(message, lines=True)}", file=sys.stderr)


class Parser(argparse.ArgumentParser):
    """Its messages show what was given, and obey none of it."""

    def _print_message(self, message, file=None):
        super()._print_message(visible(message, lines=True), file)
