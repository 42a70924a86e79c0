"""For monitoring: whether the site answers, and the head of the chain."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from lianqiao.journal import chain


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Open to everyone: it tells nothing but a number and a hash."""
    try:
        head = chain.head()
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True, "head": {"number": head.number, "hash": head.hash}})
