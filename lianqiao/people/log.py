"""The access log: who signed in, who was refused, who took data out or saw a protected value."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.utils import timezone

from lianqiao.people.models import Access, User

WRONG_PASSWORD = "登录"  # noqa: S105 - what was refused, not a secret


def write(
    by: User | AnonymousUser | str, act: Access.Act, what: str, *, why: str = "", count: int | None = None
) -> None:
    """Adds a line; `by` is whoever it was, or the name that was given."""
    name = by if isinstance(by, str) else by.get_username()
    Access.objects.create(at=timezone.now(), by=name[:150], act=act, what=what, why=why, count=count)


def signed_in(sender: Any, user: User, **more: Any) -> None:
    write(user, Access.Act.SIGN_IN, "")


def sign_in_failed(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    write(str(credentials.get("username", "")), Access.Act.REFUSED, WRONG_PASSWORD)


def listen() -> None:
    """From now on every sign-in, and every attempt, writes its line."""
    user_logged_in.connect(signed_in, dispatch_uid="access_log")
    user_login_failed.connect(sign_in_failed, dispatch_uid="access_log")
