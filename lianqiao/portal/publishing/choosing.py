"""How an editor chooses a figure: one that was published before, or a new one by measure, node and period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenView,
    CreateView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from lianqiao.core.periods import Period
from lianqiao.journal import clock
from lianqiao.journal.figures import all_measures
from lianqiao.people import access
from lianqiao.places.models import Node
from lianqiao.portal.publishing import fixing, telling
from lianqiao.portal.publishing.models import PublishedFigure

FIRST_YEAR = 1990


class FigureForm(forms.Form):
    """Measure, node and period: fixed at what is known at this moment."""

    measure = forms.ChoiceField(label=_("指标"))
    node = forms.ModelChoiceField(Node.objects.none(), label=_("结对"))
    start = forms.DateField(
        label=_("起"), required=False, help_text=_("留空：自结对起累计"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(label=_("止"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *given: Any, person: access.Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.person = person
        self.fields["measure"].choices = [(one.code, fixing.countable(one)) for one in all_measures()]  # type: ignore[attr-defined]
        self.fields["node"].queryset = access.nodes(person, "figures").order_by("path")  # type: ignore[attr-defined]
        self.fields["until"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        start, until = told.get("start"), told.get("until")
        if not until or self.errors:
            return told
        if until > clock.today() or min(start or until, until).year < FIRST_YEAR:
            raise forms.ValidationError(_("止于将来的数还没有；太早的没有账。"))
        if start and start > until:
            raise forms.ValidationError(_("起始日期晚于截止日期。"))
        self.fixed = self.fix(told)
        return told

    def fix(self, told: dict[str, Any]) -> PublishedFigure:
        try:
            by = self.person if self.person.is_authenticated else None
            return fixing.fix(told["measure"], told["node"], Period(told["start"], told["until"]), by)
        except fixing.Missing as error:
            raise forms.ValidationError(str(error)) from error

    def save(self) -> PublishedFigure:
        return self.fixed


class Mine:
    """What the person may choose, and whether he may fix new figures: wherever he may read figures on the desk."""

    request: Any

    def get_object_list(self) -> QuerySet[PublishedFigure]:
        seen = PublishedFigure.objects.filter(node__in=access.nodes(self.request.user, "figures"))
        public = PublishedFigure.objects.filter(quotations__isnull=False)
        return (seen | public).distinct().select_related("node").order_by("-pk")

    def can_create(self) -> bool:
        return bool(access.nodes(self.request.user, "figures").exists())

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        told: dict[str, Any] = super().get_creation_form_kwargs()  # type: ignore[misc]
        return told | {"person": self.request.user}


class Inserted:
    """What the editor is given back: the text that stands in the sentence."""

    def get_chosen_response_data(self, item: PublishedFigure) -> dict[str, Any]:
        told: dict[str, Any] = super().get_chosen_response_data(item)  # type: ignore[misc]
        return told | {"told": telling.told(item.value, item.unit)}


class Choose(Mine, ChooseView):
    pass


class ChooseResults(Mine, ChooseResultsView):
    pass


class Chosen(Inserted, ChosenView):
    pass


class Create(Mine, Inserted, CreateView):
    pass


class FigureChooserViewSet(ChooserViewSet):
    model = PublishedFigure
    icon = "decimal"
    choose_one_text = _("选一个公开数字")
    choose_another_text = _("换一个")
    search_tab_label = _("已固定的")
    creation_tab_label = _("新的")
    create_action_label = _("固定并插入")
    creation_form_class = FigureForm
    choose_view_class = Choose
    choose_results_view_class = ChooseResults
    chosen_view_class = Chosen
    create_view_class = Create


figure_chooser = FigureChooserViewSet("figure_chooser")
