"""The natural double count: the same thing entered at two levels of the tree, or by both sides."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import batched, chain
from typing import Any

from django.db.models import Q

from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Entry, State
from lianqiao.places.models import Node

# Keys a query: few queries, since each reads all that is held at the nodes.
CHUNK, MOST_NODES = 20_000, 200
Key = tuple[Any, ...]
LIVE = (State.SUBMITTED, State.APPROVED)


def twins(rows: Sequence[Entry]) -> dict[int, list[Entry]]:
    """Of rows of one ledger, by their id: other live rows of the same key at the same node, above it or below it."""
    return {row.pk: found for row, found in zip(rows, along(rows), strict=True) if found}


def along(rows: Sequence[Entry]) -> list[list[Entry]]:
    """The same for each row in turn, also of rows that are not entered yet."""
    if not rows or not rows[0].ledger.twins:
        return [[] for _ in rows]
    keys = [key_of(row) for row in rows]
    by_key = alike(rows, keys, state__in=LIVE)
    for row, key in zip(rows, keys, strict=True):
        if row.pk and row.state in LIVE:
            by_key[key].append(row)
    return [
        [other for other in by_key.get(key, ()) if other.pk != row.pk and on_one_line(other, row)]
        for row, key in zip(rows, keys, strict=True)
    ]


def alike(rows: Sequence[Entry], keys: Sequence[Key], **scope: Any) -> dict[Key, list[Entry]]:
    """What the ledger holds beside these rows, within a scope, under their keys (key_of), on their lines of the tree.

    Found by the first column of the key, as written or without spaces and differences of width; only what has the whole
    key becomes an entry.
    """
    model, wanted, own = type(rows[0]), set(keys), {row.pk for row in rows if row.pk}
    first, *_ = names = attributes(model)
    told = {*(getattr(row, first) for row in rows), *(key[0] for key in wanted)}
    held = model._base_manager.filter(near(rows), **scope).values_list("pk", *names)
    if own and max(own) - min(own) < len(own):  # entered at once: said in short, so that they are not read again
        held = held.exclude(pk__range=(min(own), max(own)))
    parts = [held.filter(**{f"{first}__in": some}) for some in batched(told - {None}, CHUNK)]
    parts += [held.filter(**{first: None})] if None in told else []
    pks = {
        pk for pk, *values in chain.from_iterable(part.iterator(CHUNK) for part in parts)
        if pk not in own and tuple(map(plain, values)) in wanted
    }  # fmt: skip
    found: dict[Key, list[Entry]] = defaultdict(list)
    for entry in loaded(model, pks):
        found[key_of(entry)].append(entry)
    return found


def loaded(model: type[Entry], pks: Iterable[int]) -> Iterator[Entry]:
    for some in batched(sorted(pks), CHUNK):
        yield from model._base_manager.filter(pk__in=some).select_related("node").order_by("pk")


def near(rows: Sequence[Entry]) -> Q:
    """At the nodes of these rows, above and below them. Of very many nodes: anywhere."""
    nodes = {row.node_id: row.node for row in rows}.values()
    if len(nodes) > MOST_NODES:
        return Q()
    condition = Q(node=None) if None in nodes else Q()
    paths, above = Q(pk__in=[]), set[int]()
    for node in filter(None, nodes):
        above.update(node.lineage())
        paths |= Q(path__startswith=node.path)
    below = set(Node.objects.filter(paths).values_list("pk", flat=True)) if above else set()
    return condition | Q(node__in=above | below) if above else condition


@cache
def attributes(model: type[Entry]) -> tuple[str, ...]:
    """Where a row holds its key, but for the node."""
    ledger = model.ledger
    return tuple(model._meta.get_field(name).attname for name in ledger.key if name != ledger.node_field)  # type: ignore[union-attr]


def key_of(entry: Entry) -> Key:
    """What proposes that two rows are one thing, wherever they stand in the tree."""
    return tuple([plain(getattr(entry, attribute)) for attribute in attributes(type(entry))])


def plain(value: Any) -> Any:
    """Texts without spaces and differences of width."""
    if not isinstance(value, str) or (value.isascii() and value.isalnum()):
        return value
    return "".join(unicodedata.normalize("NFKC", value).split())


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
