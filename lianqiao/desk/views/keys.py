"""Keys for programs: one's own, made and revoked on the page of one's account. A secret is shown once, in the answer itself."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lianqiao.desk import doors
from lianqiao.people import keys
from lianqiao.people.models import Key

USUAL = 90  # days that a key lasts if nothing else is said


class KeyForm(forms.Form):
    """What the key is for, and until when."""

    name = forms.CharField(max_length=60)
    ends_on = forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.DateInput(format="%Y-%m-%d"))


@doors.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return decide(request)
    return page(request, KeyForm(initial={"ends_on": timezone.localdate() + timedelta(days=USUAL)}))


@reauthentication_required(app="desk")
def decide(request: HttpRequest) -> HttpResponseBase:
    return revoke(request) if "revoke" in request.POST else make(request)


def make(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return page(request, form)
    try:
        key, secret = keys.make(doors.who(request), form.cleaned_data["name"], form.cleaned_data["ends_on"])
    except keys.TooMany:
        form.add_error(None, gettext("已有 %(n)s 把钥匙，先作废不用的。") % {"n": keys.MOST})
        return page(request, form)
    except ValueError:
        form.add_error("ends_on", gettext("到期要在今天以后一年以内。"))
        return page(request, form)
    response = page(request, KeyForm(initial={"ends_on": key.ends_on}), key, secret)
    add_never_cache_headers(response)
    return response


def revoke(request: HttpRequest) -> HttpResponseBase:
    found = Key.objects.filter(user=doors.who(request), public=request.POST["revoke"]).first()
    if found is None:
        raise Http404
    keys.revoke(found)
    messages.success(request, gettext("钥匙已作废，再用它就被拒绝。"))
    return redirect("keys")


def page(request: HttpRequest, form: KeyForm, made: Key | None = None, secret: str = "") -> HttpResponse:
    own = Key.objects.filter(user=doors.who(request))
    told = {"form": form, "keys": own[:50], "today": timezone.localdate(), "made": made, "secret": secret}
    status = 400 if form.is_bound and form.errors else 200
    return render(
        request, "desk/account/keys.html", told | {"origin": request.build_absolute_uri("/api/v1/")}, status=status
    )
