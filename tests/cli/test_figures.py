"""`lianqiao figures` and `lianqiao trace`, for people and for programs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from lianqiao.agreements.models import OpeningBalance
from lianqiao.fields.funds.models import Receipt
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.figures import known_at
from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts
from lianqiao.ledger.models import Entry
from tests.cli.conftest import Lianqiao
from tests.cli.sample import Done
from tests.rows import ROWS
from tests.world import World, approved, revised, stay, visit

pytestmark = pytest.mark.data
CHINESE = re.compile("[\u4e00-\u9fff]")
COUNTY = ("--pairing", "靖江-永寿")
FIGURE = {
    *("measure", "name", "unit", "value", "pairing", "from", "until", "known_at", "entries", "transaction", "hash")
}
UNTIL = ("--until", "2021-10-12")


def one(done: Done) -> dict[str, Any]:
    """The one figure that a command printed for programs."""
    assert done.status == 0, done
    (figure,) = done.json
    return dict(figure)


def project(world: World, code: str, **more: Any) -> Entry:
    """A completed project."""
    made = ROWS["projects"](world.county)
    for name, value in {"code": code, **more}.items():
        setattr(made, name, value)
    return made


def refused(done: Done, status: int, *words: str) -> None:
    """The command ended so, printed nothing, and said why in Chinese."""
    assert (done.status, done.out) == (status, "")
    assert CHINESE.search(done.err)
    assert [word for word in words if word not in done.err] == []


# Figures --------------------------------------------------------------------------------------------------------------


def test_a_figure_has_the_keys_of_the_contract(world: World, lianqiao: Lianqiao) -> None:
    approved(world, visit(world.county), visit(world.town, purpose="示例之二"))
    figure = one(lianqiao("figures", "--json", *COUNTY, "--measure", "visits.batches", *UNTIL))
    head = known_at()
    assert head.recorded_at is not None
    assert set(figure) >= FIGURE
    assert {key: figure[key] for key in FIGURE} == {
        "measure": "visits.batches", "name": "互访批次", "unit": "批", "value": 2, "pairing": "靖江-永寿", "from": None,
        "until": "2021-10-12", "known_at": head.recorded_at.isoformat(), "entries": 2, "transaction": head.number,
        "hash": head.hash,
    }  # fmt: skip
    assert "一次出访计一批" in figure["definition"]


def test_all_measures_are_told_where_none_is_named(world: World, lianqiao: Lianqiao) -> None:
    codes = [figure["measure"] for figure in lianqiao("figures", "--json").json]
    assert len(codes) == len(set(codes)) > 40
    assert {"visits.batches", "talent.total", "funds.total", "projects.completion_rate"} <= set(codes)


def test_measures_come_in_the_order_in_which_they_were_named(world: World, lianqiao: Lianqiao) -> None:
    asked = ["funds.total", "visits.batches"]
    done = lianqiao("figures", "--json", *(word for code in asked for word in ("--measure", code)))
    assert [figure["measure"] for figure in done.json] == asked


def test_a_measure_may_be_named_in_chinese(world: World, lianqiao: Lianqiao) -> None:
    assert one(lianqiao("figures", "--json", "--measure", "互访批次"))["measure"] == "visits.batches"


def test_what_was_never_posted_is_null_and_not_zero(world: World, lianqiao: Lianqiao) -> None:
    assert one(lianqiao("figures", "--json", "--measure", "visits.batches"))["value"] is None


def test_what_was_posted_and_taken_back_is_zero(world: World, lianqiao: Lianqiao) -> None:
    (row,) = approved(world, visit(world.county))
    acts.void(row, world.yongshou, "示例")
    figure = one(lianqiao("figures", "--json", "--measure", "visits.batches"))
    assert (figure["value"], figure["entries"]) == (0, 0)


def test_money_is_a_decimal_string(world: World, lianqiao: Lianqiao) -> None:
    approved(world, Receipt(node=world.county, received_on=date(2021, 4, 1), source="县级财政", amount=123_456_78))
    assert one(lianqiao("figures", "--json", "--measure", "funds.total"))["value"] == "123456.78"


def test_a_rate_is_a_decimal_string_rounded_to_two_places(world: World, lianqiao: Lianqiao) -> None:
    approved(world, project(world, "X1"), project(world, "X2"), project(world, "X3", completed_on=None))
    figure = one(lianqiao("figures", "--json", "--measure", "projects.completion_rate"))
    assert (figure["value"], figure["unit"]) == ("66.67", "%")


def test_a_span_begins_and_ends_with_its_days(world: World, lianqiao: Lianqiao) -> None:
    days = [date(2021, 10, 11), date(2021, 10, 12), date(2021, 10, 13), date(2021, 10, 14)]
    approved(world, *(visit(world.county, day) for day in days))
    figure = one(
        lianqiao("figures", "--json", "--measure", "visits.batches", "--from", "2021-10-12", "--until", "2021-10-13")
    )
    assert (figure["value"], figure["from"], figure["until"]) == (2, "2021-10-12", "2021-10-13")


def test_two_pairings_give_the_union(world: World, lianqiao: Lianqiao) -> None:
    """One teacher in both towns is one teacher; two visits are two."""
    same = {"id_number": "990000198001010012"}
    approved(world, stay(world.town, date(2021, 3, 1), **same), stay(world.other_town, date(2021, 9, 1), **same))
    approved(world, visit(world.town), visit(world.other_town))
    both = ("--pairing", "新桥-监军", "--pairing", "东兴-店头")
    done = lianqiao("figures", "--json", *both, "--measure", "talent.total", "--measure", "visits.batches")
    assert [(f["value"], f["pairing"]) for f in done.json] == [(1, "新桥-监军+东兴-店头"), (2, "新桥-监军+东兴-店头")]


def test_one_person_counts_once_in_the_county_and_once_above_it(world: World, lianqiao: Lianqiao) -> None:
    same = {"id_number": "990000198001010012"}
    approved(world, stay(world.town, date(2021, 3, 1), **same), stay(world.other_town, date(2021, 9, 1), **same))
    places = ("新桥-监军", "东兴-店头", "靖江-永寿", "江苏-陕西")
    counted = [
        one(lianqiao("figures", "--json", "--pairing", place, "--measure", "talent.total"))["value"] for place in places
    ]
    assert counted == [1, 1, 1, 1]


def test_a_pairing_named_twice_counts_once_or_is_refused(world: World, lianqiao: Lianqiao) -> None:
    approved(world, visit(world.county))
    done = lianqiao("figures", "--json", *COUNTY, *COUNTY, "--measure", "visits.batches")
    assert done.status == 2 or one(done)["value"] == 1


def test_measures_that_do_not_overlap_are_added(world: World, lianqiao: Lianqiao) -> None:
    approved(world, visit(world.county), visit(world.county, purpose="示例之二", direction="西部赴东部"))
    figure = one(lianqiao("figures", "--json", *COUNTY, "--measure", "visits.batches.to_west+visits.batches.to_east"))
    assert figure["value"] == 2


def test_a_sum_has_the_keys_of_a_figure(world: World, lianqiao: Lianqiao) -> None:
    approved(world, visit(world.county), visit(world.county, purpose="示例之二", direction="西部赴东部"))
    codes = "visits.batches.to_west+visits.batches.to_east"
    figure = one(lianqiao("figures", "--json", "--measure", codes))
    assert set(figure) >= FIGURE
    assert (figure["measure"], figure["entries"]) == (codes, 2)


def test_distinct_counts_are_united_and_not_added(world: World, lianqiao: Lianqiao) -> None:
    same = {"id_number": "990000198001010012"}
    approved(
        world,
        stay(world.county, date(2021, 3, 1), **same),
        stay(world.county, date(2021, 9, 1), category="医疗卫生", **same),
    )
    assert one(lianqiao("figures", "--json", "--measure", "talent.education+talent.health"))["value"] == 1


def test_a_sum_of_nothing_prints_a_dash(world: World, lianqiao: Lianqiao) -> None:
    done = lianqiao("figures", "--measure", "visits.batches.to_west+visits.batches.to_east")
    assert done.status == 0
    assert "None" not in done.out
    assert "—" in done.out


def test_a_sum_of_money_is_printed_with_separators(world: World, lianqiao: Lianqiao) -> None:
    approved(world, Receipt(node=world.county, received_on=date(2021, 4, 1), source="县级财政", amount=123_456_78))
    assert "123,456.78" in lianqiao("figures", "--measure", "funds.fiscal+funds.social").out


# Known at -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def grown(world: World) -> World:
    """A visit of 9, revised to 12."""
    (row,) = approved(world, visit(world.county, people=9))
    revised(world, row, people=12)
    return world


def person_times(lianqiao: Lianqiao, known: object) -> Any:
    return one(lianqiao("figures", "--json", "--measure", "visits.person_times", "--known-at", known))["value"]


def test_known_at_a_transaction(grown: World, lianqiao: Lianqiao) -> None:
    last = known_at().number
    assert [person_times(lianqiao, number) for number in (last, last - 1, last - 2, 0)] == [12, 9, None, None]


def test_known_at_a_time_is_up_to_that_moment(grown: World, lianqiao: Lianqiao) -> None:
    last = Transaction.objects.latest("number").recorded_at
    assert person_times(lianqiao, last.isoformat()) == 12
    assert person_times(lianqiao, (last - timedelta(microseconds=1)).isoformat()) == 9


def test_known_at_a_time_without_a_zone_is_of_shanghai(grown: World, lianqiao: Lianqiao) -> None:
    last = Transaction.objects.latest("number").recorded_at.astimezone(SHANGHAI)
    assert person_times(lianqiao, last.replace(tzinfo=None).isoformat()) == 12
    assert person_times(lianqiao, (last.replace(tzinfo=None) - timedelta(hours=1)).isoformat()) is None


def test_known_at_a_date_is_the_end_of_that_day_in_shanghai(grown: World, lianqiao: Lianqiao) -> None:
    day = Transaction.objects.latest("number").recorded_at.astimezone(SHANGHAI).date()
    assert person_times(lianqiao, day) == 12
    assert person_times(lianqiao, day - timedelta(days=2)) is None


@pytest.mark.parametrize("known", ["9999-12-31", "9999-12-31T23:59:59.999999"])
def test_the_last_moment_of_all_is_now(grown: World, lianqiao: Lianqiao, known: str) -> None:
    assert person_times(lianqiao, known) == 12


@pytest.mark.parametrize("known", ["999", "2021-13-01", "昨天", "-1", "²"])
def test_a_moment_that_is_none_is_refused(world: World, lianqiao: Lianqiao, known: str) -> None:
    refused(lianqiao("figures", f"--known-at={known}"), 2)


# Calls that are wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("figures", "--measure", "visits.batch"), ("trace", "visits.batch")])
def test_an_unknown_measure_is_refused(lianqiao: Lianqiao, command: tuple[str, ...]) -> None:
    refused(lianqiao(*command), 2, "visits.batch")


@pytest.mark.parametrize("command", [("figures",), ("trace", "visits.batches")])
def test_an_unknown_pairing_is_refused(lianqiao: Lianqiao, command: tuple[str, ...]) -> None:
    refused(lianqiao(*command, "--pairing", "靖江-长武"), 2, "靖江-长武")


@pytest.mark.parametrize("option", ["--from", "--until"])
@pytest.mark.parametrize("day", ["2021-13-01", "20211", "10月12日", "2021-02-30"])
def test_a_day_that_is_none_is_refused(lianqiao: Lianqiao, option: str, day: str) -> None:
    refused(lianqiao("figures", option, day), 2, day, "不是日期")


def test_a_span_that_ends_before_it_begins_is_refused(lianqiao: Lianqiao) -> None:
    refused(lianqiao("figures", "--from", "2021-10-13", "--until", "2021-10-12"), 2, "2021-10-13", "2021-10-12")


def test_a_part_added_to_its_whole_is_refused_with_the_reason(lianqiao: Lianqiao) -> None:
    refused(
        lianqiao("figures", "--measure", "visits.batches+visits.batches.to_west"),
        2, "“东部赴西部”", "是“互访批次”", "分项", "不能相加",
    )  # fmt: skip


@pytest.mark.parametrize(
    "codes", ["visits.batches+visits.person_times", "talent.total+visits.batches", "visits.batches+"]
)
def test_what_cannot_be_added_is_refused(lianqiao: Lianqiao, codes: str) -> None:
    refused(lianqiao("figures", "--measure", codes), 2)


def test_rates_are_not_added(lianqiao: Lianqiao) -> None:
    refused(lianqiao("figures", "--measure", "projects.completion_rate+projects.count"), 2, "比率不能相加")


@pytest.mark.parametrize("command", [("figures",), ("trace", "visits.batches")])
def test_a_pairing_beside_one_above_it_is_refused(lianqiao: Lianqiao, command: tuple[str, ...]) -> None:
    refused(lianqiao(*command, *COUNTY, "--pairing", "泰州-咸阳"), 2, "靖江-永寿", "泰州-咸阳", "不能并列相加")


@pytest.mark.parametrize(
    "call",
    [
        ("figure",), (), ("trace",), ("figures", "--json=1"), ("figures", "--untl", "2021-10-12"), ("figures", "靖江-永寿"),
        ("void", "visits", "HF-2021-0001", "--as", "yongshou"), ("serve", "--port", "八千"),
    ],
)  # fmt: skip
def test_a_call_that_is_none_is_refused_in_chinese(lianqiao: Lianqiao, call: tuple[str, ...]) -> None:
    done = lianqiao(*call)
    assert (done.status, done.out) == (2, "")
    assert CHINESE.search(done.err.splitlines()[-1])


# For people -----------------------------------------------------------------------------------------------------------


def test_people_read_value_unit_rows_and_definition(world: World, lianqiao: Lianqiao) -> None:
    approved(world, Receipt(node=world.county, received_on=date(2021, 4, 1), source="县级财政", amount=1_234_567_00))
    done = lianqiao("figures", *COUNTY, *UNTIL, "--measure", "funds.fiscal")
    head = known_at()
    assert done.status == 0
    first, _, _, row, last = done.out.splitlines()
    assert first.split() == ["靖江市—永寿县", "截至2021年10月12日累计", "按事务", f"#{head.number}", "所知"]
    assert row.split()[:5] == ["funds.fiscal", "财政协作资金到账", "1,234,567.00", "元", "1"]
    assert "按到账日期计入" in row
    assert last == f"散列 {head.hash}"


def test_people_read_a_dash_for_what_was_never_posted(world: World, lianqiao: Lianqiao) -> None:
    row = lianqiao("figures", "--measure", "visits.batches").out.splitlines()[3]
    assert row.split()[:5] == ["visits.batches", "互访批次", "—", "批", "0"]


def test_people_read_the_definition_beside_what_is_without_detail(world: World, lianqiao: Lianqiao) -> None:
    opening = OpeningBalance(
        node=world.county, measure="visits.batches", until=date(2018, 12, 31), value=40, source="示例总结"
    )
    approved(world, opening)
    row = lianqiao("figures", "--measure", "visits.batches").out.splitlines()[3]
    assert "无明细 40" in row
    assert "一次出访计一批" in row


def test_columns_stand_straight_with_chinese_in_them(world: World, lianqiao: Lianqiao) -> None:
    """Where each column begins, in columns of a terminal: the same in every row."""
    _, heads, rule, *rows, _ = lianqiao(
        "figures", "--measure", "visits.batches", "--measure", "funds.total"
    ).out.splitlines()
    starts = [at for at in range(len(rule)) if rule[at] != " " and (at == 0 or rule[at - 1] == " ")]
    assert len(starts) == 6
    for line in (heads, *rows):
        wide = "".join(c + "\0" * (ord(c) > 0x2E80) for c in line)
        assert all(wide[at - 1 : at] in ("", " ") for at in starts if at < len(wide))


# Trace ----------------------------------------------------------------------------------------------------------------


def test_a_trace_has_the_keys_of_the_contract(world: World, lianqiao: Lianqiao) -> None:
    piece = {"kind": "通知", "name": "示例通知.txt", "sha256": "0" * 64, "size": 6}
    (row,) = approved(world, visit(world.county, people=9, evidence=[piece]))
    told = lianqiao("trace", "visits.person_times", "--json", *COUNTY, *UNTIL).json
    last = Transaction.objects.latest("number")
    assert set(told) == {"figure", "postings"}
    assert (set(told["figure"]) >= FIGURE, told["figure"]["value"]) == (True, 9)
    (posting,) = told["postings"]
    contract = {
        "transaction": last.number, "recorded_at": last.recorded_at.isoformat(), "on": "2021-10-12", "quantity": 9,
        "ledger": "visits", "entry": row.number, "summary": "对接产业协作",
    }  # fmt: skip
    assert {key: posting[key] for key in contract} == contract
    assert [(e["kind"], e["name"], e["sha256"]) for e in posting["evidence"]] == [("通知", "示例通知.txt", "0" * 64)]


def test_a_trace_adds_up_to_its_figure_and_corrections_stand_beside(grown: World, lianqiao: Lianqiao) -> None:
    told = lianqiao("trace", "visits.person_times", "--json").json
    assert told["figure"]["value"] == sum(p["quantity"] for p in told["postings"]) == 12
    assert len(told["postings"]) > 1


def test_a_trace_is_as_known_then(grown: World, lianqiao: Lianqiao) -> None:
    told = lianqiao("trace", "visits.person_times", "--json", "--known-at", known_at().number - 1).json
    assert (told["figure"]["value"], [p["quantity"] for p in told["postings"]]) == (9, [9])


def test_the_trace_of_money_is_in_decimal_strings(world: World, lianqiao: Lianqiao) -> None:
    approved(world, Receipt(node=world.county, received_on=date(2021, 4, 1), source="县级财政", amount=123_456_78))
    told = lianqiao("trace", "funds.total", "--json").json
    assert [p["quantity"] for p in told["postings"]] == ["123456.78"]


def test_the_trace_of_a_rate_has_both_its_sides(world: World, lianqiao: Lianqiao) -> None:
    approved(world, project(world, "X1"))
    told = lianqiao("trace", "projects.completion_rate", "--json").json
    assert {p["measure"] for p in told["postings"]} == {"projects.count", "projects.completed"}
    assert [p["quantity"] for p in told["postings"]] == [1, 1]


def test_a_trace_of_nothing_is_empty(world: World, lianqiao: Lianqiao) -> None:
    told = lianqiao("trace", "visits.batches", "--json").json
    assert (told["figure"]["value"], told["postings"]) == (None, [])


def test_people_read_each_row_with_a_running_sum(world: World, lianqiao: Lianqiao) -> None:
    one, other = approved(
        world, visit(world.county, date(2021, 3, 1), people=9), visit(world.county, people=4, purpose="示例回访")
    )
    lines = lianqiao("trace", "visits.person_times").out.splitlines()
    number = known_at().number
    assert [line.split() for line in lines[-2:]] == [
        ["2021-03-01", one.number, "9", "9", f"#{number}", "对接产业协作"],
        ["2021-10-12", other.number, "4", "13", f"#{number}", "示例回访"],
    ]


def test_people_read_which_row_has_no_detail(world: World, lianqiao: Lianqiao) -> None:
    opening = OpeningBalance(
        node=world.county, measure="visits.batches", until=date(2018, 12, 31), value=40, source="示例总结"
    )
    approved(world, opening)
    assert lianqiao("trace", "visits.batches").out.splitlines()[-1].endswith("无明细")
