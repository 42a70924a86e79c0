"""The forms of enquiries and leads: dates and money are read as everywhere; the rules are those of fields.industry.leading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from lianqiao.desk.forms import CellField
from lianqiao.fields.industry import leading
from lianqiao.fields.industry.leads import LOST_FOR, Lead, LeadStep, Stage
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.columns import Column
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import column, data_fields
from lianqiao.people.models import User
from lianqiao.places.models import Node

REQUIRED = {"required": gettext_lazy("必填，未填。请补上。")}


def day(heading: str, *, today: bool = False) -> CellField:
    shown: dict[str, Any] = {"initial": clock.today} if today else {}
    box = forms.TextInput({"placeholder": "2021-10-12", "inputmode": "numeric", "autocomplete": "off"})
    return CellField(Column("day", heading, "date"), widget=box, **shown)


def money() -> CellField:
    box = forms.TextInput({"inputmode": "decimal", "class": "n", "autocomplete": "off"})
    return CellField(Column("amount", "意向投资额", "money"), widget=box)


def words(lines: int = 1) -> forms.CharField:
    box = forms.Textarea({"rows": lines}) if lines > 1 else forms.TextInput({"autocomplete": "off"})
    return forms.CharField(required=False, max_length=leading.MOST_WORDS, widget=box)


def refuse(form: forms.Form, refused: Refused) -> None:
    """Tells each problem at its field, or above the form."""
    for problem in refused.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def columns(model: type[Entry]) -> Iterator[tuple[str, Column | None]]:
    """A ledger's columns in the order of its template, and the notes."""
    yield from ((field.name, column(field, model.ledger.key)) for field in data_fields(model))
    yield "notes", None


class Why(forms.Form):
    why = words()


class Take(forms.Form):
    """Who takes an enquiry on, how much it may be, what comes next and until when."""

    owner = forms.ModelChoiceField(User.objects.none(), empty_label="—", error_messages=REQUIRED)
    amount = money()
    next_step = words()
    due_on = day("期限")

    def __init__(self, node: Node, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["owner"].queryset = leading.owners(node)  # type: ignore[attr-defined]


class Deed(forms.Form):
    """Something done about a lead."""

    def __init__(self, lead: Lead, data: QueryDict | None) -> None:
        super().__init__(data, initial=self.first(lead), auto_id=f"id_{type(self).__name__.lower()}_%s")

    def first(self, lead: Lead) -> dict[str, Any]:
        return {}


class Note(Deed):
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in (LeadStep.Kind.NOTE, LeadStep.Kind.VISIT)], required=False
    )
    on = day("日期", today=True)
    text = words(3)
    next_step = words()
    due_on = day("期限")

    def first(self, lead: Lead) -> dict[str, Any]:
        return {"next_step": lead.next_step, "due_on": lead.due_on}

    def clean_on(self) -> Any:
        return self.cleaned_data["on"] or clock.today()


class Assign(Deed):
    owner = forms.ModelChoiceField(User.objects.none(), error_messages=REQUIRED)
    amount = money()
    why = words()

    def __init__(self, lead: Lead, data: QueryDict | None) -> None:
        super().__init__(lead, data)
        self.fields["owner"].queryset = leading.owners(lead.node)  # type: ignore[attr-defined]

    def first(self, lead: Lead) -> dict[str, Any]:
        return {"owner": lead.owner, "amount": lead.amount}


class Move(Deed):
    """To another stage; landing has a page of its own, where the enterprise's row is filled in."""

    to = forms.ChoiceField(error_messages=REQUIRED)
    on = day("日期", today=True)
    lost_for = forms.ChoiceField(required=False)
    why = words(2)

    def __init__(self, lead: Lead, data: QueryDict | None) -> None:
        super().__init__(lead, data)
        ways = [stage for stage in leading.ways(lead) if stage != Stage.LANDED]
        self.fields["to"].choices = [(stage.value, gettext(stage.label)) for stage in ways]  # type: ignore[attr-defined]
        lost = [(one, gettext(one)) for one in LOST_FOR]
        self.fields["lost_for"].choices = [("", "—"), *lost]  # type: ignore[attr-defined]

    def clean_on(self) -> Any:
        return self.cleaned_data["on"] or clock.today()
