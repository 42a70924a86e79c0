"""消费帮扶台账: 92 sales; two of the summer of 2021 were taken back after the article's conference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from lianqiao.demo.rows.batch import (
    QUARTERS_2021,
    YEARS,
    Batch,
    Correction,
    Item,
    Side,
    correction,
    period_of,
    reported,
)
from lianqiao.demo.rows.chance import dice, split, workdays
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.products import PRODUCTS, Product
from lianqiao.demo.rows.tree import COUNTY, TOWNS

LEDGER = "sales"

_PERIODS = [*YEARS, *QUARTERS_2021]

BOUGHT, ASSISTED = "采购", "帮助销售"


@dataclass(frozen=True)
class Way:
    """How something is sold: the channel, the side that reports it, who buys and whether it is a purchase."""

    channel: str
    side: Side
    buyer: str
    buyer_type: str
    mode: str


_WAYS = (
    Way("单位采购", Side.EAST, "靖江示例机关食堂", "预算单位", BOUGHT),
    Way("832平台", Side.WEST, "靖江示例事业单位", "预算单位", BOUGHT),
    Way("商超", Side.EAST, "靖江示例超市公司", "企业", ASSISTED),
    Way("单位采购", Side.EAST, "靖江示例制造公司", "企业", BOUGHT),
    Way("直播电商", Side.WEST, "示例直播平台", "平台", ASSISTED),
    Way("专区", Side.EAST, "靖江示例超市农产品专区顾客", "个人", ASSISTED),
    Way("展销会", Side.WEST, "示例展销会顾客", "个人", ASSISTED),
    Way("专馆", Side.EAST, "永寿农产品示例专馆顾客", "个人", ASSISTED),
    Way("专柜", Side.EAST, "靖江示例商场农产品专柜顾客", "个人", ASSISTED),
)


@dataclass(frozen=True)
class Season:
    """A stretch of days with its sales: how many, and 元 in all, no sale below `least`."""

    first: date
    last: date
    count: int
    total: int
    least: int


SEASONS = [
    Season(date(2018, 9, 25), date(2018, 12, 21), 6, 1_860_000, 60_000),
    Season(date(2019, 3, 11), date(2019, 12, 20), 14, 6_240_000, 80_000),
    Season(date(2020, 3, 16), date(2020, 10, 12), 20, 12_864_000, 120_000),
    Season(date(2020, 10, 19), date(2020, 12, 18), 8, 5_130_000, 120_000),
    Season(date(2021, 1, 11), date(2021, 9, 29), 33, 37_962_000, 150_000),
    Season(date(2021, 10, 8), date(2021, 10, 12), 1, 1_100_000, 150_000),
    Season(date(2021, 10, 20), date(2021, 12, 24), 8, 6_450_000, 150_000),
]
_RETURNED = ((date(2021, 7, 28), 79_000, "R1"), (date(2021, 8, 18), 45_000, "R2"))
"""Day, 元 and how the invoice ends."""


def _kilograms(amount: int, rng: Random) -> str:
    return f"{amount // rng.randint(8, 30)}公斤"


def _item(on: date, way: Way, product: Product, amount: int, invoice: str, rng: Random) -> Item:
    town = TOWNS[product.town]
    values = row(
        LEDGER,
        sold_on=on,
        product=product.label,
        category=product.sort,
        seller=product.producer,
        buyer=way.buyer,
        buyer_type=way.buyer_type,
        channel=way.channel,
        mode=way.mode,
        quantity=_kilograms(amount, rng),
        amount=amount,
        invoice=invoice,
        pairing=town.name if int(invoice[-1]) % 4 == 0 and town.open_on(on) else COUNTY,
        evidence=f"示例-消费-{period_of(on, _PERIODS).name}-{way.side.label}-发票.txt",
    )
    return Item(on, way.side, values)


def _items() -> Iterator[Item]:
    rng = dice(LEDGER)
    order = 0
    for season in SEASONS:
        shares = split(season.total // 100, season.count, season.least // 100, season.total // 100, rng)
        for on, share in zip(workdays(season.count, season.first, season.last, rng), shares, strict=True):
            order += 1
            way, product = _WAYS[order % len(_WAYS)], rng.choice(PRODUCTS)
            yield _item(on, way, product, share * 100, f"示例发票{order:04d}", rng)
    for on, amount, invoice in _RETURNED:
        yield _item(on, _WAYS[3], PRODUCTS[0], amount, f"示例发票{invoice}", rng)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021; what passes through the east's outlets and units is recorded there."""
    return reported(LEDGER, _items(), _PERIODS)


def corrections() -> list[Correction]:
    """The two sales that came back are voided."""
    return [
        correction(
            date(2021, 10, 21), LEDGER, Side.EAST, {"invoice": f"示例发票{invoice}"}, None, "退货，该笔不计入销售"
        )
        for _, _, invoice in _RETURNED
    ]
