"""`verify`: the journal's own checks, the postings held against the entries that they came from, and what others add."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched

from lianqiao.journal import chain
from lianqiao.journal.audit import UNREADABLE, Finding, broken_rows, check_journal, suspects
from lianqiao.journal.book import Quantities, held, measure_ids, should
from lianqiao.journal.models import Posting, Transaction, Voucher
from lianqiao.ledger import erasing, evidence, history
from lianqiao.ledger.acts import wanted
from lianqiao.ledger.models import Change, Entry, State
from lianqiao.ledger.registry import ledgers

CHUNK = 500
ERASE = str(Change.Kind.ERASE)
WITH_DATA = (Change.Kind.CREATE, Change.Kind.EDIT, Change.Kind.REVISE, Change.Kind.ERASE)
CHECKS: list[Callable[[], Iterator[Finding]]] = []
"""What rooms below have checked too: they add theirs when they are ready."""


@dataclass(frozen=True)
class Report:
    """What `verify` found."""

    transactions: int
    postings: int
    head: str
    problems: list[Finding]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass
class Versions:
    """What the history keeps of one entry: its versions by their numbers, and the steps that erased."""

    held: dict[int, Change] = field(default_factory=dict)
    erasures: list[Change] = field(default_factory=list)

    def take(self, step: Change) -> None:
        """Takes the steps in, in their order."""
        if step.kind != ERASE or step.digest:
            self.held[step.version] = step
        if step.kind == ERASE:
            self.erasures.append(step)

    def is_erased(self, step: Change) -> bool:
        """Whether the last erasure came after the version and did not spare it."""
        last = self.erasures[-1] if self.erasures else None
        return last is not None and step.pk < last.pk and step.version != last.version

    def filled_in(self, version: int, sealed: Sequence[int]) -> Change | None:
        """The step of a version; of what an erasure has left, that of the version which stood before it."""
        step = self.held.get(version)
        if step is None or step.kind != ERASE:
            return step
        drafts = [s.version for s in self.held.values() if s.kind in (Change.Kind.CREATE, Change.Kind.EDIT)]
        return self.held.get(sealed[-1] if sealed else max(drafts, default=0))


def verify(held_head: str | None = None) -> Report:
    """Recomputes the postings from the entries, the chain and the balances from the postings, and names what differs;
    then what rooms below keep of the journal (CHECKS).

    held_head: a head "N:HASH" kept outside the database, that a rewritten chain cannot meet.
    """
    problems = [*check_entries(), *check_strays(), *check_left_behind(), *check_journal(held_head)]
    problems += [finding for check in CHECKS for finding in check()]
    return Report(Transaction.objects.count(), Posting.objects.count(), str(chain.head()), problems)


def check_entries() -> Iterator[Finding]:
    """Entries against their sealed versions, and postings against entries."""
    for model in ledgers().values():
        try:
            ids = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
            for chunk in batched(ids, CHUNK):
                yield from check_chunk(model, chunk)
            yield from check_orphans(model, set(ids))
        except UNREADABLE as error:
            yield from broken_rows((model, Change, Posting, Voucher), error)


def check_chunk(model: type[Entry], ids: Sequence[int]) -> Iterator[Finding]:
    code = model.ledger.code
    rows = list(model._base_manager.filter(pk__in=ids).select_related("node", "author", "approver").order_by("pk"))
    vouchers = vouchers_of(code, ids)
    steps: dict[int, Versions] = defaultdict(Versions)
    for change in Change.objects.filter(ledger=code, entry__in=ids, kind__in=WITH_DATA).order_by("pk"):
        steps[change.entry].take(change)
    have = held([(code, pk) for pk in ids])
    measures = measure_ids()
    for row in rows:
        told = (row, vouchers[row.pk], steps[row.pk])
        bad = [*check_versions(*told), *check_erasure(*told), *check_row(*told)]
        yield from bad
        if not bad:
            want = should(wanted(row, ""), measures) if row.state == State.APPROVED else {}
            yield from check_postings(row, want, have.get((code, row.pk), {}))


def vouchers_of(code: str, ids: Sequence[int]) -> dict[int, list[Voucher]]:
    """What the journal sealed of each entry, oldest first."""
    found: dict[int, list[Voucher]] = defaultdict(list)
    for voucher in Voucher.objects.filter(ledger=code, entry__in=ids).select_related("transaction").order_by("pk"):
        found[voucher.entry].append(voucher)
    return found


def check_versions(row: Entry, vouchers: Sequence[Voucher], steps: Versions) -> Iterator[Finding]:
    """Every version against its own digest, and every sealed one against the journal's. What was erased has its digest."""
    erased = any(voucher.transaction.kind == ERASE for voucher in vouchers)
    for version, step in steps.held.items():
        if step.payload is None and not (erased and steps.is_erased(step)):
            what = f"{row.number}：第 {version} 版的留底被清空，而账本里没有删除它的事务。"
            yield Finding("ledger_change", str(step.pk), what)
        elif step.payload is not None and history.seal(row, version, step.payload, step.salt) != step.digest:
            what = f"{row.number}：历史留底的第 {version} 版被改动，或编号被改动。"
            yield Finding("ledger_change", str(step.pk), what)
    for voucher in vouchers:
        kept = steps.held.get(voucher.version)
        if voucher.version and (kept is None or kept.digest != voucher.digest):
            what = f"{row.number}：第 {voucher.version} 版的留底与账本封存的不符。"
            yield Finding("ledger_change", str(kept.pk) if kept else "", what)


def check_erasure(row: Entry, vouchers: Sequence[Voucher], steps: Versions) -> Iterator[Finding]:
    """What was erased is gone, and the row, its history and the journal say alike whether it was."""
    for step in steps.held.values():
        if step.payload is not None and steps.is_erased(step):
            what = f"{row.number}：第 {step.version} 版已删除个人信息，留底却还在。"
            yield Finding("ledger_change", str(step.pk), what)
    told = [voucher.transaction_id for voucher in vouchers if voucher.transaction.kind == ERASE]
    left = steps.held.get(row.version)
    emptied = left is not None and left.kind == ERASE
    if len(told) != len(steps.erasures) or row.erased != (told[-1] if told and emptied else None):
        yield Finding(row._meta.db_table, str(row.pk), f"{row.number}：是否删除过个人信息，与账本或历史留底不符。")


def check_row(row: Entry, vouchers: Sequence[Voucher], steps: Versions) -> Iterator[Finding]:
    """The row against the version that counts."""
    table, pk = row._meta.db_table, str(row.pk)
    counts = row.state == State.APPROVED
    sealed = vouchers[-1].version if vouchers else 0
    if sealed != (row.version if counts else 0):
        yield Finding(table, pk, f"{row.number}：状态为“{row.state}”，与账本最后一张凭证不符。")
        return
    step = steps.held.get(row.version)
    if step is None:
        yield Finding(table, pk, f"{row.number}：第 {row.version} 版没有留底。")
        return
    if history.seal(row, row.version, history.snapshot(row), step.salt) != step.digest:
        yield Finding(table, pk, f"{row.number}：内容与留底的第 {row.version} 版不符，被绕过系统改动。")
    yield from check_people(row, vouchers, steps)
    for piece in row.evidence if counts else []:
        if not piece.get("erased") and not evidence.is_whole(piece["sha256"]):
            yield Finding(table, pk, f"{row.number}：佐证材料“{piece['name']}”不在或被改动。")


def check_people(row: Entry, vouchers: Sequence[Voucher], steps: Versions) -> Iterator[Finding]:
    """Who filled in and who approved, against the history and the journal."""
    table, pk = row._meta.db_table, str(row.pk)
    entered = [voucher for voucher in vouchers if voucher.transaction.kind != ERASE]
    step = steps.filled_in(row.version, [voucher.version for voucher in entered if voucher.version])
    if step is None or row.author.username != step.by:
        yield Finding(table, pk, f"{row.number}：填报人与历史留底不符（{step.by if step else '没有留底'}）。")
        return
    first = next((voucher for voucher in entered if voucher.version == step.version), None)
    if first and (row.approver is None or row.approver.username != first.transaction.by):
        yield Finding(table, pk, f"{row.number}：审核人与账本不符（{first.transaction.by}）。")


def check_postings(row: Entry, want: Quantities, have: Quantities) -> Iterator[Finding]:
    """Where an untouched entry and its postings disagree, it is the postings that were changed: names them."""
    wrong = {key for key in want.keys() | have.keys() if want.get(key) != have.get(key)}
    if not wrong:
        return
    expected = sum(want.get(k, 0) for k in wrong)
    found = sum(have.get(k, 0) for k in wrong)
    what = f"{row.number}：分录合计 {found}，按台账应为 {expected}。"
    rows = suspects((row.ledger.code, row.pk), wrong)
    if not rows:
        yield Finding("journal_posting", "", f"{what}应有的分录不见了。")
    for pk in rows:
        yield Finding("journal_posting", str(pk), what)


def check_orphans(model: type[Entry], ids: set[int]) -> Iterator[Finding]:
    """Postings and vouchers of rows that are no longer there."""
    code = model.ledger.code
    gone: set[int] = set(Change.objects.filter(ledger=code).values_list("entry", flat=True).distinct()) - ids
    gone |= set(Voucher.objects.filter(ledger=code).values_list("entry", flat=True).distinct()) - ids
    for entry in sorted(gone):
        yield Finding(model._meta.db_table, str(entry), "历史或账本里有这一行，台账里没有。")
    stray = set(Posting.objects.filter(ledger=code).values_list("entry", flat=True).distinct()) - ids
    for pk in Posting.objects.filter(ledger=code, entry__in=stray).order_by("pk").values_list("pk", flat=True):
        yield Finding("journal_posting", str(pk), "分录所指的台账行不存在。")


def check_left_behind() -> Iterator[Finding]:
    """Files of erased rows that are still there."""
    for row, sha256 in erasing.left_behind():
        what = f"{row.number}：已删除的佐证材料 {sha256} 还在。再对这一行运行一次 lianqiao erase。"
        yield Finding(row._meta.db_table, str(row.pk), what)


def check_strays() -> Iterator[Finding]:
    """Postings of ledgers that do not exist."""
    for pk in Posting.objects.exclude(ledger__in=ledgers()).order_by("pk").values_list("pk", flat=True):
        yield Finding("journal_posting", str(pk), "分录所指的台账不存在。")
