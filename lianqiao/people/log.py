"""The access log: who signed in, who was refused, who took data out, saw a protected value, or changed what others may."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models import QuerySet
from django.utils import timezone

from lianqiao.core.private import hidden
from lianqiao.people import access
from lianqiao.people.models import Access, User

WRONG_PASSWORD = "登录"  # noqa: S105 - what was refused, not a secret


def write(
    by: User | AnonymousUser | str, act: Access.Act, what: str, *, why: str = "", count: int | None = None
) -> None:
    """Adds a line; `by` is whoever it was, or the name that was given. No ID number or telephone gets into it."""
    name = by if isinstance(by, str) else by.get_username()
    Access.objects.create(
        at=timezone.now(), by=hidden(name)[:150], act=act, what=hidden(what), why=hidden(why), count=count
    )


def seen(person: access.Person) -> QuerySet[Access]:
    """The lines that the person may read: all, or of those whose rights are within his own."""
    if access.everywhere(person, "log"):
        return Access.objects.all()
    return Access.objects.filter(by__in=access.below(person, "log").values("username"))


def signed_in(sender: Any, user: User, **more: Any) -> None:
    write(user, Access.Act.SIGN_IN, "")


def sign_in_failed(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    write(str(credentials.get("username", "")), Access.Act.REFUSED, WRONG_PASSWORD)


def password_set(sender: Any, user: User, **more: Any) -> None:
    write(user, Access.Act.ACCOUNT, f"{user.username} 设密码")


def way_changed(sender: Any, user: User, authenticator: Any, signal: Any, **more: Any) -> None:
    what = {mfa.authenticator_added: "加", mfa.authenticator_removed: "去掉", mfa.authenticator_reset: "换"}[signal]
    write(user, Access.Act.ACCOUNT, f"{user.username} {what}{WAYS.get(authenticator.type, authenticator.type)}")


WAYS = {"totp": "验证器", "webauthn": "通行密钥", "recovery_codes": "备用码"}


def listen() -> None:
    """From now on every sign-in, every attempt, and every change of one's ways of signing in writes its line."""
    user_logged_in.connect(signed_in, dispatch_uid="access_log")
    user_login_failed.connect(sign_in_failed, dispatch_uid="access_log")
    for changed in (account.password_set, account.password_changed):
        changed.connect(password_set, dispatch_uid="access_log")
    for changed in (mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset):
        changed.connect(way_changed, dispatch_uid="access_log")
