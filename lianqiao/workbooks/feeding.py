"""Which measures a ledger feeds: those that its postings() names, and what they are parts of."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.ledger.models import Entry


def fed_by(model: type[Entry]) -> list[Measure]:
    """The measures that rows of the ledger can move, in the order of their declaration; none for a ledger that only
    structures others. A ledger whose rows say themselves which measure they are of (期初数) feeds all."""
    named = set(measures_in(inspect.getclosurevars(model.postings).globals.values()))
    reached = {m.code for one in named for step in one.lineage for m in (step, *below(step))}
    return [m for m in MEASURES.values() if isinstance(m, Measure) and m.code in reached]


def measures_in(values: Iterable[Any]) -> Iterator[Measure]:
    for value in values:
        if isinstance(value, Measure):
            yield value
        elif isinstance(value, dict):
            yield from (held for held in value.values() if isinstance(held, Measure))


def below(measure: Measure) -> list[Measure]:
    """What a ledger reaches by `sub` or `also`: the measures whose code is this one's and a suffix."""
    return [child for child in measure.children() if child.code.startswith(f"{measure.code}.")]


def relation(measure: Measure) -> str:
    """How the measure stands to the one above it: “互访批次”的分项."""
    if measure.parent is None:
        return ""
    name = f"“{measure.parent.name}”"
    return {"part": f"{name}的分项", "cover": f"含在{name}里，去重", "subset": f"{name}的其中项"}[measure.relation]
