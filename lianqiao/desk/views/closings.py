"""关账: what is closed, and closing one more stretch."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.forms import CellField, NodeChoice
from lianqiao.desk.people import offices
from lianqiao.journal.models import Closing
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.columns import Column
from lianqiao.people import access


class CloseForm(forms.Form):
    why = forms.CharField(required=False)

    def __init__(self, person: access.Person, data: QueryDict | None) -> None:
        super().__init__(data)
        nodes = access.nodes(person, "close").filter(confirmed=True)
        self.fields["node"] = NodeChoice(
            nodes, empty_label="—", error_messages={"required": "结对关系：必填，未填。请补上。"}
        )
        self.fields["until"] = CellField(
            Column("until", "关到哪天", "date"), widget=forms.TextInput({"placeholder": "2021-12-31"})
        )

    def clean(self) -> None:
        if not self.errors and self.cleaned_data.get("until") is None:
            self.add_error("until", "关到哪天：必填，未填。请补上。")


@doors.writing
def closings(request: HttpRequest) -> HttpResponseBase:
    doors.require_somewhere(request.user, "close")
    form = CloseForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            acts.close(given["node"], given["until"], doors.who(request), given["why"])
        except Refused as refused:
            for problem in refused.problems:
                form.add_error("why" if problem.why in ("missing", "bad_text") else None, problem.message)
        else:
            told = {"node": given["node"], "day": given["until"].isoformat()}
            messages.success(request, gettext("%(node)s %(day)s 以前已关账。") % told)
            return redirect("closings")
    nodes = access.nodes(request.user, "close")
    held = list(Closing.objects.filter(node__in=nodes).select_related("node", "transaction").order_by("-transaction"))
    names = offices(one.transaction.by for one in held)
    lines = [(one, names.get(one.transaction.by, one.transaction.by)) for one in held]
    status = 400 if form.errors else 200
    return render(request, "desk/closings.html", {"here": "ledgers", "form": form, "lines": lines}, status=status)
