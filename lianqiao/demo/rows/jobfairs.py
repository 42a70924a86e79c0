"""招聘会台账: nine job fairs."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Item, Side, reported
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY

LEDGER = "jobfairs"

_PLACES = {Side.EAST: "靖江市", Side.WEST: "永寿县"}
_ON_SITE, _ONLINE = "现场", "线上"

# day, the side that holds it, what it is called, how; firms, vacancies, people who would take one
_FAIRS = [
    (date(2018, 3, 14), Side.WEST, "春风行动招聘会", _ON_SITE, 14, 420, 66),
    (date(2019, 2, 27), Side.WEST, "春风行动招聘会", _ON_SITE, 18, 560, 82),
    (date(2019, 9, 18), Side.EAST, "秋季用工招聘会", _ON_SITE, 11, 310, 41),
    (date(2020, 3, 18), Side.EAST, "网上春季招聘会", _ONLINE, 26, 840, 95),
    (date(2020, 7, 15), Side.WEST, "稳岗就业招聘会", _ON_SITE, 16, 450, 58),
    (date(2021, 2, 24), Side.WEST, "春风行动招聘会", _ON_SITE, 22, 680, 104),
    (date(2021, 3, 10), Side.EAST, "网上春季招聘会", _ONLINE, 30, 910, 88),
    (date(2021, 7, 21), Side.WEST, "毕业生专场招聘会", _ON_SITE, 13, 260, 37),
    (date(2021, 11, 25), Side.WEST, "苏陕协作专场招聘会", _ON_SITE, 19, 530, 71),
]


def _item(on: date, side: Side, subject: str, mode: str, employers: int, vacancies: int, intents: int) -> Item:
    values = row(
        LEDGER,
        held_on=on,
        title=f"示例：{on.year}年{subject}",
        place=_PLACES[side] if mode == _ON_SITE else None,
        mode=mode,
        employers=employers,
        vacancies=vacancies,
        intents=intents,
        pairing=COUNTY,
        evidence=f"示例-招聘会-{on:%Y%m%d}-招聘通知.txt",
    )
    return Item(on, side, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021; each side records the fairs that it holds."""
    return reported(LEDGER, [_item(*fair) for fair in _FAIRS], [*YEARS, *QUARTERS_2021])
