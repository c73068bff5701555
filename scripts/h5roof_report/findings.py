"""What was found, in sentences. Warnings come first."""

import statistics
from collections import Counter
from dataclasses import dataclass

from h5roof_plot.style import number
from markupsafe import Markup

MOST = 5  # names in one sentence
MOST_FACTORS = 4  # per operation
SPEED, ROOF, FACTORS, REMARKS, SKIPPED = (
    "Speed",
    "Against the roof",
    "What matters",
    "Remarks",
    "Not measured",
)
# Notes that make a number doubtful, worst first, with the words for how many results have them.
DOUBTS = {
    "mismatch": "read back other data than they wrote",
    "above_roof": "are faster than their roof, which cannot be",
    "short": "are too short to trust",
    "cached": "were to be cold and were still in memory",
    "noisy": "are noisy: their intervals are wide",
    "skewed": "have two ways of measuring their time that disagree",
    "outliers": "have repetitions far from all others",
    "few": "have too few repetitions for an interval",
    "unverified": "were not verified",
}
# A number with one of these, or one that no storage stands behind, is not compared with others.
NOT_COMPARED = ("mismatch", "above_roof", "short", "volatile")
SAME_STORAGE = ("layout", "chunk")  # a chunk shape comes with its layout


@dataclass
class Finding:
    level: str  # of a warning: bad or doubt; else the heading under which it stands
    text: Markup
    note: str = ""  # the note that the page's table can be filtered by


def code(text):
    return Markup("<code>{}</code>").format(text)


def names_of(records, limit=MOST):
    names = [code(n) for n in dict.fromkeys(r["case"] for r in records)]
    text = Markup(", ").join(names[:limit])
    return text + Markup(" and {} more").format(len(names) - limit) if len(names) > limit else text


def plural(count, one, many=None):
    return f"{count} {one if count == 1 else many or one + 's'}"


def statistic(record, name):
    return record["statistics"].get(name)


def speed(record):
    s = record["statistics"]
    text = f"{number(s['durable_median_mibps'])} MiB/s"
    if s["durable_ci_low_mibps"] is not None:
        text += (
            f" (95 % interval {number(s['durable_ci_low_mibps'])} to {number(s['durable_ci_high_mibps'])})"
        )
    return text


def note_names(record):
    return [n["name"] for n in record["notes"]]


def warnings_of(run):
    yield from (Finding("doubt", Markup.escape(f"{w[:1].upper()}{w[1:]}.")) for w in run.warnings)
    yield from (
        Finding("doubt", Markup("The machine: {}.").format(w)) for w in run.environment.get("warnings") or []
    )
    for status in dict.fromkeys(r["status"] for r in run.listed):
        if status != "skipped":
            for r in [r for r in run.listed if r["status"] == status][:MOST]:
                reason = r["reason"] or "no reason was recorded"
                text = Markup("The run was {} at {}: {}.").format(status, code(r["case"]), reason.rstrip("."))
                yield Finding("bad", text)
    yield from failures_of(run)
    by_note = {}
    for r in run.records:
        for name in note_names(r):
            by_note.setdefault(name, []).append(r)
    for name, words in DOUBTS.items():
        if found := by_note.get(name):
            yield doubt_of(name, words, found, len(run.records))
    if not any(statistic(r, "durable_median_mibps") is not None for r in run.records):
        yield Finding("bad", Markup("Nothing was measured."))


def failures_of(run):
    """Repetitions that are neither good nor of wrong data, which has a note of its own."""
    frame = run.frame
    failed = frame[(frame["operation"] != "") & ~frame["status"].isin(["ok", "skipped", "mismatch"])]
    for status, rows in failed.groupby("status", sort=False):
        reason = rows["reason"].iloc[0] or "no reason was recorded"
        text = Markup("{} with status {}, the first of {}: {}.").format(
            plural(len(rows), "row"), code(status), code(rows["case"].iloc[0]), reason.rstrip(".")
        )
        yield Finding("bad", text)


def doubt_of(name, words, found, total):
    text = Markup("{} of {} {}: {}.").format(len(found), plural(total, "result"), words, names_of(found))
    if name == "mismatch":
        said = next(n["text"] for n in found[0]["notes"] if n["name"] == name)
        said = said.removeprefix("WRONG DATA: ").rstrip(".")
        text += Markup(" The first: {}.").format(said) if said else ""
    return Finding("bad" if name == "mismatch" else "doubt", text, name)


# ---- what the numbers say


def findings_of(run):
    """Plain findings, most general first."""
    measured = [r for r in run.records if statistic(r, "durable_median_mibps") is not None]
    operations = list(dict.fromkeys(r["operation"] for r in measured))
    for find in (speed_findings, roof_findings, factor_findings):
        for operation in operations:
            own = [r for r in measured if r["operation"] == operation]
            sound = [r for r in own if not set(note_names(r)) & set(NOT_COMPARED)]
            yield from find(operation, sound or own, len(own) - len(sound or own))
    yield from remarks(run)
    yield from skipped_findings(run)


def aside_text(aside):
    return (
        Markup(" Not counted: {} too short, above the roof, wrong or not durable.").format(
            plural(aside, "result") + " that " + ("is" if aside == 1 else "are")
        )
        if aside
        else Markup("")
    )


def speed_findings(operation, records, aside):
    records = sorted(records, key=lambda r: -statistic(r, "durable_median_mibps"))
    best, worst = records[0], records[-1]
    if len(records) == 1:
        text = Markup("{}: {} moves {}.").format(operation.capitalize(), code(best["case"]), speed(best))
        yield Finding(SPEED, text + aside_text(aside))
        return
    text = Markup("Fastest {}: {} with {}").format(operation, code(best["case"]), speed(best))
    near = [r for r in records[1:] if not apart(best, r)]
    if near:
        text += Markup("; the intervals do not tell it from {}").format(names_of(near, 3))
    ratio = statistic(best, "durable_median_mibps") / max(statistic(worst, "durable_median_mibps"), 1e-12)
    text += Markup(". Slowest: {} with {}, a factor of {}.").format(
        code(worst["case"]), speed(worst), number(ratio)
    )
    yield Finding(SPEED, text + aside_text(aside))


def has_interval(record):
    return record["statistics"]["durable_ci_low_mibps"] is not None


def apart(a, b):
    """Both have intervals, and these do not overlap."""
    s, t = a["statistics"], b["statistics"]
    if not has_interval(a) or not has_interval(b):
        return False
    return (
        s["durable_ci_low_mibps"] > t["durable_ci_high_mibps"]
        or s["durable_ci_high_mibps"] < t["durable_ci_low_mibps"]
    )


def percent(fraction):
    value = 100 * fraction
    return "below 0.01 %" if value < 0.01 else f"{value:.2g} %" if value < 10 else f"{value:.0f} %"


def roof_findings(operation, records, _):
    known = [(statistic(r, "efficiency_median_frac"), r) for r in records]
    known = sorted(((e, r) for e, r in known if e is not None), key=lambda pair: pair[0])
    if not known:
        return
    (low, worst), (high, best) = known[0], known[-1]
    bounds = Counter(r["roof_bound"] for _, r in known if r["roof_bound"])
    words = (
        ", ".join(f"{b} for {n}" for b, n in bounds.most_common()) if len(bounds) > 1 else ", ".join(bounds)
    )
    if len(known) == 1:
        text = Markup("{} reaches {} of its roof").format(operation.capitalize(), percent(low))
    else:
        middle = statistics.median(e for e, _ in known)
        text = Markup("{}s reach {} ({}) to {} ({}) of their roofs, half of them more than {}").format(
            operation.capitalize(),
            percent(low),
            code(worst["case"]),
            percent(high),
            code(best["case"]),
            percent(middle),
        )
    yield Finding(ROOF, text + (Markup("; what binds: {}.").format(words) if words else Markup(".")))


def factor_findings(operation, records, _):
    """For each factor, the largest change between two cases that differ in nothing else and whose intervals do not
    overlap."""
    rows = []
    for factor, pairs in pairs_of(records).items():
        told = [(ratio(a, b), a, b) for a, b in pairs if apart(a, b)]
        if told:
            rows.append((max(told, key=lambda t: t[0]), factor, len(told), len(pairs)))
        elif pairs:
            rows.append(((1.0, None, None), factor, 0, len(pairs)))
    for (times, a, b), factor, told, count in sorted(rows, key=lambda r: -r[0][0])[:MOST_FACTORS]:
        if a is None:
            text = Markup("{} makes no difference to {}s that the intervals can tell ({}).").format(
                code(factor), operation, plural(count, "pair of cases", "pairs of cases")
            )
        else:
            text = Markup("{} alone changes {}s by up to a factor of {}: {} {} MiB/s, {} {} MiB/s").format(
                *(code(factor), operation, number(times)),
                *(value_of(a, factor), number(statistic(a, "durable_median_mibps"))),
                *(value_of(b, factor), number(statistic(b, "durable_median_mibps"))),
            )
            if count > 1:
                text += Markup(" (told apart in {} of {} pairs)").format(told, count)
            text += Markup(".")
        yield Finding(FACTORS, text)


def ratio(a, b):
    x, y = statistic(a, "durable_median_mibps"), statistic(b, "durable_median_mibps")
    return max(x, y) / max(min(x, y), 1e-12)


def identity(record):
    """Factors as text, the layout and its chunk as one."""
    factors = {f: str(v) for f, v in record["factors"].items() if f not in SAME_STORAGE}
    factors["ranks"] = str(record["ranks"])
    factors["layout"] = " ".join(str(record["factors"].get(f, "")) for f in SAME_STORAGE).strip()
    return factors


def value_of(record, factor):
    return code(identity(record)[factor] or "none")


def pairs_of(records):
    """{factor: [(faster case, slower case)]} of cases that differ in this factor alone."""
    records = [r for r in records if has_interval(r)]
    identities = [identity(r) for r in records]
    varied = [f for f in (identities[0] if identities else {}) if len({i.get(f) for i in identities}) > 1]
    found = {}
    for factor in varied:
        groups = {}
        for i, r in zip(identities, records):
            groups.setdefault(tuple(i.get(f) for f in varied if f != factor), []).append(r)
        # against the fastest of the group: pairs of all with all would say the same at length
        for group in groups.values():
            group.sort(key=lambda r: -statistic(r, "durable_median_mibps"))
            found.setdefault(factor, []).extend((group[0], other) for other in group[1:])
    return {f: pairs for f, pairs in found.items() if pairs}


def remarks(run):
    """Notes that explain rather than warn."""
    by_note = {}
    for r in run.records:
        for n in r["notes"]:
            if n["name"] not in DOUBTS:
                by_note.setdefault(n["name"], []).append((r, n["text"]))
    for name, found in by_note.items():
        records = [r for r, _ in found]
        text = Markup("{}: {} of {}, for example {} ({}): {}.").format(
            code(name),
            len(records),
            plural(len(run.records), "result"),
            code(records[0]["case"]),
            records[0]["operation"],
            found[0][1].rstrip("."),
        )
        yield Finding(REMARKS, text, name)


def skipped_findings(run):
    reasons = {}
    for r in run.listed:
        if r["status"] == "skipped":
            reasons.setdefault(r["reason"] or "no reason was recorded", []).append(r)
    for reason, records in reasons.items():
        text = Markup("{} skipped ({}): {}.").format(
            plural(len(records), "case"), names_of(records, 3), reason.rstrip(".")
        )
        yield Finding(SKIPPED, text)
