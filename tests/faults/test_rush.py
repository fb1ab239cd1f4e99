"""Eight processes, twenty-five orders each, sixty units: sixty are sold, whatever the database."""

from __future__ import annotations

import collections
import json
import subprocess
import sys

import pytest
from sqlalchemy import func, insert, select

from storegen.models import Cart, CartLine, Order, Session, Stock, random_id
from tests.fixtures.goods import make_delivery, make_product

PROCESSES, ORDERS, UNITS = 8, 25, 60


def prepare_carts(shop, goods):
    """A guest with a filled cart for every order; the lines' order differs, as people's does."""
    sessions = []
    with shop.write() as uow:
        for number in range(PROCESSES * ORDERS):
            session_id = uow.db.execute(
                insert(Session)
                .values(
                    token_hash=random_id(32),
                    created_at=uow.now,
                    seen_at=uow.now,
                    expires_at=uow.now,
                )
                .returning(Session.id)
            ).scalar_one()
            cart_id = uow.db.execute(
                insert(Cart)
                .values(
                    session_id=session_id,
                    coupons=[],
                    destination={},
                    created_at=uow.now,
                    updated_at=uow.now,
                )
                .returning(Cart.id)
            ).scalar_one()
            for one in goods if number % 2 else reversed(goods):
                uow.db.execute(
                    insert(CartLine).values(
                        cart_id=cart_id, variant_id=one.variant_id, attributes={}, quantity=1
                    )
                )
            sessions.append(session_id)
    return sessions


def rush(shop, goods, expected, guards):
    sessions = prepare_carts(shop, goods)
    processes = []
    for number in range(PROCESSES):
        mine = [[s, expected] for s in sessions[number * ORDERS : (number + 1) * ORDERS]]
        processes.append(
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.faults.rush",
                    str(shop.root),
                    json.dumps(mine),
                    guards,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes = collections.Counter()
    for process in processes:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        outcomes.update(json.loads(out))
    return outcomes


@pytest.mark.slow
@pytest.mark.parametrize("guards", ["on", "off"])
def test_sixty_units_are_sold_exactly_sixty_times(store, guards):
    make_delivery(store)
    hot = make_product(store, "hot", price=1000, stock=UNITS)
    other = make_product(store, "other", price=500, stock=1000)
    outcomes = rush(store, [hot, other], expected=1500 + 600, guards=guards)
    with store.read() as uow:
        reserved = uow.db.scalar(select(Stock.reserved).where(Stock.variant_id == hot.variant_id))
        orders = uow.db.scalar(select(func.count()).select_from(Order))
    print(f"{store.engine.dialect.name}, guards {guards}: {dict(outcomes)}")
    if guards == "off":
        assert reserved > UNITS, "the control must see the oversell, or the test proves nothing"
        return
    assert outcomes == {"sold": UNITS, "sold out": PROCESSES * ORDERS - UNITS}
    assert (reserved, orders) == (UNITS, UNITS)
