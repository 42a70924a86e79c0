"""The time of recording. The sample programme sets it back to tell its history; nothing else may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
_set_to: ContextVar[datetime | None] = ContextVar("recorded_at", default=None)


def now() -> datetime:
    return _set_to.get() or timezone.now()


def today() -> date:
    """The day it is in Shanghai; the demo's site takes the sample's last day (LIANQIAO_TODAY)."""
    return settings.TODAY or now().astimezone(SHANGHAI).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)


def told(moment: datetime | None) -> str:
    """A moment to the second in Beijing's time, as workbooks say it; — where none is known."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if moment else "—"
