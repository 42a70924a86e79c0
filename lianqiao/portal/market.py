"""The market in public: the catalogue of recognised products, each product, the outlets, and a buyer's list of purchases.

Whatever is shown is public (goods.Offer.public, counters.Shop.public): no household, no person, no order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import Case, Min, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from lianqiao.desk import market as typing_rules
from lianqiao.desk.views.evidence import SHOWN, given_out
from lianqiao.fields.consumption import trading
from lianqiao.fields.consumption.counters import Shelf, Shop
from lianqiao.fields.consumption.goods import CATEGORIES, FRESH, Offer, OfferQuerySet
from lianqiao.fields.consumption.models import OUTLET_KINDS
from lianqiao.fields.consumption.orders import BUYER_TYPES
from lianqiao.fields.consumption.recognising import organisation
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.ledger.checks import MOST
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.portal import sharing

SIZE = 24
CART = "market_cart"
# A drawing may hold a script: nothing in it is run.
INERT: dict[str, Any] = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": True}
KEPT = "public, max-age=3600"  # an offer may leave the catalogue
SORTS = ("season", "price", "households")


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("首页"), f"/{get_language()}/"), *more]


def above() -> tuple[str, str]:
    return _("产品市场"), reverse("portal_market")


# The catalogue -----------------------------------------------------------------------------------------------------------


@require_safe
def market(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    offers = filtered(Offer.objects.public(), asked)
    found = ordered(offers, asked.get("sort", "")).prefetch_related("prices")
    kept = {name: asked[name] for name in ("category", "village", "supply", "voucher") if asked.get(name)}
    told = {
        "slice": Paginator(found, SIZE).get_page(asked.get("page")),
        "kept": kept,
        "query": urlencode(kept | ({"sort": asked["sort"]} if asked.get("sort") in SORTS else {})),
        "sort": asked.get("sort", "season"),
        "unsorted": urlencode(kept),
        "categories": [word for word in CATEGORIES if Offer.objects.public().filter(category=word).exists()],
        "villages": Offer.objects.public().order_by("village").values_list("village", flat=True).distinct(),
        "all": Offer.objects.public().count(),
        "trail": trail(),
        "here_name": _("产品市场"),
    }
    return render(request, "portal/market.html", told)


def filtered(offers: OfferQuerySet, asked: QueryDict) -> QuerySet[Offer]:
    found: QuerySet[Offer] = offers
    for name in ("category", "village"):
        if asked.get(name):
            found = found.filter(**{name: asked[name][:80]})
    if asked.get("supply") == "stock":
        found = found.filter(stock__gt=0)
    elif asked.get("supply") == "order":
        found = found.filter(stock=0)
    return found.filter(voucher=True) if asked.get("voucher") else found


def ordered(offers: QuerySet[Offer], sort: str) -> QuerySet[Offer]:
    if sort == "price":
        return offers.annotate(least=Min("prices__amount")).order_by("least", "pk")
    if sort == "households":
        return offers.order_by("-households", "pk")
    month = clock.today().month
    fresh = When(season__regex=rf"^.{{{month - 1}}}{FRESH}", then=Value(0))
    return offers.annotate(late=Case(fresh, default=Value(1))).order_by("late", "name", "pk")


# One product -------------------------------------------------------------------------------------------------------------


def public_offer(number: str) -> Offer:
    found = Offer.objects.public().select_related("entry").filter(number=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
def product(request: HttpRequest, number: str) -> HttpResponse:
    offer = public_offer(number)
    shelves = Shelf.objects.filter(offer=offer, shop__in=Shop.objects.public()).select_related("shop__outlet")
    told = {
        "offer": offer,
        "tiers": offer.tiers,
        "certificates": offer.certificates.all(),
        "shelves": shelves.order_by("shop__outlet__name"),
        "season": season_words(offer),
        "data": sharing.json_ld(schema(request, offer)),
        "trail": trail(
            above(), (_(offer.category), f"{reverse('portal_market')}?{urlencode({'category': offer.category})}")
        ),
        "here_name": offer.name,
    }
    return render(request, "portal/product.html", told)


def season_words(offer: Offer) -> str:
    """The months in words, for who does not see the bar."""
    words = {"2": _("当季"), "1": _("储运供应"), "0": _("无货")}
    parts = [
        _("%(word)s：%(months)s月") % {"word": word, "months": "、".join(str(m) for m, s in offer.months if s == sign)}
        for sign, word in words.items()
        if sign in offer.season
    ]
    return _("；").join(parts)


def schema(request: HttpRequest, offer: Offer) -> dict[str, Any]:
    """schema.org Product, with a price for each quantity that has one."""
    here = request.build_absolute_uri(reverse("portal_product", args=[offer.number]))
    prices = [
        {
            "@type": "Offer", "price": f"{tier.amount // 100}.{tier.amount % 100:02d}", "priceCurrency": "CNY", "url": here,
            "eligibleQuantity": {"@type": "QuantitativeValue", "minValue": tier.least, "unitText": offer.measure},
            "availability": f"https://schema.org/{'InStock' if offer.stock else 'PreOrder'}",
        }
        for tier in offer.tiers
        if tier.amount is not None
    ]  # fmt: skip
    told: dict[str, Any] = {
        "@type": "Product", "name": offer.name, "description": offer.summary, "sku": offer.number, "category": offer.category,
        "brand": {"@type": "Organization", "name": offer.producer}, "url": here, "countryOfOrigin": "CN", "offers": prices,
    }  # fmt: skip
    images = [reverse("portal_goods", args=[piece["sha256"], piece["name"]]) for piece in offer.pictures]
    return told | ({"image": [request.build_absolute_uri(image) for image in images]} if images else {})


@require_safe
@csp_override(INERT)
def goods(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    """A picture or certificate of a product that is in public."""
    shown = Offer.objects.public()
    held = [piece for pieces in shown.values_list("pictures", flat=True) for piece in pieces]
    held += [
        one.piece for offer in shown.prefetch_related("certificates") for one in offer.certificates.all() if one.piece
    ]
    if not any(piece["sha256"] == sha256 and piece["name"] == name for piece in held):
        raise Http404
    answer = given_out(sha256, name, SHOWN | {"svg": "image/svg+xml"})
    answer["Cache-Control"] = KEPT
    return answer


# Outlets -------------------------------------------------------------------------------------------------------------------


@require_safe
def outlets(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    shops = Shop.objects.public().select_related("outlet").prefetch_related("shelves__offer__entry")
    if kind == "online":
        shops = shops.exclude(site="")
    elif kind in OUTLET_KINDS:
        shops = shops.filter(outlet__kind=kind)
    told = {
        "shops": shops.order_by("outlet__name"),
        "kind": kind,
        "kinds": list(OUTLET_KINDS),
        "trail": trail(above()),
        "here_name": _("线下和线上网点"),
    }
    return render(request, "portal/outlets.html", told)


# A buyer's list ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """A line of the list: so many of an offer, at its list price."""

    offer: Offer
    quantity: int

    @property
    def price(self) -> int | None:
        return self.offer.price_of(self.quantity)

    @property
    def amount(self) -> int | None:
        return None if self.price is None else self.price * self.quantity


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cart(request: HttpRequest) -> HttpResponseBase:
    """What is gathered, kept in the session; a link with ?add=NUMBER proposes one more. Asking needs a buyer's account."""
    if request.method != "POST":
        return cart_page(request, gathered(request))
    try:
        lines = typed(request)
        request.session[CART] = {line.offer.number: line.quantity for line in lines}
        if request.POST.get("act") != "ask":
            return redirect("portal_cart")
        if not isinstance(request.user, User):
            return redirect_to_login(reverse("portal_cart"))
        return ask(request, request.user, lines)
    except acts.Refused as refused:
        return cart_page(request, gathered(request), str(refused))


def gathered(request: HttpRequest) -> list[Wanted]:
    kept: dict[str, int] = dict(request.session.get(CART, {}))
    added = request.GET.get("add", "")
    if added and added not in kept:
        kept[added] = 0
    offers = Offer.objects.public().filter(number__in=kept).prefetch_related("prices").order_by("producer", "name")
    return [Wanted(offer, kept[offer.number] or (offer.lowest.least if offer.lowest else 1)) for offer in offers]


def typed(request: HttpRequest) -> list[Wanted]:
    """The quantities of the form; none, or zero, takes a line out. Raises Refused."""
    told = typing_rules.numbered(request, "quantity", "数量")
    offers = Offer.objects.public().prefetch_related("prices").in_bulk([pk for pk, n in told.items() if n])
    if any(not 0 <= quantity <= MOST for quantity in told.values()):
        raise acts.refuse("数量：请填不小于 0 的整数。", why="bad_number")
    return [Wanted(offer, told[pk]) for pk, offer in offers.items()]


def ask(request: HttpRequest, buyer: User, lines: list[Wanted]) -> HttpResponseBase:
    given = request.POST
    if given.get("buyer_type") not in BUYER_TYPES:
        raise acts.refuse("类型：请选采购方的类型。", "buyer_type", "missing")
    if given.get("unit", "") not in access.units(buyer, "buy"):
        raise acts.refuse("采购方：这个账号不能代表任何采购单位。请联系协作办开通买方账号。", "unit", "not_found")
    wanted_on = typing_rules.typed(given.get("wanted_on", ""), "需要日期", "date")
    made = trading.ask(
        given["unit"], given["buyer_type"], {line.offer: line.quantity for line in lines}, buyer,
        address=given.get("address", "")[:120], note=given.get("note", "")[:300], wanted_on=wanted_on,
    )  # fmt: skip
    request.session[CART] = {}
    messages.success(request, _("已发出询价 %(n)s 份，等卖方报价。") % {"n": len(made)})
    return redirect("trade_order", made[0].number) if len(made) == 1 else redirect("trade")


def cart_page(request: HttpRequest, lines: list[Wanted], problem: str = "") -> HttpResponse:
    units = sorted(access.units(request.user, "buy"))
    told = {
        "lines": lines,
        "sum": sum(line.amount or 0 for line in lines),
        "open": any(line.amount is None for line in lines),
        "problem": problem,
        "typed": request.POST,
        "signed_in": isinstance(request.user, User),
        "units": [(unit, organisation(unit).name) for unit in units],
        "types": BUYER_TYPES,
        "trail": trail(above()),
        "here_name": _("采购单"),
    }
    return render(request, "portal/cart.html", told, status=400 if problem else 200)
