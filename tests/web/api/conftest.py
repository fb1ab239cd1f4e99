"""A shop behind its API, as a program meets it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from storegen.models import Message
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures import payment
from tests.fixtures.goods import Goods, make_delivery, make_product

ADDRESS = {
    "name": "王小明",
    "phone": "13800138000",
    "country": "CN",
    "division": "310101",
    "line1": "南京东路 1 号",
}
CONTACT = {"name": "王小明", "phone": "13800138000"}
PHONE = "13800138000"

on_one_database = pytest.mark.parametrize("backend", ["sqlite"])
"""For tables of requests that are refused before any database is asked."""


class Api:
    """Requests to ``/api/v1`` with the session's token, if it has one."""

    def __init__(self, client: FlaskClient, token: str = "") -> None:
        self.client, self.token = client, token

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        headers = {**({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        headers |= more.pop("headers", {})
        address = path if path.startswith(("http", "/en/")) else f"/api/v1{path}"
        return self.client.open(
            address,
            method=method,
            base_url=None if address.startswith("http") else "http://shop.test",
            headers=headers,
            **({"json": body} if body is not None else {}),
            **more,
        )

    def __call__(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """The JSON of an answer that has this status."""
        answer = self.ask(method, path, body)
        assert answer.status_code == status, (answer.status, answer.get_data(as_text=True))
        return answer.get_json() if answer.data else None

    def guest(self) -> Api:
        """Another visitor, with a session of their own."""
        return Api(self.client, Api(self.client)("POST", "/sessions", status=201)["token"])

    def cart(self, *lines: tuple[Goods, int], method: str = "express") -> dict[str, Any]:
        """A cart that is ready to be ordered."""
        wanted = [{"variant": goods.variant, "quantity": quantity} for goods, quantity in lines]
        made = self.ask("POST", "/carts", {"lines": wanted})
        assert made.status_code in (200, 201), made.get_data(as_text=True)
        cart = made.get_json()["id"]
        delivery = {"destination": {"country": "CN", "division": "310101"}, "method": method}
        found: dict[str, Any] = self("PUT", f"/carts/{cart}/delivery", delivery)
        return found

    def order_of(self, cart: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The body that orders a cart at its present price."""
        quote = self("GET", f"/carts/{cart['id']}/quote")
        return {
            "cart": cart["id"],
            "contact": CONTACT,
            "address": ADDRESS,
            "shipping_method": "express",
            "payment_provider": "scripted",
            "expected_total": quote["payable"],
            "consents": {"privacy": "1", "terms": "1"},
            **more,
        }

    def place(self, body: dict[str, Any], key: str = "key-1") -> TestResponse:
        return self.ask("POST", "/orders", body, headers={"Idempotency-Key": key})

    def ordered(self, *lines: tuple[Goods, int]) -> str:
        """The token of a new order."""
        cart = self.cart(*lines)
        answer = self.place(self.order_of(cart), key=f"order-{cart['id']}")
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return str(answer.get_json()["token"])


@pytest.fixture
def shop(store: Store) -> Store:
    make_delivery(store)
    payment.use(store)
    return store


@pytest.fixture
def api(shop: Store) -> Api:
    """Somebody without a session."""
    return Api(create_app(shop).test_client())


@pytest.fixture
def guest(api: Api) -> Api:
    return api.guest()


@pytest.fixture
def tea(shop: Store) -> Goods:
    return make_product(shop, "绿茶", price=1999, vendor="Grove")


def sign_in(store: Store, api: Api, contact: str = PHONE) -> Api:
    """A visitor who proved to hold a phone or mailbox."""
    visitor = api.guest()
    visitor("POST", "/sessions/codes", {"contact": contact}, status=202)
    body = {"contact": contact, "code": last_code(store)}
    return Api(api.client, visitor("POST", "/sessions/verify", body)["token"])


def last_code(store: Store) -> str:
    with store.read() as uow:
        data = uow.db.scalar(select(Message.data).order_by(Message.id.desc()).limit(1))
    assert data is not None
    return str(data["code"])
