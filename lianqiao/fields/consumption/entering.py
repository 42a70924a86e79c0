"""What was accepted becomes 消费帮扶台账, with its documents, and follows what goes back.

`owed` says of which parcels the ledger does not have what it should; `enter` brings it there: new rows, and revisions of
those whose goods went back. Whoever enters is the rows' author, and somebody else passes them. Raises Refused,
PermissionDenied or Http404.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction as database
from django.db.models import QuerySet

from lianqiao.fields.consumption import recognising, reporting, trading
from lianqiao.fields.consumption.counters import ShopReturn, Sold
from lianqiao.fields.consumption.goods import Certificate, Offer, Step, record, steps_of
from lianqiao.fields.consumption.models import Sale
from lianqiao.fields.consumption.orders import INVOICE, PAPERS, PAYMENT, Order, Paper, Parcel
from lianqiao.fields.consumption.trading import ORDER, yuan
from lianqiao.journal import clock
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.models import State
from lianqiao.people import access
from lianqiao.people.models import User

CHANNEL, MODE, SIDES = "单位采购", "采购", Sale.ledger.filled_by
SHOP = "shop"


@dataclass(frozen=True)
class Owed:
    """A parcel of which the ledger has no row yet, or one with another amount than what is kept of it."""

    parcel: Parcel

    @property
    def ready(self) -> bool:
        """Whether it can be entered now: a row is not touched while it waits for its review."""
        sale = self.parcel.sale
        return sale is None or State.SUBMITTED not in (sale.state, sale.pending_state)


def owed(parcels: QuerySet[Parcel]) -> list[Owed]:
    """Rows that somebody has voided are left to people."""
    held = parcels.filter(accepted__gt=0).exclude(sale__state=State.VOID)
    told = held.select_related("delivery__order__node", "line__offer", "sale").prefetch_related("returns")
    return [Owed(parcel) for parcel in told if (parcel.sale.amount if parcel.sale else 0) != parcel.amount]


def seen_parcels(person: access.Person) -> QuerySet[Parcel]:
    """Those of the orders of nodes whose rows the person may see."""
    orders = Order.objects.filter(access.rows(person, "see"))
    return Parcel.objects.filter(delivery__order__in=orders).order_by("delivery__order", "pk")


@database.atomic
def enter(orders: Iterable[Order], by: User) -> list[Sale]:
    """Brings the ledger to what was accepted of these orders; returns the rows entered or revised."""
    pks = [order.pk for order in orders]
    held = list(Order.objects.select_for_update(of=("self",)).select_related("node").filter(pk__in=pks).order_by("pk"))
    for order in held:
        access.require(by, "fill", order.node, SIDES)
    waiting = [one.parcel for one in owed(Parcel.objects.filter(delivery__order__in=held)) if one.ready]
    fresh = [parcel for parcel in waiting if parcel.sale is None]
    made = [*entered(fresh, by), *(revised(parcel, by) for parcel in waiting if parcel.sale is not None)]
    for order in held:
        if any(parcel.delivery.order_id == order.pk for parcel in waiting):
            record(
                ORDER, order, "记入台账", by, "、".join(sale.number for sale in made if sale.notes == note_of(order))
            )
    return made


def entered(parcels: Sequence[Parcel], by: User) -> list[Sale]:
    """New rows, or the ones that an office has typed already."""
    rows = [standing(parcel) or sale_of(parcel) for parcel in parcels]
    new = [row for row in rows if row.pk is None]
    if new:
        acts.create(new, by, why="验收入账")
    for parcel, row in zip(parcels, rows, strict=True):
        Parcel.objects.filter(pk=parcel.pk).update(sale=row)
    return new


def standing(parcel: Parcel) -> Sale | None:
    """The same sale where an office has entered it by hand, there or above: same key and amount, and no parcel yet."""
    row = sale_of(parcel, proof=False)
    same = {name: getattr(row, name) for name in (*Sale.ledger.key, "amount")}
    held = (
        Sale.objects.filter(node__in=parcel.delivery.order.node.lineage(), parcel=None, sold=None, **same)
        if row.invoice
        else Sale.objects.none()
    )
    return held.exclude(state=State.VOID).order_by("pk").first()


def sale_of(parcel: Parcel, proof: bool = True) -> Sale:
    """The row that a parcel should have in the ledger; proof: its evidence is made and kept."""
    order, offer = parcel.delivery.order, parcel.line.offer
    assert parcel.delivery.accepted_on
    return Sale(
        node=order.node, sold_on=parcel.delivery.accepted_on, product=offer.name, category=offer.category, seller=order.seller,
        buyer=order.buyer, buyer_type=order.buyer_type, channel=CHANNEL, mode=MODE, amount=parcel.amount,
        quantity=f"{parcel.kept}{offer.measure}", invoice=invoice_of(parcel), notes=note_of(order),
        evidence=proofs(parcel) if proof else [],
    )  # fmt: skip


def note_of(order: Order) -> str:
    return f"订单 {order.number}"


def invoice_of(parcel: Parcel) -> str:
    """The invoices of the delivery, or else those of the whole order."""
    held = [paper for paper in parcel.delivery.order.papers.all() if paper.kind == INVOICE]
    own = [paper.number for paper in held if paper.delivery_id == parcel.delivery_id]
    return "、".join(own or [paper.number for paper in held if paper.delivery_id is None])[:60]


def revised(parcel: Parcel, by: User) -> Sale:
    """The row follows what went back: revised where it counts, mended where it was never approved."""
    sale, wanted = parcel.sale, sale_of(parcel)
    assert sale
    values = {"amount": wanted.amount, "quantity": wanted.quantity, "evidence": [*sale.evidence, *new(wanted, sale)]}
    why = f"退货：{note_of(parcel.delivery.order)} 第 {parcel.delivery.turn} 次送货"
    if sale.state == State.APPROVED:
        return acts.revise(sale, values, by, why)
    return acts.submit([acts.edit(sale, values, by, why)], by)[0]


def new(wanted: Sale, sale: Sale) -> Iterator[Evidence]:
    held = {piece["sha256"] for piece in sale.evidence}
    return (piece for piece in wanted.evidence if piece["sha256"] not in held)


# Evidence ----------------------------------------------------------------------------------------------------------------


def proofs(parcel: Parcel) -> list[Evidence]:
    """The documents of the delivery and of the whole order, and the record of how the delivery was accepted."""
    order = parcel.delivery.order
    name = f"验收记录 {parcel.delivery}.txt"
    found = [evidence.keep(told(parcel).encode(), name, "采购证明")]
    for paper in order.papers.all():
        if paper.piece and paper.kind != PAYMENT and paper.delivery_id in (None, parcel.delivery_id):
            found.append({**paper.piece, "kind": PAPERS[paper.kind]})
    return found


def told(parcel: Parcel) -> str:
    """What happened to a delivery, in plain words: the parties, the line, every step of the order."""
    order, line = parcel.delivery.order, parcel.line
    lines = [
        f"订单 {order.number}，第 {parcel.delivery.turn} 次送货，商品 {line.offer.number} {line.offer.name}",
        f"供货方 {order.seller}（{order.seller_unit}）",
        f"采购方 {order.buyer}（{order.buyer_unit}），{order.buyer_type}",
        f"发货 {parcel.delivery.sent_on}，{parcel.sent} {line.offer.measure}",
        f"验收 {parcel.delivery.accepted_on}，{parcel.accepted} {line.offer.measure}，退货 {parcel.given_back}",
        f"单价 {yuan(line.price or 0)} 元，计 {yuan(parcel.amount)} 元",
        "",
        *(told_step(step) for step in reversed(steps_of(ORDER, order))),
    ]
    return "\n".join(lines) + "\n"


def told_step(step: Step) -> str:
    return "  ".join(part for part in (clock.told(step.at), step.by, step.act, step.why) if part)


# What outlets return -------------------------------------------------------------------------------------------------------


@database.atomic
def take(one: ShopReturn, by: User) -> list[Sale]:
    """An outlet's return is found right: each line that sold something becomes a row, with the return as evidence."""
    row = waiting_return(one, by)
    lines = list(row.lines.filter(amount__gt=0).select_related("offer"))
    made = acts.create([sold_sale(row, line) for line in lines], by, why="网点报表") if lines else []
    for line, sale in zip(lines, made, strict=True):
        Sold.objects.filter(pk=line.pk).update(sale=sale)
    row.state, row.reason = ShopReturn.Stage.TAKEN, ""
    row.save(update_fields=["state", "reason"])
    record(SHOP, row.shop, "核收报表", by, f"{row.since} 至 {row.until}")
    return made


@database.atomic
def send_back(one: ShopReturn, by: User, why: str) -> ShopReturn:
    acts.reasoned(why, "退回")
    row = waiting_return(one, by)
    row.state, row.reason = ShopReturn.Stage.RETURNED, why
    row.save(update_fields=["state", "reason"])
    record(SHOP, row.shop, "退回报表", by, why)
    return row


def waiting_return(one: ShopReturn, by: User) -> ShopReturn:
    row = ShopReturn.objects.select_for_update(of=("self",)).select_related("shop__outlet__node").get(pk=one.pk)
    access.require(by, "fill", row.shop.outlet.node, SIDES)
    if row.state != ShopReturn.Stage.SENT:
        raise acts.refuse(f"{row.shop}：这份报表{ShopReturn.Stage(row.state).label}，不能再办。")
    return row


def sold_sale(of: ShopReturn, line: Sold) -> Sale:
    """Passers-by are no persons of ours: the buyer is the outlet's customers."""
    outlet, offer = of.shop.outlet, line.offer
    return Sale(
        node=outlet.node, sold_on=of.until, product=offer.name, category=offer.category, seller=offer.producer,
        buyer=f"{outlet.name}顾客", buyer_type="个人", channel=outlet.kind, mode="帮助销售", amount=line.amount,
        quantity=f"{line.quantity}{offer.measure}", notes=f"网点报表 {of.since} 至 {of.until}", evidence=[of.piece],
    )  # fmt: skip


def held_pieces(hashes: set[str]) -> set[str]:
    """Which of some files the market holds: erasing a row of the ledger spares them (ledger/erasing.py)."""
    held = pieces(Offer.objects.all(), Paper.objects.all(), ShopReturn.objects.all())
    return {piece["sha256"] for piece in held} & hashes


def pieces_seen(person: access.Person) -> Iterator[Evidence]:
    """The files of what somebody may see of the market."""
    papers = Paper.objects.filter(order__in=trading.seen(person))
    returns = ShopReturn.objects.filter(shop__in=reporting.seen(person))
    return pieces(recognising.seen(person), papers, returns)


def pieces(offers: QuerySet[Offer], papers: QuerySet[Paper], returns: QuerySet[ShopReturn]) -> Iterator[Evidence]:
    for pictures in offers.exclude(pictures=[]).values_list("pictures", flat=True):
        yield from pictures
    certificates = Certificate.objects.filter(offer__in=offers)
    told = (*certificates.values_list("piece", flat=True), *papers.values_list("piece", flat=True))
    yield from (piece for piece in told if piece)
    yield from returns.values_list("piece", flat=True)
