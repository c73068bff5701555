"""Cases that differ in one factor and in nothing else."""

from .load import OPERATIONS

# a chunk shape comes with its layout, and columns that follow from others tell nothing apart
LONG = 60  # characters of a label


def groups_of(cases, *apart):
    """[(label, [cases])]: cases of one operation that are equal in all factors but those named, in the order of the
    suite. The label says in what the group differs from the others."""
    groups = {}
    for case in cases:
        key = tuple(v for f, v in case.factors.items() if f not in apart)
        groups.setdefault((case.operation, key), []).append(case)
    members = {}
    for (operation, key), found in groups.items():
        members.setdefault(key, {})[operation] = found
    labels = _labels([next(iter(m.values()))[0] for m in members.values()], apart)
    return [
        (
            label,
            {o: found[o] for o in OPERATIONS if o in found}
            | {o: f for o, f in found.items() if o not in OPERATIONS},
        )
        for label, found in zip(labels, members.values())
    ]


def _labels(cases, apart):
    """The factors in which these differ. Where nothing differs: the driver."""
    names = [f for f in cases[0].factors if f not in apart]
    varied = [f for f in names if len({c.factors.get(f) for c in cases}) > 1]
    if not varied:
        return [cases[0].factors.get("driver") or cases[0].name] * len(cases)
    return ["/".join(f"{f}={c.factors.get(f) or 'none'}" for f in varied) for c in cases]
