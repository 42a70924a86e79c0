"""走访慰问台账: visits to the households of 监测对象台账, three of them by the delegation of the article's conference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from lianqiao.demo.rows.batch import CONFERENCE, QUARTERS_2021, YEARS, Batch, Item, Side, period_of, reported
from lianqiao.demo.rows.chance import dice
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.monitored import Household, households

LEDGER = "home_visits"

_PERIODS = [*YEARS, *QUARTERS_2021]

# day, the side that visits, how many households, what is brought and its value in 元
_ROUNDS = [
    (date(2020, 9, 29), Side.WEST, 5, "中秋慰问品", 200),
    (date(2020, 12, 24), Side.WEST, 7, "棉被与取暖煤", 450),
    (date(2021, 2, 4), Side.EAST, 6, "春节慰问金", 500),
    (date(2021, 2, 5), Side.WEST, 9, "春节慰问品", 300),
    (date(2021, 5, 28), Side.WEST, 6, "学习用品", 150),
    (date(2021, 7, 1), Side.EAST, 4, "慰问金", 500),
    (date(2021, 9, 17), Side.WEST, 8, "中秋慰问品", 200),
    (date(2021, 11, 19), Side.EAST, 5, "冬衣", 380),
    (date(2021, 12, 23), Side.WEST, 8, "棉被与取暖煤", 450),
]
_OF_THE_DAY = 3


def _recorded_by(day: date) -> list[Household]:
    """The households that were on the list by a day."""
    return [household for household in households() if household.recorded <= day]


def _item(on: date, side: Side, household: Household, visitor: str, form: str, value: int) -> Item:
    values = row(
        LEDGER,
        visited_on=on,
        household=household.code,
        visitor=visitor,
        form=form,
        value=value,
        pairing=household.pairing,
        evidence=f"示例-走访-{period_of(on, _PERIODS).name}-{side.label}-签收单.txt",
    )
    return Item(on, side, values)


def _rounds(rng: Random) -> Iterator[Item]:
    for on, side, count, form, value in _ROUNDS:
        listed = [household for household in households() if household.identified <= on]
        for household in rng.sample(listed, count):
            yield _item(on, side, household, f"示例走访人{rng.choice('ABCDE')}", form, value)


def _of_the_day() -> Iterator[Item]:
    """Three households of 监军街道."""
    listed = [household for household in _recorded_by(CONFERENCE) if household.town == 0]
    for household in listed[:_OF_THE_DAY]:
        yield _item(CONFERENCE, Side.EAST, household, "示例领队A", "慰问金", 1000)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021; each side records the visits of its own people."""
    return reported(LEDGER, [*_rounds(dice(LEDGER)), *_of_the_day()], _PERIODS)
