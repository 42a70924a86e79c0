"""干部人才选派台账: 129 professionals to the day of the article, some of them sent twice, and cadres on top.

People are told apart by their 身份证号. Some professionals come back in a later year, some of them in another category,
and three cadres come back as professionals: counting rows, or adding the categories up, gives too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lianqiao.demo.rows.batch import (
    QUARTERS_2021,
    YEARS,
    Batch,
    Correction,
    Item,
    Side,
    correction,
    period_of,
    reported,
    workbook,
)
from lianqiao.demo.rows.chance import dice
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.identity import id_number
from lianqiao.demo.rows.tree import COUNTY, SCHOOLS, open_at

LEDGER = "secondments"

_PERIODS = [*YEARS, *QUARTERS_2021]

CADRE, EDUCATION, HEALTH, AGRI, OTHER = "党政干部", "教育", "医疗卫生", "农业科技", "其他专技"
_NAMES = {CADRE: "干部", EDUCATION: "教师", HEALTH: "医生", AGRI: "农技"}
_DIRECTIONS = {Side.EAST: "东部派往西部", Side.WEST: "西部派往东部"}
_YOUNGEST, _OLDEST = 25, 54


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist; `id_number` None for the two whose number was not collected."""

    name: str
    id_number: str | None
    side: Side
    category: str


# year -> category -> people sent for the first time, from the east and from the west
_NEW: dict[int, dict[str, tuple[int, int]]] = {
    2017: {CADRE: (3, 2), EDUCATION: (6, 4), HEALTH: (4, 3), AGRI: (3, 0)},
    2018: {CADRE: (2, 3), EDUCATION: (7, 5), HEALTH: (5, 4), AGRI: (4, 2)},
    2019: {CADRE: (2, 2), EDUCATION: (8, 6), HEALTH: (6, 5), AGRI: (4, 2)},
    2020: {CADRE: (3, 2), EDUCATION: (6, 3), HEALTH: (6, 2), AGRI: (3, 1)},
    2021: {CADRE: (4, 3), EDUCATION: (7, 5), HEALTH: (6, 4), AGRI: (3, 2)},
}

# year -> who came again that autumn, and as what
_AGAIN: dict[int, dict[str, str]] = {
    2018: {"示例教师02": EDUCATION, "示例医生01": HEALTH, "示例农技02": AGRI},
    2019: {
        "示例干部01": EDUCATION,
        "示例干部02": CADRE,
        "示例教师04": EDUCATION,
        "示例教师12": EDUCATION,
        "示例医生03": EDUCATION,
        "示例农技01": OTHER,
    },
    2020: {
        "示例干部06": AGRI,
        "示例干部07": CADRE,
        "示例教师15": EDUCATION,
        "示例教师20": EDUCATION,
        "示例医生10": HEALTH,
        "示例农技05": OTHER,
    },
    2021: {
        "示例干部03": EDUCATION,
        "示例教师26": EDUCATION,
        "示例医生11": EDUCATION,
        "示例医生18": HEALTH,
    },
}

# year -> the days on which professionals began, with how many; who comes again begins on the day of autumn
_STARTS: dict[int, dict[date, int]] = {
    2017: {date(2017, 6, 5): 8, date(2017, 9, 4): 12},
    2018: {date(2018, 3, 5): 8, date(2018, 5, 7): 6, date(2018, 9, 3): 16},
    2019: {date(2019, 2, 25): 10, date(2019, 4, 15): 8, date(2019, 9, 2): 18},
    2020: {date(2020, 4, 20): 6, date(2020, 6, 15): 5, date(2020, 9, 7): 13, date(2020, 11, 9): 2},
    2021: {
        date(2021, 3, 1): 7,
        date(2021, 4, 12): 4,
        date(2021, 5, 17): 3,
        date(2021, 6, 21): 2,
        date(2021, 8, 30): 8,
        date(2021, 9, 13): 4,
        date(2021, 10, 11): 3,
    },
}
_CADRE_STARTS = {
    2017: date(2017, 6, 12),
    2018: date(2018, 5, 14),
    2019: date(2019, 5, 20),
    2020: date(2020, 6, 8),
    2021: date(2021, 5, 10),
}


def _person(category: str, order: int, side: Side, year: int, rng: Random) -> Person:
    first = date(year - _OLDEST, 1, 1)
    born = first + timedelta(days=rng.randrange((_OLDEST - _YOUNGEST) * 365))
    return Person(f"示例{_NAMES[category]}{order:02d}", id_number(born, rng.randrange(1000)), side, category)


def _people() -> dict[int, list[Person]]:
    """Everybody by the year of the first stay; names count through each category."""
    rng = dice(f"{LEDGER}:people")
    counts = dict.fromkeys(_NAMES, 0)
    found: dict[int, list[Person]] = {}
    for year, categories in _NEW.items():
        for category, numbers in categories.items():
            for side, number in zip(Side, numbers, strict=True):
                for _ in range(number):
                    counts[category] += 1
                    found.setdefault(year, []).append(_person(category, counts[category], side, year, rng))
    return found


@dataclass(frozen=True)
class Stay:
    """One person's secondment; `end` is the last day, planned or past."""

    person: Person
    category: str
    start: date
    end: date

    @property
    def long(self) -> bool:
        return (self.end - self.start).days > 30


def _until(category: str, start: date, rng: Random) -> date:
    """Cadres stay a year, professionals up to ten months and one in five only for some days."""
    if category == CADRE:
        return start + timedelta(days=364)
    short = rng.random() < 0.2
    return start + timedelta(days=rng.randint(6, 25) if short else rng.randint(3, 10) * 30)


def _starts(year: int, rng: Random) -> tuple[date, list[date]]:
    """The year's autumn day, and the shuffled days left for those who come for the first time."""
    days = _STARTS[year]
    autumn = max(days, key=lambda day: days[day])
    again = [name for name, category in _AGAIN.get(year, {}).items() if category != CADRE]
    left = [day for day, number in days.items() for _ in range(number - (len(again) if day == autumn else 0))]
    return autumn, rng.sample(left, len(left))


def _of_year(year: int, new: list[Person], known: dict[str, Person], rng: Random) -> Iterator[Stay]:
    autumn, left = _starts(year, rng)
    for person in new:
        start = _CADRE_STARTS[year] if person.category == CADRE else left.pop()
        yield Stay(person, person.category, start, _until(person.category, start, rng))
    for name, category in _AGAIN.get(year, {}).items():
        start = _CADRE_STARTS[year] if category == CADRE else autumn
        yield Stay(known[name], category, start, _until(category, start, rng))


def stays() -> list[Stay]:
    """All secondments that began by the day of the article."""
    rng = dice(LEDGER)
    known: dict[str, Person] = {}
    found: list[Stay] = []
    for year, new in _people().items():
        found += _of_year(year, new, known, rng)
        known |= {person.name: person for person in new}
    return found


def _later() -> list[Stay]:
    """Those who began after the article; the numbers of two of them were not collected (弱标识)."""
    people = [
        Person("示例教师58", id_number(date(1986, 4, 9), 121), Side.EAST, EDUCATION),
        Person("示例教师59", id_number(date(1990, 11, 23), 204), Side.EAST, EDUCATION),
        Person("示例医生46", id_number(date(1979, 2, 14), 317), Side.WEST, HEALTH),
        Person("示例教师60", None, Side.WEST, EDUCATION),
        Person("示例农技25", None, Side.EAST, AGRI),
        Person("示例专技01", id_number(date(1988, 6, 17), 406), Side.WEST, OTHER),
    ]
    start = date(2021, 11, 15)
    return [Stay(person, person.category, start, start + timedelta(days=180)) for person in people]


_LATE_CADRE = Stay(
    Person("示例干部27", id_number(date(1984, 7, 30), 88), Side.WEST, CADRE),
    CADRE,
    date(2021, 9, 15),
    date(2022, 3, 14),
)
_LATE_PERIOD, _LATE_RECORDED = "2021年9月补录", date(2021, 10, 25)

_POSTS = {
    CADRE: ("挂职副主任（示例）", "挂职副镇长（示例）", "挂职科员（示例）"),
    EDUCATION: ("语文教学", "数学教学", "教学管理", "职业技能教学"),
    HEALTH: ("内科", "外科", "妇产科", "公共卫生"),
    AGRI: ("果树栽培", "畜牧养殖", "植保"),
    OTHER: ("信息化建设", "规划设计"),
}


def _places(stay: Stay, rng: Random) -> tuple[str, str, str]:
    """The pairing that the stay belongs to, and the eastern and the western unit."""
    levels = {EDUCATION: "校校", HEALTH: "院院", AGRI: "镇镇"}
    nodes = open_at(levels.get(stay.category, ""), stay.start)
    if nodes:
        node = rng.choice(nodes)
        suffix = "示例农技站" if stay.category == AGRI else ""
        return node.name, node.east + suffix, node.west + suffix
    if stay.category == EDUCATION:  # before the schools were paired
        school = rng.choice(SCHOOLS)
        return COUNTY, school.east, school.west
    unit = {CADRE: "部门", HEALTH: "卫生院"}.get(stay.category, "技术中心")
    letter = rng.choice("甲乙丙")
    return COUNTY, f"靖江示例{unit}{letter}", f"永寿示例{unit}{letter}"


def _item(stay: Stay, period: str, rng: Random) -> Item:
    pairing, east, west = _places(stay, rng)
    side = stay.person.side
    home, host = (east, west) if side is Side.EAST else (west, east)
    values = row(
        LEDGER,
        name=stay.person.name,
        id_number=stay.person.id_number,
        direction=_DIRECTIONS[side],
        category=stay.category,
        home_org=home,
        host_org=host,
        post=rng.choice(_POSTS[stay.category]),
        start=stay.start,
        end=stay.end,
        stay="一个月以上" if stay.long else "短期",
        pairing=pairing,
        evidence=f"示例-选派-{period}-{side.label}-选派文件.txt",
    )
    return Item(stay.start, side, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021; each side records those whom it sends."""
    rng = dice(f"{LEDGER}:rows")
    items = [_item(stay, period_of(stay.start, _PERIODS).name, rng) for stay in [*stays(), *_later()]]
    late = _item(_LATE_CADRE, _LATE_PERIOD, rng)
    return [
        *reported(LEDGER, items, _PERIODS),
        workbook(LEDGER, _LATE_PERIOD, _LATE_RECORDED, late.side, [late.row], "示例：补录9月到岗的干部"),
    ]


def corrections() -> list[Correction]:
    """Two stays did not end on the day first planned."""
    moved = [
        (date(2020, 5, 11), "示例干部11", date(2020, 8, 31), "受疫情影响延期返回"),
        (date(2021, 11, 8), "示例干部20", date(2022, 7, 31), "任期延长"),
    ]
    return [correction(known, LEDGER, Side.EAST, {"name": name}, {"end": end}, why) for known, name, end, why in moved]
