"""Parks, enterprises, and their money: from the enterprise's own row or row by row, never from both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.demo.rows.identity import credit_code
from lianqiao.fields.industry.models import Enterprise, Investment, Park
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from tests.fields.posted import posted
from tests.world import World, approved, fresh, revised, value

pytestmark = pytest.mark.data
LANDED, PRODUCING, PAID = date(2020, 3, 24), date(2021, 9, 1), date(2021, 5, 12)
CODE, OTHER = credit_code(1, "99"), credit_code(2, "99")
EVER = Period.cumulative(date(2021, 12, 31))


def enterprise(world: World, **values: Any) -> Enterprise:
    told = {"name": "示例公司", "credit_code": CODE, "agreed": 900, "paid_in": 500, "landed_on": LANDED}
    return Enterprise(**({"node": world.county} | told | values))


def investment(world: World, amount: int = 300, **values: Any) -> Investment:
    return Investment(node=world.county, **({"paid_on": PAID, "credit_code": CODE, "amount": amount} | values))


def invested(world: World, period: Period = EVER) -> int | None:
    return value("industry.investment", world.county, period)


def test_a_park_counts_when_it_was_begun(world: World) -> None:
    (row,) = approved(world, Park(node=world.county, name="示例园", started_on=LANDED))
    assert posted(row) == {("industry.parks", LANDED, 1)}


def test_each_thing_counts_on_its_own_day(world: World) -> None:
    (row,) = approved(world, enterprise(world, producing_on=PRODUCING, park="示例园", jobs=40, lifted_jobs=16))
    assert posted(row) == {
        ("industry.enterprises", LANDED, 1),
        ("industry.enterprises.producing", PRODUCING, 1),
        ("industry.enterprises.in_parks", LANDED, 1),
        ("industry.agreed", LANDED, 900),
        ("industry.investment", LANDED, 500),
        ("industry.jobs", LANDED, 40),
        ("industry.jobs.lifted", LANDED, 16),
    }


def test_an_enterprise_outside_the_parks_and_not_yet_producing(world: World) -> None:
    (row,) = approved(world, enterprise(world))
    assert {code for code, _, _ in posted(row)} == {"industry.enterprises", "industry.agreed", "industry.investment"}


def test_an_enterprise_that_two_nodes_report_counts_once(world: World) -> None:
    approved(world, enterprise(world, node=world.town), enterprise(world, node=world.other_town))
    assert [value("industry.enterprises", node, EVER) for node in (world.town, world.county)] == [1, 1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"producing_on": date(2020, 3, 23)}, "投产日期"),
        ({"jobs": 3, "lifted_jobs": 4}, "其中脱贫人口"),
    ],
)
def test_what_cannot_be_is_refused(world: World, values: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        acts.create([enterprise(world, **values)], world.jingjiang)


# Never both -----------------------------------------------------------------------------------------------------------


def test_without_rows_the_enterprise_says_what_was_paid_in(world: World) -> None:
    approved(world, enterprise(world))
    assert invested(world) == 500


def test_rows_that_come_later_take_the_place_of_the_enterprises_sum(world: World) -> None:
    (firm,) = approved(world, enterprise(world))
    approved(world, investment(world), investment(world, 100))
    assert invested(world) == 400
    assert [invested(world, Period.year(year)) for year in (2020, 2021)] == [0, 400]
    assert fresh(firm).by_rows
    assert verify().ok


def test_an_enterprise_that_comes_after_its_rows_adds_nothing(world: World) -> None:
    approved(world, investment(world))
    (firm,) = approved(world, enterprise(world))
    assert invested(world) == 300
    assert "industry.investment" not in {code for code, _, _ in posted(firm)}
    assert verify().ok


def test_rows_that_wait_take_nobodys_place(world: World) -> None:
    approved(world, enterprise(world))
    acts.create([investment(world)], world.jingjiang)
    assert invested(world) == 500


def test_rows_of_another_enterprise_take_nobodys_place(world: World) -> None:
    approved(world, enterprise(world))
    approved(world, investment(world, credit_code=OTHER))
    assert invested(world) == 800


def test_when_the_last_row_is_voided_the_enterprises_sum_comes_back(world: World) -> None:
    approved(world, enterprise(world))
    first, second = approved(world, investment(world), investment(world, 100))
    acts.void(first, world.yongshou, "重复")
    assert invested(world) == 100
    acts.void(fresh(second), world.yongshou, "重复")
    assert invested(world) == 500
    assert [invested(world, Period.year(year)) for year in (2020, 2021)] == [500, 0]
    assert verify().ok


def test_rows_after_a_void_take_the_place_again(world: World) -> None:
    approved(world, enterprise(world))
    (row,) = approved(world, investment(world))
    acts.void(row, world.yongshou, "重复")
    approved(world, investment(world, 70))
    assert invested(world) == 70


def test_an_enterprise_kept_by_rows_may_be_revised_without_being_counted_again(world: World) -> None:
    (firm,) = approved(world, enterprise(world))
    approved(world, investment(world))
    revised(world, firm, paid_in=300)
    assert invested(world) == 300
    assert verify().ok


def test_an_enterprise_given_another_code_counts_with_its_own_sum_again(world: World) -> None:
    (firm,) = approved(world, enterprise(world))
    approved(world, investment(world))
    revised(world, firm, credit_code=OTHER)
    assert invested(world) == 300 + 500
    assert verify().ok


def test_a_row_given_another_code_gives_the_first_enterprise_its_sum_back(world: World) -> None:
    approved(world, enterprise(world), enterprise(world, credit_code=OTHER, name="示例公司乙", paid_in=7))
    (row,) = approved(world, investment(world))
    revised(world, row, credit_code=OTHER)
    assert invested(world) == 500 + 300


def test_a_revised_row_moves_the_sum(world: World) -> None:
    approved(world, enterprise(world))
    (row,) = approved(world, investment(world))
    revised(world, row, amount=250)
    assert invested(world) == 250
