"""会议台账: the joint conferences, each recorded with what it decided, and the other meetings, reported by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lianqiao.demo.rows.batch import (
    CONFERENCE,
    QUARTERS_2021,
    YEARS,
    Batch,
    Correction,
    Item,
    Row,
    Side,
    correction,
    reported,
    workbook,
)
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY

LEDGER = "meetings"


@dataclass(frozen=True)
class Conference:
    """A joint conference: its day, title, place, host and who came."""

    on: date
    title: str
    place: str
    host: Side
    people: int

    @property
    def recorded(self) -> date:
        """The article's conference the same evening, the others two days later."""
        return self.on if self.on == CONFERENCE else workday(self.on + timedelta(days=2))


def _numbered(on: date, order: str, place: str, host: Side, people: int) -> Conference:
    return Conference(on, f"示例：靖江—永寿第{order}次联席会议", place, host, people)


CONFERENCES = [
    _numbered(date(2017, 4, 20), "一", "永寿县", Side.WEST, 26),
    _numbered(date(2018, 4, 12), "二", "靖江市", Side.EAST, 30),
    _numbered(date(2018, 11, 8), "三", "永寿县", Side.WEST, 28),
    _numbered(date(2019, 3, 28), "四", "靖江市", Side.EAST, 32),
    _numbered(date(2019, 10, 17), "五", "永寿县", Side.WEST, 34),
    _numbered(date(2020, 6, 11), "六", "视频会议", Side.EAST, 24),
    Conference(CONFERENCE, "靖江—永寿对口协作暨全面推进乡村振兴联席会议", "永寿县", Side.WEST, 36),
    _numbered(date(2021, 12, 16), "八", "靖江市", Side.EAST, 30),
]

_LEADING, _SPECIAL, _LIAISON = "领导小组会议", "专题会议", "部门对接会"

# date, kind, subject, host
_OTHERS = [
    (date(2017, 3, 15), _LIAISON, "结对工作对接会", Side.EAST),
    (date(2017, 6, 8), _LEADING, "扶贫协作领导小组会议", Side.WEST),
    (date(2017, 9, 21), _SPECIAL, "协作资金项目专题会", Side.WEST),
    (date(2018, 2, 8), _LEADING, "扶贫协作领导小组会议", Side.EAST),
    (date(2018, 6, 14), _SPECIAL, "镇村结对专题会", Side.WEST),
    (date(2018, 8, 28), _LIAISON, "教育结对对接会", Side.EAST),
    (date(2018, 9, 12), _LIAISON, "卫生结对对接会", Side.WEST),
    (date(2019, 2, 21), _LEADING, "扶贫协作领导小组会议", Side.WEST),
    (date(2019, 5, 15), _LIAISON, "劳务协作对接会", Side.EAST),
    (date(2019, 7, 11), _SPECIAL, "脱贫摘帽专题会", Side.WEST),
    (date(2019, 9, 5), _SPECIAL, "产业合作专题会", Side.EAST),
    (date(2019, 12, 3), _LEADING, "扶贫协作领导小组会议", Side.EAST),
    (date(2020, 5, 14), _LEADING, "扶贫协作领导小组会议", Side.WEST),
    (date(2020, 8, 20), _SPECIAL, "项目进度专题会", Side.WEST),
    (date(2020, 9, 22), _LIAISON, "农产品采购对接会", Side.EAST),
    (date(2020, 11, 26), _SPECIAL, "自评工作专题会", Side.WEST),
    (date(2021, 3, 11), _LEADING, "对口协作领导小组会议", Side.WEST),
    (date(2021, 4, 22), _LIAISON, "产业园区对接会", Side.EAST),
    (date(2021, 5, 27), _SPECIAL, "乡村振兴示范村专题会", Side.WEST),
    (date(2021, 7, 15), _SPECIAL, "上半年进度专题会", Side.WEST),
    (date(2021, 8, 24), _LIAISON, "教育对接会", Side.EAST),
    (date(2021, 8, 24), _LIAISON, "两地教育部门对接会", Side.WEST),
    (date(2021, 9, 9), _LIAISON, "卫生对接会", Side.WEST),
    (date(2021, 11, 18), _LIAISON, "劳务对接会", Side.EAST),
    (date(2021, 12, 7), _SPECIAL, "全年任务专题会", Side.WEST),
]
_TWICE = _OTHERS[21]
_LATE = (date(2021, 9, 23), _LIAISON, "消费协作对接会", Side.EAST)
_LATE_RECORDED = date(2021, 10, 25)

_PLACES = {Side.EAST: "靖江市", Side.WEST: "永寿县"}
_HOSTS = {Side.EAST: "东部", Side.WEST: "西部"}


def _title(on: date, subject: str) -> str:
    return f"示例：{on.year}年{subject}"


def _conference_row(meeting: Conference) -> Row:
    return row(
        LEDGER,
        occurred_on=meeting.on,
        title=meeting.title,
        kind="联席会议",
        place=meeting.place,
        host=_HOSTS[meeting.host],
        attendees=f"示例领队A、示例领队B等{meeting.people}人",
        agenda="通报进展；议定事项；签订协议",
        pairing=COUNTY,
        notes="示例：出席人员、议程为虚构",
        evidence=f"示例-会议-{meeting.on:%Y%m%d}-会议纪要.txt；示例-会议-{meeting.on:%Y%m%d}-签到表.csv",
    )


def _other(on: date, kind: str, subject: str, host: Side) -> Item:
    values = row(
        LEDGER,
        occurred_on=on,
        title=_title(on, subject),
        kind=kind,
        place=_PLACES[host],
        host=_HOSTS[host],
        agenda=None if kind == _LIAISON else subject,
        pairing=COUNTY,
        evidence=f"示例-会议-{on:%Y%m%d}-会议纪要.txt" if kind != _LIAISON else None,
    )
    return Item(on, host, values)


def batches() -> list[Batch]:
    conferences = [
        workbook(LEDGER, f"{m.on.year}年{m.on.month}月联席会议", m.recorded, m.host, [_conference_row(m)])
        for m in CONFERENCES
    ]
    others = reported(LEDGER, [_other(*meeting) for meeting in _OTHERS], [*YEARS, *QUARTERS_2021])
    late = workbook(LEDGER, "2021年9月补录", _LATE_RECORDED, Side.EAST, [_other(*_LATE).row], "示例：补录9月的对接会")
    return [*conferences, *others, late]


def corrections() -> list[Correction]:
    """One meeting was entered by both sides under two titles: the second entry is voided."""
    on, _, subject, side = _TWICE
    find: dict[str, object] = {"occurred_on": on, "title": _title(on, subject)}
    return [correction(date(2021, 11, 3), LEDGER, side, find, None, "同一次会议两地各填一次，作废一行")]
