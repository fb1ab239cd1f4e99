"""Everything at once about one order: shipping, refunding, notifications, closing, cancelling. On
PostgreSQL they really meet; whoever is second sees what the first did, and the recount is clean."""

from __future__ import annotations

import random
import threading

import pytest
from sqlalchemy import event, select

from storegen.domain import audit, fulfilment
from storegen.domain.fulfilment import Ship
from storegen.domain.payments import following
from storegen.domain.refunds import requesting, sending
from storegen.domain.refunds.requesting import RefundRequested
from storegen.errors import StoreError
from storegen.models import Order, OrderLine, Refund
from storegen.values.actor import Actor
from storegen.values.payment import RefundFact
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.payment import fact, start, use

GUEST = Actor(kind="guest", session_id=1)
ROUNDS = 6


def refund_one(shop, order_id, line):
    wanted = RefundRequested(lines={line: 1}, restock=True)
    shop.transact(lambda uow: requesting.request_refund(uow, STAFF, order_id, wanted))


def ship_one(shop, order_id, line):
    wanted = Ship(lines={line: 1})
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, order_id, wanted))


def tell_refunds(shop):
    """What the provider's notification and the worker's own answer would say, both."""
    with shop.read() as uow:
        found = uow.db.execute(select(Refund.reference, Refund.amount)).all()
    for reference, amount in found:
        said = RefundFact(refund_reference=reference, result="succeeded", amount=amount)
        following.notify(shop, "scripted", said)


def confirm_refunds(shop):
    with shop.read() as uow:
        found = uow.db.scalars(select(Refund.public_id)).all()
    for public_id in found:
        shop.transact(lambda uow, p=public_id: sending.confirm_by_hand(uow, STAFF, p, "cash"))


@pytest.mark.parametrize("seed", range(3))
def test_ship_refund_cancel_and_notify_at_once(store, seed):
    shop = store
    make_delivery(shop)
    provider = use(shop)
    provider.refund_results = ["failed", "pending", "by_hand", "succeeded"] * 3
    goods = [make_product(shop, price=1000, stock=20) for _ in range(3)]
    orders = []
    for _ in range(2):
        placed = place_order(shop, *[(one, 4) for one in goods])
        orders.append((placed, start(shop, GUEST, placed.order_id)))
    with shop.read() as uow:
        lines = uow.db.execute(select(OrderLine.order_id, OrderLine.public_id)).all()
    work = []
    for placed, reference in orders:
        order_id = placed.order_id
        mine = [key for owner, key in lines if owner == order_id]
        paid = fact(reference, amount=placed.payable, event_id=f"paid-{order_id}")
        work += [lambda p=paid: following.notify(shop, "scripted", p)] * 3
        for line in mine * 2:
            work.append(lambda o=order_id, x=line: ship_one(shop, o, x))
            work.append(lambda o=order_id, x=line: refund_one(shop, o, x))
        work.append(lambda o=order_id: following.cancel_unpaid(shop, STAFF, o))
        work.append(
            lambda o=order_id: shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, o, ""))
        )
    work += [lambda: sending.send_due(shop), lambda: tell_refunds(shop)] * 3
    work += [lambda: confirm_refunds(shop)] * 2
    random.Random(seed).shuffle(work)
    defects, deadlocks = [], []
    event.listen(
        shop.engine,
        "handle_error",
        lambda context: (
            deadlocks.append(1)
            if getattr(context.original_exception, "sqlstate", "") == "40P01"
            else None
        ),
    )

    def run(part):
        for one in part:
            try:
                one()
            except StoreError:
                pass  # refused by the table of moves, the ledger or the stock: that is the point
            except Exception as error:
                defects.append(error)

    threads = [threading.Thread(target=run, args=(work[n::6],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert defects == []
    assert deadlocks == [], "every path locks the order first, then stock by id"
    with shop.read() as uow:
        assert audit.drifts(uow) == []
        for order in uow.db.execute(select(Order.__table__)):
            assert 0 <= order.refunded <= order.captured
