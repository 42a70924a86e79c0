"""Two people at once: one of them is first, and the other waits or is told so. Each with a control that has no locks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from lianqiao.agreements.models import Pairing
from lianqiao.fields.employment.models import Job, Retention
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Allocation, Payment
from lianqiao.journal import chain
from lianqiao.journal.models import Posting, Transaction
from lianqiao.ledger import acts
from lianqiao.ledger.audit import verify
from lianqiao.ledger.models import Entry, State
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node
from lianqiao.workbooks.commit import bring_in
from tests.cli.books import book, trip
from tests.races.both import Meeting, at_once, broke
from tests.rows import ROWS
from tests.world import SINCE, World, approved, fresh, make_world, person, value, visit

pytestmark = [pytest.mark.data, pytest.mark.django_db(transaction=True)]
Meet = Callable[[Any, str], Meeting]


@pytest.fixture
def made() -> World:
    """A world that other connections see."""
    return make_world()


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Meet:
    return lambda owner, name: Meeting(monkeypatch, owner, name)


def entered(by: User, *rows: Entry) -> list[Entry]:
    """Rows that wait for review."""
    return acts.create(list(rows), by)


def second_reviewer(made: World) -> User:
    return person("second", Grant.Role.REVIEWER, made.county)


def names(*results: Any) -> list[str]:
    return sorted(type(result).__name__ for result in results)


# Two approvals of one row ---------------------------------------------------------------------------------------------


def two_approvals(made: World, meeting: Meeting) -> tuple[Any, Any]:
    (row,), second = entered(made.jingjiang, visit(made.county)), second_reviewer(made)
    return meeting.of(lambda: acts.approve([row], made.yongshou), lambda: acts.approve([row], second))


def test_a_row_approved_by_two_counts_once(made: World, meet: Meet) -> None:
    results = two_approvals(made, meet(acts, "waiting_versions"))
    assert names(*results) == ["Refused", "Transaction"]
    assert Posting.objects.filter(measure__code="visits.batches").count() == 1
    assert verify().problems == []


def test_without_locks_both_approve_it(made: World, meet: Meet) -> None:
    meeting = meet(acts, "waiting_versions")
    meeting.unlock()
    first, second = two_approvals(made, meeting)
    assert broke(first, second) or verify().problems  # a row with two approvers


# An edit during an approval -------------------------------------------------------------------------------------------


def revision_during_approval(made: World, meeting: Meeting) -> tuple[Visit, Any, Any]:
    """One person passes a revision of 7 people, another revises it to 8."""
    (row,) = approved(made, visit(made.county))
    acts.revise(row, {"people": 7}, made.jingjiang, "核对后更正")
    results = meeting.of(
        lambda: acts.approve([row], made.yongshou), lambda: acts.revise(row, {"people": 8}, made.jingjiang, "又更正")
    )
    return fresh(row), *results


def test_a_revision_during_the_approval_of_another_is_not_lost(made: World, meet: Meet) -> None:
    row, first, second = revision_during_approval(made, meet(acts, "waiting_versions"))
    assert names(first, second) == ["Transaction", "Visit"]
    assert (row.people, row.version, row.pending, row.pending_state) == (7, 2, 3, State.SUBMITTED)
    assert verify().problems == []


def test_without_locks_the_revision_is_lost(made: World, meet: Meet) -> None:
    meeting = meet(acts, "waiting_versions")
    meeting.unlock()
    row, first, second = revision_during_approval(made, meeting)
    assert broke(first, second) or row.pending is None


def edit_during_approval(made: World, meeting: Meeting) -> tuple[Visit, Any, Any]:
    """One person edits a returned row, another hands it in and passes it."""
    (row,) = acts.create([visit(made.county)], made.jingjiang)
    acts.send_back([row], made.yongshou, "请核对")

    def pass_it() -> Transaction:
        acts.submit([row], made.jingjiang)
        return acts.approve([row], made.yongshou)

    results = meeting.of(lambda: acts.edit(row, {"people": 9}, made.jingjiang), pass_it)
    return fresh(row), *results


def test_what_is_approved_is_what_the_edit_made_of_it(made: World, meet: Meet) -> None:
    row, first, second = edit_during_approval(made, meet(acts, "locked"))
    assert names(first, second) == ["Transaction", "Visit"]
    assert (row.state, row.people, value("visits.person_times", made.county)) == (State.APPROVED, 9, 9)
    assert verify().problems == []


def test_without_locks_the_edit_undoes_the_approval(made: World, meet: Meet) -> None:
    meeting = meet(acts, "locked")
    meeting.unlock()
    row, first, second = edit_during_approval(made, meeting)
    assert broke(first, second) or (row.state == State.RETURNED and verify().problems)


# Two payments at the cap ----------------------------------------------------------------------------------------------


def two_payments(made: World, meeting: Meeting) -> tuple[Any, Any]:
    """Two payments of 60 out of an allocation of 100."""

    def row(ledger: str, **more: Any) -> Entry:
        (new,) = entered(made.admin, put(ROWS[ledger](made.county), **more))
        return new

    for ledger, more in (("projects", {}), ("allocations", {"amount": 100})):
        acts.approve([row(ledger, **more)], made.other_admin)
    one, other = (row("payments", amount=60, voucher=f"示例{n}号") for n in (1, 2))
    return meeting.of(lambda: acts.approve([one], made.yongshou), lambda: acts.approve([other], made.other_admin))


def put(row: Entry, **values: Any) -> Entry:
    for name, told in values.items():
        setattr(row, name, told)
    return row


def paid_and_allocated() -> tuple[int, int]:
    rows = (model.objects.filter(state=State.APPROVED) for model in (Payment, Allocation))
    paid, allocated = (sum(some.values_list("amount", flat=True)) for some in rows)
    return paid, allocated


def test_two_payments_do_not_exceed_what_was_allocated(made: World, meet: Meet) -> None:
    results = two_payments(made, meet(Payment, "before_approval"))
    assert names(*results) == ["Refused", "Transaction"]
    assert paid_and_allocated() == (60, 100)
    assert verify().problems == []


def test_without_locks_they_do(made: World, meet: Meet) -> None:
    meeting = meet(Payment, "before_approval")
    meeting.unlock()
    first, second = two_payments(made, meeting)
    assert broke(first, second) or paid_and_allocated() == (120, 100)


# A pairing is voided while something is approved at it ---------------------------------------------------------------


def void_and_approval(made: World, meeting: Meeting) -> tuple[Any, Any]:
    rows = acts.create(
        [Pairing(east="示例东", west="示例西", level="县际", since=SINCE, node=made.province)], made.admin
    )
    acts.approve(rows, made.other_admin)
    (visited,) = entered(made.admin, ROWS["visits"](Node.objects.get(pairing=rows[0])))
    return meeting.of(
        lambda: acts.void(rows[0], made.other_admin, "建错"), lambda: acts.approve([visited], made.other_admin)
    )


def counted_at_void_pairings() -> int:
    return Visit.objects.filter(state=State.APPROVED, node__confirmed=False).count()


def test_nothing_is_approved_at_a_pairing_that_is_being_voided(made: World, meet: Meet) -> None:
    results = void_and_approval(made, meet(Pairing, "before_void"))
    assert names(*results) == ["Refused", "Transaction"]
    assert counted_at_void_pairings() == 0
    assert verify().problems == []


def test_without_locks_it_is(made: World, meet: Meet) -> None:
    meeting = meet(Pairing, "before_void")
    meeting.unlock()
    results = void_and_approval(made, meeting)
    assert broke(*results) or counted_at_void_pairings() == 1


# Two checks of one job ------------------------------------------------------------------------------------------------


def two_checks(made: World, meeting: Meeting) -> tuple[Any, Any]:
    """In post in June, and no longer in August."""
    job = cast(Job, ROWS["jobs"](made.county))
    acts.approve(entered(made.admin, job), made.other_admin)
    june, august = (
        acts.create([Retention(node=made.county, number_of_job=job, checked_on=on, in_post=there)], made.admin)
        for on, there in ((date(2021, 6, 1), True), (date(2021, 8, 1), False))
    )
    return meeting.of(lambda: acts.approve(august, made.yongshou), lambda: acts.approve(june, made.other_admin))


def test_of_two_checks_of_one_job_the_first_ends_with_the_second(made: World, meet: Meet) -> None:
    results = two_checks(made, meet(Retention, "after_approval"))
    assert names(*results) == ["Transaction", "Transaction"]
    assert value("labour.in_post", made.county) == 0
    assert verify().problems == []


def test_without_locks_the_first_goes_on(made: World, meet: Meet) -> None:
    meeting = meet(Retention, "after_approval")
    meeting.unlock()
    first, second = two_checks(made, meeting)
    assert broke(first, second) or value("labour.in_post", made.county) == 1


# The end of the chain -------------------------------------------------------------------------------------------------


def two_writers(made: World, meeting: Meeting) -> tuple[Any, Any]:
    one, other = (entered(made.jingjiang, visit(made.county, purpose=f"示例{n}")) for n in (1, 2))
    return meeting.of(lambda: acts.approve(one, made.yongshou), lambda: acts.approve(other, made.yongshou))


def test_two_writers_take_one_number_after_the_other(made: World, meet: Meet) -> None:
    before = Transaction.objects.count()
    results = two_writers(made, meet(chain, "head"))
    assert [result.number for result in results] == [before + 1, before + 2]
    assert verify().problems == []


def test_without_locks_both_take_the_same(made: World, meet: Meet) -> None:
    meeting = meet(chain, "head")
    meeting.unlock()
    first, second = two_writers(made, meeting)
    assert broke(first, second)


# Twenty writers and an import -----------------------------------------------------------------------------------------


def test_twenty_writers_and_an_import_lose_nothing(made: World, tmp_path: Path) -> None:
    before = Transaction.objects.count()
    path = book(tmp_path / "互访.xlsx", *(trip(事由=f"示例{n}", 人数=2) for n in range(40)))

    def write() -> list[str]:
        numbers = []
        for _ in range(2):
            (row,) = acts.create([visit(made.county, people=3)], made.jingjiang)
            acts.approve([row], made.yongshou, despite_twins=True)
            numbers.append(row.number)
        return numbers

    came, *written = at_once([lambda: bring_in(Visit, path, made.jingjiang, approver=made.yongshou), *[write] * 20])
    assert (came.refused, len(came.written)) == ([], 40)
    numbers = [*came.written, *(number for some in written for number in some)]
    assert len(set(numbers)) == Visit.objects.filter(state=State.APPROVED).count() == 80
    assert Transaction.objects.count() == Transaction.objects.latest("number").number == before + 41
    assert (value("visits.batches", made.county), value("visits.person_times", made.county)) == (80, 40 * 2 + 40 * 3)
    assert verify().problems == []
