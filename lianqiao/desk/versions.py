"""The version of a row that is worked on, and what it changes."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from lianqiao.ledger import history
from lianqiao.ledger.history import Difference
from lianqiao.ledger.models import Change, Entry, State


def worked_on(entry: Entry) -> Entry:
    """The row as its waiting revision has it, if there is one; else as it is."""
    if entry.pending is None:
        return entry
    found = copy.copy(entry)
    history.restore(found, payloads(entry).get(entry.pending) or {})
    return found


def payloads(entry: Entry) -> dict[int, history.Payload]:
    steps = Change.objects.filter(ledger=entry.ledger.code, entry=entry.pk, payload__isnull=False)
    return {step.version: step.payload or {} for step in steps}


@dataclass(frozen=True)
class Changed:
    """What the version that is worked on changes, against the version `base`; 0 where it is the first."""

    base: int
    differences: tuple[Difference, ...]


def changed(entry: Entry) -> Changed:
    """A revision against the version that counts; what came back against the version before it."""
    held = payloads(entry)
    now = entry.pending or entry.version
    base = entry.version if entry.state == State.APPROVED else max((v for v in held if v < now), default=0)
    if not base or base == now or now not in held:
        return Changed(0, ())
    return Changed(base, tuple(history.compare(type(entry), held.get(base, {}), held[now])))
