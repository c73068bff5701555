"""The rows of docs/lessons.md, and the functions that show them. A figure that a function asserts stands in its row, too."""

import os
import re

from h5run import check, fail, same

DOCUMENT = os.path.join(os.environ["H5ROOF_SOURCE"], "docs", "lessons.md")
FIGURES = "## Figures"  # what follows is made by scripts/dev/lessons.py
CLAIMS = {}  # name of the claim -> the functions that show it


def claim(name):
    """Decorator: the function shows this claim. It is given the claim's row."""

    def keep(function):
        CLAIMS.setdefault(name, []).append(function)
        return function

    return keep


class Row:
    """One claim as the document has it."""

    def __init__(self, name, text):
        self.name, self.text = name, text
        self.words = re.sub(r"[`\s]+", " ", text)

    def exact(self, found, expected, what):
        """The value is this, and the row says so; large numbers are written in groups of three digits."""
        same(found, expected, f"{self.name}: {what}")
        self.says(f"{expected:,}".replace(",", " ") if isinstance(expected, int) else str(expected))

    def says(self, text):
        check(
            re.search(rf"(?<![\w.]){re.escape(text)}(?![\w.]\w|\w)", self.words),
            f"{self.name}: the row does not say {text!r}",
        )

    def same(self, found, expected, what):
        same(found, expected, f"{self.name}: {what}")

    def refused(self, error, words, function):
        """It raises this error with these words."""
        try:
            found = function()
        except error as exception:
            check(words in str(exception), f"{self.name}: {exception!r} does not say {words!r}")
        else:
            fail(f"{self.name}: not refused, gave {found!r}")


def rows():
    """The first cell of a claim's row is its name in code style, alone."""
    found = {}
    with open(DOCUMENT, encoding="utf-8") as document:
        for line in document.read().split(FIGURES)[0].splitlines():
            match = re.match(r"\| `([a-z0-9-]+)` \| ", line)
            if match:
                check(match[1] not in found, f"docs/lessons.md has {match[1]} twice")
                same(
                    len(re.split(r"(?<!\\)\|", line.strip())), 6, f"cells of {match[1]}, with two empty ones"
                )
                found[match[1]] = Row(match[1], line)
    return found
