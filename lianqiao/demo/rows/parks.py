"""共建园区台账: the two parks that the sides built together."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Item, Side, reported
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY

LEDGER = "parks"

INDUSTRIAL, FARMING = "靖永示例产业园", "靖永示例农业园"

# name, kind, the western zone, day, 亩 and town
_PARKS = [
    (INDUSTRIAL, "产业园", "永寿县示例产业园", date(2018, 9, 12), "1200", "监军街道"),
    (FARMING, "农业园", "永寿县示例农业园", date(2020, 6, 18), "860", "店头镇"),
]


def _item(name: str, kind: str, west_zone: str, on: date, area: str, town: str) -> Item:
    values = row(
        LEDGER,
        name=name,
        kind=kind,
        east_zone="靖江经济技术开发区（示例）",
        west_zone=west_zone,
        started_on=on,
        area=area,
        place=f"永寿县{town}",
        pairing=COUNTY,
        evidence=f"示例-园区-{name}-共建协议.txt",
    )
    return Item(on, Side.WEST, values)


def batches() -> list[Batch]:
    """Recorded where the parks are, by years up to 2020 and by quarters in 2021."""
    return reported(LEDGER, [_item(*park) for park in _PARKS], [*YEARS, *QUARTERS_2021])
