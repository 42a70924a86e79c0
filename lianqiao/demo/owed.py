"""What the sample owes and has sent: returns in every state, told in the days when they were made; documents; and typical cases.

The words are of our own making (示例); the figures are the sample's, and the cases' numbers are borne out by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lianqiao.briefings import drafting, returns
from lianqiao.briefings.models import Case, Duty, Kind, Return
from lianqiao.briefings.returns_calendar import period_of
from lianqiao.demo.rows.batch import SHANGHAI
from lianqiao.journal.figures import known_at
from lianqiao.ledger import acts
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.places.tree import by_name

COUNTY, TOWN = "靖江-永寿", "靖城-监军"
FILLER, REVIEWER, COORDINATOR = "yongshou", "yongshou-review", "coordinator"
ANSWERS = {
    "pace": "示例：按协议分季度实施，所缺的已列入下一季度计划。",
    "outlier": "示例：集中在这一期办理，已与原始凭证逐笔核对。",
    "idle": "示例：项目验收后支付，余款正在报账。",
    "adds": "示例：已核对台账，属期初数没有分项。",
    "falls": "示例：核对后冲减重复填报的一行。",
    "less": "示例：上年含一次性补助。",
}


@dataclass(frozen=True)
class Moment:
    """Something that was done with a return, and when."""

    at: datetime
    do: Callable[[], object]


def on(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def who(username: str) -> User:
    return User.objects.get(username=username)


def moments() -> list[Moment]:
    """The sample's returns in the order in which they were worked on."""
    september, october, november = date(2021, 9, 30), date(2021, 10, 31), date(2021, 11, 30)
    found = [
        Moment(on(2021, 9, 1, 9), arrange),
        *sent(Kind.MONTH, september, on(2021, 10, 14, 9), "示例：九月以项目验收和就业回访为主。"),
        *sent(Kind.QUARTER, september, on(2021, 10, 14, 10), "示例：三季度完成年度协议的中期核对。"),
        Moment(on(2021, 10, 28, 9), lambda: corrected(Kind.MONTH, september)),
        *sent(Kind.MONTH, october, on(2021, 11, 8, 9), "示例：十月召开联席会议，签订三份协议。"),
        Moment(on(2021, 12, 8, 17), lambda: asked(Kind.MONTH, november)),
    ]
    return sorted(found, key=lambda moment: moment.at)


def arrange() -> None:
    """Months stay open, since rows often come late; the year is closed when it is sent."""
    county = by_name(COUNTY)
    Duty.objects.create(node=county, kind=Kind.MONTH, days=15, since=date(2021, 9, 1), closes=False)
    Duty.objects.create(node=county, kind=Kind.QUARTER, days=15, since=date(2021, 7, 1), closes=False)
    Duty.objects.create(node=county, kind=Kind.YEAR, days=20, since=date(2021, 1, 1))
    Duty.objects.create(node=by_name(TOWN), kind=Kind.QUARTER, days=15, since=date(2021, 10, 1), closes=False)


def sent(kind: Kind, until: date, at: datetime, words: str) -> Iterator[Moment]:
    """A return that is filled in the morning, and explained, reviewed, signed and sent in the afternoon."""
    yield Moment(at, lambda: returns.fill(county(), kind, period_of(kind, until), who(FILLER)))
    yield Moment(at.replace(hour=15), lambda: passed(latest(kind, until), words))


def county() -> Node:
    return by_name(COUNTY)


def latest(kind: Kind, until: date) -> Return:
    found = returns.latest(county(), kind, period_of(kind, until))
    assert found is not None
    return found


def passed(one: Return, words: str) -> None:
    one = returns.write(one, words, who(FILLER))
    for question in one.questions.filter(answer=""):
        one = returns.answer(question, ANSWERS[question.kind], who(FILLER))
    one = returns.review(one, who(REVIEWER))
    one = returns.sign(one, who(COORDINATOR))
    returns.send(one, who(COORDINATOR))


def corrected(kind: Kind, until: date) -> None:
    """After the rows that came late were entered, the month is sent once more."""
    made = returns.correct(latest(kind, until), who(FILLER), "示例：补录九月的对接会、培训班和到岗干部，更正就业名单")
    passed(made, made.words)


def asked(kind: Kind, until: date) -> None:
    """The last month is filled and waits for words, one of them asked for by the reviewer."""
    one = returns.fill(county(), kind, period_of(kind, until), who(FILLER))
    returns.write(one, "示例：十一月落实会议议定事项，两处专柜在靖江开设。", who(FILLER))
    returns.ask(one, "示例：十一月的互访里，有没有同一次出访两地各填一次？", who(REVIEWER), "visits.batches")


# Documents -------------------------------------------------------------------------------------------------------------


def write_documents() -> None:
    """The briefing for the conference, signed, with what was known that day; and a leader's sheet that is a draft."""
    day = date(2021, 10, 12)
    title = "靖江—永寿对口协作情况汇报（示例）"
    one = drafting.begin(county(), "conference-briefing", title, who(FILLER), None, day, known_at(date(2021, 10, 13)))
    drafting.sign(one, who(REVIEWER))
    drafting.begin(county(), "leaders-sheet", "年末一页纸（示例）", who(FILLER), date(2021, 1, 1), date(2021, 12, 31))


# Typical cases ---------------------------------------------------------------------------------------------------------

CASES = (
    Case(
        title="五年互访，从“认门”到“认账”（示例）", level="县级", field="组织领导", as_of=date(2021, 10, 12),
        source="永寿协作办（示例）", published="示例工作简报 2021-11-02",
        text=(
            "靖江与永寿结对之初，来往多、账不清：去了几批、去了多少人，两地各有一个数。\n"
            "后来两地约定，一次出访只由出访的一方填一行，接待的一方确认。到2021年10月12日，双方互访113批1213人次，"
            "每一批都找得到通知和签到表。\n"
            "数清了，话也好说。每次联席会议先看上次议定的事办了几件，再谈新的事；教育、卫生、农业人才对岗交流129名，"
            "去哪里、去多久，都照着缺口派。"
        ),
    ),
    Case(
        title="项目管到验收以后（示例）", level="市级", field="资金支持", as_of=date(2021, 12, 31),
        source="永寿协作办（示例）", published="",
        text=(
            "协作项目从立项起就立一张卡：批复、开工、完工、验收、移交各有日期，各有佐证，缺一样就走不到下一步。\n"
            "结对以来累计实施协作项目47个，带动3237户13398人受益，其中脱贫户2515户。\n"
            "钱跟着进度走。下达的资金与项目编号对应，支付一笔记一笔，满一年没有支付的逐笔说明。"
        ),
    ),
    Case(
        title="帮扶车间：把岗位送到家门口（示例）", level="省级", field="劳务协作", as_of=date(2021, 12, 31),
        source="永寿县人社部门（示例）", published="示例日报 2021-12-20",
        text=(
            "有的人出不了远门，岗位就搬到家门口。到2021年底，全县帮扶车间7个，吸纳就业243人。\n"
            "愿意远走的，点对点送到厂门口：结对以来累计帮助农村劳动力就业150人，其中脱贫（监测）劳动力100人，"
            "到东部结对地区就业31人。人走以后每季度回访一次，问在不在岗、缺什么。"
        ),
    ),
)  # fmt: skip
WAITING = Case(
    title="一筐苹果的两张发票（示例）", level="县级", field="消费协作", as_of=date(2021, 12, 31),
    source="靖江协作办（示例）", text="示例：采购与帮助销售分开记，一张发票只记一次。正文待补。",
)  # fmt: skip


def write_cases() -> None:
    """Three approved cases and one that waits for review."""
    node, by = county(), who(FILLER)
    for case in (*CASES, WAITING):
        case.pk, case.node = None, node
    acts.approve(acts.create(CASES, by), who(REVIEWER), "示例：典型案例入库")
    acts.create([WAITING], by)
