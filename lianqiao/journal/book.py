"""Writing the journal: one door, `sync`, posts the difference between what entries should have and what they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
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


class Wanted(NamedTuple):
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


Line = tuple[Key, int]  # where something is posted, and how much


@dataclass
class Moved:
    """What a transaction moves, gathered entry by entry.

    lines: what each entry posts. vouchers: entry, version and digest, in the order of the entries. nodes: where something
    counts. gains: what the balances of leaves gain. seen: the measures and subjects of distinct counts that it touches.
    """

    lines: dict[Source, list[Line]] = field(default_factory=dict)
    vouchers: list[tuple[str, int, int, str]] = field(default_factory=list)
    nodes: set[int] = field(default_factory=set)
    gains: balances.Gains = field(default_factory=balances.no_gains)
    seen: set[tuple[int, int]] = field(default_factory=set)


def sync(wanted: Iterable[Wanted], *, by: str, kind: str, why: str = "", into_closed: bool = False) -> Transaction:
    """Posts the difference for these entries as one transaction and returns it. Must run inside a database transaction.

    wanted: each entry once. by: who acts (username). kind: approve, void, undo, resync. why: the reason as people read it.
    into_closed: whether a closed period may be moved; where it may not, raises PeriodClosed and writes nothing. Raises
    Unconfirmed where something would count at a node that is not approved (any more): looked at under the lock, since a
    pairing may be voided at the same moment.
    """
    assert database.get_connection().in_atomic_block, "sync belongs to the act that changes the entries"
    chain.lock()
    distinct = distinct_ids()
    moved = gathered(wanted, distinct)
    require_confirmed(moved.nodes)
    closed = closing.touched((key.node, key.on) for lines in moved.lines.values() for key, _ in lines)
    if closed and not into_closed:
        raise closing.PeriodClosed(closed)
    written = write(moved, by=by, kind=kind, why=why, late=bool(closed))
    keep_balances(moved, distinct)
    head = chain.Head(written.number, written.hash, written.recorded_at)
    database.on_commit(lambda: chain.write_head(head))
    return written


def gathered(wanted: Iterable[Wanted], distinct: Container[int]) -> Moved:
    """What is posted for these entries: few of them are held at once beside it."""
    measures, moved, last = measure_ids(), Moved(), cache(last_posted)
    for some in batched(wanted, CHUNK):
        have = held([(w.ledger, w.entry) for w in some if w.entry <= last(w.ledger)])
        for w in some:
            source, want = (w.ledger, w.entry), should(w, measures)
            assert source not in moved.lines, "an entry is wanted once"
            had = have.get(source, {})
            moved.lines[source] = lines = sorted(difference(want, had), key=order)
            moved.vouchers.append((*source, w.version, w.digest))
            if want:
                moved.nodes.add(w.node)
            feel(moved, lines, distinct)
            count(moved.gains, want, 1)
            count(moved.gains, had, -1)
    return moved


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


def last_posted(ledger: str) -> int:
    """The highest id of an entry of the ledger that has postings: those beyond, entered just now, need not be asked for."""
    return Posting.objects.filter(ledger=ledger).aggregate(last=Max("entry"))["last"] or 0


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


def difference(want: Quantities, have: Quantities) -> Iterable[Line]:
    return changes(want, have) if have else want.items()


def changes(want: Quantities, have: Quantities) -> Iterator[Line]:
    for key, quantity in want.items():
        if more := quantity - have.get(key, 0):
            yield key, more
    for key in have.keys() - want.keys():
        yield key, -have[key]


def order(line: Line) -> tuple[object, ...]:
    measure, version, node, on, subject, bare = line[0]
    return on, measure, version, node, bare, subject or 0


def write(moved: Moved, *, by: str, kind: str, why: str, late: bool = False) -> Transaction:
    """Inserts the transaction with its postings and vouchers, hashed onto the chain. The chain must be locked."""
    last = chain.head()
    number, recorded_at = last.number + 1, moment_after(last.recorded_at)
    taken = chain.Digest([chain.opening_line(number, recorded_at, by, kind, why, late, last.hash)])
    codes = {row.id: row.code for row in MeasureRow.objects.all()}
    sets.insert(Posting, POSTING_FIELDS, hashed(posting_rows(number, last_id(Posting), moved.lines), codes, taken))
    vouchers = list(voucher_rows(number, last_id(Voucher), moved.vouchers))
    taken.add(chain.voucher_line((pk, *rest)) for pk, _, *rest in vouchers)
    written = Transaction(
        number=number, recorded_at=recorded_at, by=by, kind=kind, why=why, late=late,
        postings=sum(map(len, moved.lines.values())), vouchers=len(moved.vouchers), previous=last.hash, hash=taken.hexdigest(),
    )  # fmt: skip
    written.save(force_insert=True)
    sets.insert(Voucher, VOUCHER_FIELDS, vouchers)
    return written


def hashed(rows: Iterable[tuple[Any, ...]], codes: dict[int, str], taken: chain.Digest) -> Iterator[tuple[Any, ...]]:
    """The postings, each hashed as it goes by: they are many, and are not kept."""
    for some in batched(rows, 1000):
        taken.add(chain.posting_line((pk, codes[measure], *rest)) for pk, _, measure, *rest in some)
        yield from some


def moment_after(last: datetime | None) -> datetime:
    """Now, or a microsecond after the last transaction where the clock has gone back: recording is monotonic."""
    now = clock.now().astimezone(UTC)
    return now if last is None or now > last else last + timedelta(microseconds=1)


def last_id(model: type[Posting | Voucher]) -> int:
    return model.objects.aggregate(last=Max("id"))["last"] or 0


def posting_rows(number: int, last: int, lines: dict[Source, list[Line]]) -> Iterator[tuple[Any, ...]]:
    """The postings in the order in which they are hashed, entry by entry."""
    at = last
    for source in sorted(lines):
        for (measure, version, node, on, subject, bare), quantity in lines[source]:
            at += 1
            yield at, number, measure, version, node, on, quantity, subject, bare, *source


def voucher_rows(number: int, last: int, vouchers: Iterable[tuple[str, int, int, str]]) -> Iterator[tuple[Any, ...]]:
    for at, told in enumerate(vouchers, last + 1):
        yield at, number, *told


# Balances ------------------------------------------------------------------------------------------------------------


def feel(moved: Moved, lines: Iterable[Line], distinct: Container[int]) -> None:
    """Adds lines to what the balances of their leaves gain; who is counted once is only noted."""
    for (measure, _, node, on, subject, bare), quantity in lines:
        gained = moved.gains[node][measure, on]  # a row stands wherever something was ever posted
        if measure in distinct and subject is not None:
            moved.seen.add((measure, subject))
            continue
        gained[0] += quantity
        if measure in distinct:
            gained[1] += quantity
        if bare:
            gained[2] += quantity


def count(gains: balances.Gains, quantities: Quantities, sign: int) -> None:
    """Counts the entry where it first stands."""
    for key in first_days(quantities):
        gains[key.node][key.measure, key.on][3] += sign


def keep_balances(moved: Moved, distinct: dict[int, Measure]) -> None:
    """Adds what was posted to the balances of the leaf and each ancestor, by day, month and year."""
    in_sight = balances.no_gains()
    for node, measure, on, *amounts in presence.refresh(moved.seen, distinct):
        balances.add(in_sight[node], [((measure, on), (*amounts, 0, 0))])
    lineages = Node.objects.filter(pk__in={*moved.gains, *in_sight}).lineages()
    gained_rows = balances.rows(moved.gains, in_sight, lineages.values())
    sets.add_up(Balance, balances.KEYS, balances.SUMS, gained_rows)


def distinct_ids() -> dict[int, Measure]:
    """Measures that count each subject once, by the id of their row."""
    ids = measure_ids()
    return {ids[m.code]: m for m in MEASURES.values() if isinstance(m, Measure) and m.distinct and m.code in ids}


def first_days(quantities: Quantities) -> Iterable[Key]:
    """Where an entry first counts in each measure at its node: it is one entry there, and only there."""
    if len({key.measure for key in quantities}) == len(quantities):
        return quantities
    first: dict[tuple[int, int], Key] = {}
    for key in quantities:
        known = first.get((key.measure, key.node))
        if known is None or key.on < known.on:
            first[key.measure, key.node] = key
    return first.values()
