"""The exchange's forms: each box reads what is typed as the import reads a cell; problems are told in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.utils.translation import gettext, gettext_lazy

from lianqiao.desk.forms import CellField, box_for
from lianqiao.fields.employment.fairs import Fair
from lianqiao.fields.employment.pool import KINDS, Employer, Seeker, Vacancy
from lianqiao.fields.employment.training import Course, Intake
from lianqiao.fields.employment.transfer import SubsidyRule, Trip
from lianqiao.fields.employment.workshops import WorkshopCheck, WorkshopRule
from lianqiao.journal import clock
from lianqiao.ledger.columns import Column
from lianqiao.ledger.protected import masked, protect, reveal
from lianqiao.people import access

if TYPE_CHECKING:
    Base = forms.ModelForm[Any]
else:
    Base = forms.ModelForm

BETWEEN = re.compile(r"[、,，;；\s]+")
PROTECTED = {"name": "person", "phone": "phone", "id_number": "id_number", "escort_phone": "phone"}
"""Columns kept as tokens → the kind of cell that they are read as."""
AS_TOKEN = {"name": "name", "phone": "phone", "id_number": "id", "escort_phone": "phone"}


class WordsField(forms.CharField):
    """Several words in one box: 缝纫、焊接. Each at most 20 characters, at most 12 of them."""

    MOST, LONGEST = 12, 20

    def clean(self, value: Any) -> list[str]:
        words = list(dict.fromkeys(word for word in BETWEEN.split(str(value or "")) if word))
        if len(words) > self.MOST or any(len(word) > self.LONGEST for word in words):
            raise forms.ValidationError(gettext("至多 12 个词，每个至多 20 字，用顿号分开。"))
        return words

    def prepare_value(self, value: Any) -> str:
        return "、".join(value) if isinstance(value, list) else str(value or "")


class KindsField(forms.MultipleChoiceField):
    def __init__(self, **more: Any) -> None:
        choices = [(kind, gettext_lazy(kind)) for kind in KINDS]
        super().__init__(choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **more)


def box(field: models.Field[Any, Any], **more: Any) -> forms.Field | None:
    """The form's field for a column of the exchange."""
    if field.name == "kinds":
        return KindsField(label=str(field.verbose_name))
    if isinstance(field, models.JSONField):
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "、"})
        return WordsField(label=str(field.verbose_name), required=False, widget=widget)
    if field.name in PROTECTED and getattr(field, "max_length", 0) == 200 and not hasattr(field, "kind"):
        of = Column(field.name, str(field.verbose_name), PROTECTED[field.name])
        return CellField(of, widget=forms.TextInput(attrs={"autocomplete": "off", "data-secret": ""}))
    if isinstance(field, models.BooleanField):
        return forms.BooleanField(label=str(field.verbose_name), required=False)
    if isinstance(field, models.ForeignKey | models.ManyToManyField | models.TimeField):
        return field.formfield(**more)
    return box_for(field)


class RoomForm(Base):
    """A form over columns of a model of the exchange. Columns kept as tokens stay what they were where nothing is typed."""

    tokens: dict[str, str]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.tokens = {name: getattr(self.instance, name) for name in self.fields if self.is_token(name)}
        for name in self.tokens:
            self.initial[name] = ""

    def is_token(self, name: str) -> bool:
        of = getattr(self.fields[name], "column", None)
        return name in PROTECTED and of is not None and of.kind == PROTECTED[name]

    def column(self, name: str) -> Any:
        return self._meta.model._meta.get_field(name)

    def needed(self, name: str) -> bool:
        of = self.column(name)
        return not of.blank and not isinstance(of, models.BooleanField)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in list(self.fields):
            empty = told.get(name) in (None, "", [])
            if name not in self.errors and empty and self.needed(name) and not self.tokens.get(name):
                self.add_error(name, f"{self.fields[name].label}：必填，未填。请补上。")
        for name, held in self.tokens.items():
            typed = told.get(name)
            told[name] = protect(typed, AS_TOKEN[name]) if typed else held
        for name in [one for one in self.fields if told.get(one) is None and one in told and self.is_column(one)]:
            of = self.column(name)
            if not of.null:
                told[name] = of.get_default()  # what a box left empty stands for
        return told

    def is_column(self, name: str) -> bool:
        return name in (self._meta.fields or ())

    def boxes(self) -> Iterator[dict[str, Any]]:
        for name in self.fields:
            bound = self[name]
            kind = getattr(getattr(bound.field, "column", None), "kind", "")
            held = self.tokens.get(name)
            yield {
                "field": bound,
                "needed": self.needed(name),
                "kind": kind,
                "tick": isinstance(bound.field, forms.BooleanField),
                "many": isinstance(bound.field, KindsField | forms.ModelMultipleChoiceField),
                "wide": isinstance(bound.field, KindsField | forms.ModelMultipleChoiceField)
                or isinstance(bound.field.widget, forms.Textarea),
                "held": shown(held, AS_TOKEN[name]) if held else "",
            }


def shown(token: str, kind: str) -> str:
    return f"{reveal(token, kind)[:1]}**" if kind == "name" else masked(token, kind)


class SeekerForm(RoomForm):
    """One seeker, as the village, the portal or a workbook tells of him. With an ID number its year and gender follow."""

    consent = forms.BooleanField(required=False)

    class Meta:
        model = Seeker
        fields = (
            *("name", "id_number", "phone", "gender", "birth_year", "village", "standing", "schooling", "kinds"),
            *("skills", "certificates", "experience", "reach", "places", "least_wage", "available_from"),
            *("no_nights", "household", "couple", "party"),
        )
        formfield_callback = staticmethod(box)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk:
            del self.fields["consent"]
        self.initial.setdefault("available_from", clock.today())

    def needed(self, name: str) -> bool:
        return name in ("phone", "village") or (name not in ("consent", "experience") and super().needed(name))

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("id_number")
        if typed and len(typed) == 18:
            self.cleaned_data["birth_year"] = int(typed[6:10])
            self.cleaned_data["gender"] = "男" if int(typed[16]) % 2 else "女"
            for name in ("birth_year", "gender"):
                self.errors.pop(name, None)
        told = super().clean()
        year = told.get("birth_year")
        if isinstance(year, int) and not 16 <= clock.today().year - year <= 80:
            self.add_error("birth_year", "出生年份：要满 16 岁，不过 80 岁。请核对。")
        if "consent" in self.fields and not told.get("consent"):
            self.add_error("consent", gettext("要本人同意才能登记。"))
        return told


class EmployerForm(RoomForm):
    class Meta:
        model = Employer
        fields = ("name", "credit_code", "side", "place", "town", "contact", "phone")
        formfield_callback = staticmethod(box)


class VacancyForm(RoomForm):
    class Meta:
        model = Vacancy
        fields = (
            *("title", "kind", "headcount", "area", "place", "town", "wage_from", "wage_to", "housing", "shift"),
            *("couples", "point_to_point", "age_from", "age_to", "schooling", "skills", "certificates", "training"),
            *("starts_on", "until", "details"),
        )
        formfield_callback = staticmethod(box)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        first, last = told.get("starts_on"), told.get("until")
        if isinstance(last, date) and last < clock.today():
            self.add_error("until", "截止日期：已经过去。请核对。")
        low, high = told.get("wage_from"), told.get("wage_to")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            self.add_error("wage_to", "月薪上限：低于下限。请核对。")
        if first is None:
            told["starts_on"] = clock.today()
        young, old = told.get("age_from"), told.get("age_to")
        if isinstance(young, int) and isinstance(old, int) and young > old:
            self.add_error("age_to", "年龄上限：低于下限。请核对。")
        return told


class TripForm(RoomForm):
    class Meta:
        model = Trip
        fields = (
            *("mode", "departs_on", "starts_at", "goes_to", "vehicle", "seats", "escort", "escort_phone", "cost"),
        )
        formfield_callback = staticmethod(box)


class FairForm(RoomForm):
    class Meta:
        model = Fair
        fields = ("title", "held_on", "hours", "mode", "place", "notice", "vacancies")
        formfield_callback = staticmethod(box)


class CourseForm(RoomForm):
    class Meta:
        model = Course
        fields = (*("title", "kind", "certificate", "starts_on", "days", "place", "organiser", "seats", "vacancies"),)
        formfield_callback = staticmethod(box)


def choosing[Room: RoomForm](form: Room, person: access.Person) -> Room:
    """The form, with the open vacancies that the person sees to choose from."""
    rows = Vacancy.objects.filter(state=Vacancy.State.OPEN, node__in=access.nodes(person, "see"))
    form.fields["vacancies"].queryset = rows.select_related("employer")  # type: ignore[attr-defined]
    form.fields["vacancies"].label_from_instance = lambda one: f"{one.title} {one.employer}"  # type: ignore[attr-defined]
    return form


class SubsidyForm(RoomForm):
    class Meta:
        model = SubsidyRule
        fields = ("place", "year", "kind", "amount", "lifted_only", "source")
        formfield_callback = staticmethod(box)


class WorkshopRuleForm(RoomForm):
    class Meta:
        model = WorkshopRule
        fields = ("place", "year", "least_jobs", "least_lifted", "least_percent", "grace_quarters", "source")
        formfield_callback = staticmethod(box)


class WorkshopCheckForm(RoomForm):
    class Meta:
        model = WorkshopCheck
        fields = ("seen_on", "jobs", "lifted_jobs")
        formfield_callback = staticmethod(box)


class IntakeForm(RoomForm):
    class Meta:
        model = Intake
        fields = ("school", "subject", "year", "seats", "enrolled", "note")
        formfield_callback = staticmethod(box)
