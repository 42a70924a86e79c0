"""The access log, for those who look after it: who did what, when and why; filtered, and taken out as a workbook."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render

from lianqiao.desk import doors
from lianqiao.desk.people import offices
from lianqiao.desk.views.exports import file_of
from lianqiao.journal import clock
from lianqiao.people import log
from lianqiao.people.models import Access
from lianqiao.workbooks.writing import Cell, new_book, put

SIZE = 100
ASKED = ("q", "act", "from", "until")
NAME = "访问记录"
COLUMNS = (("时间", 20), ("谁", 20), ("做了什么", 12), ("对象", 60), ("行数", 10), ("缘由", 40))


@doors.desk_page
def lines(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "log")
    pages = Paginator(filtered(log.seen(request.user), request.GET), SIZE)
    page = pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages))
    names = offices(line.by for line in page.object_list)
    told = {
        "here": "log",
        "page": page,
        "lines": [(line, names.get(line.by, "")) for line in page.object_list],
        "acts": Access.Act.choices,
        "any": any(request.GET.get(name) for name in ASKED),
    }
    return render(request, "desk/log.html", told)


def filtered(found: QuerySet[Access], asked: QueryDict) -> QuerySet[Access]:
    """By person (the beginning of his name), kind and days; a wrong kind or day is a wrong address."""
    who, act, start, until = (asked.get(name, "").strip() for name in ASKED)
    if act and act not in Access.Act.values:
        raise Http404
    if who:
        found = found.filter(by__istartswith=who)
    if act:
        found = found.filter(act=act)
    if start:
        found = found.filter(at__gte=midnight(start))
    return found.filter(at__lt=midnight(until) + timedelta(days=1)) if until else found


def midnight(day: str) -> datetime:
    """The beginning of a day in Shanghai."""
    found = doors.day(day)
    return datetime(found.year, found.month, found.day, tzinfo=clock.SHANGHAI)


@doors.desk_page
def export(request: HttpRequest) -> HttpResponseBase:
    doors.require_somewhere(request.user, "log")
    return given_out(request)


@reauthentication_required(app="desk")
def given_out(request: HttpRequest) -> HttpResponseBase:
    """What the filter leaves, as a workbook; which is itself a line of the log."""
    found = filtered(log.seen(request.user), request.GET)
    log.write(doors.who(request), Access.Act.EXPORT, NAME, count=found.count())
    return file_of(f"{NAME}.xlsx", lambda path: write(path, found))


def write(path: Path, found: QuerySet[Access]) -> None:
    with new_book(path, NAME) as book:
        sheet = book.sheet(NAME)
        for index, (heading, width) in enumerate(COLUMNS):
            sheet.set_column(index, index, width)
            put(sheet, (0, index), heading, book.heading())
        for row, line in enumerate(found.iterator(), 1):
            for index, value in enumerate(told(line)):
                put(sheet, (row, index), value, book.cell("int" if isinstance(value, int) else "text"))
        sheet.freeze_panes(1, 0)


def told(line: Access) -> tuple[Cell, ...]:
    at = clock.told(line.at)
    return at, line.by, Access.Act(line.act).label, line.what, line.count, line.why
