"""培训台账: 20 courses; one of September 2021 was entered only after the article's conference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Item, Side, reported, workbook
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY, HOSPITALS, SCHOOLS, TOWNS

LEDGER = "trainings"

_CADRES, _EXPERTS, _LEADERS, _SKILLS, _OTHER = "党政干部", "专业技术人才", "致富带头人", "劳务技能", "其他"
_ORGANISERS = {Side.EAST: "靖江示例培训中心", Side.WEST: "永寿示例培训中心"}
_PLACES = {Side.EAST: "靖江市", Side.WEST: "永寿县"}


@dataclass(frozen=True)
class Course:
    """One course: the side that holds it, who is taught what, how many came and for how many days."""

    start: date
    side: Side
    category: str
    subject: str
    people: int
    days: int
    pairing: str = COUNTY


_EAST, _WEST = Side.EAST, Side.WEST

COURSES = [
    Course(date(2017, 10, 17), _EAST, _CADRES, "扶贫干部", 36, 5),
    Course(date(2018, 6, 12), _WEST, _LEADERS, "致富带头人", 50, 4),
    Course(date(2019, 5, 21), _EAST, _CADRES, "镇村干部", 60, 5),
    Course(date(2019, 9, 17), _EAST, _EXPERTS, "骨干教师", 85, 7, SCHOOLS[2].name),
    Course(date(2020, 6, 16), _WEST, _SKILLS, "家政服务", 96, 10),
    Course(date(2020, 7, 21), _WEST, _LEADERS, "苹果栽培", 84, 3, TOWNS[1].name),
    Course(date(2020, 9, 8), _EAST, _EXPERTS, "乡村医生", 92, 5, HOSPITALS[1].name),
    Course(date(2020, 9, 22), _EAST, _CADRES, "协作业务", 84, 4),
    Course(date(2020, 11, 17), _WEST, _OTHER, "法律常识", 64, 1),
    Course(date(2021, 3, 16), _EAST, _CADRES, "乡村振兴", 45, 5),
    Course(date(2021, 4, 20), _EAST, _EXPERTS, "骨干教师跟岗", 38, 14, SCHOOLS[3].name),
    Course(date(2021, 5, 18), _WEST, _SKILLS, "家政服务", 62, 10),
    Course(date(2021, 6, 22), _WEST, _LEADERS, "果业带头人", 56, 3, TOWNS[1].name),
    Course(date(2021, 7, 13), _EAST, _EXPERTS, "乡村医生", 48, 5, HOSPITALS[0].name),
    Course(date(2021, 8, 17), _WEST, _SKILLS, "缝纫工", 70, 12, TOWNS[3].name),
    Course(date(2021, 9, 14), _EAST, _OTHER, "电商直播", 53, 4),
    Course(date(2021, 10, 11), _WEST, _CADRES, "镇村干部", 40, 2),
    Course(date(2021, 11, 9), _WEST, _SKILLS, "电焊工", 66, 12),
    Course(date(2021, 12, 2), _EAST, _EXPERTS, "农技人员", 72, 3),
]
_LATE = Course(date(2021, 9, 6), _WEST, _LEADERS, "养殖带头人", 58, 3, TOWNS[2].name)
_LATE_PERIOD, _LATE_RECORDED = "2021年9月补录", date(2021, 10, 25)


def _item(course: Course) -> Item:
    stem = f"示例-培训-{course.start:%Y%m%d}"
    values = row(
        LEDGER,
        start=course.start,
        title=f"示例：{course.start.year}年{course.subject}培训班",
        category=course.category,
        place=_PLACES[course.side],
        organiser=_ORGANISERS[course.side],
        person_times=course.people,
        days=course.days,
        pairing=course.pairing,
        evidence=f"{stem}-开班通知.txt；{stem}-签到表.csv",
    )
    return Item(course.start, course.side, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021; each side records the courses that it holds."""
    late = workbook(LEDGER, _LATE_PERIOD, _LATE_RECORDED, _LATE.side, [_item(_LATE).row], "示例：补录9月的培训班")
    return [*reported(LEDGER, map(_item, COURSES), [*YEARS, *QUARTERS_2021]), late]
