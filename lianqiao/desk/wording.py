"""How quantities, rates and people are written on the pages."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext, gettext_noop

from lianqiao.core.units import Unit, shown, unit
from lianqiao.journal.figures import half_up

MISSING = "—"
WAN = 10_000
MONEY = unit("元")
TENTH = Unit("%", 1)
TEN_THOUSAND_YUAN = gettext_noop("万元")
MONTHS = [f"{month}月" for month in range(1, 13)]


def amount(value: int | None, of: Unit, scale: int = 1) -> str:
    """A quantity as a person reads it. scale: 10000 shows money in 万元, and leaves every other unit alone."""
    if value is None:
        return MISSING
    return shown(value, of, scale if of == MONEY else 1)


def signed(value: int, of: Unit, scale: int = 1) -> str:
    """A change: with its sign, also where it is a gain."""
    return f"+{amount(value, of, scale)}" if value > 0 else amount(value, of, scale)


def unit_name(of: Unit, scale: int = 1) -> str:
    return gettext(TEN_THOUSAND_YUAN if of == MONEY and scale == WAN else of.name)


def rate(value: Fraction | None) -> str:
    """A rate in percent, to one decimal."""
    return MISSING if value is None else f"{points(value)}%"


def points(value: Fraction) -> str:
    return shown(half_up(value * 10), TENTH)


def gap(value: Fraction | None) -> str:
    """Percentage points ahead of or behind the pace, with their sign."""
    if value is None:
        return MISSING
    return f"+{points(value)}" if half_up(value * 10) > 0 else points(value)


def growth(now: int | None, before: int | None, of: Unit) -> str:
    """Against the same span a year before: in percent, for rates in points; nothing to say where there was nothing."""
    if now is None or before is None or (before <= 0 and of.name != "%"):
        return MISSING
    if now == before:
        return gettext("持平")
    if of.name == "%":
        return gettext("%(points)s 点") % {"points": gap(Fraction(now - before, 100))}
    return f"{gap(Fraction((now - before) * 100, before))}%"


def share(part: int, whole: int) -> str:
    return rate(Fraction(part * 100, whole)) if whole else MISSING


def hash_groups(digest: str, groups: int = 6) -> str:
    """The beginning of a hash in fours, so that two can be held against each other by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, groups * 4, 4))


def month_word(month: int) -> str:
    return gettext(MONTHS[month - 1])
