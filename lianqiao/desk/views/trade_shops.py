"""One outlet: what lies there, its returns from a form on a phone or a workbook, and the office that takes them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext

from lianqiao.desk import doors, drops, market
from lianqiao.fields.consumption import entering, reporting
from lianqiao.fields.consumption.counters import Shop, ShopReturn
from lianqiao.fields.consumption.goods import Offer
from lianqiao.fields.consumption.reporting import KIND, SHEET, Line
from lianqiao.journal import clock
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.evidence import Evidence
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.workbooks import reading

SHOWN = 24  # returns


def found(request: HttpRequest, number: str) -> Shop:
    market.require(request.user)
    return get_object_or_404(reporting.seen(request.user).select_related("outlet__node"), outlet__number=number)


@doors.page
def shop(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, found(request, number))


def page(request: HttpRequest, shop: Shop, problem: str = "") -> HttpResponse:
    held = {shelf.offer_id: shelf for shelf in shop.shelves.select_related("offer")}
    told = {
        "here": "trade",
        "problem": problem,
        "shop": shop,
        "shelves": list(held.values()),
        "lines": [
            (offer, request.POST.get(f"sold-{offer.pk}", ""), request.POST.get(f"amount-{offer.pk}", ""),
             request.POST.get(f"stock-{offer.pk}", ""), held.get(offer.pk))
            for offer in Offer.objects.public().order_by("name")
        ],
        "typed": request.POST,
        "returns": shop.returns.prefetch_related("lines__offer", "lines__sale")[:SHOWN],
        "reports": isinstance(request.user, User) and reporting.may_report(shop, request.user),
        "fills": access.may(request.user, "fill", shop.outlet.node, entering.SIDES),
        "today": clock.today(),
    }  # fmt: skip
    return render(request, "desk/trade_shop.html", told, status=400 if problem else 200)


@doors.deed
def act(request: HttpRequest, number: str) -> HttpResponse:
    held, by = found(request, number), doors.who(request)
    deeds: dict[str, Callable[[], str]] = {
        "report": lambda: report(request, held, by),
        "take": lambda: take(request, held, by),
        "return": lambda: send_back(request, held, by),
    }
    return market.decide(request, deeds, lambda told: page(request, held, told), "trade_shop", number)


def report(request: HttpRequest, shop: Shop, by: User) -> str:
    since, until = market.day(request, "since", "自"), market.day(request, "until", "至")
    file = request.FILES.get("file")
    lines, piece = from_workbook(file) if file else (from_form(request), None)
    reporting.report(shop, since, until, lines, by, piece)
    return gettext("报表已收到，%(n)s 种商品，等协作办核收。") % {"n": len(lines)}


def from_form(request: HttpRequest) -> list[Line]:
    """The rows of the form in which something was typed."""
    sold, stock = market.numbered(request, "sold", "销量"), market.numbered(request, "stock", "库存")
    amounts = market.numbered(request, "amount", "销售额", "money")
    offers = Offer.objects.public().in_bulk(sold.keys() | amounts.keys() | stock.keys())
    for pk, offer in offers.items():
        if pk not in stock:
            raise acts.refuse(f"{offer.name}：库存没有填。卖完了请填 0。", why="missing")
    return [Line(offer, sold.get(pk, 0), amounts.get(pk, 0), stock[pk]) for pk, offer in sorted(offers.items())]


def from_workbook(file: object) -> tuple[list[Line], Evidence]:
    """The rows of a workbook, and the workbook itself as evidence. Raises Refused with every cell that is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / drops.safe(file.name)  # type: ignore[attr-defined]
        path.write_bytes(file.read())  # type: ignore[attr-defined]
        told = reading.read(path, SHEET)
        if told.error:
            raise acts.refuse(told.error)
        if told.refused:
            raise acts.Refused(told.refused)
        piece = evidence.keep(path.read_bytes(), path.name, KIND)
    values = [row.values for row in told.accepted]
    return [
        Line(reporting.offer_named(str(row["offer"])), *(whole(row[name]) for name in ("quantity", "amount", "stock")))
        for row in values
    ], piece


def whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def one_of(request: HttpRequest, shop: Shop) -> ShopReturn:
    one = shop.returns.filter(pk=doors.whole_number(request.POST.get("return", ""), 1, 10**18)).first()
    if one is None:
        raise Http404
    return one


def take(request: HttpRequest, shop: Shop, by: User) -> str:
    made = entering.take(one_of(request, shop), by)
    return gettext("已核收，记入消费帮扶台账 %(n)s 行，待审核。") % {"n": len(made)}


def send_back(request: HttpRequest, shop: Shop, by: User) -> str:
    entering.send_back(one_of(request, shop), by, request.POST.get("why", "").strip())
    return gettext("已退回，请经营单位改好再报。")
