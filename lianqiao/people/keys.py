"""Keys for programs: made by somebody for himself, shown once, ending, revocable; each step is in the access log."""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lianqiao.core.private import NUMBERS
from lianqiao.people import log
from lianqiao.people.models import Access, Key, User

MOST, LONGEST = 10, 366
"""How many keys somebody may hold at once, and for how many days one may last."""

_WRITTEN = re.compile(r"lq_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


class TooMany(Exception):
    """Somebody holds as many keys as he may."""


def held(user: User) -> QuerySet[Key]:
    """The keys of somebody that still open."""
    return Key.objects.filter(user=user, revoked_at=None, ends_on__gte=timezone.localdate())


@transaction.atomic
def make(user: User, name: str, ends_on: date) -> tuple[Key, str]:
    """A new key, and its secret as it is to be shown once: lq_…_… Raises TooMany, ValueError for a day out of range."""
    today = timezone.localdate()
    if not today <= ends_on <= today + timedelta(days=LONGEST):
        raise ValueError(f"{ends_on}")
    User.objects.select_for_update().get(pk=user.pk)
    if held(user).count() >= MOST:
        raise TooMany
    public, secret = _number(), secrets.token_urlsafe(32)
    key = Key.objects.create(
        user=user, name=name, public=public, digest=_digest(secret), made_at=timezone.now(), ends_on=ends_on
    )
    log.write(user, Access.Act.ACCOUNT, f"{user.username} 制作接口钥匙 {public}：{name}，到 {ends_on}")
    return key, f"lq_{public}_{secret}"


def _number() -> str:
    """A key's public half: not one that looks like a telephone, which the access log would take out."""
    found = secrets.token_hex(8)
    while NUMBERS.search(found):
        found = secrets.token_hex(8)
    return found


def _digest(secret: str) -> str:
    """The secret is 256 random bits: a plain digest of it cannot be guessed back."""
    return sha256(secret.encode()).hexdigest()


def revoke(key: Key) -> None:
    """From now on it opens nothing."""
    if Key.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        log.write(key.user, Access.Act.ACCOUNT, f"{key.user.username} 作废接口钥匙 {key.public}：{key.name}")


def holder(written: str) -> User | None:
    """Whose key this is, if it opens today and its holder is active. The first use of a day is recorded."""
    parts = _WRITTEN.fullmatch(written)
    key = Key.objects.select_related("user").filter(public=parts[1]).first() if parts else None
    if not parts or not key or not compare_digest(key.digest, _digest(parts[2])):
        return None
    today = timezone.localdate()
    if key.revoked_at or key.ends_on < today or not key.user.is_active:
        return None
    if Key.objects.filter(pk=key.pk).exclude(used_on=today).update(used_on=today):
        log.write(key.user, Access.Act.SIGN_IN, f"接口钥匙 {key.public}")
    return key.user


def named(written: str) -> str:
    """The public half of what was given for a key, for the access log; nothing of what has not the form of one."""
    parts = _WRITTEN.fullmatch(written)
    return parts[1] if parts else ""
