"""cells.py FILE COLUMN,... [COLUMN=VALUE | COLUMN!=VALUE | COLUMN~REGEX]...: these cells of the rows of a table (-: stdin) for
which all of that holds, a line a row, with tabs between. Columns that are not there are an error, and so are torn rows."""

import csv
import re
import sys

TESTS = {
    "=": lambda cell, text: cell == text,
    "!=": lambda cell, text: cell != text,
    "~": lambda cell, text: re.search(text, cell) is not None,
}


def condition(text):
    name, test, value = re.fullmatch(r"(\w+)(!=|=|~)(.*)", text, re.DOTALL).groups()
    return lambda row: TESTS[test](row[name], value)


def main():
    path, columns, *conditions = sys.argv[1:]
    conditions = [condition(text) for text in conditions]
    with sys.stdin if path == "-" else open(path, newline="", encoding="utf-8") as file:
        header, *lines = list(csv.reader(file, strict=True))
    for line in lines:
        if len(line) != len(header):
            sys.exit(f"{path}: {len(line)} cells under {len(header)} columns: {line[:6]}")
        row = dict(zip(header, line))
        if all(holds(row) for holds in conditions):
            print(*(row[name] for name in columns.split(",")), sep="\t")


if __name__ == "__main__":
    main()
