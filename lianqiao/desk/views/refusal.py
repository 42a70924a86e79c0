"""What is told where something was not done: to whoever may not do it, which is recorded, and where the database is busy."""

from __future__ import annotations

import sys

from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.views.defaults import server_error

from lianqiao.desk.middleware import language_of
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


RETRY_AFTER = 5  # seconds
# What PostgreSQL calls it: a deadlock, a serialization failure, a lock not available, too many connections, starting up.
BUSY = {"40P01", "40001", "55P03", "53300", "57P03"}


def failed(request: HttpRequest) -> HttpResponse:
    """Where a request failed because others were writing, nothing of it remains and it may be sent again: 503."""
    if not busy(sys.exc_info()[1]):
        return server_error(request)
    language = language_of(request)
    with translation.override(language):
        told = render_to_string("503.html", {"language": language})
    return HttpResponse(told, status=503, headers={"Retry-After": str(RETRY_AFTER)})


def busy(error: BaseException | None) -> bool:
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    return "is locked" in str(error) or getattr(cause, "sqlstate", None) in BUSY
