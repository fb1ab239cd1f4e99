"""Each kind of drift, made by hand in SQL, is found and named."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from storegen.cli import main
from storegen.domain import fulfilment
from storegen.domain.audit import drifts
from storegen.domain.audit_checks import CHECKS
from storegen.domain.payments import following
from storegen.domain.refunds import requesting, sending
from storegen.models import OrderLine
from tests.fixtures.goods import STAFF, make_delivery, make_guest, make_product, place_order
from tests.fixtures.payment import fact, start, use

PAID, CLOSED, WAITING = "number = 'paid'", "number = 'closed'", "number = 'waiting'"


def of(where):
    return f"(SELECT id FROM orders WHERE {where})"


DRIFT = {
    "stock-reserved": ["UPDATE stock SET reserved = reserved + 1"],
    "stock-on-hand": ["UPDATE stock SET on_hand = on_hand - 1"],
    "reservation-state": [f"UPDATE reservation SET state = 'done' WHERE order_id = {of(WAITING)}"],
    "reservation-orphan": [
        f"UPDATE reservation SET state = 'held', released = 1 WHERE order_id = {of(CLOSED)}"
    ],
    "reservation-quantity": [f"DELETE FROM reservation WHERE order_id = {of(PAID)}"],
    "reservation-taken": [f"UPDATE reservation SET taken = 1 WHERE order_id = {of(PAID)}"],
    "reservation-released": [f"UPDATE reservation SET released = 0 WHERE order_id = {of(PAID)}"],
    "line-amounts": [f"UPDATE order_line SET unit_price = 1 WHERE order_id = {of(PAID)}"],
    "line-shipped": [f"UPDATE order_line SET shipped = 1 WHERE order_id = {of(PAID)}"],
    "line-refunded": [f"UPDATE order_line SET refunded = 0 WHERE order_id = {of(PAID)}"],
    "line-refunded-amount": ["UPDATE refund_line SET gross = gross + 1"],
    "order-all-sent": [f"UPDATE order_line SET cancelled = 2 WHERE order_id = {of(PAID)}"],
    "order-not-sent": [f"UPDATE orders SET state = 'received' WHERE {PAID}"],
    "order-total": [f"UPDATE orders SET total = total + 1 WHERE {PAID}"],
    "order-goods": [f"DELETE FROM refund_line; DELETE FROM shipment_line; "
                    f"DELETE FROM order_line WHERE order_id = {of(PAID)}"],
    "order-discount": [f"UPDATE orders SET discount = 5 WHERE {PAID}"],
    "order-tax": [f"UPDATE orders SET tax = 7 WHERE {CLOSED}"],
    "order-payable": [f"UPDATE orders SET payable = payable - 1 WHERE {WAITING}"],
    "order-captured": [f"UPDATE orders SET captured = captured + 1 WHERE {PAID}"],
    "order-refunded": [f"UPDATE orders SET refunded = 1 WHERE {PAID}"],
    "order-freight-refunded": [f"UPDATE orders SET shipping_refunded = 1 WHERE {PAID}"],
    "order-unpaid": [f"UPDATE orders SET state = 'paid' WHERE {WAITING}"],
    "order-paid-waits": [f"UPDATE orders SET state = 'pending_payment' WHERE {PAID}"],
    "order-money-kept": [f"UPDATE orders SET state = 'closed' WHERE {PAID}"],
    "payment-not-booked": ["DELETE FROM ledger_entry WHERE kind = 'capture'"],
    "payment-state": ["UPDATE payment SET state = 'pending'"],
    "payment-amount": ["UPDATE ledger_entry SET amount = amount + 1 WHERE kind = 'capture'"],
    "refund-ledger": ["UPDATE refund SET state = 'failed'"],
    "ledger-without-refund": ["UPDATE ledger_entry SET refund_id = NULL WHERE kind = 'refund'"],
    "refunds-too-much": ["UPDATE refund SET amount = 99999"],
    "delivery-dead": [
        "INSERT INTO outbox_delivery (event_id, listener, state, attempts, error, next_at) "
        "SELECT MIN(id), 'a_plugin', 'dead', 8, '', 0 FROM outbox_event"
    ],
}  # fmt: skip


@pytest.fixture
def shop(store, clock):
    """Three orders, each in another state, and not a unit or a cent in the wrong place."""
    make_delivery(store)
    use(store)
    tea = make_product(store, price=1000, stock=50)
    closed = place_order(store, (tea, 2))
    clock.move(hours=2)
    following.close_due(store)
    waiting = place_order(store, (tea, 3))
    paid = place_order(store, (tea, 4))
    following.notify(store, "scripted", fact(start(store, make_guest(store), paid.order_id)))
    with store.read() as uow:
        line = uow.db.scalar(select(OrderLine.public_id).where(OrderLine.order_id == paid.order_id))
    some = fulfilment.Ship(lines={line: 2})
    store.transact(lambda uow: fulfilment.ship(uow, STAFF, paid.order_id, some))
    wanted = requesting.RefundRequested(lines={line: 1}, shipping=100)
    store.transact(lambda uow: requesting.request_refund(uow, STAFF, paid.order_id, wanted))
    sending.send_due(store)
    with store.write() as uow:
        for name, placed in (("closed", closed), ("waiting", waiting), ("paid", paid)):
            uow.db.execute(
                text("UPDATE orders SET number = :n WHERE id = :i"),
                {"n": name, "i": placed.order_id},
            )
    return store


def found(shop):
    with shop.read() as uow:
        return drifts(uow)


def test_every_check_has_its_drift_here():
    assert {check.kind for check in CHECKS} == set(DRIFT)
    assert len({check.kind for check in CHECKS}) == len(CHECKS)


def test_a_sound_shop_has_none(shop):
    assert found(shop) == []


@pytest.mark.parametrize("kind", DRIFT)
def test_drift_is_found_and_named(shop, kind):
    with shop.write() as uow:
        for statement in DRIFT[kind][0].split(";"):
            uow.db.execute(text(statement))
    seen = [drift for drift in found(shop) if drift.kind == kind]
    assert seen, f"not found; others: {found(shop)}"
    for drift in seen:
        assert drift.expected != drift.found or drift.kind == "line-amounts"
        assert drift.id in drift.sentence
        assert drift.sentence.endswith(".")


def test_what_the_recount_says_is_exact(shop):
    with shop.write() as uow:
        uow.db.execute(text("UPDATE stock SET reserved = 40, on_hand = 100"))
    reserved, on_hand = found(shop)
    assert (reserved.kind, reserved.expected, reserved.found) == ("stock-reserved", 4, 40)
    assert (on_hand.kind, on_hand.expected, on_hand.found) == ("stock-on-hand", 48, 100)


def test_a_stock_row_that_is_gone_is_missed(shop):
    with shop.write() as uow:
        uow.db.execute(text("DELETE FROM stock"))
    assert {drift.kind for drift in found(shop)} == {"stock-reserved", "stock-on-hand"}


def test_the_command_says_no_drift_and_ends_with_zero(shop):
    done = CliRunner().invoke(main, ["audit", str(shop.root)])
    assert (done.exit_code, done.output) == (0, "no drift\n")
    done = CliRunner().invoke(main, ["audit", str(shop.root), "--json"])
    assert (done.exit_code, done.output) == (0, "")


def test_the_command_lists_drift_and_ends_with_one(shop):
    with shop.write() as uow:
        uow.db.execute(text("UPDATE orders SET total = total + 1"))
    done = CliRunner().invoke(main, ["audit", str(shop.root)])
    assert done.exit_code == 1
    assert "order-total: Order paid: its total is 4801" in done.output
    assert done.output.endswith("drifts: 6\n")  # payable differs from the total too
    done = CliRunner().invoke(main, ["audit", str(shop.root), "--json"])
    answer = [json.loads(line) for line in done.output.splitlines()]
    assert (done.exit_code, len(answer)) == (1, 6)
    assert set(answer[0]) == {"kind", "entity", "id", "expected", "found", "sentence"}
