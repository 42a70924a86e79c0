"""帮扶车间台账: eight workshops and community factories, one of them withdrawn in the summer of 2021."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Correction, Item, Side, correction, reported
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import TOWNS, stem

LEDGER = "workshops"

_FACTORY, _WORKSHOP = "社区工厂", "帮扶车间"

# town (its place in the list), kind, letter, day of recognition, jobs and the formerly poor among them
_WORKSHOPS = [
    (0, _FACTORY, "甲", date(2018, 12, 20), 46, 28),
    (3, _WORKSHOP, "甲", date(2019, 10, 22), 32, 19),
    (1, _WORKSHOP, "甲", date(2019, 11, 14), 24, 15),
    (5, _WORKSHOP, "甲", date(2019, 12, 4), 18, 11),
    (0, _FACTORY, "乙", date(2021, 1, 20), 58, 30),
    (4, _WORKSHOP, "甲", date(2021, 5, 26), 21, 9),
    (2, _WORKSHOP, "甲", date(2021, 8, 24), 27, 13),
    (6, _WORKSHOP, "甲", date(2021, 12, 14), 35, 17),
]
_WITHDRAWN = (_WORKSHOPS[3], date(2021, 7, 30))


def name_of(town: int, kind: str, letter: str) -> str:
    return f"{stem(TOWNS[town].west)}示例{kind}{letter}"


def _item(town: int, kind: str, letter: str, on: date, jobs: int, lifted: int) -> Item:
    values = row(
        LEDGER,
        name=name_of(town, kind, letter),
        kind=kind,
        place=f"永寿县{TOWNS[town].west}",
        recognised_on=on,
        jobs=jobs,
        lifted_jobs=lifted,
        pairing=TOWNS[town].name,
        evidence=f"示例-车间-{on:%Y%m%d}-车间认定文件.txt",
    )
    return Item(on, Side.WEST, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021."""
    return reported(LEDGER, [_item(*workshop) for workshop in _WORKSHOPS], [*YEARS, *QUARTERS_2021])


def corrections() -> list[Correction]:
    (town, kind, letter, *_), on = _WITHDRAWN
    find: dict[str, object] = {"name": name_of(town, kind, letter)}
    change: dict[str, object] = {"withdrawn_on": on}
    return [correction(workday(date(2021, 8, 11)), LEDGER, Side.WEST, find, change, "订单不足，车间退出")]
