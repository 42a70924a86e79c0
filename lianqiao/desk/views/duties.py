"""报送安排: which node owes which return, from when and within how many days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.briefings.models import Duty, Kind
from lianqiao.briefings.returns_calendar import DAYS
from lianqiao.desk import doors
from lianqiao.desk.forms import CellField, NodeChoice
from lianqiao.journal import clock
from lianqiao.ledger.columns import Column
from lianqiao.people import access


class DutyForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind.choices)
    days = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=180,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "期后几天内报：请填 0 到 180 的整数。"),
    )
    closes = forms.BooleanField(required=False, initial=True)

    def __init__(self, person: access.Person, data: QueryDict | None) -> None:
        super().__init__(data)
        nodes = access.nodes(person, "close").filter(confirmed=True)
        missing = {"required": "结对关系：必填，未填。请补上。"}
        self.fields["node"] = NodeChoice(nodes, empty_label="—", error_messages=missing)
        self.fields["since"] = CellField(
            Column("since", "自哪天起", "date"), widget=forms.TextInput({"placeholder": "2022-01-01"})
        )

    def clean(self) -> None:
        given = self.cleaned_data
        if "since" in given and given["since"] is None:
            self.add_error("since", "自哪天起：必填，未填。请补上。")
        if given.get("node") and Duty.objects.filter(node=given["node"], kind=given.get("kind")).exists():
            self.add_error("kind", "报表：这个结对关系已经安排了这一种。")

    def keep(self) -> Duty:
        given: dict[str, Any] = self.cleaned_data
        days = DAYS[given["kind"]] if given["days"] is None else given["days"]
        return Duty.objects.create(**given | {"days": days})


@doors.writing
def duties(request: HttpRequest) -> HttpResponseBase:
    """The duties of the reader's nodes; POST adds one, or stops one today: what was owed until then stays owed."""
    doors.require_somewhere(request.user, "close")
    held = Duty.objects.filter(node__in=access.nodes(request.user, "close")).select_related("node")
    if request.POST.get("stop"):
        one = held.filter(pk=doors.whole_number(request.POST["stop"], 1, 10**18), until=None).first()
        if one is None:
            raise Http404
        one.until = clock.today()
        one.save()
        messages.success(request, gettext("%(duty)s 停报，以前该报的照报。") % {"duty": one})
        return redirect("duties")
    form = DutyForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        messages.success(request, gettext("%(duty)s 已列入报送安排。") % {"duty": form.keep()})
        return redirect("duties")
    told = {"here": "returns", "tab": "returns", "form": form, "held": held, "kinds": Kind.choices}
    return render(request, "desk/duties.html", told, status=400 if form.errors else 200)
