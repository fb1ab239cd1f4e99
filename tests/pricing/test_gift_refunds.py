"""Gifts and money back: a gift is worth nothing, and does not travel alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from storegen.domain import fulfilment
from storegen.domain.audit import drifts
from storegen.domain.fulfilment import Ship
from storegen.domain.payments import following
from storegen.domain.refunds import requesting, sending
from storegen.domain.refunds.requesting import RefundRequested
from storegen.models import Order, OrderLine, Stock
from storegen.values.actor import Actor
from storegen.values.pricing import Gift, Promotion
from tests.fixtures import payment
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.plugins.objects import answer, plugin, use

GUEST = Actor(kind="guest", session_id=1)


@pytest.fixture
def bought(store: Any) -> Any:
    """Two teas for 20.00 with a cup as a gift, paid; delivery is 6.00."""
    make_delivery(store)
    tea, cup = make_product(store, "Tea", price=1_000), make_product(store, "Cup", stock=3)
    gifts = (Gift(variant_id=cup.variant_id),)
    rule = Promotion(id="g", scope="order", kind="gift", gifts=gifts)
    hooks = {
        "pricing_facts": answer("pricing_facts", lambda cart: 1),
        "discounts": answer("discounts", lambda facts: [rule]),
    }
    use(store, plugin("shop", **hooks))
    payment.use(store)
    placed = place_order(store, (tea, 2))
    reference = payment.start(store, GUEST, placed.order_id)
    following.notify(store, "scripted", payment.fact(reference))
    return placed, cup


def state(store: Any, placed: Any, cup: Any) -> tuple[str, int, int]:
    with store.read() as uow:
        assert drifts(uow) == []
        order = uow.db.execute(
            select(Order.state, Order.refunded).where(Order.id == placed.order_id)
        ).one()
        held = uow.db.scalar(select(Stock.reserved).where(Stock.variant_id == cup.variant_id))
    return order.state, order.refunded, int(held)


def refund(store: Any, placed: Any, count: int) -> None:
    with store.read() as uow:
        line = uow.db.scalar(
            select(OrderLine.public_id).where(
                OrderLine.order_id == placed.order_id, OrderLine.gift.is_(False)
            )
        )
    wanted = RefundRequested(lines={line: count})
    store.transact(lambda uow: requesting.request_refund(uow, STAFF, placed.order_id, wanted))
    sending.send_due(store)


def test_the_whole_order_back_frees_the_gift_too(store: Any, bought: Any) -> None:
    placed, cup = bought
    assert state(store, placed, cup) == ("to_ship", 0, 1)
    store.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, "sorry"))
    sending.send_due(store)
    assert state(store, placed, cup) == ("refunded", 2_600, 0)


def test_a_part_back_keeps_the_gift_and_the_rest_takes_it_along(store: Any, bought: Any) -> None:
    placed, cup = bought
    refund(store, placed, 1)
    assert state(store, placed, cup) == ("to_ship", 1_000, 1)
    refund(store, placed, 1)
    assert state(store, placed, cup)[1:] == (2_000, 0)


def test_a_gift_ships_with_its_order(store: Any, bought: Any) -> None:
    placed, cup = bought
    store.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship()))
    assert state(store, placed, cup) == ("shipped", 0, 0)
    refund(store, placed, 2)
    with store.read() as uow:
        gift = uow.db.execute(select(OrderLine.__table__).where(OrderLine.gift)).one()
        assert drifts(uow) == []
    assert (gift.refunded, gift.shipped) == (0, 1)
