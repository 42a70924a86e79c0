"""Numbers of a Word document that carry their figure, in a content control: how that is written, and what it is worth.

A control's tag is CODE@TRANSACTION or CODE|OP@TRANSACTION, its title NODE FROM..UNTIL: the figure's address in the two
texts that Word keeps of a control, neither of which may have more than 64 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lianqiao.agreements.targets import Promise, in_force
from lianqiao.core.periods import Period
from lianqiao.core.units import Unit, unit
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import Figure, Known, as_figure, half_up, held_for
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.places.models import Node

LONGEST = 64
QUIET = "definition"
"""The tag of a control around words that claim nothing: definitions in the annex of figures."""

PERCENT = unit("%")
GROWTH, TARGET, RATE, SHORT, IDLE = "同比", "目标", "完成率", "差额", "闲置"
"""What may be made of a figure: its change against a year before; its target, attainment and shortfall (目标#12: of the
target with that row); of what was paid, the money that had come in a year before and is not paid yet."""

OPS = ("", GROWTH, TARGET, RATE, SHORT, IDLE)
SINCE_BEFORE = {IDLE: "funds.fiscal"}
"""Whose figure of a year before an operation needs, where it is another measure's."""

_TAG = re.compile(r"([a-z0-9_.]+)(?:\|(\w+)(?:#(\d+))?)?@(\d+)", re.UNICODE)


@dataclass(frozen=True)
class Tag:
    """A number's figure: its measure's code, what is made of it (op, of which target), node, period, transaction."""

    code: str
    node: str
    period: Period
    transaction: int
    op: str = ""
    target: int = 0

    @property
    def tag(self) -> str:
        made = f"|{self.op}#{self.target}" if self.target else f"|{self.op}" if self.op else ""
        return f"{self.code}{made}@{self.transaction}"

    @property
    def title(self) -> str:
        return f"{self.node} {self.period.address}"

    @property
    def measure(self) -> Measure | Ratio:
        return MEASURES[self.code]

    @property
    def before(self) -> Measure | Ratio:
        """The measure whose figure of a year before is needed."""
        return MEASURES[SINCE_BEFORE.get(self.op, self.code)]

    @property
    def address(self) -> str:
        """Of the figure that it is made of: /figures/CODE/NODE/FROM..UNTIL@TX."""
        return f"/figures/{self.code}/{self.node}/{self.period.address}@{self.transaction}"

    @property
    def unit(self) -> Unit:
        return PERCENT if self.op in (GROWTH, RATE) else self.measure.unit

    @property
    def name(self) -> str:
        return f"{self.measure.name}{self.op}"

    @classmethod
    def parse(cls, tag: str, title: str) -> Tag | None:
        """The inverse of `tag` and `title`; None for a control that is not ours or speaks of no measure."""
        found, (node, _, span) = re.fullmatch(_TAG, tag), title.partition(" ")
        if not found or found[1] not in MEASURES or (found[2] or "") not in OPS:
            return None
        try:
            return cls(found[1], node, Period.parse(span), int(found[4]), found[2] or "", int(found[3] or 0))
        except ValueError:
            return None


def made(op: str, now: int | None, other: int | None, of: Unit) -> int | None:
    """What an operation makes of a figure and its other number (a year before, or the target), in smallest parts.

    Growth of a rate is in points. None where there is nothing to say: no figure, or nothing to divide by.
    """
    if op == TARGET:
        return other
    if now is None or other is None:
        return None
    if op in (SHORT, IDLE):
        return max(other - now, 0) if op == IDLE else other - now
    if op == GROWTH:
        growth = (
            Fraction(now - other, 100) if of.name == "%" else Fraction((now - other) * 100, other) if other else None
        )
        return None if growth is None else half_up(growth * 100)
    return half_up(Fraction(now * 100 * 100, other)) if other else None


class Worth:
    """What tags are worth as known at one transaction: all figures in a constant number of queries."""

    def __init__(self, tags: Iterable[Tag], known: Known) -> None:
        self.known = known
        given = list(tags)
        self.nodes = {n.number: n for n in Node.objects.filter(number__in={t.node for t in given})}
        self.promised = {p.entry: p.quantity for p in self.promises(given)}
        here = [t for t in given if t.node in self.nodes]
        cells = {self.cell(t, before) for t in here for before in (False, t.op in (GROWTH, IDLE))}
        measures = {t.code: t.measure for t in here} | {t.before.code: t.before for t in here}
        self.held = held_for(measures.values(), cells, known) if cells else {}

    def promises(self, tags: Sequence[Tag]) -> Iterable[Promise]:
        for node, period in {(t.node, t.period) for t in tags if t.target and t.node in self.nodes}:
            yield from in_force([self.nodes[node]], period.until.year, period.until, self.known)

    def cell(self, tag: Tag, before: bool = False) -> Cell:
        return Cell((self.nodes[tag.node],), tag.period.year_before if before else tag.period)

    def figure(self, tag: Tag, before: bool = False) -> Figure | None:
        """The figure that the tag's number is made of; None where its node is no longer there."""
        if tag.node not in self.nodes:
            return None
        return as_figure(tag.before if before else tag.measure, self.cell(tag, before), self.known, self.held)

    def value(self, tag: Tag) -> int | None:
        """In smallest parts of the tag's unit."""
        found = self.figure(tag)
        now = found.value if found else None
        if not tag.op:
            return now
        if tag.op in (GROWTH, IDLE):
            before = self.figure(tag, before=True)
            return made(tag.op, now, before.value if before else None, tag.measure.unit)
        return made(tag.op, now, self.promised.get(tag.target), tag.measure.unit)
