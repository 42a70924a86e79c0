"""What outlets say of their stock and sales, from a workbook or a form; and how they are reached.

A return is sent by who keeps the outlet or by the office that looks after it, and counts nothing until the office takes
it (entering.take). Raises Refused, PermissionDenied or Http404.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction as database
from django.db.models import Q, QuerySet

from lianqiao.fields.consumption.counters import Shelf, Shop, ShopReturn, Sold
from lianqiao.fields.consumption.goods import Offer, record
from lianqiao.fields.consumption.models import Outlet
from lianqiao.fields.consumption.trading import yuan
from lianqiao.journal import clock
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.columns import Column, SheetForm
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.models import State
from lianqiao.people import access
from lianqiao.people.models import User

SHOP = "shop"
KIND = "网点报表"
# The return as a workbook, read as any other (workbooks/reading.py).
SHEET = SheetForm(
    "shop_return",
    "网点报表",
    (
        Column("offer", "商品", "text", required=True, key=True, synonyms=("商品编号", "产品", "商品名称")),
        Column("quantity", "销量", "int", required=True, minimum=0, synonyms=("销售数量",)),
        Column("amount", "销售额", "money", required=True, minimum=0, synonyms=("销售金额", "金额")),
        Column("stock", "库存", "int", required=True, minimum=0, synonyms=("结存",)),
    ),
)


@dataclass(frozen=True)
class Line:
    """Of an offer: how many were sold, for how much (分), how many are left."""

    offer: Offer
    quantity: int
    amount: int
    stock: int


@database.atomic
def open_shop(outlet: Outlet, values: Mapping[str, Any], by: User) -> Shop:
    """Tells how an outlet of the ledger is reached and who keeps it, or tells it anew."""
    access.require(by, "fill", outlet.node, Outlet.ledger.filled_by)
    if outlet.state == State.VOID:
        raise acts.refuse(f"{outlet.number}：已经作废。")
    made, _ = Shop.objects.update_or_create(outlet=outlet, defaults=dict(values))
    record(SHOP, made, "登记网点", by)
    return made


def may_report(shop: Shop, person: access.Person) -> bool:
    mine = shop.unit in access.units(person, "sell")
    return mine or access.may(person, "fill", shop.outlet.node, Outlet.ledger.filled_by)


@database.atomic
def report(
    shop: Shop, since: date, until: date, lines: Sequence[Line], by: User, piece: Evidence | None = None
) -> ShopReturn:
    """An outlet's return for some days, no day twice; without a file what was typed is kept as one."""
    held = Shop.objects.select_for_update(of=("self",)).select_related("outlet__node").get(pk=shop.pk)
    if not may_report(held, by):
        access.require_unit(by, "sell", held.unit)
    refuse_days(held, since, until)
    refuse_lines(lines)
    made = ShopReturn.objects.create(
        shop=held, since=since, until=until, piece=piece or typed(held, since, until, lines)
    )
    Sold.objects.bulk_create(
        Sold(of=made, offer=line.offer, quantity=line.quantity, amount=line.amount, stock=line.stock) for line in lines
    )
    count_shelves(held, until, lines)
    record(SHOP, held, "报表", by, f"{since} 至 {until}")
    return made


def refuse_days(shop: Shop, since: date, until: date) -> None:
    if not since <= until <= clock.today():
        raise acts.refuse("起止日期：止不早于起，不晚于今天。请核对。", "until", "bad_order")
    held = shop.returns.exclude(state=ShopReturn.Stage.RETURNED).filter(since__lte=until, until__gte=since).first()
    if held:
        raise acts.refuse(f"{shop}：{held.since} 至 {held.until} 已经报过，同一天不报两次。", "since", "duplicate")


def refuse_lines(lines: Sequence[Line]) -> None:
    if not lines:
        raise acts.refuse("报表里没有商品。", why="missing")
    if len({line.offer.pk for line in lines}) < len(lines):
        raise acts.refuse("报表里同一个商品有两行。请合并。", why="duplicate")
    for line in lines:
        if min(line.quantity, line.amount, line.stock) < 0 or (line.quantity == 0) != (line.amount == 0):
            raise acts.refuse(f"{line.offer.name}：有销量就有销售额，都不小于 0。请核对。", why="bad_number")


def count_shelves(shop: Shop, on: date, lines: Iterable[Line]) -> None:
    """What lies at the outlet, as its latest return says."""
    for line in lines:
        held = Shelf.objects.filter(shop=shop, offer=line.offer).first()
        if held is None or held.counted_on <= on:
            told = {"stock": line.stock, "counted_on": on}
            Shelf.objects.update_or_create(shop=shop, offer=line.offer, defaults=told)


def typed(shop: Shop, since: date, until: date, lines: Iterable[Line]) -> Evidence:
    """What was typed into the form, as a file."""
    rows = [f"{x.offer.number}\t{x.offer.name}\t{x.quantity}\t{yuan(x.amount)}\t{x.stock}" for x in lines]
    text = "\n".join([f"{shop}  {since} 至 {until}", "商品编号\t商品\t销量\t销售额（元）\t库存", *rows, ""])
    return evidence.keep(text.encode(), f"{KIND} {shop} {until}.txt", KIND)


def offer_named(text: str) -> Offer:
    """The public offer of that 商品编号 or name. Raises Refused."""
    held = list(Offer.objects.public().filter(Q(number=text.strip()) | Q(name=text.strip()))[:2])
    if len(held) != 1:
        told = "不止一个。请填商品编号" if held else "目录里没有。请核对"
        raise acts.refuse(f"商品“{text}”{told}。", "offer", "not_found")
    return held[0]


def seen(person: access.Person) -> QuerySet[Shop]:
    """The outlets that somebody may look at inside: who keeps them, and the staff of the node."""
    outlets = Outlet.objects.filter(access.rows(person, "see"))
    return Shop.objects.filter(Q(unit__in=access.units(person, "sell")) | Q(outlet__in=outlets))
