"""The report of what does not add up."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.agreements.models import OpeningBalance
from lianqiao.fields.projects.models import Project
from lianqiao.journal.adding import mismatches
from lianqiao.journal.measures import Post
from tests.world import EVER, World, approved, code, stay, visit

pytestmark = pytest.mark.data


def found(world: World) -> list[tuple[str, int]]:
    return [(m.whole.measure.code, len(m.entries)) for m in mismatches(world.county, EVER)]


def test_what_adds_up_is_not_reported(world: World) -> None:
    approved(world, visit(world.county))
    approved(world, stay(world.county, date(2021, 3, 1)))
    assert found(world) == []


def test_a_total_without_detail_needs_no_parts(world: World) -> None:
    approved(world, visit(world.county))
    opening = OpeningBalance(
        node=world.county, measure="visits.batches", until=date(2018, 12, 31), value=9, source="示例"
    )
    approved(world, opening)
    assert found(world) == []


def test_a_posting_to_the_whole_alone_is_reported_with_its_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianqiao.fields.exchange.models.Visit.postings", whole_only)
    approved(world, visit(world.county))
    assert found(world) == [("visits.batches", 1)]


def whole_only(row: object) -> list[Post]:
    return list(code("visits.batches")(1, date(2021, 10, 12)))


def test_a_part_above_its_whole_is_reported(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianqiao.fields.projects.models.Project.postings", lifted_only)
    project = Project(
        node=world.county, code="示例1", name="示例", kind="其他", approved_on=date(2021, 3, 1), planned_aid=1
    )
    approved(world, project)
    assert ("benef.households", 1) in found(world)


def lifted_only(row: object) -> list[Post]:
    households = code("benef.households")
    return [*households(3, date(2021, 3, 1)), *households.sub("lifted")(5, date(2021, 3, 1))]
