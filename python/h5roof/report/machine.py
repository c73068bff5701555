"""Where it ran, from env.json: lines of (what, text). What is not recorded has no line."""


def size(value):
    if not isinstance(value, (int, float)):
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


def joined(*parts, separator=", "):
    return separator.join(str(p) for p in parts if p not in (None, "", []))


def node_line(node):
    topology = at(node, "topology") or {}
    counts = [
        f"{topology[key]} {word if topology[key] == 1 else words}"
        for key, word, words in (
            ("packages", "package", "packages"),
            ("numa_nodes", "NUMA node", "NUMA nodes"),
            ("cores", "core", "cores"),
            ("pus", "hardware thread", "hardware threads"),
        )
        if topology.get(key)
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
    nodes = at(env, "nodes") or [{}]
    first = nodes[0]
    hosts = [str(at(n, "host")) for n in nodes if at(n, "host")]
    tool = at(env, "h5roof") or {}
    version = at(env, "hdf5", "version")
    lines = (
        ("Started", at(env, "start_utc")),
        (
            "Ranks",
            joined(
                at(env, "rank_count"),
                f"on {joined(*hosts[:4])}{' …' if len(hosts) > 4 else ''}" if hosts else "",
                f"started by {at(env, 'launcher')}" if at(env, "launcher") else "",
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
        ("Libraries", joined(*(f"{k} {v}" for k, v in (at(env, "libraries") or {}).items()))),
        (
            "Hints",
            joined(*(f"{k}={v}" for k, v in (at(env, "hints", "asked") or {}).items()))
            if isinstance(at(env, "hints", "asked"), dict)
            else at(env, "hints", "asked"),
        ),
        (
            "h5roof",
            joined(tool.get("version"), tool.get("git"), tool.get("build_type"), tool.get("compiler")),
        ),
        ("Command", joined(*(at(env, "command_line") or []), separator=" ")),
    )
    return [(what, str(text)) for what, text in lines if text not in (None, "", [])]
