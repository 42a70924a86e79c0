"""镇村结对帮扶台账: 75 projects to the day of the article, 3,071 households and 6,128 person-times, and four more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from lianqiao.demo.rows.batch import MONTHS_2021, YEARS, Batch, Item, Side, period_of, reported
from lianqiao.demo.rows.chance import dice, split, workdays
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import Node, open_at

LEDGER = "twin_support"

_PERIODS = [*YEARS, *MONTHS_2021]

HOUSEHOLDS, PERSON_TIMES = 3_071, 6_128

# first and last day, and how many; 2020 is slow, and its last season lies after the twelfth of October
_SEASONS = [
    (date(2017, 6, 5), date(2017, 12, 15), 9),
    (date(2018, 3, 12), date(2018, 12, 14), 13),
    (date(2019, 2, 25), date(2019, 12, 13), 20),
    (date(2020, 5, 11), date(2020, 9, 30), 14),
    (date(2020, 11, 9), date(2020, 12, 11), 2),
    (date(2021, 1, 18), date(2021, 9, 28), 16),
    (date(2021, 10, 8), date(2021, 10, 12), 1),
]
_LATER = (date(2021, 10, 21), date(2021, 11, 9), date(2021, 11, 23), date(2021, 12, 10))

# What is dealt in turn; a level with no pairing in force yet gives way to the towns.
_TURNS = ("镇镇", "村村", "镇镇", "企村", "村村", "校校", "镇镇", "村村", "院院", "村村", "社会组织")

_THEMES = {
    "镇镇": ("农户慰问", "便民服务点建设", "村级道路修缮", "劳务输出动员"),
    "村村": ("文化广场修缮", "特色种植示范", "农产品代销", "困难户走访"),
    "企村": ("订单收购", "就业岗位对接", "合作社设备捐建"),
    "校校": ("助学结对", "图书角建设"),
    "院院": ("义诊", "村医培训"),
    "社会组织": ("农技讲座", "爱心物资发放"),
}


def _days(rng: Random) -> list[date]:
    return [day for first, last, count in _SEASONS for day in workdays(count, first, last, rng)]


def _node(order: int, day: date, dealt: dict[str, int]) -> Node:
    """The next pairing of the level whose turn it is."""
    level = _TURNS[order % len(_TURNS)]
    nodes = open_at(level, day) or open_at("镇镇", day)
    turn = dealt[nodes[0].level] = dealt.get(nodes[0].level, -1) + 1
    return nodes[turn % len(nodes)]


def _item(day: date, node: Node, households: int, person_times: int, rng: Random) -> Item:
    values = row(
        LEDGER,
        occurred_on=day,
        name=f"示例：{node.west}{rng.choice(_THEMES[node.level])}",
        level=node.level,
        east_unit=node.east,
        west_unit=node.west,
        households=households,
        person_times=person_times,
        amount=rng.randint(5, 120) * 1000 if rng.random() < 0.8 else None,
        pairing=node.name,
        evidence=f"示例-结对帮扶-{period_of(day, _PERIODS).name}-名册.txt" if rng.random() < 0.6 else None,
    )
    return Item(day, Side.WEST, values)


def _items(rng: Random) -> Iterator[Item]:
    days = _days(rng)
    households = split(HOUSEHOLDS, len(days), 8, 110, rng)
    more = split(PERSON_TIMES - HOUSEHOLDS, len(days), 4, 120, rng)
    shares = [(number, number + extra) for number, extra in zip(households, more, strict=True)]
    dealt: dict[str, int] = {}
    later = zip(_LATER, [(36, 70), (24, 51), (48, 97), (30, 58)], strict=True)
    for order, (day, share) in enumerate([*zip(days, shares, strict=True), *later]):
        yield _item(day, _node(order, day, dealt), *share, rng)


def batches() -> list[Batch]:
    """Recorded where the households live: by years up to 2020 and by months in 2021."""
    return reported(LEDGER, _items(dice(LEDGER)), _PERIODS)
