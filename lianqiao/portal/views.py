"""What is not a page: the door, and files that editors gave."""

from __future__ import annotations

import mimetypes

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.csp import CSP
from django.utils.translation import get_language
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from lianqiao.desk.views import home
from lianqiao.ledger import evidence
from lianqiao.people.models import User
from lianqiao.portal import keeping

# Kept for a year by whoever has it: a changed file has another name.
KEPT = "public, max-age=31536000, immutable"


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """The door: the desk for whoever has signed in, the public site for everybody else."""
    if isinstance(request.user, User):
        return home.home(request)
    return redirect(f"/{get_language()}/")


@require_safe
@csp_override({"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": True})
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file that pages show. A drawing may hold a script: nothing in it is run."""
    try:
        content = evidence.path_of(keeping.piece(name)["sha256"]).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(content, content_type=kind, headers={"Cache-Control": KEPT})
