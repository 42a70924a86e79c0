"""Who calls, how often, and what a call that fails is told: JSON, in the caller's language."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext, gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from lianqiao.people import keys, log
from lianqiao.people.access import Person
from lianqiao.people.models import Access, User

READINGS, TEXTS, MISSES = 600, 60, 20
"""Calls in a minute: by one person for figures, for texts, and from one address with a key that opens nothing."""

_MINUTE = 60


def within(what: str, who: str, most: int) -> bool:
    """Counts a call; whether it is within so many in this minute. All workers count together, in the cache."""
    key = f"api.{what}.{who}.{int(time.time()) // _MINUTE}"
    cache.add(key, 0, _MINUTE)
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # the minute was over in between
        return True


class Rate(BaseThrottle):
    """So many calls of a kind in a minute, by the caller; where everybody may read, by his address."""

    def __init__(self, what: str, most: int) -> None:
        self.what, self.most = what, most

    def allow_request(self, request: HttpRequest) -> bool:
        person = caller(request)
        who = str(person.pk) if isinstance(person, User) else address(request)
        return within(self.what, who, self.most)

    def wait(self) -> float:
        return _MINUTE - time.time() % _MINUTE


def address(request: HttpRequest) -> str:
    """The caller's, also behind the proxies that settings believe."""
    return str(get_adapter().get_client_ip(request))


class ByKey(HttpBearer):
    """Authorization: Bearer lq_…: a key made on the desk, 我的账号. One that opens nothing is refused, whoever has signed in."""

    def authenticate(self, request: HttpRequest, token: str) -> User:
        user = keys.holder(token)
        if user is None:
            if not within("wrong", address(request), MISSES):
                raise Throttled(wait=_MINUTE)
            log.write(keys.named(token), Access.Act.REFUSED, "接口钥匙")
            raise AuthenticationError
        return user


def by_session(request: HttpRequest) -> User | None:
    """Whoever has signed in on the desk, in the same browser. Only for what is read, so that no other site can make it act."""
    user = request.user
    return user if isinstance(user, User) and request.method in ("GET", "HEAD") else None


def as_anybody(request: HttpRequest) -> AnonymousUser | None:
    """Nobody in particular, on the sample's site."""
    return AnonymousUser() if settings.OPEN else None


ANYONE: list[Callable[..., Any]] = [ByKey(), by_session, as_anybody]


def caller(request: HttpRequest) -> Person:
    """Whose call it is."""
    person: Person = request.auth  # type: ignore[attr-defined]
    return person


# What a call that fails is told ----------------------------------------------------------------------------------------

WORDS = {
    400: gettext_noop("读不懂这次调用：正文要 JSON。"),
    401: gettext_noop("请带上钥匙：Authorization: Bearer lq_…。在“我的账号”里制作。"),
    403: gettext_noop("现有角色不能办这件事。"),
    404: gettext_noop("没有这个地址，或这里没有可看的。"),
    405: gettext_noop("这个地址不能这样调用。"),
    429: gettext_noop("调用得太快。过一会儿再来。"),
    500: gettext_noop("这边出了错，已记下。"),
}


def error(status: int, why: str = "", fields: list[dict[str, str]] | None = None) -> JsonResponse:
    """The one shape of every error; `fields` says which parts of a call are wrong."""
    told: dict[str, Any] = {"status": status, "message": gettext(why or WORDS[status])}
    whole = {"error": told | ({"fields": fields} if fields else {})}
    return JsonResponse(whole, status=status, json_dumps_params={"ensure_ascii": False})


class Plain(JSONRenderer):
    """Chinese as it is written, for whoever reads an answer with curl."""

    json_dumps_params = {"ensure_ascii": False}


class Wrong(Exception):
    """A part of a call that says nothing which can be answered, and why: one reason, or each of several."""

    def __init__(self, field: str, *whys: str) -> None:
        super().__init__(field, *whys)
        self.field, self.whys = field, whys


def refuse(api: NinjaAPI) -> None:
    """From now on every exception in the API ends as such an error, also those for which the library has words of its own."""
    for kind in (Http404, HttpError, ValidationError, Exception):
        api.add_exception_handler(kind, failed)


def failed(request: HttpRequest, exc: Any) -> JsonResponse:
    """What a call is told that ended with this exception. The wrong role is recorded, as on the desk; our own fault is logged."""
    match exc:
        case Http404():
            return error(404)
        case Wrong():
            return invalid([{"field": exc.field, "why": why} for why in exc.whys])
        case ValidationError():
            return invalid([{"field": ".".join(map(str, one["loc"][1:])), "why": one["type"]} for one in exc.errors])
        case HttpError():
            return error(exc.status_code)
        case PermissionDenied():
            log.write(caller(request), Access.Act.REFUSED, f"{request.method} {request.path}"[:500])
            return error(403)
        case _:
            logging.getLogger("django.request").exception("API: %s %s", request.method, request.path)
            return error(500)


def invalid(fields: list[dict[str, str]]) -> JsonResponse:
    return error(400, gettext_noop("调用不对：请看 fields 里所列的各项。"), fields)


def speaking(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that answers in the language that the call asks for (Accept-Language; else Chinese), also where the library
    answers by itself; and whose answers nobody keeps but the caller."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(language(request)):
            response = view(request, *args, **kwargs)
            if response.status_code == 405:
                allowed = response.headers.get("Allow")
                response = error(405)
                if allowed:
                    response.headers["Allow"] = allowed
        patch_vary_headers(response, ["Cookie", "Authorization", "Accept-Language"])
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return spoken


def language(request: HttpRequest) -> str:
    if "Accept-Language" not in request.headers:
        return settings.LANGUAGE_CODE
    return translation.get_language_from_request(request)


def nothing_here(request: HttpRequest, **kwargs: str) -> JsonResponse:
    """Any other address below the API's."""
    return error(404)
