"""The natural double count: the same thing entered at two levels of the tree, or by both sides."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Entry, State

CHUNK = 500
LIVE = (State.SUBMITTED, State.APPROVED)


def twins(rows: Sequence[Entry]) -> dict[int, list[Entry]]:
    """Of rows of one ledger, by their id: other live rows of the same key at the same node, above it or below it."""
    if not rows or not rows[0].ledger.twins:
        return {}
    by_key: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
    for row in [*rows, *others(rows)]:
        by_key[key_of(row)].append(row)
    found = {row.pk: [o for o in by_key[key_of(row)] if o.pk != row.pk and on_one_line(o, row)] for row in rows}
    return {pk: alike for pk, alike in found.items() if alike}


def others(rows: Sequence[Entry]) -> Iterator[Entry]:
    """Live rows, but these, that share the first part of their key with one of them."""
    model, own = type(rows[0]), {row.pk for row in rows}
    first = model._meta.get_field(model.ledger.key[0]).attname  # type: ignore[union-attr]
    live = model._base_manager.filter(state__in=LIVE).select_related("node")
    if max(own) - min(own) + 1 == len(own):  # as rows have that were entered together
        live = live.exclude(pk__range=(min(own), max(own)))
    for values in batched(sorted({getattr(row, first) for row in rows}, key=str), CHUNK):
        yield from (other for other in live.filter(**{f"{first}__in": values}) if other.pk not in own)


def key_of(entry: Entry) -> tuple[Any, ...]:
    attributes = [entry._meta.get_field(name).attname for name in entry.ledger.key if name != entry.ledger.node_field]  # type: ignore[union-attr]
    return tuple(plain(getattr(entry, attribute)) for attribute in attributes)


def plain(value: Any) -> Any:
    """Texts without spaces and differences of width."""
    return "".join(unicodedata.normalize("NFKC", value).split()) if isinstance(value, str) else value


def on_one_line(one: Entry, other: Entry) -> bool:
    """Whether one's node lies at, above or below the other's: their numbers would be added up."""
    if one.node is None or other.node is None:
        return one.node_id == other.node_id
    return one.node.path.startswith(other.node.path) or other.node.path.startswith(one.node.path)


def problems(rows: Sequence[Entry]) -> list[Problem]:
    """The twins of rows about to be approved, for whoever approves to look at."""
    found = twins(rows)
    numbers = {row.pk: row.number for row in rows}
    told = []
    for pk, others in found.items():
        where = "、".join(f"{other.number}（{other.node or '—'}，{State(other.state).label}）" for other in others)
        told.append(
            Problem(None, "twin", f"{numbers[pk]}：与 {where} 同一关键内容，可能重复计数。确属两件事，再通过。")
        )
    return told
