"""One transaction of the journal: who, when, why, its place in the chain, and what it posted."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.desk import doors
from lianqiao.desk.people import offices
from lianqiao.desk.postings import Line, with_entries
from lianqiao.journal.measures import MEASURES
from lianqiao.journal.models import Posting, Transaction
from lianqiao.people import access

SIZE = 50
KINDS = {
    "approve": "通过",
    "void": "作废",
    "close": "关账",
    "undo": "撤销",
    "resync": "重算",
    "restore": "恢复",
    "erase": "删除个人信息",
}


@doors.page
def transaction(request: HttpRequest, number: int) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    found = Transaction.objects.filter(number=number).first()
    if found is None:
        raise Http404
    rows = Posting.objects.filter(transaction=found, node__in=access.nodes(request.user, "figures"))
    pages = Paginator(rows.select_related("measure", "node", "transaction").order_by("id"), SIZE)
    page = pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages))
    lines = [Line(posting) for posting in page.object_list]
    with_entries(lines, request.user)
    told = {
        "transaction": found,
        "kind": KINDS.get(found.kind, found.kind),
        "office": offices([found.by]).get(found.by, found.by),
        "page": page,
        "lines": [(line, MEASURES[line.posting.measure.code]) for line in lines],
        "next": Transaction.objects.filter(number=number + 1).first(),
    }
    return render(request, "desk/transaction.html", told)
