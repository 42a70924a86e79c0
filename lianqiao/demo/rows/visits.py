"""互访台账: 113 delegations and 1,213 person-times to the day of the article, then those of the rest of 2021."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from lianqiao.demo.rows.batch import (
    CONFERENCE,
    HALVES,
    MONTHS_2021,
    Batch,
    Correction,
    Item,
    Side,
    correction,
    period_of,
    reported,
)
from lianqiao.demo.rows.chance import dice, split, workdays
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.meetings import CONFERENCES
from lianqiao.demo.rows.tree import COUNTY, open_at

LEDGER = "visits"

DIRECTIONS = {Side.EAST: "东部赴西部", Side.WEST: "西部赴东部"}
SMALLEST, LARGEST = 4, 22

_PERIODS = [*HALVES, *MONTHS_2021]


@dataclass(frozen=True)
class Theme:
    """What a delegation comes for; `pairs` is the level of the pairings that the trip may belong to."""

    level: str
    pairs: str
    purpose: str
    places: str


_THEMES = (
    Theme("县级", "县际", "考察产业园区", "示例产业园；示例标准化厂房"),
    Theme("部门", "县际", "苏陕项目现场督查", "示例项目工地"),
    Theme("镇村级", "镇镇", "镇村结对走访", "示例村；示例农户"),
    Theme("部门", "校校", "校长跟岗学习对接", "示例学校"),
    Theme("县级", "县际", "项目观摩与座谈", "示例冷库；示例果园"),
    Theme("部门", "院院", "医疗巡诊与义诊", "示例医院"),
    Theme("部门", "县际", "劳务协作对接", "示例人力资源市场"),
    Theme("镇村级", "村村", "结对村帮扶对接", "示例村委会"),
    Theme("部门", "县际", "农产品展销对接", "示例农产品专柜"),
    Theme("市级", "县际", "调研协作进展", "示例社区工厂"),
    Theme("镇村级", "企村", "企村结对考察", "示例合作社"),
)
_ATTENDING = Theme("县级", "县际", "出席联席会议", "示例项目点")
_AT_THE_CONFERENCE = Theme(
    "县级", "县际", "出席对口协作联席会议", "示例创业中心；示例机械制造企业；示例农业科技企业；监军街道3户示例农户"
)


@dataclass(frozen=True)
class Trip:
    """One delegation: the day, the side that travels, how many, and what for where that is settled."""

    on: date
    side: Side
    people: int
    theme: Theme | None = None


@dataclass(frozen=True)
class Season:
    """What a stretch of days holds: for each side, delegations and person-times."""

    first: date
    last: date
    east: tuple[int, int]
    west: tuple[int, int]


# 2020 lost its spring to the epidemic; its last season lies after the twelfth of October.
SEASONS = [
    Season(date(2017, 3, 6), date(2017, 12, 22), (8, 87), (6, 61)),
    Season(date(2018, 3, 1), date(2018, 12, 21), (11, 134), (10, 97)),
    Season(date(2019, 2, 20), date(2019, 12, 20), (17, 188), (13, 134)),
    Season(date(2020, 5, 6), date(2020, 10, 11), (10, 92), (7, 66)),
    Season(date(2020, 11, 2), date(2020, 12, 18), (1, 16), (1, 13)),
]

# month, day, people
_FROM_EAST_2021 = (
    *((1, 14, 12), (3, 9, 11), (3, 25, 11), (4, 8, 12), (4, 20, 12), (5, 11, 14), (5, 20, 13), (6, 3, 10)),
    *((6, 17, 9), (7, 8, 15), (7, 22, 7), (8, 11, 18), (8, 20, 10), (9, 16, 9), (10, 11, 6)),
)
_FROM_WEST_2021 = (
    *((3, 18, 9), (4, 15, 9), (4, 27, 9), (5, 13, 10), (5, 25, 11), (6, 10, 9), (6, 24, 9), (7, 1, 9), (7, 27, 8)),
    *((9, 3, 8), (9, 10, 17), (9, 24, 12), (9, 28, 14)),
)
_EAST_LATER = ((10, 19, 12), (11, 4, 10), (11, 18, 14), (12, 22, 6))
_WEST_LATER = ((10, 26, 8), (11, 11, 9), (11, 25, 11), (12, 8, 15))


_TITLES = {"市级": "市级部门负责人", "县级": "县（市）负责人", "部门": "部门负责人", "镇村级": "镇（街道）负责人"}


def _split_among(count: tuple[int, int], rng: Random) -> list[int]:
    trips, people = count
    return split(people, trips, SMALLEST, LARGEST, rng)


def _season(season: Season, rng: Random) -> Iterator[Trip]:
    """The season's trips on days of their own; the guests of a conference travel on its day."""
    sizes = {Side.EAST: _split_among(season.east, rng), Side.WEST: _split_among(season.west, rng)}
    guests = [
        (c.on, _guest(c.host)) for c in CONFERENCES if season.first <= c.on <= season.last and c.place != "视频会议"
    ]
    for day, side in guests:
        yield Trip(day, side, sizes[side].pop(), _ATTENDING)
    travellers = rng.sample([side for side in Side for _ in sizes[side]], sum(map(len, sizes.values())))
    for day, side in zip(workdays(len(travellers), season.first, season.last, rng), travellers, strict=True):
        yield Trip(day, side, sizes[side].pop())


def _guest(host: Side) -> Side:
    return Side.WEST if host is Side.EAST else Side.EAST


def _in_2021(side: Side, days: tuple[tuple[int, int, int], ...]) -> list[Trip]:
    return [Trip(date(2021, month, day), side, people) for month, day, people in days]


def trips() -> list[Trip]:
    """All trips in order of their days, the conference's delegation among them."""
    rng = dice(LEDGER)
    found = [
        *(trip for season in SEASONS for trip in _season(season, rng)),
        *_in_2021(Side.EAST, _FROM_EAST_2021 + _EAST_LATER),
        *_in_2021(Side.WEST, _FROM_WEST_2021 + _WEST_LATER),
        Trip(CONFERENCE, Side.EAST, LARGEST, _AT_THE_CONFERENCE),
        Trip(date(2021, 12, 16), Side.WEST, 18, _ATTENDING),
    ]
    return sorted(found, key=lambda trip: (trip.on, trip.side.name))


def _theme(trip: Trip, rng: Random) -> tuple[Theme, str]:
    """What the trip is for, and the pairing it belongs to: one that was in force on its day."""
    theme = trip.theme or rng.choice([t for t in _THEMES if t.pairs == "县际" or open_at(t.pairs, trip.on)])
    nodes = open_at(theme.pairs, trip.on)
    return theme, rng.choice(nodes).name if nodes else COUNTY


def _item(order: int, trip: Trip, rng: Random) -> Item:
    theme, node = _theme(trip, rng)
    stamp = f"{trip.on:%Y%m%d}-{'东' if trip.side is Side.EAST else '西'}"
    values = row(
        LEDGER,
        occurred_on=trip.on,
        direction=DIRECTIONS[trip.side],
        level=theme.level,
        purpose=f"示例：{theme.purpose}",
        leader=f"示例领队{'ABCDEFGH'[order % 8]}",
        leader_title=f"{_TITLES[theme.level]}（示例）",
        people=trip.people,
        days=rng.randint(3, 5) if theme.level in ("市级", "县级") else rng.randint(1, 4),
        places=theme.places if rng.random() < 0.8 or trip.theme else None,
        pairing=node,
        evidence=f"示例-互访-{period_of(trip.on, _PERIODS).name}-通知.txt；示例-互访-{stamp}-签到表.csv",
    )
    return Item(trip.on, trip.side, values)


def batches() -> list[Batch]:
    """By half-years up to 2020 and by months in 2021; each side records the trips of its own people."""
    rng = dice(f"{LEDGER}:rows")
    items = [_item(order, trip, rng) for order, trip in enumerate(trips())]
    return reported(LEDGER, items, _PERIODS)


def corrections() -> list[Correction]:
    """Two trips were recorded under a wrong day, by a few days."""
    moved = [
        (date(2021, 9, 15), date(2021, 8, 20), date(2021, 8, 19)),
        (date(2021, 10, 18), date(2021, 6, 17), date(2021, 6, 15)),
    ]
    return [
        correction(
            known,
            LEDGER,
            Side.EAST,
            {"occurred_on": wrong, "direction": DIRECTIONS[Side.EAST]},
            {"occurred_on": right},
            f"依行程单，出访日期{wrong}更正为{right}",
        )
        for known, wrong, right in moved
    ]
