"""The market: what waits for the reader, and what is stuck: orders, deliveries, invoices, recognitions, outlets' returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from lianqiao.desk import doors, market
from lianqiao.desk.views.evidence import SHOWN, given_out
from lianqiao.fields.consumption import entering, recognising, reporting, trading
from lianqiao.fields.consumption.counters import ShopReturn
from lianqiao.fields.consumption.goods import Offer
from lianqiao.fields.consumption.orders import Budget, Delivery, GoodsReturn, Order
from lianqiao.fields.consumption.trading import Sums
from lianqiao.journal import clock
from lianqiao.people import access

SIZE = 50
STUCK = timedelta(days=7)
# In which states an order waits for somebody, and for whom.
WAITS: dict[str, trading.Party] = {Order.Stage.ASKED: "sell", Order.Stage.QUOTED: "buy", Order.Stage.PLACED: "sell"}


@dataclass(frozen=True)
class Line:
    """An order of the list with its sums (分); days: since its last step, where it waits."""

    order: Order
    sums: Sums
    days: int | None
    mine: bool

    @property
    def stuck(self) -> bool:
        return self.days is not None and self.days > STUCK.days


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, problem: str = "") -> HttpResponse:
    person = request.user
    market.require(person)
    state = request.GET.get("state", "")
    if state and state not in Order.Stage.values:
        raise Http404
    orders = trading.with_sums(trading.seen(person))
    pages = Paginator(orders.filter(state=state) if state else orders, SIZE)
    shown = pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages))
    told = {
        "here": "trade",
        "problem": problem,
        "page": shown,
        "orders": lines(person, list(shown.object_list)),
        "state": state,
        "states": Order.Stage.choices,
        "today": clock.today(),
        "staff": access.may_somewhere(person, "see"),
        "fills": access.may_somewhere(person, "fill"),
    }
    return render(request, "desk/trade.html", told | stuck(person) | own(person), status=400 if problem else 200)


def lines(person: access.Person, orders: Sequence[Order]) -> list[Line]:
    today = clock.today()
    found = []
    for order in orders:
        waits = WAITS.get(order.state)
        days = (today - order.changed_at.astimezone(clock.SHANGHAI).date()).days if waits else None
        mine = waits is not None and trading.unit_of(order, waits) in access.units(person, waits)
        found.append(Line(order, Sums.of(order), days, mine))
    return found


def stuck(person: access.Person) -> dict[str, Any]:
    """What waits, of whatever the reader may see."""
    orders = trading.seen(person)
    unaccepted = Delivery.objects.filter(order__in=orders, accepted_on=None).select_related("order")
    returns = GoodsReturn.objects.filter(parcel__delivery__order__in=orders, state=GoodsReturn.Stage.ASKED)
    offers = recognising.seen(person).select_related("node", "entry")
    return {
        "unaccepted": list(unaccepted.order_by("sent_on")),
        "returns": list(returns.select_related("parcel__delivery__order", "parcel__line__offer")),
        "unpaid": unpaid(trading.with_sums(orders.filter(papers__kind=trading.INVOICE).distinct())),
        "applied": list(offers.filter(state=Offer.Stage.APPLIED).order_by("pk")),
        "lapsing": list(recognising.lapsing(offers)),
        "owed": entering.owed(entering.seen_parcels(person)),
        "reports": list(
            ShopReturn.objects.filter(shop__in=reporting.seen(person), state=ShopReturn.Stage.SENT)
            .select_related("shop__outlet")
            .order_by("until")
        ),
    }


def unpaid(orders: Iterable[Order]) -> list[tuple[Order, int]]:
    held = ((order, Sums.of(order).owed) for order in orders)
    return [(order, owed) for order, owed in held if owed]


def own(person: access.Person) -> dict[str, Any]:
    """What belongs to the reader's organisations: offers, outlets; budgets, also to the staff who follow them."""
    sells, buys = access.units(person, "sell"), access.units(person, "buy")
    followed = Order.objects.filter(access.rows(person, "see")).values("buyer_unit")
    budgets = list(Budget.objects.filter(Q(unit__in=buys) | Q(unit__in=followed)))
    spent = {year: trading.spent({one.unit for one in budgets}, year) for year in {one.year for one in budgets}}
    return {
        "offers": list(Offer.objects.filter(unit__in=sells).select_related("entry")),
        "shops": list(reporting.seen(person).select_related("outlet")),
        "budgets": [(one, spent[one.year].get(one.unit, 0)) for one in budgets],
        "units": sorted(buys),
        "sells": sorted(sells),
    }


@doors.deed
def act(request: HttpRequest) -> HttpResponse:
    """From the list: what the ledger is owed is entered; a buyer says its budget."""
    market.require(request.user)
    by = doors.who(request)

    def enter() -> str:
        rows = [one for one in entering.owed(entering.seen_parcels(by)) if one.ready]
        orders = {one.parcel.delivery.order.pk: one.parcel.delivery.order for one in rows}
        made = entering.enter([o for o in orders.values() if access.may(by, "fill", o.node, entering.SIDES)], by)
        return gettext("已记入消费帮扶台账 %(n)s 行，待审核。") % {"n": len(made)}

    def budget() -> str:
        share = market.needed(request.POST.get("share", ""), "预留比例", "int")
        amount = market.needed(request.POST.get("amount", ""), "年度采购预算", "money")
        year = doors.whole_number(request.POST.get("year", ""), doors.FIRST_YEAR, doors.LAST_YEAR)
        trading.set_budget(request.POST.get("unit", ""), year, amount, share * 10, by)
        return gettext("已记下采购预算。")

    return market.decide(request, {"enter": enter, "budget": budget}, lambda told: page(request, told), "trade")


@doors.page
def file(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    """A document, certificate, picture or return of the market, to whoever may see what it belongs to."""
    market.require(request.user)
    if not any(piece["sha256"] == sha256 and piece["name"] == name for piece in entering.pieces_seen(request.user)):
        raise Http404
    return given_out(sha256, name, SHOWN | {"svg": "image/svg+xml"})
