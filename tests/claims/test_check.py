"""Small texts held against a small journal: what is said of each number, and why.

The world of the tests is made today and recording only goes forward: these things happen in 2040.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time

import pytest

from lianqiao.agreements.models import Agreement, OpeningBalance, Target
from lianqiao.claims.check import Verdict, check
from lianqiao.fields.funds.models import Donation, Receipt
from lianqiao.fields.villages.models import TwinSupport
from lianqiao.journal import clock
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.figures import Known, known_at
from lianqiao.ledger import acts
from lianqiao.places.models import Node
from tests.world import World, approved, fresh, revised, stay, visit

pytestmark = pytest.mark.data
BEFORE, TEXT, AFTER = date(2040, 10, 12), date(2040, 10, 13), date(2040, 10, 20)


def on(day: date) -> AbstractContextManager[None]:
    """What is recorded meanwhile is recorded on that day."""
    return clock.at(datetime.combine(day, time(12), SHANGHAI))


@pytest.fixture(autouse=True)
def recorded_before_the_text() -> Iterator[None]:
    with on(BEFORE):
        yield


def verdicts(text: str, node: Node, known: Known | None = None) -> list[Verdict]:
    return check("示例稿", text, node, TEXT, known).verdicts


def verdict(text: str, node: Node, known: Known | None = None) -> Verdict:
    """What is said of the text's one number."""
    (found,) = verdicts(text, node, known)
    return found


def measure(found: Verdict) -> str | None:
    return found.figure.measure.code if found.figure else None


# Borne out ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "reading"),
    [
        ("65人次", "相符"),
        ("60余人次", "有余"),
        ("超60人次", "多于"),
        ("65人次以上", "不少于"),
        ("近70人次", "接近"),
        ("不足70人次", "少于"),
        ("不超过65人次", "不超过"),
        ("约70人次", "大约"),
        ("60至70人次", "在区间内"),
    ],
)
def test_a_number_is_borne_out_by_a_reading_that_is_named(world: World, written: str, reading: str) -> None:
    approved(world, visit(world.county, BEFORE, people=65))
    found = verdict(f"结对以来，双方互访{written}。", world.county)
    assert (found.verdict, found.reading, measure(found)) == ("borne out", reading, "visits.person_times")


@pytest.mark.parametrize(
    ("written", "reading"), [("1.14亿元", "四舍五入"), ("1.13亿元", "截尾"), ("11390万元", "相符")]
)
def test_money_is_borne_out_by_a_reading_that_is_named(world: World, written: str, reading: str) -> None:
    approved(world, Receipt(node=world.county, received_on=BEFORE, source="县级财政", amount=113_900_000_00))
    found = verdict(f"累计投入帮扶资金{written}。", world.county)
    assert (found.verdict, found.reading, measure(found)) == ("borne out", reading, "funds.total")


@pytest.mark.parametrize(
    "written", ["64人次", "66人次", "65余人次", "超65人次", "70余人次", "近65人次", "66人次以上", "约100人次"]
)
def test_what_no_reading_bears_out_differs(world: World, written: str) -> None:
    approved(world, visit(world.county, BEFORE, people=65))
    found = verdict(f"结对以来，双方互访{written}。", world.county)
    assert (found.verdict, found.reading) == ("differs", "")


def test_what_happened_after_the_day_of_the_text_does_not_count(world: World) -> None:
    approved(world, visit(world.county, TEXT), visit(world.county, AFTER, purpose="示例之二"))
    assert verdict("结对以来，双方互访1批。", world.county).verdict == "borne out"


def test_the_numbers_of_one_sentence_are_each_held_against_their_own_measure(world: World) -> None:
    approved(
        world,
        TwinSupport(
            node=world.county, occurred_on=BEFORE, name="示例帮扶", level="镇镇", east_unit="新桥镇", west_unit="监军街道",
            households=30, person_times=104,
        ),
    )  # fmt: skip
    found = verdicts("镇村结对项目1个，惠及30户100余人次。", world.county)
    assert [(measure(v), v.verdict) for v in found] == [
        ("twin.projects", "borne out"),
        ("twin.households", "borne out"),
        ("twin.person_times", "borne out"),
    ]


def test_people_sent_twice_are_one_of_so_many_people(world: World) -> None:
    same = {"id_number": "990000198001010012"}
    approved(
        world,
        stay(world.county, BEFORE, **same),
        stay(world.county, TEXT, **same),
        stay(world.county, BEFORE, name="示例丙"),
    )
    found = verdict("结对以来，专业技术人才2名。", world.county)
    assert (found.verdict, measure(found)) == ("borne out", "talent.total")


def test_a_pledge_at_an_event_is_borne_out_before_the_money_is_there(world: World) -> None:
    given = {"donor_type": "企业", "recipient": "永寿县"}
    approved(
        world,
        Donation(node=world.county, pledged_on=BEFORE, donor="示例公司", kind="资金", amount=2_000_000_00, **given),
    )
    found = verdict("会上，示例公司捐赠200万元。", world.county)
    assert (found.verdict, measure(found)) == ("borne out", "donations.pledged")


def test_a_direction_in_the_text_is_held_against_that_part(world: World) -> None:
    approved(
        world, visit(world.county, BEFORE), visit(world.county, BEFORE, purpose="示例之二", direction="西部赴东部")
    )
    found = verdict("结对以来，东部赴西部考察1批。", world.county)
    assert (found.verdict, measure(found)) == ("borne out", "visits.batches.to_west")


def test_this_year_is_the_year_of_the_text(world: World) -> None:
    approved(world, visit(world.county, BEFORE), visit(world.county, date(2039, 5, 1)))
    assert verdict("今年，双方互访1批。", world.county).verdict == "borne out"


def test_last_year_is_the_year_before_the_text(world: World) -> None:
    approved(
        world, visit(world.county, BEFORE), visit(world.county, date(2039, 5, 1)), visit(world.county, date(2039, 6, 1))
    )
    assert verdict("去年，双方互访2批。", world.county).verdict == "borne out"


def signed(world: World, day: date, title: str) -> Agreement:
    days = {"signed_on": day, "start": day, "end": date(2040, 12, 31)}
    return Agreement(node=world.county, title=title, kind="年度协议", **days)


EVENT = "10月12日上午，双方举行联席会议。会上，双方签订了{}份协议。"


def test_what_happened_at_an_event_is_held_against_its_day(world: World) -> None:
    """The two of that day, not the one before and not the one after."""
    days = (date(2040, 5, 1), BEFORE, BEFORE, TEXT)
    approved(world, *(signed(world, day, f"示例协议{n}") for n, day in enumerate(days)))
    (found,) = check("示例稿", EVENT.format(2), world.county, TEXT, published=TEXT).verdicts
    assert (found.verdict, found.figure and found.figure.period.address) == ("borne out", "2040-10-12..2040-10-12")


def test_a_sum_told_at_an_event_is_held_against_all_up_to_its_day(world: World) -> None:
    days = (date(2040, 5, 1), BEFORE, BEFORE, TEXT)
    approved(world, *(signed(world, day, f"示例协议{n}") for n, day in enumerate(days)))
    (found,) = check("示例稿", EVENT.format(3), world.county, TEXT, published=TEXT).verdicts
    assert (found.verdict, found.figure and found.figure.period.address) == ("borne out", "..2040-10-12")


# Differs --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        ("结对以来，双方互访3批。", "文中3批，账本 2 批，少 1 批"),
        ("结对以来，双方互访1批。", "文中1批，账本 2 批，多 1 批"),
        ("结对以来，双方互访20人次。", "文中20人次，账本 12 人次，少 8 人次"),
        ("累计投入帮扶资金1200万元。", "文中1200万元，账本 11,390,000.00 元，少 610,000.00 元"),
    ],
)
def test_a_difference_is_told_with_its_unit(world: World, text: str, difference: str) -> None:
    approved(world, visit(world.county, BEFORE), visit(world.county, BEFORE, purpose="示例之二"))
    approved(world, Receipt(node=world.county, received_on=BEFORE, source="县级财政", amount=11_390_000_00))
    found = verdict(text, world.county)
    assert (found.verdict, found.difference) == ("differs", difference)


def test_people_for_person_times_is_named(world: World) -> None:
    """65 people and 65 person-times are two things."""
    approved(world, visit(world.county, BEFORE, people=65))
    found = verdict("结对以来，双方互访65人。", world.county)
    assert (found.verdict, found.difference) == ("differs", "文中65人，账本 65 人次，单位不同")
    assert found.why[0] == "文中作“人”，账本按“人次”记（互访人次）。"


def test_a_year_taken_for_the_sum_since_the_beginning_is_named(world: World) -> None:
    approved(world, visit(world.county, BEFORE), visit(world.county, date(2039, 5, 1)))
    found = verdict("结对以来，双方互访1批。", world.county)
    assert (found.verdict, found.why) == ("differs", ("与当年数相符：互访批次 2040-01-01至2040-10-13。",))


def test_the_sum_since_the_beginning_taken_for_a_year_is_named(world: World) -> None:
    approved(world, visit(world.county, BEFORE), visit(world.county, date(2039, 5, 1)))
    found = verdict("今年，双方互访2批。", world.county)
    assert (found.verdict, found.why) == ("differs", ("与累计数相符：互访批次 截至2040年10月13日累计。",))


def test_the_number_of_the_level_above_is_named(world: World) -> None:
    approved(world, visit(world.county, BEFORE))
    made = acts.create([visit(world.prefecture, BEFORE)], world.admin)
    acts.approve(made, world.other_admin, despite_twins=True)
    found = verdict("结对以来，双方互访2批。", world.county)
    assert (found.verdict, found.why) == ("differs", ("与“泰州市—咸阳市”的数相符：互访批次。",))


def test_the_number_of_a_level_below_is_named(world: World) -> None:
    approved(world, visit(world.town, BEFORE), visit(world.other_town, BEFORE))
    found = verdict("结对以来，双方互访1批。", world.county)
    assert {"与“新桥镇—监军街道”的数相符：互访批次。", "与“东兴镇—店头镇”的数相符：互访批次。"} == set(found.why)


def test_a_difference_without_a_cause_is_told_without_one(world: World) -> None:
    approved(world, visit(world.county, BEFORE))
    assert verdict("结对以来，双方互访99批。", world.county).why == ()


# What was recorded after the text -------------------------------------------------------------------------------------


def void_after_the_text(world: World) -> str:
    """Three visits, of which one is voided a week after the text; its 编号."""
    rows = approved(world, *(visit(world.county, BEFORE, people=n, purpose=f"示例{n}") for n in (4, 5, 6)))
    with on(AFTER):
        acts.void(rows[1], world.yongshou, "重复录入")
    return rows[1].number


def test_an_entry_voided_after_the_text_is_named_with_the_act(world: World) -> None:
    number = void_after_the_text(world)
    found = verdict("结对以来，双方互访3批。", world.county)
    transaction = known_at().number
    assert (found.verdict, found.difference) == ("differs", "文中3批，账本 2 批，少 1 批")
    assert found.why == (
        "2040-10-13 之后记账 1 行，合计 −1 批，恰是差数。",
        f"{number}（作废：重复录入，事务 #{transaction}）：−1 批",
    )


def test_its_person_times_are_told_too(world: World) -> None:
    number = void_after_the_text(world)
    found = verdict("结对以来，双方互访15人次。", world.county)
    assert found.difference == "文中15人次，账本 10 人次，少 5 人次"
    assert f"{number}（作废：重复录入" in found.why[1]
    assert found.why[1].endswith("−5 人次")


def test_as_known_before_the_voiding_the_text_is_borne_out_still(world: World) -> None:
    void_after_the_text(world)
    found = verdict("结对以来，双方互访3批。", world.county, known_at(TEXT))
    assert (found.verdict, found.figure and found.figure.value) == ("borne out", 3)


def test_as_known_before_the_voiding_a_wrong_number_is_not_laid_to_it(world: World) -> None:
    void_after_the_text(world)
    assert verdict("结对以来，双方互访9批。", world.county, known_at(TEXT)).why == ()


def test_what_was_recorded_late_for_an_earlier_day_is_named(world: World) -> None:
    approved(world, visit(world.county, BEFORE))
    with on(AFTER):
        (late,) = approved(world, visit(world.county, BEFORE, purpose="示例补录"))
    found = verdict("结对以来，双方互访1批。", world.county)
    assert found.difference == "文中1批，账本 2 批，多 1 批"
    assert "恰是差数" in found.why[0]
    assert found.why[1].startswith(f"{late.number}（审核")


def test_a_revision_after_the_text_is_named(world: World) -> None:
    (row,) = approved(world, visit(world.county, BEFORE, people=9))
    with on(AFTER):
        revised(world, row, people=12)
    found = verdict("结对以来，双方互访9人次。", world.county)
    assert (found.verdict, found.difference) == ("differs", "文中9人次，账本 12 人次，多 3 人次")
    assert row.number in found.why[1]
    assert found.why[1].endswith("3 人次")


def test_a_change_after_the_text_that_is_not_the_difference_is_not_called_so(world: World) -> None:
    void_after_the_text(world)
    found = verdict("结对以来，双方互访9批。", world.county)
    assert "恰是差数" not in found.why[0]


def test_a_change_that_moves_nothing_is_not_named(world: World) -> None:
    """The day corrected within the span: the number is what it was."""
    (row,) = approved(world, visit(world.county, BEFORE))
    with on(AFTER):
        revised(world, row, occurred_on=date(2040, 10, 11))
    assert verdict("结对以来，双方互访9批。", world.county).why == ()


# Neither borne out nor different --------------------------------------------------------------------------------------


def test_what_was_never_recorded_has_no_entries(world: World) -> None:
    found = verdict("结对以来，双方互访3批。", world.county)
    assert (found.verdict, found.difference, found.why) == ("no entries", "", ("账本里没有这一指标的记录。",))
    assert measure(found) == "visits.batches"


def test_what_was_recorded_elsewhere_has_no_entries_here(world: World) -> None:
    made = acts.create([visit(world.elsewhere, BEFORE)], world.stranger)
    acts.approve(made, world.admin, despite_twins=True)
    assert verdict("结对以来，双方互访1批。", world.county).verdict == "no entries"


def test_what_was_voided_is_zero_and_not_missing(world: World) -> None:
    rows = approved(world, visit(world.county, BEFORE))
    acts.void(rows[0], world.yongshou, "示例")
    found = verdict("结对以来，双方互访1批。", world.county)
    assert (found.verdict, found.figure and found.figure.value) == ("differs", 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("全县生产总值50亿元。", "不属指标：生产总值"), ("会前走访慰问了3户农户。", "不属指标：走访")],
)
def test_what_is_no_indicator_says_why(world: World, text: str, reason: str) -> None:
    found = verdict(text, world.county)
    assert (found.verdict, found.figure, found.why[0]) == ("not an indicator", None, reason)


def test_what_the_journal_does_not_count_is_no_indicator_of_it(world: World) -> None:
    found = verdict("今年，农民人均可支配收入12000元。", world.county)
    assert (found.verdict, found.figure) == ("not an indicator", None)
    assert "账本不记这一指标（income.per_capita）。" in found.why


# Plans ----------------------------------------------------------------------------------------------------------------


def promise(world: World, quantity: int, **more: object) -> None:
    title = str(more.pop("title", "示例框架协议"))
    days = {"signed_on": date(2040, 1, 5), "start": date(2040, 1, 5), "end": date(2040, 12, 31)}
    (agreement,) = approved(world, Agreement(node=world.county, title=title, kind="年度协议", **days))
    told = {"measure": "visits.batches", "year": 2040} | more
    approved(world, Target(node=world.county, agreement=agreement, quantity=quantity, **told))


def test_a_plan_is_held_against_the_target_in_force(world: World) -> None:
    promise(world, 20)
    approved(world, visit(world.county, BEFORE))
    found = verdict("今年计划互访20批。", world.county)
    assert (found.verdict, found.promised) == ("plan", 20)
    assert found.why == ("示例框架协议：2040 年 20 批",)
    assert (measure(found), found.figure and found.figure.value) == ("visits.batches", 1)


def test_a_plan_that_differs_from_its_target_is_a_plan_still(world: World) -> None:
    promise(world, 20)
    found = verdict("今年计划互访30批。", world.county)
    assert (found.verdict, found.promised) == ("plan", 20)


def test_a_plan_without_a_target_says_so(world: World) -> None:
    promise(world, 20, measure="meetings.joint")
    found = verdict("今年计划互访20批。", world.county)
    assert (found.verdict, found.promised, found.figure) == ("plan", None, None)
    assert found.why == ("计划中的数，目标台账里没有对应的目标。",)


def test_a_plan_of_money_is_promised_in_the_smallest_unit(world: World) -> None:
    promise(world, 30_000_000, measure="funds.total")
    found = verdict("今年计划投入帮扶资金3000万元。", world.county)
    assert (found.verdict, found.promised) == ("plan", 30_000_000_00)
    assert found.why == ("示例框架协议：2040 年 30,000,000.00 元",)


def test_a_number_of_a_year_to_come_is_a_plan(world: World) -> None:
    approved(world, visit(world.county, BEFORE))
    assert verdict("2041年，双方互访20批。", world.county).verdict == "plan"


def test_a_plan_may_be_of_what_the_journal_does_not_count(world: World) -> None:
    found = verdict("计划打造1个乡村振兴示范村。", world.county)
    assert (found.verdict, found.claim.indicator) == ("plan", "demo.villages")


# The whole text -------------------------------------------------------------------------------------------------------


def test_a_text_without_numbers_has_no_verdicts(world: World) -> None:
    assert verdicts("双方在永寿县举行联席会议。", world.county) == []


def test_a_check_remembers_what_it_was_held_against(world: World) -> None:
    approved(world, visit(world.county, BEFORE))
    checked = check("示例稿", "结对以来，双方互访1批。", world.county, TEXT)
    assert (checked.name, checked.node, checked.as_of, checked.known) == ("示例稿", world.county, TEXT, known_at())
    found = checked.verdicts[0].figure
    assert found is not None
    assert (found.known, found.period.until) == (known_at(), TEXT)


def test_a_check_without_a_day_is_of_today(world: World) -> None:
    with on(AFTER):
        assert check("示例稿", "", world.county).as_of == AFTER


def test_an_opening_balance_bears_out_what_it_covers(world: World) -> None:
    (row,) = approved(
        world, OpeningBalance(node=world.county, measure="visits.batches", until=BEFORE, value=40, source="示例总结")
    )
    assert fresh(row).posted_version == 1
    assert verdict("结对以来，双方互访40批。", world.county).verdict == "borne out"


def test_a_plan_of_a_year_to_come_names_its_promise_and_no_figure_yet(world: World) -> None:
    promise(world, 20, year=2041)
    found = verdict("2041年，双方互访20批。", world.county)
    assert (found.verdict, found.promised, found.figure) == ("plan", 20, None)


# What most likely lies behind ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1.139亿元", "与账本相差 10 倍，小数点或单位（万、亿）可能写错。"),
        ("1139亿元", "与账本相差 10,000 倍，小数点或单位（万、亿）可能写错。"),
        ("1159万元", "与账本只差一位数字（第 3 位）。"),
        ("1193万元", "与账本两位数字颠倒。"),
    ],
)
def test_a_slip_of_the_pen_is_named(world: World, written: str, why: str) -> None:
    approved(world, Receipt(node=world.county, received_on=BEFORE, source="县级财政", amount=11_390_000_00))
    assert why in verdict(f"累计投入帮扶资金{written}。", world.county).why


def test_pledged_money_is_no_received_money(world: World) -> None:
    given = {"donor_type": "企业", "recipient": "永寿县", "kind": "资金"}
    approved(
        world,
        Donation(node=world.county, pledged_on=BEFORE, donor="示例甲", amount=2_000_000_00, **given),
        Donation(node=world.county, pledged_on=BEFORE, donor="示例乙", amount=300_000_00, received_on=BEFORE, **given),
    )
    found = verdict("累计社会帮扶资金到账230万元。", world.county)
    assert (found.verdict, measure(found)) == ("differs", "funds.social")
    assert "与“认捐”的数相符。" in found.why
    assert verdict("累计社会各界认捐230万元。", world.county).verdict == "borne out"


def test_contradictions_within_the_text_are_told_with_the_verdicts(world: World) -> None:
    checked = check("示例稿", "帮助就业200人，其中脱贫人口260人。", world.county, TEXT)
    assert [remark.kind for remark in checked.remarks] == ["part"]
