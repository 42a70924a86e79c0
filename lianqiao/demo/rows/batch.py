"""What the sample programme is made of: workbooks filled in by one side, and changes recorded later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import SHEETS

SHANGHAI = ZoneInfo("Asia/Shanghai")

CONFERENCE = date(2021, 10, 12)
"""The day the article tells of: the joint conference in Yongshou."""

TODAY = date(2021, 12, 31)
"""The sample's last day."""

Row = dict[str, object]


class Side(Enum):
    """One of the two coordination offices: the name in its file names, and the user who fills in."""

    EAST = ("靖江", "jingjiang")
    WEST = ("永寿", "yongshou")

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def filler(self) -> str:
        return self.value[1]

    @property
    def reviewer(self) -> str:
        return f"{self.filler}-review"


@dataclass(frozen=True)
class Batch:
    """One workbook as an office handed it in.

    `recorded_at` is when the office is supposed to have recorded it (aware, Asia/Shanghai), `ledger` the ledger's
    code, `file` the workbook's name; `rows` map headings to str, int, Decimal, date or None. `by` fills in,
    `approved_by` approves.
    """

    recorded_at: datetime
    ledger: str
    file: str
    rows: tuple[Row, ...]
    by: str
    approved_by: str
    why: str = "示例数据导入"


@dataclass(frozen=True)
class Correction:
    """A change recorded late, made the ordinary way: revise and approve, or void.

    `find` gives field codes and values that identify exactly one row as it stands then; `change` the new values by
    field code (money in 元), or None to void the entry.
    """

    recorded_at: datetime
    ledger: str
    find: dict[str, object]
    change: dict[str, object] | None
    by: str
    approved_by: str
    why: str


@dataclass(frozen=True)
class Item:
    """A row with the business day that decides which workbook it is reported in, and the side that reports it."""

    on: date
    side: Side
    row: Row


@dataclass(frozen=True)
class Period:
    """A reporting period: its name in file names, its last day, and the day its workbooks are recorded."""

    name: str
    until: date
    recorded: date


# Within one day what is named is recorded before what names it.
_ORDER = (
    "organisations",
    "meetings",
    "agreements",
    "pairings",
    "targets",
    "resolutions",
    "frameworks",
    "honours",
    "opening",
    "visits",
    "secondments",
    "trainings",
    "projects",
    "receipts",
    "allocations",
    "payments",
    "donations",
    "parks",
    "enterprises",
    "investments",
    "jobs",
    "retention",
    "workshops",
    "jobfairs",
    "products",
    "outlets",
    "sales",
    "twin_support",
    "demo_villages",
    "joint_programmes",
    "monitored",
    "home_visits",
)
_TURN = 6
"""Minutes between the workbooks of one ledger and those of the next; the west follows the east after half of them."""


def _moment(day: date, ledger: str, side: Side) -> datetime:
    """Offices record in the morning; on the day of the conference, in the evening after it."""
    start = time(18 if day == CONFERENCE else 9, tzinfo=SHANGHAI)
    minutes = _ORDER.index(ledger) * _TURN + (_TURN // 2 if side is Side.WEST else 0)
    return datetime.combine(day, start) + timedelta(minutes=minutes)


def workbook(ledger: str, period: str, day: date, side: Side, rows: Iterable[Row], why: str = "示例数据导入") -> Batch:
    """The workbook of one side, recorded on `day`; its file is named for the period, the ledger and the side."""
    return Batch(
        recorded_at=_moment(day, ledger, side),
        ledger=ledger,
        file=f"{period}{SHEETS[ledger].title}（{side.label}）.xlsx",
        rows=tuple(rows),
        by=side.filler,
        approved_by=side.reviewer,
        why=why,
    )


def correction(
    day: date, ledger: str, side: Side, find: dict[str, object], change: dict[str, object] | None, why: str
) -> Correction:
    """A correction made in the afternoon of `day`: a ledger's turn comes after those before it, east before west."""
    at = _moment(day, ledger, side) + timedelta(hours=6)
    return Correction(at, ledger, find, change, side.filler, side.reviewer, f"示例：{why}")


def reported(ledger: str, items: Iterable[Item], periods: Sequence[Period]) -> list[Batch]:
    """The workbooks of each period and side, from items that all lie within the periods; no workbook is empty."""
    ordered = sorted(items, key=lambda item: item.on)
    return [
        workbook(ledger, period.name, period.recorded, side, [item.row for item in found])
        for period in periods
        for side in Side
        if (found := [item for item in ordered if item.side is side and period_of(item.on, periods) is period])
    ]


def period_of(day: date, periods: Sequence[Period]) -> Period:
    """The first period that ends on or after `day`. StopIteration where there is none."""
    return next(period for period in periods if day <= period.until)


_EARLY = range(2017, 2021)
_TO_CONFERENCE = Period("2021年10月1日至12日", CONFERENCE, CONFERENCE)

YEARS = [Period(f"{year}年", date(year, 12, 31), workday(date(year + 1, 1, 10))) for year in _EARLY]

HALVES = [
    period
    for year in _EARLY
    for period in (
        Period(f"{year}年上半年", date(year, 6, 30), workday(date(year, 7, 6))),
        Period(f"{year}年下半年", date(year, 12, 31), workday(date(year + 1, 1, 8))),
    )
]

QUARTERS_2021 = [
    Period("2021年第一季度", date(2021, 3, 31), date(2021, 4, 8)),
    Period("2021年第二季度", date(2021, 6, 30), date(2021, 7, 8)),
    Period("2021年第三季度", date(2021, 9, 30), date(2021, 10, 8)),
    _TO_CONFERENCE,
    Period("2021年10月13日至11月30日", date(2021, 11, 30), date(2021, 12, 7)),
    Period("2021年12月", TODAY, TODAY),
]

MONTHS_2021 = [
    *(
        Period(f"2021年{month}月", date(2021, month + 1, 1) - timedelta(days=1), workday(date(2021, month + 1, 8)))
        for month in range(1, 10)
    ),
    _TO_CONFERENCE,
    Period("2021年10月13日至31日", date(2021, 10, 31), date(2021, 11, 5)),
    Period("2021年11月", date(2021, 11, 30), date(2021, 12, 6)),
    Period("2021年12月", TODAY, TODAY),
]
