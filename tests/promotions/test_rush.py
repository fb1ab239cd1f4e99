"""64 orders at once for a flash sale of 20 pieces, with goods for all of them: 20 get its price,
whatever the database, and nobody is charged more than they saw."""

from __future__ import annotations

import collections
import json
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from storegen.models import Order, OrderLine
from tests.fixtures.goods import fill_cart, make_delivery, make_guest, make_product
from tests.promotions.conftest import flash_taken, make_activity

PROCESSES, ORDERS, UNITS = 8, 8, 20


def rush(shop, goods, expected, guards):
    sessions = []
    for _ in range(PROCESSES * ORDERS):
        guest = make_guest(shop)
        fill_cart(shop, guest, (goods, 1))
        sessions.append(guest.session_id)
    processes = []
    for number in range(PROCESSES):
        mine = json.dumps(sessions[number * ORDERS : (number + 1) * ORDERS])
        command = [sys.executable, "-m", "tests.promotions.rush", str(shop.root), mine]
        processes.append(
            subprocess.Popen(
                [*command, str(expected), guards],
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
def test_shopxo_litemall_a_flash_sale_never_sells_more_than_it_has(shop, clock, guards):
    """ShopXO accepts a stock update of 0 rows, litemall counts before it inserts: both oversell."""
    make_delivery(shop, fee=0)
    hot = make_product(shop, "hot", price=1000, stock=1000)
    # The processes have clocks of their own.
    schedule = {"starts_at": clock.now(), "ends_at": None}
    make_activity(
        shop,
        "flash",
        items=[{"product": hot.product_id, "price": 100, "stock": UNITS}],
        schedule=schedule,
    )
    outcomes = rush(shop, hot, 100, guards)
    with shop.read() as uow:
        cheap = uow.db.scalar(
            select(func.sum(OrderLine.quantity)).where(OrderLine.unit_price == 100)
        )
        orders = uow.db.scalar(select(func.count()).select_from(Order))
    print(f"{shop.engine.dialect.name}, guards {guards}: {dict(outcomes)}")
    if guards == "off":
        assert cheap > UNITS, "the control must see the oversell, or the test proves nothing"
        return
    assert outcomes == {"sold": UNITS, "sold out": PROCESSES * ORDERS - UNITS}
    assert (cheap, orders, flash_taken(shop)) == (UNITS, UNITS, [UNITS])
