"""The scoreboard, as known today and on any day before."""

from __future__ import annotations

import io
from datetime import date
from fractions import Fraction
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.test import Client

from lianqiao.agreements.models import Agreement, Target
from lianqiao.agreements.targets import attainments, versions
from lianqiao.desk import board
from lianqiao.desk.moment import Moment
from lianqiao.desk.tree import behind, tree
from lianqiao.fields.funds.models import Donation
from lianqiao.journal import clock
from lianqiao.journal.figures import known_at, remembered
from lianqiao.people.models import Access
from lianqiao.places.models import Node
from tests.desk.conftest import Reader, just_signed_in, moment, queries
from tests.world import World, approved, visit

TARGETS = "/targets/"
CONFERENCE = date(2021, 10, 12)


@pytest.fixture
def promised(world: World) -> World:
    """Targets of 2021 and visits: 20 of 300 person-times in 2020, 240 known on 12 October 2021, 60 entered late."""
    with clock.at(moment(2021, 1, 8)):
        shared = {"start": date(2021, 1, 1), "end": date(2021, 12, 31)}
        (agreement,) = approved(
            world,
            Agreement(node=world.county, title="2021年度协议", kind="年度协议", signed_on=date(2021, 1, 5), **shared),
        )
        quantities = {"visits.person_times": 300, "visits.batches": 4, "funds.social": 400_0000}
        rows = [
            Target(node=world.county, agreement=agreement, measure=m, quantity=q, year=2021)
            for m, q in quantities.items()
        ]
        approved(
            world, *rows, Target(node=world.town, agreement=agreement, measure="visits.batches", quantity=9, year=2021)
        )
    with clock.at(moment(2021, 10, 11)):
        approved(world, visit(world.county, date(2020, 6, 1), 20, purpose="上年"))
        approved(
            world,
            visit(world.county, date(2021, 6, 1), 100, purpose="甲"),
            visit(world.town, date(2021, 9, 1), 140, purpose="乙"),
        )
    with clock.at(moment(2021, 10, 20)):
        approved(world, visit(world.county, date(2021, 10, 1), 60, purpose="补录的"))
        paid = Donation(
            node=world.county,
            donor="示例公司",
            kind="资金",
            amount=100_0000_00,
            received_on=date(2021, 9, 1),
            recipient="示例镇",
        )
        approved(world, paid)
    return world


def rows(client: Client, query: str = "") -> dict[str, board.Row]:
    page = client.get(TARGETS + query)
    assert page.status_code == 200
    return {row.attainment.promise.measure.code: row for row in page.context["rows"]}


def test_the_board_holds_targets_against_todays_figures(promised: World, read: Reader) -> None:
    page = read(promised.auditor).get(TARGETS)
    found = {row.attainment.promise.measure.code: row for row in page.context["rows"]}
    visitors = found["visits.person_times"]
    assert (visitors.attainment.figure.value, visitors.attainment.rate, visitors.attainment.state) == (300, 100, "done")
    assert (visitors.last_year, visitors.growth, visitors.last_month) == (20, "+1,400.0%", 300)
    text = page.content.decode()
    assert f'<a class="f" href="{visitors.attainment.figure.address}">300</a>' in text
    assert 'class="st done">完成' in text
    assert 'class="st behind">落后' in text
    assert "2021年度协议" in text


def test_a_past_day_shows_what_was_known_at_its_end(promised: World, read: Reader) -> None:
    page = read(promised.auditor).get(f"{TARGETS}?day=2021-10-12")
    found = {row.attainment.promise.measure.code: row for row in page.context["rows"]}
    visitors = found["visits.person_times"]
    assert (visitors.attainment.figure.value, visitors.now.value if visitors.now else 0, visitors.since) == (
        240,
        300,
        60,
    )
    assert page.context["late"] == 2
    text = page.content.decode()
    assert 'value="2021-10-12"' in text
    assert "回到今天" in text
    assert '<div class="past">' in text


def test_what_changed_since_names_the_transaction_and_the_reason(promised: World, read: Reader) -> None:
    page = read(promised.auditor).get(f"{TARGETS}?day=2021-10-12")
    changed = {one.then.measure.code: one for one in page.context["changed"]}
    assert changed.keys() == {"visits.person_times", "visits.batches", "funds.social"}
    (moved,) = changed["visits.person_times"].moved
    assert (changed["visits.person_times"].difference, moved.net, moved.transaction.recorded_at.date()) == (
        60,
        60,
        date(2021, 10, 20),
    )
    assert moved.why == "补录：HF-2021-0003 补录的"
    assert f"/transactions/{moved.transaction.number}/" in page.content.decode()


def test_what_was_recorded_at_a_later_business_date_is_no_change(promised: World, read: Reader) -> None:
    with clock.at(moment(2021, 11, 1)):
        approved(promised, visit(promised.county, date(2021, 10, 28), 7, purpose="以后的"))
    page = read(promised.auditor).get(f"{TARGETS}?day=2021-10-12")
    assert page.context["late"] == 2
    assert {one.difference for one in page.context["changed"] if one.then.measure.code == "visits.person_times"} == {60}


def test_today_has_no_time_band_to_come_back_from(promised: World, read: Reader) -> None:
    page = read(promised.auditor).get(f"{TARGETS}?day=2021-12-31")
    text = page.content.decode()
    assert not page.context["moment"].past
    assert "回到今天" not in text
    assert "此后变化" not in text


def test_a_town_has_its_own_targets(promised: World, read: Reader) -> None:
    found = rows(read(promised.auditor), f"?node={promised.town.number}")
    assert {code: row.attainment.figure.value for code, row in found.items()} == {"visits.batches": 1}


def test_another_year_has_other_targets(promised: World, read: Reader) -> None:
    page = read(promised.auditor).get(f"{TARGETS}?year=2020")
    assert page.context["rows"] == []
    assert "这里没有 2020 年的目标" in page.content.decode()


def test_the_worst_come_first_at_a_glance(promised: World) -> None:
    found = board.glance(attainments(promised.county, 2021, date(2021, 12, 31)), 10)
    assert [row.attainment.promise.measure.code for row in found] == [
        "funds.social",
        "visits.batches",
        "visits.person_times",
    ]
    order = [(board.WORST.index(row.attainment.state), row.attainment.gap or Fraction(0)) for row in found]
    assert order == sorted(order)


def test_the_tree_counts_what_is_behind(promised: World) -> None:
    nodes = list(Node.objects.filter(confirmed=True))
    counted = behind(board.everywhere(nodes, 2021, date(2021, 12, 31), known_at()))
    for node in nodes:
        states = [a.state for a in attainments(node, 2021, date(2021, 12, 31))]
        assert counted[node.pk] == states.count("behind"), node


def test_the_tree_opens_along_the_way_to_the_node(promised: World) -> None:
    (root,) = tree(list(Node.objects.filter(confirmed=True)), promised.county)
    ways = [branch.node.name for group in root.groups for branch in group.branches]
    assert set(ways) == {"泰州-咸阳", "苏州-铜川"}
    prefecture = next(b for g in root.groups for b in g.branches if b.node == promised.prefecture)
    county = prefecture.groups[0].branches[0]
    assert county.current
    assert [b.node.name for b in county.groups[0].branches] == ["新桥-监军", "东兴-店头"]


@pytest.mark.parametrize("on", [date(2021, 1, 1), date(2020, 2, 29), date(2021, 12, 31)])
def test_the_board_stands_on_the_first_the_leap_and_the_last_day(promised: World, on: date) -> None:
    shown = Moment(on, on.year, past=True, known=known_at())
    found = attainments(promised.county, 2021, on)
    made = board.board(found, promised.county, shown)
    assert len(made) == len(found)


@pytest.mark.parametrize("query", ["", "?day=2021-10-12"])
def test_the_page_costs_the_same_with_5_and_with_200_rows(promised: World, read: Reader, query: str) -> None:
    client, costs = read(promised.auditor), []
    for n in (5, 200):
        approved(promised, *(visit(promised.county, date(2021, 3, 1), purpose=f"示例{i}") for i in range(n)))
        remembered.cache_clear()
        versions.cache_clear()
        costs.append(queries(client, TARGETS + query))
    assert costs[0] == costs[1] < 75


@pytest.mark.parametrize("bad", ["?day=2021-13-01", "?day=x", "?day=0001-01-01", "?year=x", "?year=1", "?node=jd-9999"])
def test_a_wrong_query_is_no_page(promised: World, read: Reader, bad: str) -> None:
    assert read(promised.auditor).get(TARGETS + bad).status_code == 404


def test_a_day_to_come_is_today(promised: World, read: Reader) -> None:
    assert read(promised.auditor).get(f"{TARGETS}?day=2022-05-01").context["moment"].day == date(2021, 12, 31)


def test_a_leader_may_read_it(promised: World, read: Reader) -> None:
    assert len(rows(read(promised.leader))) == 3


def test_a_stranger_sees_his_own_node_and_not_this_one(promised: World, read: Reader) -> None:
    client = read(promised.stranger)
    assert client.get(TARGETS).context["node"] == promised.elsewhere
    assert client.get(f"{TARGETS}?node={promised.county.number}").status_code == 404


def test_somebody_without_a_grant_is_a_stranger_everywhere(promised: World, read: Reader) -> None:
    promised.stranger.grants.all().delete()
    assert read(promised.stranger).get(TARGETS).status_code == 404


def test_it_is_only_read(promised: World, read: Reader) -> None:
    assert read(promised.auditor).post(TARGETS).status_code == 405


# One target looked at closely ------------------------------------------------------------------------------------------


def test_the_worst_target_is_looked_at_unless_another_is_asked_for(promised: World, read: Reader) -> None:
    client = read(promised.auditor)
    assert client.get(TARGETS).context["one"].attainment.promise.measure.code == "funds.social"
    for asked, shown in (("visits.batches", "visits.batches"), ("nothing", "funds.social")):
        one = client.get(TARGETS, {"measure": asked}).context["one"]
        assert one.attainment.promise.measure.code == shown


def test_a_target_shows_its_parts_its_years_and_the_nodes_below(promised: World, read: Reader) -> None:
    one = read(promised.auditor).get(TARGETS, {"measure": "visits.batches", "day": "2021-10-12"}).context["one"]
    assert (one.attainment.figure.value, one.due, one.short) == (2, 3, 1)
    assert [(part.figure.measure.code, part.figure.value, part.share) for part in one.parts] == [
        ("visits.batches.to_west", 2, "100.0%"),
        ("visits.batches.to_east", None, "0.0%"),
    ]
    assert [(year.promise.year, year.promise.quantity, year.figure.value) for year in one.years] == [(2021, 4, 2)]
    assert [(child.node, child.figure.value, child.own.promise.quantity) for child in one.below] == [
        (promised.town, 1, 9)
    ]
    assert one.empty == 1


def test_earlier_years_stand_beside_with_their_own_targets(promised: World, read: Reader) -> None:
    agreement = Agreement.objects.get()
    told = {"node": promised.county, "agreement": agreement, "measure": "visits.person_times"}
    approved(promised, Target(quantity=25, year=2020, **told))
    one = read(promised.auditor).get(TARGETS, {"measure": "visits.person_times"}).context["one"]
    assert [(y.promise.year, y.figure.value, y.state) for y in one.years] == [(2020, 20, "behind"), (2021, 300, "done")]


def test_between_the_sides_goes_what_was_known_that_day(promised: World, read: Reader) -> None:
    client = read(promised.auditor)
    for day, visitors in (("2021-10-12", 240), ("2021-12-31", 300)):
        flows = client.get(TARGETS, {"day": day}).context["flows"]
        assert {row.measure.code: (row.west.value, row.east.value) for row in flows.both} == {
            "visits.person_times": (visitors, None)
        }
    assert [(figure.measure.code, figure.value, to) for figure, to in flows.one] == [
        ("funds.total", 100_0000_00, "west")
    ]


def test_a_year_that_has_not_begun_has_no_trend(promised: World, read: Reader) -> None:
    approved(
        promised,
        Target(
            node=promised.county, agreement=Agreement.objects.get(), measure="visits.batches", quantity=1, year=2022
        ),
    )
    page = read(promised.auditor).get(TARGETS, {"year": "2022"})
    assert page.context["one"].trend is None
    assert "这一年还没有开始" in page.content.decode()


# As a workbook ---------------------------------------------------------------------------------------------------------


def test_the_scoreboard_is_given_out_as_a_workbook_and_the_log_says_so(promised: World, settings: Any) -> None:
    client = just_signed_in(promised.auditor, settings)
    answer: Any = client.get("/targets/book/", {"day": "2021-10-12", "node": promised.county.number})
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    told = {row[1]: row[2:8] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert told["互访人次"] == ("人次", 300, 240, 80, 1.9, "正常")
    assert told["社会帮扶资金到账"] == ("元", 4_000_000, "—", "—", "—", "落后")
    last = Access.objects.latest("id")
    assert (last.act, last.by, last.count) == (Access.Act.EXPORT, "auditor", 3)
