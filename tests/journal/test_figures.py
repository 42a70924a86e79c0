"""Figures: what a measure comes to at a node, in a period, as known at a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqiao.core.periods import Period
from lianqiao.journal import clock
from lianqiao.journal.audit import check_journal
from lianqiao.journal.figures import NoSuchMoment, all_measures, figure, figures, half_up, known_at, total
from lianqiao.journal.measures import MEASURES, Measure, NotAddable, Post
from lianqiao.journal.release import register_all
from lianqiao.places.models import Node
from tests.journal.posting import node, post
from tests.world import code, told, value

pytestmark = [pytest.mark.data, pytest.mark.django_db]
DAY = date(2021, 10, 12)
EVER = Period.cumulative(DAY)
BATCHES, PEOPLE = code("visits.batches"), code("visits.person_times")
TALENT, EDUCATION, HEALTH = code("talent.total"), code("talent.education"), code("talent.health")
SOMEBODY, ANOTHER = 11, -22


@pytest.fixture
def county() -> Node:
    """A county below a province, with the tree around it: county.parent, and a sister county."""
    province = node()
    county = node(province)
    node(province)
    return county


def sister(county: Node) -> Node:
    return Node.objects.exclude(pk=county.pk).get(parent=county.parent)


def above(county: Node) -> Node:
    assert county.parent
    return county.parent


def bare(posts: Iterable[Post]) -> list[Post]:
    return [one._replace(bare=True) for one in posts]


# Sums and periods -----------------------------------------------------------------------------------------------------


def test_what_happened_at_a_node_counts_at_every_node_above_it(county: Node) -> None:
    post(county, PEOPLE(5, DAY))
    post(sister(county), PEOPLE(7, DAY), entry=2)
    post(above(county), PEOPLE(11, DAY), entry=3)
    assert [value("visits.person_times", n) for n in (county, sister(county), above(county))] == [5, 7, 23]


SPANS = {
    "everything up to a day": (Period.cumulative(date(2021, 3, 15)), 1 + 2 + 4),
    "the day itself is in": (Period.cumulative(date(2021, 3, 16)), 1 + 2 + 4 + 8),
    "a year": (Period.year(2021), 4 + 8 + 16 + 32),
    "a year to date": (Period.between(date(2021, 1, 1), date(2021, 3, 16)), 4 + 8),
    "a month": (Period.month(2021, 3), 4 + 8 + 16),
    "a day": (Period.day(date(2021, 3, 16)), 8),
    "a day on which nothing happened": (Period.day(date(2021, 3, 17)), 0),
    "within a month": (Period.between(date(2021, 3, 2), date(2021, 3, 31)), 8 + 16),
    "from within a month to within another": (Period.between(date(2020, 12, 31), date(2021, 3, 16)), 2 + 4 + 8),
    "across a year": (Period.between(date(2020, 12, 1), date(2021, 3, 1)), 2 + 4),
    "over two months' border": (Period.between(date(2021, 3, 31), date(2021, 4, 1)), 16 + 32),
    "before anything happened": (Period.year(2018), 0),
}


@pytest.mark.parametrize(("period", "expected"), SPANS.values(), ids=SPANS)
@pytest.mark.parametrize("past", [False, True], ids=["now", "as known before"])
def test_a_period_holds_what_happened_in_it(county: Node, period: Period, expected: int, past: bool) -> None:
    days = [(2019, 7, 1), (2020, 12, 31), (2021, 3, 1), (2021, 3, 16), (2021, 3, 31), (2021, 4, 1)]
    post(county, *(PEOPLE(2**at, date(*day)) for at, day in enumerate(days)))
    known = known_at()
    if past:
        post(county, PEOPLE(1000, date(2021, 3, 16)), entry=2)
    assert value("visits.person_times", county, period, known) == expected


def test_missing_is_not_zero(county: Node) -> None:
    post(county, BATCHES(1, DAY))
    assert value("visits.person_times", county) is None
    assert value("visits.batches", sister(county)) is None


def test_what_was_taken_back_is_zero_and_not_missing(county: Node) -> None:
    post(county, PEOPLE(5, DAY), EDUCATION(1, DAY, SOMEBODY))
    post(county)
    assert value("visits.person_times", county) == 0
    assert value("talent.total", above(county)) == 0


def test_a_day_before_the_first_is_zero_once_something_was_posted(county: Node) -> None:
    post(county, PEOPLE(5, DAY))
    assert value("visits.person_times", county, Period.cumulative(date(2000, 1, 1))) == 0


def test_an_entry_counts_once_however_many_postings_it_has(county: Node) -> None:
    post(county, PEOPLE(5, DAY), PEOPLE(6, date(2021, 9, 1)))
    post(county, PEOPLE(1, DAY), entry=2)
    assert told("visits.person_times", county).entries == 2


def test_an_entry_taken_back_counts_no_more(county: Node) -> None:
    post(county, PEOPLE(5, DAY))
    post(county)
    assert told("visits.person_times", county).entries == 0


def test_a_value_is_a_whole_number_on_every_database(county: Node) -> None:
    post(county, PEOPLE(5, DAY), EDUCATION(1, DAY, SOMEBODY))
    post(county, PEOPLE(6, DAY), entry=2)
    for known in (known_at(), known_at(1)):
        for period in (EVER, Period.year(2021), Period.month(2021, 10)):
            found = figures([PEOPLE, TALENT], [county], period, known)
            assert {type(part) for f in found for part in (f.value, f.bare, f.entries)} == {int}


def test_a_quantity_may_be_larger_than_32_bits(county: Node) -> None:
    post(county, code("donations.pledged")(2**40, DAY))
    assert value("donations.pledged", above(county)) == 2**40


# Stock and flow -------------------------------------------------------------------------------------------------------

PAIRED = code("pair.county")


def test_a_stock_is_what_stands_at_the_end_of_the_period(county: Node) -> None:
    post(county, PAIRED(1, date(2017, 1, 1)), PAIRED(-1, date(2021, 6, 1)))
    post(sister(county), PAIRED(1, date(2018, 1, 1)), entry=2)
    stands = [value("pair.county", above(county), Period.year(year)) for year in (2016, 2017, 2018, 2020, 2021)]
    assert stands == [0, 1, 2, 2, 1]


def test_a_flow_is_what_happened_within_the_period(county: Node) -> None:
    post(county, BATCHES(1, date(2017, 1, 1)), BATCHES(1, date(2021, 6, 1)))
    assert [value("visits.batches", county, Period.year(year)) for year in (2017, 2018, 2021)] == [1, 0, 1]


# Distinct counts ------------------------------------------------------------------------------------------------------


def test_who_was_posted_twice_counts_once(county: Node) -> None:
    post(county, EDUCATION(1, DAY, SOMEBODY))
    post(county, EDUCATION(1, date(2021, 3, 1), SOMEBODY), entry=2)
    assert value("talent.education", county) == 1


def test_who_was_in_two_counties_counts_once_in_each_and_once_above(county: Node) -> None:
    post(county, EDUCATION(1, DAY, SOMEBODY))
    post(sister(county), EDUCATION(1, DAY, SOMEBODY), entry=2)
    assert [value("talent.total", n) for n in (county, sister(county), above(county))] == [1, 1, 1]


def test_two_nodes_together_give_the_union(county: Node) -> None:
    post(county, EDUCATION(1, DAY, SOMEBODY), EDUCATION(1, DAY, ANOTHER))
    post(sister(county), EDUCATION(1, DAY, SOMEBODY), entry=2)
    assert figure(TALENT, [county, sister(county)], EVER).value == 2


def test_two_nodes_together_give_the_union_as_known_before(county: Node) -> None:
    post(county, EDUCATION(1, DAY, SOMEBODY))
    post(sister(county), EDUCATION(1, DAY, SOMEBODY), entry=2)
    post(sister(county), EDUCATION(1, DAY, ANOTHER), entry=3)
    assert figure(TALENT, [county, sister(county)], EVER, known_at(2)).value == 1


def test_two_nodes_together_give_the_sum_where_nothing_is_counted_once(county: Node) -> None:
    post(county, PEOPLE(5, DAY))
    post(sister(county), PEOPLE(6, DAY), entry=2)
    assert figure(PEOPLE, [county, sister(county)], EVER).value == 11


def test_who_appears_under_two_headings_is_one_above_them(county: Node) -> None:
    post(county, EDUCATION(1, date(2019, 3, 1), SOMEBODY), HEALTH(1, date(2020, 3, 1), SOMEBODY))
    found = {name: value(name, county) for name in ("talent.education", "talent.health", "talent.total", "talent.all")}
    assert found == {"talent.education": 1, "talent.health": 1, "talent.total": 1, "talent.all": 1}


def test_each_year_counts_anew(county: Node) -> None:
    post(county, EDUCATION(1, date(2019, 3, 1), SOMEBODY), EDUCATION(1, date(2020, 3, 1), SOMEBODY))
    assert [value("talent.total", county, Period.year(year)) for year in (2018, 2019, 2020, 2021)] == [0, 1, 1, 0]


@pytest.mark.parametrize("past", [False, True], ids=["now", "as known before"])
def test_a_span_across_years_counts_once(county: Node, past: bool) -> None:
    post(county, EDUCATION(1, date(2019, 3, 1), SOMEBODY), EDUCATION(1, date(2020, 3, 1), SOMEBODY))
    known = known_at()
    if past:
        post(county, EDUCATION(1, date(2019, 4, 1), ANOTHER), entry=2)
    assert value("talent.total", county, Period.between(date(2019, 2, 1), date(2020, 12, 31)), known) == 1


def test_taking_back_the_first_stay_moves_the_first_day(county: Node) -> None:
    post(county, EDUCATION(1, date(2019, 3, 1), SOMEBODY))
    post(county, EDUCATION(1, date(2020, 3, 1), SOMEBODY), entry=2)
    post(county, entry=1)
    assert value("talent.total", county, Period.cumulative(date(2019, 12, 31))) == 0
    assert value("talent.total", county, Period.cumulative(date(2020, 12, 31))) == 1


def test_an_earlier_stay_entered_late_moves_the_first_day(county: Node) -> None:
    post(county, EDUCATION(1, date(2020, 3, 1), SOMEBODY))
    post(county, EDUCATION(1, date(2019, 3, 1), SOMEBODY), entry=2)
    assert value("talent.total", above(county), Period.cumulative(date(2019, 12, 31))) == 1
    assert value("talent.total", above(county)) == 1


def test_a_total_without_detail_is_added_to_the_people_known(county: Node) -> None:
    post(county, bare(EDUCATION(40, date(2018, 12, 31))))
    post(county, EDUCATION(1, DAY, SOMEBODY), entry=2)
    found = told("talent.total", above(county))
    assert (found.value, found.bare, found.entries) == (41, 40, 2)


def test_a_total_without_detail_is_added_to_the_union_of_two_nodes(county: Node) -> None:
    post(county, bare(EDUCATION(40, date(2018, 12, 31))), EDUCATION(1, DAY, SOMEBODY))
    post(sister(county), EDUCATION(1, DAY, SOMEBODY), entry=2)
    assert figure(TALENT, [county, sister(county)], EVER).value == 41


@pytest.fixture
def in_post(monkeypatch: pytest.MonkeyPatch) -> Measure:
    """A measure that counts who stands in a post: a distinct stock, as 在岗人数 will be."""
    made = replace(TALENT, code="示例.在岗", name="在岗人数", parent=None, relation="", stock=True)
    monkeypatch.setitem(MEASURES, made.code, made)
    register_all()
    return made


def test_a_distinct_stock_counts_who_stands_at_the_end(county: Node, in_post: Measure) -> None:
    post(county, in_post(1, date(2019, 3, 1), SOMEBODY), in_post(-1, date(2020, 3, 1), SOMEBODY))
    post(county, in_post(1, date(2020, 1, 1), ANOTHER), entry=2)
    post(sister(county), in_post(1, date(2020, 6, 1), SOMEBODY), entry=3)
    days = [date(2019, 2, 28), date(2019, 3, 1), date(2020, 2, 29), date(2020, 3, 1), date(2020, 6, 1)]
    assert [figure(in_post, [county], Period.cumulative(d)).value for d in days] == [0, 1, 2, 1, 1]
    assert [figure(in_post, [above(county)], Period.cumulative(d)).value for d in days] == [0, 1, 2, 1, 2]
    assert list(check_journal()) == []


def test_who_stands_in_two_posts_counts_until_both_are_left(county: Node, in_post: Measure) -> None:
    post(county, in_post(1, date(2019, 3, 1), SOMEBODY), in_post(-1, date(2020, 3, 1), SOMEBODY))
    post(sister(county), in_post(1, date(2020, 1, 1), SOMEBODY), in_post(-1, date(2020, 9, 1), SOMEBODY), entry=2)
    days = [date(2020, 2, 1), date(2020, 3, 1), date(2020, 8, 31), date(2020, 9, 1)]
    assert [figure(in_post, [above(county)], Period.cumulative(d)).value for d in days] == [1, 1, 1, 0]
    assert figure(in_post, [county, sister(county)], Period.cumulative(date(2020, 8, 31))).value == 1


# Taking several together ----------------------------------------------------------------------------------------------


def test_nodes_that_contain_each_other_are_refused_with_the_reason(county: Node) -> None:
    with pytest.raises(NotAddable, match=f"“{county.name}”在“{above(county).name}”之内"):
        figures([PEOPLE], [above(county), county], EVER)


def test_a_node_named_twice_is_refused(county: Node) -> None:
    with pytest.raises(NotAddable):
        figures([PEOPLE], [county, Node.objects.get(pk=county.pk)], EVER)


def test_measures_taken_together_add_up(county: Node) -> None:
    post(county, code("funds.fiscal.province")(500, DAY), code("funds.cash")(70, DAY))
    assert total([code("funds.fiscal"), code("funds.social")], [county], EVER).value == 570


def test_distinct_measures_taken_together_give_the_union(county: Node) -> None:
    post(county, EDUCATION(1, DAY, SOMEBODY), HEALTH(1, DAY, SOMEBODY), HEALTH(1, DAY, ANOTHER))
    post(sister(county), bare(EDUCATION(9, DAY)), entry=2)
    assert total([EDUCATION, HEALTH], [county], EVER).value == 2
    assert total([EDUCATION, HEALTH], [above(county)], EVER).value == 11


def test_a_sum_is_a_figure_with_an_address_and_its_entries(county: Node) -> None:
    post(county, EDUCATION(1, DAY, SOMEBODY), HEALTH(1, DAY, SOMEBODY))
    post(county, bare(HEALTH(9, DAY)), entry=2)
    found = total([EDUCATION, HEALTH], [county], EVER)
    assert (found.value, found.bare, found.entries) == (10, 9, 2)
    assert found.address == f"/figures/talent.education+talent.health/{county.number}/..2021-10-12@2"


def test_a_sum_as_known_before(county: Node) -> None:
    post(county, EDUCATION(1, DAY, SOMEBODY))
    post(county, HEALTH(1, DAY, ANOTHER), entry=2)
    assert [total([EDUCATION, HEALTH], [county], EVER, known_at(n)).value for n in (0, 1, 2)] == [None, 1, 2]


def test_a_measure_is_not_added_to_what_contains_it(county: Node) -> None:
    with pytest.raises(NotAddable, match="不能相加"):
        total([EDUCATION, TALENT], [county], EVER)


def test_together_what_was_never_posted_is_missing(county: Node) -> None:
    assert total([EDUCATION, HEALTH], [county], EVER).value is None


# Ratios ---------------------------------------------------------------------------------------------------------------

COUNT, COMPLETED = code("projects.count"), code("projects.completed")


def test_a_ratio_is_exact(county: Node) -> None:
    post(county, COUNT(3, DAY), COMPLETED(2, DAY))
    found = told("projects.completion_rate", county)
    assert (found.over, found.rate, found.value, found.entries) == ((2, 3), Fraction(200, 3), 6667, 2)


def test_a_ratio_is_never_capped(county: Node) -> None:
    post(county, COUNT(2, DAY), COMPLETED(5, DAY))
    assert told("projects.completion_rate", county).rate == 250


def test_there_is_no_ratio_where_there_is_nothing_to_divide_by(county: Node) -> None:
    assert told("projects.completion_rate", county).over is None
    post(county, COUNT(1, DAY), COMPLETED(1, DAY))
    post(county)
    found = told("projects.completion_rate", county)
    assert (found.value, found.rate) == (None, None)


def test_nothing_done_of_something_is_none_per_cent_and_not_missing(county: Node) -> None:
    post(county, COUNT(4, DAY))
    assert told("projects.completion_rate", county).value == 0


def test_a_cumulative_ratio_is_of_all_time_whatever_the_period(county: Node) -> None:
    post(county, COUNT(4, date(2019, 1, 1)), COMPLETED(1, date(2021, 5, 1)))
    assert told("projects.completion_rate", county, Period.year(2021)).rate == 25
    assert told("projects.completion_rate", county, Period.year(2020)).rate == 0


@pytest.mark.parametrize(
    ("exact", "rounded"), [(Fraction(1, 2), 1), (Fraction(3, 2), 2), (Fraction(-1, 2), -1), (Fraction(49, 100), 0)]
)
def test_halves_are_rounded_away_from_zero(exact: Fraction, rounded: int) -> None:
    assert half_up(exact) == rounded


# What was known when --------------------------------------------------------------------------------------------------


def test_a_figure_as_known_before_a_correction(county: Node) -> None:
    post(county, PEOPLE(5, DAY), EDUCATION(1, DAY, SOMEBODY))
    post(county, PEOPLE(8, DAY))
    assert [value("visits.person_times", county, known=known_at(n)) for n in (1, 2)] == [5, 8]
    assert [value("talent.total", county, known=known_at(n)) for n in (1, 2)] == [1, 0]


def test_before_anything_was_known_everything_is_missing(county: Node) -> None:
    post(county, PEOPLE(5, DAY))
    assert value("visits.person_times", county, known=known_at(0)) is None


def test_a_date_means_the_end_of_that_day_in_shanghai(county: Node) -> None:
    midnight = datetime(2021, 10, 12, 16, tzinfo=UTC)  # 0:00 of the 13th in Shanghai
    for entry, at in enumerate((midnight - timedelta(microseconds=1), midnight), 1):
        with clock.at(at):
            post(county, PEOPLE(1, DAY), entry=entry)
    assert [known_at(date(2021, 10, day)).number for day in (11, 12, 13)] == [0, 1, 2]


def test_a_time_includes_its_own_moment(county: Node) -> None:
    moment = datetime(2021, 10, 12, 9, tzinfo=clock.SHANGHAI)
    with clock.at(moment):
        post(county, PEOPLE(1, DAY))
    assert known_at(moment).number == 1
    assert known_at(moment.replace(tzinfo=None)).number == 1
    assert known_at(moment - timedelta(microseconds=1)).number == 0


@pytest.mark.parametrize("number", [2, -1])
def test_a_transaction_that_is_not_there_is_no_moment(county: Node, number: int) -> None:
    post(county, PEOPLE(1, DAY))
    with pytest.raises(NoSuchMoment, match=str(number)):
        known_at(number)


def test_now_is_the_last_transaction(county: Node) -> None:
    made = [post(county, PEOPLE(1, DAY), entry=entry) for entry in (1, 2)][-1]
    assert (known_at().number, known_at().hash) == (made.number, made.hash)


def test_each_figure_has_one_address(county: Node) -> None:
    post(county, PEOPLE(5, DAY))
    assert told("visits.person_times", county).address == f"/figures/visits.person_times/{county.number}/..2021-10-12@1"
    both = figure(PEOPLE, [county, sister(county)], Period.year(2021)).address
    assert both == f"/figures/visits.person_times/{county.number}+{sister(county).number}/2021-01-01..2021-12-31@1"


@pytest.mark.parametrize("period", [EVER, Period.between(date(2020, 2, 2), DAY)])
def test_reading_all_figures_takes_the_same_queries_however_long_the_journal(county: Node, period: Period) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            figures(all_measures(), [above(county)], period)
        return len(counted)

    post(county, PEOPLE(5, DAY), EDUCATION(1, DAY, SOMEBODY), COUNT(1, DAY), PAIRED(1, DAY))
    before = queries()
    for entry in range(2, 8):
        post(county, PEOPLE(5, date(2021, entry, 1)), EDUCATION(1, DAY, entry), entry=entry)
    assert queries() == before <= 12


def test_a_past_figure_is_read_once_and_stays_what_it_was(county: Node) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert [f.value for f in figures([PEOPLE], [above(county)], EVER, then)] == [5]
        return len([query for query in counted if "journal_posting" in query["sql"]])

    then = known_at(post(county, PEOPLE(5, DAY)).number)
    post(county, PEOPLE(2, DAY), entry=2)
    assert queries() > 0
    post(county, PEOPLE(7, DAY), entry=3)
    assert queries() == 0
    assert value("visits.person_times", above(county)) == 14
