"""Guests, sign-in and the customer's own, by Bearer token."""

from __future__ import annotations

from typing import Any

import pytest

from storegen.store import Store
from tests.fixtures.goods import Goods
from tests.fixtures.stores import TestClock
from tests.web.api.conftest import ADDRESS, PHONE, Api, last_code, on_one_database, sign_in

PASSWORD = "correct horse battery"


def test_a_guests_cart_follows_them_through_sign_in(api: Api, shop: Store, tea: Goods) -> None:
    guest = api.guest()
    guest.cart((tea, 2))
    guest("POST", "/sessions/codes", {"contact": PHONE}, status=202)
    body = {"contact": PHONE, "code": last_code(shop), "consents": {"privacy": "1"}}
    signed_in = guest("POST", "/sessions/verify", body)
    assert signed_in["customer"] is True
    assert signed_in["expires_at"].endswith("Z")
    assert guest.ask("GET", "/customer").status_code == 401  # the old token is worth nothing
    customer = Api(api.client, signed_in["token"])
    assert customer("POST", "/carts")["pieces"] == 2
    profile = customer("GET", "/customer")
    assert [each["subject"] for each in profile["identities"]] == ["+8613800138000"]


def test_passwords_open_accounts_and_sign_in(api: Api, shop: Store) -> None:
    guest = api.guest()
    guest("POST", "/sessions/codes", {"contact": PHONE}, status=202)
    body = {"contact": PHONE, "password": PASSWORD, "code": last_code(shop)}
    token = guest("POST", "/sessions/register", body, status=201)["token"]
    customer = Api(api.client, token)
    assert customer("GET", "/customer")["has_password"] is True
    new = {"old": PASSWORD, "new": "another good one"}
    customer("PUT", "/customer/password", new, status=204)
    other = api.guest()
    wrong = other.ask("POST", "/sessions/password", {"contact": PHONE, "password": PASSWORD})
    unknown = other.ask("POST", "/sessions/password", {"contact": "?", "password": PASSWORD})
    nobody = other.ask(
        "POST", "/sessions/password", {"contact": "13900139000", "password": PASSWORD}
    )
    assert {each.status_code for each in (wrong, unknown, nobody)} == {401}
    assert wrong.get_json() == unknown.get_json() == nobody.get_json()
    right = {"contact": PHONE, "password": "another good one"}
    assert other("POST", "/sessions/password", right)["customer"] is True


def test_signing_out_ends_the_session(api: Api, shop: Store) -> None:
    customer = sign_in(shop, api)
    customer("GET", "/customer")
    customer("DELETE", "/sessions/current", status=204)
    assert customer.ask("GET", "/customer").status_code == 401
    assert customer.ask("GET", "/carts/whatever").status_code == 401


def test_a_session_ends_by_itself(api: Api, shop: Store, clock: TestClock) -> None:
    customer = sign_in(shop, api)
    clock.move(days=20)
    customer("GET", "/customer")  # being used keeps it alive
    clock.move(days=20)
    customer("GET", "/customer")
    clock.move(days=31)
    assert customer.ask("GET", "/customer").status_code == 401


def test_codes_are_limited_and_tell_nothing(api: Api, shop: Store) -> None:
    guest = api.guest()
    assert guest("POST", "/sessions/codes", {"contact": PHONE}, status=202) == {}
    refused = guest.ask("POST", "/sessions/codes", {"contact": PHONE})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    wrong = guest.ask("POST", "/sessions/verify", {"contact": PHONE, "code": "12"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "wrong-code")


@on_one_database
@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Basic Zm9vOmJhcg==", "Bearer " + "a" * 43]
)
@pytest.mark.parametrize("path", ["/customer", "/carts/whatever", "/orders/whatever"])
def test_a_wrong_token_is_no_guest(api: Api, header: str, path: str) -> None:
    answer = api.ask("GET", path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_no_cookie_opens_anything(api: Api, shop: Store) -> None:
    customer = sign_in(shop, api)
    api.client.set_cookie("sg_session", customer.token, domain="shop.test")
    answer = api.ask("GET", "/customer")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    with_cookie = api.ask("POST", "/carts", headers={"Origin": "https://evil.test"})
    assert with_cookie.status_code == 403


def test_answers_for_one_person_are_never_kept(api: Api, shop: Store, tea: Goods) -> None:
    customer = sign_in(shop, api)
    cart = customer.cart((tea, 1))["id"]
    token = customer.ordered((tea, 1))
    for path in ("/customer", f"/carts/{cart}", f"/orders/{token}", "/customer/orders"):
        answer = customer.ask("GET", path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "X-Storegen-Cache" not in answer.headers
    assert api.ask("POST", "/sessions").headers["Cache-Control"] == "private, no-store"


def test_the_address_book(api: Api, shop: Store) -> None:
    customer = sign_in(shop, api)
    first = customer("POST", "/customer/addresses", ADDRESS, status=201)
    assert (first["default"], first["region"], first["city"]) == (True, "上海市", "黄浦区")
    second = customer("POST", "/customer/addresses", ADDRESS, status=201)
    assert second["default"] is False
    path = f"/customer/addresses/{second['id']}"
    changed = customer("PUT", path, {**ADDRESS, "line1": "2", "default": True})
    assert (changed["line1"], changed["default"]) == ("2", True)
    book = customer("GET", "/customer/addresses")["items"]
    assert [each["id"] for each in book] == [second["id"], first["id"]]
    customer("DELETE", path, status=204)
    assert customer.ask("GET", path).status_code == 404
    wrong = customer.ask("POST", "/customer/addresses", {**ADDRESS, "division": "310000"})
    assert wrong.get_json()["problems"] == {"division": "choose-further"}


def test_a_profile_changes_what_is_named(api: Api, shop: Store) -> None:
    customer = sign_in(shop, api)
    assert customer("PATCH", "/customer", {"name": "王小明"})["name"] == "王小明"
    found = customer("PATCH", "/customer", {"locale": "en"})
    assert (found["name"], found["locale"]) == ("王小明", "en")
    assert customer.ask("PATCH", "/customer", {"locale": "tlh"}).status_code == 422


def test_the_list_of_orders_is_paged_and_ones_own(api: Api, shop: Store, tea: Goods) -> None:
    customer = sign_in(shop, api)
    made = [customer.ordered((tea, 1)) for _ in range(5)]
    other = sign_in(shop, api, "13900139000")
    other.ordered((tea, 1))
    seen: list[str] = []
    address: str | None = "/customer/orders?limit=2"
    while address is not None:
        page: dict[str, Any] = customer("GET", address)
        assert page["total"] == 5
        seen += [each["token"] for each in page["items"]]
        address = page["next"]
    assert seen == made[::-1]
    number = other("GET", "/customer/orders")["items"][0]["number"]
    assert customer.ask("GET", f"/customer/orders?after={number}").status_code == 404
