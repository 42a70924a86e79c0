"""A year against its target and against the year before, and what goes from one side to the other: geometry for SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from lianqiao.charts.geometry import Label, px

WIDTH, HEIGHT = 400, 196
LEFT, RIGHT, TOP, FOOT = 46, 86, 12, 24
APART = 14  # what labels at the right need between them


@dataclass(frozen=True)
class Trend:
    """Paths of the year (actual), of the year before and of the target, over a grid of values and months.

    dot: where the actual line ends; gap: from there to where the target's line stands that day, empty without a target.
    """

    grid: tuple[Label, ...]
    months: tuple[Label, ...]
    actual: str
    before: str
    target: str
    gap: str
    dot: tuple[str, str]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Told:
    """What the words beside the lines say: of the year, the year before, the target, and the distance to it."""

    actual: str
    before: str = ""
    target: str = ""


def trend(
    now: Sequence[int],
    before: Sequence[int],
    target: int | None,
    until: date,
    told: Told,
    months: Sequence[str],
    ticks: Sequence[tuple[int, str]],
    steady: bool = False,
) -> Trend:
    """now: the year up to the end of each month, the last one up to `until`. before: the same of the whole year before.

    target: what the year is to reach; it rises with the days, or stands all year if steady (a stock, a rate).
    ticks: values of the grid with their words, the largest last.
    """
    highest = max(ticks[-1][0], 1)

    def y(value: int | Fraction) -> Fraction:
        return HEIGHT - FOOT - Fraction(max(value, 0) * (HEIGHT - FOOT - TOP), highest)

    days = (date(until.year, 12, 31) - date(until.year, 1, 1)).days + 1

    def x(passed: int) -> Fraction:
        return LEFT + Fraction(passed * (WIDTH - LEFT - RIGHT), days)

    def passed(month: int) -> int:
        end = date(until.year + month // 12, month % 12 + 1, 1)
        return min((end - date(until.year, 1, 1)).days, days)

    today = (until - date(until.year, 1, 1)).days + 1
    ends = [*(passed(month) for month in range(1, len(now))), today]
    start = [] if steady else [(x(0), y(0))]
    line = [*start, *((x(day), y(value)) for day, value in zip(ends, now, strict=True))]
    last_year = (
        [*start, *((x(passed(month)), y(value)) for month, value in enumerate(before, 1))] if any(before) else []
    )
    aim = [] if target is None else [(x(0), y(target if steady else 0)), (x(days), y(target))]
    due = None if target is None else y(target if steady else Fraction(target * today, days))
    at = line[-1]
    return Trend(
        grid=tuple(Label(str(LEFT - 6), px(y(value)), words) for value, words in ticks),
        months=tuple(Label(px(x(passed(m) if m else 0) + 2), str(HEIGHT - 8), months[m]) for m in (0, 3, 6, 9)),
        actual=path(line),
        before=path(last_year),
        target=path(aim),
        gap="" if due is None or abs(due - at[1]) < APART else f"M{px(at[0])} {px(at[1])}V{px(due)}",
        dot=(px(at[0]), px(at[1])),
        labels=beside(line, last_year, aim, told),
    )


def path(points: Iterable[tuple[Fraction, Fraction]]) -> str:
    return " ".join(f"{'L' if at else 'M'}{px(x)} {px(y)}" for at, (x, y) in enumerate(points))


Points = Sequence[tuple[Fraction, Fraction]]


def beside(line: Points, last_year: Points, aim: Points, told: Told) -> tuple[Label, ...]:
    """The words at the lines' ends, moved apart where they would lie on each other: the year's own stay where they are."""
    right = str(WIDTH - RIGHT + 6)
    near = line[-1][0] > WIDTH - RIGHT - 60
    own = Label(
        right if near else px(line[-1][0] + 7), px(line[-1][1] + 14 if not near else line[-1][1] + 4), told.actual, "kb"
    )
    others = [(points[-1][1] + 4, words) for points, words in ((aim, told.target), (last_year, told.before)) if points]
    taken = [Fraction(own.y)] if near else []
    placed = []
    for level, words in sorted(others, key=lambda one: one[0]):
        free = min(apart(level, taken), key=lambda one: (abs(one - level), one))
        taken.append(free)
        placed.append(Label(right, px(free), words))
    return (own, *placed)


def apart(level: Fraction, taken: Sequence[Fraction]) -> list[Fraction]:
    """Levels at which words do not lie on those already placed."""
    tries = [level, *(other + step for other in taken for step in (-APART, APART))]
    return [one for one in tries if all(abs(one - other) >= APART for other in taken)]


def steps(highest: int, most: int = 4) -> list[int]:
    """Round values from zero up to at least the highest, at most so many above zero: by 1, 2 or 5 and a power of ten."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * most >= highest:
                return [step * n for n in range(-(-max(highest, 1) // step) + 1)]
        size *= 10


# Between the two sides -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sides:
    """Two bars from the middle outwards: what goes east → west at the left, west → east at the right."""

    west: str
    east: str
    start: str = ""  # where the left bar begins


SIDE = 132


def sides(to_west: int, to_east: int, width: int = SIDE) -> Sides:
    """Bars of one measure; the larger side fills the width."""
    highest = max(to_west, to_east, 1)
    left, right = (Fraction(max(value, 0) * width, highest) for value in (to_west, to_east))
    made = Sides(px(left), px(right))
    return replace(made, start=px(width - left))
