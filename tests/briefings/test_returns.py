"""A return through its life: filled, questioned, explained, reviewed, signed, sent, corrected; and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.agreements.targets import versions
from lianqiao.briefings import returns
from lianqiao.briefings.models import Duty, Kind, Question, Return
from lianqiao.briefings.returns_calendar import before, open_slots, period_of, periods, slots, year_before
from lianqiao.briefings.returns_checks import doubts, idle
from lianqiao.briefings.returns_lines import adding, compare, is_true, lines_of, read
from lianqiao.core.periods import Period
from lianqiao.fields.funds.models import Receipt
from lianqiao.journal.figures import known_at
from lianqiao.journal.models import Closing
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.people.models import Grant, User
from tests.rows import ROWS, entered
from tests.world import World, approved, person, revised, visit

MARCH = Period.month(2021, 3)
pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def signer(world: World) -> User:
    return person("signer", Grant.Role.COORDINATOR, world.county)


@pytest.fixture
def filled(world: World) -> Return:
    """The return of a month with one visit of nine people, after a month with one of four."""
    approved(
        world, visit(world.county, date(2021, 2, 9), 4, purpose="示例二月"), visit(world.county, date(2021, 3, 9), 9)
    )
    return returns.fill(world.county, Kind.MONTH, MARCH, world.jingjiang)


def sent(world: World, one: Return, signer: User) -> Return:
    returns.review(one, world.yongshou)
    returns.sign(one, signer)
    return returns.send(one, signer)


def line(one: Return, code: str) -> tuple[int | None, ...]:
    (found,) = [line for line in lines_of(one) if line.measure.code == code]
    return found.now, found.last, found.last_year, found.year, found.ever


def why(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value)


# The calendar ----------------------------------------------------------------------------------------------------------


@given(st.sampled_from(Kind.values), st.dates(date(1991, 1, 1), date(2190, 12, 31)))
def test_a_period_holds_its_day_touches_the_one_before_and_is_of_one_length(kind: str, day: date) -> None:
    period = period_of(kind, day)
    assert period.start is not None
    assert period.start <= day <= period.until
    assert (period.start - before(kind, period).until).days == 1
    assert year_before(kind, period).until.month == period.until.month


def test_what_is_due_begins_and_ends_with_the_duty(world: World) -> None:
    duty = Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 2, 1), until=date(2021, 4, 30))
    found = slots([duty], date(2021, 12, 31))
    assert [(slot.title, slot.due) for slot in found] == [
        ("2021年4月月报", date(2021, 5, 5)), ("2021年3月月报", date(2021, 4, 5)), ("2021年2月月报", date(2021, 3, 5)),
    ]  # fmt: skip
    assert found[0].left(date(2021, 5, 7)) == -2
    quarter = next(periods("quarter", date(2021, 2, 1), date(2021, 9, 30)))
    assert quarter.describe() == "2021-01-01至2021-03-31"


def test_what_was_sent_is_no_longer_open(world: World, filled: Return, signer: User) -> None:
    duty = Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 3, 1), until=date(2021, 3, 31))
    assert [slot.filed for slot in open_slots([duty], date(2021, 12, 31))] == [filled]
    sent(world, filled, signer)
    assert open_slots([duty], date(2021, 12, 31)) == []


# Figures ---------------------------------------------------------------------------------------------------------------


def test_a_line_stands_beside_the_last_period_and_the_year(filled: Return) -> None:
    assert line(filled, "visits.person_times") == (9, 4, 0, 13, 13)
    assert filled.state == Return.State.FILLED


def test_what_was_filled_stays_when_the_journal_moves(world: World, filled: Return) -> None:
    approved(world, visit(world.county, date(2021, 3, 20), 5, purpose="示例补录"))
    kept = Return.objects.get(pk=filled.pk)
    assert line(kept, "visits.person_times")[0] == 9
    assert is_true(kept)
    kept.lines[0]["now"] = 99
    assert not is_true(kept)


def test_a_return_of_one_node_and_of_forty_costs_the_same_queries(world: World, filled: Return) -> None:
    def queries() -> int:
        versions.cache_clear()
        with CaptureQueriesContext(connection) as seen:
            read(world.county, Kind.MONTH, MARCH)
        return len(seen)

    few = queries()
    approved(world, *(visit(world.town, date(2021, 3, day), day, purpose=f"示例{day}") for day in range(1, 29)))
    entered(world, "projects")
    assert queries() == few


def test_the_whole_is_what_the_towns_have_and_what_was_entered_above_them(world: World, filled: Return) -> None:
    approved(
        world, visit(world.town, date(2021, 3, 2), 3), visit(world.other_town, date(2021, 3, 4), 2, purpose="示例镇")
    )
    columns, found = adding(world.county, MARCH, known_at())
    people = next(one for one in found if one.measure.code == "visits.person_times")
    assert columns == [(world.town,), (world.other_town,)]
    assert (people.below, people.own, people.whole) == ((3, 2), 9, 14)
    assert all(one.adds_up for one in found)


# Through its life ------------------------------------------------------------------------------------------------------


def test_sent_by_three_people_it_closes_the_period(world: World, filled: Return, signer: User) -> None:
    assert sent(world, filled, signer).state == Return.State.SENT
    closing = Closing.objects.get()
    assert (closing.node, closing.until) == (world.county, MARCH.until)
    assert "上报2021年3月月报第1版" in closing.transaction.why


def test_a_duty_may_leave_the_period_open(world: World, filled: Return, signer: User) -> None:
    Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 1, 1), closes=False)
    sent(world, filled, signer)
    assert not Closing.objects.exists()


def test_what_is_sent_is_what_the_journal_says_when_it_is_closed(world: World, filled: Return, signer: User) -> None:
    returns.review(filled, world.yongshou)
    returns.sign(filled, signer)
    approved(world, visit(world.county, date(2021, 3, 20), 5, purpose="示例补录"))
    assert "重新取数" in why(lambda: returns.send(filled, signer))
    again = returns.refill(filled, world.jingjiang)
    assert (again.state, again.reviewer, line(again, "visits.person_times")[0]) == (Return.State.FILLED, None, 14)
    assert sent(world, again, signer).state == Return.State.SENT


def test_nobody_passes_what_he_filled_or_explained(world: World, filled: Return) -> None:
    admin, other = world.admin, world.other_admin
    mine = returns.fill(world.county, Kind.QUARTER, Period(date(2021, 1, 1), date(2021, 3, 31)), admin)
    assert "同一人" in why(lambda: returns.review(mine, admin))
    returns.review(mine, other)
    assert "同一人" in why(lambda: returns.sign(mine, admin))
    assert "审核与签发" in why(lambda: returns.sign(mine, other))
    asked = returns.ask(filled, "九人里有没有陪同？", world.yongshou)
    returns.answer(asked.questions.get(), "没有。", admin)
    assert "同一人" in why(lambda: returns.review(filled, admin))


def test_a_question_takes_the_signatures_back(world: World, filled: Return, signer: User) -> None:
    returns.review(filled, world.yongshou)
    returns.sign(filled, signer)
    asked = returns.ask(filled, "九人里有没有陪同？", signer)
    assert (asked.state, asked.reviewer, asked.coordinator) == (Return.State.QUESTIONED, None, None)
    assert "不能办这一步" in why(lambda: returns.review(filled, world.yongshou))
    done = returns.answer(asked.questions.get(), "没有，签到表上九人。", world.jingjiang)
    assert done.state == Return.State.EXPLAINED


def test_no_words_hold_an_id_number(world: World, filled: Return) -> None:
    asked = returns.ask(filled, "核对人数", world.yongshou).questions.get()
    number = "联系人 990000198001010017"
    acts_of = [
        lambda: returns.answer(asked, number, world.jingjiang),
        lambda: returns.ask(filled, number, world.yongshou),
        lambda: returns.write(filled, number, world.jingjiang),
    ]
    assert all("身份证号" in why(act) for act in acts_of)


def test_a_correction_says_what_changed_and_takes_the_place_of_what_was_sent(
    world: World, filled: Return, signer: User
) -> None:
    Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 1, 1), closes=False)
    old = sent(world, filled, signer)
    assert "没有变化" in why(lambda: returns.correct(old, world.jingjiang, "核对"))
    approved(world, visit(world.county, date(2021, 3, 20), 5, purpose="示例补录"))
    assert "缘由" in why(lambda: returns.correct(old, world.jingjiang, " "))
    new = returns.correct(old, world.jingjiang, "补录一批")
    changed = {(c.measure.code, c.column): (c.old, c.new) for c in compare(lines_of(old), lines_of(new))}
    assert changed["visits.person_times", "now"] == (9, 14)
    assert {code for code, _ in changed} == {
        "visits.batches", "visits.person_times", "visits.batches.to_west", "visits.person_times.to_west"
    }  # fmt: skip
    assert Return.objects.get(pk=old.pk).state == Return.State.SENT
    sent(world, new, signer)
    assert Return.objects.get(pk=old.pk).state == Return.State.CORRECTED


def test_answers_stay_with_questions_that_stay(world: World) -> None:
    entered(world, "receipts")
    first = returns.fill(world.county, Kind.YEAR, Period.year(2022), world.jingjiang)
    assert {q.kind for q in first.questions.all()} == {Question.Kind.IDLE, Question.Kind.LESS}
    for asked in first.questions.all():
        first = returns.answer(asked, "年初已下达，三季度支付。", world.jingjiang)
    assert first.state == Return.State.EXPLAINED
    entered(world, "allocations")
    assert returns.refill(first, world.jingjiang).state == Return.State.EXPLAINED
    entered_payment(world)
    again = returns.refill(first, world.jingjiang)
    assert {q.kind: bool(q.answer) for q in again.questions.all()} == {Question.Kind.LESS: True}


def entered_payment(world: World) -> None:
    """All that was received is paid."""
    (row,) = acts.create([ROWS["payments"](world.county)], world.admin)
    acts.approve([row], world.other_admin)


def test_a_period_that_goes_on_or_is_none_is_not_filled(world: World, settings: pytest.FixtureRequest) -> None:
    settings.TODAY = date(2021, 3, 30)  # type: ignore[attr-defined]
    assert "才结束" in why(lambda: returns.fill(world.county, Kind.MONTH, MARCH, world.jingjiang))
    odd = Period(date(2021, 1, 2), date(2021, 1, 31))
    assert "不按这一期间报" in why(lambda: returns.fill(world.county, Kind.MONTH, odd, world.jingjiang))


def test_a_return_is_filled_once(world: World, filled: Return) -> None:
    assert "已经填过" in why(lambda: returns.fill(world.county, Kind.MONTH, MARCH, world.jingjiang))


def test_strangers_find_nothing_and_readers_may_not(world: World, filled: Return) -> None:
    with pytest.raises(Http404):
        returns.refill(filled, world.stranger)
    with pytest.raises(PermissionDenied):
        returns.refill(filled, world.leader)
    with pytest.raises(PermissionDenied):
        returns.review(filled, world.jingjiang)


# Checks ----------------------------------------------------------------------------------------------------------------


def kinds(world: World, kind: Kind, period: Period, sent_lines: Return | None = None) -> dict[str, set[str]]:
    """Kind of question → the measures asked about."""
    found: dict[str, set[str]] = {}
    for one in doubts(read(world.county, kind, period), lines_of(sent_lines) if sent_lines else ()):
        found.setdefault(one.kind, set()).add(one.measure)
    return found


def test_behind_the_pace_of_its_target(world: World, filled: Return) -> None:
    entered(world, "targets")  # twenty visits in 2021, in the agreement of October
    assert Question.Kind.PACE not in kinds(world, Kind.MONTH, MARCH)
    assert kinds(world, Kind.YEAR, Period.year(2021))[Question.Kind.PACE] == {"visits.batches"}


def test_what_was_sent_is_more_than_there_is_now(world: World, filled: Return, signer: User) -> None:
    Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 1, 1), closes=False)
    sent(world, filled, signer)
    row = type(visit(world.county)).objects.get(people=9)
    revised(world, row, people=7)
    april = returns.fill(world.county, Kind.MONTH, Period.month(2021, 4), world.jingjiang)
    assert april.state == Return.State.QUESTIONED
    asked = {q.measure: q.text for q in april.questions.filter(kind=Question.Kind.FALLS)}
    assert asked["visits.person_times"] == "累计 11 人次，少于上期所报的 13 人次。"


def test_far_above_what_it_was_before(world: World) -> None:
    for month in range(5, 8):
        approved(world, visit(world.county, date(2021, month, 5), 4, purpose=f"示例{month}"))
    approved(world, visit(world.county, date(2021, 8, 5), 13, purpose="示例八月"))
    found = kinds(world, Kind.MONTH, Period.month(2021, 8))
    assert found == {Question.Kind.OUTLIER: {"visits.person_times"}}  # and not of its part too
    assert kinds(world, Kind.MONTH, Period.month(2021, 7)) == {}


def test_more_paid_than_received_is_asked_for(world: World) -> None:
    told = {"source": "县级财政", "amount": 1_000_000_00, "document": "示例〔2020〕1号", "year": 2020}
    approved(world, Receipt(node=world.county, received_on=date(2021, 4, 1), **told))
    entered(world, "payments")
    found = kinds(world, Kind.YEAR, Period.year(2021))
    assert found[Question.Kind.ADDS] == {"funds.payment_rate"}


def test_money_that_came_and_lies_idle(world: World) -> None:
    entered(world, "receipts")  # three million in April 2021
    assert idle(world.county, date(2022, 3, 31), known_at()) == 0
    assert idle(world.county, date(2022, 4, 30), known_at()) == 3_000_000_00


def test_less_fiscal_money_than_the_year_before(world: World) -> None:
    entered(world, "receipts")
    assert Question.Kind.LESS not in kinds(world, Kind.YEAR, Period.year(2021))
    assert kinds(world, Kind.YEAR, Period.year(2022))[Question.Kind.LESS] == {"funds.fiscal"}
