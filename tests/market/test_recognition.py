"""Recognition: the producer applies, the county recognises, another passes; what is recognised is public until it expires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.fields.consumption import recognising
from lianqiao.fields.consumption.goods import Linkage, Offer, shares, steps_of
from lianqiao.fields.consumption.models import Product
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from tests.market.stall import DAY, EVER, TODAY, UNTIL, Stall
from tests.world import person, value

pytestmark = pytest.mark.data
Act = Callable[[Stall, Offer], Any]


def public() -> list[Offer]:
    return list(Offer.objects.public())


def recognise(stall: Stall, offer: Offer) -> Offer:
    return recognising.recognise(offer, stall.world.jingjiang, certificate="示例1", on=DAY, until=UNTIL)


def test_an_offer_is_public_once_its_row_is_passed_and_not_before(stall: Stall) -> None:
    offer = recognising.apply(stall.draft(households=12), stall.seller)
    assert public() == []
    known = recognise(stall, offer)
    assert public() == []
    assert known.entry
    acts.approve([known.entry], stall.world.yongshou)
    assert public() == [offer]
    row = Product.objects.get()
    assert (row.name, row.producer, row.certificate, row.households) == ("示例苹果", "示例合作社", "示例1", 12)
    assert value("consumption.products", stall.world.county, EVER) == 1
    assert [step.act for step in reversed(steps_of("offer", offer))][-2:] == ["申请认定", "认定"]


def test_an_expired_offer_leaves_the_catalogue_and_is_told_until_it_is_renewed(stall: Stall) -> None:
    gone, soon = stall.recognised("示例苹果", date(2021, 12, 30)), stall.recognised("示例核桃", date(2022, 2, 1))
    lasting = stall.recognised("示例花椒")
    assert set(public()) == {soon, lasting}
    assert list(recognising.lapsing(Offer.objects.all())) == [gone, soon]
    recognising.renew(gone, stall.world.jingjiang, UNTIL, "复核合格")
    assert gone in public()


def test_two_packs_of_one_product_are_one_row_of_the_ledger(stall: Stall) -> None:
    first, second = stall.recognised(pack="12枚"), stall.recognised(pack="24枚")
    assert (first.entry, first.pk != second.pk) == (second.entry, True)
    assert value("consumption.products", stall.world.county, EVER) == 1


def test_a_voided_row_takes_its_offer_out_of_the_catalogue(stall: Stall) -> None:
    offer = stall.recognised()
    assert offer.entry
    acts.void(offer.entry, stall.world.yongshou, "认定撤销")
    assert public() == []


def test_the_county_sends_back_with_a_reason_and_the_producer_mends(stall: Stall) -> None:
    offer = recognising.apply(stall.draft(), stall.seller)
    with pytest.raises(Refused, match="缘由"):
        recognising.send_back(offer, stall.world.jingjiang, "")
    back = recognising.send_back(offer, stall.world.jingjiang, "检测报告过期")
    assert (back.state, back.reason) == ("returned", "检测报告过期")
    recognising.edit(back, {"summary": "换了报告"}, stall.seller)
    assert recognising.apply(back, stall.seller).state == "applied"


def test_whoever_withdraws_an_offer_leaves_the_ledger_alone(stall: Stall) -> None:
    for somebody, name in ((stall.seller, "示例苹果"), (stall.world.jingjiang, "示例核桃")):
        recognising.withdraw(stall.recognised(name), somebody, "今年不再供应")
    assert public() == []
    assert value("consumption.products", stall.world.county, EVER) == 2


WRONG: dict[str, tuple[str, Act]] = {
    "a name changed afterwards": ("不再改", lambda s, o: recognising.edit(o, {"name": "示例梨"}, s.seller)),
    "recognised twice": ("已认定", recognise),
    "no price": ("至少一档", lambda s, o: recognising.set_prices(o, [], s.seller)),
    "a price of nothing": ("正数", lambda s, o: recognising.set_prices(o, [(1, 0)], s.seller)),
    "a shorter renewal": ("晚于", lambda s, o: recognising.renew(o, s.world.jingjiang, DAY, "复核")),
    "withdrawn without a reason": ("缘由", lambda s, o: recognising.withdraw(o, s.seller, " ")),
    "more than the whole shared": ("1000‰", lambda s, o: recognising.link(o, "JC-1", "村", "订单收购", 1001, s.seller)),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused(stall: Stall, what: str) -> None:
    offer = stall.recognised()
    before = steps_of("offer", offer).count()
    told, act = WRONG[what]
    with pytest.raises(Refused, match=told):
        act(stall, offer)
    assert steps_of("offer", offer).count() == before


def test_an_application_needs_a_price_and_a_certificate(stall: Stall) -> None:
    told = {"name": "示例梨", "category": "鲜果", "village": "店头镇", "measure": "箱"}
    bare = recognising.draft(stall.world.county, "999900000000000199", told, stall.seller)
    with pytest.raises(Refused, match="价格"):
        recognising.apply(bare, stall.seller)
    recognising.set_prices(bare, [(1, None)], stall.seller)
    with pytest.raises(Refused, match="证书"):
        recognising.apply(bare, stall.seller)


def test_only_its_producer_changes_an_offer_and_only_the_county_recognises(stall: Stall) -> None:
    offer = recognising.apply(stall.draft(), stall.seller)
    for act in (recognising.apply, lambda o, by: recognising.edit(o, {"stock": 1}, by)):
        with pytest.raises(Http404):
            act(offer, stall.keeper)
    eastern = person("eastern", "filler", stall.world.county, "east")
    refused = [(stall.world.yongshou, PermissionDenied), (eastern, PermissionDenied), (stall.seller, Http404)]
    for somebody, what in refused:
        with pytest.raises(what):
            recognising.recognise(offer, somebody, certificate="", on=DAY, until=UNTIL)


@pytest.mark.parametrize(("quantity", "price"), [(0, None), (1, 58_00), (9, 58_00), (10, 50_00), (10_000, 50_00)])
def test_the_price_is_that_of_the_quantity(stall: Stall, quantity: int, price: int | None) -> None:
    assert stall.draft().price_of(quantity) == price


def test_months_tell_when_there_is_supply(stall: Stall) -> None:
    offer = stall.draft()
    assert (offer.months[0], offer.months[5], offer.months[11]) == ((1, "1"), (6, "0"), (12, "2"))
    assert offer.in_season
    assert TODAY.month == 12


# A household's share -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**12), st.lists(st.integers(0, 100), max_size=10))
def test_the_shares_are_the_whole_of_their_part_and_each_is_within_a_fen(amount: int, permille: list[int]) -> None:
    given = shares(amount, [Linkage(share=share) for share in permille])
    assert sum(given) == amount * sum(permille) // 1000
    for one, share in zip(given, permille, strict=True):
        assert -1 < one - amount * share / 1000 < 1
