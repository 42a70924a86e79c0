"""The library of typical cases: which there are, and whether the journal bears out the numbers that they quote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from lianqiao.briefings.models import Case
from lianqiao.claims.check import Checked, check
from lianqiao.claims.told import verdict_json
from lianqiao.journal.figures import Known
from lianqiao.ledger.models import State
from lianqiao.places.models import Node

WORDS = ("title", "text", "source", "published")


def library(nodes: Iterable[Node]) -> QuerySet[Case]:
    """The approved cases of these nodes: those that reports and the portal may draw on, the latest first."""
    held = Case._base_manager.filter(state=State.APPROVED, node__in=nodes)
    return held.select_related("node").order_by("-as_of", "-pk")


def search(cases: QuerySet[Case], words: str) -> QuerySet[Case]:
    """The cases that have each of these words somewhere in their title, text, source or where they were published."""
    for word in words.split():
        found = Q()
        for column in WORDS:
            found |= Q(**{f"{column}__icontains": word})
        cases = cases.filter(found)
    return cases


def checked(case: Case, known: Known | None = None) -> Checked:
    """The numbers of a case held against the journal as of its 数据截至, as known at a transaction (now, if none)."""
    assert case.node is not None
    return check(case.title, case.text, case.node, case.as_of, known, published=case.as_of)


def verdicts(case: Case) -> list[dict[str, Any]]:
    """What the check says of each number, as data: with the figure's address where the journal has one."""
    return [verdict_json(verdict) for verdict in checked(case).verdicts]
