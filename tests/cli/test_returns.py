"""`lianqiao returns`: what is due, a return filled in and shown; errors end with 1 or 2."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.briefings.models import Duty
from tests.cli.conftest import Lianqiao
from tests.world import World, approved, visit

pytestmark = pytest.mark.django_db
MONTH = ("month", "2021-10-31", "--pairing", "靖江-永寿")


@pytest.fixture(autouse=True)
def owed(world: World, settings: pytest.FixtureRequest) -> None:
    settings.TODAY = date(2021, 12, 1)  # type: ignore[attr-defined]
    approved(world, visit(world.county, people=9))
    Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 10, 1))


def test_what_is_due_is_listed_for_people_and_programs(lianqiao: Lianqiao) -> None:
    assert lianqiao("returns", "list").out.splitlines()[2].split() == [
        "2021年10月月报",
        "靖江-永寿",
        "2021-11-05",
        "逾26天",
        "未填",
    ]
    first, second = lianqiao("returns", "list", "--json").json
    assert (first["until"], first["state"], second["due"]) == ("2021-10-31", None, "2021-12-05")


def test_a_return_is_filled_and_shown(world: World, lianqiao: Lianqiao) -> None:
    assert lianqiao("returns", "show", *MONTH).status == 1
    filled = lianqiao("returns", "fill", *MONTH, "--as", "jingjiang", "--json").json
    shown = lianqiao("returns", "show", *MONTH, "--json").json
    assert filled == shown
    (line,) = [line for line in shown["lines"] if line["measure"] == "visits.person_times"]
    assert (line["now"], line["last"], line["ever"]) == (9, 0, 9)
    assert "互访人次" in lianqiao("returns", "show", *MONTH).out


def test_a_wrong_call_and_what_the_rules_refuse(world: World, lianqiao: Lianqiao) -> None:
    assert lianqiao("returns", "fill", "month").status == 2
    assert lianqiao("returns", "fill", *MONTH).status == 2  # by whom?
    refused = lianqiao("returns", "fill", "month", "2021-12-31", "--pairing", "靖江-永寿", "--as", "jingjiang")
    assert (refused.status, "才结束" in refused.err) == (1, True)
    assert lianqiao("returns", "fill", *MONTH, "--as", "stranger").status == 1
