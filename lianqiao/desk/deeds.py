"""What can be done with chosen rows, each under the verb that its button bears."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from lianqiao.ledger import acts
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Entry
from lianqiao.people.access import Act
from lianqiao.people.models import User


@dataclass(frozen=True)
class Given:
    """What the form says beside the rows."""

    why: str
    despite_twins: bool


Run = Callable[[Sequence[Entry], User, Given], Any]


@dataclass(frozen=True)
class Deed:
    """A verb, the right that it needs, what is said when it is done. reason: whether it asks for one."""

    word: str
    act: Act
    done: str
    run: Run
    reason: bool = False


def one_by_one(run: Callable[[Entry, User, str], Any]) -> Run:
    def each(rows: Sequence[Entry], by: User, given: Given) -> None:
        acts.chosen(rows)
        for row in rows:
            run(row, by, given.why)

    return each


def approve(rows: Sequence[Entry], by: User, given: Given) -> Any:
    return acts.approve(rows, by, given.why, despite_twins=given.despite_twins)


DEEDS = {
    "submit": Deed(
        gettext_noop("提交"),
        "fill",
        gettext_noop("已提交 %(n)s 行，待审核。"),
        lambda rows, by, _: acts.submit(rows, by),
    ),
    "approve": Deed(gettext_noop("通过"), "review", gettext_noop("已通过 %(n)s 行，记入账本。"), approve),
    "return": Deed(
        gettext_noop("退回"),
        "review",
        gettext_noop("已退回 %(n)s 行。"),
        lambda rows, by, given: acts.send_back(rows, by, given.why),
        reason=True,
    ),
    "withdraw": Deed(
        gettext_noop("撤回修订"),
        "fill",
        gettext_noop("已撤回 %(n)s 行的修订，原来的一版照常计数。"),
        one_by_one(acts.withdraw),
    ),
    "void": Deed(
        gettext_noop("作废"), "void", gettext_noop("已作废 %(n)s 行，不再计数。"), one_by_one(acts.void), reason=True
    ),
    "confirm": Deed(
        gettext_noop("确认"), "confirm", gettext_noop("已确认 %(n)s 行。"), lambda rows, by, _: acts.confirm(rows, by)
    ),
    "object": Deed(
        gettext_noop("有异议"),
        "confirm",
        gettext_noop("已对 %(n)s 行提出异议；改好以前照常计数。"),
        lambda rows, by, given: acts.object_to(rows, by, given.why),
        reason=True,
    ),
}


def at_rows(rows: Sequence[Entry], problems: Sequence[Problem]) -> tuple[dict[int, list[str]], list[str]]:
    """Problems by the row they speak of, and those that speak of none. Those of a row's own cells do not name it."""
    by_row: dict[int, list[str]] = {}
    told = set()
    for row in rows:
        own = {problem.message for problem in check(row)}
        mine = [p.message for p in problems if p.message.startswith(f"{row.number}：") or p.message in own]
        if mine:
            by_row[row.pk] = mine
            told |= set(mine)
    return by_row, [p.message for p in problems if p.message not in told]
