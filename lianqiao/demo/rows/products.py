"""帮扶产品台账: twelve recognised products of the western side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Item, Side, reported
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import TOWNS

LEDGER = "products"


@dataclass(frozen=True)
class Product:
    """What is sold, of which sort, by whom; `town` is the place of the producer's town in the list of towns."""

    name: str
    sort: str
    producer: str
    town: int
    recognised: date
    households: int

    @property
    def label(self) -> str:
        return f"{self.name}（示例）"


_SEEDS = [
    ("苹果", "水果", "店头", 1, date(2019, 4, 18), 160),
    ("核桃", "干果", "甘井", 3, date(2019, 4, 18), 95),
    ("花椒", "调味品", "渠子", 5, date(2019, 9, 12), 70),
    ("土蜂蜜", "蜂产品", "马坊", 4, date(2019, 9, 12), 38),
    ("小米", "粮食", "永平", 6, date(2020, 5, 14), 84),
    ("核桃油", "食用油", "甘井", 3, date(2020, 5, 14), 66),
    ("香菇", "食用菌", "马坊", 4, date(2020, 5, 14), 45),
    ("苹果脆片", "休闲食品", "店头", 1, date(2020, 11, 5), 52),
    ("羊奶粉", "乳制品", "常宁", 2, date(2021, 3, 25), 60),
    ("牛肉", "肉制品", "常宁", 2, date(2021, 3, 25), 48),
    ("中药材", "中药材", "永平", 6, date(2021, 8, 19), 57),
    ("手工挂面", "粮食", "监军", 0, date(2021, 11, 18), 33),
]
PRODUCTS = [
    Product(name, sort, f"{place}示例合作社", town, on, households)
    for name, sort, place, town, on, households in _SEEDS
]


def _item(order: int, product: Product) -> Item:
    on = product.recognised
    values = row(
        LEDGER,
        name=product.label,
        producer=product.producer,
        certificate=f"示例认〔{on.year}〕{order:02d}号",
        recognised_on=on,
        households=product.households,
        pairing=TOWNS[product.town].name,
        evidence=f"示例-产品-{on:%Y%m%d}-产品认定文件.txt",
    )
    return Item(on, Side.WEST, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021."""
    items = [_item(order, product) for order, product in enumerate(PRODUCTS, start=1)]
    return reported(LEDGER, items, [*YEARS, *QUARTERS_2021])
