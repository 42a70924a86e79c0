"""Users and what is granted to them: made, given, taken away, switched off, by administrators within their own reach.

Nobody grants what reaches beyond his own (node and side), nobody acts on himself, nobody is deleted; whoever has to go is
switched off and keeps his name in history. Every act writes its line in the access log, in the same database transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext

from lianqiao.people import access, log
from lianqiao.people.models import Access, Grant, User
from lianqiao.places.models import Node

Act = Access.Act


@dataclass(frozen=True)
class Right:
    """A role at a node (None: everywhere) for the rows of a side; unit: for whom he trades."""

    role: str
    node: Node | None
    side: str
    unit: str = ""

    def told(self) -> str:
        where = self.node.name if self.node else "全部结对关系"
        words = [Grant.Role(self.role).label, where, Grant.Side(self.side).label, self.unit]
        return "，".join(word for word in words if word)

    @classmethod
    def of(cls, grant: Grant) -> Right:
        return cls(grant.role, grant.node, grant.side, grant.unit)


@database.atomic
def make(by: User, user: User, right: Right) -> User:
    """A new user with his first right and no password: he sets it himself (`first_password`). `user` is not yet saved."""
    (by,) = User.objects.select_for_update().filter(pk=by.pk)
    require_reach(by, right)
    user.set_unusable_password()
    user.save()
    log.write(by, Act.ACCOUNT, f"{user.username} 新建")
    grant(by, user, right)
    return user


@database.atomic
def give(by: User, user: User, right: Right) -> None:
    """Raises ValidationError where the user has this right already."""
    by, user = locked(by, user)
    require_reach(by, right)
    if Grant.objects.filter(user=user, role=right.role, node=right.node, side=right.side, unit=right.unit).exists():
        raise ValidationError(gettext("这一项已经有了。"))
    grant(by, user, right)


def grant(by: User, user: User, right: Right) -> None:
    Grant.objects.create(user=user, role=right.role, node=right.node, side=right.side, unit=right.unit)
    log.write(by, Act.GRANT, f"{user.username} {right.told()}")


@database.atomic
def take(by: User, user: User, pk: int) -> None:
    """Takes one right away. Raises Grant.DoesNotExist; ValidationError for the last one: then he is switched off instead."""
    by, user = locked(by, user)
    held = user.grants.select_related("node").get(pk=pk)
    require_reach(by, Right.of(held))
    if user.grants.count() == 1:
        raise ValidationError(gettext("这是最后一项授权。不再用这个账号，就停用它。"))
    held.delete()
    log.write(by, Act.REVOKE, f"{user.username} {Right.of(held).told()}")


@database.atomic
def switch(by: User, user: User, active: bool) -> None:
    """Switches a user off, who is out at his next request, or on again."""
    by, user = locked(by, user)
    require_whole(by, user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    log.write(by, Act.ACCOUNT, f"{user.username} {'启用' if active else '停用'}")


@database.atomic
def reset(by: User, user: User) -> None:
    """Ends his sessions, his password and his second step: he begins anew with `first_password`."""
    by, user = locked(by, user)
    require_whole(by, user)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    log.write(by, Act.ACCOUNT, f"{user.username} 重设登录")


def first_password(user: User) -> dict[str, str]:
    """What the address of the page is made of on which he sets his password: good once, for PASSWORD_RESET_TIMEOUT."""
    fresh = User.objects.get(pk=user.pk)
    key = urlsafe_base64_encode(force_bytes(fresh.pk))
    return {"uidb64": key, "token": default_token_generator.make_token(fresh)}


# Who may -----------------------------------------------------------------------------------------------------------------


def locked(by: User, user: User) -> tuple[User, User]:
    """Both as they are now, no other administrator acting on either meanwhile. Raises PermissionDenied."""
    held = {one.pk: one for one in User.objects.select_for_update().filter(pk__in=[by.pk, user.pk]).order_by("pk")}
    if by.pk == user.pk:
        raise PermissionDenied(gettext("自己的账号由另一位管理员办。"))
    if not access.known(held[by.pk], "people").filter(pk=user.pk).exists():
        raise PermissionDenied
    return held[by.pk], held[user.pk]


def require_reach(by: User, right: Right) -> None:
    if not access.may(by, "people", right.node, [right.side]):
        raise PermissionDenied(gettext("这一项超出了自己的范围，由上一级管理员办。"))


def require_whole(by: User, user: User) -> None:
    """Over a user as a whole decides only who reaches all that is granted to him."""
    if not access.below(by, "people").filter(pk=user.pk).exists():
        raise PermissionDenied(gettext("此人有自己范围以外的授权，由上一级管理员办。"))
