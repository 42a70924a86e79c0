"""Chance with a fixed seed: the same numbers on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from lianqiao.demo.rows.days import is_workday


def dice(name: str) -> Random:
    """A generator of its own for each room of the sample, so that a change in one leaves the others as they were."""
    return Random(f"lianqiao:{name}")  # noqa: S311 - invented rows, no secret


def split(total: int, parts: int, low: int, high: int, rng: Random) -> list[int]:
    """`parts` whole numbers from `low` to `high` that add up to `total` exactly. ValueError where that cannot be."""
    if not parts * low <= total <= parts * high:
        raise ValueError(f"{total} does not split into {parts} parts of {low} to {high}")
    weights = [rng.randint(1, 100) for _ in range(parts)]
    spare = total - parts * low
    shares = [min(high, low + spare * weight // sum(weights)) for weight in weights]
    while left := total - sum(shares):
        lucky = rng.choice([i for i, share in enumerate(shares) if share < high])
        shares[lucky] += min(high - shares[lucky], max(1, left // parts))
    return shares


def _day(first: date, last: date, rng: Random) -> date:
    """A working day in the closed range. IndexError where there is none."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return rng.choice([day for day in days if is_workday(day)])


def workdays(count: int, first: date, last: date, rng: Random) -> list[date]:
    """`count` working days over the range, in order: one in each equal stretch (three days or more), so that no season
    is empty."""
    length = (last - first).days + 1
    edges = [first + timedelta(days=length * n // count) for n in range(count + 1)]
    return [_day(start, end - timedelta(days=1), rng) for start, end in pairwise(edges)]


def shuffled[T](things: Sequence[T], rng: Random) -> list[T]:
    return rng.sample(things, len(things))
