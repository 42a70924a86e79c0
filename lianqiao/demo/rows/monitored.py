"""监测对象台账: forty households watched over; of a third of them the risk was cleared by the end."""

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
from lianqiao.demo.rows.chance import dice, workdays
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.identity import id_number
from lianqiao.demo.rows.tree import TOWNS, stem

LEDGER = "monitored"

_PERIODS = [*YEARS, *QUARTERS_2021]

_SEASONS = ((date(2020, 4, 13), date(2020, 12, 11), 16), (date(2021, 1, 18), date(2021, 12, 17), 24))

_CATEGORIES = ("脱贫不稳定户", "边缘易致贫户", "脱贫不稳定户", "突发严重困难户")
_RISKS = {
    "脱贫不稳定户": ("务工不稳", "产业受灾"),
    "边缘易致贫户": ("因学支出大", "缺劳力"),
    "突发严重困难户": ("意外事故", "自然灾害"),
}
_MEASURES = ("安排公益性岗位", "产业奖补与技术帮扶", "落实救助政策", "帮助外出务工")


@dataclass(frozen=True)
class Household:
    """A household that does not exist; `town` is the place of its town in the list of towns."""

    code: str
    order: int
    town: int
    identified: date
    cleared: date | None

    @property
    def pairing(self) -> str:
        return TOWNS[self.town].name

    @property
    def recorded(self) -> date:
        return period_of(self.identified, _PERIODS).recorded

    def is_cleared(self, day: date) -> date | None:
        """The day on which its risk was cleared, where that was past on a day."""
        return self.cleared if self.cleared and self.cleared <= day else None


def _cleared(order: int, identified: date, rng: Random) -> date | None:
    """The risk of every second household is cleared, half a year to ten months later, if that is past."""
    day = workday(identified + timedelta(days=rng.randint(170, 300)))
    return day if order % 2 and day <= TODAY else None


def households() -> list[Household]:
    rng = dice(LEDGER)
    days = [day for first, last, count in _SEASONS for day in workdays(count, first, last, rng)]
    return [
        Household(f"示例户{order:03d}", order, order % len(TOWNS), day, _cleared(order, day, rng))
        for order, day in enumerate(days, start=1)
    ]


def _item(household: Household, rng: Random) -> Item:
    category = _CATEGORIES[household.order % len(_CATEGORIES)]
    town, born = TOWNS[household.town].west, date(1952, 1, 1) + timedelta(days=rng.randrange(40 * 365))
    values = row(
        LEDGER,
        code=household.code,
        head=f"示例户主{household.order:03d}",
        id_number=id_number(born, rng.randrange(1000)) if household.order % 8 else None,
        village=f"{stem(town)}示例村{'甲乙丙'[household.order % 3]}",
        category=category,
        people=rng.randint(1, 6),
        identified_on=household.identified,
        risk=rng.choice(_RISKS[category]),
        measures=rng.choice(_MEASURES),
        cleared_on=household.is_cleared(household.recorded),
        pairing=household.pairing,
        evidence=f"示例-监测-{period_of(household.identified, _PERIODS).name}-公示.txt",
    )
    return Item(household.identified, Side.WEST, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021."""
    rng = dice(f"{LEDGER}:rows")
    return reported(LEDGER, [_item(household, rng) for household in households()], _PERIODS)


def _clearings() -> Iterator[Correction]:
    for household in households():
        cleared = household.is_cleared(TODAY - timedelta(days=14))
        if cleared and cleared > household.recorded:
            known = workday(cleared + timedelta(days=8))
            find: dict[str, object] = {"code": household.code}
            yield correction(known, LEDGER, Side.WEST, find, {"cleared_on": cleared}, "经评议，风险消除")


def corrections() -> list[Correction]:
    """The risks that were cleared after the household was recorded."""
    return list(_clearings())
