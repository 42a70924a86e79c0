"""The sample's ledgers beside those of the article, replayed in plain Python: sizes, sums, and what was known when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from lianqiao.demo.rows.batch import CONFERENCE, TODAY, Batch
from lianqiao.demo.rows.tree import COUNTY, TOWNS
from lianqiao.fields.consumption.models import CHANNELS
from lianqiao.fields.talent.models import TRAINING_CATEGORIES
from lianqiao.fields.villages.models import COOP_FIELDS
from lianqiao.ledger.registry import ledgers
from tests.demo.test_rows import DAY_AFTER, Held, known, matches, steps, told, total, until

WAN = 10_000
NEW_YEAR = date(2021, 1, 1)


def in_2021(ledger: str, known_at: date, on: date = CONFERENCE) -> list[Held]:
    """The rows of 2021 up to a day, as known at the end of another."""
    day = {"trainings": "start", "jobs": "started_on", "sales": "sold_on", "enterprises": "landed_on"}
    field = day.get(ledger, "paid_on")
    return [row for row in until(ledger, known_at, on) if row[field] >= NEW_YEAR]


SIZES = {
    "trainings": 20, "payments": 66, "parks": 2, "enterprises": 9, "investments": 9, "jobs": 160, "retention": 66,
    "workshops": 8, "jobfairs": 9, "sales": 90, "outlets": 10, "products": 12, "demo_villages": 7, "joint_programmes": 10,
    "monitored": 40, "home_visits": 61,
}  # fmt: skip


def test_sizes() -> None:
    assert {ledger: len(known(TODAY)[ledger]) for ledger in SIZES} == SIZES


def test_every_kind_of_thing_occurs() -> None:
    """Parts without a row would have no figure."""
    held = known(TODAY)
    assert {row["category"] for row in held["trainings"]} == set(TRAINING_CATEGORIES)
    assert {row["channel"] for row in held["sales"]} == set(CHANNELS)
    assert {row["field"] for row in held["joint_programmes"]} == set(COOP_FIELDS)
    assert {row["kind"] for row in held["outlets"]} == {"专柜", "专区", "专馆"}
    assert {row["destination"] for row in held["jobs"]} == {"东部结对地区", "省内就近就地", "其他地区"}


def test_the_first_expert_of_another_kind_went_east_after_the_article() -> None:
    rows = [r for r in known(TODAY)["secondments"] if (r["category"], r["direction"]) == ("其他专技", "西部派往东部")]
    assert [row["start"] > CONFERENCE for row in rows] == [True]


# Talent and labour ----------------------------------------------------------------------------------------------------


def test_a_course_of_september_was_entered_after_the_article() -> None:
    assert [total(in_2021("trainings", at), "person_times") for at in (DAY_AFTER, TODAY)] == [412, 470]
    assert total(in_2021("trainings", TODAY, TODAY), "person_times") == 608


def test_people_with_two_jobs_count_once() -> None:
    rows = known(TODAY)["jobs"]
    assert (len(rows), len({row["id_number"] for row in rows})) == (160, 150)
    this_year = in_2021("jobs", TODAY, TODAY)
    assert (len(this_year), len({row["id_number"] for row in this_year})) == (62, 60)


def test_four_jobs_of_august_were_entered_after_the_article() -> None:
    assert len(in_2021("jobs", TODAY)) - len(in_2021("jobs", DAY_AFTER)) == 4


def test_a_second_job_begins_after_the_first_has_ended() -> None:
    held: dict[object, list[Held]] = defaultdict(list)
    for row in sorted(known(TODAY)["jobs"], key=lambda row: row["started_on"]):
        assert all(before["left_on"] < row["started_on"] for before in held[row["name"]])
        held[row["name"]].append(row)


def numbered() -> Iterator[tuple[str, Held, Held]]:
    """Each check with the job that bears its number, the numbers given as the system gives them."""
    prefix = ledgers()["jobs"].ledger.prefix
    last: Counter[int] = Counter()
    given: dict[object, Held] = {}
    for batch in steps():
        if not isinstance(batch, Batch):
            continue
        for row in (told(batch.ledger, row) for row in batch.rows):
            if batch.ledger == "jobs":
                year = row["started_on"].year
                last[year] += 1
                given[f"{prefix}-{year}-{last[year]:04d}"] = row
            elif batch.ledger == "retention":
                yield str(row["number_of_job"]), given[row["number_of_job"]], row


def test_every_check_names_a_job_by_the_number_that_it_has() -> None:
    found = list(numbered())
    assert len(found) == SIZES["retention"]
    for number, job, check in found:
        assert job["started_on"] < check["checked_on"], number
        assert job["pairing"] == check["pairing"], number
        assert (check["in_post"] == "是") == (check["months"] is not None)


def test_nobody_is_asked_again_who_was_gone() -> None:
    gone: set[str] = set()
    for number, _, check in sorted(numbered(), key=lambda found: found[2]["checked_on"]):
        assert number not in gone
        if check["in_post"] == "否":
            gone.add(number)
    assert len(gone) > 5


@pytest.mark.parametrize(("ledger", "end"), [("workshops", "withdrawn_on"), ("outlets", "closed_on")])
def test_one_of_them_is_gone_since_before_the_article(ledger: str, end: str) -> None:
    for at in (DAY_AFTER, TODAY):
        (gone,) = [row[end] for row in known(at)[ledger] if row[end]]
        assert date(2021, 7, 1) < gone < CONFERENCE


# Money ----------------------------------------------------------------------------------------------------------------


def test_every_project_was_allocated_what_was_planned() -> None:
    planned = {row["code"]: row["planned_aid"] for row in known(TODAY)["projects"]}
    allocated: Counter[object] = Counter()
    for row in known(TODAY)["allocations"]:
        allocated[row["project"]] += row["amount"]
    assert len(planned) == 47
    assert allocated == planned


def test_no_project_is_paid_more_than_it_was_allocated_at_any_step() -> None:
    left: Counter[object] = Counter()
    for step in steps():
        for row in step.rows if isinstance(step, Batch) and step.ledger in ("allocations", "payments") else ():
            values = told(step.ledger, row)
            left[values["project"]] += values["amount"] if step.ledger == "allocations" else -values["amount"]
            assert left[values["project"]] >= 0, values


@pytest.mark.parametrize("year", range(2017, 2022))
def test_what_is_allocated_by_the_end_of_a_year_has_arrived(year: int) -> None:
    end = date(year, 12, 31)
    allocated, received = (total(until(ledger, TODAY, end), "amount") for ledger in ("allocations", "receipts"))
    assert received * Decimal("0.9") < allocated <= received


@pytest.mark.parametrize(("on", "rate"), [(CONFERENCE, "69.02"), (TODAY, "84.80")])
def test_the_rate_of_payment(on: date, rate: str) -> None:
    paid, received = (total(until(ledger, TODAY, on), "amount") for ledger in ("payments", "receipts"))
    assert (paid * 100 / received).quantize(Decimal("0.01")) == Decimal(rate)


def test_two_firms_have_their_money_row_by_row_and_its_sum_in_their_own_row() -> None:
    rows: Counter[object] = Counter()
    for row in known(TODAY)["investments"]:
        rows[row["credit_code"]] += row["amount"]
    firms = {row["credit_code"]: row["paid_in"] for row in known(TODAY)["enterprises"]}
    assert len(rows) == 2
    assert {code: firms[code] for code in rows} == rows


def invested(known_at: date, first: date, last: date) -> Decimal:
    """What industry.investment is: the rows where a firm has any, else the firm's own sum on its day."""
    rows = known(known_at)["investments"]
    firms = [
        row for row in known(known_at)["enterprises"] if row["credit_code"] not in {r["credit_code"] for r in rows}
    ]
    dated = [(row["paid_on"], row["amount"]) for row in rows] + [(row["landed_on"], row["paid_in"]) for row in firms]
    return sum((amount for on, amount in dated if first <= on <= last), Decimal(0))


def test_the_years_investment() -> None:
    spans = [(DAY_AFTER, CONFERENCE), (TODAY, CONFERENCE), (TODAY, TODAY)]
    assert [invested(at, NEW_YEAR, on) / WAN for at, on in spans] == [3_260, 3_260, 5_060]


def test_until_the_rows_came_the_firm_counted_with_its_own_sum() -> None:
    before, after = (known(at)["enterprises"] for at in (date(2021, 4, 7), date(2021, 4, 8)))
    find: dict[str, object] = {"name": "示例机械公司丁"}
    assert [row["paid_in"] / WAN for rows in (before, after) for row in rows if matches(row, find)] == [500, 1_300]
    assert not known(date(2021, 4, 7))["investments"]


# Consumption ----------------------------------------------------------------------------------------------------------


def test_two_sales_came_back_after_the_article() -> None:
    before, after = (in_2021("sales", at) for at in (DAY_AFTER, TODAY))
    assert [total(rows, "amount") for rows in (before, after)] == [39_186_000, 39_062_000]
    assert len(before) - len(after) == 2


def test_what_is_sold_is_a_recognised_product() -> None:
    products = {(row["name"], row["producer"]) for row in known(TODAY)["products"]}
    assert {(row["product"], row["seller"]) for row in known(TODAY)["sales"]} == products


def test_two_counters_were_opened_as_the_conference_asked() -> None:
    (done,) = [r["done_on"] for r in known(TODAY)["resolutions"] if r["text"] == "在靖江设永寿农产品专柜2处"]
    assert [row["kind"] for row in known(TODAY)["outlets"] if row["opened_on"] == done] == ["专柜", "专柜"]


# Villages and households ----------------------------------------------------------------------------------------------


def test_one_demonstration_village_a_town_begun_after_the_article_but_for_the_pilot() -> None:
    pilot, *others = sorted(known(TODAY)["demo_villages"], key=lambda row: row["started_on"])
    assert {row["town"] for row in (pilot, *others)} == {town.west for town in TOWNS}
    assert (pilot["started_on"].year, pilot["recognised_on"]) == (2020, date(2021, 12, 8))
    assert all(row["started_on"] > CONFERENCE and row["recognised_on"] is None for row in others)
    assert known(DAY_AFTER)["demo_villages"] == [pilot | {"recognised_on": None}]


def test_of_a_third_of_the_households_the_risk_is_cleared() -> None:
    assert len([row for row in known(TODAY)["monitored"] if row["cleared_on"]]) == 13


@pytest.mark.parametrize("known_at", [CONFERENCE, TODAY])
def test_the_delegation_of_the_conference_visited_three_households(known_at: date) -> None:
    towns = {row["code"]: row["pairing"] for row in known(known_at)["monitored"]}
    of_day = [row for row in known(known_at)["home_visits"] if row["visited_on"] == CONFERENCE]
    assert [(towns[row["household"]], row["visitor"]) for row in of_day] == [(TOWNS[0].name, "示例领队A")] * 3
    assert len({row["household"] for row in of_day}) == 3


def test_households_are_visited_once_they_are_on_the_list() -> None:
    listed = {row["code"]: row for row in known(TODAY)["monitored"]}
    for row in known(TODAY)["home_visits"]:
        assert listed[row["household"]]["identified_on"] <= row["visited_on"]
        assert row["pairing"] == listed[row["household"]]["pairing"]


# The tree -------------------------------------------------------------------------------------------------------------

BELOW_THE_COUNTY = ("trainings", "allocations", "payments", "enterprises", "jobs", "retention", "sales", "outlets")


@pytest.mark.parametrize("ledger", BELOW_THE_COUNTY)
def test_some_rows_belong_to_the_county_and_some_below_it(ledger: str) -> None:
    pairings = {row["pairing"] for row in known(TODAY)[ledger]}
    assert COUNTY in pairings
    assert len(pairings) > 2
