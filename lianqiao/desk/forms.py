"""A ledger's row as a form: its fields read what is typed as the import reads a cell, so that both doors take the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from lianqiao.core.units import plain, unit
from lianqiao.desk import doors
from lianqiao.desk.templatetags.desk import full_name, indent
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Column, Problem
from lianqiao.ledger.fields import IdNumber, Link
from lianqiao.ledger.history import kept_fields
from lianqiao.ledger.models import Entry, State
from lianqiao.ledger.protected import masked, protect
from lianqiao.ledger.registry import column, data_fields
from lianqiao.people import access
from lianqiao.workbooks import cells

YUAN = unit("元")
OFFERED = 300  # so many rows are offered to choose from; any other is named by its 编号
LONG = 200  # texts that may be longer get a box of several lines
YES_NO = (("", ""), ("是", "是"), ("否", "否"))


class CellField(forms.CharField):
    """What is typed is read by the rules of the import (workbooks/cells.py)."""

    def __init__(self, column: Column, **more: Any) -> None:
        super().__init__(required=False, strip=False, label=column.heading, **more)
        self.column = column

    def clean(self, value: Any) -> Any:
        answer = cells.read(value or "", self.column)
        if isinstance(answer, cells.Refused):
            # An ID number is not repeated anywhere.
            told = "" if self.column.kind == "id_number" else f"“{value}”"
            raise ValidationError(f"{self.column.heading}：{told}{answer.message}", code=answer.why)
        return answer

    def prepare_value(self, value: Any) -> Any:
        """What stands in the box: dates and money as they are typed, a protected value never."""
        if value is None or self.column.kind == "id_number":
            return ""
        if self.column.kind == "money" and isinstance(value, int):
            return plain(value, YUAN)
        if isinstance(value, bool):
            return "是" if value else "否"
        return str(value)


class LinkField(forms.CharField):
    """Another row, named by its 编号 or by the field that workbooks name it by."""

    def __init__(self, field: Link, rows: models.QuerySet[Any]) -> None:
        list_of_offers = {"list": f"id_{field.name}_list", "autocomplete": "off"}
        super().__init__(required=False, label=str(field.verbose_name), widget=forms.TextInput(list_of_offers))
        self.by, self.rows = field.by, rows
        self.offers = [(row.number, row.summary()) for row in rows.order_by("-pk")[:OFFERED]]

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        found = list(self.rows.filter(Q(number=text) | Q(**{self.by: text}))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"{self.label}：“{text}”不止一行。请填编号。", code="ambiguous")
        raise ValidationError(f"{self.label}：可见的行里没有“{text}”。请从下拉里选，或填编号。", code="not_found")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            held = self.rows.filter(pk=value).first()
            return held.number if held else ""
        return value


class NodeChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return indent(obj)


if TYPE_CHECKING:
    Base = forms.ModelForm[Any]
else:
    Base = forms.ModelForm


def stamp(entry: Entry) -> str:
    """What a form was opened on: another stamp means that somebody has changed the row since."""
    return f"{entry.version}-{entry.pending or 0}-{entry.state}-{entry.pending_state}"


class EntryForm(Base):
    """The row being filled in. Its problems are those of ledger.checks; the acts check them again under lock."""

    why = forms.CharField(required=False, max_length=300)
    # No column may be called so: what is posted under a column's name goes into the row.
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: access.Person, revising: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.revising = revising
        model = self.model = cast(type[Entry], self._meta.model)
        self.tokens = {f.name: getattr(self.instance, f.name) for f in data_fields(model) if isinstance(f, IdNumber)}
        self.initial.update(node=self.instance.node_id, stamp=stamp(self.instance))
        nodes = access.nodes(person, "fill").filter(confirmed=True)
        self.fields["node"] = NodeChoice(nodes, required=False, label=model.ledger.node_heading, empty_label="—")
        if model.ledger.node_required and self.instance.pk is None:
            self.initial["node"] = doors.main_node(list(nodes))
        visible = access.rows(person, "see")
        for field in data_fields(model):
            if isinstance(field, Link):
                target: Any = field.related_model
                live = target._base_manager.filter(visible).exclude(state=State.VOID)
                self.fields[field.name] = LinkField(field, live)
                self.initial[field.name] = getattr(self.instance, field.attname)

    def _post_clean(self) -> None:
        """Puts what was read into the row and asks the ledger's own rules, instead of the model's validators."""
        self.keep_tokens()
        self.instance = forms.models.construct_instance(self, self.instance)
        for field in data_fields(self.model):
            if getattr(self.instance, field.attname) is None and not field.null and not isinstance(field, Link):
                setattr(self.instance, field.attname, field.get_default())
        if self.revising and not self.cleaned_data.get("why", "").strip():
            self.add_error("why", gettext("修订要写明缘由。"))
        if not self.errors:
            self.refuse(check(self.instance))

    def keep_tokens(self) -> None:
        """An ID number is sealed as soon as it is read; left empty, it stays what it was."""
        for name, held in self.tokens.items():
            typed = self.cleaned_data.get(name)
            self.cleaned_data[name] = protect(typed) if typed else held

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Tells each problem at its field, or above the form."""
        for problem in problems:
            name = "node" if problem.field == self.instance.ledger.node_field else problem.field
            self.add_error(name if name in self.fields else None, problem.message)

    def values(self) -> dict[str, Any]:
        """The row's values as the acts take them."""
        return {field.attname: getattr(self.instance, field.attname) for field in kept_fields(self.model)}

    def rows(self) -> Iterable[dict[str, Any]]:
        """The fields in the order of the template, each as its box needs it."""
        model = self.model
        own = {field.name: column(field, model.ledger.key) for field in data_fields(model)}
        for name in ["node", *own, "notes"]:
            yield self.box(name, own.get(name))

    def box(self, name: str, of: Column | None) -> dict[str, Any]:
        bound = self[name]
        long = isinstance(bound.field.widget, forms.Textarea)
        needed = of.required if of else name == "node" and self.model.ledger.node_required
        token = self.tokens.get(name)
        return {
            "field": bound,
            "needed": needed,
            "wide": long or isinstance(bound.field, LinkField),
            "kind": of.kind if of else "",
            "held": masked(token) if token else "",
            "offers": getattr(bound.field, "offers", ()),
        }


def box_for(field: models.Field[Any, Any], **more: Any) -> forms.Field | None:
    """The form's field for a column; notes and whatever is no column as Django has it."""
    if not hasattr(field, "kind"):
        return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), label=str(field.verbose_name))
    of = column(field, ())
    if of.kind == "choice":
        words = [(str(value), gettext(str(label))) for value, label in field.choices or ()]
        return CellField(of, widget=forms.Select(choices=[("", ""), *words]))
    if of.kind == "yesno":
        return CellField(of, widget=forms.Select(choices=[(value, gettext(word)) for value, word in YES_NO]))
    if field.name == "measure":
        words = [(code, full_name(measure)) for code, measure in MEASURES.items()]
        return CellField(of, widget=forms.Select(choices=[("", ""), *words]))
    return CellField(of, widget=typed(field, of))


def typed(field: models.Field[Any, Any], of: Column) -> forms.Widget:
    attributes: dict[str, Any] = {"autocomplete": "off"}
    if of.kind == "id_number":
        return forms.TextInput(attributes | {"data-secret": ""})
    if of.kind == "date":
        return forms.TextInput(attributes | {"placeholder": "2021-10-12", "inputmode": "numeric"})
    if of.kind in ("int", "money"):
        return forms.TextInput(attributes | {"inputmode": "decimal", "class": "n"})
    if of.kind == "text" and (field.max_length or 0) > LONG:
        return forms.Textarea(attributes | {"rows": 2})
    return forms.TextInput(attributes)


def form_of(model: type[Entry]) -> type[EntryForm]:
    """The form of a ledger, from its class."""
    names = [*(field.name for field in data_fields(model) if not isinstance(field, Link)), "notes"]
    return cast(
        type[EntryForm], forms.modelform_factory(model, form=EntryForm, fields=names, formfield_callback=box_for)
    )
