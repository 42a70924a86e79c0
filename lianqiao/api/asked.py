"""What a call asks for, read: a node, a period, a moment. Raises Wrong for what says nothing, Http404 for what is not there."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from lianqiao.api.doors import Wrong, caller
from lianqiao.core.periods import Period
from lianqiao.desk import doors as desk
from lianqiao.journal import clock
from lianqiao.journal.figures import Known, NoSuchMoment, known_at
from lianqiao.people import access
from lianqiao.places.models import Node


def period(start: date | None, until: date | None) -> Period:
    """Raises Wrong for one that ends before it starts, or that no office keeps ledgers of."""
    try:
        return Period(day("from", start) if start else None, day("until", until))
    except ValueError as error:
        raise Wrong("from", str(error)) from error


def day(field: str, given: date | None) -> date:
    """A day of the call, today by default. Raises Wrong for one that no office keeps ledgers of."""
    try:
        return desk.within_years(given or clock.today())
    except Http404 as error:
        raise Wrong(field, gettext("没有那一年的账。")) from error


def node_of(request: HttpRequest, number: str, act: access.Act = "figures") -> Node:
    """The node of that 编号, if the caller may act there. Raises Http404 for any other."""
    return desk.node(caller(request), text(number), act)


def text(given: str) -> str:
    """What can be looked for in the database: PostgreSQL refuses to be asked for NUL."""
    if "\x00" in given:
        raise Http404
    return given


def known(written: str | None) -> Known:
    """What was known at a transaction, at the end of a day or at a time; now by default. Raises Wrong for anything else."""
    if not written:
        return known_at()
    try:
        return known_at(moment(written))
    except (ValueError, OverflowError, NoSuchMoment) as error:
        raise Wrong("known_at", gettext("要事务号、日期或时间，且账本里有那一刻。")) from error


def moment(written: str) -> int | date | datetime:
    if written.isascii() and written.isdecimal() and len(written) < 19:
        return int(written)
    return date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
