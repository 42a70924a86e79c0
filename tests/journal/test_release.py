"""A measure's rule is never changed in place: a change is a new version, from a business date on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lianqiao.core.units import unit
from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.figures import known_at
from lianqiao.journal.measures import MEASURES, Measure, Post, Version
from lianqiao.journal.models import MeasureRow, MeasureVersion, Posting
from lianqiao.journal.release import RuleChanged, register_all
from lianqiao.ledger import acts
from lianqiao.ledger.audit import verify
from tests.world import World, approved, code, value, visit

pytestmark = [pytest.mark.data, pytest.mark.django_db]
TO_WEST = "visits.person_times.to_west"
TURN = date(2021, 6, 1)


def redeclare(patch: pytest.MonkeyPatch, code_: str, **changed: Any) -> None:
    patch.setitem(MEASURES, code_, replace(code(code_), **changed))


def test_every_measure_and_version_is_recorded() -> None:
    versions = MeasureVersion.objects.values_list("measure__code", "version", "rule")
    declared = [m for m in MEASURES.values() if isinstance(m, Measure)]
    assert set(versions) == {(m.code, v.number, m.rule(v)) for m in declared for v in m.versions}


def test_the_same_rules_are_accepted_again_and_recorded_once() -> None:
    before = MeasureVersion.objects.count()
    register_all()
    assert MeasureVersion.objects.count() == before


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": unit("人")},
        {"stock": True},
        {"distinct": "人"},
        {"parent": None, "relation": ""},
        {"relation": "subset"},
        {"versions": (Version(1, date(2000, 1, 1)),)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_rule_changed_in_place_is_refused(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]) -> None:
    redeclare(monkeypatch, TO_WEST, **changed)
    with pytest.raises(RuleChanged, match=f"{TO_WEST} v1"):
        register_all()


def test_another_wording_of_the_definition_is_not_another_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    redeclare(monkeypatch, TO_WEST, definition="换一种说法。", name="换一个名字", words=("出访",))
    register_all()
    assert MeasureVersion.objects.filter(measure__code=TO_WEST).count() == 1


def test_a_new_version_is_recorded_beside_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    redeclare(monkeypatch, TO_WEST, versions=(*code(TO_WEST).versions, Version(2, TURN)))
    register_all()
    rows = MeasureVersion.objects.filter(measure__code=TO_WEST).order_by("version")
    assert [(v.version, v.since) for v in rows][1:] == [(2, TURN)]


def test_a_new_measure_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MEASURES, "示例.新", replace(code("visits.batches"), code="示例.新"))
    register_all()
    assert MeasureRow.objects.filter(code="示例.新").exists()


@pytest.fixture
def second_version(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two visits under the first version; then, from the turn on, each person counts twice."""
    approved(world, visit(world.county, date(2021, 5, 31), 5), visit(world.county, TURN, 7))
    redeclare(monkeypatch, TO_WEST, versions=(*code(TO_WEST).versions, Version(2, TURN)))
    register_all()

    def postings(self: Visit) -> Iterator[Post]:
        measure = code(TO_WEST)
        yield Post(measure, self.people * measure.version_at(self.occurred_on), self.occurred_on)

    monkeypatch.setattr(Visit, "postings", postings)


@pytest.mark.usefixtures("second_version")
def test_a_resync_posts_the_differences_with_its_reason(world: World) -> None:
    made = acts.resync(Visit, world.admin, "口径第二版自2021年6月起")
    assert made is not None
    assert (made.kind, made.why, made.by) == ("resync", "口径第二版自2021年6月起", "admin")
    rows = Posting.objects.filter(transaction=made, measure__code=TO_WEST)
    assert set(rows.values_list("on", "version", "quantity")) == {(TURN, 1, -7), (TURN, 2, 14)}
    assert value(TO_WEST, world.county) == 19


@pytest.mark.usefixtures("second_version")
def test_verify_is_content_again_only_after_the_resync(world: World) -> None:
    assert not verify().ok
    acts.resync(Visit, world.admin, "口径第二版")
    assert verify().problems == []


@pytest.mark.usefixtures("second_version")
def test_what_was_known_before_the_resync_is_known_still(world: World) -> None:
    made = acts.resync(Visit, world.admin, "口径第二版")
    assert made is not None
    assert value(TO_WEST, world.county, known=known_at(made.number - 1)) == 12


def test_a_resync_without_a_change_moves_nothing(world: World) -> None:
    approved(world, visit(world.county))
    made = acts.resync(Visit, world.admin, "核对")
    assert made is not None
    assert made.postings == 0


def test_there_is_nothing_to_resync_in_an_empty_ledger(world: World) -> None:
    assert acts.resync(Visit, world.admin, "核对") is None
