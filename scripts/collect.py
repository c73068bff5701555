#!/usr/bin/env python3
"""Make one scaling report of the runs of several jobs: scaling.csv, scaling.md and, with matplotlib, pictures."""

import csv
import io
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

EXIT_USAGE, EXIT_IO, EXIT_RESULTS = 2, 3, 4
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python"))
from h5roof.files import MOST_BYTES, FileError, Parser, read_object, read_text, visible  # noqa: E402
from h5roof.files import say as tell  # noqa: E402
from h5roof.program import ProgramError, find_program, show  # noqa: E402

COLUMNS = (
    *("case", "operation", "scaling", "nodes", "ranks", "repetitions_count", "durable_median_mibps"),
    *("durable_ci_low_mibps", "durable_ci_high_mibps", "durable_median_s", "efficiency_median_frac"),
    *("speedup", "parallel_efficiency_frac", "directory", "run_id"),
)
# what must be the same in all jobs for their times to belong together; each is a path in env.json
SAME = ("h5roof.version", "h5roof.git", "hdf5.version", "mpi.library", "mpi.io_component", "libraries.zlib")
SAME += ("filesystems.scratch.type", "filesystems.scratch.source", "nodes.0.cpu_model", "nodes.0.cpus_online")


class CollectError(Exception):
    """The message is for the user."""


@dataclass
class Job:
    directory: str
    results: list  # of `h5roof show`
    environment: dict
    nodes: dict  # (case_id, operation): on how many nodes the ranks ran

    @property
    def size(self):
        return self.environment["rank_count"], self.environment["node_count"]

    @property
    def unfinished(self):
        return sorted({r["case"] for r in self.results if r["status"] in ("stopped", "interrupted", "error")})


@dataclass
class Point:
    job: Job
    result: dict
    ranks: int
    nodes: int
    speedup: float = 1.0
    efficiency: float = 1.0


@dataclass
class Curve:
    case: str
    operation: str
    scaling: str
    points: list = field(default_factory=list)


def say(message):
    tell("collect.py", message)


def find_directories(given):
    """Those with results, and those right below a directory without."""
    found = []
    for directory in given:
        inside = [directory] if os.path.exists(os.path.join(directory, "results.csv")) else []
        if not inside and os.path.isdir(directory):
            below = (os.path.join(directory, name) for name in sorted(os.listdir(directory)))
            inside = [d for d in below if os.path.exists(os.path.join(d, "results.csv"))]
        if not inside:
            raise CollectError(f"{directory}: no results.csv in it or right below it")
        found += inside
    return list(dict.fromkeys(os.path.normpath(d) for d in found))


def load(program, directory):
    name = "results.csv"
    try:
        text = read_text(os.path.join(directory, name), MOST_BYTES)
        shown = show(directory, program)
        rows = csv.DictReader(io.StringIO(text, newline=""))
        nodes = {(r["case_id"], r["operation"]): int(r["nodes_count"]) for r in rows if r.get("nodes_count")}
        name = "env.json"
        environment = read_object(os.path.join(directory, name))
    except ProgramError as error:
        raise CollectError(str(error).removeprefix("h5roof: error: ")) from error
    except (FileError, ValueError, csv.Error) as error:
        raise CollectError(f"{os.path.join(directory, name)}: {error}") from error
    for count in ("rank_count", "node_count"):
        if type(environment.get(count)) is not int:
            raise CollectError(f"{os.path.join(directory, name)}: {count} is not a number")
    return Job(directory, shown["results"], environment, nodes)


def check(jobs):
    suites = sorted({r["suite"] for j in jobs for r in j.results})
    if len(suites) != 1:
        raise CollectError(
            f"results of {len(suites)} suites ({', '.join(suites)}); one report is of one suite"
        )
    sizes = {}
    for job in jobs:
        if job.size in sizes:
            ranks, nodes = job.size
            raise CollectError(
                f"{sizes[job.size]} and {job.directory} are both of {ranks} ranks on {nodes} nodes; name one of them"
            )
        sizes[job.size] = job.directory
    return suites[0]


def look_up(environment, path):
    for name in path.split("."):
        try:
            environment = environment[int(name) if name.isdigit() else name]
        except (KeyError, IndexError, TypeError):
            return None
    return environment


def differences(jobs):
    """["hdf5.version: 1.14.0 in out/nodes-2, 1.12.0 in the others"]"""
    found = []
    for path in SAME:
        values = {}
        for job in jobs:
            values.setdefault(str(look_up(job.environment, path)), []).append(job.directory)
        if len(values) > 1:
            found.append(f"{path}: " + "; ".join(f"{v} in {', '.join(d)}" for v, d in values.items()))
    return found


def is_measured(result):
    """Wrong data have no speed."""
    right = result["quality"]["mismatch_count"] == 0
    return right and result["operation"] and result["statistics"]["durable_median_s"]


def curves_of(jobs):
    """(curves of at least two points, results left out since a smaller job has them, wrong ones). As src/core/compare/curve.h:
    results that differ in nothing but ranks; for weak scaling the shape grows with them."""
    curves, left_out, wrong = {}, 0, 0
    for job in sorted(jobs, key=lambda j: j.size):
        for result in job.results:
            wrong += 1 if result["quality"]["mismatch_count"] else 0
            if not is_measured(result):
                continue
            scaling = result["factors"].get("scaling", "strong")
            apart = ("ranks_asked", "shape") if scaling == "weak" else ("ranks_asked",)
            name = "/".join(p for p in result["case"].split("/") if not re.match(r"ranks=", p))
            key = (
                name,
                result["operation"],
                *((k, v) for k, v in result["factors"].items() if k not in apart),
            )
            curve = curves.setdefault(key, Curve(name, result["operation"], scaling))
            nodes = job.nodes.get((result["case_id"], result["operation"]), job.size[1])
            if any((p.ranks, p.nodes) == (result["ranks"], nodes) for p in curve.points):
                left_out += 1
            else:
                curve.points.append(Point(job, result, result["ranks"], nodes))
    found = [c for c in curves.values() if len({p.ranks for p in c.points}) > 1]
    for curve in found:
        measure(curve)
    return found, left_out, wrong


def measure(curve):
    curve.points.sort(key=lambda p: (p.ranks, p.nodes))
    first = curve.points[0]
    for point in curve.points:
        gain = first.result["statistics"]["durable_median_s"] / point.result["statistics"]["durable_median_s"]
        more = point.ranks / first.ranks
        point.speedup, point.efficiency = (
            (gain * more, gain) if curve.scaling == "weak" else (gain, gain / more)
        )


def records(curves):
    for curve in curves:
        for p in curve.points:
            s = p.result["statistics"]
            yield {
                **{name: s[name] for name in COLUMNS if name in s},
                **{"case": curve.case, "operation": curve.operation, "scaling": curve.scaling},
                **{"nodes": p.nodes, "ranks": p.ranks, "speedup": f"{p.speedup:.9g}"},
                **{"parallel_efficiency_frac": f"{p.efficiency:.9g}", "run_id": p.result["run_id"]},
                "directory": p.job.directory,
            }


def number(value, form="{:.0f}"):
    return "–" if value is None else form.format(value)


def page(suite, jobs, curves, left_out, wrong):
    lines = [f"# Scaling of suite {suite}", "", "| job | run | nodes | ranks | unfinished cases |"]
    lines.append("|---|---|---:|---:|---:|")
    for job in sorted(jobs, key=lambda j: j.size):
        ranks, nodes = job.size
        ids = ", ".join(dict.fromkeys(r["run_id"] for r in job.results))
        lines.append(f"| {job.directory} | {ids} | {nodes} | {ranks} | {len(job.unfinished)} |")
    notes = [f"The jobs differ, so their times may not belong together: {d}." for d in differences(jobs)]
    notes += [f"Unfinished in {j.directory}: {', '.join(j.unfinished)}." for j in jobs if j.unfinished]
    if left_out:
        notes.append(
            f"{left_out} results are of ranks and nodes that a smaller job measured, too; they are left out."
        )
    if wrong:
        notes.append(f"{wrong} results have wrong data; they are left out.")
    lines += ["", *(f"- {note}" for note in notes)] if notes else []
    lines += [
        "",
        "MiB/s is the median of the durable bandwidth with its 95 % interval, eff roof time / measured time.",
    ]
    lines += ["Speedup and parallel efficiency are against the fewest ranks of the case.", ""]
    lines.append(
        "| case | operation | scaling | nodes | ranks | MiB/s | 95 % interval | eff | speedup | par. eff. | n |"
    )
    lines.append("|---|---|---|---:|---:|---:|---|---:|---:|---:|---:|")
    for curve in curves:
        for p in curve.points:
            s = p.result["statistics"]
            low, high = (number(s[f"durable_ci_{side}_mibps"]) for side in ("low", "high"))
            efficiency = number(s["efficiency_median_frac"], "{:.0%}")
            lines.append(
                f"| {curve.case} | {curve.operation} | {curve.scaling} | {p.nodes} | {p.ranks} "
                f"| {number(s['durable_median_mibps'])} | {low} to {high} | {efficiency} "
                f"| {p.speedup:.2f} | {p.efficiency:.0%} | {s['repetitions_count']} |"
            )
    return "\n".join(lines) + "\n"


def draw(curves, out, program):
    """The pictures of `plot.py scaling`, over all jobs. Says why, if there are none."""
    try:
        from dataclasses import replace

        from h5roof import cases as plot_load
        from h5roof.plot import scaling, style
    except ImportError as error:
        say(f"no pictures: {sys.executable} has no {error.name}")
        return []
    style.use_style()
    wanted = {(p.job.directory, p.result["case"], p.result["operation"]) for c in curves for p in c.points}
    runs = {d: plot_load.load(d, program) for d in sorted({w[0] for w in wanted})}
    cases = tuple(
        replace(case, factors={**case.factors, "ranks_asked": ""})
        for directory, run in runs.items()
        for case in run.cases
        if (directory, case.name, case.operation) in wanted
    )
    first = next(iter(runs.values()))
    ids = tuple(i for run in runs.values() for i in run.run_ids)
    try:
        figures = scaling.draw(replace(first, run_ids=ids, cases=cases, skipped=(), bad=0))
    except style.CannotDraw as reason:
        say(f"no pictures: {reason}")
        return []
    paths = []
    for index, figure in enumerate(figures, 1):
        for ending in ("png", "svg"):
            paths.append(os.path.join(out, f"scaling-{index}.{ending}"))
            figure.savefig(paths[-1], **({"dpi": 200} if ending == "png" else {"metadata": {"Date": None}}))
    return paths


def write(suite, jobs, curves, left_out, wrong, out, program):
    os.makedirs(out, exist_ok=True)
    text = page(suite, jobs, curves, left_out, wrong)
    with open(os.path.join(out, "scaling.md"), "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(out, "scaling.csv"), "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(records(curves))
    print(visible(text, lines=True))
    for path in (
        os.path.join(out, "scaling.md"),
        os.path.join(out, "scaling.csv"),
        *draw(curves, out, program),
    ):
        print(visible(path))


def main():
    parser = Parser(prog="collect.py", description=__doc__)
    parser.add_argument(
        "directories",
        metavar="DIR",
        nargs="+",
        help="a run, or a directory with runs in it, as job.sh makes them",
    )
    parser.add_argument("--out", metavar="DIR", help="where the report goes; default: the first DIR")
    arguments = parser.parse_args()
    try:
        program = find_program()
    except ProgramError as error:
        say(error)
        return EXIT_USAGE
    try:
        jobs = [load(program, d) for d in find_directories(arguments.directories)]
        suite = check(jobs)
        curves, left_out, wrong = curves_of(jobs)
        if not curves:
            sizes = ", ".join(str(s) for s in sorted({j.size[0] for j in jobs}))
            raise CollectError(f"no case was measured with several numbers of ranks; jobs of ranks: {sizes}")
    except CollectError as error:
        say(error)
        return EXIT_RESULTS
    out = arguments.out or arguments.directories[0]
    try:
        write(suite, jobs, curves, left_out, wrong, out, program)
    except OSError as error:
        say(
            f"cannot write the report to {out}: {error.strerror or error}; choose another place with --out DIR"
        )
        return EXIT_IO
    return 0


if __name__ == "__main__":
    sys.exit(main())
