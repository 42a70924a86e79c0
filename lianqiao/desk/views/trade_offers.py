"""One offer: the producer fills it in and applies, the county recognises or returns it, and renews or withdraws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction as database
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors, market
from lianqiao.desk.people import offices
from lianqiao.fields.consumption import recognising
from lianqiao.fields.consumption.goods import CATEGORIES, CERTIFICATES, FRESH, NONE, STORED, WAYS, Offer, steps_of
from lianqiao.fields.consumption.models import Product
from lianqiao.fields.consumption.recognising import COMMERCE, OFFER
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.people import access
from lianqiao.people.models import User

# The boxes of the form: column, kind of cell, and whether it must be filled.
BOXES = (
    ("name", "text", True), ("category", "text", True), ("village", "text", True), ("measure", "text", True),
    ("pack", "text", False), ("summary", "text", False), ("lead", "text", False), ("stock", "int", True),
    ("households", "int", True), ("lifted", "int", True),
)  # fmt: skip
TIERS = 4
SEASONS = {NONE: "无货", STORED: "储运", FRESH: "当季"}


def found(request: HttpRequest, number: str) -> Offer:
    market.require(request.user)
    return get_object_or_404(recognising.seen(request.user).select_related("node", "entry"), number=number)


@doors.page
def offer(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, found(request, number))


def page(request: HttpRequest, offer: Offer | None, problem: str = "") -> HttpResponse:
    mine = offer is None or offer.unit in access.units(request.user, "sell")
    steps = list(steps_of(OFFER, offer)) if offer else []
    told = {
        "here": "trade",
        "problem": problem,
        "typed": request.POST,
        "offer": offer,
        "boxes": list(boxes(request, offer)),
        "tiers": list(tiers(request, offer)),
        "months": [(month, chosen) for month, chosen in enumerate(offer.season if offer else NONE * 12, 1)],
        "seasons": SEASONS.items(),
        "certificates": CERTIFICATES,
        "ways": WAYS,
        "edits": mine and (offer is None or offer.state in EDITABLE),
        "mine": mine,
        "county": offer is not None and access.may(request.user, "fill", offer.node, Product.ledger.filled_by),
        "units": units(request),
        "steps": steps,
        "offices": offices(step.by for step in steps),
        "today": clock.today(),
    }
    return render(request, "desk/trade_offer.html", told, status=400 if problem else 200)


EDITABLE = (Offer.Stage.DRAFT, Offer.Stage.RETURNED, Offer.Stage.RECOGNISED)


def boxes(request: HttpRequest, offer: Offer | None) -> Iterator[dict[str, Any]]:
    fixed = offer is not None and offer.state == Offer.Stage.RECOGNISED
    for name, kind, must in BOXES:
        field: Any = Offer._meta.get_field(name)
        held = getattr(offer, name) if offer else 0 if kind == "int" else ""
        yield {
            "name": name,
            "heading": str(field.verbose_name),
            "value": request.POST.get(name, held),
            "kind": kind,
            "needed": must,
            "fixed": fixed and name not in COMMERCE,
            "choices": CATEGORIES if name == "category" else (),
            "most": getattr(field, "max_length", None) or "",
        }


def tiers(request: HttpRequest, offer: Offer | None) -> Iterator[tuple[int, Any, Any]]:
    """The price table as boxes: its place, from how many, the price (分)."""
    held = [(price.least, price.amount) for price in offer.prices.all()] if offer else []
    for at in range(max(TIERS, len(held) + 1)):
        least, amount = held[at] if at < len(held) else ("", None)
        shown = f"{amount // 100}.{amount % 100:02d}" if amount else ""
        yield at, request.POST.get(f"least-{at}", least), request.POST.get(f"amount-{at}", shown)


def units(request: HttpRequest) -> list[tuple[str, str]]:
    """The organisations for which the reader sells, with their names."""
    held = sorted(access.units(request.user, "sell"))
    return [(unit, recognising.organisation(unit).name) for unit in held]


@doors.writing
def new(request: HttpRequest) -> HttpResponse:
    if not access.grants(request.user, "sell"):
        doors.require_somewhere(request.user, "sell")
    if request.method != "POST":
        return page(request, None)
    by = doors.who(request)
    try:
        with database.atomic():
            unit = request.POST.get("unit", "")
            made = recognising.draft(market.home(by, unit), unit, values(request), by)
            keep_prices(request, made, by)
    except acts.Refused as refused:
        return page(request, None, str(refused))
    return redirect("trade_offer", made.number)


def values(request: HttpRequest) -> dict[str, Any]:
    """What the form says of the offer's columns. Raises Refused."""
    told: dict[str, Any] = {}
    for name, kind, must in BOXES:
        if name in request.POST:
            field: Any = Offer._meta.get_field(name)
            heading = str(field.verbose_name)
            read = market.needed if must else market.typed
            told[name] = read(request.POST[name], heading, kind) or (0 if kind == "int" else "")
            most = getattr(field, "max_length", None)
            if most and len(told[name]) > most:
                raise acts.refuse(f"{heading}：至多 {most} 字。请缩短。", name, "bad_text")
    if told.get("category", CATEGORIES[0]) not in CATEGORIES:
        raise acts.refuse("类别：不在可选词内。", "category", "bad_choice")
    season = "".join(request.POST.get(f"month-{month}", NONE) for month in range(1, 13))
    if set(season) <= set(SEASONS) and len(season) == 12:
        told["season"] = season
    told["voucher"] = "voucher" in request.POST
    return told


def keep_prices(request: HttpRequest, offer: Offer, by: User) -> None:
    least = market.numbered(request, "least", "起订数量")
    amounts = market.numbered(request, "amount", "单价", "money")
    recognising.set_prices(offer, [(count, amounts.get(at)) for at, count in least.items()], by)


@doors.deed
def act(request: HttpRequest, number: str) -> HttpResponse:
    held, by = found(request, number), doors.who(request)
    why = request.POST.get("why", "").strip()
    deeds: dict[str, Callable[[], str]] = {
        "keep": lambda: keep(request, held, by),
        "certify": lambda: certify(request, held, by),
        "link": lambda: link(request, held, by),
        "apply": lambda: said(recognising.apply(held, by)),
        "recognise": lambda: recognise(request, held, by),
        "return": lambda: said(recognising.send_back(held, by, why)),
        "renew": lambda: said(recognising.renew(held, by, market.day(request, "until", "有效期至"), why)),
        "withdraw": lambda: said(recognising.withdraw(held, by, why)),
    }
    return market.decide(request, deeds, lambda told: page(request, held, told), "trade_offer", number)


def said(offer: Offer) -> str:
    return gettext("%(offer)s：%(state)s。") % {"offer": offer, "state": gettext(offer.get_state_display())}


@database.atomic
def keep(request: HttpRequest, offer: Offer, by: User) -> str:
    told = values(request)
    picture = market.file(request, "picture", "图片")
    if picture:
        told["pictures"] = [picture]
    recognising.edit(offer, told, by)
    keep_prices(request, offer, by)
    return gettext("已存下。")


def certify(request: HttpRequest, offer: Offer, by: User) -> str:
    kind = request.POST.get("kind", "")
    if kind not in CERTIFICATES:
        raise Http404
    until = market.typed(request.POST.get("until", ""), "证书有效期至", "date")
    recognising.certify(offer, kind, request.POST.get("number", "")[:80], until, market.file(request, "file", kind), by)
    return gettext("证书已加上。")


def link(request: HttpRequest, offer: Offer, by: User) -> str:
    household, village = (
        market.needed(request.POST.get(name, ""), heading, "text")
        for name, heading in (("household", "户编号"), ("village", "村"))
    )
    way = request.POST.get("way", "")
    if way not in WAYS:
        raise Http404
    share = market.needed(request.POST.get("share", ""), "分成（‰）", "int")
    recognising.link(offer, household[:40], village[:80], way, share, by)
    return gettext("带动户已加上。")


def recognise(request: HttpRequest, offer: Offer, by: User) -> str:
    piece = market.file(request, "file", "认定文件")
    known = recognising.recognise(
        offer, by, certificate=request.POST.get("certificate", "").strip()[:80], on=market.day(request, "on", "认定日期"),
        until=market.day(request, "until", "有效期至"), evidence=[piece] if piece else [],
    )  # fmt: skip
    assert known.entry
    return gettext("已认定：帮扶产品台账 %(row)s，审核通过后公开。") % {"row": known.entry.number}
