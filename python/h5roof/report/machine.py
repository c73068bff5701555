"""Where it ran, from env.json: lines of (what, text). What is not recorded, or is of another type, has no line."""

import math

MOST_PARTS = 50  # of a line
MOST_TEXT = 400  # characters of a part


def size(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e30:
        return ""
    for unit, scale in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value:.0f} B"


def at(document, *keys):
    """A value somewhere in the document, or None."""
    for key in keys:
        if isinstance(document, list):
            document = document[key] if isinstance(key, int) and key < len(document) else None
        else:
            document = document.get(key) if isinstance(document, dict) else None
    return document


def listed(value):
    """A list, or an empty one where there is none."""
    return value if isinstance(value, list) else []


def items(value):
    return value.items() if isinstance(value, dict) else ()


def text_of(part):
    """Of a plain value; a list or an object is none."""
    if (
        part is None
        or isinstance(part, (list, dict))
        or (isinstance(part, float) and not math.isfinite(part))
    ):
        return ""
    text = str(part)
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"


def joined(*parts, separator=", "):
    found = [text for p in parts[:MOST_PARTS] if (text := text_of(p))]
    return separator.join(found) + (" …" if len(parts) > MOST_PARTS else "")


def node_line(node):
    counts = [
        f"{text_of(count)} {word if count == 1 else words}"
        for key, word, words in (
            ("packages", "package", "packages"),
            ("numa_nodes", "NUMA node", "NUMA nodes"),
            ("cores", "core", "cores"),
            ("pus", "hardware thread", "hardware threads"),
        )
        if text_of(count := at(node, "topology", key)) and count
    ]
    return joined(at(node, "cpu_model"), *counts)


def filesystem_line(found):
    if not found:
        return ""
    free, total = size(at(found, "free_bytes")), size(at(found, "total_bytes"))
    room = f"{free} of {total} free" if free and total else ""
    where = joined(at(found, "source"), at(found, "mount_point"), separator=" at ")
    return joined(at(found, "type"), where, room, at(found, "options"))


def lines_of(env):
    nodes = listed(at(env, "nodes")) or [{}]
    first = nodes[0]
    hosts = [str(at(n, "host")) for n in nodes if at(n, "host")]
    version = at(env, "hdf5", "version")
    lines = (
        ("Started", at(env, "start_utc")),
        (
            "Ranks",
            joined(
                at(env, "rank_count"),
                f"on {joined(*hosts[:4])}{' …' if len(hosts) > 4 else ''}" if hosts else "",
                f"started by {text_of(at(env, 'launcher'))}" if text_of(at(env, "launcher")) else "",
                separator=" ",
            ),
        ),
        ("Processor", node_line(first)),
        ("Caches", at(first, "topology", "caches")),
        (
            "Memory",
            joined(
                size(at(first, "memory_total_bytes")),
                f"limited to {size(at(first, 'memory_limit_bytes'))}"
                if at(first, "memory_limit_bytes")
                else "",
            ),
        ),
        ("Kernel", at(first, "kernel")),
        ("Load at the start", at(first, "load1")),
        ("Under test", filesystem_line(at(env, "filesystems", "scratch"))),
        ("HDF5", joined(version, "parallel" if at(env, "hdf5", "parallel") else "")),
        ("MPI", at(env, "mpi", "library")),
        ("MPI-IO", joined(at(env, "mpi", "io_component"), at(env, "mpi", "io_component_source"))),
        ("Libraries", joined(*(f"{k} {text_of(v)}" for k, v in items(at(env, "libraries"))))),
        (
            "Hints",
            joined(*(f"{k}={text_of(v)}" for k, v in items(at(env, "hints", "asked"))))
            if isinstance(at(env, "hints", "asked"), dict)
            else at(env, "hints", "asked"),
        ),
        (
            "h5roof",
            joined(*(at(env, "h5roof", key) for key in ("version", "git", "build_type", "compiler"))),
        ),
        ("Command", joined(*listed(at(env, "command_line")), separator=" ")),
    )
    return [(what, text_of(text)) for what, text in lines if text_of(text)]
