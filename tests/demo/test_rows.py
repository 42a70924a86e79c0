"""The sample programme, replayed in plain Python: what was known when, and what it adds up to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.demo.rows.batch import CONFERENCE, SHANGHAI, TODAY, Batch, Correction
from lianqiao.demo.rows.chance import split
from lianqiao.demo.rows.headings import SHEETS, WAN
from lianqiao.demo.rows.identity import credit_code, id_number
from lianqiao.demo.rows.programme import programme
from lianqiao.demo.rows.tree import BELOW, COUNTY, PILOT, TOWNS, UPPER, Node
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger.registry import ledgers, sheet_form

LEDGERS_MD = Path(__file__).parents[3] / "shared" / "ledgers.md"
Held = dict[str, Any]

DAY_AFTER = date(2021, 10, 13)
ARTICLE_KNOWN = pytest.mark.parametrize("known_at", [CONFERENCE, DAY_AFTER, date(2021, 11, 30), TODAY])


@cache
def steps() -> tuple[Batch | Correction, ...]:
    return tuple(programme())


def told(ledger: str, row: dict[str, object]) -> Held:
    """A sheet's row by field code, money in 元."""
    values: Held = {}
    for field, heading in SHEETS[ledger].columns.items():
        value = row[heading]
        values[field] = value * 10_000 if heading.endswith(WAN) and isinstance(value, Decimal) else value
    return values


def matches(row: Held, find: dict[str, object]) -> bool:
    return all(row[field] == value for field, value in find.items())


@cache
def known(at: date) -> dict[str, list[Held]]:
    """Every ledger as it stood at the end of a day."""
    end = datetime.combine(at, time.max, SHANGHAI)
    held: dict[str, list[Held]] = {ledger: [] for ledger in SHEETS}
    for step in steps():
        if step.recorded_at > end:
            break
        if isinstance(step, Batch):
            held[step.ledger] += [told(step.ledger, row) for row in step.rows]
        else:
            apply(step, held[step.ledger])
    return held


def apply(step: Correction, rows: list[Held]) -> None:
    found = [row for row in rows if matches(row, step.find)]
    assert len(found) == 1, f"{step.why}: {step.find} finds {len(found)} rows"
    if step.change is None:
        rows.remove(found[0])
        return
    assert found[0] | step.change != found[0], f"{step.why} changes nothing"
    assert step.change.keys() <= found[0].keys()
    found[0].update(step.change)


DATED = {
    "visits": "occurred_on",
    "meetings": "occurred_on",
    "agreements": "signed_on",
    "honours": "awarded_on",
    "secondments": "start",
    "projects": "approved_on",
    "receipts": "received_on",
    "donations": "received_on",
    "twin_support": "occurred_on",
    "pairings": "since",
    "trainings": "start",
    "allocations": "allocated_on",
    "payments": "paid_on",
    "parks": "started_on",
    "enterprises": "landed_on",
    "investments": "paid_on",
    "jobs": "started_on",
    "retention": "checked_on",
    "workshops": "recognised_on",
    "jobfairs": "held_on",
    "products": "recognised_on",
    "outlets": "opened_on",
    "sales": "sold_on",
    "demo_villages": "started_on",
    "joint_programmes": "started_on",
    "monitored": "identified_on",
    "home_visits": "visited_on",
}


def until(ledger: str, known_at: date, on: date = CONFERENCE, by: str = "") -> list[Held]:
    """The rows of a ledger up to a business day, as known at the end of another."""
    field = by or DATED[ledger]
    return [row for row in known(known_at)[ledger] if row[field] is not None and row[field] <= on]


def total(rows: list[Held], field: str) -> Any:
    """The sum of a column: an int, or a Decimal where it is money."""
    return sum(row[field] for row in rows if row[field] is not None)


def people(rows: list[Held], *categories: str) -> set[tuple[object, ...]]:
    """Distinct people by 身份证号, or by name and unit where there is none."""
    found = (row for row in rows if row["category"] in categories)
    return {(row["id_number"] or (row["name"], row["home_org"]),) for row in found}


PROFESSIONS = ("教育", "医疗卫生", "农业科技", "其他专技")


# The article's totals ------------------------------------------------------------------------------------------------


@ARTICLE_KNOWN
def test_visits(known_at: date) -> None:
    rows = until("visits", known_at)
    by_direction = {
        way: (len(found := [row for row in rows if row["direction"] == way]), total(found, "people"))
        for way in ("东部赴西部", "西部赴东部")
    }
    assert by_direction == {"东部赴西部": (63, 708), "西部赴东部": (50, 505)}


@ARTICLE_KNOWN
def test_talent(known_at: date) -> None:
    rows = until("secondments", known_at)
    professionals, cadres = people(rows, *PROFESSIONS), people(rows, "党政干部")
    by_category = {category: len(people(rows, category)) for category in PROFESSIONS}

    assert len(professionals) == 129
    assert by_category == {"教育": 61, "医疗卫生": 45, "农业科技": 25, "其他专技": 2}
    assert sum(by_category.values()) > 129
    assert people(rows, "教育", "医疗卫生", "农业科技") == professionals
    assert len(professionals & cadres) == 3
    assert len([row for row in rows if row["category"] in PROFESSIONS]) == 143


@ARTICLE_KNOWN
def test_funds(known_at: date) -> None:
    fiscal, social = until("receipts", known_at), until("donations", known_at)
    assert total(fiscal, "amount") == Decimal("98500000.00")
    assert total(social, "amount") == Decimal("15500000.00")
    assert total([row for row in social if row["kind"] == "物资"], "amount") == Decimal("4300000.00")


@ARTICLE_KNOWN
def test_projects(known_at: date) -> None:
    rows = until("projects", known_at)
    assert (len(rows), total(rows, "households"), total(rows, "people")) == (44, 3_100, 12_850)


@ARTICLE_KNOWN
def test_twin_support(known_at: date) -> None:
    rows = until("twin_support", known_at)
    assert (len(rows), total(rows, "households"), total(rows, "person_times")) == (75, 3_071, 6_128)
    assert Counter(row["level"] for row in rows)["村村"] >= 15
    assert len({row["pairing"] for row in rows if row["level"] == "镇镇"}) == 7


@ARTICLE_KNOWN
def test_the_day_itself(known_at: date) -> None:
    on_day = {ledger: [r for r in until(ledger, known_at) if r[DATED[ledger]] == CONFERENCE] for ledger in DATED}
    (meeting,) = on_day["meetings"]
    assert (meeting["kind"], meeting["place"], meeting["title"]) == (
        "联席会议",
        "永寿县",
        "靖江—永寿对口协作暨全面推进乡村振兴联席会议",
    )
    assert {(a["title"], a["start"], a["end"], a["meeting"]) for a in on_day["agreements"]} == {
        (title, date(2021, 1, 1), date(last, 12, 31), meeting["title"])
        for title, last in (
            ("《“十四五”对口协作框架协议》", 2025),
            ("《2021年度对口协作框架协议》", 2021),
            ("《结对乡镇“十四五”对口协作框架协议》", 2025),
        )
    }
    assert [(v["people"], v["direction"], v["pairing"]) for v in on_day["visits"]] == [(22, "东部赴西部", COUNTY)]


@ARTICLE_KNOWN
def test_the_pledge_of_the_day_is_received_in_december(known_at: date) -> None:
    pledged = [row for row in known(known_at)["donations"] if row["pledged_on"] == CONFERENCE]
    received = date(2021, 12, 20)
    assert [(row["amount"], row["received_on"]) for row in pledged] == [
        (Decimal(2_000_000), received if known_at >= received else None)
    ]


@ARTICLE_KNOWN
def test_honours(known_at: date) -> None:
    rows = known(known_at)["honours"]
    assert {(row["title"], row["level"]) for row in rows} == {
        ("全国脱贫攻坚先进集体", "国家级"),
        ("全国扶贫协作典型案例", "国家级"),
    }


def test_the_pairs_in_force_on_the_day() -> None:
    rows = [row for row in until("pairings", DAY_AFTER) if row["until"] is None]
    assert Counter(row["level"] for row in rows) == {
        "省际": 1, "市际": 1, "县际": 1, "镇镇": 7, "村村": 28, "校校": 6, "院院": 3, "企村": 12, "社会组织": 4,
    }  # fmt: skip


# Life in the numbers -------------------------------------------------------------------------------------------------


def test_years_of_visits() -> None:
    by_year: Counter[int] = Counter()
    for row in until("visits", TODAY):
        assert 4 <= row["people"] <= 22
        by_year[row["occurred_on"].year] += row["people"]
    assert by_year == {2017: 148, 2018: 231, 2019: 322, 2020: 187, 2021: 325}


def test_people_counted_by_years_are_more_than_over_all_years() -> None:
    rows = until("secondments", TODAY)
    years = [people([r for r in rows if r["start"].year == year], *PROFESSIONS) for year in range(2017, 2022)]
    assert [len(found) for found in years] == [20, 30, 36, 26, 31]
    assert sum(map(len, years)) > len(set[object]().union(*years)) == 129


def test_rows_after_the_day() -> None:
    for ledger in DATED.keys() - {"pairings", "honours", "parks"}:
        assert len(until(ledger, TODAY, TODAY)) > len(until(ledger, TODAY)), ledger


# What was known when -------------------------------------------------------------------------------------------------


def test_late_entries_are_not_known_before() -> None:
    """Half-years are recorded in July and January: the trips of autumn 2019 are unknown at the end of the year."""
    end = date(2019, 12, 31)
    first_half = len(until("visits", TODAY, date(2019, 6, 30)))
    assert len(until("visits", end, end)) == first_half < 14 + 21 + 30 == len(until("visits", TODAY, end))


LATE_CHANGES = [
    ("projects", "completed_on", 1),
    ("secondments", "start", 1),
    ("meetings", "occurred_on", 0),
]


@pytest.mark.parametrize(("ledger", "by", "more"), LATE_CHANGES)
def test_counts_that_changed_after_the_article(ledger: str, by: str, more: int) -> None:
    assert len(until(ledger, TODAY, by=by)) - len(until(ledger, DAY_AFTER, by=by)) == more


def test_a_meeting_entered_twice_is_voided_and_a_forgotten_one_entered() -> None:
    before = {row["title"] for row in until("meetings", DAY_AFTER)}
    after = {row["title"] for row in until("meetings", TODAY)}
    assert before - after == {"示例：2021年两地教育部门对接会"}
    assert after - before == {"示例：2021年消费协作对接会"}


def test_a_receipt_is_labelled_anew() -> None:
    def by_source(known_at: date) -> dict[object, Decimal]:
        rows = until("receipts", known_at)
        return {
            source: total([r for r in rows if r["source"] == source], "amount") for source in ("市级财政", "县级财政")
        }

    before, after = by_source(DAY_AFTER), by_source(TODAY)
    assert before["市级财政"] - after["市级财政"] == after["县级财政"] - before["县级财政"] == 400_000


def test_fewer_of_the_households_were_formerly_poor() -> None:
    before, after = (total(until("projects", at), "lifted_households") for at in (DAY_AFTER, TODAY))
    assert 0 < before - after < 10


def test_the_day_of_a_trip_was_put_right() -> None:
    days = [{row["occurred_on"] for row in until("visits", at)} for at in (DAY_AFTER, TODAY)]
    assert date(2021, 6, 17) in days[0] - days[1]
    assert date(2021, 6, 15) in days[1] - days[0]


def test_a_target_is_amended_after_the_conference() -> None:
    rows = [row for row in known(TODAY)["targets"] if row["year"] == 2021 and row["measure"] == "funds.social"]
    assert [(row["quantity"], row["since"], bool(row["amends"])) for row in rows] == [
        (4_000_000, date(2021, 1, 1), False),
        (4_300_000, date(2021, 11, 15), True),
    ]


def test_the_first_pair_of_villages_was_closed_and_has_a_successor() -> None:
    rows = [row for row in known(TODAY)["pairings"] if (row["east"], row["west"]) == (PILOT.east, PILOT.west)]
    assert [(row["parent"], row["until"]) for row in rows] == [(COUNTY, date(2017, 12, 31)), (TOWNS[0].name, None)]
    early = until("twin_support", TODAY, date(2017, 12, 31))
    assert len([row for row in early if row["pairing"] == PILOT.name]) == 3


# Targets -------------------------------------------------------------------------------------------------------------


def test_every_year_has_targets_of_measures_that_exist() -> None:
    rows = known(TODAY)["targets"]
    measures = Counter(row["year"] for row in rows if row["node"] == COUNTY and not row["amends"])
    assert measures == {2017: 10, 2018: 13, 2019: 14, 2020: 24, 2021: 24}
    assert {row["measure"] for row in rows} <= MEASURES.keys()


def test_the_parts_do_not_fall_short_of_the_whole() -> None:
    rows = [row for row in known(TODAY)["targets"] if row["agreement"] == "《2021年度对口协作框架协议》"]
    whole = {row["measure"]: row["quantity"] for row in rows if row["node"] == COUNTY}
    parts: Counter[object] = Counter()
    for row in rows:
        if row["node"] != COUNTY:
            parts[row["measure"]] += row["quantity"]
    assert set(parts) == {"twin.projects", "twin.households"}
    assert all(parts[measure] >= whole[measure] for measure in parts)


# The form of the rows ------------------------------------------------------------------------------------------------


def batches() -> Iterator[Batch]:
    return (step for step in steps() if isinstance(step, Batch))


def bare(heading: str) -> str:
    return heading.removesuffix(WAN)


@pytest.mark.parametrize("ledger", SHEETS)
def test_the_ledgers_know_every_heading_and_choice(ledger: str) -> None:
    columns = {column.heading: column for column in sheet_form(ledgers()[ledger]).columns}
    for batch in batches():
        if batch.ledger != ledger:
            continue
        for row in batch.rows:
            assert {bare(heading) for heading in row} <= columns.keys()
            for heading, value in row.items():
                column = columns[bare(heading)]
                assert value is not None or not column.required, (heading, row)
                assert value is None or not column.choices or value in column.choices, (heading, value)


@pytest.mark.parametrize("ledger", SHEETS)
def test_corrections_name_fields_of_the_ledger(ledger: str) -> None:
    fields = {column.field for column in sheet_form(ledgers()[ledger]).columns}
    for step in steps():
        if isinstance(step, Correction) and step.ledger == ledger:
            assert step.find.keys() | (step.change or {}).keys() <= fields


def described(ledger: str) -> str:
    """The paragraphs of ledgers.md on a ledger."""
    if not LEDGERS_MD.exists():
        pytest.skip(f"{LEDGERS_MD} is not beside this clone")
    text = LEDGERS_MD.read_text(encoding="utf-8")
    start = text.index(f"**{ledger} ")
    return text[start : text.index("→", start) if "→" in text[start : start + 900] else start + 900]


@pytest.mark.parametrize("ledger", SHEETS)
def test_headings_and_choices_are_those_of_ledgers_md(ledger: str) -> None:
    text = described(ledger)
    common = {"结对关系", "备注", "佐证材料", "生效日期", "承担单位"}
    if ledger == "workshops":
        common.add("类型")  # the page names this column by its code alone
    for field, heading in SHEETS[ledger].columns.items():
        assert bare(heading) in text or heading in common, heading
        choices = re.search(rf"{re.escape(bare(heading))}\** choice ([^\s·]+)", text)
        if choices:
            used = {row[field] for row in known(TODAY)[ledger]} - {None}
            assert used <= set(choices[1].split("/")), heading


def test_every_row_says_that_it_is_an_example() -> None:
    assert all(str(row["备注"]).startswith("示例") for batch in batches() for row in batch.rows)


NAMED = {
    "visits": ("purpose", "leader"),
    "secondments": ("name",),
    "projects": ("name",),
    "twin_support": ("name",),
    "meetings": ("title",),
    "agreements": ("title",),
    "donations": ("donor",),
    "receipts": ("document",),
    "trainings": ("title", "organiser"),
    "allocations": ("document",),
    "payments": ("payee", "voucher"),
    "parks": ("name", "east_zone", "west_zone"),
    "enterprises": ("name",),
    "investments": ("document",),
    "jobs": ("name", "employer"),
    "workshops": ("name",),
    "jobfairs": ("title",),
    "products": ("name", "producer", "certificate"),
    "outlets": ("name",),
    "sales": ("product", "seller", "buyer", "invoice"),
    "demo_villages": ("village",),
    "joint_programmes": ("name", "east_unit", "west_unit"),
    "monitored": ("code", "head", "village"),
    "home_visits": ("household", "visitor"),
}


@pytest.mark.parametrize(("ledger", "field"), [(ledger, field) for ledger, fields in NAMED.items() for field in fields])
def test_names_that_could_pass_for_facts_are_marked(ledger: str, field: str) -> None:
    """All but what the article itself names: its conference and its three agreements."""
    plain = {row[field] for row in known(TODAY)[ledger] if "示例" not in str(row[field])}
    assert len(plain) == {"meetings": 1, "agreements": 3}.get(ledger, 0)


def test_users_fill_in_and_others_of_their_side_approve() -> None:
    assert {(step.by, step.approved_by) for step in steps()} == {
        ("jingjiang", "jingjiang-review"),
        ("yongshou", "yongshou-review"),
    }


SIDES = {"东部赴西部": "jingjiang", "西部赴东部": "yongshou", "东部派往西部": "jingjiang", "西部派往东部": "yongshou"}


FILLERS = {("east",): {"jingjiang"}, ("west",): {"yongshou"}, ("east", "west"): {"jingjiang", "yongshou"}}


def test_each_side_records_its_own_people_and_the_west_what_arrives() -> None:
    for batch in batches():
        assert batch.by in FILLERS[ledgers()[batch.ledger].ledger.filled_by]
        for row in batch.rows:
            assert SIDES.get(str(row.get("方向")), batch.by) == batch.by


# Time ----------------------------------------------------------------------------------------------------------------


def test_recorded_one_after_the_other_within_the_sample() -> None:
    moments = [step.recorded_at for step in steps()]
    assert all(a < b for a, b in pairwise(moments))
    assert all(moment.tzinfo is SHANGHAI for moment in moments)
    assert all(9 <= moment.hour < 22 for moment in moments)
    assert min(moment.hour for moment in moments if moment.date() == CONFERENCE) == 18
    assert moments[0].year == 2017
    assert moments[-1].date() <= TODAY


PLANNED = {("agreements", "end"), ("resolutions", "due"), ("secondments", "end")}


def test_nothing_is_recorded_before_it_happened() -> None:
    for step in steps():
        rows = [told(step.ledger, row) for row in step.rows] if isinstance(step, Batch) else [step.change or {}]
        for row in rows:
            for field, value in row.items():
                if isinstance(value, date) and (step.ledger, field) not in PLANNED:
                    assert value <= step.recorded_at.date(), (step.ledger, field, row)


ORDERED: dict[str, tuple[str, ...]] = {
    "agreements": ("start", "end"),
    "pairings": ("since", "until"),
    "projects": ("approved_on", "started_on", "completed_on", "accepted_on", "handed_over_on"),
    "secondments": ("start", "end"),
    "donations": ("pledged_on", "received_on"),
    "enterprises": ("landed_on", "producing_on"),
    "jobs": ("started_on", "left_on"),
    "workshops": ("recognised_on", "withdrawn_on"),
    "outlets": ("opened_on", "closed_on"),
    "demo_villages": ("started_on", "recognised_on"),
    "joint_programmes": ("started_on", "ended_on"),
    "monitored": ("identified_on", "cleared_on"),
}


@pytest.mark.parametrize("known_at", [DAY_AFTER, TODAY])
def test_dates_never_run_backwards(known_at: date) -> None:
    for ledger, chain in ORDERED.items():
        for row in known(known_at)[ledger]:
            days = [row[field] for field in chain if row[field] is not None]
            assert days == sorted(days), row


WHOLES = [(ledger, *pair) for ledger in SHEETS for pair in ledgers()[ledger].ledger.parts]


@pytest.mark.parametrize(("ledger", "part", "whole"), WHOLES)
def test_parts_do_not_exceed_their_wholes(ledger: str, part: str, whole: str) -> None:
    assert all(0 < row[part] <= row[whole] for row in known(TODAY)[ledger])


def test_planned_aid_stays_within_the_fiscal_money_of_its_year() -> None:
    for year in range(2017, 2022):
        aid = [r for r in known(TODAY)["projects"] if r["approved_on"].year == year]
        money = [r for r in known(TODAY)["receipts"] if r["year"] == year]
        assert total(aid, "planned_aid") <= total(money, "amount"), year


# Keys and what rows name ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known_at", [date(2019, 12, 31), DAY_AFTER, TODAY])
def test_keys_are_unique(known_at: date) -> None:
    for ledger, rows in known(known_at).items():
        form = ledgers()[ledger].ledger
        amended = [row for row in rows if row.get("amends")]
        keys = Counter(
            tuple(row[field] for field in (*form.key, form.node_field)) for row in rows if row not in amended
        )
        assert max(keys.values(), default=1) == 1, (ledger, keys.most_common(1))


def nodes(name: object) -> list[Node]:
    return [node for node in [*UPPER, *BELOW] if node.name == name]


def test_rows_belong_to_pairings_in_force_that_were_recorded_before() -> None:
    recorded: set[str] = set()
    for step in steps():
        if not isinstance(step, Batch):
            continue
        for row in map(told, [step.ledger] * len(step.rows), step.rows):
            name = row.get(ledgers()[step.ledger].ledger.node_field)
            assert name is None or name in recorded, (step.ledger, name)
            on = row.get(DATED.get(step.ledger, ""))
            if step.ledger == "pairings":
                recorded.add(f"{row['east']}—{row['west']}")
            elif isinstance(on, date):
                assert any(node.open_on(on) for node in nodes(name)), (step.ledger, name, on)


def test_a_closed_pairing_is_named_only_while_no_other_bears_its_name() -> None:
    """The import resolves a name to the pairing that is open: rows of the closed one must come before its successor."""
    successor = next(node for node in BELOW if node.name == PILOT.name and node is not PILOT)
    for batch in batches():
        for row in batch.rows:
            on = told(batch.ledger, row).get(DATED.get(batch.ledger, ""))
            if row.get("结对关系") == PILOT.name and isinstance(on, date):
                assert (on >= successor.since) is (batch.recorded_at.date() > successor.since)


LINKS = [
    ("agreements", "meeting", "meetings", "title"),
    ("resolutions", "meeting", "meetings", "title"),
    ("targets", "agreement", "agreements", "title"),
    ("allocations", "project", "projects", "code"),
    ("payments", "project", "projects", "code"),
    ("home_visits", "household", "monitored", "code"),
]


@pytest.mark.parametrize(("ledger", "field", "other", "by"), LINKS)
def test_what_rows_name_is_recorded_before_and_has_one_row(ledger: str, field: str, other: str, by: str) -> None:
    titles: Counter[object] = Counter()
    for batch in batches():
        rows = [told(batch.ledger, row) for row in batch.rows]
        if batch.ledger == other:
            titles.update(row[by] for row in rows)
        if batch.ledger == ledger:
            assert all(row[field] is None or titles[row[field]] == 1 for row in rows)


def test_the_agreement_that_a_pairing_names_is_there() -> None:
    titles = {row["title"] for row in known(date(2018, 5, 9))["agreements"]}
    assert {row["agreement"] for row in known(TODAY)["pairings"] if row["agreement"]} <= titles


# People and firms ----------------------------------------------------------------------------------------------------


def id_is_right(number: str) -> bool:
    """GB 11643: the weighted digits and the check digit (X is ten) leave one when divided by eleven."""
    digits = [10 if digit == "X" else int(digit) for digit in number]
    return sum(digit << 17 - i for i, digit in enumerate(digits)) % 11 == 1


def code_is_right(code: str) -> bool:
    """GB 32100: the letters weighted with the powers of three add up to a multiple of 31."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return sum(letters.index(letter) * 3**i for i, letter in enumerate(code[:17])) % 31 == -letters.index(code[17]) % 31


def test_the_checks_hold_for_the_standards_own_examples() -> None:
    assert id_is_right("11010519491231002X")
    assert code_is_right("91350100M000100Y43")


PEOPLE = {"secondments": ("name", 150), "jobs": ("name", 149), "monitored": ("head", 30)}


@pytest.mark.parametrize(("ledger", "field", "least"), [(ledger, *told) for ledger, told in PEOPLE.items()])
def test_id_numbers_are_right_in_form_and_nobodys(ledger: str, field: str, least: int) -> None:
    numbers = {row["id_number"]: row[field] for row in known(TODAY)[ledger] if row["id_number"]}
    assert len(numbers) == len(set(numbers.values())) > least
    for number in map(str, numbers):
        assert re.fullmatch(r"990000\d{11}[\dX]", number)
        assert id_is_right(number)
        assert 1950 < datetime.strptime(number[6:14], "%Y%m%d").year < 2003  # noqa: DTZ007 - a day


def test_no_two_people_share_an_id_number() -> None:
    owners: dict[object, set[object]] = {}
    for ledger, (field, _) in PEOPLE.items():
        for row in known(TODAY)[ledger]:
            owners.setdefault(row["id_number"], set()).add(row[field])
    assert all(len(people) == 1 for number, people in owners.items() if number)


def test_two_people_have_no_number_and_both_came_after_the_article() -> None:
    weak = [row for row in known(TODAY)["secondments"] if row["id_number"] is None]
    assert len(weak) == 2
    assert all(row["start"] > CONFERENCE for row in weak)


def test_nobody_is_in_two_places() -> None:
    stays: dict[object, list[tuple[date, date]]] = {}
    for row in known(TODAY)["secondments"]:
        stays.setdefault(row["name"], []).append((row["start"], row["end"]))
    for found in stays.values():
        assert all(first[1] < second[0] for first, second in pairwise(sorted(found)))


def test_credit_codes_are_right_in_form_and_nobodys() -> None:
    codes = [str(row["credit_code"]) for row in known(TODAY)["organisations"] if row["credit_code"]]
    came = [str(row["credit_code"]) for row in known(TODAY)["enterprises"]]
    assert (len(set(codes)), len(set(came))) == (12, 9)
    assert all(code.startswith("91990000") for code in codes)
    assert all(code.startswith("99990000") for code in came)
    assert all(map(code_is_right, [*codes, *came]))


@given(st.dates(date(1950, 1, 1), date(2010, 12, 31)), st.integers(0, 999))
def test_every_id_number_made_is_right(born: date, order: int) -> None:
    number = id_number(born, order)
    assert id_is_right(number)
    assert number[6:14] == f"{born:%Y%m%d}"


@given(st.integers(0, 99_999_999))
def test_every_credit_code_made_is_right(order: int) -> None:
    assert len(credit_code(order)) == 18
    assert code_is_right(credit_code(order))


# Chance --------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.integers(0, 40), st.integers(0, 400), st.integers(0, 10**6), st.integers(0, 10**9))
def test_split_adds_up_within_its_bounds(parts: int, low: int, room: int, more: int, seed: int) -> None:
    whole = parts * low + more % (parts * room + 1)
    shares = split(whole, parts, low, low + room, Random(seed))
    assert sum(shares) == whole
    assert len(shares) == parts
    assert all(low <= share <= low + room for share in shares)


def test_split_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="does not split"):
        split(11, 2, 1, 5, Random(1))


def as_told(hash_seed: str) -> str:
    code = "import sys; from lianqiao.demo.rows.programme import programme; sys.stdout.write(repr(programme()))"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_the_programme_is_the_same_in_every_process() -> None:
    assert as_told("1") == as_told("2") == repr(programme())
