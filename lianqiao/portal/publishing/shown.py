"""Figures as the public sees them: number, unit, proof, and whether the journal has moved since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from lianqiao.charts.geometry import Label, px
from lianqiao.core.units import Unit
from lianqiao.core.units import shown as written
from lianqiao.portal.publishing import fixing, telling
from lianqiao.portal.publishing.doors import proof_of
from lianqiao.portal.publishing.fixing import Now
from lianqiao.portal.publishing.models import PublishedFigure


@dataclass(frozen=True)
class Shown:
    """A figure on a page. given: what the editor said beside it (blocks.FigureBlock)."""

    figure: PublishedFigure
    now: Now
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return proof_of(self.figure)

    @property
    def moved(self) -> bool:
        return self.now.moved(self.figure.value)

    @property
    def name(self) -> str:
        return self.given.get("caption") or gettext(self.figure.stated["name"])

    @property
    def number(self) -> str:
        return telling.parts(self.figure.value, self.figure.unit)[0]

    @property
    def unit(self) -> str:
        return telling.parts(self.figure.value, self.figure.unit)[1]

    @property
    def told(self) -> str:
        return fixing.spoken(self.figure)

    @property
    def told_now(self) -> str:
        return fixing.spoken(self.figure, self.now.value)

    @property
    def bars(self) -> Bars | None:
        return bars(self.figure) if self.given.get("by_year") and len(self.figure.years) > 1 else None

    @property
    def target(self) -> str:
        promised = self.figure.promised
        return fixing.spoken(self.figure, promised) if promised and self.given.get("with_target") else ""


def shown(figures: Sequence[PublishedFigure], given: Iterable[Mapping[str, Any]] = ()) -> list[Shown]:
    """Figures with what the journal says now, in their order."""
    beside = list(given) or [{} for _ in figures]
    now = fixing.now_of(figures)
    return [Shown(one, now[one.pk], told) for one, told in zip(figures, beside, strict=True)]


# By year ---------------------------------------------------------------------------------------------------------------

WIDTH, TALL, BASE, THICK, STEP = 320, 76, 98, 30, 64
HIGHEST = 5
"""So many bars have the width of the looks; more stand closer."""


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    kind: str


@dataclass(frozen=True)
class Bars:
    """A figure by years. words: the same in words. open: a year without detail is outlined; part: a year not over is dashed."""

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    words: str


def bars(figure: PublishedFigure) -> Bars:
    years = figure.years
    step = Fraction(WIDTH, max(len(years), HIGHEST))
    thick = min(Fraction(THICK), step * 3 / 5)
    highest = max(max(one["value"] for one in years), 1)
    drawn: list[Bar] = []
    labels: list[Label] = []
    for at, one in enumerate(years):
        left = at * step + (step - thick) / 2
        tall = Fraction(max(one["value"], 0) * TALL, highest)
        kind = "open" if one["bare"] else ("" if one["over"] else "part")
        if tall:
            drawn.append(Bar(px(left), px(BASE - tall), px(thick), px(tall), kind))
        middle = px(left + thick / 2)
        labels.append(Label(middle, px(BASE - tall - 6), brief(one["value"], figure.unit), "v"))
        labels.append(Label(middle, str(BASE + 18), f"{one['year']}{mark(one)}", ""))
    told = [f"{one['year']} {brief(one['value'], figure.unit)}" for one in years]
    return Bars(tuple(drawn), tuple(labels), f"{gettext('逐年')}（{bar_unit(figure.unit)}）：{'；'.join(told)}")


def mark(one: Mapping[str, Any]) -> str:
    """† without detail, * a year not over: explained under the list."""
    return "†" if one["bare"] else ("" if one["over"] else "*")


def brief(value: int, of: Unit) -> str:
    return written(value, of, telling.WAN if of.name == "元" else 1, 0)


def bar_unit(of: Unit) -> str:
    return gettext("万元" if of.name == "元" else of.name)
