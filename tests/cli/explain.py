#!/usr/bin/env python3
# timeout: 300
"""Everything that is listed is explained, and so is every value of a factor, every word of the tables that are shown, every word
that users bring, and what an explanation points at."""

import json
import os
import re
import subprocess
import sys

H5ROOF, SOURCE = os.environ["H5ROOF"], os.environ["H5ROOF_SOURCE"]
EACH = os.path.join(os.environ["H5ROOF_BUILD"], "tests", "each")
SUITE = os.path.join(SOURCE, "configs", "smoke.yaml")
RESULTS = os.path.join(SOURCE, "results", "reference")
TOPICS = (
    "symptoms workloads drivers filters factors values columns notes roofs operations phases words".split()
)
POINTING = "symptoms words factors columns values operations".split()
# What people ask, and the symptom that is meant.
QUESTIONS = {
    "netCDF-4 is 70 times slower through MPI": "netcdf",
    "my file is twice as large with MPI": "twice-as-large",
    "appending gets slower": "append",
    "reading a column takes for ever": "column",
    "opening takes minutes on many ranks": "open-many-ranks",
    "compression made it 10 times slower": "compression",
    "independent write with a filter fails": "filter-independent",
    "h5py parallel is slower than serial": "h5py-parallel",
    "a corner of every image": "corner",
    "corner": "corner",
    "100 000 datasets": "small-datasets",
}
NO_VALUES = {"or", "a", "size", "such", "as", "64KiB"}  # of the messages that list them

# As the tables say it.
HEADINGS = "speedup efficiency ranks noisy bounded stored file verdict slower faster same inconclusive interval called refused 95%"
HEADINGS = [*HEADINGS.split(), "can tell", "read (cache as-is)", "cache cold", "cache warm"]
OF_USERS = """stripe lustre Lustre unlimited compression aggregation fsync alignment hyperslab aggregator subfiling gpfs beegfs nfs
bandwidth latency warm-up repetition block ceiling durable eff roof n MiB/s true false striping chunking ior IOR fio gzip h5py mpich
malloc locking binding throughput sync ratio""".split() + [
    "collective buffering",
    "chunk cache",
    "page cache",
    "out of memory",
]


def check(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def said(*command):
    return subprocess.run([H5ROOF, *command], capture_output=True, text=True, check=True).stdout


def each(last, *arguments):
    """h5roof with these arguments, once for each last one: (exit code, stdout, stderr) by it."""
    last = sorted(set(last))
    check(last and not any("\n" in text for text in last), f"{arguments}: {last}")
    lines = "".join(text + "\n" for text in last).encode()
    found, rest = {}, subprocess.run([EACH, *arguments], input=lines, capture_output=True, check=True).stdout
    for text in last:
        head, rest = rest.split(b"\n", 1)
        code, out, err = (int(number) for number in head.split())
        found[text] = code, rest[:out].decode(), rest[out : out + err].decode()
        rest = rest[out + err :]
    check(rest == b"", f"{arguments}: more than one answer to a line")
    return found


KNOWN = {}  # explanations, each asked for once


def explained(names, least=2):
    """The explanations by name; each has so many lines."""
    names = set(names)
    if names - KNOWN.keys():
        KNOWN.update(each(names - KNOWN.keys(), "explain", "--"))
    for name in names:
        code, out, err = KNOWN[name]
        check(code == 0 and not err, f"'{name}' is not explained: {err}")
        check(out.count("\n") >= least, f"'{name}': hardly an explanation: {out}")
    return {name: KNOWN[name][1] for name in names}


def listed(topic):
    lines = said("list", topic).splitlines()
    check(max(map(len, lines), default=80) <= 79, f"{topic}: too wide, or nothing")
    return [line.split("  ")[0] for line in lines]  # a name may have blanks


def check_topics():
    for topic in TOPICS:
        for name, text in explained(listed(topic)).items():
            heading = f"{name} ({topic.removesuffix('s')})"
            check(heading in text.splitlines(), f"not as one of the {topic}: {heading}")


def check_values():
    """All that the program itself says a factor can be, in the words of its error message."""
    factors = [name.split()[0] for name in listed("factors")]
    wrong = each([f"{name}=no-such-value" for name in factors], "plan", SUITE, "--set")
    values = []
    for factor in factors:
        message = wrong[f"{factor}=no-such-value"][2]
        match = re.search(rf"unknown {factor} 'no-such-value': one of ([^;\n]*)", message)
        choices = re.split(r"[, ]+", match[1]) if match else []
        values += [(factor, value) for value in choices if value and value not in NO_VALUES]
    check(len(values) > 80, f"few values: {values}")
    texts = explained([value for _, value in values] + ["early", "nan", "guess", "interleaved"])
    for factor, value in values:
        check(
            re.search(
                rf"^a value of the factor {factor}$|\((workload|driver)\)$", texts[value], re.MULTILINE
            ),
            f"{value}: nothing is said of {factor}",
        )
    # A value of several factors is that of all of them.
    for factor in ("ranks", "update", "collective_metadata"):
        check(f"a value of the factor {factor}\n" in explained(["all"])["all"], f"all: not that of {factor}")


def words_of_headings():
    """Of the tables, two blanks or more between them."""
    text = "".join(said("show", os.path.join(RESULTS, name)) for name in ("drivers", "lessons"))
    text += said("plan", SUITE) + said("show", os.path.join(RESULTS, "drivers"), "--sizes")
    words = set()
    for line in text.splitlines():
        if re.match(r"case|scaling|  +durable", line):
            words.update(re.split(r"  +", re.sub(r"\(of the medians.*", "", line).strip()))
    check(len(words) >= 10, f"few words in the headings: {words}")
    return words


def single_words(words):
    """One blank parts words that stand side by side, but for these."""
    whole = ("95 % interval", "durable write", r"read \(cache [a-z-]*\)", r"cache [a-z-]*")
    return {w for word in words for w in re.findall("|".join(whole) + r"|\S+", word)}


def check_words():
    explained([*single_words(words_of_headings()), *HEADINGS])
    explained(OF_USERS, least=3)
    code, _, err = each(["agregation"], "explain")["agregation"]
    check(code == 2 and err.count("h5roof: error") == 1 and "did you mean 'aggregation'" in err, err)


def check_pointers():
    """What is pointed at, and never at itself; a pointer is the last paragraph of an explanation."""
    names = [name for topic in POINTING for name in listed(topic)]
    targets = set()
    for name, text in explained(names).items():
        paragraphs = re.findall(r"^see: (.*?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
        see = [to.removeprefix("explain ") for p in paragraphs for to in " ".join(p.split()).split(", ")]
        check(see, f"{name} points at nothing")
        check(name not in see, f"{name} points at itself")
        targets.update(see)
    check(len(targets) >= 50, f"few targets: {targets}")
    for page in {target for target in targets if target.startswith("docs/")}:
        check(os.path.isfile(os.path.join(SOURCE, page)), f"no page {page}")
        targets.remove(page)
    explained(targets)
    see = "see: explain stripe, explain alignment, explain hints, docs/cluster.md"
    check(see in explained(["lustre"])["lustre"].splitlines(), f"lustre: not '{see}'")


def check_symptoms():
    """Their heads are whole, name what there is, and are found by what people ask."""
    heads = json.loads(said("list", "symptoms", "--format", "json"))["symptoms"]
    check(len(heads) >= 25, f"{len(heads)} symptoms")
    check(len({head["title"] for head in heads}) == len(heads), "two symptoms of one title")
    columns, notes = listed("columns"), [*listed("notes"), "skipped"]
    for head in heads:
        name = head["name"]
        check(all(text.strip() for text in head.values()), f"{name}: an empty field: {head}")
        check(head["note"] in notes, f"{name}: no note {head['note']}")
        wanted = [head["time"], *head["proof"].split(",")]
        check(all(w.strip() in columns for w in wanted), f"{name}: no such columns: {wanted}")
    for question, name in QUESTIONS.items():
        text = each([question], "explain", "--")[question][1]
        check(f"symptoms/{name}" in text, f"'{question}': symptoms/{name} is not found but {text}")


def main():
    check_topics()
    check_symptoms()
    check_values()
    check_words()
    check_pointers()


if __name__ == "__main__":
    main()
