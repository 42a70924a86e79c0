"""The postings behind a figure run up to it."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

import pytest

from lianqiao.agreements.models import OpeningBalance
from lianqiao.core.periods import Period
from lianqiao.desk import postings
from lianqiao.desk.postings import Line, listing
from lianqiao.journal.figures import Figure, Known, all_measures, figures, known_at
from lianqiao.journal.measures import Measure
from lianqiao.ledger import acts
from tests.world import EVER, World, approved, revised, stay, told, visit

YEAR = Period.year(2021)


@pytest.fixture
def history(world: World) -> list[Known]:
    chance = random.Random(3)
    days = [date(2020, 1, 1) + timedelta(days=chance.randrange(640)) for _ in range(30)]
    visits = approved(
        world, *(visit(world.town, on, chance.randrange(1, 9), purpose=f"示例{n}") for n, on in enumerate(days))
    )
    stays = approved(world, *(stay(world.county, on, f"99000019800101000{n % 7}") for n, on in enumerate(days)))
    approved(
        world,
        OpeningBalance(node=world.county, measure="talent.total", until=date(2019, 12, 31), value=9, source="示例"),
    )
    then = known_at()
    revised(world, visits[3], people=40)
    revised(world, stays[2], start=date(2021, 9, 9))
    for gone in (visits[5], stays[4], stays[11]):
        acts.void(gone, world.yongshou, "重复")
    return [then, known_at()]


def all_lines(found: Figure, world: World) -> list[Line]:
    """Every page, newest first."""
    page = listing(found, world.auditor)
    lines = list(page.lines)
    while page.next:
        page = listing(found, world.auditor, page.next)
        lines += page.lines
    return lines


@pytest.mark.parametrize("moment", [0, 1])
@pytest.mark.parametrize("period", [EVER, YEAR])
def test_the_running_total_ends_at_the_figure(
    world: World, history: list[Known], moment: int, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "SIZE", 7)
    measures = [m for m in all_measures() if isinstance(m, Measure)]
    for found in figures(measures, [world.county], period, history[moment]):
        lines = all_lines(found, world)
        assert (lines[0].total if lines else found.value or 0) == (found.value or 0), found.measure.code
        newest_first = [(line.posting.on, line.posting.pk) for line in lines]
        assert newest_first == sorted(set(newest_first), reverse=True)
        steps = [a.total - b.total for a, b in itertools.pairwise(lines)]
        assert found.measure.distinct or steps == [line.posting.quantity for line in lines[:-1]]  # type: ignore[union-attr]


def test_whoever_was_counted_already_moves_nothing(world: World) -> None:
    approved(world, stay(world.county, date(2020, 3, 1), "990000198001010001"))
    approved(world, stay(world.county, date(2021, 3, 1), "990000198001010001"))
    newer, older = listing(told("talent.education", world.county), world.auditor).lines
    assert (newer.counted, newer.total, older.counted, older.total) == (False, 1, True, 1)


def test_a_correction_tells_who_corrected_it_and_why(world: World) -> None:
    (row,) = approved(world, visit(world.county, people=12))
    revised(world, row, "依签到表", people=10)
    lines = listing(told("visits.person_times", world.county), world.auditor).lines
    assert [(line.posting.quantity, line.reason) for line in lines] == [(-2, "更正：依签到表"), (12, "")]


def test_a_void_tells_why(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    acts.void(row, world.yongshou, "重复填报")
    assert listing(told("visits.batches", world.county), world.auditor).lines[0].reason == "作废：重复填报"


def test_a_leader_sees_the_postings_and_not_the_rows(world: World) -> None:
    approved(world, visit(world.county))
    found = told("visits.batches", world.county)
    assert listing(found, world.leader).lines[0].entry is None
    assert listing(found, world.auditor).lines[0].entry is not None


def test_what_was_known_more_than_a_month_later_is_late(world: World) -> None:
    approved(world, visit(world.county, date(2017, 3, 1)))
    assert listing(told("visits.batches", world.county), world.auditor).lines[0].late
