"""编号: the identity that every row gets."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from lianqiao.agreements.models import Organisation
from lianqiao.fields.exchange.models import Visit
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.registry import ledgers
from tests.world import World, approved, revised, visit

pytestmark = pytest.mark.data


def numbers(world: World, *days: date) -> list[str]:
    return [row.number for row in acts.create([visit(world.county, day) for day in days], world.jingjiang)]


def test_a_dated_ledger_numbers_each_year_anew(world: World) -> None:
    made = numbers(world, date(2020, 5, 1), date(2021, 5, 1), date(2020, 6, 1), date(2021, 6, 1))
    assert made == ["HF-2020-0001", "HF-2021-0001", "HF-2020-0002", "HF-2021-0002"]


def test_a_series_runs_on(world: World) -> None:
    assert numbers(world, date(2021, 5, 1)) + numbers(world, date(2021, 1, 1)) == ["HF-2021-0001", "HF-2021-0002"]


def test_a_ledger_that_is_not_dated_has_one_series(world: World) -> None:
    rows = [Organisation(name=f"示例公司{n}", kind="企业", place="靖江市") for n in (1, 2)]
    assert [row.number for row in acts.create(rows, world.admin)] == ["DW-0001", "DW-0002"]


def test_a_refused_set_uses_no_number(world: World) -> None:
    with pytest.raises(Refused):
        acts.create([visit(world.county), visit(world.county, people=0)], world.jingjiang)
    assert numbers(world, date(2021, 5, 1)) == ["HF-2021-0001"]


def test_a_row_keeps_its_number_in_another_year(world: World) -> None:
    (row,) = approved(world, visit(world.county, date(2021, 5, 1)))
    assert revised(world, row, occurred_on=date(2020, 5, 1)).number == "HF-2021-0001"


def test_a_voided_rows_number_is_not_given_again(world: World) -> None:
    (row,) = approved(world, visit(world.county, date(2021, 5, 1)))
    acts.void(row, world.yongshou, "重复")
    assert numbers(world, date(2021, 5, 1)) == ["HF-2021-0002"]


def test_many_rows_have_as_many_numbers(world: World) -> None:
    numbers(world, *[date(2021, 1 + n % 12, 1) for n in range(600)])
    held = list(Visit.objects.values_list("number", flat=True))
    assert len(set(held)) == len(held) == 600
    assert max(held) == "HF-2021-0600"


def test_each_ledger_has_a_prefix_to_itself() -> None:
    shared = {p: n for p, n in Counter(model.ledger.prefix for model in ledgers().values()).items() if n > 1}
    assert shared == {}
