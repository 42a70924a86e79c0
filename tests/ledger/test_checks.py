"""What must hold within a row, whatever door it came through."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Donation
from lianqiao.fields.projects.models import Project
from lianqiao.ledger.checks import check
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.places.models import Node

HERE = Node(pk=1, path="1/", east="靖江市", west="永寿县")


def project(**values: Any) -> Project:
    told = {
        "code": "XM01",
        "name": "示例项目",
        "kind": "产业发展",
        "approved_on": date(2020, 1, 1),
        "planned_aid": 100,
    } | values
    return Project(node=HERE, **told)


def donation(**values: Any) -> Donation:
    told = {
        "donor": "示例公司",
        "kind": "资金",
        "amount": 100,
        "recipient": "永寿县",
        "received_on": date(2021, 1, 1),
    } | values
    return Donation(node=HERE, **told)


def visit(**values: Any) -> Visit:
    told = {
        "occurred_on": date(2021, 1, 1),
        "direction": "东部赴西部",
        "purpose": "对接",
        "leader": "示例",
        "people": 1,
    }
    return Visit(node=HERE, **(told | values))


def problems(row: Entry) -> list[tuple[str | None, str]]:
    return [(p.field, p.why) for p in check(row)]


@pytest.mark.parametrize("row", [project(), donation(), visit()])
def test_a_good_row_has_no_problems(row: Entry) -> None:
    assert problems(row) == []


@pytest.mark.parametrize("empty", [None, ""])
def test_a_required_column_must_be_filled(empty: Any) -> None:
    assert problems(donation(donor=empty)) == [("donor", "missing")]


@pytest.mark.django_db
@pytest.mark.parametrize("model", ledgers().values(), ids=ledgers())
def test_a_row_without_anything_is_refused_in_words(model: type[Entry]) -> None:
    row = model()
    for field in data_fields(model):
        setattr(row, field.attname, None)
    assert {p.why for p in check(row)} >= {"missing"}


def test_zero_is_filled() -> None:
    assert problems(project(planned_aid=0, households=0)) == []


def test_every_missing_column_is_named() -> None:
    row = project(code="", name="", approved_on=None)
    assert problems(row) == [("code", "missing"), ("name", "missing"), ("approved_on", "missing")]


def test_a_number_may_not_be_below_its_least() -> None:
    assert problems(visit(people=0)) == [("people", "bad_number")]
    assert problems(project(households=-1)) == [("households", "bad_number")]


def test_a_choice_must_be_one_of_its_words() -> None:
    assert problems(visit(direction="东部到西部")) == [("direction", "bad_choice")]


def test_the_message_says_what_may_be_chosen() -> None:
    (problem,) = check(visit(direction="东部到西部"))
    assert problem.message == "方向：“东部到西部”不在可选词内。可选：东部赴西部、西部赴东部。"


def test_a_choice_that_is_not_required_may_stay_empty() -> None:
    assert problems(visit(level="")) == []


ORDER = {
    "in order": ({"started_on": date(2020, 2, 1), "completed_on": date(2020, 3, 1)}, []),
    "on one day": ({"started_on": date(2020, 1, 1), "completed_on": date(2020, 1, 1)}, []),
    "before the first": ({"started_on": date(2019, 12, 31)}, [("started_on", "order_of_dates")]),
    "before the nearest that is filled": ({"accepted_on": date(2019, 1, 1)}, [("accepted_on", "order_of_dates")]),
    "two steps apart": (
        {"started_on": date(2020, 6, 1), "handed_over_on": date(2020, 5, 31)},
        [("handed_over_on", "order_of_dates")],
    ),
}


@pytest.mark.parametrize(("dates", "found"), ORDER.values(), ids=ORDER)
def test_dates_may_not_run_backwards(dates: dict[str, date], found: list[tuple[str, str]]) -> None:
    assert problems(project(**dates)) == found


def test_the_message_names_both_dates() -> None:
    (problem,) = check(project(started_on=date(2019, 12, 31)))
    assert problem.message == "开工日期（2019-12-31）早于立项日期（2020-01-01）。请核对日期。"


PARTS = {
    "less": ({"households": 10, "lifted_households": 9}, []),
    "as many": ({"households": 10, "lifted_households": 10}, []),
    "more": ({"households": 10, "lifted_households": 11}, [("lifted_households", "whole_part")]),
    "more than nothing": ({"people": 0, "lifted_people": 1}, [("lifted_people", "whole_part")]),
    "the whole not known": ({"lifted_people": 1}, []),
    "the part not known": ({"people": 5}, []),
}


@pytest.mark.parametrize(("values", "found"), PARTS.values(), ids=PARTS)
def test_a_part_may_not_exceed_its_whole(values: dict[str, int], found: list[tuple[str, str]]) -> None:
    assert problems(project(**values)) == found


def test_one_of_two_dates_must_be_filled() -> None:
    assert problems(donation(received_on=None)) == [("received_on", "missing")]
    assert problems(donation(received_on=None, pledged_on=date(2021, 1, 1))) == []


def test_a_text_may_not_be_longer_than_its_column() -> None:
    assert problems(visit(purpose="长" * 200)) == []
    assert problems(visit(purpose="长" * 201)) == [("purpose", "bad_text")]


def test_a_number_must_leave_room_for_sums() -> None:
    assert problems(project(planned_aid=10**15)) == [("planned_aid", "bad_number")]
