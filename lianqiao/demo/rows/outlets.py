"""专柜专区专馆台账: ten places in Jingjiang that sell the western side's products; one was closed in 2021."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Correction, Item, Side, correction, reported
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY, TOWNS

LEDGER = "outlets"

COUNTER, ZONE, HALL = "专柜", "专区", "专馆"

# name, kind, place, day; the last two are what the article's conference asked for
OUTLETS = [
    ("靖江示例商场农产品专柜", COUNTER, "靖江市靖城街道", date(2018, 9, 20), COUNTY),
    ("靖江示例超市农产品专区", ZONE, "靖江市靖城街道", date(2019, 5, 28), COUNTY),
    ("斜桥示例便利店农产品专柜", COUNTER, "靖江市斜桥镇", date(2019, 11, 6), TOWNS[2].name),
    ("靖江示例机关食堂农产品专柜", COUNTER, "靖江市靖城街道", date(2020, 4, 22), COUNTY),
    ("永寿农产品示例专馆", HALL, "靖江市靖城街道", date(2020, 9, 22), COUNTY),
    ("新桥示例超市农产品专区", ZONE, "靖江市新桥镇", date(2020, 12, 9), TOWNS[1].name),
    ("靖江示例菜场农产品专区", ZONE, "靖江市季市镇", date(2021, 4, 14), TOWNS[3].name),
    ("靖江示例线上专馆", HALL, "靖江市", date(2021, 6, 30), COUNTY),
    ("靖江示例车站农产品专柜", COUNTER, "靖江市靖城街道", date(2021, 11, 12), COUNTY),
    ("靖江示例医院农产品专柜", COUNTER, "靖江市靖城街道", date(2021, 11, 12), COUNTY),
]
_CLOSED = (OUTLETS[2][0], date(2021, 8, 31))


def _item(name: str, kind: str, place: str, on: date, pairing: str) -> Item:
    values = row(
        LEDGER,
        name=name,
        kind=kind,
        place=place,
        opened_on=on,
        pairing=pairing,
        evidence=f"示例-专柜-{name}-设点协议.txt",
    )
    return Item(on, Side.EAST, values)


def batches() -> list[Batch]:
    """Recorded where they are: by years up to 2020 and by quarters in 2021."""
    return reported(LEDGER, [_item(*outlet) for outlet in OUTLETS], [*YEARS, *QUARTERS_2021])


def corrections() -> list[Correction]:
    name, on = _CLOSED
    change: dict[str, object] = {"closed_on": on}
    return [correction(workday(date(2021, 9, 10)), LEDGER, Side.EAST, {"name": name}, change, "专柜关闭")]
