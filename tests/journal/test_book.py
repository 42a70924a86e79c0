"""Writing the journal: differences, transactions without a gap, the chain, the head outside the database."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from lianqiao.journal import clock
from lianqiao.journal.audit import check_journal
from lianqiao.journal.book import sync
from lianqiao.journal.models import Posting, Transaction, Voucher
from lianqiao.ledger.audit import verify
from lianqiao.places.models import Node
from tests.journal.posting import EMPTY, node, post
from tests.world import code

pytestmark = [pytest.mark.data, pytest.mark.django_db]
DAY = date(2021, 10, 12)
BATCHES, PEOPLE = code("visits.batches"), code("visits.person_times")


def written(made: Transaction) -> list[tuple[str, date, int]]:
    rows = Posting.objects.filter(transaction=made).order_by("id")
    return list(rows.values_list("measure__code", "on", "quantity"))


def test_what_an_entry_should_have_is_posted() -> None:
    made = post(node(), BATCHES(1, DAY), PEOPLE(9, DAY))
    assert sorted(written(made)) == [("visits.batches", DAY, 1), ("visits.person_times", DAY, 9)]


def test_a_correction_posts_the_difference_alone() -> None:
    here = node()
    post(here, BATCHES(1, DAY), PEOPLE(9, DAY))
    assert written(post(here, BATCHES(1, DAY), PEOPLE(7, DAY))) == [("visits.person_times", DAY, -2)]


def test_another_day_takes_back_the_first() -> None:
    here, other = node(), date(2021, 11, 1)
    post(here, BATCHES(1, DAY))
    assert written(post(here, BATCHES(1, other))) == [("visits.batches", DAY, -1), ("visits.batches", other, 1)]


def test_another_node_takes_back_the_first() -> None:
    here, there = node(), node()
    post(here, BATCHES(1, DAY))
    made = post(there, BATCHES(1, DAY))
    assert set(Posting.objects.filter(transaction=made).values_list("node", "quantity")) == {
        (here.pk, -1),
        (there.pk, 1),
    }


def test_nothing_wanted_takes_everything_back() -> None:
    here = node()
    post(here, BATCHES(1, DAY), PEOPLE(9, DAY))
    assert sorted(written(post(here))) == [("visits.batches", DAY, -1), ("visits.person_times", DAY, -9)]


def test_the_same_again_posts_nothing_but_is_on_record() -> None:
    here = node()
    post(here, BATCHES(1, DAY))
    made = post(here, BATCHES(1, DAY), version=2)
    assert written(made) == []
    assert list(Voucher.objects.filter(transaction=made).values_list("entry", "version")) == [(1, 2)]


def test_equal_posts_of_one_entry_add_up() -> None:
    assert written(post(node(), PEOPLE(4, DAY), PEOPLE(5, DAY))) == [("visits.person_times", DAY, 9)]


def test_one_entry_leaves_another_alone() -> None:
    here = node()
    post(here, BATCHES(1, DAY), entry=1)
    post(here, BATCHES(1, DAY), entry=2)
    assert Posting.objects.filter(entry=1).count() == 1


def test_numbers_run_without_a_gap() -> None:
    here = node()
    for entry in range(1, 6):
        post(here, BATCHES(1, DAY), entry=entry)
    assert list(Transaction.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


class Interrupted(Exception):
    """What stops an act half-way."""


@transaction.atomic
def post_and_fail(here: Node, entry: int) -> None:
    post(here, BATCHES(1, DAY), entry=entry)
    raise Interrupted


def test_an_act_that_fails_leaves_no_gap() -> None:
    here = node()
    post(here, BATCHES(1, DAY))
    with pytest.raises(Interrupted):
        post_and_fail(here, entry=2)
    assert post(here, BATCHES(1, DAY), entry=3).number == 2


def test_ids_of_postings_run_on_from_one_transaction_to_the_next() -> None:
    here = node()
    for entry in range(1, 4):
        post(here, BATCHES(1, DAY), PEOPLE(entry, DAY), entry=entry)
    rows = Posting.objects.order_by("id").values_list("id", "transaction")
    assert list(rows) == [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3)]


def test_a_transaction_says_who_when_and_why() -> None:
    moment = datetime(2021, 10, 12, 9, 30, tzinfo=clock.SHANGHAI)
    with clock.at(moment):
        number = post(node(), BATCHES(1, DAY), why="会后补录").number
    made = Transaction.objects.get(number=number)
    assert (made.by, made.kind, made.why, made.recorded_at) == ("示例", "approve", "会后补录", moment)


@pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1), timedelta(days=365)])
def test_recording_is_monotonic_though_the_clock_goes_back(back: timedelta) -> None:
    here, moment = node(), datetime(2021, 10, 12, tzinfo=UTC)
    for entry, at in enumerate((moment, moment - back, moment - back), 1):
        with clock.at(at):
            post(here, BATCHES(1, DAY), entry=entry)
    times = list(Transaction.objects.values_list("recorded_at", flat=True))
    assert times == sorted(set(times))
    assert times[0] == moment


def test_the_clock_going_forward_again_is_believed() -> None:
    here, moment = node(), datetime(2021, 10, 12, tzinfo=UTC)
    for entry, at in enumerate((moment, moment - timedelta(days=9), moment + timedelta(days=1)), 1):
        with clock.at(at):
            post(here, BATCHES(1, DAY), entry=entry)
    assert Transaction.objects.get(number=3).recorded_at == moment + timedelta(days=1)


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def chain_by_hand() -> list[tuple[int, str]]:
    """The whole chain from what stands in the tables, by the description of it and none of its code."""
    codes = dict(rows("SELECT id, code FROM journal_measure"))
    previous, found = "0" * 64, []
    for number, recorded_at, by, kind, why in list(
        Transaction.objects.order_by("number").values_list("number", "recorded_at", "by", "kind", "why")
    ):
        moment = recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
        lines = [json.dumps([number, moment, by, kind, why, previous], ensure_ascii=False)]
        for pk, measure, *middle, subject, bare, ledger, entry in rows(
            'SELECT id, measure_id, version, node_id, "on", quantity, subject, bare, ledger, entry'
            f" FROM journal_posting WHERE transaction_id = {number} ORDER BY id"
        ):
            told = [pk, codes[measure], *middle, "" if subject is None else subject, 1 if bare else 0, ledger, entry]
            lines.append("|".join(["P", *map(str, told)]))
        for voucher in rows(
            f"SELECT id, ledger, entry, version, digest FROM journal_voucher WHERE transaction_id = {number} ORDER BY id"
        ):
            lines.append("|".join(["V", *map(str, voucher)]))
        previous = hashlib.sha256("".join(f"{line}\n" for line in lines).encode("utf-8")).hexdigest()
        found.append((number, previous))
    return found


def test_the_chain_can_be_recomputed_by_hand() -> None:
    here = node()
    post(here, BATCHES(1, DAY), PEOPLE(9, DAY), why="示例“一”|\n")
    post(here, code("talent.education")(1, DAY, -(2**62), also="to_west"), entry=2)
    post(here, entry=1)
    stored = list(Transaction.objects.order_by("number").values_list("number", "hash"))
    assert chain_by_hand() == stored
    assert list(check_journal()) == []


def test_each_transaction_holds_the_hash_of_the_one_before() -> None:
    here = node()
    made = [post(here, BATCHES(1, DAY), entry=entry) for entry in (1, 2, 3)]
    assert [t.previous for t in made] == ["0" * 64, made[0].hash, made[1].hash]


def test_posting_outside_a_database_transaction_is_refused() -> None:
    class Outside:
        in_atomic_block = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lianqiao.journal.book.database.get_connection", Outside)
        with pytest.raises(AssertionError, match="belongs to the act"):
            sync([], by="示例", kind="approve")


def test_the_head_is_written_outside_the_database(
    settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.HEADS_FILE = tmp_path / "new folder" / "heads.txt"
    here = node()
    with django_capture_on_commit_callbacks(execute=True):
        made = [post(here, BATCHES(1, DAY), entry=entry) for entry in (1, 2)]
    assert settings.HEADS_FILE.read_text().splitlines() == [f"{t.number}:{t.hash}" for t in made]


def test_no_head_is_written_for_what_did_not_happen(
    settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.HEADS_FILE = tmp_path / "heads.txt"
    here = node()
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Interrupted):
        post_and_fail(here, entry=1)
    assert not settings.HEADS_FILE.exists()


def test_an_entry_without_postings_still_leaves_its_voucher() -> None:
    made = post(node())
    assert (made.postings, made.vouchers) == (0, 1)
    assert Voucher.objects.get().digest == EMPTY


def test_an_empty_journal_is_sound() -> None:
    report = verify()
    assert (report.ok, report.transactions, report.head) == (True, 0, f"0:{'0' * 64}")
