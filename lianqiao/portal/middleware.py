"""What only the editors' pages need."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

EDITORS = "/editors/"
# Wagtail's editor writes style attributes and small inline scripts, and shows a page that is being written in a frame of
# its own. Still nothing comes from another host. The public's pages keep the strict policy.
POLICY = settings.SECURE_CSP | {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:"],
    "frame-ancestors": ["'self'"],
}


def editors_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Gives the pages below /editors/ a policy under which Wagtail's editor works."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(EDITORS):
            response._csp_config = POLICY  # type: ignore[attr-defined]
        return response

    return answered
