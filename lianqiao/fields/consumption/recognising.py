"""From the producer's application to the public catalogue: producer → county → reviewed → public, until it expires.

What the county recognises becomes a row of 帮扶产品台账, or is linked to the one that stands there; another person reviews
that row as any other, and with its approval the offer is public. Each act raises Refused, PermissionDenied or Http404.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction as database
from django.db.models import Q, QuerySet

from lianqiao.agreements.models import Organisation
from lianqiao.fields.consumption.goods import (
    WHOLE,
    Certificate,
    Linkage,
    Offer,
    OfferQuerySet,
    Price,
    next_number,
    record,
)
from lianqiao.fields.consumption.models import Product
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.models import State
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node

Stage = Offer.Stage
OFFER = "offer"
# What a producer may say anew after recognition: what is sold stays what was recognised.
COMMERCE = frozenset({"summary", "pack", "stock", "season", "lead", "voucher", "pictures"})
SOON = timedelta(days=60)


def organisation(unit: str) -> Organisation:
    """The approved organisation of that 统一社会信用代码. Raises Refused."""
    found = Organisation.objects.filter(credit_code=unit, state=State.APPROVED).order_by("pk").first()
    if found is None:
        raise acts.refuse(f"单位名录里没有已审核的 {unit}。请先登记。", why="not_found")
    return found


def locked(offer: Offer) -> Offer:
    return Offer.objects.select_for_update(of=("self",)).select_related("node", "entry").get(pk=offer.pk)


def expect(offer: Offer, *states: str) -> None:
    if offer.state not in states:
        raise acts.refuse(f"{offer.number}：现为{Stage(offer.state).label}，不能这样办。")


# The producer ----------------------------------------------------------------------------------------------------------


@database.atomic
def draft(node: Node, unit: str, values: Mapping[str, Any], by: User) -> Offer:
    """A new offer of the producer's, to be filled in further."""
    access.require_unit(by, "sell", unit)
    made = Offer(number=next_number("SP"), node=node, unit=unit, producer=organisation(unit).name, **values)
    made.save()
    record(OFFER, made, "新建", by)
    return made


@database.atomic
def edit(offer: Offer, values: Mapping[str, Any], by: User) -> Offer:
    """Once applied for, an offer waits; once recognised, only COMMERCE changes."""
    access.require_unit(by, "sell", offer.unit)
    row = locked(offer)
    expect(row, Stage.DRAFT, Stage.RETURNED, Stage.RECOGNISED)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if row.state == Stage.RECOGNISED and not COMMERCE.issuperset(changed):
        raise acts.refuse(f"{row.number}：已认定的商品，名称、类别、产地和带动户数不再改。请另报一个商品。")
    for name, value in changed.items():
        setattr(row, name, value)
    if row.lifted > row.households:
        raise acts.refuse("其中脱贫户不能多于带动户数。请核对。", "lifted", "not_part")
    row.save()
    record(OFFER, row, "修改", by)
    return row


@database.atomic
def set_prices(offer: Offer, prices: Iterable[tuple[int, int | None]], by: User) -> None:
    """Prices anew: (from how many, 分 for one; None: on request)."""
    access.require_unit(by, "sell", offer.unit)
    told = dict(prices)
    row = locked(offer)
    expect(row, Stage.DRAFT, Stage.RETURNED, Stage.RECOGNISED)
    if not told or any(least < 1 or (amount is not None and amount < 1) for least, amount in told.items()):
        raise acts.refuse("价格：至少一档，起订数量和单价都是正数。", why="bad_number")
    row.prices.all().delete()
    Price.objects.bulk_create(Price(offer=row, least=least, amount=told[least]) for least in sorted(told))
    record(OFFER, row, "定价", by)


@database.atomic
def certify(offer: Offer, kind: str, number: str, until: date | None, piece: Evidence | None, by: User) -> Certificate:
    """Adds a certificate with its document."""
    access.require_unit(by, "sell", offer.unit)
    row = locked(offer)
    made = Certificate.objects.create(offer=row, kind=kind, number=number, until=until, piece=piece)
    record(OFFER, row, "加证书", by)
    return made


@database.atomic
def link(offer: Offer, household: str, village: str, way: str, share: int, by: User) -> Linkage:
    """A household of the monitoring ledger that the product carries along, and its share of what is sold, in ‰."""
    access.require_unit(by, "sell", offer.unit)
    row = locked(offer)
    if share < 0 or sum(row.linkages.values_list("share", flat=True)) + share > WHOLE:
        raise acts.refuse("分成：各户合计不能超过 1000‰。请核对。", "share", "not_part")
    if row.linkages.filter(household=household).exists():
        raise acts.refuse(f"{household}：已经列为带动户。", "household", "duplicate")
    made = Linkage.objects.create(offer=row, household=household, village=village, way=way, share=share)
    record(OFFER, row, "加带动户", by)
    return made


@database.atomic
def apply(offer: Offer, by: User) -> Offer:
    """Hands the offer in to the county."""
    access.require_unit(by, "sell", offer.unit)
    row = locked(offer)
    expect(row, Stage.DRAFT, Stage.RETURNED)
    if not row.prices.exists():
        raise acts.refuse("申请认定以前，请先填价格。", why="missing")
    if not row.certificates.exists():
        raise acts.refuse("申请认定以前，请先加一份证书或检测报告。", why="missing")
    return keep(row, Stage.APPLIED, "申请认定", by)


def keep(row: Offer, state: str, act: str, by: User, why: str = "") -> Offer:
    row.state, row.reason = state, why
    row.save()
    record(OFFER, row, act, by, why)
    return row


# The county ------------------------------------------------------------------------------------------------------------


@database.atomic
def send_back(offer: Offer, by: User, why: str) -> Offer:
    access.require(by, "fill", offer.node, Product.ledger.filled_by)
    acts.reasoned(why, "退回")
    row = locked(offer)
    expect(row, Stage.APPLIED)
    return keep(row, Stage.RETURNED, "退回", by, why)


@database.atomic
def recognise(
    offer: Offer, by: User, *, certificate: str, on: date, until: date, evidence: Iterable[Evidence] = ()
) -> Offer:
    """The county's word: until when the offer is recognised. The ledger's row comes of it, and waits for its review."""
    access.require(by, "fill", offer.node, Product.ledger.filled_by)
    row = locked(offer)
    expect(row, Stage.APPLIED)
    if until < on:
        raise acts.refuse("有效期至：早于认定日期。请核对。", "valid_until", "bad_order")
    row.entry = standing(row) or entered(row, by, certificate, on, list(evidence))
    row.certificate, row.recognised_on, row.valid_until = certificate or row.entry.certificate, on, until
    return keep(row, Stage.RECOGNISED, "认定", by)


def standing(offer: Offer) -> Product | None:
    """The row of the ledger that the same product already has: it is not entered a second time."""
    same = Product.objects.filter(node__in=offer.node.lineage(), name=offer.name, producer=offer.producer)
    return same.exclude(state=State.VOID).order_by("pk").first()


def entered(offer: Offer, by: User, certificate: str, on: date, evidence: list[Evidence]) -> Product:
    (row,) = acts.create(
        [
            Product(
                node=offer.node, name=offer.name, producer=offer.producer, certificate=certificate, recognised_on=on,
                households=offer.households, evidence=evidence, notes=f"商品 {offer.number}",
            )
        ],
        by,
    )  # fmt: skip
    return row


@database.atomic
def renew(offer: Offer, by: User, until: date, why: str) -> Offer:
    """Recognises on, to a later day."""
    access.require(by, "fill", offer.node, Product.ledger.filled_by)
    acts.reasoned(why, "续期")
    row = locked(offer)
    expect(row, Stage.RECOGNISED)
    if row.valid_until is None or until <= row.valid_until:
        raise acts.refuse("续期：新的日期要晚于现在的有效期。", "valid_until", "bad_order")
    row.valid_until = until
    return keep(row, Stage.RECOGNISED, f"续期至 {until}", by, why)


@database.atomic
def withdraw(offer: Offer, by: User, why: str) -> Offer:
    """Takes an offer out of the catalogue, by its producer or the county; the ledger's row stays as it was counted."""
    if offer.unit not in access.units(by, "sell"):
        access.require(by, "fill", offer.node, Product.ledger.filled_by)
    acts.reasoned(why, "下架")
    row = locked(offer)
    expect(row, Stage.RECOGNISED)
    return keep(row, Stage.WITHDRAWN, "下架", by, why)


# Who sees what -----------------------------------------------------------------------------------------------------------


def seen(person: access.Person) -> OfferQuerySet:
    """The offers that somebody may look at inside: the staff of the node, and the producer."""
    mine = Q(unit__in=access.units(person, "sell"))
    return Offer.objects.filter(mine | Q(access.rows(person, "see")))


def lapsing(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """Recognised ones that have expired, or will within SOON."""
    return offers.filter(state=Stage.RECOGNISED, valid_until__lt=clock.today() + SOON).order_by("valid_until")
