"""The reader's words: which indicator a number speaks of, and which measures of the journal may hold it.

The words themselves are data beside this file: `rules.tsv` (words → indicator), `measures.tsv` (indicator → measures) and
`choices.tsv` (which of several measures comes first).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from lianqiao.claims.tables import pattern, rows

_NO_TEXT = frozenset(["chain", "digits", "scope", "unit"])
"""Conditions on something other than the words of the text."""


@dataclass(frozen=True)
class Condition:
    """One cell of a rule: `pattern` must be found (or, `forbidden`, must not) in the words called `where`."""

    where: str
    pattern: re.Pattern[str]
    forbidden: bool


@dataclass(frozen=True)
class Rule:
    """One row of rules.tsv. `indicator` None: a number of this kind is a claim, but no indicator."""

    indicator: str | None
    kinds: frozenset[str]
    conditions: tuple[Condition, ...]

    def words(self, words: Mapping[str, str]) -> tuple[str, ...] | None:
        """The words that decided, or None if a condition is not met."""
        found = []
        for condition in self.conditions:
            match = condition.pattern.search(words[condition.where])
            if bool(match) == condition.forbidden:
                return None
            if match and condition.where not in _NO_TEXT:
                found.append(match[0].strip("|,"))
        return tuple(word for word in found if word)


def _condition(cell: str) -> Condition:
    where, _, written = cell.removeprefix("!").partition("=")
    return Condition(where, re.compile(pattern(written)), cell.startswith("!"))


RULES = [
    Rule(
        None if row["indicator"] == "-" else row["indicator"],
        frozenset(row["kinds"].split(",")),
        tuple(_condition(cell) for cell in row["conditions"].split()),
    )
    for row in rows("rules.tsv")
]


@dataclass(frozen=True)
class Decision:
    """What a number speaks of (None: no indicator), and the words that say so."""

    indicator: str | None
    words: tuple[str, ...] = ()


@cache
def _rules(kind: str, unit: str) -> tuple[Rule, ...]:
    """The rules for numbers of this kind and unit, in order. Kinds and units are those of units.tsv, so these are few."""
    return tuple(rule for rule in RULES if kind in rule.kinds or unit in rule.kinds)


def decide(kind: str, unit: str, words: Mapping[str, str]) -> Decision | None:
    """The first rule's decision for a number of this kind and unit among `words` (see rules.tsv), None if none speaks."""
    for rule in _rules(kind, unit):
        if (found := rule.words(words)) is not None:
            return Decision(rule.indicator, found)
    return None


class Spoken(Protocol):
    """What `measures` needs of a claim."""

    @property
    def indicator(self) -> str | None: ...
    @property
    def context(self) -> str: ...
    @property
    def period(self) -> str: ...


MEASURES = {row["indicator"]: [m for m in row["measures"].split() if m != "-"] for row in rows("measures.tsv")}
"""The measures that may hold an indicator, the likeliest first; empty where the journal keeps none."""

_CHOICES = [(row["indicator"], re.compile(row["pattern"]), row["measure"]) for row in rows("choices.tsv")]


def measures(claim: Spoken) -> list[str]:
    """The measures of the journal that may hold a claim, the best fit first; empty where there is none.

    The words around the number decide (choices.tsv: 镇村结对 → twin.*); a gift at an event is a pledge before it is money.
    """
    found = list(MEASURES.get(claim.indicator or "", []))
    for indicator, words, measure in _CHOICES:
        if indicator == claim.indicator and words.search(claim.context):
            found = [measure[1:]] if measure.startswith("=") else _first(measure, found)
            break
    else:
        if claim.indicator == "funds.social" and claim.period == "point":
            found = _first("donations.pledged", found)
    return found


def _first(measure: str, others: list[str]) -> list[str]:
    return [measure, *(other for other in others if other != measure)]
