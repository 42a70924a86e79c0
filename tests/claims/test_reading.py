"""What a number speaks of, when, and how. Sentences and figures are invented."""

import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao.claims.lexicon import MEASURES, RULES, measures
from lianqiao.claims.reading import Claim, read
from lianqiao.claims.tables import rows
from lianqiao.core.precision import Reading, bears_out


def by_quote(text: str) -> dict[str, Claim]:
    return {claim.quote: claim for claim in read(text)}


@pytest.mark.parametrize(
    ("text", "quote", "indicator"),
    [
        ("双方互访8批96人次。", "8批", "visits.batches"),
        ("双方互访8批96人次。", "96人次", "visits.person_times"),
        ("召开联席会议2次。", "2次", "meetings.joint"),
        ("签订劳务协议3份。", "3份", "agreements.signed"),
        ("安排财政援助资金5000万元。", "5000万元", "funds.fiscal"),
        ("社会各界捐款捐物120万元。", "120万元", "funds.social"),
        ("企业捐赠物资折价36万元。", "36万元", "funds.in_kind"),
        ("县均投入4000万元。", "4000万元", "funds.per_county"),
        ("拿出80万元修建村小学。", "80万元", "funds.sector"),
        ("投入帮扶资金2亿元。", "2亿元", "funds.total"),
        ("实施协作项目31个。", "31个", "projects.count"),
        ("推介会上签约项目12个、金额6亿元。", "12个", "projects.signed"),
        ("推介会上签约项目12个、金额6亿元。", "6亿元", "projects.signed_amount"),
        ("惠及群众7000人。", "7000人", "benef.people"),
        ("5000人实现稳定脱贫。", "5000人", "benef.lifted"),
        ("16个区结对帮扶20个县。", "20个", "pair.county"),
        ("9个乡镇与9个乡镇结对。", "9个", "pair.town"),
        ("村村结对33个。", "33个", "pair.village"),
        ("8所学校与11所学校结对。", "8所", "pair.school"),
        ("6家医院结对帮扶。", "6家", "pair.hospital"),
        ("选派挂职干部4名。", "4名", "cadres.seconded"),
        ("选派教师、医生等专业技术人才60名。", "60名", "talent.total"),
        ("支教教师15名。", "15名", "talent.education"),
        ("派出医生9名。", "9名", "talent.health"),
        ("举办培训班5期300人次。", "5期", "training.sessions"),
        ("举办培训班5期300人次。", "300人次", "training.person_times"),
        ("帮助2000名农村劳动力实现就业，其中脱贫劳动力900人。", "2000名", "labour.employed_total"),
        ("帮助2000名农村劳动力实现就业，其中脱贫劳动力900人。", "900人", "labour.employed_poor"),
        ("到东部就业500人、就近就业700人。", "500人", "labour.employed_east"),
        ("到东部就业500人、就近就业700人。", "700人", "labour.employed_nearby"),
        ("建成帮扶车间14个，吸纳就业430人。", "14个", "labour.workshops"),
        ("建成帮扶车间14个，吸纳就业430人。", "430人", "labour.workshop_jobs"),
        ("举办招聘会6场，提供岗位1.2万个。", "6场", "labour.jobfairs"),
        ("举办招聘会6场，提供岗位1.2万个。", "1.2万个", "labour.jobs_offered"),
        ("共建产业园区3个，引进企业21家，到位资金9亿元。", "3个", "industry.parks"),
        ("共建产业园区3个，引进企业21家，到位资金9亿元。", "21家", "industry.enterprises"),
        ("共建产业园区3个，引进企业21家，到位资金9亿元。", "9亿元", "industry.investment"),
        ("种植基地600亩，年产值800万元。", "600亩", "industry.area"),
        ("种植基地600亩，年产值800万元。", "800万元", "industry.output"),
        ("采购和帮助销售农产品1.5亿元。", "1.5亿元", "consumption.sales"),
        ("开设消费帮扶专柜7个。", "7个", "consumption.outlets"),
        ("打造乡村振兴示范村5个。", "5个", "demo.villages"),
        ("新建卫生厕所90座。", "90座", "works.facilities"),
        ("资助贫困学生40名。", "40名", "students.aided"),
        ("农民人均可支配收入1.6万元，同比增长8%。", "1.6万元", "income.per_capita"),
        ("农民人均可支配收入1.6万元，同比增长8%。", "8%", "rate.growth"),
        ("户均增收3000元。", "3000元", "income.gain"),
        ("支付率达93%。", "93%", "rate.share"),
        ("14个贫困县全部摘帽。", "14个", None),
        ("茶青收购价每斤30元。", "30元", None),
        ("走访慰问低收入农户3户。", "3户", None),
    ],
)
def test_indicator(text: str, quote: str, indicator: str | None) -> None:
    assert by_quote(text)[quote].indicator == indicator


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("累计投入财政资金3亿元。", "cumulative"),
        ("五年来，投入财政资金3亿元。", "cumulative"),
        ("2016年结对以来，投入财政资金3亿元。", "cumulative"),
        ("今年以来，投入财政资金3亿元。", "year"),
        ("2023年，投入财政资金3亿元。", "year"),
        ("到6月底，投入财政资金3亿元。", "cumulative"),
        ("今年以来，实施项目3个；到6月底，投入财政资金3亿元。", "year"),
        ("截至目前，投入财政资金3亿元。", "point"),
        ("日前，两地签订协议3份。", "point"),
        ("两地签订协议3份。", "point"),
        ("投入财政资金3亿元。", "cumulative"),
        ("《2021年度工作要点》印发。投入财政资金3亿元。", "cumulative"),
        ("2023年，两地互访频繁，签订协议3份。", "year"),
    ],
)
def test_period(text: str, period: str) -> None:
    assert read(text)[-1].period == period


def test_words_of_time_hold_on_until_the_next() -> None:
    claims = read("2022年，实施项目3个。选派干部5名。2023年，实施项目4个。")
    assert [(claim.period, claim.year) for claim in claims] == [("year", 2022), ("year", 2022), ("year", 2023)]


def test_this_year_is_the_year_of_the_text() -> None:
    (claim,) = read("今年以来，实施项目3个。去年", published=date(2023, 5, 1))
    assert (claim.period, claim.year) == ("year", 2023)
    (claim,) = read("去年，实施项目3个。", published=date(2023, 5, 1))
    assert claim.year == 2022


def test_the_text_states_its_own_date() -> None:
    (claim,) = read("发布日期：2022-03-04\n今年以来，实施项目3个。")
    assert claim.year == 2022


def test_an_event_takes_the_day_named_before() -> None:
    text = "12月20日，座谈会召开。会上，某企业捐赠50万元。"
    (claim,) = read(text, published=date(2022, 1, 3))
    assert (claim.period, claim.on) == ("point", date(2021, 12, 20))


def test_a_day_that_is_none_is_left_out() -> None:
    (claim,) = read("2月30日，某企业捐赠50万元。", published=date(2022, 3, 3))
    assert claim.on is None


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("今年计划实施项目21个。", True),
        ("力争引进企业5家。", True),
        ("要继续打造示范村3个。", True),
        ("定下采购500万元的目标。", True),
        ("将近500人受益。", False),
        ("计划实施项目30个，已完成12个。", True),
        ("实施项目21个。", False),
        ("主要领导互访3次。", False),
    ],
)
def test_plans(text: str, planned: bool) -> None:
    assert read(text)[0].planned is planned


def test_what_is_done_is_no_plan() -> None:
    assert [claim.planned for claim in read("计划实施项目30个，已完成12个。")] == [True, False]


def test_a_part_points_to_its_whole() -> None:
    claims = read("转移就业494人，其中到东部24人、就近260人。培训30人。")
    assert [claim.part_of for claim in claims] == [None, 0, 0, None]


def test_a_part_shares_the_time_of_its_whole() -> None:
    claims = read("2022年，投入资金800万元。其中，饮水工程投入300万元、养殖投入500万元，累计建棚9座。")
    assert [(claim.part_of, claim.period) for claim in claims] == [
        (None, "year"),
        (0, "year"),
        (0, "year"),
        (None, "cumulative"),
    ]


def test_traditional_and_full_width_text_is_read_like_simplified() -> None:
    plain, other = read("财政资金231.9亿元，县均投入5187万元。"), read("財政資金２３１．９億元，縣均投入５１８７萬元。")
    assert [(c.value, c.unit, c.indicator) for c in plain] == [(c.value, c.unit, c.indicator) for c in other]
    assert other[0].quote == "２３１．９億元"


def test_a_part_is_of_its_wholes_kind_and_no_larger() -> None:
    claims = read("投入资金3亿元，其中项目5个。就业20人，其中脱贫人口90人。")
    assert [claim.part_of for claim in claims] == [None, None, None, None]


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("江苏选派干部5名赴陕西挂职。", "东部赴西部"),
        ("来苏跟岗学习的教师20名。", "西部赴东部"),
        ("互派干部5名。", None),
        ("去江苏就业的有20人。", None),
    ],
)
def test_direction(text: str, direction: str | None) -> None:
    assert read(text)[0].direction == direction


@pytest.mark.parametrize(
    ("text", "quote", "unit"),
    [
        ("捐了现金310万、物资若干。", "310万", "元"),
        ("全市92万贫困人口脱贫。", "92万", "人"),
        ("11万余贫困户受益。", "11万余", "户"),
    ],
)
def test_bare_numbers_take_the_unit_that_is_meant(text: str, quote: str, unit: str) -> None:
    assert by_quote(text)[quote].unit == unit


def test_a_bare_number_that_counts_nothing_is_left_out() -> None:
    assert read("播放突破300万，大家都说好。") == []


def test_parallel_lists_take_over_what_was_counted() -> None:
    text = "各地项目100个，干部80名。甲省60个、50名；乙省40个、30名。"
    assert [claim.indicator for claim in read(text)] == ["projects.count", "cadres.seconded"] * 3


def test_why_names_the_words_that_decided() -> None:
    (claim,) = read("累计投入帮扶资金近2亿元。")
    assert claim.why == ("指标：投入", "时段：累计", "约数：近")


def test_written_goes_to_precision() -> None:
    (claim,) = read("累计投入帮扶资金1.14亿元。")
    assert bears_out(claim.written, 113_987_000) is Reading.ROUNDED


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("协作项目44个", "projects.count"),
        ("镇村结对项目75个", "twin.projects"),
        ("已完工项目9个", "projects.completed"),
        ("某企业捐赠200万元", "donations.pledged"),
        ("累计收到捐款200万元", "funds.social"),
        ("联席会议3次", "meetings.joint"),
        ("干部人才5名", "talent.all"),
    ],
)
def test_measures_in_order_of_fit(text: str, first: str) -> None:
    assert measures(read(text)[0])[0] == first


def test_beneficiaries_go_with_their_projects() -> None:
    claims = read("实施项目44个，带动3100户；镇村结对项目75个，辐射3071户6000余人次。")
    assert [measures(claim)[0] for claim in claims] == [
        "projects.count",
        "benef.households",
        "twin.projects",
        "twin.households",
        "twin.person_times",
    ]


def test_no_measure_for_what_the_journal_does_not_keep() -> None:
    assert measures(read("年产值800万元。")[0]) == []


def test_every_indicator_of_the_rules_is_known() -> None:
    known = {row["indicator"] for row in rows("indicators.tsv")}
    assert {rule.indicator for rule in RULES if rule.indicator} <= known
    assert MEASURES.keys() == known


@pytest.mark.parametrize("name", ["rules.tsv", "periods.tsv", "words.tsv", "choices.tsv"])
def test_patterns_are_bounded(name: str) -> None:
    """No open repetition, so that no text can make the work grow faster than its length."""
    for row in rows(name):
        assert not set("*+") & set("".join(row.values()).replace("\\+", "")), row


WORDS = st.sampled_from(
    [
        *"0123456789,.，。；：、（）“”《》\n ",
        "其中",
        "累计",
        "今年",
        "以来",
        "亿",
        "万",
        "元",
        "户",
        "人次",
        "个",
        "项目",
        "余",
        "超",
        "近",
        "第",
        "至",
        "2021年",
        "10月12日",
    ]
)


@given(st.lists(WORDS, max_size=120).map("".join))
def test_claims_quote_the_text_in_order(text: str) -> None:
    end = 0
    for claim in read(text):
        assert end <= claim.start < claim.end
        assert text[claim.start : claim.end] == claim.quote
        assert claim.step > 0
        end = claim.end


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read(text), list)


@given(st.lists(WORDS, max_size=60).map("".join))
@settings(max_examples=50)
def test_reading_is_deterministic(text: str) -> None:
    assert read(text) == read(text)


@given(st.integers(0, 40))
def test_what_stands_before_a_paragraph_shifts_it_only(padding: int) -> None:
    text = "累计互访8批96人次。"
    moved = read("甲" * padding + "。" + text)
    assert [(c.start - padding - 1, c.value, c.indicator) for c in moved] == [
        (c.start, c.value, c.indicator) for c in read(text)
    ]


@pytest.mark.parametrize(
    "piece",
    ["1", "1,111", "一", "“", "<", "《", "3个", "其中3人", "一分之", "2021年", "第1、", "投入3万元", "10月12日"],
)
def test_work_grows_with_the_length_only(piece: str) -> None:
    """Twice the text takes about twice the calls; squared work would take four times as many."""
    once, twice = calls(lambda: read(piece * 500)), calls(lambda: read(piece * 1000))
    assert twice < 2.5 * once


def calls(work: Callable[[], object]) -> int:
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_percentages_and_multiples_are_exact() -> None:
    claims = read("完成率74.14%，是上年的2.2倍，占三分之一。")
    assert [claim.value for claim in claims] == [Fraction("74.14"), Fraction("2.2"), Fraction(100, 3)]


# Lists of 分别, and years -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "企业、社会组织结对分别为45家、12个。",
            [("45家", "pair.enterprise", None), ("12个", "pair.social_org", None)],
        ),
        (
            "2021年、2022年分别实施项目32个、41个。",
            [("32个", "projects.count", 2021), ("41个", "projects.count", 2022)],
        ),
        (
            "2021年至2022年，省级财政援助资金分别达2亿元、3亿元。",
            [("2亿元", "funds.fiscal", 2021), ("3亿元", "funds.fiscal", 2022)],
        ),
        # As many years as numbers there are not: of one year each, but who knows which.
        (
            "2018年以来，财政援助资金分别为2亿元、3亿元和4亿元。",
            [("2亿元", "funds.fiscal", None), ("3亿元", "funds.fiscal", None), ("4亿元", "funds.fiscal", None)],
        ),
    ],
)
def test_each_number_of_a_list_has_its_own_noun_or_year(text: str, wanted: list[tuple[str, str, int | None]]) -> None:
    assert [(claim.quote, claim.indicator, claim.year) for claim in read(text)] == wanted


def test_a_list_of_years_is_no_sum() -> None:
    assert {claim.period for claim in read("2018年以来，财政援助资金分别为2亿元、3亿元和4亿元。")} == {"year"}
    assert [claim.period for claim in read("五年来，干部、教师分别选派3人、5人。")] == ["cumulative"] * 2


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("今年1至10月，务工6000人。", "year"),
        ("今年以来累计互访6批。", "year"),
        ("去年以来互访6批。", "cumulative"),
        ("召开联席会议1次，今年签署协议3份。", "year"),
        ("在两地联席会议上，签约项目3个。", "point"),
        ("工作组介绍，2022年到位资金3亿元。双方互访6批。", "year"),
    ],
)
def test_the_words_of_time_that_decide(text: str, period: str) -> None:
    assert read(text)[0].period == period


def test_a_later_year_is_a_plan() -> None:
    first, last = read("今年开展培训12期。到2025年，每个镇打造1个乡村振兴示范村。", date(2021, 10, 13))
    assert (first.planned, first.year, last.planned, last.year) == (False, 2021, True, None)
