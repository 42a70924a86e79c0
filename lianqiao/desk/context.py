"""What every page shows around its content: the programme, the chain's head, and how the reader wants to read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from lianqiao.desk import doors
from lianqiao.desk.wording import WAN
from lianqiao.journal import chain
from lianqiao.people import access
from lianqiao.people.models import User

MONEY, THEME, KEYS = "lq_money", "lq_theme", "lq_keys"
CHOICES = {MONEY: ("wan", "yuan"), THEME: ("light", "dark", "system"), KEYS: ("on", "off")}


def chosen(request: HttpRequest, name: str) -> str:
    """What the reader has chosen (a cookie); empty where nothing, or nothing that there is to choose from."""
    value = request.COOKIES.get(name, "")
    return value if value in CHOICES[name] else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    theme = chosen(request, THEME)
    return {
        "open": settings.OPEN,
        "head": SimpleLazyObject(chain.head),
        "programme": SimpleLazyObject(lambda: programme(request)),
        "may_review": SimpleLazyObject(lambda: may(request, "review")),
        "may_leads": SimpleLazyObject(lambda: may(request, "leads")),
        "staff": SimpleLazyObject(lambda: not access.only_trades(getattr(request, "user", AnonymousUser()))),
        "may_trade": SimpleLazyObject(lambda: any(may(request, act) for act in ("see", "sell", "buy"))),
        "may_people": SimpleLazyObject(lambda: may(request, "people")),
        "may_seekers": SimpleLazyObject(lambda: may(request, "seekers")),
        "may_log": SimpleLazyObject(lambda: may(request, "log")),
        "keys": chosen(request, KEYS) or "on",
        "money": chosen(request, MONEY) or "wan",
        "scale": 1 if chosen(request, MONEY) == "yuan" else WAN,
        "theme": theme if theme in ("light", "dark") else "",
        "language": get_language(),
    }


def programme(request: HttpRequest) -> Any:
    """The pairing named in the header; nothing for somebody who may not see it."""
    return hasattr(request, "user") and doors.home_node(request)


def may(request: HttpRequest, act: access.Act) -> bool:
    """Whether somebody has signed in who may do this anywhere."""
    person = getattr(request, "user", None)
    return isinstance(person, User) and bool(access.grants(person, act))
