"""Who edits the public site: a zone's editors edit that zone and nothing else, moderators publish. Given on the desk."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib.auth.models import Group
from django.db import transaction as database
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from lianqiao.desk import doors
from lianqiao.people import access, log
from lianqiao.people.models import Access, User
from lianqiao.portal.founding import EDITORS, MODERATORS


class Membership(forms.Form):
    """Somebody into a group, or out of it."""

    act = forms.ChoiceField(choices=[("add", ""), ("remove", "")])
    group = forms.ModelChoiceField(
        Group.objects.filter(name=MODERATORS) | Group.objects.filter(name__startswith=EDITORS)
    )
    user = forms.ModelChoiceField(User.objects.filter(is_active=True), to_field_name="username")


@doors.writing
def editors(request: HttpRequest) -> HttpResponseBase:
    """The groups with their members; only for whoever decides about users everywhere."""
    if not access.everywhere(request.user, "people"):
        doors.require_somewhere(request.user, "people")
        raise Http404
    return change(request) if request.method == "POST" else page(request, Membership())


def page(request: HttpRequest, form: Membership, status: int = 200) -> HttpResponse:
    groups = form.fields["group"].queryset.order_by("name").prefetch_related("user_set")  # type: ignore[attr-defined]
    named = [(group, group.name.removeprefix(EDITORS)) for group in groups]
    return render(request, "portal/editing.html", {"here": "people", "groups": named, "form": form}, status=status)


@reauthentication_required
def change(request: HttpRequest) -> HttpResponse:
    form = Membership(request.POST)
    if not form.is_valid():
        return page(request, form, 400)
    given = form.cleaned_data
    with database.atomic():
        act = Access.Act.GRANT if given["act"] == "add" else Access.Act.REVOKE
        getattr(given["user"].groups, given["act"])(given["group"])
        log.write(doors.who(request), act, f"{given['user'].username} {given['group'].name}")
    return redirect("portal_editors")
