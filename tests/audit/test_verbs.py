"""What the audit found in the verbs: each once wrote two numbers that disagreed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storegen.domain import fulfilment
from storegen.domain.audit import drifts
from storegen.domain.fulfilment import Ship
from storegen.domain.payments import following
from storegen.domain.refunds import requesting, sending
from storegen.domain.refunds.requesting import RefundRequested
from storegen.models import Order, OrderLine
from tests.fixtures.goods import STAFF, make_delivery, make_guest, make_product, place_order
from tests.fixtures.payment import fact, start, use


@pytest.fixture
def shop(store):
    make_delivery(store)
    use(store)
    return store


def pay(shop, placed):
    following.notify(shop, "scripted", fact(start(shop, make_guest(shop), placed.order_id)))


def order_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(select(Order.__table__).where(Order.id == placed.order_id)).one()


def lines_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(
            select(OrderLine.__table__).where(OrderLine.order_id == placed.order_id)
        ).all()


def refund(shop, placed, **wanted):
    wanted = RefundRequested(**wanted)
    shop.transact(lambda uow: requesting.request_refund(uow, STAFF, placed.order_id, wanted))
    sending.send_due(shop)


def recount(shop):
    with shop.read() as uow:
        return drifts(uow)


def test_units_that_cost_nothing_are_remembered_as_refunded(shop):
    """Three for a price of two minor units: the third unit carries none of it."""
    placed = place_order(shop, (make_product(shop, price=0), 2), (make_product(shop), 1))
    pay(shop, placed)
    free = next(line for line in lines_of(shop, placed) if line.gross == 0)
    refund(shop, placed, lines={free.public_id: 1})
    assert recount(shop) == []


def test_an_unpaid_order_that_is_given_up_refunds_nothing(shop):
    """Cash on delivery, and the parcel came back: there is no money to give."""
    provider = use(shop)
    provider.kind, provider.notifies = "on_delivery", False
    placed = place_order(shop, (make_product(shop, stock=5), 3))
    start(shop, make_guest(shop), placed.order_id)
    (line,) = lines_of(shop, placed)
    shop.transact(
        lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship(lines={line.public_id: 1}))
    )
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, "refused"))
    (line,) = lines_of(shop, placed)
    assert (line.shipped, line.cancelled, line.refunded, line.refunded_amount) == (1, 2, 0, 0)
    order = order_of(shop, placed)
    assert (order.state, order.refunded, order.shipping_refunded) == ("refunded", 0, 0)
    assert recount(shop) == []


def test_freight_that_goes_back_with_the_whole_order_is_on_its_refund(shop):
    placed = place_order(shop, (make_product(shop), 1))
    pay(shop, placed)
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, "sorry"))
    assert order_of(shop, placed).shipping_refunded == 600
    assert recount(shop) == []


def test_when_the_last_units_will_not_ship_the_order_is_shipped(shop):
    """Else it would wait for a parcel for ever, and never be received."""
    placed = place_order(shop, (make_product(shop), 3))
    pay(shop, placed)
    (line,) = lines_of(shop, placed)
    some = Ship(lines={line.public_id: 2})
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, some))
    refund(shop, placed, lines={line.public_id: 1})
    assert order_of(shop, placed).state == "shipped"
    assert recount(shop) == []


def test_an_order_paid_late_is_not_over(shop, clock):
    """`ended_at` decides whether a customer may close the account."""
    placed = place_order(shop, (make_product(shop), 1))
    reference = start(shop, make_guest(shop), placed.order_id)
    clock.move(hours=1)
    assert following.close_due(shop) == 1
    assert order_of(shop, placed).ended_at is not None
    following.notify(shop, "scripted", fact(reference))
    order = order_of(shop, placed)
    assert (order.state, order.ended_at) == ("to_ship", None)
    assert recount(shop) == []
