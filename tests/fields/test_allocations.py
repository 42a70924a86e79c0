"""Money assigned to projects and paid out for them: a project is never paid more than it was allocated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.funds.models import Allocation, Payment
from lianqiao.fields.projects.models import Project
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import State
from tests.fields.posted import posted
from tests.rows import ROWS
from tests.world import World, approved, fresh, revised, told, value

pytestmark = pytest.mark.data
ALLOCATED, PAID = date(2020, 4, 1), date(2021, 7, 1)
CAP = 4_000_000_00
OVERPAID = "超过安排"


def project(world: World, code: str = "XM01") -> Project:
    made = ROWS["projects"](world.county)
    assert isinstance(made, Project)
    made.code = code
    return approved(world, made)[0]


def allocation(of: Project, amount: int = CAP, **values: Any) -> Allocation:
    given = {"allocated_on": ALLOCATED, "document": f"示例{amount}"} | values
    return Allocation(node=of.node, project=of, amount=amount, **given)


def payment(of: Project, amount: int, **values: Any) -> Payment:
    given = {"paid_on": PAID, "payee": "示例公司", "voucher": f"示例{amount}"} | values
    return Payment(node=of.node, project=of, amount=amount, **given)


def test_an_allocation_and_a_payment_count_on_their_own_days(world: World) -> None:
    one = project(world)
    (given,), (spent,) = approved(world, allocation(one)), approved(world, payment(one, CAP))
    assert posted(given) == {("funds.allocated", ALLOCATED, CAP)}
    assert posted(spent) == {("funds.paid", PAID, CAP)}
    assert [value("funds.paid", world.county, Period.year(year)) for year in (2020, 2021)] == [0, CAP]


def test_neither_is_money_received(world: World) -> None:
    one = project(world)
    approved(world, allocation(one))
    approved(world, payment(one, CAP))
    assert value("funds.total", world.county) is None


def test_the_rate_is_what_was_paid_of_what_has_arrived_over_all_years(world: World) -> None:
    one = project(world)
    assert told("funds.payment_rate", world.county).value is None
    approved(world, ROWS["receipts"](world.county))
    approved(world, allocation(one))
    approved(world, payment(one, 2_000_000_00))
    found = told("funds.payment_rate", world.county, Period.year(2021))
    assert (found.over, found.value) == ((2_000_000_00, 3_000_000_00), 6667)


# The cap: approving ---------------------------------------------------------------------------------------------------


def test_a_project_is_paid_up_to_the_last_fen(world: World) -> None:
    one = project(world)
    approved(world, allocation(one))
    approved(world, payment(one, CAP))
    with pytest.raises(Refused, match=f"XM01.*{OVERPAID}"):
        approved(world, payment(one, 1))


def test_a_project_without_an_allocation_is_paid_nothing(world: World) -> None:
    with pytest.raises(Refused, match=OVERPAID):
        approved(world, payment(project(world), 1))


def test_payments_that_are_passed_together_are_taken_together(world: World) -> None:
    one = project(world)
    approved(world, allocation(one))
    with pytest.raises(Refused, match=OVERPAID):
        approved(world, payment(one, CAP - 1), payment(one, 2))
    assert value("funds.paid", world.county) is None
    assert len(approved(world, payment(one, CAP - 1, voucher="另"), payment(one, 1))) == 2


def test_one_bad_project_keeps_the_payments_of_others(world: World) -> None:
    one, other = project(world), project(world, "XM02")
    approved(world, allocation(one))
    with pytest.raises(Refused, match="XM02"):
        approved(world, payment(one, 1), payment(other, 1))


def test_several_allocations_are_taken_together(world: World) -> None:
    one = project(world)
    approved(world, allocation(one, 3), allocation(one, 4))
    assert approved(world, payment(one, 7))


def test_an_allocation_that_waits_or_came_back_pays_nothing(world: World) -> None:
    one = project(world)
    (made,) = acts.create([allocation(one)], world.jingjiang)
    with pytest.raises(Refused, match=OVERPAID):
        approved(world, payment(one, 1))
    acts.send_back([made], world.yongshou, "请补文号")
    with pytest.raises(Refused, match=OVERPAID):
        approved(world, payment(one, 1, voucher="另"))


def test_another_projects_allocation_pays_nothing(world: World) -> None:
    one, other = project(world), project(world, "XM02")
    approved(world, allocation(other))
    with pytest.raises(Refused, match="XM01"):
        approved(world, payment(one, 1))


# The cap: revising ----------------------------------------------------------------------------------------------------


def test_a_payment_is_not_revised_above_the_allocation(world: World) -> None:
    one = project(world)
    approved(world, allocation(one))
    (row,) = approved(world, payment(one, CAP - 5))
    with pytest.raises(Refused, match=OVERPAID):
        revised(world, row, amount=CAP + 1)
    row = fresh(row)
    acts.withdraw(row, world.jingjiang)
    assert revised(world, row, amount=CAP).amount == CAP


def test_an_allocation_is_not_revised_below_what_was_paid(world: World) -> None:
    one = project(world)
    (row,) = approved(world, allocation(one))
    approved(world, payment(one, 70))
    with pytest.raises(Refused, match=OVERPAID):
        revised(world, row, amount=69)
    acts.withdraw(fresh(row), world.jingjiang)
    assert revised(world, row, amount=70).amount == 70


def test_a_payment_moved_to_another_project_is_held_against_that_one(world: World) -> None:
    one, other = project(world), project(world, "XM02")
    approved(world, allocation(one), allocation(other, 50))
    (row,) = approved(world, payment(one, 51))
    with pytest.raises(Refused, match="XM02"):
        revised(world, row, project=other)


def test_an_allocation_is_not_moved_away_from_what_was_paid(world: World) -> None:
    one, other = project(world), project(world, "XM02")
    (row,) = approved(world, allocation(one))
    approved(world, payment(one, 70))
    with pytest.raises(Refused, match="XM01"):
        revised(world, row, project=other)


# The cap: voiding -----------------------------------------------------------------------------------------------------


def test_an_allocation_that_was_paid_from_is_not_voided(world: World) -> None:
    one = project(world)
    (row,) = approved(world, allocation(one))
    approved(world, payment(one, 70))
    with pytest.raises(Refused, match=OVERPAID):
        acts.void(row, world.yongshou, "重复")
    assert fresh(row).state == State.APPROVED
    assert value("funds.allocated", world.county) == CAP


def test_an_allocation_is_voided_where_the_others_are_enough(world: World) -> None:
    one = project(world)
    row, _ = approved(world, allocation(one, 30), allocation(one, 70))
    approved(world, payment(one, 70))
    acts.void(row, world.yongshou, "重复")
    assert value("funds.allocated", world.county) == 70


def test_a_voided_payment_makes_room(world: World) -> None:
    one = project(world)
    approved(world, allocation(one))
    (row,) = approved(world, payment(one, CAP))
    acts.void(row, world.yongshou, "退款")
    assert approved(world, payment(one, CAP, voucher="另"))
    assert value("funds.paid", world.county) == CAP


def test_an_allocation_that_was_never_passed_is_voided_freely(world: World) -> None:
    one = project(world)
    approved(world, allocation(one))
    approved(world, payment(one, CAP))
    (row,) = acts.create([allocation(one, 5)], world.jingjiang)
    assert acts.void(row, world.yongshou, "填错") is None


def test_a_project_that_was_paid_for_is_not_voided(world: World) -> None:
    one = project(world)
    approved(world, allocation(one))
    with pytest.raises(Refused):
        acts.void(fresh(one), world.yongshou, "重复")
