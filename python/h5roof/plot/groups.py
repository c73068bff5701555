"""Cases that differ in a few factors and in nothing else."""


def groups_of(cases, *apart, keep=None):
    """{label: {operation: [cases]}}: cases that are equal in all factors but those named, in the order of the suite.
    keep(cases) chooses among the groups of an operation. The label says in what a group differs from the others.
    """
    members = {}
    for case in cases:
        key = tuple(v for f, v in case.factors.items() if f not in apart)
        members.setdefault(key, {}).setdefault(case.operation, []).append(case)
    kept = [{o: found for o, found in m.items() if keep is None or keep(found)} for m in members.values()]
    kept = [m for m in kept if m]
    return dict(zip(_labels([next(iter(m.values()))[0] for m in kept], apart), kept))


def _labels(cases, apart):
    """The factors in which these differ; where there is nothing to tell apart, the first case's driver."""
    names = [f for f in cases[0].factors if f not in apart] if cases else []
    varied = [f for f in names if len({c.factors.get(f) for c in cases}) > 1]
    if not varied:
        return [c.factors.get("driver") or c.name for c in cases]
    return ["/".join(f"{f}={c.factors.get(f) or 'none'}" for f in varied) for c in cases]
