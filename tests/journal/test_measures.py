"""Measures as they are declared: what counts where, and what may not be added."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.core.units import unit
from lianqiao.journal.measures import MEASURES, Measure, NotAddable, Version, check_addable, keep, percent, split
from tests.world import code

DAY = date(2021, 10, 12)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is declared in the test is forgotten after it."""
    for name in ("lianqiao.journal.measures", __name__):
        monkeypatch.setattr(f"{name}.MEASURES", dict(MEASURES))


def codes(measure: Measure, quantity: int | None = 1, on: date | None = DAY, also: str = "") -> list[str]:
    return [post.measure.code for post in measure(quantity, on, also=also)]


def test_a_part_is_posted_to_everything_above_it() -> None:
    assert codes(code("funds.cash")) == ["funds.cash", "funds.social", "funds.total"]


def test_a_subset_is_not_posted_to_what_it_is_taken_from() -> None:
    assert codes(code("projects.completed")) == ["projects.completed"]


def test_also_posts_the_subset_at_every_step() -> None:
    steps = ("talent.education", "talent.total", "talent.all")
    assert codes(code("talent.education"), also="to_west") == [c for s in steps for c in (s, f"{s}.to_west")]


@pytest.mark.parametrize(("quantity", "on"), [(None, DAY), (0, DAY), (5, None)])
def test_nothing_is_posted_without_a_quantity_or_a_day(quantity: int | None, on: date | None) -> None:
    assert codes(code("visits.batches"), quantity, on) == []


def test_a_post_keeps_its_quantity_day_and_subject() -> None:
    (post,) = code("projects.completed")(3, DAY, 77)
    assert (post.quantity, post.on, post.subject, post.bare) == (3, DAY, 77, False)


@pytest.mark.usefixtures("registry")
def test_split_counts_as_its_parent_does() -> None:
    made = split(code("talent.total"), "示例", "示例人才", "cover")
    assert (made.code, made.distinct, made.unit, made.parent) == (
        "talent.total.示例",
        code("talent.total").distinct,
        unit("人"),
        code("talent.total"),
    )
    assert made in code("talent.total").children()


@pytest.mark.usefixtures("registry")
def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        keep(replace(code("visits.batches"), name="又一个"))


def test_every_measure_says_what_it_counts() -> None:
    silent = [m.code for m in MEASURES.values() if not (m.name and m.definition and m.unit.name)]
    assert silent == []


def test_every_relation_is_one_that_its_way_of_counting_allows() -> None:
    """part adds up, so it is for sums only; cover is for distinct counts."""
    wrong = [
        m.code
        for m in MEASURES.values()
        if isinstance(m, Measure)
        and m.parent
        and ((m.relation == "part" and m.distinct) or (m.relation == "cover" and not m.distinct))
    ]
    assert wrong == []


ADDED_WRONGLY = {
    "a part and its whole": (["visits.batches", "visits.batches.to_west"], "分项"),
    "a part and what lies two steps above": (["funds.total", "funds.cash"], "分项"),
    "what is covered and what covers it": (["talent.total", "talent.education"], "含"),
    "a subset and what it is taken from": (["projects.count", "projects.completed"], "其中"),
    "the same twice": (["visits.batches", "visits.batches"], "同一指标"),
    "different units": (["visits.batches", "visits.person_times"], "单位不同"),
    "a sum and a distinct count": (["benef.people", "talent.total"], "算法不同"),
}


@pytest.mark.parametrize(("wanted", "why"), ADDED_WRONGLY.values(), ids=ADDED_WRONGLY)
@pytest.mark.parametrize("turned", [False, True])
def test_what_would_count_twice_is_refused_with_the_reason(wanted: list[str], why: str, turned: bool) -> None:
    measures = [code(c) for c in wanted]
    with pytest.raises(NotAddable, match=why):
        check_addable(measures[::-1] if turned else measures)


def test_the_reason_names_both_measures() -> None:
    with pytest.raises(NotAddable, match=r"“东部赴西部”（visits.batches.to_west）是“互访批次”（visits.batches）"):
        check_addable([code("visits.batches"), code("visits.batches.to_west")])


@pytest.mark.parametrize(
    "wanted",
    [["visits.batches.to_west", "visits.batches.to_east"], ["talent.education", "talent.health"], ["funds.total"]],
)
def test_what_counts_nothing_twice_may_be_added(wanted: list[str]) -> None:
    check_addable([code(c) for c in wanted])


def test_the_version_is_the_one_valid_on_the_business_date() -> None:
    versions = (Version(1, date(1990, 1, 1)), Version(2, date(2021, 1, 1)), Version(3, date(2021, 7, 1)))
    measure = replace(code("visits.batches"), versions=versions)
    days = [
        date(1980, 1, 1),
        date(2020, 12, 31),
        date(2021, 1, 1),
        date(2021, 6, 30),
        date(2021, 7, 1),
        date(2022, 1, 1),
    ]
    assert [measure.version_at(day) for day in days] == [1, 1, 2, 2, 3, 3]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
def test_a_rate_is_exact_and_never_capped(numerator: int, denominator: int) -> None:
    rate = percent(numerator, denominator)
    assert rate is not None
    assert rate * denominator == numerator * 100


def test_there_is_no_rate_of_nothing() -> None:
    assert percent(5, 0) is None
