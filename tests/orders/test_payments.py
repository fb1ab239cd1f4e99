"""Money in: every way a payment may go, each booked once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from storegen.domain.orders.moving import lock
from storegen.domain.payments import booking, following
from storegen.errors import Conflict, Forbidden, NotAllowed, NotificationRefused, ProviderDown
from storegen.models import (
    LedgerEntry,
    Order,
    ParkedNotification,
    Payment,
    Refund,
    Reservation,
    Stock,
)
from storegen.values.actor import Actor
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.payment import fact, start, use

GUEST = Actor(kind="guest", session_id=1)


@pytest.fixture
def shop(store):
    make_delivery(store)
    return store


@pytest.fixture
def provider(shop):
    return use(shop)


@pytest.fixture
def placed(shop, provider):
    return place_order(shop, (make_product(shop, price=1000, stock=5), 2))


def order_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(select(Order.__table__).where(Order.id == placed.order_id)).one()


def rows(shop, model, **where):
    with shop.read() as uow:
        return uow.db.execute(select(model.__table__).filter_by(**where)).all()


def free(shop):
    with shop.read() as uow:
        return uow.db.execute(select(Stock.on_hand, Stock.reserved)).one()


def test_a_verified_payment_makes_the_order_ready_to_ship(shop, placed):
    reference = start(shop, GUEST, placed.order_id)
    assert following.notify(shop, "scripted", fact(reference)) == "booked"
    order = order_of(shop, placed)
    assert (order.state, order.captured) == ("to_ship", placed.payable)
    assert order.paid_at is not None
    assert rows(shop, Payment)[0].state == "succeeded"


def test_a_notification_fifty_times_in_any_order_is_booked_once(shop, placed):
    reference = start(shop, GUEST, placed.order_id)
    said = fact(reference, event_id="e1")
    again = fact(reference, event_id="e2")  # the same transaction under another event id
    outcomes = []

    def tell(one):
        outcomes.append(following.notify(shop, "scripted", one))

    threads = [threading.Thread(target=tell, args=(one,)) for one in [said, again] * 25]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(outcomes)) == ["booked", "duplicate"]
    assert outcomes.count("booked") == 1
    assert order_of(shop, placed).captured == placed.payable
    assert len(rows(shop, LedgerEntry)) == 1


@pytest.mark.parametrize(
    "wrong", [{"amount": 1}, {"currency": "USD"}, {"amount": -1}], ids=lambda w: next(iter(w))
)
def test_another_amount_or_currency_is_not_believed(shop, placed, wrong):
    reference = start(shop, GUEST, placed.order_id)
    assert following.notify(shop, "scripted", fact(reference, **wrong)) == "mismatch"
    order = order_of(shop, placed)
    assert (order.state, order.captured, order.flags) == (
        "pending_payment", 0, ["payment_mismatch"],
    )  # fmt: skip


def test_another_providers_word_about_this_payment_is_refused(shop, placed):
    reference = start(shop, GUEST, placed.order_id)
    with pytest.raises(NotificationRefused):
        following.notify(shop, "someone_else", fact(reference))
    assert order_of(shop, placed).captured == 0


def test_expired_or_failed_after_paid_changes_nothing(shop, placed):
    """litemall #271: a second callback turned a shipped order back to paid."""
    reference = start(shop, GUEST, placed.order_id)
    following.notify(shop, "scripted", fact(reference))
    for result in ("failed", "closed", "pending"):
        following.notify(shop, "scripted", fact(reference, result))
    assert order_of(shop, placed).state == "to_ship"
    assert rows(shop, Payment)[0].state == "succeeded"


def test_a_notification_before_its_payment_is_parked_and_tried_again(shop, placed, clock):
    reference = start(shop, GUEST, placed.order_id)
    with shop.write() as uow:  # as if the answer to `start` had not been written yet
        uow.db.execute(update(Payment).values(reference="later"))
    assert following.notify(shop, "scripted", fact(reference)) == "parked"
    assert order_of(shop, placed).captured == 0
    with shop.write() as uow:
        uow.db.execute(update(Payment).values(reference=reference))
    assert following.retry_parked(shop) == 0  # not due yet
    clock.move(seconds=3)
    assert following.retry_parked(shop) == 1
    assert order_of(shop, placed).state == "to_ship"
    assert rows(shop, ParkedNotification)[0].state == "done"


def test_a_parked_notification_that_never_fits_is_given_up_after_a_while(shop, provider, clock):
    following.notify(shop, "scripted", fact("nobody"))
    for _ in range(30):
        clock.move(hours=2)
        following.retry_parked(shop)
    assert [row.state for row in rows(shop, ParkedNotification)] == ["given_up"]


def test_a_lost_notification_is_found_by_asking(shop, placed, provider, clock):
    reference = start(shop, GUEST, placed.order_id)
    provider.states[reference] = "succeeded"
    assert following.query_due(shop) == 0
    clock.move(seconds=21)
    assert following.query_due(shop) == 1
    assert order_of(shop, placed).state == "to_ship"


def test_a_double_click_starts_one_payment(shop, placed, provider):
    one, two = (start(shop, GUEST, placed.order_id) for _ in range(2))
    assert one == two
    assert provider.calls.count("start") == 1


def test_a_provider_that_does_not_answer_leaves_the_order_to_be_paid(shop, placed, provider):
    provider.down = True
    with pytest.raises(ProviderDown):
        start(shop, GUEST, placed.order_id)
    assert order_of(shop, placed).state == "pending_payment"
    provider.down = False
    start(shop, GUEST, placed.order_id)


def test_no_transaction_is_open_while_a_provider_is_called(shop, placed, provider):
    """With a lock held during the call, this write would wait for it."""
    real = provider.start

    def while_asked(request):
        with shop.write() as uow:
            lock(uow, placed.order_id)
        return real(request)

    provider.start = while_asked
    start(shop, GUEST, placed.order_id)


def test_unpaid_orders_are_closed_in_time_and_give_their_goods_back(shop, placed, provider, clock):
    reference = start(shop, GUEST, placed.order_id)
    assert free(shop).reserved == 2
    clock.move(minutes=29)
    assert following.close_due(shop) == 0
    clock.move(minutes=2)
    assert following.close_due(shop) == 1
    assert order_of(shop, placed).state == "closed"
    assert free(shop) == (5, 0)
    assert provider.states[reference] == "closed", "closed at the provider before stock went back"
    assert following.close_due(shop) == 0


def test_an_order_that_was_paid_at_the_last_moment_is_not_closed(shop, placed, provider, clock):
    reference = start(shop, GUEST, placed.order_id)
    provider.states[reference] = "succeeded"
    clock.move(minutes=31)
    following.close_due(shop)
    assert order_of(shop, placed).state == "to_ship"
    assert free(shop) == (5, 2)


def test_a_provider_that_is_down_keeps_the_goods_for_a_grace_and_no_longer(
    shop, placed, provider, clock
):
    start(shop, GUEST, placed.order_id)
    provider.down = True
    clock.move(minutes=31)
    assert following.close_due(shop) == 0
    assert order_of(shop, placed).state == "pending_payment"
    clock.move(minutes=15)
    assert following.close_due(shop) == 1
    assert free(shop) == (5, 0)


def close(shop, clock):
    clock.move(minutes=31)
    following.close_due(shop)


def test_paid_late_with_the_goods_still_there_is_sold(shop, placed, clock):
    """dujiao-next #108: payment arrives after the order expired."""
    reference = start(shop, GUEST, placed.order_id)
    close(shop, clock)
    following.notify(shop, "scripted", fact(reference))
    assert order_of(shop, placed).state == "to_ship"
    assert free(shop) == (5, 2)
    assert [(r.quantity, r.released, r.state) for r in rows(shop, Reservation)] == [(2, 0, "held")]
    assert rows(shop, Refund) == []


def test_paid_late_with_the_goods_gone_is_refunded_by_itself(shop, placed, clock):
    reference = start(shop, GUEST, placed.order_id)
    close(shop, clock)
    with shop.write() as uow:
        uow.db.execute(update(Stock).values(on_hand=1))
    following.notify(shop, "scripted", fact(reference))
    order = order_of(shop, placed)
    assert (order.state, order.captured, order.flags) == (
        "closed", placed.payable, ["late_payment"],
    )  # fmt: skip
    assert [(r.amount, r.kind, r.state) for r in rows(shop, Refund)] == [
        (placed.payable, "late", "requested")
    ]
    assert free(shop).reserved == 0


def test_paid_after_cancel_is_recorded_and_refunded_and_moves_nothing(shop, placed, provider):
    reference = start(shop, GUEST, placed.order_id)
    following.cancel_unpaid(shop, GUEST, placed.order_id)
    assert order_of(shop, placed).state == "cancelled"
    following.notify(shop, "scripted", fact(reference))
    order = order_of(shop, placed)
    assert (order.state, order.captured) == ("cancelled", placed.payable)
    assert free(shop) == (5, 0)
    assert len(rows(shop, Refund)) == 1


def test_an_order_that_was_paid_meanwhile_cannot_be_cancelled_as_unpaid(shop, placed, provider):
    reference = start(shop, GUEST, placed.order_id)
    provider.states[reference] = "succeeded"
    with pytest.raises(Forbidden):
        following.cancel_unpaid(shop, GUEST, placed.order_id)
    assert order_of(shop, placed).state == "to_ship"


def test_paid_twice_is_paid_and_shown_to_staff(shop, placed, provider):
    first = start(shop, GUEST, placed.order_id)
    with shop.write() as uow:  # a second page was opened when the first seemed dead
        uow.db.execute(update(Payment).values(state="failed"))
    second = start(shop, GUEST, placed.order_id)
    for reference in (first, second):
        assert following.notify(shop, "scripted", fact(reference)) == "booked"
    order = order_of(shop, placed)
    assert (order.state, order.captured, order.flags) == (
        "to_ship", 2 * placed.payable, ["overpaid"],
    )  # fmt: skip


def test_a_transfer_is_waited_for_for_days_and_confirmed_by_staff(shop, clock, provider):
    provider.kind, provider.notifies = "instructions", False
    placed = place_order(shop, (make_product(shop, stock=5), 1))
    start(shop, GUEST, placed.order_id)
    clock.move(hours=71)
    assert following.close_due(shop) == 0
    with pytest.raises(NotAllowed):
        shop.transact(lambda uow: booking.confirm_by_hand(uow, GUEST, placed.order_id, "B1"))
    shop.transact(lambda uow: booking.confirm_by_hand(uow, STAFF, placed.order_id, "B1"))
    assert order_of(shop, placed).state == "to_ship"
    with pytest.raises(Conflict):
        shop.transact(lambda uow: booking.confirm_by_hand(uow, STAFF, placed.order_id, "B1"))


def test_cash_on_delivery_ships_unpaid_and_is_paid_on_receipt(shop, provider):
    provider.kind, provider.notifies = "on_delivery", False
    placed = place_order(shop, (make_product(shop), 1))
    start(shop, GUEST, placed.order_id)
    order = order_of(shop, placed)
    assert (order.state, order.captured, order.pay_on_delivery) == ("to_ship", 0, True)
    shop.transact(lambda uow: booking.confirm_by_hand(uow, STAFF, placed.order_id, "courier"))
    assert order_of(shop, placed).captured == placed.payable


def test_nothing_to_pay_is_paid_at_once(shop, provider):
    placed = place_order(shop, (make_product(shop, price=0, ships=False), 1))
    assert placed.payable == 0
    start(shop, GUEST, placed.order_id)
    assert order_of(shop, placed).state == "received", "nothing to ship either: handed over"
    assert provider.calls == []
