"""What the refund policies decide, one row each; every case ends with a clean recount."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select, update

from storegen.domain import audit, fulfilment
from storegen.domain.fulfilment import Ship
from storegen.domain.payments import booking, following
from storegen.domain.refunds import requesting, sending
from storegen.domain.refunds.requesting import RefundRequested
from storegen.errors import Conflict, RefundTooMuch
from storegen.models import LedgerEntry, Order, OrderLine, Payment, Refund, Stock
from storegen.values.actor import Actor
from storegen.values.payment import RefundFact
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.payment import fact, start, use

GUEST = Actor(kind="guest", session_id=1)


@pytest.fixture
def shop(store):
    make_delivery(store)
    yield store
    with store.read() as uow:
        assert audit.drifts(uow) == []


@pytest.fixture
def provider(shop):
    return use(shop)


def pay(shop, placed):
    reference = start(shop, GUEST, placed.order_id)
    following.notify(shop, "scripted", fact(reference))


def pay_again(shop, placed):
    """The first page seemed dead, so a second one was paid as well."""
    with shop.write() as uow:
        uow.db.execute(update(Payment).values(state="failed"))
    first = shop.look(lambda uow: uow.db.scalars(select(Payment.reference)).all())
    second = start(shop, GUEST, placed.order_id)
    for reference in (*first, second):
        following.notify(shop, "scripted", fact(reference, amount=placed.payable))


def order_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(select(Order.__table__).where(Order.id == placed.order_id)).one()


def keys(shop, placed):
    with shop.read() as uow:
        return uow.db.scalars(
            select(OrderLine.public_id)
            .where(OrderLine.order_id == placed.order_id)
            .order_by(OrderLine.position)
        ).all()


def refunds(shop):
    with shop.read() as uow:
        return uow.db.execute(select(Refund.__table__).order_by(Refund.id)).all()


def refund(shop, placed, **wanted):
    command = RefundRequested(**wanted)
    shop.transact(lambda uow: requesting.request_refund(uow, STAFF, placed.order_id, command))


def ship(shop, placed, **lines):
    command = Ship(lines=lines)
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, command))


def level(shop):
    with shop.read() as uow:
        return tuple(uow.db.execute(select(Stock.on_hand, Stock.reserved)).one())


# (shipped before, units refunded, freight refunded) of an order of 2 units → state after the worker
ENDS = {
    "the rest after a part was sent": ((1, 1, False), "shipped"),
    "all but freight, nothing sent": ((0, 2, False), "received"),
    "all, nothing sent": ((0, 2, True), "refunded"),
    "one of two, nothing sent": ((0, 1, False), "to_ship"),
    "all after all was sent": ((2, 2, True), "refunded"),
    "all but freight after all was sent": ((2, 2, False), "shipped"),
}


@pytest.mark.parametrize(("done", "state"), ENDS.values(), ids=ENDS.keys())
def test_an_order_never_waits_for_units_that_were_refunded(shop, provider, done, state):
    shipped, refunded, freight = done
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 2))
    pay(shop, placed)
    (line,) = keys(shop, placed)
    if shipped:
        ship(shop, placed, **{line: shipped})
    refund(shop, placed, lines={line: refunded}, shipping=600 if freight else 0)
    sending.send_due(shop)
    assert order_of(shop, placed).state == state
    waiting = 2 - shipped - refunded if state == "to_ship" else 0
    assert level(shop) == (5 - shipped, waiting)


def test_refunding_a_free_order_ends_it(shop, provider):
    placed = place_order(shop, (make_product(shop, price=0, stock=5, weight=0), 1))
    pay_free = placed.payable == 0
    if not pay_free:  # freight was due
        pay(shop, placed)
    (line,) = keys(shop, placed)
    refund(shop, placed, lines={line: 1}, shipping=placed.payable)
    sending.send_due(shop)
    assert order_of(shop, placed).state == "refunded"


def test_several_captures_are_drawn_on_in_their_order(shop, provider):
    """Overpaid by a second payment, then everything back: each payment gives back its own part."""
    placed = place_order(shop, (make_product(shop, price=333, stock=5), 3))
    start(shop, GUEST, placed.order_id)
    pay_again(shop, placed)
    assert order_of(shop, placed).captured == 2 * placed.payable
    (line,) = keys(shop, placed)
    refund(shop, placed, lines={line: 1})
    shop.transact(lambda uow: requesting.refund_overpaid(uow, STAFF, placed.order_id))
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, ""))
    sending.send_due(shop)
    order = order_of(shop, placed)
    assert (order.state, order.refunded) == ("refunded", 2 * placed.payable)
    per_payment = {}
    for one in refunds(shop):
        per_payment[one.payment_id] = per_payment.get(one.payment_id, 0) + one.amount
    assert sorted(per_payment.values()) == [placed.payable] * 2
    with pytest.raises((Conflict, RefundTooMuch)):
        shop.transact(lambda uow: requesting.refund_overpaid(uow, STAFF, placed.order_id))


def test_overpaid_and_cancelled_gives_both_back_and_no_more(shop, provider):
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 1))
    start(shop, GUEST, placed.order_id)
    pay_again(shop, placed)
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, ""))
    with pytest.raises((Conflict, RefundTooMuch)):
        shop.transact(lambda uow: requesting.refund_overpaid(uow, STAFF, placed.order_id))
    sending.send_due(shop)
    assert sum(one.amount for one in refunds(shop)) == 2 * placed.payable
    assert order_of(shop, placed).state == "refunded"


def test_failed_twice_then_given_back_by_hand(shop, provider):
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 1))
    pay(shop, placed)
    provider.refund_results = ["failed", "failed"]
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, ""))
    sending.send_due(shop)
    (one,) = refunds(shop)
    shop.transact(lambda uow: sending.retry(uow, STAFF, one.public_id))
    sending.send_due(shop)
    assert refunds(shop)[0].state == "failed"
    shop.transact(lambda uow: sending.confirm_by_hand(uow, STAFF, one.public_id, "cash"))
    assert order_of(shop, placed).state == "refunded"
    late = RefundFact(refund_reference=one.reference, result="succeeded", amount=one.amount)
    assert following.notify(shop, "scripted", late) == "duplicate"
    with shop.read() as uow:
        kinds = uow.db.scalars(select(LedgerEntry.kind)).all()
    assert sorted(kinds) == ["capture", "refund"]


def test_one_refund_that_raises_holds_up_no_other(shop, provider, caplog):
    """likeshop 6."""
    placed = [place_order(shop, (make_product(shop, price=1000), 1)) for _ in range(2)]
    for one in placed:
        pay(shop, one)
        shop.transact(lambda uow, o=one: requesting.cancel_paid(uow, STAFF, o.order_id, ""))
    real, first = provider.refund, refunds(shop)[0].reference

    def broken(request):
        if request.refund_reference == first:
            raise RuntimeError("a defect of the plugin")
        return real(request)

    provider.refund = broken
    with caplog.at_level(logging.CRITICAL):
        sending.send_due(shop)
    assert [one.state for one in refunds(shop)] == ["requested", "succeeded"]


def test_an_unpaid_delivery_is_not_refunded_in_parts(shop, provider):
    provider.kind, provider.notifies = "on_delivery", False
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 2))
    start(shop, GUEST, placed.order_id)
    (line,) = keys(shop, placed)
    with pytest.raises(RefundTooMuch):
        refund(shop, placed, lines={line: 1})
    assert level(shop) == (5, 2)


def test_cash_taken_at_the_door_is_refunded_by_hand(shop, provider):
    provider.kind, provider.notifies = "on_delivery", False
    provider.refund_results = ["by_hand"]
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 2))
    start(shop, GUEST, placed.order_id)
    ship(shop, placed)
    shop.transact(lambda uow: booking.confirm_by_hand(uow, STAFF, placed.order_id, "courier"))
    (line,) = keys(shop, placed)
    refund(shop, placed, lines={line: 1}, restock=True)
    sending.send_due(shop)
    (one,) = refunds(shop)
    assert (one.state, level(shop)) == ("by_hand", (4, 0))
    shop.transact(lambda uow: sending.confirm_by_hand(uow, STAFF, one.public_id, "cash"))
    assert order_of(shop, placed).refunded == 1000


def test_goods_and_downloads_in_one_order_leave_together(shop, provider):
    goods = make_product(shop, price=1000, stock=5)
    download = make_product(shop, price=500, stock=None, ships=False)
    placed = place_order(shop, (goods, 1), (download, 2))
    pay(shop, placed)
    assert order_of(shop, placed).state == "to_ship"
    ship(shop, placed)
    assert order_of(shop, placed).state == "shipped"
    with shop.read() as uow:
        assert uow.db.scalars(select(OrderLine.shipped).order_by(OrderLine.position)).all() == [
            1, 2,
        ]  # fmt: skip


def test_stock_rows_are_locked_in_the_order_of_their_ids(shop, provider):
    """A refund frees units that never left and puts back others that had: row by row, not pass by
    pass, or two refunds lock each other out."""
    from sqlalchemy import event

    *_, first, second = [make_product(shop, stock=5) for _ in range(4)]  # no id is also a count
    placed = place_order(shop, (second, 1), (first, 1))
    pay(shop, placed)
    later, earlier = keys(shop, placed)
    ship(shop, placed, **{earlier: 1})
    touched = []

    def note(_c, _cursor, text, values, *_):
        if text.startswith("UPDATE stock "):
            found = values.values() if isinstance(values, dict) else values
            touched.append({first.variant_id, second.variant_id}.intersection(found).pop())

    event.listen(shop.engine, "before_cursor_execute", note)
    try:
        refund(shop, placed, lines={later: 1, earlier: 1}, restock=True)
    finally:
        event.remove(shop.engine, "before_cursor_execute", note)
    assert touched == [first.variant_id, second.variant_id]
