"""`verify` finds whatever was changed behind the system's back, and says where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models, transaction
from pytest_django import DjangoDbBlocker, Settings

from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.models import Balance, MeasureRow, Posting, Presence, Transaction, Voucher
from lianqiao.ledger import acts, history
from lianqiao.ledger.audit import Report, verify
from lianqiao.ledger.evidence import keep, path_of
from lianqiao.ledger.models import Change, Entry, State
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.people.models import User
from tests.rows import ROWS, entered
from tests.tampering import execute, rewrite_chain, settle
from tests.world import World, approved, fresh, revised, stay, value, visit

pytestmark = pytest.mark.data
SIGNED = b"signed"


@pytest.fixture(scope="module")
def books_of_module(world_of_module: World, django_db_blocker: DjangoDbBlocker) -> World:
    """A journal with something of everything: a revision, a void, a person twice, evidence, a total without detail."""
    with django_db_blocker.unblock():
        world = world_of_module
        rows = approved(
            world,
            visit(world.town, date(2021, 3, 1), 7, evidence=[keep(SIGNED, "签到表.pdf", "签到表")]),
            visit(world.county, date(2021, 10, 12), 11),
            visit(world.county, date(2020, 10, 12), 13),
        )
        revised(world, rows[0], people=8)
        acts.void(fresh(rows[2]), world.yongshou, "重复")
        approved(world, stay(world.town, date(2020, 3, 1), "1"), stay(world.other_town, date(2021, 3, 1), "1"))
        approved(world, ROWS["opening"](world.county))
        acts.create([visit(world.county, purpose="待审")], world.jingjiang)
    return world


@pytest.fixture
def books(books_of_module: World, db: None, settings: Settings, tmp_path: Path) -> World:
    settings.EVIDENCE_DIR = tmp_path
    keep(SIGNED, "签到表.pdf", "签到表")
    return deepcopy(books_of_module)


def named(report: Report | None = None) -> set[tuple[str, str]]:
    """What verify found: table and row."""
    report = report or verify()
    assert report.ok == (not report.problems)
    return {(p.table, p.row) for p in report.problems}


def set_column(model: type[models.Model], pk: Any, column: str, told: Any) -> None:
    key = model._meta.pk.column
    assert execute(f'UPDATE {model._meta.db_table} SET "{column}" = %s WHERE {key} = %s', [told, pk]) == 1


def delete(model: type[models.Model], pk: Any) -> None:
    key = model._meta.pk.column
    assert execute(f"DELETE FROM {model._meta.db_table} WHERE {key} = %s", [pk]) == 1


@contextmanager
def undone() -> Iterator[None]:
    """What happens in here is undone at its end."""
    with transaction.atomic():
        yield
        settle()
        transaction.set_rollback(True)


def test_a_journal_that_nobody_touched_is_sound(books: World) -> None:
    report = verify()
    assert (report.ok, report.problems) == (True, [])
    assert (report.transactions, report.postings) == (Transaction.objects.count(), Posting.objects.count())
    last = Transaction.objects.last()
    assert last
    assert report.head == f"{last.number}:{last.hash}"


# Postings -------------------------------------------------------------------------------------------------------------


def posting(measure: str, quantity: int) -> Posting:
    return Posting.objects.filter(measure__code=measure, quantity=quantity).earliest("id")


POSTING_COLUMNS = {
    "id": lambda p, world: 5000,
    "measure_id": lambda p, world: MeasureRow.objects.get(code="honours.count").pk,
    "version": lambda p, world: 2,
    "node_id": lambda p, world: world.elsewhere.pk,
    "on": lambda p, world: date(2021, 3, 2),
    "quantity": lambda p, world: 9,
    "subject": lambda p, world: 42,
    "bare": lambda p, world: True,
    "entry": lambda p, world: p.entry + 1,
    "ledger": lambda p, world: "receipts",
}


@pytest.mark.parametrize("column", POSTING_COLUMNS)
def test_a_changed_posting_is_named(books: World, column: str) -> None:
    row = posting("visits.person_times.to_west", 7)
    set_column(Posting, row.pk, column, POSTING_COLUMNS[column](row, books))
    found = named()
    assert ("journal_posting", str(row.pk)) in found
    assert ("journal_transaction", str(row.transaction_id)) in found


MORE_POSTINGS = {
    "its quantity set to nothing": ("quantity", 0),
    "its quantity turned round": ("quantity", -7),
    "its entry made one that is not there": ("entry", 999_999),
    "its ledger made one that is not there": ("ledger", "不存在"),
}


@pytest.mark.parametrize(("column", "told"), MORE_POSTINGS.values(), ids=MORE_POSTINGS)
def test_a_posting_is_named_with(books: World, column: str, told: Any) -> None:
    row = posting("visits.person_times.to_west", 7)
    set_column(Posting, row.pk, column, told)
    assert ("journal_posting", str(row.pk)) in named()


def test_another_subject_is_named(books: World) -> None:
    row = posting("talent.education", 1)
    set_column(Posting, row.pk, "subject", 42)
    assert ("journal_posting", str(row.pk)) in named()


def test_a_posting_moved_to_another_transaction_is_noticed_in_both(books: World) -> None:
    row = posting("visits.person_times.to_west", 7)
    set_column(Posting, row.pk, "transaction_id", row.transaction_id + 1)
    numbers = {str(row.transaction_id), str(row.transaction_id + 1)}
    assert {("journal_transaction", number) for number in numbers} <= named()


def test_a_deleted_posting_is_named(books: World) -> None:
    row = posting("visits.person_times.to_west", 7)
    delete(Posting, row.pk)
    assert {("journal_posting", str(row.pk)), ("journal_transaction", str(row.transaction_id))} <= named()


def test_the_last_posting_deleted_is_noticed_in_its_transaction(books: World) -> None:
    row = Posting.objects.latest("id")
    delete(Posting, row.pk)
    assert ("journal_transaction", str(row.transaction_id)) in named()


def test_a_posting_slipped_in_is_noticed(books: World) -> None:
    last = Posting.objects.latest("id")
    columns = 'transaction_id, measure_id, version, node_id, "on", quantity, subject, bare, ledger, entry'
    execute(
        f"INSERT INTO journal_posting (id, {columns}) SELECT id + 1, {columns} FROM journal_posting WHERE id = %s",
        [last.pk],
    )
    assert ("journal_transaction", str(last.transaction_id)) in named()


# Balances and presences -----------------------------------------------------------------------------------------------

BALANCE_COLUMNS = {
    "quantity": lambda b, world: b.quantity + 1,
    "in_year": lambda b, world: b.in_year + 1,
    "bare": lambda b, world: b.bare + 1,
    "entries": lambda b, world: b.entries + 1,
    "start": lambda b, world: date(2019, 1, 1),
    "grain": lambda b, world: 7,
    "node_id": lambda b, world: world.elsewhere.pk,
    "measure_id": lambda b, world: MeasureRow.objects.get(code="honours.count").pk,
}


@pytest.mark.parametrize("column", BALANCE_COLUMNS)
@pytest.mark.parametrize("measure", ["visits.person_times", "talent.total"])
@pytest.mark.parametrize("grain", [Balance.DAY, Balance.MONTH, Balance.YEAR], ids=["day", "month", "year"])
def test_a_changed_balance_is_named(books: World, column: str, measure: str, grain: int) -> None:
    row = (
        Balance.objects.filter(measure__code=measure, grain=grain, node=books.prefecture)
        .exclude(quantity=0)
        .latest("pk")
    )
    set_column(Balance, row.pk, column, BALANCE_COLUMNS[column](row, books))
    assert ("journal_balance", str(row.pk)) in named()


def test_a_deleted_balance_is_noticed(books: World) -> None:
    delete(Balance, Balance.objects.filter(measure__code="visits.batches").exclude(quantity=0).latest("pk").pk)
    assert {table for table, _ in named()} == {"journal_balance"}


PRESENCE_COLUMNS = {
    "subject": lambda p, world: 42,
    "year": lambda p, world: 1999,
    "on": lambda p, world: p.on - timedelta(days=1),
    "change": lambda p, world: -1,
    "node_id": lambda p, world: world.elsewhere.pk,
    "measure_id": lambda p, world: MeasureRow.objects.get(code="talent.agri").pk,
}


@pytest.mark.parametrize("column", PRESENCE_COLUMNS)
def test_a_changed_presence_is_named(books: World, column: str) -> None:
    row = Presence.objects.filter(measure__code="talent.total", node=books.county, year=0).get()
    set_column(Presence, row.pk, column, PRESENCE_COLUMNS[column](row, books))
    assert ("journal_presence", str(row.pk)) in named()


def test_a_deleted_presence_is_noticed(books: World) -> None:
    delete(Presence, Presence.objects.filter(measure__code="talent.total").latest("pk").pk)
    assert "journal_presence" in {table for table, _ in named()}


# Transactions and vouchers --------------------------------------------------------------------------------------------

TRANSACTION_COLUMNS = {
    "recorded_at": lambda t: t.recorded_at + timedelta(microseconds=1),
    "by": lambda t: "admin",
    "kind": lambda t: "resync",
    "why": lambda t: f"{t.why}。",
    "postings": lambda t: t.postings + 1,
    "vouchers": lambda t: t.vouchers + 1,
    "previous": lambda t: "f" * 64,
    "hash": lambda t: "f" * 64,
}


@pytest.mark.parametrize("column", TRANSACTION_COLUMNS)
@pytest.mark.parametrize("last", [False, True], ids=["in the middle", "the last"])
def test_a_changed_transaction_is_named(books: World, column: str, last: bool) -> None:
    row = Transaction.objects.order_by("-number")[0 if last else 2]
    set_column(Transaction, row.number, column, TRANSACTION_COLUMNS[column](row))
    assert ("journal_transaction", str(row.number)) in named()


VOUCHER_COLUMNS = {
    "id": lambda v: v.pk + 5000,
    "transaction_id": lambda v: v.transaction_id + 1,
    "ledger": lambda v: "receipts",
    "entry": lambda v: v.entry + 1,
    "version": lambda v: v.version + 1,
    "digest": lambda v: "f" * 64,
}


@pytest.mark.parametrize("column", VOUCHER_COLUMNS)
def test_a_changed_voucher_is_noticed_in_its_transaction(books: World, column: str) -> None:
    row = Voucher.objects.filter(ledger="visits", version=1).earliest("pk")
    set_column(Voucher, row.pk, column, VOUCHER_COLUMNS[column](row))
    assert ("journal_transaction", str(row.transaction_id)) in named()


def test_a_deleted_voucher_is_named(books: World) -> None:
    row = Voucher.objects.filter(ledger="visits").earliest("pk")
    delete(Voucher, row.pk)
    assert {("journal_voucher", str(row.pk)), ("journal_transaction", str(row.transaction_id))} <= named()


def test_measures_exchanged_under_the_postings_are_noticed(books: World) -> None:
    row = MeasureRow.objects.get(code="visits.batches")
    set_column(MeasureRow, row.pk, "code", "visits.renamed")
    first = Posting.objects.filter(measure=row).earliest("id").transaction_id
    assert ("journal_transaction", str(first)) in named()


# Entries --------------------------------------------------------------------------------------------------------------


def other(field: models.Field[Any, Any], held: Any) -> Any:
    """Another value that the column can hold."""
    if isinstance(field, models.ForeignKey):
        return None if field.null else another(field.related_model, held)
    if isinstance(field, models.BooleanField):
        return not held
    if isinstance(field, models.DateField):
        return held + timedelta(days=1) if held else date(2021, 1, 1)
    if isinstance(field, models.IntegerField):
        return (held or 0) + 1
    return f"{held}0"[-1:] if field.choices else f"{held}改"[-(field.max_length or 999) :]


def another(model: Any, pk: int) -> int:
    """A second row of a ledger, so that one that names the first can name it instead."""
    row = model._base_manager.get(pk=pk)
    row.pk, row.number = None, f"{row.number}-2"
    row.save()
    return int(row.pk)


@pytest.mark.parametrize("ledger", ROWS)
def test_every_changed_column_of_an_entry_is_named(world: World, ledger: str) -> None:
    row = entered(world, ledger)
    model, unnoticed = ledgers()[ledger], []
    for field in data_fields(model):
        with undone():
            set_column(model, row.pk, field.column, other(field, getattr(row, field.attname)))
            if (model._meta.db_table, str(row.pk)) not in named():
                unnoticed.append(field.name)
    assert unnoticed == []


COMMON = {
    "number": lambda row, world: "HF-2021-9999",
    "node_id": lambda row, world: world.elsewhere.pk,
    "notes": lambda row, world: "后补",
    "evidence": lambda row, world: "[]",
    "author_id": lambda row, world: world.admin.pk,
    "approver_id": lambda row, world: world.admin.pk,
}


@pytest.mark.parametrize("column", COMMON)
def test_a_changed_common_column_is_named(books: World, column: str) -> None:
    row = Visit.objects.get(people=8)
    set_column(Visit, row.pk, column, COMMON[column](row, books))
    assert named() & {("exchange_visit", str(row.pk)), ("ledger_change", first_change(row))}


def first_change(row: Entry) -> str:
    return str(Change.objects.filter(ledger=row.ledger.code, entry=row.pk, payload__isnull=False).earliest("pk").pk)


STATES = {
    "an approved row taken out": ({"people": 8}, {"state": State.SUBMITTED, "posted_version": None}),
    "an approved row voided": ({"people": 8}, {"state": State.VOID, "posted_version": None}),
    "an older version put back": ({"people": 8}, {"version": 1, "posted_version": 1}),
}


@pytest.mark.parametrize(("which", "told"), STATES.values(), ids=STATES)
def test_another_state_is_named(books: World, which: dict[str, Any], told: dict[str, Any]) -> None:
    row = Visit.objects.get(**which)
    Visit.objects.filter(pk=row.pk).update(**told)
    assert ("exchange_visit", str(row.pk)) in named()


def test_a_voided_row_brought_back_is_named(books: World) -> None:
    row = Visit.objects.get(state=State.VOID)
    Visit.objects.filter(pk=row.pk).update(state=State.APPROVED, posted_version=row.version)
    assert ("exchange_visit", str(row.pk)) in named()


def test_a_row_that_waits_is_held_against_its_history_too(books: World) -> None:
    row = Visit.objects.get(state=State.SUBMITTED)
    Visit.objects.filter(pk=row.pk).update(people=99)
    assert ("exchange_visit", str(row.pk)) in named()


@pytest.mark.parametrize("state", [State.APPROVED, State.VOID, State.SUBMITTED])
def test_a_deleted_entry_is_named(books: World, state: str) -> None:
    row = Visit.objects.filter(state=state).latest("pk")
    delete(Visit, row.pk)
    assert ("exchange_visit", str(row.pk)) in named()


def test_the_approver_after_a_resync(books: World) -> None:
    acts.resync(Visit, books.admin, "核对")
    row = Visit.objects.get(people=8)
    set_column(Visit, row.pk, "approver_id", books.admin.pk)
    assert ("exchange_visit", str(row.pk)) in named()


def test_a_changed_earlier_version_is_named(books: World) -> None:
    row = Visit.objects.get(people=8)
    first = Change.objects.get(ledger="visits", entry=row.pk, version=1)
    Change.objects.filter(pk=first.pk).update(payload={**(first.payload or {}), "people": 70})
    assert ("ledger_change", str(first.pk)) in named()


def test_an_earlier_version_rewritten_with_its_digest(books: World) -> None:
    row = Visit.objects.get(people=8)
    first = Change.objects.get(ledger="visits", entry=row.pk, version=1)
    payload = {**(first.payload or {}), "people": 70}
    Change.objects.filter(pk=first.pk).update(payload=payload, digest=history.seal(row, 1, payload, first.salt))
    assert ("ledger_change", str(first.pk)) in named()


def test_a_version_that_somebody_else_is_said_to_have_filled_in(books: World) -> None:
    row = Visit.objects.get(people=8)
    Change.objects.filter(ledger="visits", entry=row.pk, version=2).update(by="admin")
    assert named()


# Evidence -------------------------------------------------------------------------------------------------------------


def test_a_changed_evidence_file_is_named_with_its_row(books: World) -> None:
    row = Visit.objects.get(people=8)
    path_of(row.evidence[0]["sha256"]).write_bytes(SIGNED.upper())
    (problem,) = verify().problems
    assert (problem.table, problem.row) == ("exchange_visit", str(row.pk))
    assert "签到表.pdf" in problem.what


def test_a_missing_evidence_file_is_named_with_its_row(books: World) -> None:
    row = Visit.objects.get(people=8)
    path_of(row.evidence[0]["sha256"]).unlink()
    assert named() == {("exchange_visit", str(row.pk))}


# The head held outside ------------------------------------------------------------------------------------------------


def test_the_head_that_was_written_down_is_met(books: World) -> None:
    assert verify(verify().head).ok


def test_an_older_head_is_met_by_a_longer_journal(books: World) -> None:
    head = verify().head
    approved(books, visit(books.county))
    assert verify(head).ok


def spans_of(day: date) -> list[tuple[int, date]]:
    """The balances that a day is in: grain and first day."""
    return [(Balance.DAY, day), (Balance.MONTH, day.replace(day=1)), (Balance.YEAR, day.replace(month=1, day=1))]


def falsify(row: Visit, people: int) -> None:
    """Makes a visit's people others than they were, everywhere and consistently, as one who knows the code could."""
    was = row.people
    row.people = people
    version = Change.objects.get(ledger="visits", entry=row.pk, version=row.version)
    payload = history.snapshot(row)
    seal = history.seal(row, row.version, payload, version.salt)
    execute("UPDATE exchange_visit SET people = %s WHERE id = %s", [people, row.pk])
    execute("UPDATE ledger_change SET payload = %s, digest = %s WHERE id = %s", [json.dumps(payload), seal, version.pk])
    execute("UPDATE journal_voucher SET digest = %s WHERE digest = %s", [seal, version.digest])
    lines = Posting.objects.filter(ledger="visits", entry=row.pk, quantity=was)
    for line in lines:
        execute("UPDATE journal_posting SET quantity = %s WHERE id = %s", [people, line.pk])
        for grain, start in spans_of(line.on):
            for node in line.node.lineage():
                execute(
                    'UPDATE journal_balance SET quantity = quantity + %s WHERE node_id = %s AND measure_id = %s AND "start" = %s'
                    " AND grain = %s",
                    [people - was, node, line.measure_id, start, grain],
                )
    rewrite_chain()


def test_a_rewritten_chain_passes_within_and_is_caught_by_the_head(books: World) -> None:
    head = verify().head
    falsify(Visit.objects.get(people=11), 1100)
    assert verify().problems == []
    assert value("visits.person_times", books.province) == 1108
    assert named(verify(head)) == {("journal_transaction", head.partition(":")[0])}


def test_a_head_from_before_the_falsified_transaction_does_not_catch_it(books: World) -> None:
    """So heads are written out with every transaction, and the last one held is the one to ask with."""
    row = Visit.objects.get(people=11)
    first = Posting.objects.filter(ledger="visits", entry=row.pk).earliest("id").transaction_id
    earlier = Transaction.objects.get(number=first - 1)
    falsify(row, 1100)
    assert verify(f"{earlier.number}:{earlier.hash}").ok


def test_a_journal_cut_off_at_its_end_is_caught_by_the_head(books: World) -> None:
    (row,) = acts.create([visit(books.county, purpose="将被抹去")], books.jingjiang)
    number = acts.approve([row], books.yongshou).number
    head = verify().head
    found = named_after_cutting_off(number, row.pk)
    assert found == set()
    assert named(verify(head)) == {("journal_transaction", str(number))}


def named_after_cutting_off(number: int, entry: int) -> set[tuple[str, str]]:
    """Takes the last transaction and its entry out of everything, and returns what verify says of the rest."""
    for line in Posting.objects.filter(transaction=number):
        for node in line.node.lineage():
            for grain, start in spans_of(line.on):
                execute(
                    "UPDATE journal_balance SET quantity = quantity - %s, entries = entries - 1"
                    ' WHERE node_id = %s AND measure_id = %s AND grain = %s AND "start" = %s',
                    [line.quantity, node, line.measure_id, grain, start],
                )
    for table in ("journal_posting", "journal_voucher"):
        execute(f"DELETE FROM {table} WHERE transaction_id = %s", [number])
    execute("DELETE FROM journal_transaction WHERE number = %s", [number])
    execute("DELETE FROM exchange_visit WHERE id = %s", [entry])
    execute("DELETE FROM ledger_change WHERE ledger = 'visits' AND entry = %s", [entry])
    return named()


@pytest.mark.parametrize("head", ["不是账本头", "1", "1:", ":", "99999999999999999999:ab", "²:ab", "-1:ab"])
def test_what_is_no_head_of_this_journal_is_said_so(books: World, head: str) -> None:
    assert {table for table, _ in named(verify(head))} == {"journal_transaction"}


def test_it_is_the_user_and_not_the_username_that_is_kept_in_the_row(books: World) -> None:
    """A renamed account is noticed: the journal speaks of people by their usernames."""
    User.objects.filter(username="jingjiang").update(username="renamed")
    assert not verify().ok
