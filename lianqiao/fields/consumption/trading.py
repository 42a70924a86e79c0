"""Orders, from the question to the last document: who may do what in which state, under the order's lock.

A buyer asks, the seller quotes, the buyer orders, the seller sends in parts, the buyer accepts each part or less of it,
and may give back what was accepted if the seller agrees. Money is only recorded (合同, 发票, 付款凭证). Every step says who,
when and why. Each act raises Refused, PermissionDenied or Http404.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from django.db import transaction as database
from django.db.models import Q, QuerySet, Sum

from lianqiao.fields.consumption.goods import Offer, next_number, record
from lianqiao.fields.consumption.orders import (
    INVOICE,
    PAYMENT,
    Budget,
    Delivery,
    GoodsReturn,
    Order,
    OrderLine,
    Paper,
    Parcel,
)
from lianqiao.fields.consumption.recognising import organisation
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.ledger.checks import MOST
from lianqiao.ledger.evidence import Evidence
from lianqiao.people import access
from lianqiao.people.models import User

Stage = Order.Stage
ORDER = "order"
Party = Literal["buy", "sell"]


@dataclass(frozen=True)
class Rule:
    """An act: its word, the party whose it is, the states in which it is allowed, and the one that it leads to."""

    word: str
    party: tuple[Party, ...]
    before: tuple[str, ...]
    after: str | None = None
    reason: bool = False


RULES = {
    "quote": Rule("报价", ("sell",), (Stage.ASKED, Stage.QUOTED), Stage.QUOTED),
    "decline": Rule("不供货", ("sell",), (Stage.ASKED, Stage.QUOTED), Stage.DECLINED, reason=True),
    "place": Rule("下单", ("buy",), (Stage.QUOTED,), Stage.PLACED),
    "cancel": Rule("取消", ("buy",), (Stage.ASKED, Stage.QUOTED, Stage.PLACED), Stage.CANCELLED, reason=True),
    "send": Rule("发货", ("sell",), (Stage.PLACED,)),
    "accept": Rule("验收", ("buy",), (Stage.PLACED,)),
    "close": Rule("不再供货，结单", ("buy", "sell"), (Stage.PLACED,), Stage.DONE, reason=True),
    "ask_return": Rule("申请退货", ("buy",), (Stage.PLACED, Stage.DONE), reason=True),
    "settle_return": Rule("答复退货", ("sell",), (Stage.PLACED, Stage.DONE)),
    "attach": Rule("记单据", ("buy", "sell"), (Stage.QUOTED, Stage.PLACED, Stage.DONE)),
}


def allowed(order: Order, act: str, person: access.Person) -> bool:
    """Whether the page offers the act to the person."""
    rule = RULES[act]
    mine = any(unit_of(order, party) in access.units(person, party) for party in rule.party)
    return mine and order.state in rule.before


def unit_of(order: Order, party: Party) -> str:
    return order.buyer_unit if party == "buy" else order.seller_unit


def begin(order: Order, act: str, by: User, why: str = "") -> Order:
    """The order under lock, if the person may do this to it now: every act on an order begins here."""
    rule = RULES[act]
    row = Order.objects.select_for_update(of=("self",)).select_related("node").get(pk=order.pk)
    if not any(unit_of(row, party) in access.units(by, party) for party in rule.party):
        access.require_unit(by, rule.party[0], unit_of(row, rule.party[0]))
    if rule.reason:
        acts.reasoned(why, rule.word)
    if row.state not in rule.before:
        raise acts.refuse(f"{row.number}：现为{Stage(row.state).label}，不能{rule.word}。")
    return row


def end(order: Order, act: str, by: User, why: str = "") -> Order:
    """Leaves the order in the state that follows, with its step recorded."""
    rule = RULES[act]
    order.state, order.changed_at = rule.after or order.state, clock.now()
    order.save()
    record(ORDER, order, rule.word, by, why)
    return order


# The question, the quotation, the order --------------------------------------------------------------------------------


@database.atomic
def ask(
    unit: str,
    buyer_type: str,
    wanted: Mapping[Offer, int],
    by: User,
    *,
    address: str,
    note: str = "",
    wanted_on: date | None = None,
) -> list[Order]:
    """What a buyer has gathered, as one question to each seller of each pairing."""  # fmt: skip
    access.require_unit(by, "buy", unit)
    refuse_unwanted(wanted)
    if not address.strip():
        raise acts.refuse("收货地点：必填，未填。请补上。", "address", "missing")
    buyer = organisation(unit).name
    by_seller = sorted(wanted.items(), key=lambda one: (one[0].unit, one[0].node_id, one[0].pk))
    made = []
    for (seller, node), lines in groupby(by_seller, key=lambda one: (one[0].unit, one[0].node_id)):
        held = list(lines)
        order = Order(
            number=next_number("DD", clock.today()), node_id=node, seller=held[0][0].producer, seller_unit=seller, buyer=buyer,
            buyer_unit=unit, buyer_type=buyer_type, address=address.strip(), note=note.strip(), wanted_on=wanted_on,
            changed_at=clock.now(),
        )  # fmt: skip
        order.save()
        OrderLine.objects.bulk_create(
            OrderLine(order=order, offer=offer, quantity=quantity, price=offer.price_of(quantity))
            for offer, quantity in held
        )
        record(ORDER, order, "询价", by, note.strip())
        made.append(order)
    return made


def refuse_unwanted(wanted: Mapping[Offer, int]) -> None:
    if not wanted:
        raise acts.refuse("采购单是空的。请先从产品市场加入商品。", why="missing")
    for offer, quantity in wanted.items():
        if not offer.public:
            raise acts.refuse(f"{offer.name}：已经不在目录里。请从采购单里去掉。", why="not_found")
        least = offer.lowest.least if offer.lowest else 1
        if not least <= quantity <= MOST:
            raise acts.refuse(
                f"{offer.name}：{least}{offer.measure}起订，现为 {quantity}。请改数量。", why="bad_number"
            )


@database.atomic
def quote(order: Order, prices: Mapping[int, int], valid_until: date, by: User, why: str = "") -> Order:
    """The seller's price (分) of each line, by the line's id, good until a day."""
    row = begin(order, "quote", by)
    lines = list(row.lines.all())
    if valid_until < clock.today():
        raise acts.refuse("报价有效期至：早于今天。请核对。", "valid_until", "bad_date")
    for line in lines:
        line.price = prices.get(line.pk)
        if line.price is None or not 0 < line.price * line.quantity <= MOST:
            raise acts.refuse(f"{line.offer.name}：单价没有填，或不是正数。请补上。", why="missing")
    OrderLine.objects.bulk_update(lines, ["price"])
    row.valid_until = valid_until
    return end(row, "quote", by, why)


@database.atomic
def place(order: Order, by: User, why: str = "") -> Order:
    row = begin(order, "place", by)
    if row.valid_until is None or row.valid_until < clock.today():
        raise acts.refuse(f"{row.number}：报价已于 {row.valid_until} 过期。请卖方重新报价。")
    return end(row, "place", by, why)


@database.atomic
def decline(order: Order, by: User, why: str) -> Order:
    return end(begin(order, "decline", by, why), "decline", by, why)


@database.atomic
def cancel(order: Order, by: User, why: str) -> Order:
    """Gives an order up, as long as nothing was sent."""
    row = begin(order, "cancel", by, why)
    if row.deliveries.exists():
        raise acts.refuse(f"{row.number}：已经发过货，不能取消。不再要的部分请结单。")
    return end(row, "cancel", by, why)


# Deliveries ------------------------------------------------------------------------------------------------------------


@database.atomic
def send(order: Order, quantities: Mapping[int, int], on: date, by: User, why: str = "") -> Delivery:
    """A part of the order, by its lines' ids: no more than is left, and than lies in stock."""
    row = begin(order, "send", by)
    if on > clock.today():
        raise acts.refuse("发货日期：在今天以后。请核对。", "sent_on", "bad_date")
    left = {line.pk: open_of(line) for line in lines_of(row)}
    told = {pk: quantity for pk, quantity in quantities.items() if quantity}
    if not told or any(not 0 < quantity <= left.get(pk, 0) for pk, quantity in told.items()):
        raise acts.refuse(f"{row.number}：发货数量要填，且不能多于未发的数量。", why="bad_number")
    made = Delivery.objects.create(order=row, turn=row.deliveries.count() + 1, sent_on=on)
    lines = row.lines.in_bulk(told)
    for pk, quantity in sorted(told.items(), key=lambda one: lines[one[0]].offer_id):
        move_stock(lines[pk].offer_id, -quantity)
        Parcel.objects.create(delivery=made, line=lines[pk], sent=quantity)
    end(row, "send", by, why or f"第 {made.turn} 次")
    return made


def move_stock(offer: int, by: int) -> None:
    held = Offer.objects.select_for_update(of=("self",)).get(pk=offer)
    if held.stock + by < 0:
        raise acts.refuse(
            f"{held.name}：库存 {held.stock} {held.measure}，不够发 {-by}。请先改库存。", why="bad_number"
        )
    held.stock += by
    held.save(update_fields=["stock"])


def open_of(line: OrderLine) -> int:
    """How many of a line are still to be sent: what was sent and refused is to be sent again."""
    return line.quantity - sum(p.sent if p.accepted is None else p.accepted for p in line.parcels.all())


@database.atomic
def accept(delivery: Delivery, quantities: Mapping[int, int], on: date, by: User, why: str = "") -> Delivery:
    """What of each parcel, by its id, the buyer takes; less than was sent needs a reason, and goes back into stock.

    With the last of it the order is done. A delivery is accepted once, however many press the button (the order's lock).
    """
    row = begin(delivery.order, "accept", by)
    held = Delivery.objects.get(pk=delivery.pk)
    if held.accepted_on is not None:
        raise acts.refuse(f"{row.number} 第 {held.turn} 次：已于 {held.accepted_on} 验收。")
    if not held.sent_on <= on <= clock.today():
        raise acts.refuse("验收日期：要在发货以后、今天以前。请核对。", "accepted_on", "bad_date")
    parcels = list(held.parcels.select_related("line").order_by("line__offer"))
    for parcel in parcels:
        take(parcel, quantities.get(parcel.pk), why)
    Parcel.objects.bulk_update(parcels, ["accepted"])
    held.accepted_on = on
    held.save(update_fields=["accepted_on"])
    end(row, "accept", by, why or f"第 {held.turn} 次")
    finish(row)
    return held


def take(parcel: Parcel, accepted: int | None, why: str) -> None:
    if accepted is None or not 0 <= accepted <= parcel.sent:
        raise acts.refuse(f"验收数量：请填 0 到 {parcel.sent} 的整数。", why="bad_number")
    if accepted < parcel.sent:
        acts.reasoned(why, "少收或拒收")
        move_stock(parcel.line.offer_id, parcel.sent - accepted)
    parcel.accepted = accepted


def finish(order: Order) -> None:
    """An order whose every line was accepted in full is done by itself."""
    lines = lines_of(order)
    if all(open_of(line) == 0 and all(p.accepted is not None for p in line.parcels.all()) for line in lines):
        order.state = Stage.DONE
        order.save(update_fields=["state"])


@database.atomic
def close(order: Order, by: User, why: str) -> Order:
    """Ends an order of which no more is wanted or can be had; nothing may be under way."""
    row = begin(order, "close", by, why)
    if row.deliveries.filter(accepted_on=None).exists():
        raise acts.refuse(f"{row.number}：还有没验收的送货，不能结单。")
    return end(row, "close", by, why)


# Goods that go back ----------------------------------------------------------------------------------------------------


@database.atomic
def ask_return(parcel: Parcel, quantity: int, by: User, why: str) -> GoodsReturn:
    row = begin(parcel.delivery.order, "ask_return", by, why)
    held = Parcel.objects.get(pk=parcel.pk)
    asked = held.returns.exclude(state=GoodsReturn.Stage.DECLINED).aggregate(n=Sum("quantity", default=0))["n"]
    if not 0 < quantity <= (held.accepted or 0) - asked:
        raise acts.refuse(f"退货数量：至多 {(held.accepted or 0) - asked}。请核对。", "quantity", "bad_number")
    made = GoodsReturn.objects.create(parcel=held, quantity=quantity, why=why)
    end(row, "ask_return", by, why)
    return made


@database.atomic
def settle_return(one: GoodsReturn, agreed: bool, by: User, why: str = "") -> GoodsReturn:
    """The seller's answer. What goes back comes into stock again, and off the ledger's row (entering.py)."""
    row = begin(one.parcel.delivery.order, "settle_return", by)
    held = GoodsReturn.objects.select_related("parcel__line").get(pk=one.pk)
    if held.state != GoodsReturn.Stage.ASKED:
        raise acts.refuse(f"{row.number}：这一笔退货已经答复过了。")
    if not agreed:
        acts.reasoned(why, "不同意退货")
    held.state = GoodsReturn.Stage.AGREED if agreed else GoodsReturn.Stage.DECLINED
    held.save(update_fields=["state"])
    if agreed:
        move_stock(held.parcel.line.offer_id, held.quantity)
    end(row, "settle_return", by, why or ("同意退货" if agreed else ""))
    return held


# Documents -------------------------------------------------------------------------------------------------------------


@database.atomic
def attach(order: Order, values: Mapping[str, Any], piece: Evidence | None, by: User) -> Paper:
    """A document of the order. Invoices come to no more than the order, payments to no more than the invoices."""
    row = begin(order, "attach", by)
    paper = Paper(order=row, piece=piece, **values)
    if paper.delivery and paper.delivery.order_id != row.pk:
        raise acts.refuse("单据：这一次送货不是这份订单的。", "delivery", "not_found")
    if paper.kind in (INVOICE, PAYMENT):
        refuse_too_much(row, paper)
    paper.save()
    end(row, "attach", by, f"{paper.kind} {paper.number}".strip())
    return paper


def refuse_too_much(order: Order, paper: Paper) -> None:
    if not paper.amount or not paper.number:
        raise acts.refuse(f"{paper.kind}：单据号和金额都要填。", "amount", "missing")
    sums = Sums.of(order)
    most = sums.ordered - sums.invoiced if paper.kind == INVOICE else sums.invoiced - sums.paid
    if paper.amount > most:
        told = "订单金额" if paper.kind == INVOICE else "已开发票"
        raise acts.refuse(f"{paper.kind}：超出{told}，至多还可记 {yuan(most)} 元。请核对。", "amount", "bad_number")


def yuan(amount: int) -> str:
    return f"{amount // 100:,}.{amount % 100:02d}"


@dataclass(frozen=True)
class Sums:
    """Of an order, in 分: ordered, sent, accepted (less what went back), invoiced, paid."""

    ordered: int
    sent: int
    accepted: int
    invoiced: int
    paid: int

    @classmethod
    def of(cls, order: Order) -> Sums:
        lines, papers = list(order.lines.all()), list(order.papers.all())
        parcels = [parcel for line in lines for parcel in line.parcels.all()]
        return cls(
            ordered=sum(line.amount or 0 for line in lines),
            sent=sum(parcel.sent * (parcel.line.price or 0) for parcel in parcels),
            accepted=sum(parcel.amount for parcel in parcels),
            invoiced=sum(paper.amount or 0 for paper in papers if paper.kind == INVOICE),
            paid=sum(paper.amount or 0 for paper in papers if paper.kind == PAYMENT),
        )

    @property
    def owed(self) -> int:
        """What was invoiced of what is kept, and not paid."""
        return max(min(self.invoiced, self.accepted) - self.paid, 0)


def with_sums(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The orders with whatever their sums are made of, in a constant number of queries."""
    return orders.prefetch_related("lines__parcels__returns", "papers")


def lines_of(order: Order) -> list[OrderLine]:
    """The lines with their offers, parcels and returns, in a constant number of queries."""
    lines = order.lines.select_related("offer").prefetch_related("parcels__returns", "parcels__line__offer")
    return list(lines)


# Who sees what -----------------------------------------------------------------------------------------------------------


def seen(person: access.Person) -> QuerySet[Order]:
    """The orders that somebody may look at: its two parties, and the staff of the node."""
    buys, sells = access.units(person, "buy"), access.units(person, "sell")
    return Order.objects.filter(Q(buyer_unit__in=buys) | Q(seller_unit__in=sells) | Q(access.rows(person, "see")))


# Reserved shares ---------------------------------------------------------------------------------------------------------


@database.atomic
def set_budget(unit: str, year: int, amount: int, share: int, by: User) -> Budget:
    """A budget unit's own word of what it spends in a year and of how much (‰) is reserved."""
    access.require_unit(by, "buy", unit)
    if not (0 <= amount <= MOST and 0 <= share <= 1000):
        raise acts.refuse("采购预算：预算是不小于 0 的金额，预留比例在 0 到 1000‰ 之间。", "share", "bad_number")
    told = {"name": organisation(unit).name, "amount": amount, "share": share}
    made, _ = Budget.objects.update_or_create(unit=unit, year=year, defaults=told)
    record("budget", made, "填采购预算", by, f"{year} 年 {yuan(amount)} 元，预留 {share}‰")
    return made


def spent(units: Iterable[str], year: int) -> dict[str, int]:
    """What each unit accepted in a year and kept, in 分."""
    taken = Parcel.objects.filter(delivery__order__buyer_unit__in=list(units), delivery__accepted_on__year=year)
    sums: Counter[str] = Counter()
    for parcel in taken.select_related("line", "delivery__order").prefetch_related("returns"):
        sums[parcel.delivery.order.buyer_unit] += parcel.amount
    return dict(sums)
