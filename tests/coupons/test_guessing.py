"""Codes cannot be guessed through the core's own door either."""

from __future__ import annotations

from storegen.domain.carts import changes
from storegen.domain.limits import LIMITS
from storegen.web.app import create_app
from tests.fixtures.goods import make_guest

BASE = "http://shop.test"


def test_entering_codes_through_the_carts_api_is_counted_per_network(shop):
    client = create_app(shop).test_client()
    guest = make_guest(shop)
    cart = shop.transact(lambda uow: changes.create(uow, guest))[1]
    statuses = [
        client.post(
            f"/api/v1/carts/{cart}/coupons",
            json={"code": f"GUESS{number % 5}"},
            base_url=BASE,
            environ_base={"REMOTE_ADDR": "192.0.2.9"},
        ).status_code
        for number in range(LIMITS["coupon-code"].limit + 1)
    ]
    assert set(statuses[:-1]) == {201}
    assert statuses[-1] == 429
