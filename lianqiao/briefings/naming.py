"""What fields of templates are called: measures by their Chinese names or codes, lists by their ledgers' names."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from functools import cache

from lianqiao.journal.measures import MEASURES, Measure, Ratio

NOT_OF_NAMES = re.compile(r"[^\w·]")


@cache
def fields() -> dict[str, Measure | Ratio]:
    """Field → measure: its name, with as many of those that it is a part of before it as tell it apart from all others:
    互访人次·东部赴西部."""
    ends = Counter(end for measure in MEASURES.values() for end in ends_of(measure))
    return {next(end for end in ends_of(m) if ends[end] == 1 and end.isidentifier()): m for m in MEASURES.values()}


def ends_of(measure: Measure | Ratio) -> list[str]:
    """The ways to call a measure, the shortest first: its own name, with its parent's, and so on up to its group's."""
    parts = [measure.name]
    if isinstance(measure, Measure):
        parts += [above.name for above in measure.ancestors()]
    told = [clean(part) for part in (*parts, measure.group)]
    return ["·".join(reversed(told[:n])) for n in range(1, len(told) + 1)]


def clean(name: str) -> str:
    """A name as it can stand in a template: 其中脱贫（监测）劳动力 without its brackets."""
    return NOT_OF_NAMES.sub("", name)


def told(measure: Measure | Ratio) -> str:
    """How a table calls a measure: by its own name, or by its field where others are called so too."""
    names = [other.name for other in MEASURES.values()]
    return measure.name if names.count(measure.name) == 1 else field_of()[measure.code]


@cache
def field_of() -> dict[str, str]:
    """Measure's code → its field."""
    return {measure.code: name for name, measure in fields().items()}


@cache
def families() -> frozenset[str]:
    """What codes begin with: every prefix up to a dot."""
    parts = [code.split(".") for code in MEASURES]
    return frozenset(".".join(part[:n]) for part in parts for n in range(1, len(part)))


def near(name: str, known: list[str]) -> list[str]:
    """Names that may have been meant, at most three: those written alike, those that hold it or are held in it."""
    alike = difflib.get_close_matches(name, known, 3, 0.6)
    held = [one for one in known if len(name) > 1 and (name in one or (len(one) > 1 and one in name))]
    return list(dict.fromkeys([*alike, *held]))[:3]
