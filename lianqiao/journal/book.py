"""Writing the journal: one door, `sync`, posts the difference between what entries should have and what they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Any, NamedTuple

from django.db import transaction as database
from django.db.models import Max, Sum

from lianqiao.journal import balances, chain, clock, closing, presence, sets
from lianqiao.journal.measures import MEASURES, Measure, Post
from lianqiao.journal.models import Balance, MeasureRow, Posting, Transaction, Voucher
from lianqiao.places.models import Node

CHUNK = 500
POSTING_FIELDS = (
    "id",
    "transaction",
    "measure",
    "version",
    "node",
    "on",
    "quantity",
    "subject",
    "bare",
    "ledger",
    "entry",
)
VOUCHER_FIELDS = ("id", "transaction", "ledger", "entry", "version", "digest")


@dataclass(frozen=True)
class Wanted:
    """What one entry should have in the journal, and the version of it that says so (0 and "": nothing any more)."""

    ledger: str
    entry: int
    node: int
    posts: tuple[Post, ...]
    version: int
    digest: str


class Key(NamedTuple):
    """Where a quantity stands: what is compared between should and have."""

    measure: int
    version: int
    node: int
    on: date
    subject: int | None
    bare: bool


Quantities = dict[Key, int]
Source = tuple[str, int]


class Line(NamedTuple):
    """A posting to be written."""

    source: Source
    key: Key
    quantity: int


def sync(wanted: Sequence[Wanted], *, by: str, kind: str, why: str = "", into_closed: bool = False) -> Transaction:
    """Posts the difference for these entries as one transaction and returns it. Must run inside a database transaction.

    by: who acts (username). kind: approve, void, undo, resync. why: the reason as people read it. into_closed: whether
    a closed period may be moved; where it may not, raises PeriodClosed and writes nothing. Raises Unconfirmed where
    something would count at a node that is not approved (any more): looked at under the lock, since a pairing may be
    voided at the same moment.
    """
    assert database.get_connection().in_atomic_block, "sync belongs to the act that changes the entries"
    chain.lock()
    measures = measure_ids()
    have = held([(w.ledger, w.entry) for w in wanted])
    want = {(w.ledger, w.entry): should(w, measures) for w in wanted}
    require_confirmed({w.node for w in wanted if want[w.ledger, w.entry]})
    lines = [line for source in want for line in difference(source, want[source], have.get(source, {}))]
    closed = closing.touched({(line.key.node, line.key.on) for line in lines})
    if closed and not into_closed:
        raise closing.PeriodClosed(closed)
    written = write(lines, wanted, by=by, kind=kind, why=why, late=bool(closed))
    keep_balances(lines, have, want)
    head = chain.Head(written.number, written.hash, written.recorded_at)
    database.on_commit(lambda: chain.write_head(head))
    return written


class Unconfirmed(Exception):
    """Nothing counts at these nodes."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        super().__init__("、".join(map(str, nodes)))


def require_confirmed(nodes: Iterable[int]) -> None:
    if found := list(Node.objects.filter(pk__in=nodes, confirmed=False)):
        raise Unconfirmed(found)


def measure_ids() -> dict[str, int]:
    return dict(MeasureRow.objects.values_list("code", "id"))


def should(wanted: Wanted, measures: dict[str, int]) -> Quantities:
    """What the entry should have, added up by key."""
    quantities: Quantities = defaultdict(int)
    for post in wanted.posts:
        version = post.measure.version_at(post.on)
        key = Key(measures[post.measure.code], version, wanted.node, post.on, post.subject, post.bare)
        quantities[key] += post.quantity
    return {key: quantity for key, quantity in quantities.items() if quantity}


def held(sources: Iterable[Source]) -> dict[Source, Quantities]:
    """What entries have in the journal, net."""
    by_ledger: dict[str, list[int]] = defaultdict(list)
    for ledger, entry in sources:
        by_ledger[ledger].append(entry)
    found: dict[Source, Quantities] = defaultdict(dict)
    for ledger, entries in by_ledger.items():
        for chunk in batched(entries, CHUNK):
            rows = Posting.objects.filter(ledger=ledger, entry__in=chunk).values_list(
                "entry", "measure_id", "version", "node_id", "on", "subject", "bare"
            )
            for entry, *key, quantity in rows.annotate(net=Sum("quantity")).exclude(net=0):
                found[ledger, entry][Key(*key)] = quantity
    return found


def difference(source: Source, want: Quantities, have: Quantities) -> Iterator[Line]:
    for key, quantity in want.items():
        if more := quantity - have.get(key, 0):
            yield Line(source, key, more)
    for key in have.keys() - want.keys():
        yield Line(source, key, -have[key])


def order(line: Line) -> tuple[object, ...]:
    key = line.key
    return (*line.source, key.on, key.measure, key.version, key.node, key.bare, key.subject or 0)


def write(
    lines: list[Line], wanted: Sequence[Wanted], *, by: str, kind: str, why: str, late: bool = False
) -> Transaction:
    """Inserts the transaction with its postings and vouchers, hashed onto the chain. The chain must be locked."""
    last = chain.head()
    number, recorded_at = last.number + 1, moment_after(last.recorded_at)
    codes = {row.id: row.code for row in MeasureRow.objects.all()}
    lines.sort(key=order)
    postings = list(posting_rows(number, lines))
    vouchers = list(voucher_rows(number, wanted))
    hashed = chain_lines(
        chain.opening_line(number, recorded_at, by, kind, why, late, last.hash), codes, postings, vouchers
    )
    written = Transaction(
        number=number, recorded_at=recorded_at, by=by, kind=kind, why=why, late=late, postings=len(postings), vouchers=len(vouchers),
        previous=last.hash, hash=chain.digest(hashed),
    )  # fmt: skip
    written.save(force_insert=True)
    sets.insert(Posting, POSTING_FIELDS, postings)
    sets.insert(Voucher, VOUCHER_FIELDS, vouchers)
    return written


def chain_lines(
    opening: str, codes: dict[int, str], postings: Iterable[tuple[Any, ...]], vouchers: Iterable[tuple[Any, ...]]
) -> Iterator[str]:
    """What the transaction's hash is taken over, line by line."""
    yield opening
    for pk, _, measure, *rest in postings:
        yield chain.posting_line((pk, codes[measure], *rest))
    for pk, _, *rest in vouchers:
        yield chain.voucher_line((pk, *rest))


def moment_after(last: datetime | None) -> datetime:
    """Now, or a microsecond after the last transaction where the clock has gone back: recording is monotonic."""
    now = clock.now().astimezone(UTC)
    return now if last is None or now > last else last + timedelta(microseconds=1)


def posting_rows(number: int, lines: Iterable[Line]) -> Iterator[tuple[Any, ...]]:
    first = (Posting.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    for at, line in enumerate(lines, first):
        k = line.key
        yield at, number, k.measure, k.version, k.node, k.on, line.quantity, k.subject, k.bare, *line.source


def voucher_rows(number: int, wanted: Iterable[Wanted]) -> Iterator[tuple[Any, ...]]:
    first = (Voucher.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    for at, w in enumerate(wanted, first):
        yield at, number, w.ledger, w.entry, w.version, w.digest


# Balances ------------------------------------------------------------------------------------------------------------


def keep_balances(lines: Iterable[Line], have: dict[Source, Quantities], want: dict[Source, Quantities]) -> None:
    """Adds what was posted to the balances of the leaf and each ancestor, by day, month and year."""
    at_leaves, in_sight = balances.no_gains(), balances.no_gains()
    distinct = distinct_ids()
    seen: set[tuple[int, int]] = set()
    for _, (measure, _, node, on, subject, bare), quantity in lines:
        gained = at_leaves[node][measure, on]  # a row stands wherever something was ever posted
        if measure in distinct and subject is not None:
            seen.add((measure, subject))
            continue
        gained[0] += quantity
        gained[1] += quantity if measure in distinct else 0
        gained[2] += quantity if bare else 0
    for sign, kept in ((1, want), (-1, have)):
        for quantities in kept.values():
            for key in first_days(quantities):
                at_leaves[key.node][key.measure, key.on][3] += sign
    for node, measure, on, *amounts in presence.refresh(seen, distinct):
        balances.add(in_sight[node], [((measure, on), (*amounts, 0, 0))])
    lineages = Node.objects.filter(pk__in={*at_leaves, *in_sight}).lineages()
    gained_rows = balances.rows(at_leaves, in_sight, lineages.values())
    sets.add_up(Balance, balances.KEYS, balances.SUMS, gained_rows)


def distinct_ids() -> dict[int, Measure]:
    """Measures that count each subject once, by the id of their row."""
    ids = measure_ids()
    return {ids[m.code]: m for m in MEASURES.values() if isinstance(m, Measure) and m.distinct and m.code in ids}


def first_days(quantities: Quantities) -> Iterable[Key]:
    """Where an entry first counts in each measure at its node: it is one entry there, and only there."""
    first: dict[tuple[int, int], Key] = {}
    for key in quantities:
        known = first.get((key.measure, key.node))
        if known is None or key.on < known.on:
            first[key.measure, key.node] = key
    return first.values()
