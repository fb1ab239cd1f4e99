"""What the payment policies decide, one row each: late, twice, by hand, out of order."""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from storegen.domain import audit, fulfilment, stock
from storegen.domain.fulfilment import Ship
from storegen.domain.idempotency import Key, _claim, once, request_hash
from storegen.domain.orders.reading import order_view
from storegen.domain.payments import booking, following, starting
from storegen.domain.refunds import requesting, sending
from storegen.errors import Conflict, Forbidden, NotificationRefused
from storegen.models import (
    LedgerEntry,
    Order,
    OrderLine,
    ParkedNotification,
    Payment,
    Refund,
    Reservation,
    Stock,
)
from storegen.values.actor import Actor
from storegen.values.payment import RefundFact
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.payment import ADDRESSES, ScriptedProvider, fact, start, use

GUEST = Actor(kind="guest", session_id=1)


@pytest.fixture
def shop(store):
    make_delivery(store)
    yield store
    with store.read() as uow:
        assert audit.drifts(uow) == [], "every case ends with a clean recount"


@pytest.fixture
def provider(shop):
    return use(shop)


@pytest.fixture
def placed(shop, provider):
    return place_order(shop, (make_product(shop, price=1000, stock=5), 2))


def order_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(select(Order.__table__).where(Order.id == placed.order_id)).one()


def rows(shop, model):
    with shop.read() as uow:
        return uow.db.execute(select(model.__table__).order_by(model.id)).all()


def stock_of(shop):
    with shop.read() as uow:
        return [
            tuple(row)
            for row in uow.db.execute(
                select(Stock.on_hand, Stock.reserved).order_by(Stock.variant_id)
            )
        ]


def close(shop, clock):
    clock.move(minutes=31)
    following.close_due(shop)


# --- starting ---------------------------------------------------------------------------


def test_two_clicks_at_once_start_one_payment(shop, placed, provider):
    """The second click comes while the provider has not answered the first."""
    real, second = provider.start, []

    def slow(request):
        if not second:
            second.append(True)
            second.append(start(shop, GUEST, placed.order_id))
        return real(request)

    provider.start = slow
    assert start(shop, GUEST, placed.order_id) == second[1]
    assert len(rows(shop, Payment)) == 1


def test_a_slow_answer_is_remembered_for_its_own_provider(shop, placed, provider, clock):
    """Another way to pay is chosen in a second tab while the first provider answers; a lost
    notification of the first must still be found by asking."""
    other = ScriptedProvider(code="other", kind="instructions", notifies=False)
    use(shop, other)
    real = provider.start

    def slow(request):
        starting.start(shop, GUEST, placed.order_id, "other", ADDRESSES)
        return real(request)

    provider.start = slow
    reference = start(shop, GUEST, placed.order_id)
    provider.states[reference] = "succeeded"
    clock.move(seconds=21)
    following.query_due(shop)
    assert order_of(shop, placed).state == "to_ship"


# --- late -------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [0, 1], ids=["first line gone", "second line gone"])
def test_late_with_one_line_of_two_gone_takes_nothing(shop, provider, clock, gone):
    goods = [make_product(shop, price=1000, stock=5), make_product(shop, price=500, stock=5)]
    placed = place_order(shop, (goods[0], 2), (goods[1], 1))
    reference = start(shop, GUEST, placed.order_id)
    close(shop, clock)
    shop.transact(lambda uow: stock.set_level(uow, STAFF, goods[gone].variant_id, on_hand=0))
    following.notify(shop, "scripted", fact(reference))
    assert order_of(shop, placed).state == "closed"
    assert [reserved for _, reserved in stock_of(shop)] == [0, 0]
    assert [(r.amount, r.kind) for r in rows(shop, Refund)] == [(placed.payable, "late")]


def test_late_and_sold_after_all_shows_as_taken_on_public_pages(shop, placed, clock):
    reference = start(shop, GUEST, placed.order_id)
    close(shop, clock)
    before = shop.counters.read(["listing"])
    following.notify(shop, "scripted", fact(reference))
    assert order_of(shop, placed).state == "to_ship"
    assert shop.counters.read(["listing"]) != before


def test_late_twice_is_sold_once_and_the_second_is_given_back(shop, placed, provider, clock):
    first = start(shop, GUEST, placed.order_id)
    with shop.write() as uow:
        uow.db.execute(update(Payment).values(state="failed"))
    second = start(shop, GUEST, placed.order_id)
    close(shop, clock)
    for reference in (first, second):
        following.notify(shop, "scripted", fact(reference))
    order = order_of(shop, placed)
    assert (order.state, order.captured, order.flags) == (
        "to_ship", 2 * placed.payable, ["overpaid"],
    )  # fmt: skip


@pytest.mark.parametrize("ended", ["closed", "cancelled"])
def test_a_transfer_that_arrives_after_the_end_can_be_booked(shop, provider, clock, ended):
    provider.kind, provider.notifies = "instructions", False
    provider.refund_results = ["by_hand"]
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 1))
    start(shop, GUEST, placed.order_id)
    if ended == "closed":
        clock.move(hours=73)
        following.close_due(shop)
    else:
        following.cancel_unpaid(shop, GUEST, placed.order_id)
    assert order_of(shop, placed).state == ended
    assert {row.state for row in rows(shop, Payment)} == {"closed"}
    shop.transact(lambda uow: booking.confirm_by_hand(uow, STAFF, placed.order_id, "B7"))
    order = order_of(shop, placed)
    assert order.captured == placed.payable
    if ended == "closed":
        assert (order.state, stock_of(shop)) == ("to_ship", [(5, 1)])
    else:
        assert (order.state, stock_of(shop)) == ("cancelled", [(5, 0)])
        assert [(r.amount, r.kind) for r in rows(shop, Refund)] == [(placed.payable, "late")]


def test_money_seen_by_staff_is_never_put_on_an_online_payment(shop, placed, provider):
    """It could not be given back there: that provider took nothing."""
    start(shop, GUEST, placed.order_id)
    shop.transact(lambda uow: booking.confirm_by_hand(uow, STAFF, placed.order_id, "cash"))
    (entry,) = rows(shop, LedgerEntry)
    assert entry.payment_id is None
    assert rows(shop, Payment)[0].state == "pending"


def test_paid_online_although_cash_on_delivery_was_chosen_is_not_overpaid(shop, placed, provider):
    reference = start(shop, GUEST, placed.order_id)
    cash = ScriptedProvider(code="cash", kind="on_delivery", notifies=False)
    use(shop, cash)
    starting.start(shop, GUEST, placed.order_id, "cash", ADDRESSES)
    following.notify(shop, "scripted", fact(reference))
    order = order_of(shop, placed)
    assert (order.state, order.captured, order.flags) == ("to_ship", placed.payable, [])


def test_a_provider_without_numbers_of_its_own_is_booked_once(shop, placed, provider):
    """Its notification and its answer to a query are one payment."""
    reference = start(shop, GUEST, placed.order_id)
    for event in ("told", "asked"):
        said = replace(fact(reference, event_id=event), provider_reference="")
        following.notify(shop, "scripted", said)
    assert order_of(shop, placed).captured == placed.payable


# --- closing ----------------------------------------------------------------------------


def test_an_order_is_not_closed_while_its_provider_says_pending(shop, placed, provider, clock):
    start(shop, GUEST, placed.order_id)
    provider.close = lambda reference: fact(reference, "pending")
    clock.move(minutes=31)
    assert following.close_due(shop) == 0
    assert order_of(shop, placed).state == "pending_payment"


def test_one_order_that_cannot_be_closed_holds_up_no_other(
    shop, placed, provider, clock, monkeypatch, caplog
):
    other = place_order(shop, (make_product(shop), 1))
    real = following._close

    def broken(uow, order_id):
        if order_id == placed.order_id:
            raise RuntimeError("a defect")
        return real(uow, order_id)

    clock.move(minutes=31)
    with monkeypatch.context() as patch, caplog.at_level(logging.CRITICAL):
        patch.setattr(following, "_close", broken)
        assert following.close_due(shop) == 1
    assert [order_of(shop, x).state for x in (placed, other)] == ["pending_payment", "closed"]
    following.close_due(shop)
    assert order_of(shop, placed).state == "closed"


def test_goods_on_their_way_are_not_cancelled_but_refused(shop, provider):
    """Cash on delivery, part shipped: what has left cannot be called back by a click."""
    provider.kind, provider.notifies = "on_delivery", False
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 2))
    start(shop, GUEST, placed.order_id)
    with shop.read() as uow:
        line = uow.db.scalar(select(OrderLine.public_id))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship(lines={line: 1})))
    for who in (GUEST, STAFF):
        with pytest.raises(Conflict, match="already-shipped"):
            following.cancel_unpaid(shop, who, placed.order_id)
        with shop.read() as uow:
            assert "cancel" not in order_view(uow, who, placed.order_id).actions
    shop.transact(
        lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, "refused", restock=True)
    )
    assert order_of(shop, placed).state == "refunded"
    assert stock_of(shop) == [(5, 0)]
    assert rows(shop, Refund) == []


@pytest.mark.parametrize("who", [GUEST, STAFF], ids=["customer", "staff"])
def test_cash_on_delivery_is_cancelled_before_it_ships(shop, provider, who):
    provider.kind, provider.notifies = "on_delivery", False
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 2))
    start(shop, GUEST, placed.order_id)
    assert [row.expires_at for row in rows(shop, Reservation)] == [None], "held until it ships"
    with shop.read() as uow:
        assert "cancel" in order_view(uow, who, placed.order_id).actions
    following.cancel_unpaid(shop, who, placed.order_id)
    assert (order_of(shop, placed).state, stock_of(shop)) == ("cancelled", [(5, 0)])


def test_a_paid_order_that_is_to_ship_is_not_cancelled_by_a_click(shop, provider, placed):
    """``cancel_unpaid`` is a move from ``to_ship``; money that came keeps it shut."""
    following.notify(shop, "scripted", fact(start(shop, GUEST, placed.order_id)))
    assert order_of(shop, placed).state == "to_ship"
    with shop.read() as uow:
        assert "cancel" not in order_view(uow, GUEST, placed.order_id).actions
    with pytest.raises(Forbidden):
        following.cancel_unpaid(shop, GUEST, placed.order_id)
    assert order_of(shop, placed).state == "to_ship"


# --- notifications ----------------------------------------------------------------------


def test_fifty_times_in_any_order_a_day_late_is_booked_once(shop, placed, provider, clock):
    """Success, failure, pending and closed, each many times, shuffled, by several threads."""
    reference = start(shop, GUEST, placed.order_id)
    clock.move(days=1)
    facts = [
        fact(reference, result, event_id=f"{result}-{number}", provider_reference="tx-1")
        for result in ("succeeded", "failed", "pending", "closed")
        for number in (1, 2)
    ]
    heap = [one for one in facts for _ in range(50 // len(facts) + 1)]
    random.Random(7).shuffle(heap)
    outcomes = []

    def deliver(part):
        outcomes.extend(following.notify(shop, "scripted", one) for one in part)

    threads = [threading.Thread(target=deliver, args=(heap[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("booked") == 1
    assert len(outcomes) == len(heap) >= 50
    order = order_of(shop, placed)
    assert (order.state, order.captured) == ("to_ship", placed.payable)
    assert len(rows(shop, LedgerEntry)) == 1


def test_a_refund_is_believed_from_its_own_provider_only(shop, placed, provider):
    reference = start(shop, GUEST, placed.order_id)
    following.notify(shop, "scripted", fact(reference))
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, ""))
    (refund,) = rows(shop, Refund)
    said = RefundFact(refund_reference=refund.reference, result="succeeded", amount=refund.amount)
    with pytest.raises(NotificationRefused):
        following.notify(shop, "someone_else", said)
    assert order_of(shop, placed).refunded == 0
    assert following.notify(shop, "scripted", said) == "booked"


def test_a_parked_lie_is_given_up_and_holds_up_no_other(shop, placed, provider, clock):
    """Parked under another provider's name; once its payment is there it must be refused, and the
    honest one behind it is booked in the same sweep."""
    reference = start(shop, GUEST, placed.order_id)
    with shop.write() as uow:
        uow.db.execute(update(Payment).values(reference="later"))
    assert following.notify(shop, "someone_else", fact(reference)) == "parked"
    assert following.notify(shop, "scripted", fact(reference)) == "parked"
    with shop.write() as uow:
        uow.db.execute(update(Payment).values(reference=reference))
    clock.move(seconds=3)
    following.retry_parked(shop)
    assert [row.state for row in rows(shop, ParkedNotification)] == ["given_up", "done"]
    assert order_of(shop, placed).state == "to_ship"


# --- clocks -----------------------------------------------------------------------------


def test_a_clock_a_day_ahead_and_back_neither_sells_twice_nor_blocks(shop, placed, provider, clock):
    reference = start(shop, GUEST, placed.order_id)
    clock.move(days=1)
    following.close_due(shop)
    assert (order_of(shop, placed).state, stock_of(shop)) == ("closed", [(5, 0)])
    key = Key("session:1", "place", "k")
    shop.transact(lambda uow: _claim(uow, key, request_hash({})))  # and then the process died
    clock.move(days=-1)
    assert once(shop, key, {}, lambda uow, answer: answer({"ok": 1})) == {"ok": 1}
    following.notify(shop, "scripted", fact(reference))
    assert order_of(shop, placed).state == "to_ship"
    again = place_order(shop, (make_product(shop, price=100, stock=1), 1))
    paid = start(shop, GUEST, again.order_id)
    following.notify(shop, "scripted", fact(paid))
    assert order_of(shop, again).state == "to_ship"


def test_two_schedulers_at_once_close_and_refund_once(shop, placed, provider, clock):
    reference = start(shop, GUEST, placed.order_id)
    other = place_order(shop, (make_product(shop, stock=3), 1))
    clock.move(minutes=31)
    both(lambda: following.close_due(shop))
    assert {order_of(shop, x).state for x in (placed, other)} == {"closed"}
    assert stock_of(shop) == [(5, 0), (3, 0)]
    with shop.write() as uow:  # so that the money goes back
        uow.db.execute(update(Order).values(state="cancelled"))
    following.notify(shop, "scripted", fact(reference))
    both(lambda: sending.send_due(shop))
    assert len(provider.refunds) == 1
    assert order_of(shop, placed).refunded == placed.payable


def both(work):
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_slow_provider_that_answers_after_the_order_was_closed(shop, placed, provider, clock):
    """Its page can still be paid: that is a late payment, not a lost one."""
    real = provider.start

    def slow(request):
        clock.move(minutes=50)
        following.close_due(shop)
        return real(request)

    provider.start = slow
    started = starting.start(shop, GUEST, placed.order_id, "scripted", ADDRESSES)
    following.notify(shop, "scripted", fact(started.reference, amount=placed.payable))
    assert order_of(shop, placed).state == "to_ship"
