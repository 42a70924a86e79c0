"""社会捐赠台账: 15,500,000 元 received to the day of the article, in money and in goods, and the pledge of that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from lianqiao.demo.rows.batch import (
    CONFERENCE,
    MONTHS_2021,
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
from lianqiao.demo.rows.chance import dice, split, workdays
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY, NODES, open_at

LEDGER = "donations"

_PERIODS = [*YEARS, *MONTHS_2021]

PLEDGED = 2_000_000
"""元, pledged at the conference; received in December."""

_FIRM, _BODY, _STATE, _PERSON = "企业", "社会组织", "政府", "个人"


@dataclass(frozen=True)
class Season:
    """A stretch of days with the donations received in it: rows and 元 in money, rows and 元 in goods."""

    first: date
    last: date
    cash: tuple[int, int]
    goods: tuple[int, int]


SEASONS = [
    Season(date(2017, 5, 15), date(2017, 12, 20), (7, 2_000_000), (3, 700_000)),
    Season(date(2018, 3, 12), date(2018, 12, 20), (9, 2_600_000), (5, 952_000)),
    Season(date(2019, 3, 4), date(2019, 12, 20), (12, 3_100_000), (6, 1_103_000)),
    Season(date(2020, 2, 10), date(2020, 9, 30), (5, 1_300_000), (4, 840_000)),
    Season(date(2020, 10, 20), date(2020, 12, 21), (3, 800_000), (1, 240_000)),
    Season(date(2021, 2, 22), date(2021, 9, 24), (7, 1_250_000), (4, 465_000)),
]


@dataclass(frozen=True)
class Donation:
    """What came in, in 分; `received` None is a pledge not yet kept."""

    received: date | None
    pledged: date | None
    kind: str
    amount: int
    donor: str
    donor_type: str
    pairing: str

    @property
    def first(self) -> date:
        """The day that decides in which workbook it is reported: the latest that has come."""
        return self.received or self.pledged or TODAY


def _donor(on: date, order: int, rng: Random) -> tuple[str, str, str]:
    """Donor, its type and the pairing it gives through: firms and bodies through their own once they are paired."""
    donor_type = (_FIRM, _BODY, _FIRM, _PERSON, _FIRM, _BODY)[order % 6]
    nodes = open_at({_FIRM: "企村", _BODY: "社会组织"}.get(donor_type, ""), on)
    if nodes:
        node = rng.choice(nodes)
        return node.east, donor_type, node.name
    names = {_FIRM: "示例公司", _BODY: "示例商会", _PERSON: "示例爱心人士"}
    towns = open_at("镇镇", on)
    pairing = rng.choice(towns).name if towns and order % 4 == 1 else COUNTY
    return f"{names[donor_type]}{'ABCDEFGHJK'[rng.randrange(10)]}", donor_type, pairing


def _season(season: Season, rng: Random) -> Iterator[Donation]:
    """Money in whole thousands, goods at whatever they were valued."""
    (cash_rows, cash), (goods_rows, goods) = season.cash, season.goods
    amounts = [("资金", share * 100_000) for share in split(cash // 1000, cash_rows, 10, cash // 1000, rng)]
    amounts += [("物资", share) for share in split(goods * 100, goods_rows, 1_000_000, goods * 100, rng)]
    days = workdays(len(amounts), season.first, season.last, rng)
    for order, (on, (kind, amount)) in enumerate(zip(days, rng.sample(amounts, len(amounts)), strict=True)):
        donor, donor_type, pairing = _donor(on, order, rng)
        earlier = max(on - timedelta(days=rng.randint(3, 40)), NODES[pairing].since)
        pledged = earlier if rng.random() < 0.5 else None
        yield Donation(on, pledged, kind, amount, donor, donor_type, pairing)


_OF_THE_DAY = Donation(None, CONFERENCE, "资金", PLEDGED * 100, "靖江市（示例）", _STATE, COUNTY)
_OTHERS = [
    Donation(date(2021, 10, 8), None, "资金", 15_000_000, "示例公司L", _FIRM, COUNTY),
    _OF_THE_DAY,
    Donation(date(2021, 10, 28), date(2021, 10, 20), "资金", 10_000_000, "示例公司M", _FIRM, COUNTY),
    Donation(date(2021, 11, 11), None, "物资", 8_200_050, "靖江示例慈善会", _BODY, COUNTY),
    Donation(date(2021, 11, 24), date(2021, 11, 18), "资金", 12_000_000, "靖江示例商会", _BODY, COUNTY),
    Donation(date(2021, 12, 9), None, "物资", 8_000_000, "示例爱心人士B", _PERSON, COUNTY),
    Donation(None, date(2021, 12, 15), "资金", 50_000_000, "示例公司N", _FIRM, COUNTY),
]


def donations() -> list[Donation]:
    rng = dice(LEDGER)
    found = [donation for season in SEASONS for donation in _season(season, rng)]
    return sorted([*found, *_OTHERS], key=lambda donation: donation.first)


_GOODS = ("图书与文具", "医疗器械", "冬衣与棉被", "农机具", "电脑")
_GOODS_2020 = ("口罩与防护服", "消毒用品")
_PURPOSES = ("助学", "助困", "产业帮扶", "卫生健康", "人居环境")


def _item(order: int, donation: Donation, rng: Random) -> Item:
    on = donation.first
    goods = rng.choice(_GOODS_2020 if on.year == 2020 else _GOODS)
    western = donation.pairing.partition("—")[2]
    paper = "交接单" if donation.kind == "物资" else "票据"
    received = f"；示例-捐赠-{order:03d}-{paper}.txt" if donation.received else ""
    values = row(
        LEDGER,
        pledged_on=donation.pledged,
        received_on=donation.received,
        donor=donation.donor,
        donor_type=donation.donor_type,
        kind=donation.kind,
        amount=Decimal(donation.amount) / 100,
        goods=goods if donation.kind == "物资" else None,
        recipient=f"{western}（示例）" if donation.pairing == COUNTY else western,
        purpose="乡村振兴助力金" if donation is _OF_THE_DAY else rng.choice(_PURPOSES),
        receipt=f"示例票据{order:04d}" if donation.received else None,
        pairing=donation.pairing,
        evidence=f"示例-捐赠-{period_of(on, _PERIODS).name}-捐赠协议.txt{received}",
    )
    return Item(on, Side.WEST, values)


def batches() -> list[Batch]:
    """Recorded where they arrive: by years up to 2020 and by months in 2021."""
    rng = dice(f"{LEDGER}:rows")
    items = [_item(order, donation, rng) for order, donation in enumerate(donations(), start=1)]
    return reported(LEDGER, items, _PERIODS)


def corrections() -> list[Correction]:
    """The pledge of the conference is kept in December."""
    received = date(2021, 12, 20)
    find: dict[str, object] = {"pledged_on": CONFERENCE, "donor": _OF_THE_DAY.donor}
    change: dict[str, object] = {"received_on": received, "receipt": "示例票据1220"}
    return [correction(workday(received), LEDGER, Side.WEST, find, change, "认捐资金到账")]
