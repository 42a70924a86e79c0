"""What whoever may not do something is told; each refusal is recorded."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from lianqiao.people import log
from lianqiao.people.models import Access


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The wrong role."""
    person = getattr(request, "user", AnonymousUser())
    log.write(person, Access.Act.REFUSED, f"{request.method} {request.path}"[:500])
    return render(request, "403.html", {"why": str(exception)}, status=403)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the page was open for too long, or is not ours."""
    return render(request, "403.html", {"why": gettext("这一页放得太久了。回上一页刷新后再办。")}, status=403)
