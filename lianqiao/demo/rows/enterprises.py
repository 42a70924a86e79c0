"""引进企业台账: nine firms that came, two of them with their money kept row by row (investments.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lianqiao.demo.rows import investments
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
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.identity import credit_code
from lianqiao.demo.rows.parks import FARMING, INDUSTRIAL
from lianqiao.demo.rows.tree import COUNTY, TOWNS

LEDGER = "enterprises"

_PERIODS = [*YEARS, *QUARTERS_2021]


@dataclass(frozen=True)
class Firm:
    """A firm: agreed and paid in are 万元; `jobs` are all the people it employs and the formerly poor among them."""

    code: str
    name: str
    sector: str
    park: str | None
    agreed: int
    paid_in: int
    landed: date
    producing: date | None
    jobs: tuple[int, int]
    pairing: str = COUNTY

    @property
    def recorded(self) -> date:
        return period_of(self.landed, _PERIODS).recorded

    def is_producing(self, day: date) -> date | None:
        """The day on which it began to produce, where that was past on a day."""
        return self.producing if self.producing and self.producing <= day else None


def _firm(
    order: int,
    name: str,
    sector: str,
    park: str | None,
    money: tuple[int, int],
    days: tuple[date, date | None],
    jobs: tuple[int, int],
    pairing: str = COUNTY,
) -> Firm:
    """The firm of that place in the list; money agreed and paid in, days of landing and of production."""
    return Firm(credit_code(order, "99"), f"示例{name}公司丁", sector, park, *money, *days, jobs, pairing)


FIRMS = [
    _firm(101, "农业科技", "农产品加工", INDUSTRIAL, (800, 620), (date(2018, 10, 17), date(2019, 4, 22)), (46, 21)),
    _firm(
        102, "果蔬", "果蔬加工", None, (1_200, 950), (date(2019, 5, 22), date(2019, 11, 18)), (58, 26), TOWNS[1].name
    ),
    _firm(103, "机械", "机械制造", INDUSTRIAL, (3_000, 500), (date(2019, 9, 10), date(2020, 8, 12)), (85, 30)),
    _firm(104, "食品", "食品制造", INDUSTRIAL, (1_500, 900), (date(2020, 6, 16), date(2020, 12, 8)), (62, 25)),
    _firm(105, "服装", "服装加工", None, (900, 710), (date(2020, 10, 20), date(2021, 3, 18)), (120, 64), TOWNS[3].name),
    _firm(106, "冷链", "仓储物流", FARMING, (5_000, 800), (date(2021, 3, 24), date(2021, 11, 26)), (40, 16)),
    _firm(107, "菌业", "食用菌", FARMING, (1_000, 560), (date(2021, 6, 17), date(2021, 10, 28)), (35, 18)),
    _firm(108, "包装", "包装印刷", INDUSTRIAL, (1_100, 500), (date(2021, 9, 15), None), (28, 9)),
    _firm(109, "电商", "电子商务", None, (1_600, 900), (date(2021, 11, 24), date(2021, 12, 6)), (22, 8)),
]


def _item(firm: Firm) -> Item:
    jobs, lifted = firm.jobs
    values = row(
        LEDGER,
        name=firm.name,
        credit_code=firm.code,
        sector=firm.sector,
        origin="靖江市",
        park=firm.park,
        agreed=firm.agreed * 10_000,
        paid_in=firm.paid_in * 10_000,
        landed_on=firm.landed,
        producing_on=firm.is_producing(firm.recorded),
        jobs=jobs,
        lifted_jobs=lifted,
        pairing=firm.pairing,
        evidence=f"示例-企业-{firm.name}-投资协议.txt",
    )
    return Item(firm.landed, Side.WEST, values)


def batches() -> list[Batch]:
    """Recorded where the firms are: by years up to 2020 and by quarters in 2021."""
    return reported(LEDGER, map(_item, FIRMS), _PERIODS)


def _begun(firm: Firm) -> Iterator[Correction]:
    """A firm that began to produce after it was recorded."""
    producing = firm.is_producing(TODAY - timedelta(days=14))
    if producing and producing > firm.recorded:
        known = workday(producing + timedelta(days=9))
        yield correction(
            known, LEDGER, Side.WEST, {"credit_code": firm.code}, {"producing_on": producing}, "登记投产日期"
        )


def _paid(firm: Firm) -> Iterator[Correction]:
    """实际到位投资额 follows the rows of 到位资金台账, each time that new ones were recorded."""
    told = firm.paid_in * 10_000
    for day in investments.recorded(firm.code):
        if (total := investments.paid_in(firm.code, day)) != told:
            told = total
            change: dict[str, object] = {"paid_in": Decimal(total)}
            yield correction(day, LEDGER, Side.WEST, {"credit_code": firm.code}, change, "与到位资金台账核对")


def corrections() -> list[Correction]:
    return [made for firm in FIRMS for made in (*_begun(firm), *_paid(firm))]
