"""Attacks on notifications and on the gateway's API."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from storegen_plugins.pay_sandbox.client import GatewayClient
from storegen_plugins.pay_sandbox.signing import NONCE, SIGNATURE, TIMESTAMP, signed_headers

from storegen.errors import NotificationRefused, ProviderDown
from storegen.values.payment import PaymentFact, RawNotification
from tests.plugins.conftest import Sandbox, json_of, now


def genuine(sandbox: Sandbox, **changes: Any) -> RawNotification:
    """A good notification about a payment, as the gateway would sign it."""
    said = {
        "type": "payment",
        "merchant_id": sandbox.settings["merchant_id"],
        "app_id": sandbox.settings["app_id"],
        "reference": "REF1",
        "provider_reference": "cap1",
        "payer_subject": "",
        "result": "succeeded",
        "amount": 19_900,
        "currency": "CNY",
        "event_id": "cap1",
        "occurred_at": 1,
    }
    return signed(sandbox, json.dumps(said | changes).encode())


def signed(sandbox: Sandbox, body: bytes, age: float = 0, secret: str = "") -> RawNotification:
    headers = signed_headers(
        secret or sandbox.settings["secret"],
        sandbox.settings["merchant_id"],
        "POST",
        "/notify?shop=1",
        body,
        now=time.time() - age,
    )
    return RawNotification(
        method="POST", path="/notify", query="shop=1", headers=headers, body=body
    )


def with_header(name: str, value: str) -> Callable[[Sandbox, RawNotification], RawNotification]:
    return lambda _, raw: replace(raw, headers={**raw.headers, name: value})


def without(name: str) -> Callable[[Sandbox, RawNotification], RawNotification]:
    return lambda _, raw: replace(
        raw, headers={key: value for key, value in raw.headers.items() if key != name}
    )


ATTACKS: dict[str, Callable[[Sandbox, RawNotification], RawNotification]] = {
    "one byte of the body": lambda _, raw: replace(raw, body=raw.body.replace(b"19900", b"19901")),
    "a blank more in the body": lambda _, raw: replace(raw, body=raw.body + b" "),
    "no body": lambda _, raw: replace(raw, body=b""),
    "another path": lambda _, raw: replace(raw, path="/notify2"),
    "another query": lambda _, raw: replace(raw, query="shop=2"),
    "no query": lambda _, raw: replace(raw, query=""),
    "another method": lambda _, raw: replace(raw, method="PUT"),
    "line breaks moved between path and body": lambda _, raw: replace(
        raw, path="/notify?shop=1\n1", query=""
    ),
    "no headers": lambda _, raw: replace(raw, headers={}),
    "no signature": without(SIGNATURE),
    "no timestamp": without(TIMESTAMP),
    "no nonce": without(NONCE),
    "no merchant": without("x-sandbox-merchant"),
    "empty signature": with_header(SIGNATURE, ""),
    "a test signature": with_header(SIGNATURE, "WECHATPAY/SIGNTEST/" + "0" * 45),
    "zeros": with_header(SIGNATURE, "0" * 64),
    "signature that is no ASCII": with_header(SIGNATURE, "é" * 64),
    "signature in capitals": lambda _, raw: replace(
        raw, headers={**raw.headers, SIGNATURE: raw.headers[SIGNATURE].upper()}
    ),
    "signature with a tail": lambda _, raw: replace(
        raw, headers={**raw.headers, SIGNATURE: raw.headers[SIGNATURE] + "\n"}
    ),
    "another timestamp": lambda _, raw: replace(
        raw, headers={**raw.headers, TIMESTAMP: str(int(raw.headers[TIMESTAMP]) + 1)}
    ),
    "timestamp in full-width digits": with_header(TIMESTAMP, "１７６３８０００００"),
    "timestamp with a sign": with_header(TIMESTAMP, "-1"),
    "timestamp as a float": with_header(TIMESTAMP, "1e9"),
    "another nonce": with_header(NONCE, "0" * 32),
    "another merchant": with_header("x-sandbox-merchant", "m000000000000"),
    "another secret": lambda sandbox, raw: signed(sandbox, raw.body, secret="0" * 64),
    "six minutes old": lambda sandbox, raw: signed(sandbox, raw.body, age=360),
    "six minutes ahead": lambda sandbox, raw: signed(sandbox, raw.body, age=-360),
    "another merchant's, signed": lambda sandbox, raw: genuine(sandbox, merchant_id="m2"),
    "another app's, signed": lambda sandbox, raw: genuine(sandbox, app_id="a2"),
    "an amount that is text": lambda sandbox, raw: genuine(sandbox, amount="19900"),
    "an amount that is true": lambda sandbox, raw: genuine(sandbox, amount=True),
    "an amount that is a float": lambda sandbox, raw: genuine(sandbox, amount=199.0),
    "no amount": lambda sandbox, raw: genuine(sandbox, amount=None),
    "a result nobody knows": lambda sandbox, raw: genuine(sandbox, result="paid"),
    "a type nobody knows": lambda sandbox, raw: genuine(sandbox, type="gift"),
    "a list": lambda sandbox, raw: signed(sandbox, b"[]"),
    "no JSON": lambda sandbox, raw: signed(sandbox, b"paid=1"),
    "no UTF-8": lambda sandbox, raw: signed(sandbox, b"\xff\xfe"),
    "deep JSON": lambda sandbox, raw: signed(sandbox, b"[" * 100_000),
}


def test_the_genuine_one_is_believed(offline_sandbox: Sandbox) -> None:
    sandbox = offline_sandbox
    fact = sandbox.provider.read_notification(genuine(sandbox))
    assert isinstance(fact, PaymentFact)
    assert fact.amount == 19_900
    for age in (290, -290):
        raw = genuine(sandbox)
        assert sandbox.provider.read_notification(signed(sandbox, raw.body, age=age)) == fact


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_notification_that_cannot_be_trusted(
    offline_sandbox: Sandbox, attack: Callable[[Sandbox, RawNotification], RawNotification]
) -> None:
    sandbox = offline_sandbox
    with pytest.raises(NotificationRefused) as refusal:
        sandbox.provider.read_notification(attack(sandbox, genuine(sandbox)))
    assert sandbox.settings["secret"] not in refusal.value.reason
    assert "defect" not in refusal.value.reason


def test_a_payment_is_no_refund(sandbox: Sandbox) -> None:
    """The gateway's own bytes cannot be turned into another kind of fact."""
    sandbox.paid()
    raw = sandbox.shop.raw[0]
    turned = json.dumps(json_of(raw) | {"type": "refund"}).encode()
    with pytest.raises(NotificationRefused):
        sandbox.provider.read_notification(replace(raw, body=turned))


def call(sandbox: Sandbox, headers: dict[str, str], body: bytes = b"") -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.request(
            "GET", f"{sandbox.url}/v1/payments/REF1", headers=headers, content=body
        )


def headers_for(sandbox: Sandbox, age: float = 0, **changes: str) -> dict[str, str]:
    return signed_headers(
        changes.get("secret", sandbox.settings["secret"]),
        changes.get("merchant", sandbox.settings["merchant_id"]),
        changes.get("method", "GET"),
        changes.get("target", "/v1/payments/REF1"),
        b"",
        now=time.time() - age,
    )


def test_the_api_refuses_unsigned_and_wrongly_signed_calls(sandbox: Sandbox) -> None:
    sandbox.paid()
    assert call(sandbox, headers_for(sandbox)).status_code == 200
    wrong: dict[str, tuple[dict[str, str], bytes]] = {
        "nothing": ({}, b""),
        "other secret": (headers_for(sandbox, secret="0" * 64), b""),
        "other merchant": (headers_for(sandbox, merchant="m2"), b""),
        "other method": (headers_for(sandbox, method="POST"), b""),
        "other payment": (headers_for(sandbox, target="/v1/payments/REF2"), b""),
        "a body that was not signed": (headers_for(sandbox), b"{}"),
        "old": (headers_for(sandbox, age=400), b""),
    }
    answers = {name: call(sandbox, *one).status_code for name, one in wrong.items()}
    assert answers == dict.fromkeys(wrong, 401)


def test_the_api_refuses_a_replay(sandbox: Sandbox) -> None:
    sandbox.paid()
    headers = headers_for(sandbox)
    assert call(sandbox, headers).status_code == 200
    assert call(sandbox, headers).json()["code"] == "replayed"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": "19900"},
        {"amount": 1.5},
        {"amount": True},
        {"amount": 10**16},
        {"currency": "RMB"},
        {"return_url": "javascript:alert(1)"},
        {"return_url": "//evil.test"},
        {"notify_url": "file:///etc/passwd"},
        {"notify_url": "http://x/\nHost: evil"},
        {"reference": "a/b"},
        {"reference": ""},
        {"expires_at": None},
        {"extra": 1},
    ],
    ids=str,
)
def test_the_api_refuses_what_makes_no_sense(sandbox: Sandbox, changes: dict[str, Any]) -> None:
    request = sandbox.request()
    body = {
        "app_id": sandbox.settings["app_id"],
        "reference": request.reference,
        "order_number": request.order_number,
        "amount": request.amount,
        "currency": request.currency,
        "return_url": request.return_url,
        "notify_url": request.notify_url,
        "expires_at": request.expires_at,
    }
    assert sandbox.client.call("POST", "/v1/payments", body)[0] == 201
    status, answer = sandbox.client.call("POST", "/v1/payments", body | changes)
    assert (status, answer["code"]) == (422, "invalid")


def test_another_app_of_the_merchant_cannot_take_money(sandbox: Sandbox) -> None:
    request = sandbox.request()
    status, answer = sandbox.client.call(
        "POST",
        "/v1/payments",
        {
            "app_id": "other",
            "reference": "R",
            "order_number": "1",
            "amount": 1,
            "currency": "CNY",
            "return_url": request.return_url,
            "notify_url": request.notify_url,
            "expires_at": request.expires_at,
        },
    )
    assert (status, answer["code"]) == (403, "unknown-app")


def test_an_answer_cannot_be_replayed_to_another_call(sandbox: Sandbox) -> None:
    """An old answer, well signed and about the same payment, is not the answer to a new call."""
    sandbox.provider.start(sandbox.request())
    old = call(sandbox, headers_for(sandbox))
    sandbox.pay()
    replay = GatewayClient(
        url=sandbox.url,
        merchant_id=sandbox.settings["merchant_id"],
        secret=sandbox.settings["secret"],
        http=lambda url: httpx.Client(
            base_url=url,
            transport=httpx.MockTransport(
                lambda request: httpx.Response(200, headers=old.headers, content=old.content)
            ),
        ),
        clock=now,
    )
    with pytest.raises(ProviderDown, match="answer belongs to another request"):
        replay.call("GET", "/v1/payments/REF1")
    with pytest.raises(ProviderDown, match="wrong signature"):
        replay.call("GET", "/v1/payments/REF2")
