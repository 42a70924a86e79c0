"""What a refused cell most plainly means, for the person who corrects it to take or leave. It is never taken by itself."""

from __future__ import annotations

import re
from datetime import date

from lianqiao.ledger.columns import Column, Problem
from lianqiao.workbooks.cells import spaceless

_NOT = re.compile(r"[非不未无没]")
_DAY = re.compile(r"(\d{4})(?:年(\d{1,2})月|[-/.、,](\d{1,2})[-/.、,])(\d{1,2})[日号]?(?:\(.*\))?", re.ASCII)
_COUNTED = re.compile(r"(\d+)(?:[位批件项所座辆头亩]|人数|人员)", re.ASCII)
_CUT = "…"


def suggestion(problem: Problem, column: Column | None) -> str:
    """A value that the column takes, or an empty text where the cell can mean more than one thing, or nothing."""
    value = spaceless(problem.value)
    if column is None or not value or value.endswith(_CUT):
        return ""
    if problem.why == "bad_choice" and column.choices:
        return nearest_choice(value, column.choices)
    if problem.why == "bad_date":
        return whole_day(value)
    counted = _COUNTED.fullmatch(value)
    return counted[1] if counted and problem.why == "bad_number" and column.kind == "int" else ""


def nearest_choice(value: str, choices: tuple[str, ...]) -> str:
    """The one choice whose characters stand in the value in order (县处级: 县级), or the other way round."""
    if len(value) < 2 or _NOT.search(value):
        return ""
    found = [choice for choice in choices if is_within(spaceless(choice), value) or is_within(value, spaceless(choice))]
    return found[0] if len(found) == 1 else ""


def is_within(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def whole_day(value: str) -> str:
    """A day written year first with mixed signs: 2021年10月12, 2021、10、12."""
    match = _DAY.fullmatch(value)
    if not match:
        return ""
    try:
        return date(int(match[1]), int(match[2] or match[3]), int(match[4])).isoformat()
    except ValueError:
        return ""
