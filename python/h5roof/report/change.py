"""Two or more runs as one page: what became of each case of the first run in the others, and why."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from ..cases import combine, load
from ..files import FileError, parse_json, visible
from ..plot.kinds import KINDS, draw
from ..plot.style import CannotDraw, use_style
from ..program import ProgramError
from .pictures import svg_of

HERE = Path(__file__).resolve().parent
ORDER = ("slower", "faster", "same", "inconclusive", "none")
WORDS = {
    "slower": "slower",
    "faster": "faster",
    "same": "the same",
    "inconclusive": "cannot be told",
    "none": "too few repetitions",
}


@dataclass
class Change:
    name: str  # of the run that is compared with the first
    sentence: str
    counts: list  # (word, how many), the worst first
    rows: list  # of the table, the most changed first
    machines: list  # what differs between the runs
    unpaired: list
    picture: str  # SVG, or ""


def compare(program, old, new, allow):
    """What `h5roof compare OLD NEW` says. Raises ProgramError, also if it refuses."""
    command = [program, "compare", "--format", "json", *(("--allow", allow) if allow else ()), "--", old, new]
    done = subprocess.run(command, capture_output=True)
    if done.returncode not in (0, 1):
        said = done.stderr.decode("utf-8", "surrogateescape").strip().removeprefix("h5roof: error: ")
        raise ProgramError(visible(said.replace("--force", "--allow"), lines=True))
    try:
        return parse_json(done.stdout.decode("utf-8", "surrogateescape"))
    except FileError as error:
        raise ProgramError(f"what {program} says is {error}") from None


def times(ratio):
    """How many times slower or faster a ratio of times is."""
    return f"{ratio:.2f} times slower" if ratio >= 1 else f"{1 / ratio:.2f} times faster"


def row_of(pair):
    ratio = pair.get("ratio")
    verdict = pair.get("verdict") or "none"
    return {
        "case": pair["case"],
        "operation": pair["operation"],
        "verdict": verdict,
        "word": WORDS[verdict],
        "ratio": ratio,
        "change": times(ratio) if ratio else "–",
        "interval": f"{pair['ratio_low']:.2f} to {pair['ratio_high']:.2f}" if ratio else "–",
        "old": seconds(pair.get("median_old_s")),
        "new": seconds(pair.get("median_new_s")),
        "phase": pair.get("phase") or "",
        "why": why(pair),
        "counts": len(pair["differs"]),
    }


def why(pair):
    """What else changed: the counters, or why nothing is compared."""
    said = [f"{d['column']}: {d['old']} → {d['new']}" for d in pair["differs"][:4]]
    if len(pair["differs"]) > 4:
        said.append(f"{len(pair['differs']) - 4} more")
    return "; ".join([*said, *(pair[k] for k in ("not_timed", "not_counted") if pair.get(k))])


def seconds(value):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if value is not None and value >= size:
            return f"{value / size:.3g} {unit}"
    return "–" if value is None else f"{value:.3g} s"


def sentence_of(old, new, rows, threshold):
    timed = [r for r in rows if r["ratio"]]
    worst = max((r for r in timed if r["verdict"] == "slower"), key=lambda r: r["ratio"], default=None)
    best = min((r for r in timed if r["verdict"] == "faster"), key=lambda r: r["ratio"], default=None)
    said = []
    for row in (worst, best):
        if row:
            n = sum(r["verdict"] == row["verdict"] for r in rows)
            said.append(
                f"{n} of {len(rows)} results {'is' if n == 1 else 'are'} {row['word']}, "
                f"{'namely' if n == 1 else 'most of all'} {row['case']} {row['operation']} ({row['change']})"
            )
    if not said:
        told = sum(r["verdict"] == "same" for r in rows)
        return (
            f"No result of {new} is slower or faster than in {old} by more than {threshold:.0%}: {told} of "
            f"{len(rows)} are the same, of the others it cannot be told."
        )
    return f"{new} against {old}: " + ", and ".join(said) + "."


def change_of(program, runs, old, new, allow):
    """old, new: (name, directory)."""
    document = compare(program, old[1], new[1], allow)
    rows = [row_of(p) for p in document["pairs"]]
    rows.sort(key=lambda r: (ORDER.index(r["verdict"]), -abs((r["ratio"] or 1) - 1)))
    counts = [(WORDS[v], sum(r["verdict"] == v for r in rows), v) for v in ORDER]
    kind = next(k for k in KINDS if k.name == "change")
    try:
        picture = svg_of(draw(kind, combine(runs, [old[0], new[0]]))[0], f"change-{new[0]}")
    except CannotDraw:
        picture = ""
    return Change(
        name=new[0],
        sentence=sentence_of(old[0], new[0], rows, document["threshold"]),
        counts=[c for c in counts if c[1]],
        rows=rows,
        machines=document["environment"],
        unpaired=document["unpaired"],
        picture=picture,
    )


def page(named, program, allow):
    """The page of (name, directory) pairs, the first of which the others are compared with."""
    use_style()
    runs = [load(directory, program) for _, directory in named]
    changes = [
        change_of(program, [runs[0], runs[i]], named[0], named[i], allow) for i in range(1, len(named))
    ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=jinja2.select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("change.html.j2").render(
        old=named[0][0],
        named=named,
        suites=", ".join(dict.fromkeys(s for r in runs for s in r.suites)),
        changes=changes,
        style=Markup((HERE / "templates" / "report.css").read_text()),
    )
