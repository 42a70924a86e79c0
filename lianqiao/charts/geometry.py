"""The geometry of the drawings, as text for SVG attributes: no style attribute, no script, values written on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

FULL = 150  # percent at the right end of a bar


def px(value: Fraction | int) -> str:
    """A coordinate to a tenth of a pixel."""
    return f"{Fraction(value):.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Rect:
    x: str
    y: str
    width: str
    height: str
    kind: str


@dataclass(frozen=True)
class Label:
    x: str
    y: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Bar:
    """How far a target is reached, 0–150 %, with a stroke at the pace and a notch at 100 %."""

    width: int
    full: str
    fill: str
    pace: str
    broken: str
    kind: str


BAR_KINDS = {"behind": "redf", "slow": "ambf"}


def bar(rate: Fraction | None, pace: Fraction, state: str, width: int = 112) -> Bar:
    reached = rate or Fraction(0)
    length = px(max(min(reached, Fraction(FULL)), Fraction(0)) * width / FULL)
    broken = px(width - 12) if reached > FULL else ""
    return Bar(
        width, px(Fraction(100 * width, FULL)), length, px(pace * width / FULL), broken, BAR_KINDS.get(state, "bar")
    )


@dataclass(frozen=True)
class Columns:
    """Upright bars over a base line, with the value above each and its name below."""

    width: int
    height: int
    base: int
    rects: tuple[Rect, ...]
    labels: tuple[Label, ...]
    ticks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One bar: its name, its value as text, its layers from the base up, and what to compare it with."""

    name: str
    text: str
    layers: tuple[int, ...]
    compare: int | None = None
    now: bool = False


LAYERS = ("ink2f", "bar2")
TOP, FOOT = 20, 20


def columns(given: Sequence[Column], width: int, height: int = 172, plain: str = "bar") -> Columns:
    """Draws columns side by side; negative values are drawn as nothing and told by their text."""
    step = Fraction(width, max(len(given), 1))
    thick = min(Fraction(24), step * 3 / 5)
    base = height - FOOT
    highest = max((max(total(c), c.compare or 0) for c in given), default=0) or 1
    rects: list[Rect] = []
    labels: list[Label] = []
    ticks: list[str] = []
    for at, column in enumerate(given):
        left = at * step + (step - thick) / 2
        y = Fraction(base)
        for layer, value in enumerate(column.layers):
            tall = Fraction(max(value, 0) * (base - TOP), highest)
            kind = LAYERS[layer] if len(column.layers) > 1 else ("inkf" if column.now else plain)
            y -= tall
            if tall:
                rects.append(Rect(px(left), px(y), px(thick), px(tall), kind))
        middle = px(left + thick / 2)
        labels.append(Label(middle, px(y - 5), column.text, "kb" if column.now or len(column.layers) > 1 else "k"))
        labels.append(Label(middle, px(base + 15), column.name))
        if column.compare:
            level = px(base - Fraction(column.compare * (base - TOP), highest))
            ticks.append(f"M{px(left - 1)} {level}H{px(left + thick + 1)}")
    return Columns(width, height, base, tuple(rects), tuple(labels), tuple(ticks))


def total(column: Column) -> int:
    return sum(max(value, 0) for value in column.layers)


@dataclass(frozen=True)
class Spark:
    """Twelve months in a row of the table."""

    rects: tuple[Rect, ...]


def spark(months: Sequence[int], last: bool = True) -> Spark:
    highest = max([*months, 1])
    rects = []
    for at, value in enumerate(months):
        tall = Fraction(max(value, 0) * 15, highest)
        kind = "inkf" if last and at == len(months) - 1 else "bar"
        if tall:
            rects.append(Rect(px(Fraction(at * 6) + Fraction(1, 2)), px(17 - tall), "4.5", px(tall), kind))
    return Spark(tuple(rects))


@dataclass(frozen=True)
class Week:
    """One bar of the time band, which leads to what was known at its end."""

    rect: Rect
    until: date


@dataclass(frozen=True)
class Band:
    """The year's recording, week by week, and where the page stands."""

    weeks: tuple[Week, ...]
    months: tuple[Label, ...]
    at: str


BAND = 492


def band(year: int, recorded: Sequence[tuple[date, int]], at: date, months: Sequence[str]) -> Band:
    """recorded: (first day of a week, postings). at: the day that the page shows. months: how the twelve are called."""
    highest = max([count for _, count in recorded] + [1])
    weeks = []
    for monday, count in recorded:
        until = min(monday + timedelta(days=6), date(year, 12, 31))
        tall = max(Fraction(count * 18, highest), Fraction(1))
        left, right = along(year, max(monday, date(year, 1, 1))), along(year, until + timedelta(days=1))
        kind = "accf" if monday <= at else "bar2"
        weeks.append(
            Week(Rect(px(left + 1), px(22 - tall), px(max(right - left - 2, Fraction(1))), px(tall), kind), until)
        )
    names = [Label(px(along(year, date(year, m, 1)) + 3), "34", name) for m, name in enumerate(months, 1)]
    return Band(tuple(weeks), tuple(names), px(along(year, min(max(at, date(year, 1, 1)), date(year, 12, 31)))))


def along(year: int, day: date) -> Fraction:
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    return 4 + Fraction((day - first).days * BAND, days)


@dataclass(frozen=True)
class TwoTimes:
    """When things happened (upper line) and when they were known (lower line); dashes are late entries."""

    happened: str
    known: str
    late: tuple[str, ...]
    dots: tuple[str, ...]
    at: str
    years: tuple[Label, ...]


LEFT, RIGHT = 64, 303


def two_times(first: date, until: date, known: date, late: Sequence[tuple[date, date]]) -> TwoTimes:
    """first: the first day with a posting. late: (happened, recorded) of entries that came late."""
    end = max(until, known, first) + timedelta(days=20)

    def x(day: date) -> Fraction:
        span = max((end - first).days, 1)
        return LEFT + Fraction(min(max((day - first).days, 0), span) * (RIGHT - LEFT), span)

    step = max((end.year - first.year) // 6, 1)
    starts = [x(date(year, 1, 1)) for year in range(first.year, end.year + 1)]
    years = [
        Label(px(at), "98", str(first.year + n)) for n, at in enumerate(starts) if n % step == 0 and at < RIGHT - 26
    ]
    return TwoTimes(
        happened=f"M{LEFT} 18H{px(x(until))}",
        known=f"M{LEFT} 54H{px(x(known))}",
        late=tuple(f"M{px(x(a))} 21L{px(x(b))} 51" for a, b in late),
        dots=tuple(px(x(b)) for _, b in late),
        at=px(x(known)),
        years=tuple(years),
    )
