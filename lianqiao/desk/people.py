"""Offices, not people: how the users who act are named."""

from collections.abc import Iterable

from lianqiao.people.models import User


def offices(usernames: Iterable[str]) -> dict[str, str]:
    """Username → the office it stands for."""
    return {user.username: str(user) for user in User.objects.filter(username__in=set(usernames))}
