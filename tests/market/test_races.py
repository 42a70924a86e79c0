"""Two people at once: a delivery is accepted once, a parcel is entered once, however many press the button."""

from __future__ import annotations

from typing import Any

import pytest

from lianqiao.fields.consumption import entering, trading
from lianqiao.fields.consumption.models import Sale
from lianqiao.fields.consumption.orders import Delivery, Order
from tests.market.stall import DAY, TODAY, Stall, make_stall
from tests.races.both import Meeting, broke
from tests.world import make_world

pytestmark = [pytest.mark.data, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shared(settings: Any) -> Stall:
    """A stall that other connections see."""
    settings.TODAY = TODAY
    return make_stall(make_world())


def under_way(shared: Stall) -> Delivery:
    return shared.sent(shared.placed(shared.recognised(), 20), 12)


def acceptances(shared: Stall, meeting: Meeting) -> list[str]:
    """What two acceptances come to, the second of them begun when the first has read the order."""
    delivery = under_way(shared)
    parcel = delivery.parcels.get().pk

    def accepting() -> Any:
        return trading.accept(delivery, {parcel: 11}, DAY, shared.buyer, "压坏一箱")

    came_to = meeting.of(accepting, accepting)
    return sorted("failed" if broke(one) else type(one).__name__ for one in came_to)


def test_a_delivery_is_accepted_once(shared: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    assert acceptances(shared, Meeting(monkeypatch, trading, "begin")) == ["Delivery", "Refused"]
    assert Order.objects.get().lines.get().offer.stock == 89


def test_without_locks_it_would_be_accepted_twice_or_fail(shared: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting(monkeypatch, trading, "take")
    meeting.unlock()
    assert acceptances(shared, meeting) != ["Delivery", "Refused"]


def test_a_parcel_is_entered_once(shared: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = under_way(shared)
    shared.accepted(delivery, 12)
    order = Order.objects.get()

    def taking() -> Any:
        return entering.enter([order], shared.world.jingjiang)

    came_to = Meeting(monkeypatch, entering, "owed").of(taking, taking)
    assert sorted(len(rows) for rows in came_to) == [0, 1]
    assert Sale.objects.count() == 1
