"""What surrounds every request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


def speak(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Chinese unless the reader has chosen otherwise: what a browser asks for by itself is not a choice.

    The public site's addresses say the language themselves.
    """

    def spoken(request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request)):
            return get_response(request)

    return spoken


def language_of(request: HttpRequest) -> str:
    if addressed := translation.get_language_from_path(request.path_info):
        return addressed
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
