"""What a program without cookies could make for ever is counted per network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from storegen.config import read_config
from storegen.domain import limits
from storegen.errors import BrokenConfig
from storegen.models import Cart, Session
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures.goods import Goods
from tests.fixtures.stores import TestClock
from tests.web.api.conftest import Api

MOST = 3
Door = Callable[[str | None], TestResponse]


@pytest.fixture
def app(shop: Store) -> Flask:
    shop.config = replace(shop.config, new_guests=MOST)
    return create_app(shop)


def ask(app: Flask, path: str, network: str | None, **more: Any) -> TestResponse:
    """A request without cookies from ``network``; None: the server knows no address."""
    return app.test_client(use_cookies=False).post(
        path,
        base_url="http://shop.test",
        headers={"Origin": "http://shop.test"},
        environ_overrides={"REMOTE_ADDR": network or ""},
        **more,
    )


@pytest.fixture(params=["session", "cart", "page"])
def door(app: Flask, tea: Goods, request: pytest.FixtureRequest) -> Door:
    """Three ways in which a guest begins something."""
    wanted = {"variant": tea.variant, "quantity": 1}
    ways: dict[str, Door] = {
        "session": lambda network: ask(app, "/api/v1/sessions", network, json={}),
        "cart": lambda network: ask(app, "/api/v1/carts", network, json={"lines": [wanted]}),
        "page": lambda network: ask(app, "/cart/lines", network, data=wanted),
    }
    return ways[request.param]


def rows(shop: Store) -> int:
    with shop.read() as uow:
        begun = [uow.db.scalar(select(func.count()).select_from(x)) for x in (Session, Cart)]
    return max(each or 0 for each in begun)


def test_one_network_is_asked_to_wait_and_the_others_go_on(
    door: Door, shop: Store, clock: TestClock
) -> None:
    for _ in range(MOST):
        assert door("192.0.2.7").status_code in (201, 302, 303)
    refused = door("192.0.2.7")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= limits.NEW_GUEST_SECONDS
    assert rows(shop) == MOST, "nothing was written for who was refused"
    assert door("192.0.2.8").status_code in (201, 302, 303)
    clock.move(seconds=limits.NEW_GUEST_SECONDS + 1)
    assert door("192.0.2.7").status_code in (201, 302, 303)


def test_who_says_no_address_is_one_network_together(door: Door) -> None:
    networks: list[str | None] = ["unknown", None, "_hidden", "not an address"]
    answers = [door(network).status_code for network in networks]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    assert door("192.0.2.7").status_code != 429


def test_the_ways_share_one_number(app: Flask, tea: Goods) -> None:
    wanted = {"lines": [{"variant": tea.variant, "quantity": 1}]}
    for _ in range(MOST):
        ask(app, "/api/v1/sessions", "192.0.2.7", json={})
    assert ask(app, "/api/v1/carts", "192.0.2.7", json=wanted).status_code == 429
    assert ask(app, "/cart/lines", "192.0.2.7", data={"variant": tea.variant}).status_code == 429


def test_a_session_may_change_its_cart_as_often_as_it_likes(app: Flask, tea: Goods) -> None:
    guest = Api(app.test_client()).guest()
    wanted = {"lines": [{"variant": tea.variant, "quantity": 1}]}
    for number in range(2 * MOST):
        assert guest.ask("POST", "/carts", wanted).status_code == (200 if number else 201)


@pytest.mark.parametrize(("line", "number"), [("", 600), ("new_guests = 50", 50)])
def test_the_number_is_the_hosts_to_choose(store: Store, line: str, number: int) -> None:
    path = store.root / "store.toml"
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    assert read_config(store.root).new_guests == number


@pytest.mark.parametrize("wrong", ["0", "-1", '"many"', "1.5"])
def test_a_number_that_is_none_is_refused(store: Store, wrong: str) -> None:
    path = store.root / "store.toml"
    path.write_text(path.read_text("utf-8") + f"new_guests = {wrong}\n", "utf-8")
    with pytest.raises(BrokenConfig, match="new_guests"):
        read_config(store.root)
