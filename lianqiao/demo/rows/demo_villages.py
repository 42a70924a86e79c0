"""乡村振兴示范村台账: one village a town. One was a pilot of 2020; the others were begun after the article's conference."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Correction, Item, Side, correction, reported
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import TOWNS, stem

LEDGER = "demo_villages"

# town (its place in the list), the village's letter, day on which it was begun, 万元 put in
_PILOT = (2, "甲", date(2020, 10, 20), 60)
_VILLAGES = [
    _PILOT,
    (0, "乙", date(2021, 11, 3), 45),
    (1, "甲", date(2021, 11, 10), 40),
    (3, "乙", date(2021, 11, 17), 36),
    (4, "甲", date(2021, 11, 24), 52),
    (5, "丙", date(2021, 12, 7), 30),
    (6, "甲", date(2021, 12, 14), 30),
]
_RECOGNISED = date(2021, 12, 8)


def _village(town: int, letter: str) -> tuple[str, str]:
    """The village's name and that of its pairing."""
    east, west = (f"{stem(place)}示例村{letter}" for place in (TOWNS[town].east, TOWNS[town].west))
    return west, f"{east}—{west}"


def _item(town: int, letter: str, on: date, amount: int) -> Item:
    village, pairing = _village(town, letter)
    done = "已完成" if on == _PILOT[2] else "进行中"
    values = row(
        LEDGER,
        village=village,
        town=TOWNS[town].west,
        started_on=on,
        amount=amount * 10_000,
        checklist=f"一个规划（{done}）；一项主导产业（{done}）；一支帮扶队伍（已完成）",
        pairing=pairing,
        evidence=f"示例-示范村-{village}-创建方案.txt",
    )
    return Item(on, Side.WEST, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021."""
    return reported(LEDGER, [_item(*village) for village in _VILLAGES], [*YEARS, *QUARTERS_2021])


def corrections() -> list[Correction]:
    """The pilot is recognised."""
    village, _ = _village(*_PILOT[:2])
    change: dict[str, object] = {"recognised_on": _RECOGNISED}
    return [correction(date(2021, 12, 17), LEDGER, Side.WEST, {"village": village}, change, "示范村命名")]
