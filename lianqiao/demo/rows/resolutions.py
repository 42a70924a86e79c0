"""议定事项台账: what the joint conferences decided, and when it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lianqiao.demo.rows.batch import (
    CONFERENCE,
    YEARS,
    Batch,
    Correction,
    Row,
    Side,
    correction,
    period_of,
    workbook,
)
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.meetings import CONFERENCES, Conference
from lianqiao.demo.rows.tree import COUNTY

LEDGER = "resolutions"

_REVIVAL, _OFFICE, _LABOUR = "永寿县乡村振兴部门（示例）", "靖江市对口协作办公室（示例）", "永寿县人社部门（示例）"
_TEAM, _SUPPLY, _SCHOOLS = "靖江驻永寿工作联络组", "靖江市供销部门（示例）", "靖江市教育部门（示例）"


@dataclass(frozen=True)
class Resolution:
    """`done` is the day it was done, None for what was still open on the sample's last day."""

    text: str
    owner: str
    due: date
    done: date | None
    measure: str | None = None


# the day of the conference -> what it decided
RESOLUTIONS: dict[date, tuple[Resolution, ...]] = {
    date(2017, 4, 20): (
        Resolution("三个镇（街道）先行结对", _OFFICE, date(2017, 6, 30), date(2017, 5, 10), "pair.town"),
        Resolution("首批协作资金年内到账", _OFFICE, date(2017, 12, 31), date(2017, 12, 15), "funds.fiscal"),
    ),
    date(2018, 4, 12): (
        Resolution("结对镇（街道）增至七个", _OFFICE, date(2018, 6, 30), date(2018, 5, 8), "pair.town"),
        Resolution("选派教师赴永寿支教", _SCHOOLS, date(2018, 9, 30), date(2018, 9, 3), "talent.education"),
    ),
    date(2018, 11, 8): (
        Resolution("在建项目年底前倒排工期", _REVIVAL, date(2018, 12, 31), date(2018, 12, 28), "projects.completed"),
    ),
    date(2019, 3, 28): (
        Resolution("发动企业与村结对", _OFFICE, date(2019, 6, 30), date(2019, 5, 20), "pair.enterprise"),
        Resolution("形成镇村帮扶模式材料", _TEAM, date(2019, 11, 30), date(2019, 11, 5)),
    ),
    date(2019, 10, 17): (
        Resolution("脱贫摘帽后帮扶力度不减", _OFFICE, date(2019, 12, 31), date(2019, 12, 20), "funds.total"),
    ),
    date(2020, 6, 11): (
        Resolution("受疫情影响的项目七月底前复工", _REVIVAL, date(2020, 7, 31), date(2020, 7, 24), "projects.started"),
        Resolution("村村结对每镇增加一对", _OFFICE, date(2020, 7, 31), date(2020, 7, 1), "pair.village"),
    ),
    CONFERENCE: (
        Resolution("每个乡镇重点打造1个乡村振兴示范村", _REVIVAL, date(2025, 12, 31), None),
        Resolution("捐赠资金年内到账", _OFFICE, date(2021, 12, 31), date(2021, 12, 20), "funds.social"),
        Resolution("组织务工专车首发", _LABOUR, date(2021, 10, 31), None),
        Resolution("在靖江设永寿农产品专柜2处", _SUPPLY, date(2021, 11, 15), date(2021, 11, 12)),
        Resolution("互派教育、卫生、农业骨干5名", _SCHOOLS, date(2021, 11, 30), date(2021, 11, 15), "talent.total"),
        Resolution("联络组每月通报一次进展", _TEAM, date(2021, 11, 25), date(2021, 11, 25)),
    ),
    date(2021, 12, 16): (
        Resolution("提前谋划2022年项目", _REVIVAL, date(2022, 3, 31), None, "projects.count"),
        Resolution("扩大医疗结对范围", "永寿县卫生健康部门（示例）", date(2022, 6, 30), None, "pair.hospital"),
    ),
}


def _row(conference: Conference, resolution: Resolution, known: date) -> Row:
    done = resolution.done if resolution.done and resolution.done <= known else None
    return row(
        LEDGER,
        meeting=conference.title,
        text=resolution.text,
        owner=resolution.owner,
        due=resolution.due,
        done_on=done,
        measure=resolution.measure,
        pairing=COUNTY,
        notes="示例：事项为虚构",
    )


def _recorded(conference: Conference) -> date:
    """Until 2020 the list was made at the end of the year, since then with the conference."""
    if conference.on.year < CONFERENCE.year:
        return period_of(conference.on, YEARS).recorded
    return conference.recorded


def batches() -> list[Batch]:
    made: dict[date, list[Row]] = {}
    for conference in CONFERENCES:
        day = _recorded(conference)
        made.setdefault(day, []).extend(_row(conference, r, day) for r in RESOLUTIONS[conference.on])
    years = {_recorded(conference): conference.on for conference in CONFERENCES}
    return [workbook(LEDGER, _period(years[day]), day, Side.EAST, rows) for day, rows in made.items()]


def _period(held: date) -> str:
    return f"{held.year}年" if held.year < CONFERENCE.year else f"{held.year}年{held.month}月"


def corrections() -> list[Correction]:
    """What the article's conference decided is marked as done on the working day after it was."""
    return [
        correction(
            workday(resolution.done + timedelta(days=1)),
            LEDGER,
            Side.EAST,
            {"text": resolution.text},
            {"done_on": resolution.done},
            "登记办结",
        )
        for resolution in RESOLUTIONS[CONFERENCE]
        if resolution.done
    ]
