"""Provider and gateway over real HTTP: every behaviour of the pay page."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from storegen_plugins.pay_sandbox.gateway.notifications import acknowledged

from storegen.errors import ProviderDown
from storegen.values.payment import PaymentFact, RefundFact
from tests.plugins.conftest import Sandbox, until


def test_a_payment_is_pending_until_it_is_approved(sandbox: Sandbox) -> None:
    start = sandbox.provider.start(sandbox.request())
    assert start.kind == "redirect"
    assert start.redirect_url.startswith(f"{sandbox.url}/pay/")
    assert sandbox.provider.query("REF1").result == "pending"
    sandbox.pay()
    (told,) = sandbox.shop.wait(1)
    asked = sandbox.provider.query("REF1")
    assert isinstance(told, PaymentFact)
    assert (told.result, told.amount, told.currency) == ("succeeded", 19_900, "CNY")
    assert told.app_id == sandbox.settings["app_id"]
    # One fact, however it is learned: the shop's inbox applies it once.
    assert asked == told


def test_starting_again_gives_the_same_payment_and_never_another_amount(sandbox: Sandbox) -> None:
    first = sandbox.provider.start(sandbox.request())
    assert sandbox.provider.start(sandbox.request(expires_at=int(time.time()) + 999)) == first
    with pytest.raises(ProviderDown, match="reference-reused"):
        sandbox.provider.start(sandbox.request(amount=1))


def test_decline(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("decline")
    (told,) = sandbox.shop.wait(1)
    assert told.result == "failed"
    assert sandbox.provider.query("REF1").result == "failed"


def test_delay_succeeds_later(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("delay", seconds=60)
    time.sleep(0.5)
    assert sandbox.provider.query("REF1").result == "pending"
    assert not sandbox.shop.facts
    sandbox.control("advance", seconds=61)
    (told,) = sandbox.shop.wait(1)
    assert told.result == "succeeded"


def test_a_delayed_payment_that_is_closed_never_succeeds(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("delay", seconds=60)
    assert sandbox.provider.close("REF1").result == "closed"
    sandbox.control("advance", seconds=61)
    time.sleep(0.5)
    assert sandbox.provider.query("REF1").result == "closed"
    assert sandbox.look()["captured"] == 0


def test_one_fact_told_twice_has_one_event_id(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("notify_twice")
    first, second = sandbox.shop.wait(2)
    assert first == second
    assert sandbox.look()["captured"] == 19_900


def test_two_captures_are_two_facts(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("capture_twice")
    first, second = sandbox.shop.wait(2)
    assert first.event_id != second.event_id
    assert first.provider_reference != second.provider_reference
    assert first.amount == second.amount == 19_900
    assert sandbox.look()["captured"] == 39_800


def test_late_after_the_shop_closed_it(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("late", seconds=30)
    assert sandbox.provider.close("REF1").result == "closed"
    sandbox.control("advance", seconds=31)
    (told,) = sandbox.shop.wait(1)
    assert told.result == "succeeded"


def test_late_after_it_expired(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request(expires_at=int(time.time()) + 60))
    sandbox.pay("late", seconds=30)
    sandbox.control("advance", seconds=61)
    assert sandbox.provider.query("REF1").result == "closed"
    sandbox.control("advance", seconds=30)
    (told,) = sandbox.shop.wait(1)
    assert told.result == "succeeded"
    time.sleep(0.5)
    assert sandbox.look()["captured"] == 19_900


def test_late_on_a_payment_that_is_closed_already(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.provider.close("REF1")
    sandbox.pay("late", seconds=0)
    (told,) = sandbox.shop.wait(1)
    assert told.result == "succeeded"


def test_dropped_answer_is_found_by_query_only(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("drop")
    time.sleep(0.5)
    assert not sandbox.shop.raw
    assert sandbox.provider.query("REF1").result == "succeeded"


@pytest.mark.parametrize(
    ("behaviour", "amount", "currency"),
    [("wrong_amount", 199, "CNY"), ("wrong_currency", 19_900, "JPY")],
)
def test_a_notification_that_lies_is_contradicted_by_the_query(
    sandbox: Sandbox, behaviour: str, amount: int, currency: str
) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay(behaviour)
    (told,) = sandbox.shop.wait(1)
    assert isinstance(told, PaymentFact)
    assert (told.amount, told.currency) == (amount, currency)
    asked = sandbox.provider.query("REF1")
    assert (asked.amount, asked.currency) == (19_900, "CNY")


def test_a_real_underpayment_is_what_the_query_says(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("approve", amount=1)
    assert sandbox.provider.query("REF1").amount == 1


def test_bad_signature_is_refused_and_sent_again(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("bad_signature")
    until(lambda: len(sandbox.shop.refused) >= 2)
    assert set(sandbox.shop.refused) == {"wrong signature"}
    assert not sandbox.shop.facts
    assert sandbox.provider.query("REF1").result == "succeeded"


def test_storm(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("storm", copies=50)
    facts = sandbox.shop.wait(50)
    assert Counter(fact.result for fact in facts) == {"succeeded": 45, "pending": 5}
    assert len({fact.event_id for fact in facts}) == 2
    # Permuted: not all the stale ones first.
    assert [fact.result for fact in facts[:5]] != ["pending"] * 5


def test_storm_with_the_refund_before_the_payment(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("storm_refund", copies=50, refund=900)
    facts = sandbox.shop.wait(51)
    assert isinstance(facts[0], RefundFact)
    assert facts[0].reference == "REF1"
    assert facts[0].amount == 900
    assert len([fact for fact in facts if isinstance(fact, PaymentFact)]) == 45


def test_a_notification_is_repeated_until_it_is_acknowledged(sandbox: Sandbox) -> None:
    sandbox.shop.deaf = 2
    sandbox.provider.start(sandbox.request())
    sandbox.pay()
    first, second, third = sandbox.shop.wait(3, seconds=15)
    assert first == second == third
    until(lambda: sandbox.look()["notifications"][0]["state"] == "delivered")
    assert sandbox.look()["notifications"][0]["attempts"] == 3
    # Same bytes, signed anew each time.
    raw = sandbox.shop.raw
    assert len({one.body for one in raw}) == 1
    assert len({one.headers["x-sandbox-nonce"] for one in raw}) == 3


def test_closing_what_was_paid_says_so(sandbox: Sandbox) -> None:
    sandbox.paid()
    assert sandbox.provider.close("REF1").result == "succeeded"


def test_a_closed_payment_cannot_be_paid(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.provider.close("REF1")
    status, answer = sandbox.client.call(
        "POST", "/_control", {"do": "pay", "reference": "REF1", "behaviour": "approve"}
    )
    assert (status, answer["code"]) == (409, "payment-closed")


def test_closing_before_the_creation_arrives_shuts_it_out(sandbox: Sandbox) -> None:
    assert sandbox.provider.query("REF1").result == "unknown"
    assert sandbox.provider.close("REF1").result == "closed"
    with pytest.raises(ProviderDown, match="payment-closed"):
        sandbox.provider.start(sandbox.request())


def test_nothing_is_paid_after_it_expired(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.control("advance", seconds=901)
    assert sandbox.provider.query("REF1").result == "closed"
    status, answer = sandbox.client.call(
        "POST", "/_control", {"do": "pay", "reference": "REF1", "behaviour": "approve"}
    )
    assert (status, answer["code"]) == (409, "payment-closed")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("drop", "RemoteProtocolError: Server disconnected without sending a response"),
        ("drop_before", "RemoteProtocolError: Server disconnected without sending a response"),
        ("error", "HTTP 503"),
        ("junk", "answer cannot be trusted"),
        ("unsigned", "answer cannot be trusted: wrong signature"),
    ],
)
def test_a_line_that_fails_leaves_the_outcome_unknown(
    sandbox: Sandbox, kind: str, reason: str
) -> None:
    sandbox.control("fault", endpoint="create", kind=kind)
    with pytest.raises(ProviderDown, match=reason):
        sandbox.provider.start(sandbox.request())
    # Committed, then dropped: a query finds it. Not committed: a query says so.
    committed = kind in ("drop", "junk", "unsigned")
    assert sandbox.provider.query("REF1").result == ("pending" if committed else "unknown")
    # Trying again with the same reference is safe in both cases.
    assert sandbox.provider.start(sandbox.request()).kind == "redirect"


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (200, b'{"code":"SUCCESS"}', True),
        (200, b'{"code":"FAIL"}', False),
        (200, b"<h1>Please sign in</h1>", False),
        (200, b'["SUCCESS"]', False),
        (500, b'{"code":"SUCCESS"}', False),
        (302, b'{"code":"SUCCESS"}', False),
    ],
)
def test_what_counts_as_acknowledged(status: int, body: bytes, heard: bool) -> None:
    assert acknowledged(status, body) is heard


def test_a_slow_gateway_is_given_up(sandbox: Sandbox) -> None:
    sandbox.control("fault", endpoint="query", kind="slow", seconds=8)
    sandbox.provider.start(sandbox.request())
    began = time.monotonic()
    with pytest.raises(ProviderDown, match="Timeout"):
        sandbox.provider.query("REF1")
    assert time.monotonic() - began < 7.5


def test_nobody_listening(sandbox: Sandbox, make_host: object) -> None:
    settings = sandbox.settings | {"gateway_url": "http://127.0.0.1:9"}
    host = make_host(["pay_sandbox"], {"pay_sandbox": settings})  # type: ignore[operator]
    with pytest.raises(ProviderDown, match="ConnectError"):
        host.payment_providers["sandbox"].query("REF1")
