"""The postings behind a figure: all of them, and none beside."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.core.periods import Period
from lianqiao.journal.figures import figure, known_at
from lianqiao.journal.measures import MEASURES
from lianqiao.journal.trace import postings
from lianqiao.places.models import Node
from tests.journal.posting import node, post
from tests.world import code

pytestmark = [pytest.mark.data, pytest.mark.django_db]
PEOPLE = code("visits.person_times")
SPRING, AUTUMN, LAST_YEAR = date(2021, 3, 1), date(2021, 10, 12), date(2020, 10, 12)
EVER = Period.cumulative(date(2021, 12, 31))


@pytest.fixture
def county() -> Node:
    """A county, with postings there, at a town below it, and at a county beside it."""
    province = node()
    county, beside = node(province), node(province)
    post(county, PEOPLE(1, LAST_YEAR), PEOPLE(2, AUTUMN))
    post(node(county), PEOPLE(4, SPRING), code("visits.batches")(1, SPRING), entry=2)
    post(beside, PEOPLE(8, SPRING), entry=3)
    return county


def quantities(of: str, nodes: list[Node], period: Period = EVER, known: int | None = None) -> list[int]:
    found = figure(MEASURES[of], nodes, period, known_at(known))
    return [p.quantity for p in postings(found)]


def test_the_postings_at_and_below_the_node_in_the_order_of_their_days(county: Node) -> None:
    assert quantities("visits.person_times", [county]) == [1, 4, 2]


def test_the_postings_of_several_nodes(county: Node) -> None:
    beside = Node.objects.exclude(pk=county.pk).get(parent=county.parent)
    assert quantities("visits.person_times", [county, beside]) == [1, 4, 8, 2]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period.year(2021), [4, 2]),
        (Period.between(SPRING, date(2021, 10, 11)), [4]),
        (Period.cumulative(SPRING), [1, 4]),
        (Period.day(AUTUMN), [2]),
    ],
)
def test_the_postings_of_the_period(county: Node, period: Period, expected: list[int]) -> None:
    assert quantities("visits.person_times", [county], period) == expected


def test_a_correction_stands_beside_what_it_corrects_once_it_is_known(county: Node) -> None:
    post(county, PEOPLE(1, LAST_YEAR), PEOPLE(9, AUTUMN))
    assert quantities("visits.person_times", [county]) == [1, 4, 2, 7]
    assert quantities("visits.person_times", [county], known=3) == [1, 4, 2]


def test_a_stock_rests_on_everything_since_the_beginning(county: Node) -> None:
    post(county, code("pair.county")(1, LAST_YEAR), code("pair.county")(-1, AUTUMN), entry=4)
    assert quantities("pair.county", [county], Period.year(2021)) == [1, -1]


def test_a_ratio_rests_on_both_its_sides(county: Node) -> None:
    post(county, code("projects.count")(2, LAST_YEAR), code("projects.completed")(1, AUTUMN), entry=4)
    assert quantities("projects.completion_rate", [county], Period.year(2021)) == [2, 1]


def test_they_add_up_to_the_figure(county: Node) -> None:
    post(county, PEOPLE(1, LAST_YEAR), PEOPLE(9, AUTUMN))
    for period in (EVER, Period.year(2021), Period.day(AUTUMN)):
        found = figure(PEOPLE, [county], period)
        assert sum(p.quantity for p in postings(found)) == found.value


def test_of_what_was_never_posted_there_is_nothing(county: Node) -> None:
    assert quantities("honours.count", [county]) == []
