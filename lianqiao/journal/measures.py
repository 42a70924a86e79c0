"""What can be counted: measures and ratios, declared in code beside the ledger that feeds them.

A measure's rule never changes after release: a change is a new version valid from a business date, and a resync
posts the differences with a reason. `register_all` (after each migrate) holds the code against what the database
has recorded of each version and stops where a rule was changed in place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

from lianqiao.core.units import Unit, unit

Relation = Literal["", "part", "cover", "subset"]
RELATIONS: dict[Relation, str] = {"": "", "part": "分项", "cover": "含", "subset": "其中"}
BEGINNING = date(1990, 1, 1)


class NotAddable(ValueError):
    """Measures that cannot be added, with the reason in Chinese."""


@dataclass(frozen=True)
class Version:
    number: int
    since: date
    note: str = ""


class Post(NamedTuple):
    """What an entry should have in the journal: a quantity of a measure on the day it happened."""

    measure: Measure
    quantity: int
    on: date
    subject: int | None = None
    bare: bool = False


@dataclass(frozen=True)
class Measure:
    """A measure. Quantities are integers in the unit's smallest part (分 for money).

    relation to `parent`: "part" (a sum: the parts add up to the parent), "cover" (distinct counts: the largest child ≤
    parent ≤ the children's sum), "subset" (其中: at most the parent; with `cumulative`, only over all time).
    distinct: what is counted once ("人，以身份证号为准"), or empty for a sum. stock: what stands at a date.
    """

    code: str
    name: str
    unit: Unit
    definition: str
    excludes: str = ""
    words: tuple[str, ...] = ()
    group: str = ""
    filled_by: str = ""
    parent: Measure | None = None
    relation: Relation = ""
    cumulative: bool = False
    distinct: str = ""
    stock: bool = False
    versions: tuple[Version, ...] = (Version(1, BEGINNING),)

    # A template calls what can be called; {{ measure.name }} would come out empty.
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(
        self, quantity: int | None, on: date | None, subject: int | None = None, also: str = ""
    ) -> Iterator[Post]:
        """Posts of a quantity on a day: to this measure and to every measure that it is a part of or covered by.

        also: the suffix of a subset that the same thing belongs to at every step ("to_west"). Nothing is posted where
        there is no date or no quantity: missing is not zero, and zero moves nothing.
        """
        if not quantity or on is None:
            return
        for measure in self.lineage:
            yield Post(measure, quantity, on, subject)
            if also:
                yield Post(measure.sub(also), quantity, on, subject)

    @cached_property
    def lineage(self) -> tuple[Measure, ...]:
        """This measure and what it is a part of or covered by, upwards."""
        above = self.parent if self.parent and self.relation in ("part", "cover") else None
        return (self, *above.lineage) if above else (self,)

    def ancestors(self) -> Iterator[Measure]:
        at = self.parent
        while at:
            yield at
            at = at.parent

    def sub(self, suffix: str) -> Measure:
        found = MEASURES[f"{self.code}.{suffix}"]
        assert isinstance(found, Measure)
        return found

    def children(self) -> list[Measure]:
        return [m for m in MEASURES.values() if isinstance(m, Measure) and m.parent is self]

    def version_at(self, on: date) -> int:
        """The version of the rule that was valid on a business date."""
        if len(self.versions) == 1:
            return self.versions[0].number
        return max(v.number for v in self.versions if v.since <= on or v.number == 1)

    def rule(self, version: Version) -> str:
        """The rule as the database records it: what may not change without a new version."""
        parent = self.parent.code if self.parent else ""
        told = [
            self.code,
            self.unit.name,
            self.unit.decimals,
            self.distinct,
            self.stock,
            parent,
            self.relation,
            version.since.isoformat(),
        ]
        return json.dumps(told, ensure_ascii=False)


@dataclass(frozen=True)
class Ratio:
    """A rate: numerator ÷ denominator, both measures; over all time if `cumulative`. Never posted, never capped."""

    code: str
    name: str
    numerator: Measure
    denominator: Measure
    definition: str
    excludes: str = ""
    words: tuple[str, ...] = ()
    group: str = ""
    cumulative: bool = False
    unit: Unit = field(default_factory=lambda: unit("%"))


MEASURES: dict[str, Measure | Ratio] = {}


def measure(code: str, name: str, unit_name: str, definition: str, **more: object) -> Measure:
    """Declares a measure: makes it and keeps it under its code. Raises ValueError if the code is taken."""
    return keep(Measure(code, name, unit(unit_name), definition, **more))  # type: ignore[arg-type]


def keep[M: (Measure, Ratio)](made: M) -> M:
    if made.code in MEASURES:
        raise ValueError(f"measure {made.code} is declared twice")
    MEASURES[made.code] = made
    return made


def split(parent: Measure, suffix: str, name: str, relation: Relation, definition: str = "", **more: object) -> Measure:
    """Declares a measure below another, counted the same way; its code is the parent's and the suffix."""
    shared = {"group": parent.group, "filled_by": parent.filled_by, "distinct": parent.distinct, "stock": parent.stock}
    told = {**shared, **more, "parent": parent, "relation": relation}
    code = str(told.pop("code", f"{parent.code}.{suffix}"))
    return measure(code, name, parent.unit.name, definition or f"{parent.name}中的{name}。{parent.definition}", **told)


def check_addable(measures: list[Measure]) -> None:
    """Raises NotAddable where adding these would count something twice or mix units."""
    for one in measures:
        for other in measures:
            if one is not other and other in one.ancestors():
                how = RELATIONS[one.relation]
                raise NotAddable(
                    f"“{one.name}”（{one.code}）是“{other.name}”（{other.code}）的{how}，已在其中，不能相加。"
                )
    if len({m.code for m in measures}) < len(measures):
        raise NotAddable("同一指标列了两次，不能相加。")
    if len({m.unit.name for m in measures}) > 1:
        raise NotAddable(f"单位不同（{'、'.join(m.unit.name for m in measures)}），不能相加。")
    if len({(m.distinct, m.stock) for m in measures}) > 1:
        raise NotAddable("算法不同（累加与去重、流量与存量），不能相加。")


def percent(numerator: int, denominator: int) -> Fraction | None:
    """The rate in percent, exact; None where there is nothing to divide by. Never capped."""
    return Fraction(numerator * 100, denominator) if denominator else None
