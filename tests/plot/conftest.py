"""Synthetic run directories: results.csv with the real header and plausible numbers."""

import contextlib
import csv
import functools
import hashlib
import importlib.util
import io
import os
import random
import re
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
SCHEMA = ROOT / "results" / "SCHEMA.md"
sys.path[:0] = [str(ROOT / "python"), str(SCRIPTS)]

DEFAULTS = {
    "workload": "slab",
    "driver": "mpio",
    "files": "shared",
    "mode": "collective",
    "shape": "2048x2048",
    "dtype": "f64",
    "byte_order": "native",
    "decomposition": "slab",
    "access": "whole",
    "layout": "contiguous",
    "filter": "none",
    "data": "smooth",
    "chunk_cache_bytes": 1048576,
    "chunk_slots_count": 521,
    "alignment_bytes": 1,
    "core_backing": "true",
    "max_ops_count": 1000000,
}
MIB = 1024.0 * 1024.0
RATIOS = {"none": 1.0, "shuffle": 1.0, "deflate:1": 2.1, "shuffle+deflate:6": 3.4}


def schema_columns(markdown):
    """Names of the columns in the text of SCHEMA.md."""
    return re.findall(r"^\| `(\w+)` \|", markdown, re.M)


def factor_columns():
    """Those of the group factors."""
    return schema_columns(SCHEMA.read_text().split("## factors")[1].split("\n## ")[0])


@functools.lru_cache(maxsize=None)
def header():
    """From the binary named by H5ROOF, else from SCHEMA.md."""
    if os.environ.get("H5ROOF"):
        command = [os.environ["H5ROOF"], "list", "columns", "--markdown"]
        return schema_columns(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return schema_columns(SCHEMA.read_text())


def case(name, speed=400.0, **factors):
    """A case: name, factors that are not the defaults, speed of its write phase in MiB/s. `_` keys steer the
    numbers: _repetitions, _spread, _status, _roof (MiB/s), _short, _operations, _ranks, _cache, _objects (handled
    instead of bytes moved; 0: neither)."""
    if factors.get("chunk"):
        factors.setdefault("layout", "chunked")
    return {"name": name, "speed": speed, **factors}


def rows_of(number, spec, repetitions, random_source, run_id="20250314T092653Z-a1b2c3"):
    """All rows of a case, a warm-up repetition first."""
    spec = dict(spec)
    factors = {
        **DEFAULTS,
        **{k: v for k, v in spec.items() if not k.startswith("_") and k not in ("name", "speed")},
    }
    identity = {
        "schema": 1,
        "run_id": run_id,
        "suite": "synthetic",
        "case_id": hashlib.sha256(repr(sorted(factors.items())).encode()).hexdigest()[:16],
        "case": spec["name"],
        "case_number": number,
        "ranks": spec.get("_ranks", 2),
        "store": "hdf5",
        "seed": 42,
        "time_utc": "2025-03-14T09:26:53Z",
        **factors,
    }
    if spec.get("_status") == "skipped":
        reason = "filters, with independent transfers, are not written in parallel"
        return [
            {**identity, "repetition": 0, "warmup": "false", "operation": "write", "status": "skipped"}
            | {"reason": reason}
        ]
    rows = []
    for block in range(spec.get("_repetitions", repetitions) + 1):
        for operation in spec.get("_operations", ("write", "read")):
            row = {
                **identity,
                "block": block,
                "warmup": "true" if block == 0 else "false",
                "operation": operation,
            }
            row["repetition"] = max(0, block - 1)
            rows.append(row | measured(spec, operation, random_source, slow=3.0 if block == 0 else 1.0))
    return rows


def measured(spec, operation, random_source, slow):
    """What a repetition measures: bytes, or objects in the same time."""
    row = moved(spec, operation, random_source, slow)
    if "_objects" not in spec:
        return row
    objects, durable = spec["_objects"], row["durable_s"]
    row |= {"payload_bytes": 0, "durable_mibps": "", "transfer_mibps": "", "ratio_frac": ""}
    if objects:
        row |= {"objects_count": objects, "objects_per_s": objects / durable, "object_bytes": 800}
    if operation != "create":
        row |= {"roof_s": "", "efficiency_frac": "", "roof_bound": ""}
    return row


def moved(spec, operation, random_source, slow):
    payload = 32 * 1024 * 1024
    spread = spec.get("_spread", 0.03)

    def jitter():
        return slow * (1.0 + random_source.expovariate(1.0 / spread))

    speed = spec["speed"] * (1.0 if operation == "write" else 2.6)
    transfer = payload / MIB / speed * jitter()
    transferred = operation if operation in ("create", "open", "write", "read") else "change"
    phases = {"select": 2e-5 * jitter(), "close": 0.0009 * jitter(), transferred: transfer}
    if operation == "write":
        phases |= {"create": 0.004 * jitter(), "flush": 0.35 * transfer * jitter()}
    elif operation not in ("create", "open"):
        phases |= {"open": 0.0011 * jitter()}
    durable = sum(phases.values())
    store = payload / MIB / (1400.0 if operation == "write" else 5200.0)
    roofs = {
        "roof_copy_s": payload / MIB / 9500.0 * jitter(),
        "roof_store_own_s": store * jitter(),
        "roof_store_shared_s": 1.2 * store * jitter(),
        "roof_pattern_s": 1.5 * store * jitter(),
    }
    roof, bound = roofs["roof_store_own_s"], "store"
    if "deflate" in str(spec.get("filter")):
        roof, bound = payload / MIB / (160.0 if operation == "write" else 700.0) * jitter(), "compress"
        roofs["roof_compress_s"] = roof
    if "_roof" in spec:
        roof, bound = payload / MIB / spec["_roof"] * jitter(), "copy"
    row = {
        "status": spec.get("_status", "ok"),
        "quality": "short" if spec.get("_short") else "",
        "durable_s": durable,
        "durable_mibps": payload / MIB / durable,
        "transfer_mibps": payload / MIB / transfer,
        "payload_bytes": payload,
        "calls_count": spec.get("_calls", ""),
        "stored_bytes": payload,
        "ratio_frac": RATIOS.get(spec.get("filter", "none"), 1.5),
        "cache": spec.get("_cache", "as-is"),
        "roof_bound": bound,
        "roof_s": roof,
        "efficiency_frac": roof / durable,
        **roofs,
    }
    for name, seconds in phases.items():
        row |= {f"{name}_max_s": seconds, f"{name}_med_s": 0.9 * seconds, f"{name}_min_s": 0.8 * seconds}
        row |= {f"{name}_slowest_rank": 1, f"{name}_wall_s": 1.01 * seconds}
    return row


def write_run(directory, cases, repetitions=10, columns=None, shuffled=True, **more):
    """results.csv of the cases in a new directory; its path."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    random_source = random.Random(7)
    with open(directory / "results.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, columns or header(), lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        rows = [
            row
            for n, spec in enumerate(cases)
            for row in rows_of(n, spec, repetitions, random_source, **more)
        ]
        if shuffled:  # blocks in order, the cases of a block shuffled
            place = {n: random_source.random() for n in range(len(cases))}
            rows.sort(key=lambda row: (row.get("block", 0), place[row["case_number"]]))
        for row in rows:
            writer.writerow({k: f"{v:.9g}" if isinstance(v, float) else v for k, v in row.items()})
    return directory


# ---- shapes of runs


CHUNKS = {
    "64x64": 210.0,
    "256x256": 520.0,
    "1x2048": 380.0,
    "512x512": 560.0,
    "2048x64": 170.0,
    "1024x1024": 600.0,
}
FILTERS = {"none": 1.0, "shuffle": 0.6, "deflate:1": 0.22, "shuffle+deflate:6": 0.12}


def chunk_cases(prefix="chunked", factor=1.0, **more):
    tail = "".join(f"/{k}={v}" for k, v in more.items() if not k.startswith("_"))
    return [
        case(f"{prefix}/chunk={c}/filter={f}{tail}", speed * part * factor, chunk=c, filter=f, **more)
        for c, speed in CHUNKS.items()
        for f, part in FILTERS.items()
    ]


def chunks_run():
    """25 cases: contiguous, and six chunk shapes with four filters; some noisy, some without a CI."""
    cases = [case("contiguous", 680.0), *chunk_cases()]
    cases[3]["_spread"], cases[6]["_spread"] = 0.5, 0.4
    cases[9]["_repetitions"] = 4
    cases[12]["_status"] = "skipped"
    return cases


def modes_run():
    """Two modes in each cell of chunk × filter."""
    return [case("contiguous", 680.0), *chunk_cases(), *chunk_cases(factor=0.7, mode="independent")]


def many_run(count):
    """Chunk shapes, filters and byte orders until there are enough."""
    cases, random_source = [], random.Random(3)
    for index in range(count):
        chunk, name = (
            f"{2 ** (index // 48 % 6 + 2)}x{2 ** (index // 8 % 6 + 2)}",
            list(FILTERS)[index // 2 % 4],
        )
        order = ("little", "big")[index % 2]
        slots = 521 + index // 288
        label = f"grid/chunk={chunk}/filter={name}/byte_order={order}" + (
            f"/chunk_slots={slots}" if index >= 288 else ""
        )
        more = {"chunk": chunk, "filter": name, "byte_order": order, "chunk_slots_count": slots}
        cases.append(case(label, random_source.uniform(100, 600) * FILTERS[name], **more))
    return cases


def decades_run():
    """Element by element against whole: three decades."""
    accesses = {"element": 0.6, "row": 95.0, "plane": 410.0, "whole": 650.0}
    return [case(f"access={a}", s, access=a, _short=a == "whole") for a, s in accesses.items()]


def long_run():
    """Long names, some alike at both ends, one with characters that mean something elsewhere."""
    middle = "chunk=1024x1024x16/filter=shuffle+deflate:6+fletcher32"
    ends = ["byte_order=big/collective_metadata=writes", "byte_order=big/collective_metadata=all"]
    cases = [
        case(f"a-rather-long-case-name/{middle}/{e}", 200.0 + i, max_ops_count=1000 + i)
        for i, e in enumerate(ends)
    ]
    twin = "the-same-beginning-of-a-name/mode={}/the-same-long-end-of-a-name-that-differs-only-inside"
    cases += [case(twin.format(m), 300.0, mode=m) for m in ("collective", "independent")]
    return cases + [case('hints=a_$x$_"b",\\frac{1}<&>/ünïcode', 320.0, hints="a=b")]


# ---- scripts


@dataclass
class Done:
    """What subprocess.run() would tell of a script."""

    returncode: int
    stdout: str
    stderr: str


def run_script(name, *arguments):
    """main() of a script in this process, which has its libraries already; its warnings are errors."""
    specification = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    if name == "plot":
        script.FORMATS["png"][
            "dpi"
        ] = 40  # what is looked at is that there are files; the program's own test has all dots
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = [str(SCRIPTS / f"{name}.py"), *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
            warnings.simplefilter("error")
            code = script.main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv = before
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture
def run_directory(tmp_path):
    """Function (cases, **how) -> directory with results.csv."""
    return lambda cases, name="run", **how: write_run(tmp_path / name, cases, **how)


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory):
    """The same for those that only read it: made once for the same cases, so that what is drawn of it can be shared, too."""
    made = {}

    def make(cases, name="run", **how):
        key = repr((cases, name, sorted(how.items())))
        if key not in made:
            made[key] = write_run(tmp_path_factory.mktemp("shared") / name, cases, **how)
        return made[key]

    return make


@pytest.fixture(scope="session")
def reported(tmp_path_factory):
    """Function (name of a run) -> its directory, with report.html, each made once."""
    made = {}

    def make(name):
        from report_runs import RUNS, many, report

        if name not in made:
            directory = tmp_path_factory.mktemp("run") / name
            (many if name == "many" else RUNS[name])(directory)
            done = report(directory)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
            assert done.stdout == f"{directory}/report.html\n"
            made[name] = directory
        return made[name]

    return make


def metadata_cases(count=3, **more):
    """Cases that handle objects and move no bytes, one of whose openings is refused: it has a time alone."""
    operations = ("create", "open", "iterate", "visit", "delete")
    made = {"workload": "metadata", "_objects": 1000, "_operations": operations, **more}
    refused = {"workload": "open", "_objects": 0, "_operations": ("open",), "opening": "w-"}
    kinds = [case(f"own/objects_asked={n}", 100.0 + n, objects_asked=n, **made) for n in range(1, count + 1)]
    return [*kinds, case("refused", 300.0, **refused)]
