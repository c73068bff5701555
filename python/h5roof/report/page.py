"""The page: what the templates need, and the templates."""

import base64
import gzip
import json
import math
import re
from pathlib import Path

import jinja2
from ..cases import BANDWIDTH, MEASURES, RATE, TIME, key_of_record
from ..files import read_bytes
from ..plot.style import SCALES, scaled
from markupsafe import Markup

from . import collect, findings, machine, pictures

HERE = Path(__file__).resolve().parent
PLAIN_CSV = 400_000  # bytes; above, the CSV in the page is compressed
MOST_ENVIRONMENT = 200_000  # characters
GROUPS = ("sizes", "cache", "mode", "counters")
ABOUT = {
    BANDWIDTH: "Bandwidth is durable: payload over the time of create, select, write, flush and close of the slowest rank "
    "(reads: open, select, read and close).",
    RATE: "Objects per second are the objects that an operation handled over the time of all its phases on the slowest rank.",
    TIME: "A time alone, that of all phases on the slowest rank, has what moves no bytes and handles no objects.",
}


def write(run):
    """The whole page as text."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=jinja2.select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["percent"] = lambda v: "–" if v is None else findings.percent(v)
    environment.filters["breakable"] = breakable
    found = list(findings.findings_of(run))
    varied, same = factors_of(run)
    rows = [row_of(r) for r in run.records]
    measures = [m for m in MEASURES if any(r["measure"] is m for r in rows)]
    drawn = pictures.pictures_of(run.results)
    ladder = next((p for p in drawn if p.kind == "ladder" and p.pages), None)
    return environment.get_template("page.html.j2").render(
        run=run,
        warnings=list(findings.warnings_of(run)),
        findings={
            heading: [f for f in found if f.level == heading]
            for heading in dict.fromkeys(f.level for f in found)
        },
        machine=machine.lines_of(run.environment),
        environment=environment_text(run.environment),
        rows=rows,
        unit=(measures[0].unit or "Time") if len(measures) == 1 else "Speed",
        one_unit=len(measures) == 1,
        about=" ".join(ABOUT[m] for m in measures),
        varied=varied,
        same=same,
        operations=list(dict.fromkeys(r["operation"] for r in run.records)),
        notes=note_names(run),
        worst=list(findings.worst_of(run)),
        ladder=ladder.pages[0] if ladder else "",
        pictures=[p for p in drawn if p is not ladder or len(p.pages) > 1],
        csv=csv_of(run),
        data=Markup(script_json(details_of(run, varied))),
        style=Markup((HERE / "templates" / "report.css").read_text()),
        script=Markup((HERE / "templates" / "report.js").read_text()),
    )


def environment_text(environment):
    text = json.dumps(environment, indent=2, ensure_ascii=False) if environment else ""
    rest = len(text) - MOST_ENVIRONMENT
    return text if rest <= 0 else f"{text[:MOST_ENVIRONMENT]}\n… and {rest} more characters in env.json"


def breakable(name):
    """A name that a line may break behind its separators."""
    return Markup(
        re.sub(r"([/+,;])", r"\1<wbr>", str(Markup.escape(name)).replace("&#", "&\0")).replace("&\0", "&#")
    )


def factors_of(run):
    """({factor: values} of those that differ between the cases, {factor: value} of the others)."""
    varied, same = {}, {}
    if not run.records:
        return varied, same
    for factor in ["ranks", *run.records[0]["factors"]]:
        values = sorted({factor_text(r, factor) for r in run.records}, key=_natural)
        if len(values) > 1:
            varied[factor] = values
        elif values[0]:
            same[factor] = values[0]
    return varied, same


def factor_text(record, factor):
    value = record["ranks"] if factor == "ranks" else record["factors"][factor]
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _natural(text):
    return (0, int(text), "") if text.isdigit() else (1, 0, text)


def note_names(run):
    return sorted({n["name"] for r in run.records for n in r["notes"]})


def row_of(record):
    s, value, scales = record["statistics"], record["value"], SCALES[record["measure"]]
    ends = (value.low, value.high) if value.has_ci else ()
    return {
        "case": record["case"],
        "operation": record["operation"],
        "status": record["status"],
        "measure": record["measure"],
        "value": scaled(value.median, scales) if value.n else "–",
        "interval": " – ".join(scaled(end, scales) for end in ends) or "–",
        "efficiency": s["efficiency_median_frac"],
        "bound": record["roof_bound"],
        "n": s["repetitions_count"],
        "notes": [(n["name"], n["name"] in findings.DOUBTS) for n in record["notes"]],
    }


def details_of(run, varied):
    """What the script shows of a case when it is opened, and what it filters by."""
    repetitions = collect.repetitions(run)
    names = list(dict.fromkeys(r["case"] for r in run.records))
    commands, rows = {}, []
    for record in run.records:
        key = key_of_record(record)
        if (record["case"], record["ranks"]) not in commands:
            commands[(record["case"], record["ranks"])] = collect.command_of(run, record, names)
        s, value = record["statistics"], record["value"]
        facts = {k: v for g in GROUPS for k, v in record.get(g, {}).items() if v not in (None, "")}
        facts |= {
            k: s[k]
            for k in ("roof_median_s", "durable_median_s", "transfer_median_mibps")
            if s[k] is not None
        }
        rows.append(
            {
                "factors": [factor_text(record, f) for f in varied],
                "id": record["case_id"],
                "measure": MEASURES.index(record["measure"]),
                "value": [None if math.isnan(v) else v for v in (value.median, value.low, value.high)],
                "repetitions": repetitions.get(key, []),
                "phases": collect.phases(record),
                "notes": [[n["name"], n["text"]] for n in record["notes"]],
                "facts": facts,
                "command": commands[(record["case"], record["ranks"])],
                "reason": record["reason"],
            }
        )
    units = [m.unit for m in MEASURES]
    return {"factors": list(varied), "units": units, "explanations": run.explanations, "rows": rows}


def script_json(value):
    """JSON that may stand in a script element."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def csv_of(run):
    """{name, href, size, packed}: results.csv as a data URI."""
    raw = read_bytes(Path(run.directory, "results.csv"))
    packed = len(raw) > PLAIN_CSV
    body = gzip.compress(raw, 9, mtime=0) if packed else raw
    kind = "application/gzip" if packed else "text/csv"
    return {
        "name": "results.csv.gz" if packed else "results.csv",
        "href": f"data:{kind};base64,{base64.b64encode(body).decode()}",
        "size": machine.size(len(raw)),
        "packed": packed,
    }
