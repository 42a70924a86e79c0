"""What a reader of workbooks must know of a ledger, as plain data without Django."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Column:
    """One column of a ledger: its field code, its Chinese heading and what a cell below it may hold.

    `synonyms` are other headings, and `words` other words for its choices (theirs, ours), that an office goes by.
    `kind` is one of text, int, money, date, choice, yesno, person, id_number, phone, credit_code, place,
    reference and evidence. `ending` marks a date that ends something, where 至今 means "not yet", so blank.
    """

    field: str
    heading: str
    kind: str
    required: bool = False
    key: bool = False
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    ending: bool = False
    synonyms: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SheetForm:
    """A ledger as a sheet: its columns and the rules between the cells of one row.

    `order` holds chains of date fields that may not run backwards, `parts` pairs (part, whole) where the part may
    not exceed the whole, `either` groups of fields of which one must be filled, `span` a pair (date, days) where
    the date may be written as a span of days. `fund_year` says that the 年度 column is a 资金年度 and dates nothing.
    `others` are the names of the other ledgers: a sheet that is called so is not this one's.
    """

    code: str
    name: str
    columns: tuple[Column, ...]
    order: tuple[tuple[str, ...], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    span: tuple[str, str] | None = None
    fund_year: bool = False
    others: frozenset[str] = frozenset()

    @cached_property
    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}


@dataclass(frozen=True)
class Problem:
    """An error in user data, as a value with a place.

    `why` is a word of the import rules (missing, bad_date, …) and `message` the Chinese sentence that says where,
    what is wrong and what to do. `row` counts from 1, 0 where there is no row; `cell` is like "C7".
    """

    field: str | None
    why: str
    message: str
    sheet: str = ""
    row: int = 0
    cell: str | None = None
    value: str = ""
