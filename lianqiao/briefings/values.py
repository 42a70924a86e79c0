"""What a template's names stand for: figures, targets, nodes. Immutable; filters make new ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from lianqiao.agreements.targets import BEHIND, STATES, Attainment
from lianqiao.briefings import naming
from lianqiao.briefings.book import Book, this_year
from lianqiao.briefings.rows import Amount
from lianqiao.briefings.style import MONEY, PLAIN, WAN, Style, growth, unit_of, written
from lianqiao.claims.tagged import GROWTH, IDLE, PERCENT, RATE, SHORT, TARGET, Tag, made
from lianqiao.core.periods import Period
from lianqiao.core.units import Unit
from lianqiao.journal.figures import Figure, half_up
from lianqiao.journal.measures import Measure, Ratio
from lianqiao.places.models import Node


class NotSo(ValueError):
    """A template asks for something that there is not; the message says what, in Chinese."""


@dataclass(frozen=True)
class Field:
    """A figure in a template: of a measure at a node in a period, what is made of it, and how it is written.

    or_dash: where there is no figure, a dash may stand (可缺); else that is an error.
    """

    book: Book = field(compare=False, repr=False)
    measure: Measure | Ratio
    node: Node
    period: Period
    op: str = ""
    target: int = 0
    style: Style = PLAIN
    or_dash: bool = False

    @property
    def tag(self) -> Tag:
        known = self.book.about.known.number
        return Tag(self.measure.code, self.node.number, self.period, known, self.op, self.target)

    @property
    def figure(self) -> Figure:
        return self.book.figure(self.measure, self.node, self.period)

    @property
    def unit(self) -> Unit:
        return PERCENT if self.op in (GROWTH, RATE) else self.measure.unit

    @property
    def value(self) -> int | None:
        """In smallest parts of its unit; None where there is none."""
        if not self.op:
            return self.figure.value
        return made(self.op, self.figure.value, self.other, self.measure.unit)

    @property
    def other(self) -> int | None:
        if self.op in (GROWTH, IDLE):
            return self.book.figure(self.tag.before, self.node, self.period.year_before).value
        return next((a.promise.quantity for a in self.book.attainments if a.promise.entry == self.target), None)

    def written(self) -> str | None:
        """Its text; None where there is no figure."""
        value = self.value
        if value is None:
            return None
        if self.op == GROWTH and not self.style.table:
            return growth(value, self.measure.unit)
        return written(value, self.unit, self.style)

    @property
    def unit_told(self) -> str:
        return unit_of(self.value, self.unit, self.style)

    def get(self, name: str) -> Any:
        """What may be asked of a figure beside its value. KeyError for anything else."""
        measure = self.measure
        told: dict[str, Any] = {"名称": naming.told(measure), "口径": measure.definition, "领域": measure.group}
        told |= {"代码": measure.code, "不包括": measure.excludes}
        if name == "单位":
            return self.unit_told
        if name == "其中":
            below = isinstance(measure, Measure) and measure.parent is not None
            return "其中：" if below and not measure.name.startswith("其中") else ""
        return told[name]

    # In conditions: in the unit in which it is written ---------------------------------------------------------------

    def amount(self) -> Fraction:
        value = self.value
        if value is None:
            raise NotSo(f"“{self.measure.name}”{self.period.describe()}没有记录，不能比较。先问“is 有”。")
        scale = self.style.scale if self.unit == MONEY and self.style.scale else 1
        return Fraction(value, self.unit.smallest_parts * scale)

    def __lt__(self, other: object) -> bool:
        return self.amount() < amount_of(other)

    def __le__(self, other: object) -> bool:
        return self.amount() <= amount_of(other)

    def __gt__(self, other: object) -> bool:
        return self.amount() > amount_of(other)

    def __ge__(self, other: object) -> bool:
        return self.amount() >= amount_of(other)

    def __eq__(self, other: object) -> bool:
        return self.amount() == amount_of(other)

    def __hash__(self) -> int:
        return hash((self.measure.code, self.node.pk, self.period, self.op))

    def __bool__(self) -> bool:
        """Whether there is a figure, and not zero."""
        return bool(self.value)


FIELD_WORDS = frozenset({"名称", "口径", "领域", "代码", "不包括", "单位", "其中"})


def amount_of(other: object) -> Fraction:
    if isinstance(other, Field):
        return other.amount()
    if isinstance(other, bool) or not isinstance(other, int | float):
        raise NotSo("数字只能与数字比较。")
    return Fraction(str(other))


@dataclass(frozen=True)
class Targeted:
    """A target of the year as a row of a table: promised, done, rate, against the pace, state."""

    book: Book = field(repr=False)
    one: Attainment

    def get(self, name: str) -> Any:
        """KeyError for what a target has not."""
        measure = self.one.promise.measure
        told: dict[str, Any] = {
            "指标": measure.name,
            "协议": self.one.promise.agreement,
            "进展": STATES[self.one.state],
        }
        if name in told:
            return told[name]
        if name == "单位":
            return "万元" if measure.unit == MONEY else measure.unit.name
        if name == "比时序":
            gap = self.one.gap
            return None if gap is None else Amount(half_up(gap * 100), PERCENT, Style(table=True, signed=True))
        done = Field(self.book, measure, self.book.about.node, this_year(self.book.about.until), or_dash=True)
        scale = WAN if measure.unit == MONEY else 0
        op = {"目标值": TARGET, "完成数": "", "完成率": RATE, "差额": SHORT}[name]
        return replace(done, op=op, target=self.one.promise.entry if op else 0, style=Style(scale=scale))

    @property
    def lags(self) -> bool:
        gap = self.one.gap
        return self.one.state == "behind" or (gap is not None and gap <= BEHIND)


TARGET_WORDS = frozenset({"指标", "协议", "进展", "单位", "比时序", "目标值", "完成数", "完成率", "差额"})


@dataclass(frozen=True)
class Place:
    """A node in a loop over what is below."""

    node: Node

    def get(self, name: str) -> Any:
        told = {"名称": str(self.node), "层级": self.node.kind, "编号": self.node.number}
        return told[name]


PLACE_WORDS = frozenset({"名称", "层级", "编号"})


@dataclass(frozen=True)
class Year:
    """A year in a loop over all years."""

    number: int

    def get(self, name: str) -> Any:
        return {"年": self.number}[name]


YEAR_WORDS = frozenset({"年"})


@dataclass(frozen=True)
class Evidence:
    """One row of the index of evidence."""

    ledger: str
    number: str
    summary: str
    kinds: str

    def get(self, name: str) -> Any:
        told = {"台账": self.ledger, "编号": self.number, "摘要": self.summary, "材料": self.kinds}
        return told[name]


EVIDENCE_WORDS = frozenset({"台账", "编号", "摘要", "材料"})


@dataclass(frozen=True)
class Family:
    """The beginning of a code: funds in funds.total."""

    code: str
