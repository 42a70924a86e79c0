"""项目台账: 44 projects to the day of the article, 3,100 households and 12,850 people, and three more after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lianqiao.demo.rows.batch import (
    QUARTERS_2021,
    TODAY,
    YEARS,
    Batch,
    Correction,
    Item,
    Side,
    correction,
    period_of,
    reported,
)
from lianqiao.demo.rows.chance import dice, split, workdays
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY, TOWNS

LEDGER = "projects"

_PERIODS = [*YEARS, *QUARTERS_2021]

HOUSEHOLDS, PEOPLE = 3_100, 12_850

_INDUSTRY, _BASE, _SERVICE, _JOBS, _TRAINING, _VILLAGE = (
    "产业发展",
    "基础设施",
    "公共服务",
    "劳务就业",
    "人才培训",
    "乡村建设",
)
_BUSINESS, _PUBLIC, _HOUSEHOLD = "经营性", "公益性", "到户类"

_LINKAGE = {
    _INDUSTRY: ("订单收购、保底分红", "土地流转、就近务工", "入股分红"),
    _JOBS: ("车间就业", "以工代训"),
    _BASE: ("参与工程务工",),
}


@dataclass(frozen=True)
class Plan:
    """What is built: kind, town (its place in the list of towns), name, sector and class of asset."""

    kind: str
    town: int
    name: str
    sector: str | None = None
    asset: str | None = None


_PLANS: dict[int, list[Plan]] = {
    2017: [
        Plan(_INDUSTRY, 0, "设施蔬菜大棚", "设施农业", _BUSINESS),
        Plan(_INDUSTRY, 1, "苹果园提质增效", "林果种植", _HOUSEHOLD),
        Plan(_BASE, 2, "产业路硬化", None, _PUBLIC),
        Plan(_SERVICE, 0, "卫生院设备更新", None, _PUBLIC),
        Plan(_INDUSTRY, 2, "肉牛养殖小区", "畜牧养殖", _BUSINESS),
        Plan(_TRAINING, 0, "致富带头人培训"),
    ],
    2018: [
        Plan(_INDUSTRY, 1, "苹果冷藏库一期", "仓储物流", _BUSINESS),
        Plan(_INDUSTRY, 3, "核桃加工点", "农产品精深加工", _BUSINESS),
        Plan(_BASE, 4, "人饮工程改造", None, _PUBLIC),
        Plan(_JOBS, 0, "社区工厂一期", "劳动密集型制造", _BUSINESS),
        Plan(_SERVICE, 5, "中心小学操场", None, _PUBLIC),
        Plan(_INDUSTRY, 6, "中药材种植基地", "中药材", _BUSINESS),
        Plan(_INDUSTRY, 2, "奶山羊到户养殖", "畜牧养殖", _HOUSEHOLD),
        Plan(_BASE, 1, "灌溉渠系配套", None, _PUBLIC),
    ],
    2019: [
        Plan(_INDUSTRY, 0, "标准化厂房一期", "园区配套", _BUSINESS),
        Plan(_INDUSTRY, 1, "苹果分选线", "农产品精深加工", _BUSINESS),
        Plan(_INDUSTRY, 4, "食用菌大棚", "设施农业", _BUSINESS),
        Plan(_JOBS, 3, "服装加工车间", "劳动密集型制造", _BUSINESS),
        Plan(_BASE, 5, "通村道路改造", None, _PUBLIC),
        Plan(_SERVICE, 6, "敬老院改造", None, _PUBLIC),
        Plan(_INDUSTRY, 2, "粮食烘干仓储", "仓储物流", _BUSINESS),
        Plan(_INDUSTRY, 5, "花椒到户种植", "林果种植", _HOUSEHOLD),
        Plan(_SERVICE, 0, "远程教育设备", None, _PUBLIC),
        Plan(_TRAINING, 0, "劳务技能培训"),
        Plan(_INDUSTRY, 6, "光伏配套养殖", "畜牧养殖", _BUSINESS),
    ],
    2020: [
        Plan(_INDUSTRY, 1, "苹果冷藏库二期", "仓储物流", _BUSINESS),
        Plan(_JOBS, 0, "社区工厂二期", "劳动密集型制造", _BUSINESS),
        Plan(_INDUSTRY, 3, "果蔬汁生产线", "农产品精深加工", _BUSINESS),
        Plan(_SERVICE, 2, "卫生院发热门诊", None, _PUBLIC),
        Plan(_INDUSTRY, 4, "乡村旅游接待点", "农旅融合", _BUSINESS),
        Plan(_BASE, 6, "产业园供水工程", None, _PUBLIC),
        Plan(_JOBS, 5, "公益性岗位补助"),
        Plan(_INDUSTRY, 2, "肉牛养殖扩建", "畜牧养殖", _BUSINESS),
        Plan(_VILLAGE, 1, "村容村貌整治", None, _PUBLIC),
    ],
    2021: [
        Plan(_INDUSTRY, 0, "标准化厂房二期", "园区配套", _BUSINESS),
        Plan(_INDUSTRY, 1, "农产品冷链中心", "仓储物流", _BUSINESS),
        Plan(_VILLAGE, 2, "乡村振兴示范村建设", None, _PUBLIC),
        Plan(_INDUSTRY, 3, "核桃深加工扩能", "农产品精深加工", _BUSINESS),
        Plan(_VILLAGE, 4, "乡村振兴示范村建设", None, _PUBLIC),
        Plan(_INDUSTRY, 5, "农旅融合步道", "农旅融合", _BUSINESS),
        Plan(_JOBS, 6, "帮扶车间", "劳动密集型制造", _BUSINESS),
        Plan(_SERVICE, 0, "职业学校实训室", None, _PUBLIC),
        Plan(_BASE, 3, "仓储区道路", None, _PUBLIC),
        Plan(_TRAINING, 0, "乡村振兴人才培训"),
    ],
}
_LATER = [
    Plan(_INDUSTRY, 2, "肉牛屠宰冷链", "农产品精深加工", _BUSINESS),
    Plan(_VILLAGE, 6, "污水处理站", None, _PUBLIC),
    Plan(_SERVICE, 5, "日间照料中心", None, _PUBLIC),
]

# year -> first and last day of approvals, and the planned aid in 万元, never more than the year's fiscal money
_APPROVALS = {
    2017: (date(2017, 7, 10), date(2017, 10, 20), 1_320),
    2018: (date(2018, 6, 4), date(2018, 9, 28), 1_850),
    2019: (date(2019, 5, 6), date(2019, 9, 20), 2_150),
    2020: (date(2020, 5, 25), date(2020, 10, 9), 2_080),
    2021: (date(2021, 4, 6), date(2021, 9, 10), 1_980),
}
_LATER_APPROVED = (date(2021, 11, 2), date(2021, 11, 16), date(2021, 12, 8))

# A completion of September that the office noted only after the article's conference.
_FORGOTTEN = {"SL-2021-05": date(2021, 10, 26)}


@dataclass(frozen=True)
class Project:
    """A project and, by field code, the days of its steps as they really were, the approval first."""

    code: str
    plan: Plan
    aid: int
    households: int
    people: int
    steps: dict[str, date]

    @property
    def approved(self) -> date:
        return self.steps["approved_on"]

    def known(self, day: date) -> dict[str, date]:
        """The steps that were past on a day."""
        return {step: on for step, on in self.steps.items() if on <= day}


def _steps(approved: date, plan: Plan, rng: Random) -> dict[str, date]:
    """Approved, started, completed, accepted and, where there is an asset, handed over, in days after each other."""
    waits = {"started_on": (12, 40), "completed_on": (50, 170), "accepted_on": (10, 35), "handed_over_on": (10, 35)}
    steps = {"approved_on": approved}
    day = approved
    for step, (least, most) in waits.items():
        if step == "handed_over_on" and plan.asset is None:
            break
        day = workday(day + timedelta(days=rng.randint(least, most)))
        steps[step] = day
    return steps


def _approvals(rng: Random) -> Iterator[tuple[str, Plan, int, date]]:
    """Code, plan, aid in 万元 and day of approval of every project to the day of the article."""
    for year, plans in _PLANS.items():
        first, last, aid = _APPROVALS[year]
        days = workdays(len(plans), first, last, rng)
        shares = split(aid, len(plans), 60, 480, rng)
        for order, (plan, share, day) in enumerate(zip(plans, shares, days, strict=True), start=1):
            yield f"SL-{year}-{order:02d}", plan, share, day


def _later() -> Iterator[tuple[str, Plan, int, date]]:
    order = len(_PLANS[2021])
    for plan, day in zip(_LATER, _LATER_APPROVED, strict=True):
        order += 1
        yield f"SL-2021-{order:02d}", plan, 40, day


def _project(values: tuple[str, Plan, int, date], households: int, people: int, rng: Random) -> Project:
    code, plan, aid, approved = values
    return Project(code, plan, aid * 10_000, households, people, _steps(approved, plan, rng))


def projects() -> list[Project]:
    """All projects in order of their codes; those to the day of the article share out its households and people."""
    rng = dice(LEDGER)
    found = list(_approvals(rng))
    households = split(HOUSEHOLDS, len(found), 25, 180, rng)
    # About four people a household, give or take: 4 x households - 5, and the rest of the total by chance.
    rest = split(PEOPLE - 4 * HOUSEHOLDS + 5 * len(found), len(found), 0, 30, rng)
    people = [4 * number - 5 + more for number, more in zip(households, rest, strict=True)]
    return [_project(*values, rng) for values in zip(found, households, people, strict=True)] + [
        _project(values, number, 4 * number, rng) for values, number in zip(_later(), (42, 65, 30), strict=True)
    ]


def _lifted(project: Project, rng: Random) -> int:
    """The share of the formerly poor in percent: most before 2021, about half since."""
    return rng.randint(40, 65) if project.approved.year == TODAY.year else rng.randint(78, 98)


def _approval(project: Project) -> tuple[str, str]:
    """The document that approved it, and its file: one document for the projects of a month."""
    year, month = project.approved.year, project.approved.month
    return f"永协作发〔{year}〕{month}号（示例）", f"示例-项目-{year}年{month}月-批复.txt"


def pairing_of(project: Project) -> str:
    """Every fourth project belongs to its town's pairing, the others to the county's."""
    return TOWNS[project.plan.town].name if int(project.code[-2:]) % 4 == 0 else COUNTY


def _item(project: Project, rng: Random) -> Item:
    plan, percent = project.plan, _lifted(project, rng)
    known = project.known(period_of(project.approved, _PERIODS).recorded)
    document, file = _approval(project)
    accepted = f"；示例-项目-{project.code}-验收单.txt" if "accepted_on" in known else ""
    values = row(
        LEDGER,
        code=project.code,
        name=_name(project),
        kind=plan.kind,
        sector=plan.sector,
        place=f"永寿县{TOWNS[plan.town].west}",
        owner="示例合作社" if plan.asset == _HOUSEHOLD else f"{TOWNS[plan.town].west}（示例）",
        approval=document,
        **known,
        planned_aid=project.aid,
        other_funds=rng.randint(5, 60) * 10_000 if plan.kind == _INDUSTRY else None,
        asset_class=plan.asset,
        households=project.households,
        people=project.people,
        lifted_households=project.households * percent // 100,
        lifted_people=project.people * percent // 100,
        linkage=rng.choice(_LINKAGE[plan.kind]) if plan.kind in _LINKAGE else None,
        pairing=pairing_of(project),
        evidence=file + accepted,
    )
    return Item(project.approved, Side.WEST, values)


def _name(project: Project) -> str:
    return f"示例：{TOWNS[project.plan.town].west}{project.plan.name}"


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021, with the steps that were past when the workbook was recorded."""
    rng = dice(f"{LEDGER}:rows")
    return reported(LEDGER, [_item(project, rng) for project in projects()], _PERIODS)


def _progress(project: Project) -> Iterator[Correction]:
    """The steps that came after the workbook: start and completion, then acceptance and handover, some days later."""
    reported_on = period_of(project.approved, _PERIODS).recorded
    later = {step: on for step, on in project.known(TODAY - timedelta(days=14)).items() if on > reported_on}
    for steps in (("started_on", "completed_on"), ("accepted_on", "handed_over_on")):
        change: dict[str, object] = {step: later[step] for step in steps if step in later}
        if change:
            known = workday(max(later[step] for step in change) + timedelta(days=10))
            if "completed_on" in change:
                known = _FORGOTTEN.get(project.code, known)
            yield correction(known, LEDGER, Side.WEST, {"code": project.code}, change, "登记项目进度")


def corrections() -> list[Correction]:
    """Progress of every project, one share of the formerly poor counted anew and one name put right."""
    progress = [made for project in projects() for made in _progress(project)]
    changes: list[tuple[date, str, dict[str, object], str]] = [
        (date(2021, 10, 21), "SL-2020-03", {"lifted_households": 59}, "与脱贫户名册比对，核减其中脱贫户"),
        (date(2021, 11, 12), "SL-2019-06", {"name": "示例：永平镇敬老院改造提升"}, "项目名称依批复更正"),
    ]
    return progress + [
        correction(known, LEDGER, Side.WEST, {"code": code}, change, why) for known, code, change, why in changes
    ]
