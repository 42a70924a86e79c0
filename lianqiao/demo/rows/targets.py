"""目标任务分解表: each year's agreement as targets, in each measure's own unit (元 for money, whole percent for rates)."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.agreements import ANNUAL, TOWN_AGREEMENT, Agreement
from lianqiao.demo.rows.batch import CONFERENCE, Batch, Row, Side, workbook
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.meetings import CONFERENCES
from lianqiao.demo.rows.tree import COUNTY, TOWNS

LEDGER = "targets"

_FIRST_YEAR = 2017

# measure -> the targets of 2017 to 2021; None where the year's agreement set none
COUNTY_TARGETS: dict[str, tuple[int | None, ...]] = {
    "visits.batches": (12, 18, 26, 24, 24),
    "visits.person_times": (120, 200, 280, 260, 300),
    "meetings.joint": (1, 2, 2, 2, 2),
    "cadres.seconded": (4, 5, 5, 6, 7),
    "talent.total": (18, 28, 34, 30, 36),
    "talent.education": (None, 14, 16, 14, 19),
    "talent.health": (None, None, 10, 10, 12),
    "talent.agri": (None, None, None, 6, 6),
    "training.person_times": (None, None, None, 400, 600),
    "funds.fiscal": (14_000_000, 19_000_000, 22_000_000, 21_000_000, 22_000_000),
    "funds.social": (2_000_000, 3_000_000, 4_000_000, 3_500_000, 4_000_000),
    "funds.payment_rate": (None, None, None, 60, 84),
    "projects.count": (6, 8, 10, 10, 10),
    "projects.completed": (None, 6, 9, 10, 11),
    "benef.people": (1_500, 2_200, 3_000, 2_600, 2_200),
    "industry.enterprises": (None, None, None, 2, 4),
    "industry.investment": (None, None, None, 22_000_000, 50_000_000),
    "labour.employed_total": (None, None, None, 44, 55),
    "labour.employed_east": (None, None, None, 12, 14),
    "labour.employed_poor": (None, None, None, 30, 36),
    "consumption.sales": (None, None, None, 12_000_000, 15_000_000),
    "demo.villages": (None, None, None, 1, 6),
    "twin.projects": (8, 12, 18, 18, 18),
    "twin.households": (None, 500, 750, 650, 700),
}

# measure -> the paired towns' parts of 2021, in the order of the towns: together not less than the county's target
TOWN_TARGETS: dict[str, tuple[int, ...]] = {
    "twin.projects": (3, 3, 3, 3, 2, 2, 2),
    "twin.households": (110, 110, 110, 100, 100, 90, 90),
}
_TOWN_PERSON_TIMES = (220, 200, 220, 180, 180, 160, 160)

_AMENDED = ("funds.social", 4_300_000, date(2021, 11, 15))


def _row(agreement: Agreement, measure: str, quantity: int, node: str, **more: object) -> Row:
    """A target of the agreement's first year, in force from the agreement's first day unless said otherwise."""
    start = agreement.start
    values: dict[str, object] = {"year": start.year, "since": start, **more}
    return row(LEDGER, agreement=agreement.title, measure=measure, quantity=quantity, node=node, **values)


def _of_county(year: int) -> list[Row]:
    found = {measure: quantities[year - _FIRST_YEAR] for measure, quantities in COUNTY_TARGETS.items()}
    return [_row(ANNUAL[year], measure, quantity, COUNTY) for measure, quantity in found.items() if quantity]


def _of_towns() -> list[Row]:
    """The towns' parts of the county's targets, and the target that the paired towns' own agreement sets."""
    parts = [
        _row(ANNUAL[2021], measure, quantity, town.name, notes=f"示例：由{COUNTY}分解")
        for measure, quantities in TOWN_TARGETS.items()
        for town, quantity in zip(TOWNS, quantities, strict=True)
    ]
    own = [
        _row(TOWN_AGREEMENT, "twin.person_times", quantity, town.name)
        for town, quantity in zip(TOWNS, _TOWN_PERSON_TIMES, strict=True)
    ]
    return [*parts, *own]


def _amended() -> Row:
    measure, quantity, since = _AMENDED
    why = "示例：联席会议后社会帮扶增加，双方商定上调"
    return _row(ANNUAL[2021], measure, quantity, COUNTY, since=since, amends=why)


def batches() -> list[Batch]:
    """Each year's targets with the conference that signed the year's agreement; the amendment a day after it holds."""
    recorded = {conference.on: conference.recorded for conference in CONFERENCES}
    years = [
        workbook(LEDGER, f"{year}年度", recorded[agreement.signed], Side.EAST, _of_county(year))
        for year, agreement in ANNUAL.items()
        if year < CONFERENCE.year
    ]
    last = workbook(LEDGER, "2021年度", CONFERENCE, Side.EAST, [*_of_county(2021), *_of_towns()])
    amended = workbook(LEDGER, "2021年11月变更", date(2021, 11, 16), Side.EAST, [_amended()], "示例：目标变更")
    return [*years, last, amended]
