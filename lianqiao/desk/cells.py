"""Columns of a ledger as people read them: in lists, on the page of a row, in sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lianqiao.core.units import unit
from lianqiao.desk import wording
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import masked
from lianqiao.ledger.registry import data_fields

YEAR = "年度"  # a column so called holds a year: nothing to add up, no separators
NUMBER = SafeString('<td class="n">'), SafeString("</td>")
CLIPPED = SafeString('<td><span class="clip">'), SafeString("</span></td>")
LONG = 22  # a text of more characters than this gets the whole width of a row's page


@dataclass(frozen=True)
class Cell:
    """A value and how it stands: numbers to the right, long texts over the whole width."""

    heading: str
    text: str | SafeString
    number: bool = False
    wide: bool = False
    unit: str = ""
    # The column of a protected value, which can be revealed.
    protected: str = ""


def is_number(field: Any) -> bool:
    return field.kind in ("int", "money")


def adds_up(field: Any) -> bool:
    """Whether the sum of the column says anything: not of years, nor where each row is of another measure."""
    mixed = any(other.name == "measure" for other in data_fields(field.model))
    return is_number(field) and not is_year(field) and not mixed


def is_year(field: Any) -> bool:
    return str(field.verbose_name).endswith(YEAR)


def cell(entry: Entry, field: Any, scale: int = 1) -> Cell:
    value = getattr(entry, field.name)
    wide = field.kind == "reference" or (isinstance(value, str) and len(value) > LONG)
    unit_name = "元" if field.kind == "money" else ""
    protected = field.name if field.kind == "id_number" and value else ""
    return Cell(str(field.verbose_name), text(field, value, scale), is_number(field), wide, unit_name, protected)


def text(field: Any, value: Any, scale: int = 1) -> str | SafeString:
    """A value as people read it; protected values masked, other rows as links, blank as nothing."""
    if value in (None, ""):
        return ""
    if field.kind in ("id_number", "phone"):
        return masked(value, "id" if field.kind == "id_number" else "phone")
    if field.kind == "reference":
        return linked(value)
    if field.kind == "date":
        return str(value.isoformat())
    if is_number(field):
        return quantity(field, value, scale)
    if field.name == "measure" and value in MEASURES:
        return gettext(MEASURES[value].name)
    if field.kind == "yesno":
        return gettext("是") if value else gettext("否")
    return gettext(value) if field.kind == "choice" else str(value)


def quantity(field: Any, value: int, scale: int) -> str:
    if is_year(field):
        return str(value)
    return wording.amount(value, wording.MONEY if field.kind == "money" else unit("个"), scale)


def linked(entry: Entry) -> SafeString:
    address = reverse("entry", args=[entry.ledger.code, entry.number])
    return format_html('<a href="{}">{}</a>', address, entry.summary() or entry.number)


def heading(field: Any, scale: int) -> str:
    """The column's heading, with the unit of money where it holds money."""
    name = gettext(str(field.verbose_name))
    return (
        f"{name}{gettext('（')}{wording.unit_name(wording.MONEY, scale)}{gettext('）')}"
        if field.kind == "money"
        else name
    )


def cells(entry: Entry, scale: int = 1) -> list[Cell]:
    return [cell(entry, field, scale) for field in data_fields(type(entry))]


def row(cells: Iterable[Cell]) -> SafeString:
    """The cells as they stand in a list: put together here, since a template takes ten times as long over six hundred of them."""
    return format_html_join("", "{}{}{}", (around(cell) for cell in cells))


def around(cell: Cell) -> tuple[str, str, str]:
    before, after = NUMBER if cell.number else CLIPPED
    return before, cell.text, after


def in_pairs(cells: list[Cell]) -> list[Cell]:
    """The cells two to a line; one that would stand alone on its line gets all of it."""
    made: list[Cell] = []
    left = True
    for at, cell in enumerate(cells):
        following = cells[at + 1] if at + 1 < len(cells) else None
        alone = left and (following is None or following.wide)
        made.append(replace(cell, wide=True) if alone else cell)
        left = True if cell.wide or alone else not left
    return made
