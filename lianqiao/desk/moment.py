"""The day that a page shows and the year whose targets it holds, as the address asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from lianqiao.core.periods import Period
from lianqiao.desk import doors
from lianqiao.journal import clock
from lianqiao.journal.figures import Known, known_at


@dataclass(frozen=True)
class Moment:
    """day: business dates count up to it. past: whether the page shows what was known at its end, and not today's."""

    day: date
    year: int
    past: bool
    known: Known

    @property
    def period(self) -> Period:
        """The year up to the day; the first day of a year that has not begun yet."""
        return year_until(self.year, self.day)


def year_until(year: int, on: date) -> Period:
    """The year up to a day; its first day if it has not begun, the whole of it if it is over."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Period.between(first, max(first, min(on, last)))


def asked_moment(request: HttpRequest) -> Moment:
    """Today unless the address names an earlier day; its year unless the address names another."""
    today = clock.today()
    day = doors.day(request.GET["day"]) if request.GET.get("day") else today
    past = day < today
    year = request.GET.get("year")
    return Moment(
        day=min(day, today),
        year=doors.whole_number(year, doors.FIRST_YEAR, doors.LAST_YEAR) if year else min(day, today).year,
        past=past,
        known=known_at(day) if past else known_at(),
    )
