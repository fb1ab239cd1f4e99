"""64 at once for one: one gets it, whatever the database.

litemall #581: total 1, limit 1, 64 requests at once: 36 successes, 9 rows.
macrozheng/mall #1003: 5 orders from one coupon. vendurehq/vendure #4660: the same by a limit of use
that is looked at first and counted later. Each has its negative control: the same rush with the
guard switched off must go wrong, or the test proves nothing.
"""

from __future__ import annotations

import collections
import json
import subprocess
import sys

import pytest
from sqlalchemy import func, insert, select
from storegen_plugins.coupons import codes

from storegen.domain.carts import changes
from storegen.models import Cart, CartLine, Order, random_id
from tests.coupons.conftest import claim, coupons_of, make_campaign, make_customer, template, uses
from tests.fixtures.goods import STAFF, make_product

PROCESSES, THREADS = 4, 16
MANY = PROCESSES * THREADS


def rush(shop, what, todo, guards="on"):
    """Outcomes of ``todo``, spread over processes whose threads start together."""
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.coupons.rush",
                str(shop.root),
                what,
                json.dumps(todo[number::PROCESSES]),
                guards,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes = collections.Counter()
    for process in running:
        out, _ = process.communicate(timeout=240)
        assert process.returncode == 0
        outcomes.update(json.loads(out))
    print(f"{shop.engine.dialect.name}, {what}, guards {guards}: {dict(outcomes)}")
    return outcomes


def carts_of(shop, actors, goods):
    """A filled cart of its own for each: (public id, customer)."""
    made = []
    with shop.write() as uow:
        for actor in actors:
            public_id = random_id(26)
            cart_id = uow.db.execute(
                insert(Cart)
                .values(
                    public_id=public_id,
                    customer_id=actor.customer_id,
                    coupons=[],
                    destination={},
                    attributes={},
                    created_at=uow.now,
                    updated_at=uow.now,
                )
                .returning(Cart.id)
            ).scalar_one()
            uow.db.execute(
                insert(CartLine).values(
                    cart_id=cart_id, variant_id=goods.variant_id, attributes={}, quantity=1
                )
            )
            made.append([public_id, actor.customer_id])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("guards", ["on", "off"])
def test_litemall_581_of_64_claims_for_one_coupon_one_gets_it(shop, guards):
    campaign = make_campaign(shop, total=1)
    todo = [[campaign, make_customer(shop).customer_id] for _ in range(MANY)]
    outcomes = rush(shop, "claim", todo, guards)
    issued = len(coupons_of(shop, campaign))
    if guards == "off":
        shop.drifted = True
        assert issued > 1, "the control must see too many, or the test proves nothing"
        return
    assert outcomes == {"done": 1, "coupons:gone": MANY - 1}
    assert (issued, template(shop, campaign).issued) == (1, 1)


@pytest.mark.slow
def test_litemall_581_of_64_claims_by_one_customer_one_succeeds(shop):
    campaign = make_campaign(shop, total=50, per_customer=1)
    lin = make_customer(shop)
    outcomes = rush(shop, "claim", [[campaign, lin.customer_id]] * MANY)
    assert outcomes == {"done": 1, "coupons:limit": MANY - 1}
    assert (len(coupons_of(shop, campaign)), template(shop, campaign).issued) == (1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("guards", ["on", "off"])
def test_macrozheng_1003_of_64_orders_with_one_coupon_one_uses_it(shop, guards):
    campaign = make_campaign(shop, days=3650)  # their clock is the machine's
    lin = make_customer(shop)
    claim(shop, lin, campaign)
    tea = make_product(shop, price=5000, ships=False, stock=1000)
    outcomes = rush(shop, "order", carts_of(shop, [lin] * MANY, tea), guards)
    with shop.read() as uow:
        orders = uow.db.scalar(select(func.count()).where(Order.total == 4000))
    if guards == "off":
        shop.drifted = True
        assert orders > 1, "the control must see several, or the test proves nothing"
        return
    assert outcomes.pop("done") == 1
    assert set(outcomes) <= {"coupons:used", "price-changed"}
    assert outcomes.total() == MANY - 1
    assert (orders, len(uses(shop))) == (1, 1)
    assert [row.state for row in coupons_of(shop, campaign)] == ["used"]


@pytest.mark.slow
def test_vendure_4660_of_64_orders_with_one_code_one_uses_it(shop):
    campaign = make_campaign(shop, channel="code", total=1, per_customer=None)
    shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, "WELCOME"))
    tea = make_product(shop, price=5000, ships=False, stock=1000)
    people = [make_customer(shop) for _ in range(MANY)]
    carts = carts_of(shop, people, tea)
    with shop.write() as uow:
        for actor, (public_id, _) in zip(people, carts, strict=True):
            changes.apply(uow, actor, changes.AddCoupon(code="WELCOME"), public_id)
    outcomes = rush(shop, "order", carts)
    assert outcomes.pop("done") == 1
    assert set(outcomes) <= {"coupons:gone", "coupons:limit-used", "price-changed"}
    assert (len(uses(shop)), template(shop, campaign).issued) == (1, 1)
