"""Claims about what HDF5 asks of the system, with one rank and with several: bytes and calls that h5roof counted, and what it refuses."""

import itertools
import re
import sys

import h5py
import numpy

from h5run import Run, check, same
from lessons_claims import claim

FOREIGN = "little" if sys.byteorder == "big" else "big"
RANKS = 2
BIG = 1024 * 1024 * 4  # bytes of the dataset of 1024 x 1024 f32
RUNS = {}

CHUNKED = {"layout": "chunked", "chunk": [64, 64]}
CASES = [
    # 1024 x 1024 f32 through every driver
    {"name": "drivers", "shape": [1024, 1024], "dtype": "f32", "family_member": "1MiB"}
    | {"sweep": {"driver": ["mpio", "sec2", "stdio", "core", "family", "split"]}},
    {"name": "core-backed", "driver": "core", "core_backing": True, "shape": [1024, 1024], "dtype": "f32"},
    # empty, one element, all
    {
        "name": "big",
        "workload": "allocate",
        "shape": [1024, 1024],
        "dtype": "f32",
        "sweep": {"driver": ["sec2", "mpio"]},
    },
    {"name": "packed", "workload": "allocate", "shape": [1024, 1024], "dtype": "f32", "layout": "chunked"}
    | {"chunk": [64, 128], "filter": "deflate:4", "sweep": {"driver": ["sec2", "mpio"]}},
    # fill values
    {"name": "contiguous", "shape": [1024, 1024], "dtype": "f32", "sweep": {"fill_time": ["ifset", "never"]}},
    {"name": "chunked", "shape": [1024, 1024], "dtype": "f32", "layout": "chunked", "chunk": [64, 128]}
    | {"sweep": {"fill_time": ["ifset", "never"]}},
    # types and byte orders
    {"name": "narrowed", "shape": [100, 100], "file_dtype": "f32", "sweep": {"driver": ["sec2", "mpio"]}},
    {"name": "swapped", "shape": [100, 100], "byte_order": FOREIGN, "sweep": {"driver": ["sec2", "mpio"]}},
    {"name": "native", "shape": [100, 100], "sweep": {"driver": ["sec2", "mpio"]}},
    {
        "name": "narrowed-packed",
        "shape": [100, 100],
        "file_dtype": "f32",
        "layout": "chunked",
        "chunk": [50, 50],
    }
    | {"filter": "deflate:4"},
    # calls of one element
    {"name": "element", "shape": [20, 50], "access": "element"}
    | {"sweep": {"driver": ["sec2", "mpio"], "mode": ["independent", "collective"]}},
    {"name": "update", "workload": "update", "shape": [20, 50], "data": "random"}
    | {
        "sweep": {
            "driver": ["sec2", "mpio"],
            "mode": ["independent", "collective"],
            "access": ["element", "row"],
        }
    },
    # chunks that are read by rows
    {"name": "cache", "shape": [256, 256], "access": "row", "mode": "independent", **CHUNKED}
    | {"sweep": {"driver": ["sec2", "mpio"], "chunk_cache": ["0B", "1MiB"]}},
    {"name": "cache-packed", "shape": [256, 256], "access": "row", "filter": "deflate:1", **CHUNKED}
    | {"sweep": {"driver": ["sec2", "mpio"], "chunk_cache": ["0B", "1MiB"]}},
    {"name": "index", "shape": [256, 256], "sweep": {"libver": ["earliest", "v110"]}, **CHUNKED},
    # tiles of images; a dataset that grows, is cut and grows again
    {"name": "tiles", "workload": "tile", "shape": [4, 480, 640], "dtype": "i8", "tile": [64, 64]}
    | {"mode": "independent", "sweep": {"driver": ["sec2", "mpio"]}},
    {"name": "chunk-tiles", "workload": "tile", "shape": [4, 480, 640], "dtype": "i8", "tile": [64, 64]}
    | {
        "mode": "independent",
        "layout": "chunked",
        "chunk": [1, 64, 64],
        "sweep": {"driver": ["sec2", "mpio"]},
    },
    {
        "name": "resize",
        "workload": "resize",
        "shape": [10, 2],
        "layout": "chunked",
        "chunk": [2, 2],
        "append": 2,
    }
    | {"fill_value": "-1", "sweep": {"driver": ["sec2", "mpio"], "fill_time": ["ifset", "never"]}},
    {"name": "resize-contiguous", "workload": "resize", "shape": [10, 2], "append": 2},
    # stations with attributes
    {
        "name": "weather",
        "workload": "metadata",
        "kind": "dataset",
        "tree": "stations",
        "objects": 20,
        "attributes": 3,
    },
    # every mode of opening a file
    {"name": "open", "workload": "open"}
    | {"sweep": {"driver": ["sec2", "mpio"], "opening": ["r", "r+", "w", "w-", "a"]}},
    # filters
    {
        "name": "packed-independent",
        "shape": [256, 256],
        "mode": "independent",
        "filter": "deflate:1",
        **CHUNKED,
    },
    {
        "name": "checked",
        "workload": "filter",
        "data": "random",
        "shape": [100, 100],
        "dtype": "i8",
        "layout": "chunked",
        "chunk": [50, 50],
    }
    | {"sweep": {"driver": ["sec2", "mpio"], "filter": ["none", "fletcher32"]}},
]


def prepare(where):
    """All claims look at the same runs: with 1 rank and with several."""
    suite = {"suite": "lessons", "defaults": {"workload": "slab", "dtype": "f64"}, "cases": CASES}
    for ranks in (1, RANKS):
        RUNS[ranks] = Run(suite, ranks, where, keep=True)


def case(name, operation, ranks=RANKS):
    found = RUNS[ranks].of(operation)
    check(name in found, f"no case {name} among {sorted(found)}")
    return found[name]


def number(name, operation, column, ranks=RANKS):
    return int(case(name, operation, ranks)[column])


def old_hdf5():
    return RUNS[1].hdf5 < (1, 13)


def parallel(row, found, expected, what):
    """As row.exact, for the cell on parallel I/O, which stands last."""
    row.exact(found, expected, f"{what}, {RANKS} ranks")


@claim("lazy")
def element_reads(row):
    """Without a sieve buffer every element is a call of its own, and reads no more than itself."""
    elements = 20 * 50
    whole = {d: number(f"native/driver={d}", "read", "os_read_bytes") - 80000 for d in ("sec2", "mpio")}
    for mode in ("independent", "collective"):
        name = f"element/driver=mpio/mode={mode}"
        same(number(name, "read", "os_read_bytes"), whole["mpio"] + 8 * elements, f"bytes of {name}")
        check(number(name, "read", "os_read_count") >= elements, f"calls of {name}")
    check(
        number("element/driver=sec2/mode=independent", "read", "os_read_count") < 60,
        "calls through the sieve buffer",
    )
    row.says("no sieve buffer")


@claim("whole-file")
def whole_file(row):
    """What is made is made once, by all ranks; what is opened, each rank reads for itself."""
    for operation in ("create", "open"):
        for ranks in (1, RANKS):
            row.exact(number("weather", operation, "objects_count", ranks), 80, f"{operation}, {ranks} ranks")
    once, twice = (number("weather", "open", "mpiio_read_bytes", ranks) for ranks in (1, RANKS))
    check(once * 3 // 2 < twice, f"{once} bytes of metadata for a rank, {twice} for {RANKS}")


@claim("groups")
def groups(row):
    """All ranks make all objects: several write no more bytes of metadata than one does."""
    bytes_ = [number("weather", "create", "mpiio_write_bytes", ranks) for ranks in (1, RANKS)]
    same(bytes_[1], bytes_[0], "bytes that making stations writes")


@claim("open-modes")
def open_modes(row):
    """No file is opened where all ranks were refused. MPI-IO does not see that somebody else has locked it."""
    for driver, mode, ranks in itertools.product(("sec2", "mpio"), ("r", "r+", "w", "w-", "a"), (1, RANKS)):
        opened = {
            operation: int(
                case(f"open/driver={driver}/opening={mode}", operation, ranks)["objects_count"] or 0
            )
            > 0
            for operation in ("missing", "existing", "locked")
        }
        locked = driver == "mpio" and mode != "w-"
        expected = {"missing": mode not in ("r", "r+"), "existing": mode != "w-", "locked": locked}
        same(opened, expected, f"opened in mode {mode} by {driver}, {ranks} ranks")
    row.says("locked")


@claim("drivers")
def drivers(row):
    """mpio has one file for all ranks; with the others each rank has its own."""
    sizes = {
        d: number(f"drivers/driver={d}", "write", "file_bytes")
        for d in ("mpio", "sec2", "stdio", "family", "split")
    }
    same(sizes["stdio"], sizes["sec2"], "bytes of the files of stdio")
    same(number("core-backed", "write", "file_bytes", 1) >= BIG, True, "the image of core in a file")
    run = RUNS[RANKS]
    for driver, files in (("mpio", 1), ("sec2", RANKS), ("stdio", RANKS), ("core", 0), ("split", 2 * RANKS)):
        found = run.files(case(f"drivers/driver={driver}", "write"), ".h5")
        same(len(found), files, f"files of {driver}")
    same(len(RUNS[1].files(case("drivers/driver=family", "write", 1), ".h5")), 5, "members of family")
    for driver in sizes:
        same(
            number(f"drivers/driver={driver}", "read", "payload_bytes"),
            BIG,
            f"read and verified through {driver}",
        )


@claim("empty")
def empty(row):
    """A shared file has its storage from the beginning."""
    same(number("big/driver=sec2", "create", "stored_bytes", 1), 0, "stored at create, sec2")
    parallel(row, number("big/driver=mpio", "create", "stored_bytes"), BIG, "stored at create")
    check(number("big/driver=mpio", "create", "file_bytes") >= BIG, "the file after create")


@claim("touched")
def touched(row):
    same(number("big/driver=sec2", "touch", "stored_bytes", 1), BIG, "stored after one element, sec2")
    grown = number("big/driver=mpio", "touch", "file_bytes") - number(
        "big/driver=mpio", "create", "file_bytes"
    )
    parallel(row, grown, 0, "bytes that one element adds")


@claim("touched-deflate")
def touched_deflate(row):
    """Before 1.14 all filtered chunks of a shared file are written when it is created."""
    stored = number("packed/driver=mpio", "create", "stored_bytes")
    alone = number("packed/driver=sec2", "touch", "stored_bytes", 1)
    if old_hdf5():
        check(stored > 100 * alone // 2, f"{stored} bytes at create, {alone} for one chunk")
        row.says("128")
        with h5py.File(RUNS[RANKS].files(case("packed/driver=mpio", "create"), ".h5")[0], "r") as file:
            same(dataset_of(file).id.get_num_chunks(), 128, "chunks")


def dataset_of(file):
    found = []
    file.visititems(lambda _, thing: found.append(thing) if isinstance(thing, h5py.Dataset) else None)
    same(len(found), 1, "datasets")
    return found[0]


@claim("fill-cost")
def fill_cost(row):
    """Chunks of a shared file are written twice; contiguous storage is not."""
    written = {
        (layout, time): number(f"{layout}/fill_time={time}", "write", "mpiio_write_bytes")
        for layout, time in itertools.product(("contiguous", "chunked"), ("ifset", "never"))
    }
    parallel(
        row, written["chunked", "ifset"] - written["chunked", "never"], BIG, "bytes of fill values in chunks"
    )
    same(written["contiguous", "ifset"], written["contiguous", "never"], "contiguous, bytes of fill values")
    row.says("2.00")


def converted(row, name):
    """Up to 1.12 a conversion makes collective transfers independent."""
    for operation in ("write", "read"):
        found = case(f"{name}/driver=mpio", operation)
        if old_hdf5():
            same(found["no_collective_global"], "datatype_conversion", f"cause, {name}, {operation}")
            same(found[f"mpiio_{operation}_coll_count"], "0", f"collective calls, {name}, {operation}")
        native = case("native/driver=mpio", operation)
        same(native["no_collective_global"], "", f"cause without conversion, {operation}")
        same(
            native[f"mpiio_{operation}_coll_count"],
            str(RANKS),
            f"collective calls without conversion, {operation}",
        )
    row.says("1.12")


@claim("precision")
def precision(row):
    converted(row, "narrowed")
    check(
        "conversion" in RUNS[RANKS].skipped().get("narrowed-packed", ""),
        "a filter and a conversion on a shared file",
    )
    for ranks in (1, RANKS):
        stored = {
            name: number(f"{name}/driver=mpio", "write", "stored_bytes", ranks)
            for name in ("native", "narrowed")
        }
        same(stored, {"native": 80000, "narrowed": 40000}, f"stored, {ranks} ranks")


@claim("byte-order")
def byte_order(row):
    converted(row, "swapped")
    order = {"little": "<", "big": ">"}[FOREIGN]
    for ranks in (1, RANKS):
        with h5py.File(RUNS[ranks].files(case("swapped/driver=mpio", "write", ranks), ".h5")[0], "r") as file:
            same(dataset_of(file).dtype.str, f"{order}f8", "type in the file")


@claim("loops-calls")
def loops_calls(row):
    """A call to read and a call to write for each piece; where writing is collective all ranks write all of theirs."""
    for ranks, access in itertools.product((1, RANKS), ("element", "row")):
        pieces = 1000 if access == "element" else 20
        calls = {
            (driver, mode): number(
                f"update/driver={driver}/mode={mode}/access={access}", "update", "calls_count", ranks
            )
            for driver, mode in itertools.product(("sec2", "mpio"), ("independent", "collective"))
        }
        same(calls["mpio", "collective"], 2 * pieces, f"collective calls, {access}, {ranks} ranks")
        same(calls["mpio", "independent"], calls["sec2", "independent"], f"independent calls, {access}")
        same(calls["mpio", "independent"] > pieces, True, f"some pieces are written, {access}")
        if access == "element":
            check(calls["mpio", "independent"] < 2 * pieces, "elements that are not negative are not written")
    row.exact(2 * 1000, 2000, "calls of the loop over elements of 20 x 50")


@claim("loops-same")
def loops_same(row):
    """All ways, drivers and numbers of ranks leave the same values, none of which is negative."""
    found = []
    for ranks, mode, access in itertools.product(
        (1, RANKS), ("independent", "collective"), ("element", "row")
    ):
        path = RUNS[ranks].files(
            case(f"update/driver=mpio/mode={mode}/access={access}", "update", ranks), ".h5"
        )
        with h5py.File(path[0], "r") as file:
            found.append(dataset_of(file)[...])
    check(all(numpy.array_equal(found[0], other) for other in found), "values that the loops leave")
    check(
        (found[0] >= 0).all() and (found[0] == 0).any() and (found[0] > 0).any(),
        "negatives are 0, others are not",
    )


@claim("chunk-index")
def chunk_index(row):
    for ranks, (libver, signature) in itertools.product(
        (1, RANKS), {"earliest": b"TREE", "v110": b"FAHD"}.items()
    ):
        path = RUNS[ranks].files(case(f"index/libver={libver}", "write", ranks), ".h5")[0]
        with open(path, "rb") as raw:
            found = set(re.findall(b"TREE|FAHD|EAHD|BTHD", raw.read()))
        check(
            signature in found and not found & ({b"FAHD", b"EAHD", b"BTHD"} - {signature}),
            f"index, {libver}: {found}",
        )


@claim("chunk-cache")
def chunk_cache(row):
    """Written through mpio, unfiltered chunks are never cached; of a file that is only read they are, without collective calls."""
    payload, pieces = 256 * 256 * 8, 256 * 4
    meta = number("cache/driver=mpio/chunk_cache=0B", "read", "os_read_count") - pieces
    for cache in ("0B", "1MiB"):
        writes = number(f"cache/driver=mpio/chunk_cache={cache}", "write", "mpiio_write_indep_count")
        check(writes >= pieces, f"{writes} writes of {pieces} pieces, cache {cache}")
    same(
        number("cache/driver=mpio/chunk_cache=1MiB", "read", "os_read_count") - meta, 16, "reads of 16 chunks"
    )
    for driver in ("sec2", "mpio"):
        reads = {
            c: number(f"cache/driver={driver}/chunk_cache={c}", "read", "os_read_bytes")
            for c in ("0B", "1MiB")
        }
        same(reads["0B"], reads["1MiB"], f"bytes read, {driver}")
        check(payload <= reads["0B"] < payload + 20000, f"{reads['0B']} bytes read, {driver}")


@claim("chunk-whole")
def chunk_whole(row):
    """64 rows of a filtered chunk: without cache the chunk is read 64 times. With collective mpio it always is (1.10)."""
    stored = number("cache-packed/driver=sec2/chunk_cache=1MiB", "read", "stored_bytes")
    for driver, cache in itertools.product(("sec2", "mpio"), ("0B", "1MiB")):
        reads = number(f"cache-packed/driver={driver}/chunk_cache={cache}", "read", "os_read_bytes")
        times = 1 if (driver, cache) == ("sec2", "1MiB") else 64
        if driver == "sec2" or RUNS[1].hdf5[:2] == (1, 10):
            check(0 <= reads - times * stored < 20000, f"{driver}, {cache}: {reads} bytes, {stored} stored")
    row.says("64")


@claim("image-bytes")
def image_bytes(row):
    """Independent requests: one for every row of a tile, or one for a tile that is a chunk."""
    for name, requests in (("tiles", 19200), ("chunk-tiles", 320)):
        found = number(f"{name}/driver=mpio", "read", "mpiio_read_indep_count")
        check(0 <= found - requests < 60, f"{found} reads of {name}, metadata included")
        row.says(f"{requests:,}".replace(",", " "))
        same(number(f"{name}/driver=mpio", "read", "calls_count"), 320, f"tiles of {name}")


@claim("resize-chunked")
def resize_chunked(row):
    """What is appended to a shared file is filled before it is written."""
    check("chunked" in RUNS[RANKS].skipped()["resize-contiguous"], "resizing in one piece")
    for ranks in (1, RANKS):
        written = [
            number(f"resize/driver=mpio/fill_time={time}", "append", "mpiio_write_bytes", ranks)
            for time in ("ifset", "never")
        ]
        row.exact(written[0] - written[1], 160, f"bytes of fill values, {ranks} ranks")
        alone = [
            number(f"resize/driver=sec2/fill_time={time}", "append", "os_write_bytes", 1)
            for time in ("ifset", "never")
        ]
        same(alone[0], alone[1], "in a file of its own")


@claim("resize-loses")
def resize_loses(row):
    """Grown again, a shared file has its storage at once; in both what was cut off reads as the fill value."""
    for driver, stored in (("mpio", 160), ("sec2", 96)):
        row.exact(
            number(f"resize/driver={driver}/fill_time=ifset", "grow", "stored_bytes", 1),
            stored,
            f"stored, {driver}",
        )
    with h5py.File(
        RUNS[RANKS].files(case("resize/driver=mpio/fill_time=ifset", "reread"), ".h5")[0], "r"
    ) as file:
        values = dataset_of(file)[...]
    check(
        (values[5:] == -1).all() and not (values[:5] == -1).any(),
        f"cut to 5 rows, grown to 10: {values.tolist()}",
    )


@claim("filter-transparent")
def filter_transparent(row):
    """Several ranks write filtered chunks together or not at all."""
    check("collectively" in RUNS[RANKS].skipped()["packed-independent"], "independent writing with a filter")
    sizes = {
        d: number(f"cache-packed/driver={d}/chunk_cache=1MiB", "write", "stored_bytes")
        for d in ("sec2", "mpio")
    }
    same(sizes["mpio"], sizes["sec2"], "stored bytes, shared and not")


@claim("fletcher32")
def fletcher32(row):
    """The workload changes a byte of the first chunk: with the checksum it is refused, without it is read."""
    for ranks, driver in itertools.product((1, RANKS), ("sec2", "mpio")):
        files = ranks if driver == "sec2" else 1
        for filter_, stored, refused in (("none", 10000, 0), ("fletcher32", 10016, 1)):
            name = f"checked/driver={driver}/filter={filter_}"
            found = [number(name, "read", column, ranks) for column in ("refused_count", "wrong_count")]
            same(found, [refused * files, (1 - refused) * files], f"refused and wrong, {name}, {ranks} ranks")
            if driver == "mpio":
                same(number(name, "write", "stored_bytes", ranks), stored, f"stored, {name}, {ranks} ranks")
