"""What an editor sees who comes upon a refusal by another door than the form: the check that refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from lianqiao.portal.publishing import checking
from lianqiao.portal.publishing.checking import NumbersDiffer
from lianqiao.portal.publishing.doors import address_of


class Refusing:
    """Keeps the check of a page that was refused, once what was tried is undone, and leads to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, NumbersDiffer):
            return None
        kept = checking.keep(exception.check)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return HttpResponse(str(exception), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(exception))
        return redirect(address_of(kept))
