"""How the reader wants to read: the unit of money, light or dark, the language. Kept in cookies."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lianqiao.desk.context import CHOICES

YEAR = 365 * 24 * 3600


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Sets every choice that the form names, and goes back to where the reader was."""
    known = CHOICES | {settings.LANGUAGE_COOKIE_NAME: tuple(code for code, _ in settings.LANGUAGES)}
    chosen = {name: str(value) for name, value in request.POST.items() if name in known}
    if not chosen or any(value not in known[name] for name, value in chosen.items()):
        return HttpResponseBadRequest(gettext("没有这一项。"), content_type="text/plain; charset=utf-8")
    answer = HttpResponseRedirect(back(request))
    for name, value in chosen.items():
        answer.set_cookie(
            name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return answer


def back(request: HttpRequest) -> str:
    """The page that the form stood on; never another site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"
