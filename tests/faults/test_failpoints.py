"""A process that is killed at any step of a checkout, a notification or a refund loses nothing and
does nothing twice: the same click again gives one order, one payment; the recount is clean."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from storegen import failpoints
from storegen.domain import audit
from storegen.domain.payments import following
from storegen.domain.refunds import requesting, sending
from storegen.errors import StillRunning
from storegen.models import LedgerEntry, Order, Payment, Refund, Stock
from tests.faults import checkout
from tests.fixtures.goods import (
    STAFF,
    fill_cart,
    make_delivery,
    make_guest,
    make_product,
    order_command,
)
from tests.fixtures.payment import fact


def run(shop, what, argument, point):
    """The process, which must die at ``point`` (or end well where that is empty)."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.checkout", str(shop.root), what, json.dumps(argument)],
        env={**os.environ, failpoints.VARIABLE: point},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == (-signal.SIGKILL if point else 0), done.stderr


@pytest.fixture
def shop(store):
    make_delivery(store)
    return store


@pytest.fixture
def cart(shop):
    """(session, payable) of a guest whose cart holds two of five units."""
    actor = make_guest(shop)
    fill_cart(shop, actor, (make_product(shop, stock=5), 2))
    return actor.session_id, order_command(shop, actor).expected_total


def is_sound(shop):
    with shop.read() as uow:
        assert audit.drifts(uow) == []


def numbers(shop):
    with shop.read() as uow:
        return {
            "orders": uow.db.scalar(select(func.count()).select_from(Order)),
            "payments": uow.db.scalar(select(func.count()).select_from(Payment)),
            "reserved": uow.db.scalar(select(Stock.reserved)),
        }


CHECKOUT = [point for point in failpoints.POINTS if point.startswith("checkout.")]


@pytest.mark.parametrize("point", [*CHECKOUT, "payment.prepared", "payment.answered"])
def test_killed_in_the_checkout(shop, cart, clock, point):
    run(shop, "checkout", cart, point)
    is_sound(shop)
    placed = point in ("checkout.committed", "payment.prepared", "payment.answered")
    assert numbers(shop)["orders"] == (1 if placed else 0)
    provider = checkout.use_files(shop)
    if not placed:  # the key is claimed by the dead: for a while nobody knows that
        with pytest.raises(StillRunning):
            checkout.check_out(shop, *cart)
        clock.move(seconds=61)
    answer = checkout.check_out(shop, *cart)
    assert answer == checkout.check_out(shop, *cart), "and again: the same order, the same payment"
    assert numbers(shop) == {"orders": 1, "payments": 1, "reserved": 2}
    started = [path.name for path in provider.folder.iterdir()]
    assert started == [f"payment-{answer['reference']}"], "the provider knows one payment"
    following.notify(shop, "scripted", fact(answer["reference"]))
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.state)) == "to_ship"
    is_sound(shop)


def test_killed_while_a_payment_is_booked(shop, cart):
    checkout.use_files(shop)
    answer = checkout.check_out(shop, *cart)
    run(shop, "notify", [answer["reference"], cart[1]], "payment.booking")
    with shop.read() as uow:
        assert uow.db.execute(select(Order.state, Order.captured)).one() == ("pending_payment", 0)
    is_sound(shop)
    again = fact(answer["reference"], event_id="e1")
    assert following.notify(shop, "scripted", again) == "booked", "the event was not used up"
    assert following.notify(shop, "scripted", again) == "duplicate"
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.captured)) == cart[1]
    is_sound(shop)


@pytest.mark.parametrize("point", ["refund.claimed", "refund.answered"])
def test_killed_while_a_refund_is_sent(shop, cart, clock, point):
    provider = checkout.use_files(shop)
    answer = checkout.check_out(shop, *cart)
    following.notify(shop, "scripted", fact(answer["reference"]))
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, answer["order"], ""))
    run(shop, "refunds", None, point)
    is_sound(shop)
    assert sending.send_due(shop) == 0, "it is the dead worker's for a minute"
    clock.move(seconds=61)
    assert sending.send_due(shop) == 1
    with shop.read() as uow:
        reference = uow.db.scalar(select(Refund.reference))
        kinds = uow.db.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.id)).all()
        assert uow.db.scalar(select(Order.state)) == "refunded"
    assert kinds == ["capture", "refund"]
    refunds = [p.name for p in provider.folder.iterdir() if p.name.startswith("refund-")]
    assert refunds == [f"refund-{reference}"], "one number, so the provider pays once"
    is_sound(shop)


def test_nothing_dies_without_the_variable(shop, cart):
    """The control: the same process ends well, so it is the point that killed it above."""
    run(shop, "checkout", cart, "")
    assert numbers(shop) == {"orders": 1, "payments": 1, "reserved": 2}


def test_every_point_is_reached_by_the_code():
    """A name that no code knows would make its test kill nothing."""
    import pathlib

    source = "".join(
        path.read_text() for path in pathlib.Path(failpoints.__file__).parent.rglob("*.py")
    )
    for point in failpoints.POINTS:
        assert f'reach("{point}")' in source, point
