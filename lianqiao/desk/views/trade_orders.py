"""One order: its lines, deliveries, documents and steps, and what the reader may do about it now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext

from lianqiao.desk import doors, market
from lianqiao.desk.people import offices
from lianqiao.fields.consumption import entering, trading
from lianqiao.fields.consumption.goods import shares, steps_of
from lianqiao.fields.consumption.orders import PAPERS, GoodsReturn, Order, Parcel
from lianqiao.fields.consumption.trading import ORDER, RULES, Sums
from lianqiao.journal import clock
from lianqiao.people import access
from lianqiao.people.models import User


def found(request: HttpRequest, number: str) -> Order:
    """The order, if the reader may look at it."""
    market.require(request.user)
    return get_object_or_404(trading.seen(request.user).select_related("node"), number=number)


@doors.page
def order(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, found(request, number))


def page(request: HttpRequest, order: Order, problem: str = "") -> HttpResponse:
    lines = trading.lines_of(order)
    parcels = [parcel for line in lines for parcel in line.parcels.all()]
    steps = list(steps_of(ORDER, order))
    told = {
        "here": "trade",
        "problem": problem,
        "typed": request.POST,
        "order": order,
        "lines": [(line, trading.open_of(line)) for line in lines],
        "sums": Sums.of(order),
        "deliveries": order.deliveries.prefetch_related("parcels__line__offer", "parcels__returns", "parcels__sale"),
        "papers": list(order.papers.select_related("delivery")),
        "kinds": list(PAPERS),
        "steps": steps,
        "offices": offices(step.by for step in steps),
        "may": {act: trading.allowed(order, act, request.user) for act in RULES},
        "fills": access.may(request.user, "fill", order.node, entering.SIDES),
        "owed": entering.owed(Parcel.objects.filter(delivery__order=order)),
        "shared": [one for parcel in parcels for one in shared(parcel)],
        "today": clock.today(),
    }
    return render(request, "desk/trade_order.html", told, status=400 if problem else 200)


def shared(parcel: Parcel) -> list[tuple[Parcel, str, str, int]]:
    """What of an accepted parcel falls to each linked household."""
    linked = list(parcel.line.offer.linkages.all()) if parcel.amount else []
    return [
        (parcel, one.household, one.way, part)
        for one, part in zip(linked, shares(parcel.amount, linked), strict=True)
        if part
    ]


@doors.deed
def act(request: HttpRequest, number: str) -> HttpResponse:
    held, by = found(request, number), doors.who(request)
    why = request.POST.get("why", "").strip()
    deeds: dict[str, Callable[[], str]] = {
        "quote": lambda: quote(request, held, by, why),
        "send": lambda: send(request, held, by, why),
        "accept": lambda: accept(request, held, by, why),
        "ask_return": lambda: ask_return(request, held, by, why),
        "agree": lambda: settle(request, held, True, by, why),
        "disagree": lambda: settle(request, held, False, by, why),
        "attach": lambda: attach(request, held, by),
        "enter": lambda: enter(held, by),
        **{name: simple(run, held, by, why) for name, run in SIMPLE.items()},
    }
    return market.decide(request, deeds, lambda told: page(request, held, told), "trade_order", number)


SIMPLE: dict[str, Callable[[Order, User, str], Order]] = {
    "place": trading.place, "decline": trading.decline, "cancel": trading.cancel, "close": trading.close,
}  # fmt: skip


def simple(run: Callable[[Order, User, str], Order], order: Order, by: User, why: str) -> Callable[[], str]:
    def done() -> str:
        return gettext("%(order)s：%(state)s。") % {
            "order": order,
            "state": gettext(run(order, by, why).get_state_display()),
        }

    return done


def quote(request: HttpRequest, order: Order, by: User, why: str) -> str:
    prices = market.numbered(request, "price", "单价", "money")
    trading.quote(order, prices, market.day(request, "valid_until", "报价有效期至"), by, why)
    return gettext("已报价，等买方下单。")


def send(request: HttpRequest, order: Order, by: User, why: str) -> str:
    made = trading.send(
        order, market.numbered(request, "send", "发货数量"), market.day(request, "on", "发货日期"), by, why
    )
    return gettext("第 %(n)s 次发货已记下，等买方验收。") % {"n": made.turn}


def accept(request: HttpRequest, order: Order, by: User, why: str) -> str:
    turn = doors.whole_number(request.POST.get("turn", ""), 1, 10**6)
    delivery = order.deliveries.filter(turn=turn).first()
    if delivery is None:
        raise Http404
    told = market.numbered(request, "accept", "验收数量")
    trading.accept(delivery, told, market.day(request, "on", "验收日期"), by, why)
    return gettext("第 %(n)s 次送货已验收。协作办记入台账、审核以后计入消费帮扶。") % {"n": turn}


def ask_return(request: HttpRequest, order: Order, by: User, why: str) -> str:
    parcel = Parcel.objects.filter(delivery__order=order, pk=key(request, "parcel")).first()
    if parcel is None:
        raise Http404
    trading.ask_return(parcel, market.needed(request.POST.get("quantity", ""), "退货数量", "int"), by, why)
    return gettext("已申请退货，等卖方答复。")


def settle(request: HttpRequest, order: Order, agreed: bool, by: User, why: str) -> str:
    one = GoodsReturn.objects.filter(parcel__delivery__order=order, pk=key(request, "return")).first()
    if one is None:
        raise Http404
    trading.settle_return(one, agreed, by, why)
    return gettext("已答复退货。")


def key(request: HttpRequest, name: str) -> int:
    return doors.whole_number(request.POST.get(name, ""), 1, 10**18)


def attach(request: HttpRequest, order: Order, by: User) -> str:
    kind, turn = request.POST.get("kind", ""), request.POST.get("turn", "")
    if kind not in PAPERS:
        raise Http404
    values: dict[str, Any] = {
        "kind": kind,
        "number": market.typed(request.POST.get("number", ""), "单据号", "text") or "",
        "dated": market.day(request, "dated", "单据日期"),
        "amount": market.typed(request.POST.get("amount", ""), "单据金额", "money"),
        "delivery": order.deliveries.filter(turn=turn).first() if turn.isdecimal() else None,
    }
    trading.attach(order, values, market.file(request, "file", kind), by)
    return gettext("单据已记下。")


def enter(order: Order, by: User) -> str:
    return gettext("已记入消费帮扶台账 %(n)s 行，待审核。") % {"n": len(entering.enter([order], by))}
