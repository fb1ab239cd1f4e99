"""Coupons in the API, and its description."""

from __future__ import annotations

import pytest
from storegen_plugins.coupons import codes, entering

from storegen.domain.people import sessions
from storegen.web.app import create_app
from tests.coupons.conftest import make_campaign, make_customer, template
from tests.fixtures.goods import STAFF, fill_cart, make_product

BASE = "http://shop.test"


@pytest.fixture
def client(shop):
    return create_app(shop).test_client()


def bearer(shop, actor):
    def work(uow):
        opened = sessions.open_session(uow)
        if actor.customer_id:
            from sqlalchemy import update

            from storegen.models import Session

            uow.db.execute(
                update(Session).where(Session.id == opened.id).values(customer_id=actor.customer_id)
            )
        return opened.token

    return {"Authorization": f"Bearer {shop.transact(work)}"}


def call(client, method, path, body=None, headers=None, key=None):
    sent = {**(headers or {}), **({"Idempotency-Key": key} if key else {})}
    return client.open(
        f"/en/api/v1/coupons{path}", method=method, json=body, headers=sent, base_url=BASE
    )


def test_campaigns_are_public(shop, client):
    campaign = make_campaign(shop, total=1, rules={"min_amount": 5000})
    answer = call(client, "GET", "/campaigns")
    assert answer.status_code == 200
    (one,) = answer.json["items"]
    assert (one["id"], one["worth"], one["condition"], one["available"]) == (
        campaign, "¥10 off", "from ¥50", True,
    )  # fmt: skip


def test_claim_once_per_key(shop, client):
    campaign = make_campaign(shop, per_customer=5)
    headers = bearer(shop, make_customer(shop))
    body = {"campaign": campaign}
    first = call(client, "POST", "/claims", body, headers, "k1")
    assert (first.status_code, first.json["state"]) == (201, "usable")
    again = call(client, "POST", "/claims", body, headers, "k1")
    assert again.json["id"] == first.json["id"]
    assert template(shop, campaign).issued == 1
    wallet = call(client, "GET", "/wallet", headers=headers).json["items"]
    assert [one["id"] for one in wallet] == [first.json["id"]]


def test_refusals_are_problems_in_the_readers_words(shop, client):
    campaign = make_campaign(shop, live=False)
    headers = bearer(shop, make_customer(shop))
    answer = call(client, "POST", "/claims", {"campaign": campaign}, headers, "k2")
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.json["detail"] == "This coupon is not offered any more."
    missing = call(client, "POST", "/claims", {"campaign": "nothing"}, headers, "k3")
    assert missing.status_code == 404
    assert call(client, "POST", "/claims", {"campaign": campaign}, {}, "k4").status_code == 401


def test_the_wallet_is_ones_own(shop, client):
    from tests.coupons.conftest import claim

    claim(shop, make_customer(shop), make_campaign(shop))
    headers = bearer(shop, make_customer(shop))
    assert call(client, "GET", "/wallet", headers=headers).json["items"] == []
    assert call(client, "GET", "/wallet?tab=nothing", headers=headers).status_code == 422


def test_a_code_into_the_wallet_and_into_the_cart(shop, client):
    campaign = make_campaign(shop, channel="code", per_customer=2)
    shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, "WELCOME10"))
    lin = make_customer(shop)
    headers = bearer(shop, lin)
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    made = call(client, "POST", "/wallet/codes", {"code": "welcome10"}, headers, "k5")
    assert (made.status_code, made.json["worth"]) == (201, "¥10 off")
    assert call(client, "POST", "/cart/codes", {"code": "WELCOME10"}, headers).status_code == 204
    wrong = call(client, "POST", "/cart/codes", {"code": "NOTHING"}, headers)
    assert (wrong.status_code, wrong.json["detail"]) == (
        409, "This code does not exist. Please check how it is written.",
    )  # fmt: skip
    for use in ({"use": "none"}, {"use": "best"}, {"use": "these", "coupons": [made.json["id"]]}):
        assert call(client, "PUT", "/cart/choice", use, headers).status_code == 204


def test_guessing_ends(shop, client, monkeypatch):
    monkeypatch.setattr(entering, "TRIES", 2)
    headers = bearer(shop, make_customer(shop))
    statuses = [
        call(client, "POST", "/cart/codes", {"code": f"GUESS{n}"}, headers).status_code
        for n in range(3)
    ]
    assert statuses == [409, 409, 429]


def test_the_operations_are_described(shop, client):
    document = client.get("/api/v1/openapi.json", base_url=BASE).json
    ours = {path for path in document["paths"] if path.startswith("/api/v1/coupons/")}
    assert {path.removeprefix("/api/v1/coupons") for path in ours} == {
        "/campaigns", "/claims", "/wallet", "/wallet/codes", "/cart/codes", "/cart/choice",
    }  # fmt: skip
    claim = document["paths"]["/api/v1/coupons/claims"]["post"]
    assert claim["operationId"] == "coupons_claim_coupon"
    assert {"201", "401", "404", "409", "429"} <= set(claim["responses"])
