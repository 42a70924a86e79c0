"""财政协作资金到账台账: 98,500,000 元 to the day of the article, and what came after it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lianqiao.demo.rows.batch import (
    QUARTERS_2021,
    YEARS,
    Batch,
    Correction,
    Item,
    Side,
    correction,
    reported,
)
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY, TOWNS

LEDGER = "receipts"

_PROVINCE, _CITY, _OWN, _TOWN = "省级财政", "市级财政", "县级财政", "镇村"
_PAYERS = {_PROVINCE: "江苏省财政部门（示例）", _CITY: "泰州市财政部门（示例）", _OWN: "靖江市财政部门（示例）"}

_LABELLED_WRONG = (date(2020, 7, 9), _CITY, "40")

# day, source, 万元; for 镇村 also the town's place in the list of towns
_RECEIPTS: list[tuple[date, str, str] | tuple[date, str, str, int]] = [
    (date(2017, 6, 28), _PROVINCE, "800"),
    (date(2017, 7, 20), _CITY, "150"),
    (date(2017, 9, 12), _OWN, "300"),
    (date(2017, 11, 30), _OWN, "120"),
    (date(2017, 12, 15), _TOWN, "30", 1),
    (date(2018, 5, 30), _PROVINCE, "1100"),
    (date(2018, 7, 5), _CITY, "200"),
    (date(2018, 8, 22), _OWN, "400"),
    (date(2018, 10, 10), _TOWN, "20", 1),
    (date(2018, 11, 16), _OWN, "160"),
    (date(2018, 12, 5), _TOWN, "20", 2),
    (date(2019, 4, 25), _PROVINCE, "1300"),
    (date(2019, 6, 18), _CITY, "220"),
    (date(2019, 7, 30), _OWN, "420.35"),
    (date(2019, 9, 18), _TOWN, "25", 4),
    (date(2019, 9, 26), _TOWN, "20", 3),
    (date(2019, 10, 22), _OWN, "199.65"),
    (date(2019, 11, 14), _TOWN, "15", 0),
    (date(2020, 5, 19), _PROVINCE, "1350"),
    (date(2020, 6, 30), _CITY, "180"),
    _LABELLED_WRONG,
    (date(2020, 8, 11), _OWN, "430"),
    (date(2020, 9, 15), _TOWN, "30", 1),
    (date(2020, 9, 24), _TOWN, "20", 5),
    (date(2020, 12, 8), _OWN, "100"),
    (date(2021, 4, 28), _PROVINCE, "1400"),
    (date(2021, 6, 22), _CITY, "230"),
    (date(2021, 7, 15), _TOWN, "30", 1),
    (date(2021, 7, 20), _TOWN, "20", 6),
    (date(2021, 8, 17), _OWN, "480"),
    (date(2021, 9, 8), _TOWN, "40", 0),
    (date(2021, 11, 23), _OWN, "120"),
    (date(2021, 12, 14), _TOWN, "25", 5),
    (date(2021, 12, 21), _PROVINCE, "300"),
]


def _document(on: date, source: str) -> str:
    return f"示例财拨〔{on.year}〕{on:%m%d}号" if source != _TOWN else f"示例镇拨〔{on.year}〕{on:%m%d}号"


def _item(on: date, source: str, amount: str, town: int | None = None) -> Item:
    values = row(
        LEDGER,
        received_on=on,
        source=source,
        payer=_PAYERS[source] if town is None else f"{TOWNS[town].east}（示例）",
        amount=Decimal(amount) * 10_000,
        document=_document(on, source),
        year=on.year,
        pairing=COUNTY if town is None else TOWNS[town].name,
        evidence=f"示例-资金-{on:%Y%m%d}-到账凭证.txt",
    )
    return Item(on, Side.WEST, values)


def batches() -> list[Batch]:
    """Recorded where the money arrives: by years up to 2020 and by quarters in 2021."""
    return reported(LEDGER, [_item(*values) for values in _RECEIPTS], [*YEARS, *QUARTERS_2021])


def corrections() -> list[Correction]:
    """One receipt was booked under the wrong level of government."""
    on, source, _ = _LABELLED_WRONG
    find: dict[str, object] = {"received_on": on, "document": _document(on, source)}
    change: dict[str, object] = {"source": _OWN}
    return [correction(date(2021, 11, 15), LEDGER, Side.WEST, find, change, "依拨款文件，来源由市级更正为县级")]
