"""`lianqiao addup`: what does not add up, where, when, and by which rows."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.measures import Post
from tests.cli.conftest import Lianqiao
from tests.world import World, approved, code, visit

pytestmark = pytest.mark.data
DAY, UNTIL = date(2021, 10, 12), ("--until", "2021-12-31")


@pytest.fixture
def wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """A visit at a town that is counted in none of its parts."""
    monkeypatch.setattr(Visit, "postings", lambda row: [Post(code("visits.batches"), 1, row.occurred_on)])
    return approved(world, visit(world.town, DAY))[0]


def test_what_adds_up(lianqiao: Lianqiao, world: World) -> None:
    approved(world, visit(world.town, DAY))
    done = lianqiao("addup", "--all", "--years", *UNTIL)
    assert (done.status, done.out) == (0, "都加得拢：分项、去重、其中、比率。\n")


def test_it_is_told_for_the_pairing_that_was_asked_for(lianqiao: Lianqiao, wrong: Visit) -> None:
    done = lianqiao("addup", "--pairing", "靖江-永寿", *UNTIL)
    assert done.status == 1
    assert (
        done.out == f"靖江市—永寿县　截至2021年12月31日累计　互访批次 1 批：各分项相加与总数差 1 批。　{wrong.number}\n"
    )


def test_everywhere_and_every_year_it_is_told_once_where_it_arises(lianqiao: Lianqiao, wrong: Visit) -> None:
    done = lianqiao("addup", "--all", "--years", *UNTIL, "--json")
    assert done.status == 1
    assert done.json == [
        {
            "measure": "visits.batches", "pairing": "新桥-监军", "from": "2021-01-01", "until": "2021-12-31",
            "what": "互访批次 1 批：各分项相加与总数差 1 批。", "entries": [wrong.number], "more": 0,
        }
    ]  # fmt: skip


def test_years_begin_where_they_are_asked_to(lianqiao: Lianqiao, wrong: Visit) -> None:
    assert lianqiao("addup", "--years", "--from", "2022-01-01", "--until", "2022-12-31").status == 0
    assert lianqiao("addup", "--years", "--from", "2021-01-01", "--until", "2022-12-31").status == 1


def test_several_pairings(lianqiao: Lianqiao, wrong: Visit) -> None:
    done = lianqiao("addup", "--pairing", "新桥-监军", "--pairing", "苏州-铜川", *UNTIL, "--json")
    assert [one["pairing"] for one in done.json] == ["新桥-监军"]


@pytest.mark.parametrize(("measure", "status"), [("visits.batches", 1), ("互访批次", 1), ("funds.total", 0)])
def test_one_measure_alone(lianqiao: Lianqiao, wrong: Visit, measure: str, status: int) -> None:
    assert lianqiao("addup", "--measure", measure, *UNTIL).status == status


def test_an_unknown_measure(lianqiao: Lianqiao, world: World) -> None:
    assert lianqiao("addup", "--measure", "nothing", *UNTIL).status == 2
