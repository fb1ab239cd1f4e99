"""Refunds between provider and gateway."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from storegen.errors import ProviderDown
from storegen.values.payment import RefundFact
from tests.plugins.conftest import Sandbox, until


def test_a_refund_is_made_once_however_often_it_is_sent(sandbox: Sandbox) -> None:
    sandbox.paid()
    request = sandbox.refund_request(amount=5_000)
    first = sandbox.provider.refund(request)
    assert (first.result, first.amount, first.reference) == ("succeeded", 5_000, "REF1")
    assert sandbox.provider.refund(request) == first == sandbox.provider.query_refund(request)
    told = sandbox.shop.wait(2)[1]
    assert told == first
    assert len(sandbox.look()["refunds"]) == 1


def test_the_same_number_for_another_amount_is_no_refund(sandbox: Sandbox) -> None:
    sandbox.paid()
    sandbox.provider.refund(sandbox.refund_request(amount=5_000))
    with pytest.raises(ProviderDown, match="another refund"):
        sandbox.provider.refund(sandbox.refund_request(amount=6_000))


def test_the_sum_never_passes_what_was_captured(sandbox: Sandbox) -> None:
    sandbox.paid()
    with ThreadPoolExecutor(8) as pool:
        facts = list(
            pool.map(
                lambda n: sandbox.provider.refund(sandbox.refund_request(f"RF{n}", 5_000)),
                range(8),
            )
        )
    assert sorted(fact.result for fact in facts) == ["failed"] * 5 + ["succeeded"] * 3
    assert {fact.message for fact in facts if fact.result == "failed"} == {"refund-exceeds-capture"}
    rest = sandbox.provider.refund(sandbox.refund_request("REST", 4_900))
    assert rest.result == "succeeded"


def test_an_overpaid_payment_can_give_both_captures_back(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    sandbox.pay("capture_twice")
    assert sandbox.provider.refund(sandbox.refund_request("A")).result == "succeeded"
    assert sandbox.provider.refund(sandbox.refund_request("B")).result == "succeeded"
    assert sandbox.provider.refund(sandbox.refund_request("C", 1)).result == "failed"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reference": "REF2"}, "no-such-payment"),
        ({"currency": "USD"}, "other-currency"),
        ({"amount": 19_901}, "refund-exceeds-capture"),
    ],
)
def test_a_definite_no(sandbox: Sandbox, changes: dict[str, Any], message: str) -> None:
    sandbox.paid()
    fact = sandbox.provider.refund(sandbox.refund_request(**changes))
    assert (fact.result, fact.message) == ("failed", message)


def test_an_unpaid_payment_is_not_refunded(sandbox: Sandbox) -> None:
    sandbox.provider.start(sandbox.request())
    assert sandbox.provider.refund(sandbox.refund_request()).message == "payment-not-captured"


@pytest.mark.parametrize("kind", ["pending", "unknown"])
def test_a_refund_that_takes_its_time(sandbox: Sandbox, kind: str) -> None:
    sandbox.paid()
    sandbox.control("fault", endpoint="refund", kind=kind, seconds=60)
    request = sandbox.refund_request()
    assert sandbox.provider.refund(request).result == kind
    assert sandbox.provider.query_refund(request).result == kind
    # What is under way counts: nothing is left to refund.
    assert sandbox.provider.refund(sandbox.refund_request("RF2", 1)).result == "failed"
    sandbox.control("advance", seconds=61)
    until(lambda: len(sandbox.shop.facts) == 2)
    told = sandbox.shop.facts[1]
    assert isinstance(told, RefundFact)
    assert told.result == "succeeded"
    assert sandbox.provider.query_refund(request) == told


def test_a_refund_that_fails_first_succeeds_under_the_same_number(sandbox: Sandbox) -> None:
    sandbox.paid()
    sandbox.control("fault", endpoint="refund", kind="failed")
    request = sandbox.refund_request()
    failed = sandbox.provider.refund(request)
    assert failed.result == "failed"
    done = sandbox.provider.refund(request)
    assert done.result == "succeeded"
    # Two outcomes are two facts.
    assert failed.event_id != done.event_id
    assert len(sandbox.look()["refunds"]) == 1


def test_the_provider_commits_then_drops_the_line(sandbox: Sandbox) -> None:
    sandbox.paid()
    sandbox.control("fault", endpoint="refund", kind="drop")
    request = sandbox.refund_request()
    with pytest.raises(ProviderDown):
        sandbox.provider.refund(request)
    assert sandbox.provider.query_refund(request).result == "succeeded"
    assert sandbox.provider.refund(request).result == "succeeded"
    assert len(sandbox.look()["refunds"]) == 1


def test_the_line_drops_before_the_refund(sandbox: Sandbox) -> None:
    sandbox.paid()
    sandbox.control("fault", endpoint="refund", kind="drop_before")
    request = sandbox.refund_request()
    with pytest.raises(ProviderDown):
        sandbox.provider.refund(request)
    assert sandbox.provider.query_refund(request).result == "unknown"
