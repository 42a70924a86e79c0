"""Periods of business dates, both ends included, and how they are written in addresses and in Chinese."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_ADDRESS = re.compile(r"(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)", re.ASCII)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def year_before(day: date) -> date:
    """The same day a year before; on 29 February the 28th."""
    year = day.year - 1
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


@dataclass(frozen=True)
class Period:
    """From `start` to `until`; without a start it is cumulative, since the pairing began.

    ValueError if it ends before it starts.
    """

    start: date | None
    until: date

    def __post_init__(self) -> None:
        if self.start and self.start > self.until:
            raise ValueError(f"起始日期{self.start}晚于截止日期{self.until}")

    @classmethod
    def day(cls, d: date) -> "Period":
        """One day."""
        return cls(d, d)

    @classmethod
    def month(cls, y: int, m: int) -> "Period":
        """One whole month. ValueError if there is none such."""
        return cls(date(y, m, 1), _month_end(date(y, m, 1)))

    @classmethod
    def year(cls, y: int) -> "Period":
        """One whole year."""
        return cls(date(y, 1, 1), date(y, 12, 31))

    @classmethod
    def cumulative(cls, until: date) -> "Period":
        """Everything up to and including `until`."""
        return cls(None, until)

    @classmethod
    def between(cls, a: date, b: date) -> "Period":
        """From `a` to `b`, both included. ValueError if `a` is later."""
        return cls(a, b)

    @classmethod
    def parse(cls, address: str) -> "Period":
        """The inverse of `address`. ValueError for anything else."""
        match = _ADDRESS.fullmatch(address)
        if not match:
            raise ValueError(f"期间应写作“2021-01-01..2021-10-12”或“..2021-10-12”：{address}")
        return cls(date.fromisoformat(match[1]) if match[1] else None, date.fromisoformat(match[2]))

    @property
    def year_before(self) -> "Period":
        """The same span a year before; whole months and years stay whole."""
        until = year_before(self.until)
        until = _month_end(until) if self.until == _month_end(self.until) else until
        return Period(year_before(self.start) if self.start else None, until)

    @property
    def address(self) -> str:
        """ "2017-01-01..2021-10-12", or "..2021-10-12" when cumulative: a part of a figure's address."""
        return f"{self.start or ''}..{self.until}"

    @property
    def is_year_to_date(self) -> bool:
        """Whether it begins on 1 January of the year in which it ends (a whole year does too)."""
        return self.start == self.until.replace(month=1, day=1)

    def months(self) -> list[tuple["Period", bool]]:
        """The period in consecutive pieces, with True for whole months and False for the days left at either end.

        A cumulative period has one True piece for all the whole months before its last days ("..2021-09-30", True): its
        sum is that of every month up to then. The pieces touch, do not overlap, and cover the period exactly.
        """
        if self.start is None:
            return self._cumulative_pieces()
        pieces, first = [], self.start
        while True:
            last = min(_month_end(first), self.until)
            pieces.append((Period(first, last), first.day == 1 and last == _month_end(first)))
            if last == self.until:
                return pieces
            first = last + timedelta(days=1)

    def _cumulative_pieces(self) -> list[tuple["Period", bool]]:
        if self.until == _month_end(self.until):
            return [(self, True)]
        first = self.until.replace(day=1)
        days = (Period(first, self.until), False)
        return [days] if first == date.min else [(Period(None, first - timedelta(days=1)), True), days]

    def describe(self) -> str:
        """In short Chinese: 2021年, 2021年10月, 2021年10月12日, 截至2021年10月12日累计, 2021-01-01至2021-10-12."""
        start, until = self.start, self.until
        if start is None:
            return f"截至{until.year}年{until.month}月{until.day}日累计"
        if self == Period.year(until.year):
            return f"{until.year}年"
        if self == Period.month(until.year, until.month):
            return f"{until.year}年{until.month}月"
        return f"{until.year}年{until.month}月{until.day}日" if start == until else f"{start}至{until}"
