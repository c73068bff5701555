#!/usr/bin/env python3
# timeout: 300
# needs: numpy h5py
"""docs/lessons.md against what happens: every claim of the document is shown by a function, and every function has its claim."""

import os
import re
import subprocess
import sys

import lessons_chunks
import lessons_indexing
import lessons_runs
import lessons_storage
from h5run import check, directory, same, skip
from lessons_claims import CLAIMS, DOCUMENT, rows

SOURCE = os.environ["H5ROOF_SOURCE"]
assert lessons_chunks and lessons_indexing and lessons_storage  # imported for the claims they show


def figures(document):
    """The table is what the script makes of the rows that are kept, and belongs to claims."""
    script = os.path.join(SOURCE, "scripts", "dev", "lessons.py")
    kept = os.path.join(SOURCE, "results", "reference", "lessons")
    made = subprocess.run(
        [sys.executable, script, "table", kept], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    with open(DOCUMENT, encoding="utf-8") as file:
        check(
            f"-->\n{made}<!--" in file.read(),
            "the figures of docs/lessons.md are not those of results/reference/lessons",
        )
    same(
        sorted(set(re.findall(r"^\| `([a-z0-9-]+)` ", made, re.MULTILINE)) - set(document)),
        [],
        "figures without a claim",
    )


def main():
    if lessons_chunks.VERSION >= (2, 0):
        skip("the bytes are those of the default format before HDF5 2.0")
    document = rows()
    same(sorted(set(document) - set(CLAIMS)), [], "claims of docs/lessons.md that nothing shows")
    same(sorted(set(CLAIMS) - set(document)), [], "claims that are shown and not in docs/lessons.md")
    figures(document)
    with directory() as where:
        lessons_runs.prepare(where)
        for name in sys.argv[1:] or document:
            for show in CLAIMS[name]:
                show(document[name])
    print(
        f"{len(document)} claims, {sum(len(functions) for functions in CLAIMS.values())} functions that show them"
    )


if __name__ == "__main__":
    main()
