"""One person, many browsers, at the same moment: the limit per person holds."""

from __future__ import annotations

import collections
import threading

import pytest
from sqlalchemy import select
from storegen_plugins.promotions.tables import FlashPerson

from storegen.domain.orders.placing import place
from storegen.errors import PriceChanged, Refused
from tests.fixtures.goods import (
    fill_cart,
    make_delivery,
    make_guest,
    make_product,
    order_command,
)
from tests.promotions.conftest import flash_taken, make_activity

RIVALS = 8


@pytest.mark.parametrize("guarded", [True, False])
def test_vendure_4660_a_limit_per_person_is_no_check_before_a_write(shop, guarded):
    """vendurehq/vendure PR #4660: usage limits were looked at first and counted later."""
    make_delivery(shop, fee=0)
    tea = make_product(shop, price=1000, stock=100)
    limit = 2 if guarded else None  # the control: what the limit's condition keeps from happening
    item = {"product": tea.product_id, "price": 400, "stock": 50, "limit": limit}
    make_activity(shop, "flash", items=[item])
    orders = []
    for _ in range(RIVALS):
        guest = make_guest(shop)
        fill_cart(shop, guest, (tea, 1))
        orders.append((guest, order_command(shop, guest)))  # all with one phone number
    barrier = threading.Barrier(RIVALS)
    outcomes: collections.Counter[str] = collections.Counter()

    def run(guest, command):
        barrier.wait()
        try:
            shop.transact(lambda uow: place(uow, guest, command))
            outcomes["sold"] += 1
        except (Refused, PriceChanged) as error:
            outcomes[getattr(error, "reason", "changed")] += 1

    threads = [threading.Thread(target=run, args=each) for each in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shop.read() as uow:
        counted = uow.db.scalars(select(FlashPerson.taken)).all()
    if not guarded:
        assert outcomes == {"sold": RIVALS}
        return
    assert outcomes == {"sold": 2, "promotions:limit": RIVALS - 2}
    assert (flash_taken(shop), counted) == ([2], [2])
