"""The journal's own checks: the chain from the postings, the balances from the postings, the guards.

The third check of `verify`, the postings from the entries, is the ledgers' (ledger/audit.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.db.models import Model, Sum

from lianqiao.journal import balances, chain, closing, guards, presence, sets
from lianqiao.journal.book import Key, distinct_ids
from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.journal.models import Balance, Closing, MeasureRow, Posting, Presence, Transaction, Voucher
from lianqiao.places.models import Node

CHUNK = 5000
# What a damaged row makes of itself on the way out of the database.
UNREADABLE = (DatabaseError, ValueError, TypeError, LookupError, ValidationError)


@dataclass(frozen=True)
class Finding:
    """A row that disagrees: its table, its id, and what is wrong with it (Chinese)."""

    table: str
    row: str
    what: str


def check_journal(held_head: str | None = None) -> Iterator[Finding]:
    """Every disagreement within the journal, the guards first. held_head: "N:HASH" as it was written outside."""
    yield from check_guards()
    yield from check_measures()
    yield from check_closings()
    try:
        yield from check_chain()
        yield from check_balances()
        yield from check_presence()
    except UNREADABLE as error:
        yield from broken_rows((Transaction, Posting, Voucher, Balance, Presence), error)
    if held_head:
        yield from check_head(held_head)


def broken_rows(tables: Iterable[type[Model]], error: Exception) -> Iterator[Finding]:
    """After a table could not be read: each of its rows that cannot be read alone; where there is none, the error."""
    found = [Finding(t._meta.db_table, str(pk), "这一行读不出来：内容损坏。") for t in tables for pk in unreadable(t)]
    yield from found or [Finding("journal", "", f"账本读不下去：{error}")]


def unreadable(table: type[Model]) -> Iterator[Any]:
    for pk in table._base_manager.order_by("pk").values_list("pk", flat=True):
        try:
            list(table._base_manager.filter(pk=pk).values_list())
        except UNREADABLE:
            yield pk


def check_guards() -> Iterator[Finding]:
    for name in guards.missing(connection):
        yield Finding("trigger", name, "保护账本的触发器不在或被改动。重新运行 lianqiao upgrade 可放回。")


def check_measures() -> Iterator[Finding]:
    """Every declared measure has its row, and no row is of a measure that nobody declares."""
    declared = {m.code for m in MEASURES.values() if isinstance(m, Measure)}
    held = {code: pk for pk, code in MeasureRow.objects.values_list("pk", "code")}
    for code in sorted(declared - held.keys()):
        yield Finding("journal_measure", "", f"缺指标 {code}。")
    for code in sorted(held.keys() - declared):
        yield Finding("journal_measure", str(held[code]), f"没有这样的指标：{code}。")


def check_closings() -> Iterator[Finding]:
    """Every closing says what its transaction says."""
    told = dict(Transaction.objects.filter(kind="close").values_list("number", "why"))
    for held in Closing.objects.select_related("node"):
        why = told.pop(held.transaction_id, "")
        if not why.startswith(closing.sentence(held.node, held.until)):
            yield Finding("journal_closing", str(held.pk), "关账记录与其事务不符。")
    for number in told:
        yield Finding("journal_closing", "", f"缺关账记录：事务 {number}。")


def check_head(held: str) -> Iterator[Finding]:
    number, _, hash_ = held.partition(":")
    found = Transaction.objects.filter(number=int(number)).first() if number.isascii() and number.isdecimal() else None
    if found is None:
        yield Finding("journal_transaction", number, "所持的账本头在账本里没有这一笔。")
    elif found.hash != hash_.strip():
        yield Finding(
            "journal_transaction", number, f"散列与所持的账本头不同：账本 {found.hash}，所持 {hash_.strip()}。"
        )


def check_chain() -> Iterator[Finding]:
    """Recomputes every transaction's hash from its postings and vouchers, and that numbers run without a gap."""
    codes = dict(MeasureRow.objects.values_list("id", "code"))
    postings = Grouped(
        Posting.objects.order_by("transaction_id", "id").values_list(
            "transaction_id",
            "id",
            "measure_id",
            "version",
            "node_id",
            "on",
            "quantity",
            "subject",
            "bare",
            "ledger",
            "entry",
        )
    )
    vouchers = Grouped(
        Voucher.objects.order_by("transaction_id", "id").values_list(
            "transaction_id", "id", "ledger", "entry", "version", "digest"
        )
    )
    yield from check_sequence()
    previous, expected = chain.GENESIS, 1
    last: datetime | None = None
    for t in Transaction.objects.order_by("number").iterator(chunk_size=CHUNK):
        mine, backing = postings.of(t.number), vouchers.of(t.number)
        yield from check_transaction(t, mine, backing, codes, previous, expected)
        if last and t.recorded_at <= last:
            yield Finding("journal_transaction", str(t.number), "记账时间不晚于前一笔。")
        previous, expected, last = t.hash, t.number + 1, t.recorded_at
    for table, rest in (("journal_posting", postings.rest()), ("journal_voucher", vouchers.rest())):
        for row in rest:
            yield Finding(table, str(row[1]), f"所属事务 {row[0]} 不存在。")


def check_sequence() -> Iterator[Finding]:
    """Ids of postings and vouchers run without a gap, in the order of their transactions."""
    for model in (Posting, Voucher):
        at, last = 0, 0
        rows = model._base_manager.order_by("pk").values_list("pk", "transaction_id")
        for pk, transaction in rows.iterator(chunk_size=CHUNK):
            if pk != at + 1:
                yield Finding(model._meta.db_table, str(at + 1), f"第 {at + 1} 条不见了，其后是第 {pk} 条。")
            if transaction < last:
                yield Finding(model._meta.db_table, str(pk), f"事务号 {transaction} 小于前一条的 {last}。")
            at, last = pk, max(last, transaction)


def check_transaction(
    t: Transaction, postings: list[Any], vouchers: list[Any], codes: dict[int, str], previous: str, expected: int
) -> Iterator[Finding]:
    row = str(t.number)
    if t.number != expected:
        yield Finding("journal_transaction", row, f"事务号不连续：应为 {expected}。")
    if t.previous != previous:
        yield Finding("journal_transaction", row, "前一笔散列与前一笔事务不符。")
    lines = [chain.opening_line(t.number, t.recorded_at.astimezone(UTC), t.by, t.kind, t.why, t.late, t.previous)]
    lines += [chain.posting_line((p[1], codes.get(p[2], "?"), *p[3:])) for p in postings]
    lines += [chain.voucher_line(v[1:]) for v in vouchers]
    if len(postings) != t.postings or len(vouchers) != t.vouchers:
        yield Finding(
            "journal_transaction",
            row,
            f"分录或凭证数不符：记 {t.postings}、{t.vouchers}，有 {len(postings)}、{len(vouchers)}。",
        )
    elif chain.digest(lines) != t.hash:
        yield Finding("journal_transaction", row, "散列与所含分录、凭证不符：这一笔或其分录被改动。")


class Grouped:
    """Rows in the order of their first column, handed out group by group as a merge walks along."""

    def __init__(self, rows: Any) -> None:
        self.groups = groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[0])
        self.waiting: tuple[int, list[Any]] | None = self.next()

    def next(self) -> tuple[int, list[Any]] | None:
        found = next(self.groups, None)
        return (found[0], list(found[1])) if found else None

    def of(self, number: int) -> list[Any]:
        if self.waiting is None or self.waiting[0] != number:
            return []
        rows, self.waiting = self.waiting[1], self.next()
        return rows

    def rest(self) -> Iterator[Any]:
        while self.waiting:
            yield from self.waiting[1]
            self.waiting = self.next()


# Balances ------------------------------------------------------------------------------------------------------------


def check_balances() -> Iterator[Finding]:
    """Recomputes the balances from the postings and names each row that differs, is missing, or should not be there."""
    should = recomputed()
    names = {pk: code for code, pk in MeasureRow.objects.values_list("code", "id")}
    for pk, *span, quantity, in_year, bare, entries in balance_rows():
        node, grain, measure, start = span
        expected = should.pop((node, grain, measure, start), (0, 0, 0, 0))
        if (quantity, in_year, bare, entries) != expected:
            where = f"{names.get(measure, measure)}，结对 {node}，{start}"
            have = (quantity, in_year, bare, entries)
            yield Finding("journal_balance", str(pk), f"余额与分录不符（{where}）：记 {have}，应为 {expected}。")
    for (node, grain, measure, start), expected in should.items():
        if any(expected):
            what = f"缺余额：{names.get(measure, measure)}，结对 {node}，粒度 {grain}，{start}，应为 {expected}。"
            yield Finding("journal_balance", "", what)


def balance_rows() -> Iterable[Any]:
    fields = ("pk", "node_id", "grain", "measure_id", "start", "quantity", "in_year", "bare", "entries")
    return Balance.objects.order_by("pk").values_list(*fields).iterator(chunk_size=CHUNK)


Row = tuple[int, int, int, date]


def recomputed() -> dict[Row, tuple[int, int, int, int]]:
    """What the balances should be, straight from the postings."""
    distinct = distinct_ids()
    at_leaves, in_sight = balances.no_gains(), balances.no_gains()
    for measure, node, on, bare, known, net in posted_sums():
        if not (measure in distinct and known):
            amounts = (net, net if measure in distinct else 0, net if bare else 0, 0)
            balances.add(at_leaves[node], [((measure, on), amounts)])
    for measure, node, on in first_days():
        at_leaves[node][measure, on][3] += 1
    for measure, node, year, on, change in Presence.objects.values_list(
        "measure_id", "node_id", "year", "on", "change"
    ):
        gained = presence.gained((year, on, change), distinct[measure].stock)
        balances.add(in_sight[node], [((measure, on), (*gained, 0, 0))])
    gains = balances.rows(at_leaves, in_sight, Node.objects.all().lineages().values())
    return {row[:4]: row[4:] for row in gains}


def posted_sums() -> Iterable[tuple[int, int, date, bool, bool, int]]:
    """Net quantity by measure, node, day, detail, and whether the subject is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT measure_id, node_id, "on", bare, subject IS NOT NULL, SUM(quantity) FROM journal_posting'
            ' GROUP BY measure_id, node_id, "on", bare, subject IS NOT NULL'
        )
        rows = cursor.fetchall()
    return [(m, n, sets.as_date(on), bool(bare), bool(known), int(net)) for m, n, on, bare, known, net in rows]


def first_days() -> Iterable[tuple[int, int, date]]:
    """The day on which each entry first counts in each measure at its node."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT measure_id, node_id, MIN(day) FROM (SELECT ledger, entry, measure_id, node_id, "on" AS day'
            ' FROM journal_posting GROUP BY ledger, entry, measure_id, node_id, version, "on", subject, bare'
            " HAVING SUM(quantity) <> 0) a GROUP BY ledger, entry, measure_id, node_id"
        )
        return [(m, n, sets.as_date(on)) for m, n, on in cursor.fetchall()]


def check_presence() -> Iterator[Finding]:
    """Recomputes who came in sight when from the postings."""
    distinct, lineage = distinct_ids(), Node.objects.all().lineages()
    for measure, rule in distinct.items():
        should: dict[tuple[int, int], dict[date, int]] = defaultdict(dict)
        rows = Posting.objects.filter(measure=measure, subject__isnull=False).values_list("subject", "node_id", "on")
        for subject, leaf, on, net in rows.annotate(net=Sum("quantity")).exclude(net=0):
            for node in lineage[leaf]:
                days = should[node, subject]
                days[on] = days.get(on, 0) + net
        expected = {(n, s, *event) for (n, s), days in should.items() for event in presence.events(days, rule.stock)}
        yield from compare_presence(measure, expected)


def compare_presence(measure: int, expected: set[tuple[int, int, int, date, int]]) -> Iterator[Finding]:
    rows = Presence.objects.filter(measure=measure).values_list("pk", "node_id", "subject", "year", "on", "change")
    for pk, *found in rows.iterator(chunk_size=CHUNK):
        event = (found[0], found[1], found[2], found[3], found[4])
        if event in expected:
            expected.discard(event)
        else:
            yield Finding("journal_presence", str(pk), "去重记录与分录不符。")
    for node, _, year, on, _ in sorted(expected):
        yield Finding("journal_presence", "", f"缺去重记录：结对 {node}，{year or '累计'}，{on}。")


def suspects(source: tuple[str, int], keys: set[Key]) -> list[int]:
    """Ids of an entry's postings at these keys: the rows to look at where an entry and its postings disagree."""
    rows = Posting.objects.filter(ledger=source[0], entry=source[1]).order_by("id")
    return [p.pk for p in rows if Key(p.measure_id, p.version, p.node_id, p.on, p.subject, p.bare) in keys]
