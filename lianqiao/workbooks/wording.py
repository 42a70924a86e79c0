"""What offices call our columns and choices: said once by hand, remembered for the imports of that office alone.

An office is what its users have as their 单位; a user without one is an office of his own. Our own names always come
first, and where two ways of reading are left, the file is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lianqiao.journal import clock
from lianqiao.ledger.acts import refuse
from lianqiao.ledger.columns import Column, SheetForm
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import sheet_form
from lianqiao.people.models import User
from lianqiao.workbooks.cells import spaceless
from lianqiao.workbooks.layout import Vocabulary, normal
from lianqiao.workbooks.models import Wording


@dataclass(frozen=True)
class Said:
    """One heading (choice "") or one word for a choice, as a person says it."""

    field: str
    theirs: str
    choice: str = ""


def office_of(user: User) -> str:
    return user.office.strip() or user.username


def heading(text: str, model: type[Entry]) -> Said:
    """他们的列=字段, our column by its heading or code. Raises Refused."""
    theirs, sign, ours = text.rpartition("=")
    form = sheet_form(model)
    if not sign or not normal(theirs):
        raise refuse(f"“{text}”：写作“他们的列=我们的列”。", why="bad_text")
    column = column_named(ours, form)
    own = next((c for c in form.columns if normal(c.heading) == normal(theirs)), None)
    if own:
        raise refuse(f"“{theirs.strip()}”就是“{own.heading}”列自己的名称，不能另指。", why="bad_text")
    return Said(column.field, normal(theirs))


def word(text: str, model: type[Entry]) -> Said:
    """列:他们的词=我们的词, ours one of the column's choices. Raises Refused."""
    name, colon, pair = text.replace("：", ":").partition(":")
    theirs, sign, ours = (spaceless(part) for part in pair.rpartition("="))
    if not colon or not sign or not theirs:
        raise refuse(f"“{text}”：写作“列:他们的词=我们的词”。", why="bad_text")
    column = column_named(name, sheet_form(model))
    choices = {spaceless(choice): choice for choice in column.choices}
    if ours not in choices:
        raise refuse(
            f"{column.heading}：没有“{ours}”。可选：{'、'.join(column.choices) or '（不是选择列）'}。", why="bad_choice"
        )
    if theirs in choices:
        raise refuse(f"{column.heading}：“{theirs}”本来就是一个可选词，不能另指。", why="bad_text")
    return Said(column.field, theirs, choices[ours])


def column_named(name: str, form: SheetForm) -> Column:
    """Our column of that code, heading or everyday name, if it is just one. Raises Refused."""
    columns = {column.field: column for column in form.columns}
    if name.strip() in columns:
        return columns[name.strip()]
    found = Vocabulary(form).fields(normal(name))
    best = [field for rank, field in found if rank == found[0][0]]
    if len(best) != 1:
        raise refuse(f"{form.name}里没有“{name.strip()}”这一列，或不止一列。", why="bad_text")
    return columns[best[0]]


def form_for(model: type[Entry], by: User, said: Sequence[Said] = ()) -> SheetForm:
    """The ledger as this user's office writes it: what is remembered, and what is said now, which comes first."""
    kept = Wording.objects.filter(office=office_of(by), ledger=model.ledger.code)
    return with_wording(sheet_form(model), [*said, *(Said(w.field, w.theirs, w.choice) for w in kept)])


def with_wording(form: SheetForm, said: Iterable[Said]) -> SheetForm:
    headings: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    for one in said:
        if one.choice:
            words.setdefault((one.field, one.theirs), one.choice)
        else:
            headings.setdefault(one.theirs, one.field)
    if not headings and not words:
        return form
    return replace(form, columns=tuple(worded(column, headings, words) for column in form.columns))


def worded(column: Column, headings: dict[str, str], words: dict[tuple[str, str], str]) -> Column:
    own = [
        (theirs, ours) for (field, theirs), ours in words.items() if field == column.field and ours in column.choices
    ]
    return replace(
        column,
        synonyms=(*column.synonyms, *(theirs for theirs, field in headings.items() if field == column.field)),
        words=(*column.words, *own),
    )


def remember(model: type[Entry], by: User, said: Sequence[Said]) -> None:
    """Keeps what was said, in place of what that office said before."""
    office, code = office_of(by), model.ledger.code
    for one in said:
        named: dict[str, Any] = {"office": office, "ledger": code, "theirs": one.theirs}
        told = {"field": one.field, "choice": one.choice, "by": by, "at": clock.now()}
        if one.choice:
            Wording.objects.exclude(choice="").update_or_create(**named, field=one.field, defaults=told)
        else:
            Wording.objects.filter(choice="").update_or_create(**named, defaults=told)


def remembered(by: User) -> list[Wording]:
    """What the user's office is remembered to write."""
    return list(Wording.objects.filter(office=office_of(by)).select_related("by"))


def forget(number: int, by: User) -> Wording:
    """Forgets one of them. Raises Refused where the user's office has none of that number."""
    held = Wording.objects.filter(office=office_of(by), pk=number).first()
    if held is None:
        raise refuse(f"{office_of(by)}没有记着 #{number}。", why="missing")
    Wording.objects.filter(pk=number).delete()
    return held
