"""One target of the scoreboard looked at closely: its trend, what it is made of, its years, and the nodes below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from lianqiao.agreements.targets import Attainment, Promise, in_force_by_year, pace
from lianqiao.charts.trend import Sides, Told, Trend, sides, steps, trend
from lianqiao.core.periods import Period
from lianqiao.core.units import shown
from lianqiao.desk import wording
from lianqiao.desk.moment import Moment, year_until
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import Figure, figures, grid
from lianqiao.journal.measures import MEASURES, RELATIONS, Measure, Ratio
from lianqiao.places.models import Node

YEARS, CHILDREN, BAR = 6, 100, 168
# What goes both ways (parts or subsets by direction), and what goes one way only: (measure, the side it goes to).
BOTH_WAYS = ("visits.person_times", "talent.total", "cadres.seconded")
ONE_WAY = (("funds.total", "west"), ("consumption.sales", "east"), ("labour.employed_east", "east"))

Held = Mapping[tuple[str, Any], int | None]
Around = Mapping[str, Figure]


@dataclass(frozen=True)
class Part:
    """A part of the figure, its share of it in percent, and its bar."""

    figure: Figure
    share: str
    bar: str


@dataclass(frozen=True)
class Picked:
    """attainment: the target that is looked at. due: what the pace asks for by the day; short: what lacks to it, or
    less than zero. relation: how the parts lie within the figure (分项, 含, 其中)."""

    attainment: Attainment
    trend: Trend | None
    unit: str
    due: int
    short: int
    relation: str
    parts: list[Part]
    years: list[Attainment]
    below: list[Below]
    empty: int  # nodes below without a target of it, where nothing of it happened


@dataclass(frozen=True)
class Below:
    """A node below, with its figure of the measure, and how its own target stands where it has one."""

    node: Node
    figure: Figure
    own: Attainment | None

    @property
    def told(self) -> bool:
        return bool(self.own or self.figure.value)


def look(
    one: Attainment, moment: Moment, around: Around, children: Sequence[Node], standing: Sequence[Attainment]
) -> Picked:
    """children: the nodes right below that the reader may see. standing: how their targets stand, and maybe others'.

    A constant number of queries.
    """
    measure, (node,) = one.promise.measure, one.figure.nodes
    promised = by_year(measure, node, moment)
    below = children[:CHILDREN]
    held = grid([measure], cells(node, moment, promised, below), moment.known)
    told = [child for node in below if (child := of_child(measure, node, held, moment, standing)).told]
    quantity = one.promise.quantity
    due = quantity if steady(measure) else round(quantity * one.pace / 100)
    return Picked(
        attainment=one,
        trend=drawn(one, moment, held),
        unit=wording.unit_name(measure.unit, wording.WAN),
        due=due,
        short=due - (one.figure.value or 0),
        relation=relation_of(measure),
        parts=parts(one.figure, around),
        years=[of_year(promise, node, held, moment) for promise in promised.values()],
        below=sorted(told, key=lambda child: child.own is None),
        empty=len(below) - len(told),
    )


def steady(measure: Measure | Ratio) -> bool:
    """Whether a target is to be held all year, and not filled by the days."""
    return isinstance(measure, Ratio) or measure.stock


# What is read ----------------------------------------------------------------------------------------------------------


def by_year(measure: Measure | Ratio, node: Node, moment: Moment) -> dict[int, Promise]:
    """The promise of each year up to the one shown, as it was in force on the day or at the year's end."""
    days = {year: min(moment.day, date(year, 12, 31)) for year in range(moment.year - YEARS + 1, moment.year + 1)}
    mine = [p for p in in_force_by_year([node], days, moment.known) if p.measure is measure]
    return dict(sorted({promise.year: promise for promise in mine}.items()))


def cells(node: Node, moment: Moment, years: Mapping[int, Promise], children: Sequence[Node]) -> dict[Any, Cell]:
    """The year up to the end of each month, the year before too; each year as a whole; the nodes below."""
    until = moment.period.until
    asked: dict[Any, Cell] = {("now", m): cell(node, until.year, m, until) for m in range(1, until.month + 1)}
    asked |= {("before", m): cell(node, until.year - 1, m, date(until.year - 1, 12, 31)) for m in range(1, 13)}
    asked |= {("year", year): Cell((node,), year_until(year, moment.day)) for year in years}
    return asked | {("node", child.pk): Cell((child,), moment.period) for child in children}


def cell(node: Node, year: int, month: int, until: date) -> Cell:
    return Cell((node,), Period.between(date(year, 1, 1), min(Period.month(year, month).until, until)))


def of_year(promise: Promise, node: Node, held: Held, moment: Moment) -> Attainment:
    period = year_until(promise.year, moment.day)
    value = held[promise.measure.code, ("year", promise.year)]
    found = Figure(promise.measure, (node,), period, value, 0, 0, moment.known)
    return Attainment(promise, found, pace(promise.year, moment.day))


def of_child(
    measure: Measure | Ratio, child: Node, held: Held, moment: Moment, standing: Sequence[Attainment]
) -> Below:
    found = Figure(measure, (child,), moment.period, held[measure.code, ("node", child.pk)], 0, 0, moment.known)
    own = [one for one in standing if one.promise.node == child.pk and one.promise.measure is measure]
    return Below(child, found, own[-1] if own else None)


# What it is made of ----------------------------------------------------------------------------------------------------


def relation_of(measure: Measure | Ratio) -> str:
    """The closest way in which others lie within the measure: its parts, else what it covers, else what of it is told."""
    found = {child.relation for child in measure.children()} if isinstance(measure, Measure) else set()
    return next((RELATIONS[relation] for relation in ("part", "cover", "subset") if relation in found), "")


def children_of(measure: Measure | Ratio) -> list[Measure]:
    """Those that lie within it in the closest way."""
    word = relation_of(measure)
    held = measure.children() if isinstance(measure, Measure) else []
    return [child for child in held if RELATIONS[child.relation] == word]


def parts(figure: Figure, around: Around) -> list[Part]:
    whole = figure.value or 0
    found = [around[child.code] for child in children_of(figure.measure)]
    return [Part(one, wording.share(one.value or 0, whole), bar(one.value or 0, whole)) for one in found]


def bar(value: int, whole: int) -> str:
    return sides(value, max(whole, value), BAR).west


# Its trend -------------------------------------------------------------------------------------------------------------


def drawn(one: Attainment, moment: Moment, held: Held) -> Trend | None:
    """None for a year that has not begun."""
    if not one.pace:
        return None
    measure, until = one.promise.measure, moment.period.until
    now = [held[measure.code, ("now", month)] or 0 for month in range(1, until.month + 1)]
    before = [held[measure.code, ("before", month)] or 0 for month in range(1, 13)]
    target = one.promise.quantity or None
    told = Told(
        gettext("实际 %(n)s") % {"n": written(now[-1], measure)},
        gettext("上年 %(n)s") % {"n": written(before[-1], measure)},
        gettext("目标 %(n)s") % {"n": written(target or 0, measure)},
    )
    highest = max(*now, *before, target or 0)
    months = [wording.month_word(month) for month in range(1, 13)]
    return trend(now, before, target, until, told, months, grid_of(highest, measure), steady(measure))


def written(value: int, measure: Measure | Ratio) -> str:
    return wording.amount(value, measure.unit, wording.WAN)


def grid_of(highest: int, measure: Measure | Ratio) -> list[tuple[int, str]]:
    """Round values of the axis, in whole units; money in whole 万元."""
    scale = wording.WAN if measure.unit == wording.MONEY else 1
    base = measure.unit.smallest_parts * scale
    return [(step * base, shown(step * base, measure.unit, scale, 0)) for step in steps(-(-highest // base))]


# Between the two sides -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Both:
    """What goes both ways: the two figures with their bars."""

    measure: Measure | Ratio
    west: Figure
    east: Figure
    bars: Sides


@dataclass(frozen=True)
class Flows:
    """Between the two sides in the year: what goes both ways, and what goes one way (to: west or east)."""

    both: list[Both]
    one: list[tuple[Figure, str]]


def flows(around: Around) -> Flows:
    """Those of which anything was ever posted at the node."""
    both = [
        Both(MEASURES[code], west, east, sides(west.value or 0, east.value or 0))
        for code in BOTH_WAYS
        for west, east in [(around[f"{code}.to_west"], around[f"{code}.to_east"])]
        if west.value is not None or east.value is not None
    ]
    return Flows(both, [(around[code], to) for code, to in ONE_WAY if around[code].value is not None])


def figures_around(node: Node, moment: Moment, one: Attainment | None) -> Around:
    """By their codes: the figures of what goes between the sides, and of what the target's measure is made of."""
    measures = [MEASURES[f"{code}.{way}"] for code in BOTH_WAYS for way in ("to_west", "to_east")]
    measures += [MEASURES[code] for code, _ in ONE_WAY]
    measures += children_of(one.promise.measure) if one else []
    asked = {measure.code: measure for measure in measures}.values()
    return {figure.measure.code: figure for figure in figures(asked, [node], moment.period, moment.known)}
