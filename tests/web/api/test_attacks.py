"""What strangers try. Every row is a probe."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from storegen.models import Cart, Order, Session
from storegen.store import Store
from tests.fixtures.goods import Goods
from tests.web.api.conftest import ADDRESS, Api, on_one_database, sign_in

INJECTED: dict[str, Any] = {
    "price": {"amount": 1, "currency": "CNY"},
    "unit_price": 1,
    "total": 1,
    "payable": 1,
    "currency": "JPY",
    "state": "paid",
    "status": "paid",
    "is_admin": True,
    "store_id": 2,
    "customer_id": 1,
    "session_id": 1,
    "offer": "free",
    "permissions": ["*"],
    "__proto__": {},
}


def test_injected_fields_are_refused_and_change_nothing(api: Api, shop: Store, tea: Goods) -> None:
    customer = sign_in(shop, api)
    cart = customer.cart((tea, 1))
    order = customer.order_of(cart)
    for field, value in INJECTED.items():
        _refuses({field: value}, customer, cart, order, tea)
    present = customer("GET", f"/carts/{cart['id']}")
    assert present == cart
    token = customer.place(order).get_json()["token"]
    for path in ("payments", "cancel"):
        refused = customer.ask("POST", f"/orders/{token}/{path}", INJECTED)
        assert refused.status_code == 422
    assert customer("GET", f"/orders/{token}")["payable"] == order["expected_total"]


def _refuses(
    extra: dict[str, Any], customer: Api, cart: dict[str, Any], order: dict[str, Any], tea: Goods
) -> None:
    bodies: list[tuple[str, str, Any]] = [
        ("POST", "/carts", extra),
        ("POST", "/carts", {"lines": [{"variant": tea.variant, **extra}]}),
        ("POST", f"/carts/{cart['id']}/lines", {"variant": tea.variant, **extra}),
        ("PATCH", f"/carts/{cart['id']}/lines/{cart['lines'][0]['id']}", {"quantity": 1, **extra}),
        ("PUT", f"/carts/{cart['id']}/delivery", {"method": "express", **extra}),
        ("PATCH", "/customer", {"name": "x", **extra}),
        ("POST", "/customer/addresses", {**ADDRESS, **extra}),
    ]
    for method, path, body in bodies:
        answer = customer.ask(method, path, body)
        assert answer.status_code == 422, (method, path)
        assert "unknown-field" in answer.get_data(as_text=True)
    placements = (
        {**order, **extra},
        {**order, "address": {**ADDRESS, **extra}},
        {**order, "contact": {**order["contact"], **extra}},
    )
    for body in placements:
        assert customer.place(body).status_code == 422


QUANTITIES = [
    "-3", "0", "0.5", "2147483648", "9223372036854775808", '"1"', '"1e3"', "true", "false", "null",
    "[]", "{}", "1e400", "-0.0", "NaN", "Infinity", "1" * 5000, "1e309", "999999999",
]  # fmt: skip


@on_one_database
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_quantity_is_a_whole_number_of_pieces(api: Api, tea: Goods, quantity: str) -> None:
    cart = api.cart((tea, 1))
    kind = {"content_type": "application/json"}
    line = f'{{"variant": "{tea.variant}", "quantity": {quantity}}}'
    added = api.ask("POST", f"/carts/{cart['id']}/lines", data=line, **kind)
    assert added.status_code in (400, 422)
    if quantity not in ("0", "-0.0"):  # to none is to take it out
        path = f"/carts/{cart['id']}/lines/{cart['lines'][0]['id']}"
        changed = api.ask("PATCH", path, data=f'{{"quantity": {quantity}}}', **kind)
        assert changed.status_code in (400, 422)
    assert api("GET", f"/carts/{cart['id']}")["pieces"] == 1


def test_three_point_nought_is_three(api: Api, tea: Goods) -> None:
    cart = api("POST", "/carts", status=201)["id"]
    line = f'{{"variant": "{tea.variant}", "quantity": 3.0}}'
    answer = api.ask("POST", f"/carts/{cart}/lines", data=line, content_type="application/json")
    assert answer.get_json()["pieces"] == 3


def test_another_persons_things_look_like_things_that_are_not_there(
    api: Api, shop: Store, tea: Goods
) -> None:
    owner = sign_in(shop, api)
    cart = owner.cart((tea, 1))
    line = cart["lines"][0]["id"]
    address = owner("POST", "/customer/addresses", ADDRESS, status=201)["id"]
    other = sign_in(shop, api, "13900139000")
    own_cart = other.cart((tea, 1))["id"]
    probes: list[tuple[str, str, str, Any]] = [
        ("GET", "/carts/{}", cart["id"], None),
        ("GET", "/carts/{}/quote", cart["id"], None),
        ("GET", "/carts/{}/delivery-options", cart["id"], None),
        ("GET", "/carts/{}/payment-options", cart["id"], None),
        ("POST", "/carts/{}/lines", cart["id"], {"variant": tea.variant}),
        ("PUT", "/carts/{}/delivery", cart["id"], {"method": "express"}),
        ("PATCH", f"/carts/{own_cart}/lines/{{}}", line, {"quantity": 5}),
        ("DELETE", f"/carts/{own_cart}/lines/{{}}", line, None),
        ("GET", "/customer/addresses/{}", address, None),
        ("PUT", "/customer/addresses/{}", address, ADDRESS),
        ("DELETE", "/customer/addresses/{}", address, None),
    ]
    for method, path, theirs, body in probes:
        for visitor in (other, api.guest(), api):
            found = visitor.ask(method, path.format(theirs), body)
            none = visitor.ask(method, path.format("0" * len(theirs)), body)
            assert found.status_code == none.status_code in (401, 404), (method, path)
            assert found.get_json() == none.get_json()
    order = owner.order_of(cart)
    missing = {**order, "cart": "0" * 26}
    for visitor in (other, api.guest(), api):
        refused, nothing = visitor.place(order), visitor.place(missing)
        assert refused.status_code == nothing.status_code == 404
        assert refused.get_json() == nothing.get_json()
    assert owner("GET", f"/carts/{cart['id']}") == cart
    assert len(owner("GET", "/customer/addresses")["items"]) == 1


def test_lines_and_requests_of_another_order_are_not_there(
    api: Api, shop: Store, tea: Goods
) -> None:
    mine, theirs = api.ordered((tea, 1)), api.ordered((tea, 1))
    line = api("GET", f"/orders/{theirs}")["lines"][0]["id"]
    ask = {"line": line, "kind": "refund_only", "reason": "other"}
    assert api.ask("POST", f"/orders/{mine}/after-sales", ask).status_code == 404
    assert api.ask("POST", f"/orders/{mine}/after-sales/{line}/withdraw").status_code == 404


@on_one_database
@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"],
)
def test_json_under_another_name_is_refused(api: Api, tea: Goods, kind: str) -> None:
    cart = api.cart((tea, 1))
    line = json.dumps({"variant": tea.variant})
    answer = api.ask("POST", f"/carts/{cart['id']}/lines", data=line, content_type=kind)
    assert answer.status_code == 415
    assert answer.mimetype == "application/problem+json"
    assert api("GET", f"/carts/{cart['id']}")["pieces"] == 1


@on_one_database
@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"1", b"\xff\xfe", b"{\"variant\": \"\xff\"}",
        b'{"variant": "\\ud800"}', b'{"variant": "\\u0000"}', b'{"variant": ["x"]}',
        b'{"variant": {"$ne": 1}}', b'{"quantity": 1}',
    ],
)  # fmt: skip
def test_bodies_that_make_no_sense(api: Api, tea: Goods, body: bytes) -> None:
    cart = api.cart((tea, 1))
    answer = api.ask(
        "POST", f"/carts/{cart['id']}/lines", data=body, content_type="application/json"
    )
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


@on_one_database
@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"[" * 200_000, (400,)),
        (b'{"a":' * 40_000, (400,)),
        (b'{"lines": [' + b",".join([b"{}"] * 10_000) + b"]}", (413, 422)),
        (b" " * (50 * 2**20), (413,)),
        (b'{"lines": [' + b",".join([b'{"variant": "x"}'] * 10_000) + b"]}", (413, 422)),
    ],
    ids=["nested lists", "nested objects", "10,000 empty lines", "50 MB", "10,000 lines"],
)
def test_far_too_much_is_refused_fast(
    api: Api, shop: Store, body: bytes, statuses: tuple[int, ...]
) -> None:
    started = time.monotonic()
    answer = api.ask("POST", "/carts", data=body, content_type="application/json")
    assert time.monotonic() - started < 2
    assert answer.status_code in statuses
    assert answer.mimetype == "application/problem+json"
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Cart)) == 0


def test_a_cart_has_at_most_a_hundred_lines_at_once(api: Api, tea: Goods) -> None:
    lines = [{"variant": tea.variant}] * 101
    answer = api.ask("POST", "/carts", {"lines": lines})
    assert answer.get_json()["problems"] == {"lines": ["too-many"]}


def test_reading_writes_nothing(api: Api, shop: Store, tea: Goods) -> None:
    guest = api.guest()
    cart = guest.cart((tea, 1))["id"]
    token = guest.ordered((tea, 1))

    def rows() -> list[Any]:
        with shop.read() as uow:
            return [
                uow.db.execute(select(each.__table__).order_by(each.id)).all()
                for each in (Cart, Order, Session)
            ]

    before = rows()
    for path in (
        "/shop", "/products", "/search?q=tea", "/categories", f"/carts/{cart}", f"/orders/{token}",
        f"/carts/{cart}/quote", f"/carts/{cart}/delivery-options", "/customer", "/openapi.json",
        f"/orders/{token}/payments", f"/orders/{token}/cancel", "/sessions", "/carts",
    ):  # fmt: skip
        answer = guest.ask("GET", path)
        assert answer.status_code in (200, 401, 405), path
        if answer.status_code == 405:
            assert "POST" in answer.headers["Allow"]
            assert answer.mimetype == "application/problem+json"
    assert rows() == before


def test_an_order_cannot_be_called_paid(api: Api, tea: Goods) -> None:
    token = api.ordered((tea, 1))
    assert api.ask("POST", f"/orders/{token}/paid").status_code == 404
    assert api.ask("PATCH", f"/orders/{token}", {"state": "paid"}).status_code == 405
    for provider in ("../x", "scripted/../..", "x" * 65):
        answer = api.ask("POST", f"/orders/{token}/payments", {"provider": provider})
        assert answer.status_code == 422
    assert api("GET", f"/orders/{token}")["payment_state"] == "unpaid"


def test_another_host_is_nobodys(api: Api) -> None:
    answer = api.client.get("/api/v1/products", base_url="http://evil.test")
    assert answer.status_code == 421
    forwarded = api.ask("GET", "/products?limit=1", headers={"X-Forwarded-Host": "evil.test"})
    assert "evil" not in forwarded.get_data(as_text=True)


@pytest.mark.parametrize("query", ["q=%27%20OR%201=1--", "category=%27;--", "tag=%27", "after=%27"])
def test_text_stays_text_in_queries(api: Api, tea: Goods, query: str) -> None:
    answer = api.ask("GET", f"/products?{query}")
    assert answer.status_code == 404 or answer.get_json()["total"] == 0
