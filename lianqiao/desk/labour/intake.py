"""Seekers from a workbook: read by the import's own rules, entered whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction as database

from lianqiao.desk.labour.forms import AS_TOKEN, BETWEEN
from lianqiao.fields.employment.pool import KINDS, Seeker
from lianqiao.journal import clock
from lianqiao.ledger.columns import Column, Problem, SheetForm
from lianqiao.ledger.protected import keyed_hash, protect
from lianqiao.ledger.registry import column
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.workbooks import reading

WORDS = ("kinds", "skills", "certificates", "places")
OWN = (
    *("gender", "birth_year", "village", "standing", "schooling", "experience", "reach", "least_wage"),
    *("available_from", "no_nights", "household", "couple", "party"),
)
OPTIONAL = frozenset({"gender", "birth_year", "experience", "reach", "no_nights", "standing", "schooling"})
DEFAULTS = {"reach": "不限", "standing": "一般户", "schooling": "初中", "experience": 0, "no_nights": False}
CONSENT = Column("consent", "本人同意", "yesno", required=True)


def columns() -> Iterator[Column]:
    yield Column("name", "姓名", "person", required=True)
    yield Column("id_number", "身份证号", "id_number", required=True)
    yield Column("phone", "电话", "phone", required=True)
    for name in OWN:
        of = column(field_of(name), ())
        yield Column(of.field, of.heading, of.kind, of.required and name not in OPTIONAL, False, of.choices, of.minimum)
    for name in WORDS:
        yield Column(name, str(field_of(name).verbose_name), "text")
    yield CONSENT


def field_of(name: str) -> Any:
    return Seeker._meta.get_field(name)


FORM = SheetForm(code="seekers", name="求职者登记表", columns=tuple(columns()))


@dataclass
class Taken:
    """What became of a workbook. Where anything is refused, nobody is entered."""

    entered: list[Seeker] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    error: str | None = None


def take(path: Path, node: Node, by: User) -> Taken:
    """Enters the seekers of a workbook at a pairing, as told by `by`."""
    found = reading.read(path, FORM)
    if found.error:
        return Taken(error=found.error)
    refused = [*found.refused, *(problem for row in found.accepted for problem in problems(row, node))]
    if refused or not found.accepted:
        return Taken(refused=refused, error=None if refused else "表里没有求职者。")
    with database.atomic():
        made = [entered(row.values, node, by) for row in found.accepted]
    return Taken(entered=made)


def problems(row: Any, node: Node) -> Iterator[Problem]:
    """What stands against a row beside what its cells say."""
    told = row.values
    if not told.get("consent"):
        yield at(row, "consent", "missing", f"第 {row.row} 行：没有本人同意，不能登记。")
    start = f"{keyed_hash('id', told['id_number'])}."
    held = Seeker.objects.filter(node=node, id_number__startswith=start).exclude(state=Seeker.State.ERASED).first()
    if held:
        yield at(row, "id_number", "duplicate", f"第 {row.row} 行：此人已经登记，{held.number}。请改那一条。")
    strange = [word for word in words(told.get("kinds")) if word not in KINDS]
    if strange:
        yield at(
            row, "kinds", "bad_choice", f"第 {row.row} 行：没有工种“{'、'.join(strange)}”。可选：{'、'.join(KINDS)}。"
        )


def at(row: Any, column: str, why: str, message: str) -> Problem:
    return Problem(column, why, message, row.sheet, row.row)


def words(text: Any) -> list[str]:
    return [word for word in BETWEEN.split(str(text or "")) if word]


def entered(told: Any, node: Node, by: User) -> Seeker:
    """Saves one seeker. Year of birth and gender follow from the ID number."""
    number: str = told["id_number"]
    values = {name: told.get(name) for name in OWN if told.get(name) not in (None, "")}
    values |= {"birth_year": int(number[6:10]), "gender": "男" if int(number[16]) % 2 else "女"}
    values |= {name: protect(told[name], kind) for name, kind in AS_TOKEN.items() if told.get(name)}
    values |= {name: words(told.get(name)) for name in WORDS}
    return Seeker.objects.create(
        **(DEFAULTS | values),
        node=node,
        source=Seeker.Source.WORKBOOK,
        consent_on=clock.today(),
        consent_from="登记表“本人同意”一栏",
        entered_by=by,
    )


def headings() -> Sequence[str]:
    """The first line of an empty workbook."""
    return [of.heading for of in FORM.columns]
