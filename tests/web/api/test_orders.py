"""From a cart to a paid order, and what repeats, rivals and changed prices do to it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select, update

from storegen.domain import fulfilment, idempotency
from storegen.domain.payments import following
from storegen.models import Idempotency, Order, Payment, Stock, Variant
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures import payment
from tests.fixtures.goods import STAFF, Goods, make_product
from tests.fixtures.payment import fact
from tests.fixtures.stores import TestClock, statements
from tests.web.api.conftest import ADDRESS, Api, on_one_database, sign_in

LEFT_OUT = "(left out)"


def orders(store: Store) -> int:
    with store.read() as uow:
        return uow.db.scalar(select(func.count()).select_from(Order)) or 0


def pay(store: Store, reference: str) -> str:
    """The provider says that it has the money."""
    with store.read() as uow:
        amount = uow.db.scalar(select(Payment.amount).where(Payment.reference == reference))
    return following.notify(store, "scripted", fact(reference, amount=amount))


def order_id(store: Store, token: str) -> int:
    with store.read() as uow:
        found = uow.db.scalar(select(Order.id).where(Order.token == token))
    assert found is not None
    return found


@pytest.mark.parametrize("who", ["nobody", "guest", "customer"])
def test_the_whole_way_from_cart_to_received_goods(
    api: Api, shop: Store, tea: Goods, who: str
) -> None:
    if who == "guest":
        api = api.guest()
    elif who == "customer":
        api = sign_in(shop, api)
    listed = api("GET", "/products")["items"][0]["variants"][0]
    cart = api("POST", "/carts", status=201)
    line = {"variant": listed["id"], "quantity": 2}
    cart = api("POST", f"/carts/{cart['id']}/lines", line, status=201)
    assert cart["lines"][0]["price"] == listed["price"]
    where = {"destination": {"country": "CN", "division": "310101"}}
    api("PUT", f"/carts/{cart['id']}/delivery", where)
    options = api("GET", f"/carts/{cart['id']}/delivery-options")["items"]
    assert [(each["method"], each["cost"]["amount"]) for each in options] == [("express", 600)]
    api("PUT", f"/carts/{cart['id']}/delivery", {"method": "express"})
    quote = api("GET", f"/carts/{cart['id']}/quote")
    assert quote["payable"] == {"amount": 2 * 1999 + 600, "currency": "CNY"}
    assert {step["lane"] for step in quote["adjustments"]} >= {"offer", "shipping"}
    methods = api("GET", f"/carts/{cart['id']}/payment-options")["items"]
    assert "scripted" in [each["provider"] for each in methods]

    answer = api.place(api.order_of(cart))
    assert answer.status_code == 201
    placed = answer.get_json()
    assert placed["payable"] == quote["payable"]
    token = placed["token"]
    assert answer.headers["Location"] == f"/api/v1/orders/{token}"

    started = api("POST", f"/orders/{token}/payments", status=201)
    assert started["kind"] == "redirect"
    again = api("POST", f"/orders/{token}/payments", status=201)
    assert again["reference"] == started["reference"]
    assert pay(shop, started["reference"]) == "booked"
    order = api("GET", f"/orders/{token}")
    assert (order["payment_state"], order["due"]["amount"]) == ("paid", 0)
    assert order["captured"] == quote["payable"]

    ship = fulfilment.Ship(parcels=(("SF", "SF123"),))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, order_id(shop, token), ship))
    order = api("GET", f"/orders/{token}")
    assert order["shipments"][0]["parcels"] == [{"carrier": "SF", "tracking_number": "SF123"}]
    assert order["actions"] == ["receive", "after_sales"]
    assert api("POST", f"/orders/{token}/receive")["state"] == "received"

    ask = {"line": order["lines"][0]["id"], "kind": "return", "reason": "size"}
    asked = api("POST", f"/orders/{token}/after-sales", ask, status=201)["after_sales"][0]
    assert (asked["state"], asked["amount"]["amount"]) == ("requested", 1999)
    path = f"/orders/{token}/after-sales/{asked['id']}"
    assert api("POST", f"{path}/withdraw")["after_sales"][0]["state"] == "withdrawn"
    tracking = {"carrier": "SF", "tracking_number": "1"}
    assert api.ask("POST", f"{path}/send-back", tracking).status_code == 409


def test_the_same_key_has_the_same_answer_and_one_order(api: Api, shop: Store, tea: Goods) -> None:
    guest = api.guest()
    body = guest.order_of(guest.cart((tea, 1)))
    first = guest.place(body)
    again = guest.place(body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert orders(shop) == 1


def test_the_same_key_for_something_else_is_refused(api: Api, shop: Store, tea: Goods) -> None:
    guest = api.guest()
    body = guest.order_of(guest.cart((tea, 1)))
    guest.place(body)
    other = guest.place({**body, "note": "another"})
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-key-reused")
    assert orders(shop) == 1


def test_the_same_key_of_somebody_else_is_another_key(api: Api, shop: Store, tea: Goods) -> None:
    for visitor in (api.guest(), api.guest(), api, api):
        answer = visitor.place(visitor.order_of(visitor.cart((tea, 1))), key="the-same")
        assert answer.status_code == 201
    assert orders(shop) == 4


def test_a_rival_with_the_same_key_hears_that_it_is_still_running(
    api: Api, shop: Store, tea: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = api.guest()
    body = guest.order_of(guest.cart((tea, 1)))
    claimed, go_on = threading.Event(), threading.Event()
    claim = idempotency._claim

    def slow(*args: Any) -> Any:
        found = claim(*args)
        if threading.current_thread().name == "first":
            claimed.set()
        return found

    transact = type(shop).transact

    def wait(store: Store, work: Any) -> Any:
        if claimed.is_set() and threading.current_thread().name == "first":
            assert go_on.wait(20)
        return transact(store, work)

    monkeypatch.setattr(idempotency, "_claim", slow)
    monkeypatch.setattr(type(shop), "transact", wait)
    answers: list[Any] = []
    mine = Api(create_app(shop).test_client(), guest.token)
    first = threading.Thread(target=lambda: answers.append(mine.place(body)), name="first")
    first.start()
    try:
        assert claimed.wait(20)
        rival = guest.place(body)
    finally:
        go_on.set()
        first.join()
    assert (rival.status_code, rival.get_json()["code"]) == (409, "still-running")
    assert answers[0].status_code == 201
    assert guest.place(body).data == answers[0].data
    assert orders(shop) == 1


def test_a_request_that_died_is_taken_over_in_time(
    api: Api, shop: Store, tea: Goods, clock: TestClock
) -> None:
    guest = api.guest()
    body = guest.order_of(guest.cart((tea, 1)))
    guest.place(body)
    with shop.write() as uow:  # as if it had died before its effect
        uow.db.execute(update(Idempotency).values(state="running", answer={}))
    assert guest.place(body).get_json()["code"] == "still-running"
    clock.move(seconds=61)
    assert guest.place(body).get_json()["reason"] == "cart-closed"  # it is done anew, and judged


@on_one_database
@pytest.mark.parametrize(
    "key", [None, "", " ", "a" * 201, "schlüssel".encode("latin-1").decode("latin-1")]
)
def test_an_order_needs_a_key(api: Api, shop: Store, tea: Goods, key: str | None) -> None:
    guest = api.guest()
    body = guest.order_of(guest.cart((tea, 1)))
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = guest.ask("POST", "/orders", body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "missing-key")
    assert orders(shop) == 0


def test_a_changed_price_is_a_409_with_the_new_quote(api: Api, shop: Store, tea: Goods) -> None:
    guest = api.guest()
    body = guest.order_of(guest.cart((tea, 1)))
    with shop.write() as uow:
        uow.db.execute(update(Variant).where(Variant.id == tea.variant_id).values(price=2500))
    refused = guest.place(body)
    problem = refused.get_json()
    assert (refused.status_code, problem["code"]) == (409, "price-changed")
    assert refused.mimetype == "application/problem+json"
    assert problem["seen"] == {"amount": 2599, "currency": "CNY"}
    assert problem["quote"]["payable"] == {"amount": 3100, "currency": "CNY"}
    assert orders(shop) == 0
    accepted = guest.place({**body, "expected_total": problem["quote"]["payable"]})
    assert accepted.status_code == 201  # under the same key: nothing had happened


def test_sold_out_names_the_variants_and_no_count(api: Api, shop: Store) -> None:
    cup = make_product(shop, "Cup", stock=1)
    guest, rival = api.guest(), api.guest()
    body = guest.order_of(guest.cart((cup, 1)))
    rival.ordered((cup, 1))
    refused = guest.place(body)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "sold-out")
    assert refused.get_json()["lines"] == [{"variant": cup.variant, "title": "Cup"}]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"address": LEFT_OUT}, 422, "address"),
        ({"contact": {"name": "x"}}, 422, "contact"),
        ({"contact": {"phone": "12"}}, 422, "phone"),
        ({"contact": {"email": "nobody"}}, 422, "email"),
        ({"address": {**ADDRESS, "division": "310000"}}, 422, "division"),
        ({"address": {**ADDRESS, "country": "XX"}}, 422, "country"),
        ({"expected_total": {"amount": 2599, "currency": "USD"}}, 422, "expected_total"),
        ({"shipping_method": "teleport"}, 409, None),
    ],
)
def test_what_does_not_fit_is_named(
    api: Api, tea: Goods, change: dict[str, Any], status: int, field: str | None
) -> None:
    guest = api.guest()
    body = {**guest.order_of(guest.cart((tea, 1))), **change}
    answer = guest.place({name: value for name, value in body.items() if value != LEFT_OUT})
    assert answer.status_code == status
    if field is not None:
        assert field in answer.get_json()["problems"]


def test_goods_that_do_not_come_back_are_acknowledged(api: Api, shop: Store) -> None:
    cake = make_product(shop, "Cake", return_class="no_return")
    guest = api.guest()
    cart = guest.cart((cake, 1))
    assert cart["lines"][0]["return_class"] == "no_return"
    refused = guest.place(guest.order_of(cart))
    line = cart["lines"][0]["id"]
    assert refused.get_json()["problems"] == {"acknowledged": {line: "required"}}
    assert guest.place(guest.order_of(cart, acknowledged=[line])).status_code == 201


def test_cancelling_gives_the_goods_back_and_paid_orders_stay(
    api: Api, shop: Store, tea: Goods
) -> None:
    token = api.ordered((tea, 3))
    cancelled = api("POST", f"/orders/{token}/cancel", {"reason": "changed my mind"})
    assert (cancelled["state"], cancelled["actions"]) == ("cancelled", [])
    with shop.read() as uow:
        held = select(Stock.reserved).where(Stock.variant_id == tea.variant_id)
        assert uow.db.scalar(held) == 0
    assert api.ask("POST", f"/orders/{token}/payments").status_code == 409
    paid = api.ordered((tea, 1))
    pay(shop, api("POST", f"/orders/{paid}/payments", status=201)["reference"])
    assert api.ask("POST", f"/orders/{paid}/cancel").status_code == 409
    assert api.ask("POST", f"/orders/{paid}/receive").status_code == 409


def test_a_provider_that_is_away_is_a_502_and_the_order_is_kept(
    api: Api, shop: Store, tea: Goods
) -> None:
    provider = payment.use(shop)
    token = api.ordered((tea, 1))
    provider.down = True
    answer = api.ask("POST", f"/orders/{token}/payments")
    assert (answer.status_code, answer.get_json()["code"]) == (502, "provider-down")
    provider.down = False
    assert api("POST", f"/orders/{token}/payments", status=201)["kind"] == "redirect"
    unknown = api.ask("POST", f"/orders/{token}/payments", {"provider": "none"})
    assert unknown.get_json()["problems"] == {"payment_provider": "unknown"}


def test_a_provider_takes_only_what_it_offers_to_take(
    api: Api, shop: Store, tea: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = payment.use(shop)
    monkeypatch.setattr(
        type(provider), "available", lambda self, *, amount, **_: bool(amount < 2000)
    )
    guest = api.guest()
    cart = guest.cart((tea, 1))
    offered = guest("GET", f"/carts/{cart['id']}/payment-options")["items"]
    assert "scripted" not in [each["provider"] for each in offered]
    refused = guest.place(guest.order_of(cart))
    assert refused.get_json()["problems"] == {"payment_provider": "unknown"}
    token = guest.place(guest.order_of(cart, payment_provider="")).get_json()["token"]
    late = guest.ask("POST", f"/orders/{token}/payments", {"provider": "scripted"})
    assert late.get_json()["problems"] == {"payment_provider": "unknown"}
    assert provider.calls == []


def test_placing_over_http_stays_within_its_statements(api: Api, shop: Store) -> None:
    goods = [(make_product(shop, f"p{n}"), 1) for n in range(4)]

    def count(lines: int) -> int:
        guest = api.guest()
        body = guest.order_of(guest.cart(*goods[:lines]))
        with statements(shop) as found:
            assert guest.place(body).status_code == 201
        return len(found)

    # Beside the fourteen of placing itself: whose session it is, and whose cart.
    assert count(2) <= 16
    assert count(4) - count(3) <= 2


def test_an_order_says_nothing_that_is_for_staff_only(api: Api, shop: Store, tea: Goods) -> None:
    token = api.ordered((tea, 1))
    with shop.write() as uow:
        uow.db.execute(update(Order).values(flags=["overpaid"]))
    text = api.ask("GET", f"/orders/{token}").get_data(as_text=True)
    for secret in ("overpaid", "order_id", "line_id", "customer_id", "events", "media_id"):
        assert secret not in text
