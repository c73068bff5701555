#!/usr/bin/env python3
"""The figures of docs/lessons.md: `time` runs the notebook's loops with h5py, `table` makes the table from a finished run."""

import csv
import io
import itertools
import os
import random
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "python"))
from h5roof.files import MOST_BYTES, FileError, Parser, read_object, read_text, say, visible  # noqa: E402

# claim, what is compared, (case, operation) or h5py's variant of both sides, column
FIGURES = [
    ("loops-calls", "h5py: loop over elements / rows", "elements", "rows", "h5py"),
    (
        "loops-calls",
        "own file: elements / rows",
        "loops/own/access=element",
        "loops/own/access=row",
        "update:write_max_s",
    ),
    (
        "loops-calls",
        "shared, independent: elements / rows",
        "loops/shared/access=element",
        "loops/shared/access=row",
        "update:write_max_s",
    ),
    (
        "loops-calls",
        "shared, collective, per call: elements / rows",
        "loops/collective/element",
        "loops/collective/row",
        "update:per_call",
    ),
    (
        "mask-list",
        "own file: negative elements selected / rows",
        "loops/own/negative",
        "loops/own/access=row",
        "update:loop",
    ),
    (
        "mask-list",
        "shared, independent: the same",
        "loops/shared/negative",
        "loops/shared/access=row",
        "update:loop",
    ),
    (
        "mask-list",
        "own file, read half through a mask: points / rows and picking",
        "mask/own/one_in=2/mask_as=points",
        "mask/own/one_in=2/mask_as=rmw",
        "read:durable_s",
    ),
    (
        "mask-list",
        "own file, read a hundredth: the same",
        "mask/own/one_in=100/mask_as=points",
        "mask/own/one_in=100/mask_as=rmw",
        "read:durable_s",
    ),
    (
        "mask-list",
        "shared, independent, half: the same",
        "mask/shared/one_in=2/mask_as=points",
        "mask/shared/one_in=2/mask_as=rmw",
        "read:durable_s",
    ),
    (
        "mask-list",
        "shared, independent, a hundredth: the same",
        "mask/shared/one_in=100/mask_as=points",
        "mask/shared/one_in=100/mask_as=rmw",
        "read:durable_s",
    ),
    (
        "slices",
        "own file, read a tenth: every tenth element / a range",
        "select/own/selection=stride",
        "select/own/selection=range",
        "read:durable_s",
    ),
    (
        "read-direct",
        "own file, read a range: into every other place / in a row",
        "place/own",
        "select/own/selection=range",
        "read:durable_s",
    ),
    ("byte-order", "NumPy's mean: big endian / little", "mean-big", "mean-little", "h5py"),
    (
        "byte-order",
        "own file, read: big endian / little",
        "order/own/byte_order=big",
        "order/own/byte_order=little",
        "read:read_max_s",
    ),
    (
        "byte-order",
        "shared, read: big endian / little",
        "order/shared/byte_order=big",
        "order/shared/byte_order=little",
        "read:read_max_s",
    ),
    (
        "byte-order",
        "shared, write: big endian / little",
        "order/shared/byte_order=big",
        "order/shared/byte_order=little",
        "write:write_max_s",
    ),
    (
        "fill-cost",
        "own file, first element: fill value -1 / default",
        "fill/own/fill_value=-1/fill_time=ifset",
        "big/own",
        "touch:durable_s",
    ),
    (
        "fill-cost",
        "shared, chunks, create: fill / never",
        "fill/shared/chunked/fill_time=ifset",
        "fill/shared/chunked/fill_time=never",
        "write:create_max_s",
    ),
    (
        "fill-cost",
        "shared, one piece, create: fill / never",
        "driver=mpio/mode=collective",
        "fill/shared/contiguous/never",
        "write:create_max_s",
    ),
    ("touched-deflate", "create: shared / own file", "packed/shared", "packed/own", "create:durable_s"),
    (
        "deflate",
        "own file, write and close: deflate:4 / none",
        "filter/own/filter=deflate:4",
        "filter/own/filter=none",
        "write:stored",
    ),
    (
        "shuffle",
        "own file, write and close: shuffle first / deflate:4 alone",
        "shuffle/own/filter=shuffle+deflate:4",
        "shuffle/own/filter=deflate:4",
        "write:stored",
    ),
    (
        "fletcher32",
        "own file, write and close: fletcher32 / none",
        "fletcher32/own/filter=fletcher32",
        "fletcher32/own/filter=none",
        "write:stored",
    ),
    (
        "image-bytes",
        "own file, tiles, read: chunks / one piece",
        "tiles/chunked/own",
        "tiles/contiguous/own",
        "read:read_max_s",
    ),
    (
        "image-bytes",
        "shared, independent, tiles, read: chunks / one piece",
        "tiles/chunked/shared",
        "tiles/contiguous/shared",
        "read:read_max_s",
    ),
    (
        "image-bytes",
        "own file, whole images, read: chunks / one piece",
        "images/chunked/own",
        "images/contiguous/own",
        "read:read_max_s",
    ),
    (
        "image-bytes",
        "shared, whole images, read: chunks / one piece",
        "images/chunked/shared",
        "images/contiguous/shared",
        "read:read_max_s",
    ),
    (
        "resize-chunked",
        "append of 2 x 2, five times: shared / own file",
        "resize/shared",
        "resize/own",
        "append:durable_s",
    ),
    (
        "byte-order",
        "mean of what HDF5 left as it was: big endian / little",
        "order/own/byte_order=big",
        "order/own/byte_order=little",
        "compute:compute_max_s",
    ),
    (
        "precision",
        "own file, write: f32 by HDF5 / by the program",
        "precision/own/f32/convert_by=hdf5",
        "precision/own/f32/convert_by=program",
        "write:handled",
    ),
    (
        "precision",
        "shared, write: the same",
        "precision/shared/f32/convert_by=hdf5",
        "precision/shared/f32/convert_by=program",
        "write:handled",
    ),
    (
        "groups",
        "20 values with 3 attributes, create: shared / own file",
        "weather/shared",
        "weather/own",
        "create:durable_s",
    ),
    (
        "whole-file",
        "open and read their metadata: shared / own file",
        "weather/shared",
        "weather/own",
        "open:durable_s",
    ),
    (
        "open-modes",
        "open in mode r and close: shared / own file",
        "open/shared/opening=r",
        "open/own/opening=r",
        "existing:durable_s",
    ),
]
MARKS = ("<!-- figures: made by scripts/dev/lessons.sh -->", "<!-- end of figures -->")


def seconds(row, what):
    """What a figure compares of a repetition. A serial filter works when the chunks leave the cache: in write, flush or close."""
    sums = {
        "loop": ("read_max_s", "compute_max_s", "write_max_s"),
        "stored": ("write_max_s", "flush_max_s", "close_max_s"),
        "handled": ("compute_max_s", "write_max_s"),
        "per_call": ("write_max_s",),
    }
    total = sum(float(row[column] or 0) for column in sums.get(what, (what,)))
    return total / int(row["calls_count"]) if what == "per_call" else total


def measured(directory):
    """Case and operation -> rows of the repetitions that count."""
    found = {}
    for row in rows_of(os.path.join(directory, "results.csv")):
        if row["status"] == "ok" and row["warmup"] in ("false", "0"):
            found.setdefault((row["case"], row["operation"]), []).append(row)
    for row in rows_of(os.path.join(directory, "h5py.csv")):
        found.setdefault((row["variant"], "h5py"), []).append(row)
    return found


def rows_of(path):
    return csv.DictReader(io.StringIO(read_text(path, MOST_BYTES), newline=""))


QUARTER = 0.25


def told(ratio, low, high):
    """The interval is within a quarter of the ratio."""
    return low > 0 and max(high - ratio, ratio - low) <= QUARTER * ratio


def interval(first, second):
    """95 % bootstrap interval of the ratio of the medians, always the same for the same numbers."""
    pick = random.Random(42)
    ratios = sorted(
        statistics.median(pick.choices(first, k=len(first)))
        / statistics.median(pick.choices(second, k=len(second)))
        for _ in range(2000)
    )
    return ratios[49], ratios[1949]


def short(value):
    """Three significant digits, without exponents."""
    return f"{value:#.3g}".rstrip(".") if value < 1000 else f"{value:.0f}"


def duration(value):
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if value >= size:
            return f"{short(value / size)} {unit}"
    return f"{short(value / 1e-9)} ns"


def row_of(claim, what, sides):
    """A row of the table: both medians and their ratio, or that the ratio cannot be told."""
    medians = [statistics.median(side) for side in sides]
    ratio = medians[0] / medians[1]
    low, high = interval(*sides)
    words = (
        f"{short(ratio)} ({short(low)}-{short(high)})"
        if told(ratio, low, high)
        else f"cannot be told here: {short(low)} to {short(high)}"
    )
    return (
        f"| `{claim}` | {what} | {duration(medians[0])} | {duration(medians[1])} | {words} | "
        f"{len(sides[0])} + {len(sides[1])} |"
    )


def table(directory):
    found = measured(directory)
    env = read_object(os.path.join(directory, "env.json"))
    date = sorted(row["time_utc"] for rows in found.values() for row in rows if "time_utc" in row)[0][:10]
    node = env["nodes"][0]
    lines = [
        f"{date}, {env['rank_count']} ranks on {node['cpus_online']} cores ({node['cpu_model']})"
        f", {env['filesystems']['scratch']['type']}, HDF5 {env['hdf5']['version']}. Medians, and the 95 % "
        "bootstrap interval of their ratio, which is given if it is within a quarter of it; n is the number of repetitions.",
        "",
        "| claim | first / second | first | second | ratio | n |",
        "|---|---|---|---|---|---|",
    ]
    for claim, what, first, second, column in FIGURES:
        operation, _, column = column.partition(":")
        sides = [
            [seconds(row, column or "seconds") for row in found[(case, operation)]]
            for case in (first, second)
        ]
        lines.append(row_of(claim, what, sides))
    return "\n".join(lines)


def into(document, text):
    before, rest = read_text(document).split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    return f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}"


def timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def loop_elements(dataset):
    for at in numpy.ndindex(dataset.shape):
        if dataset[at] < 0:
            dataset[at] = 0


def loop_rows(dataset):
    for i in range(dataset.shape[0]):
        values = dataset[i, :]
        values[values < 0] = 0
        dataset[i, :] = values


def is_enough(times, at_least):
    """Every pair has so many repetitions, and its ratio can be told."""
    pairs = [(first, second) for _, _, first, second, kind in FIGURES if kind == "h5py"]
    return all(
        len(times[first]) >= at_least
        and told(
            statistics.median(times[first]) / statistics.median(times[second]),
            *interval(times[first], times[second]),
        )
        for first, second in pairs
    )


def time_h5py(path, repetitions, limit_s):
    """The two loops over 100 x 1000 doubles, and the mean of 1000 x 1000 floats in both byte orders: turn and turn about,
    `repetitions` at least, until the ratios can be told or the time is over."""
    data = numpy.random.default_rng(42).standard_normal((100, 1000))
    means = {
        name: numpy.ones((1000, 1000), order + "f4").mean
        for name, order in (("mean-little", "<"), ("mean-big", ">"))
    }
    with open(path, "w", newline="", encoding="utf-8") as out, tempfile.TemporaryDirectory() as scratch:
        table_ = csv.writer(out, lineterminator="\n")
        table_.writerow(["variant", "repetition", "seconds", "h5py", "hdf5", "numpy"])
        versions = [h5py.__version__, h5py.version.hdf5_version, numpy.__version__]
        times = {name: [] for name in ("elements", "rows", *means)}
        begin = time.perf_counter()
        for repetition in itertools.count():
            late = time.perf_counter() - begin >= limit_s
            if repetition >= repetitions and (late or is_enough(times, repetitions)):
                break
            for name, loop in (("elements", loop_elements), ("rows", loop_rows)):
                with h5py.File(os.path.join(scratch, "x.h5"), "w") as file:
                    dataset = file.create_dataset("x", data=data)
                    spent = timed(lambda: (loop(dataset), file.flush()))
                    if not numpy.array_equal(dataset[...], numpy.maximum(data, 0)):
                        sys.exit(f"the loop over {name} left something else")
                times[name].append(spent)
                table_.writerow([name, repetition, f"{spent:.6f}", *versions])
            for name, mean in means.items():
                times[name].append(timed(lambda: [mean() for _ in range(20)]) / 20)
                table_.writerow([name, repetition, f"{times[name][-1]:.9f}", *versions])


def main():
    parser = Parser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("time", help="h5py's loops, into a CSV file")
    verb.add_argument("csv")
    verb.add_argument("--repetitions", type=int, default=6, help="at least")
    verb.add_argument(
        "--limit", type=float, default=60, metavar="SECONDS", help="no further repetitions after this time"
    )
    verb = verbs.add_parser("table", help="the table of a finished run, printed or into a document")
    verb.add_argument("directory")
    verb.add_argument("--into", metavar="DOCUMENT")
    arguments = parser.parse_args()
    if arguments.verb == "time":
        time_h5py(arguments.csv, arguments.repetitions, arguments.limit)
        return 0
    try:
        text = visible(table(arguments.directory), lines=True)
        text = into(arguments.into, text) if arguments.into else text
    except (FileError, csv.Error, LookupError, TypeError, ValueError, ZeroDivisionError) as error:
        say("lessons.py", f"{arguments.directory}: {error}")
        return 4
    if arguments.into:
        with open(arguments.into, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        print(visible(text, lines=True))
    return 0


if __name__ == "__main__":
    if "time" in sys.argv[1:2]:
        import h5py
        import numpy
    sys.exit(main())
