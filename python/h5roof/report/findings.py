"""What was found, in sentences. Warnings come first."""

import statistics
from collections import Counter
from dataclasses import dataclass

from ..cases import RATE, TIME
from ..plot.style import number, value_text
from markupsafe import Markup

from .machine import listed, text_of

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
# A number with one of these, or one that no storage stands behind, is not compared with others; with the reason.
NOT_COMPARED = {
    "mismatch": "of wrong data",
    "above_roof": "above the roof",
    "short": "too short",
    "volatile": "not durable",
}
UNCERTAIN = ("above_roof", "short")  # of these the true value may be anything
SAME_STORAGE = ("layout", "chunk")  # a chunk shape comes with its layout
SAME_RANKS = "ranks_asked"  # what was asked for; the ranks that there were are in the record


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


def value_of(record):
    return value_text(record["measure"], record["value"].median)


def value_and_interval(record):
    s = record["value"]
    ends = [
        value_text(record["measure"], end).removesuffix(record["measure"].unit).strip()
        for end in (s.low, s.high)
    ]
    return value_of(record) + (f" (95 % interval {ends[0]} to {ends[1]})" if s.has_ci else "")


def note_names(record):
    return [n["name"] for n in record["notes"]]


def worst_of(run):
    """Those furthest from their roof whose time can be trusted: (record, efficiency, cause, cure), three at most."""
    trusted = [
        r
        for r in run.records
        if r["statistics"]["efficiency_median_frac"] is not None
        and not set(note_names(r)) & set(NOT_COMPARED)
    ]
    for r in sorted(trusted, key=lambda r: r["statistics"]["efficiency_median_frac"])[:3]:
        cause = next((n for n in r["notes"] if n["about"] == "cause"), None)
        text = run.explanations.get(cause["name"], "") if cause else ""
        cure = text.partition("Try: ")[2]
        yield r, r["statistics"]["efficiency_median_frac"], cause, cure


def warnings_of(run):
    yield from (Finding("doubt", Markup.escape(f"{w[:1].upper()}{w[1:]}.")) for w in run.warnings)
    yield from (
        Finding("doubt", Markup("The machine: {}.").format(text_of(w)))
        for w in listed(run.environment.get("warnings"))[:MOST]
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
    if not any(r["value"].n for r in run.records):
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
    groups = groups_of(run)
    for find in (speed_findings, roof_findings, factor_findings):
        for operation, own in groups.items():
            sound = [r for r in own if not set(note_names(r)) & set(NOT_COMPARED)]
            yield from find(operation, sound, [r for r in own if r not in sound])
    yield from remarks(run)
    yield from skipped_findings(run)


def groups_of(run):
    """{operation: its measured results}; those that have a time alone are apart from those that have more."""
    found = {}
    for r in run.records:
        if r["value"].n:
            found.setdefault(r["operation"], {}).setdefault(r["measure"], []).append(r)
    named = {}
    for operation, measures in found.items():
        for measure, records in measures.items():
            apart_from = f" without {RATE.what}" if measure is TIME and len(measures) > 1 else ""
            named[operation + apart_from] = records
    return named


def aside_text(aside):
    """How many are not ranked, and why; the fastest of them by name."""
    if not aside:
        return Markup("")
    reasons = Counter(next(NOT_COMPARED[n] for n in NOT_COMPARED if n in note_names(r)) for r in aside)
    words = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
    text = Markup(" Not ranked: {} ({})").format(plural(len(aside), "result"), words)
    top = max(aside, key=lambda r: r["speed"].median)
    return text + Markup(", the fastest {} with {}.").format(code(top["case"]), value_of(top))


def may_be_faster(record, best):
    """By its interval, or without one by its median."""
    if apart(record, best):
        return record["speed"].low > best["speed"].high
    return record["speed"].has_ci or record["speed"].median > best["speed"].median


def speed_findings(operation, records, aside):
    """The fastest is named only if that can be told: it has an interval, and nothing that is left out because its
    number is uncertain may be faster."""
    if not records:
        text = Markup("{}: no result can be ranked.").format(operation.capitalize())
        yield Finding(SPEED, text + aside_text(aside))
        return
    records = sorted(records, key=lambda r: -r["speed"].median)
    best, worst = records[0], records[-1]
    if len(records) == 1 and not aside:
        text = Markup("{}: {} {} {}.").format(
            operation.capitalize(), code(best["case"]), best["measure"].does, value_and_interval(best)
        )
        yield Finding(SPEED, text)
        return
    rivals = [r for r in aside if set(note_names(r)) & set(UNCERTAIN) and may_be_faster(r, best)]
    if rivals or not best["speed"].has_ci or len(records) == 1:
        yield Finding(SPEED, cannot_be_told(operation, records, rivals) + aside_text(aside))
        return
    text = Markup("Fastest {}: {} with {}").format(operation, code(best["case"]), value_and_interval(best))
    near = [r for r in records[1:] if not apart(best, r)]
    if near:
        text += Markup("; the intervals do not tell it from {}").format(names_of(near, 3))
    text += Markup(". Slowest: {} with {}, a factor of {}.").format(
        code(worst["case"]), value_and_interval(worst), number(ratio(best, worst))
    )
    yield Finding(SPEED, text + aside_text(aside))


def cannot_be_told(operation, records, rivals):
    best, worst = records[0], records[-1]
    why = (
        "results that are not ranked may be faster"
        if rivals
        else "it has too few repetitions for an interval"
        if not best["speed"].has_ci
        else "there is one result to rank"
    )
    text = Markup("Which {} is fastest cannot be told, since {}. ").format(operation, why)
    if len(records) == 1:
        return text + Markup("The only one that can be ranked: {} with {}.").format(
            code(best["case"]), value_and_interval(best)
        )
    return text + Markup("Those {} that can be ranked go from {} ({}) to {} ({}).").format(
        len(records), value_of(worst), code(worst["case"]), value_of(best), code(best["case"])
    )


def apart(a, b):
    """Both have intervals, and these do not overlap."""
    s, t = a["speed"], b["speed"]
    return s.has_ci and t.has_ci and (s.low > t.high or s.high < t.low)


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
        text = Markup("{}: {} of the roof").format(operation.capitalize(), percent(low))
    else:
        middle = statistics.median(e for e, _ in known)
        text = Markup("{}: {} ({}) to {} ({}) of the roof, half of the cases more than {}").format(
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
            text = Markup("{} {} no difference to {} that the intervals can tell ({}).").format(
                named(factor),
                *("make" if len(factor) > 1 else "makes", operation),
                plural(count, "pair of cases", "pairs of cases"),
            )
        else:
            text = Markup("{} alone {} {} by up to a factor of {}: {} {}, {} {}").format(
                named(factor),
                *("change" if len(factor) > 1 else "changes", operation, number(times)),
                *(level_of(a, factor), value_of(a), level_of(b, factor), value_of(b)),
            )
            if count > 1:
                text += Markup(" (told apart in {} of {} pairs)").format(told, count)
            text += Markup(".")
        yield Finding(FACTORS, text)


def ratio(a, b):
    x, y = a["speed"].median, b["speed"].median
    return max(x, y) / max(min(x, y), 1e-12)


def factors_of(record):
    """All that identifies a case, as text; the ranks are those that there were."""
    factors = {f: str(v) for f, v in record["factors"].items() if f != SAME_RANKS}
    return {**factors, "ranks": str(record["ranks"])}


def identity(record):
    """The factors, the layout and its chunk as one."""
    factors = factors_of(record)
    layout = " ".join(factors.pop(f, "") for f in SAME_STORAGE).strip()
    return {**factors, "layout": layout}


def differing(a, b):
    """The names of the factors in which two cases differ: one, or the layout with its chunk."""
    x, y = factors_of(a), factors_of(b)
    return tuple(f for f in {**x, **y} if x.get(f, "") != y.get(f, ""))


def named(factors):
    return Markup(" and ").join(code(f) for f in factors)


def level_of(record, factors):
    own = factors_of(record)
    return code(" ".join(own.get(f, "") for f in factors).strip() or "none")


def pairs_of(records):
    """{factors: [(faster case, slower case)]} of cases that differ in these alone."""
    records = [r for r in records if r["speed"].has_ci]
    identities = [identity(r) for r in records]
    known = dict.fromkeys(f for i in identities for f in i)
    varied = [f for f in known if len({i.get(f) for i in identities}) > 1]
    found = {}
    for factor in varied:
        groups = {}
        for i, r in zip(identities, records):
            groups.setdefault(tuple(i.get(f) for f in varied if f != factor), []).append(r)
        # against the fastest of the group: pairs of all with all would say the same at length
        for group in groups.values():
            group.sort(key=lambda r: -r["speed"].median)
            for other in group[1:]:
                if names := differing(group[0], other):
                    found.setdefault(names, []).append((group[0], other))
    return found


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
