"""A provider with defects costs its own feature only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from storegen.errors import NotificationRefused, ProviderDown
from storegen.plugins import Breaker, PluginHost, Source
from storegen.sdk import Manifest, PaymentRequest, RawNotification, RefundRequest, hookimpl
from tests.plugins.conftest import HostMaker


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class Saboteur:
    """Raises, returns junk, or refuses, in every method."""

    code = "saboteur"
    titles = {"en": "Saboteur"}
    notifies = True

    def __init__(self) -> None:
        self.outcome: Any = RuntimeError("boom")

    def _do(self, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    available = start = read_notification = acknowledge = _do
    query = close = refund = query_refund = _do


REQUEST = PaymentRequest(
    reference="R",
    order_number="1",
    amount=1,
    currency="CNY",
    description="",
    return_url="http://x/",
    notify_url="http://x/",
    locale="en",
    expires_at=0,
)
REFUND = RefundRequest(
    reference="R",
    refund_reference="F",
    provider_reference="",
    amount=1,
    paid_amount=1,
    currency="CNY",
    reason="",
    notify_url="",
)
RAW = RawNotification(method="POST", path="/", query="", headers={}, body=b"")


def available(provider: Any) -> bool:
    return bool(provider.available(amount=1, currency="CNY", country="CN", channel="web"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def saboteur() -> Saboteur:
    return Saboteur()


@pytest.fixture
def host(make_host: HostMaker, clock: Clock, saboteur: Saboteur) -> PluginHost:
    target = SimpleNamespace(
        manifest=Manifest(name="bad", version="1", title={"en": "Bad"}),
        hook=hookimpl(specname="payment_methods")(lambda: [saboteur]),
    )
    return make_host(
        ["bad"], sources={"bad": (Source("bad", "test", lambda: target),)}, clock=clock
    )


@pytest.mark.parametrize("outcome", [RuntimeError("boom"), KeyError("x"), None, "junk", 7])
def test_every_method_turns_a_defect_into_a_refusal(
    host: PluginHost, saboteur: Saboteur, outcome: object
) -> None:
    saboteur.outcome = outcome
    provider = host.payment_providers["saboteur"]
    for call in (
        lambda: provider.query("R"),
        lambda: provider.close("R"),
        lambda: provider.refund(REFUND),
        lambda: provider.query_refund(REFUND),
    ):
        with pytest.raises(ProviderDown):
            call()
    with pytest.raises(ProviderDown):
        provider.start(REQUEST)
    with pytest.raises(NotificationRefused):
        provider.read_notification(RAW)
    assert not available(provider)
    assert provider.acknowledge(True)[0] == 500
    assert host.breaker.open() == (("bad", "payment_methods"),)


def test_refusals_pass_and_are_no_faults(host: PluginHost, saboteur: Saboteur) -> None:
    provider = host.payment_providers["saboteur"]
    saboteur.outcome = ProviderDown("saboteur", "no answer")
    for _ in range(5):
        with pytest.raises(ProviderDown, match="no answer"):
            provider.query("R")
    saboteur.outcome = NotificationRefused("wrong signature")
    for _ in range(5):
        with pytest.raises(NotificationRefused, match="wrong signature"):
            provider.read_notification(RAW)
    assert host.breaker.open() == ()


def test_after_three_faults_it_is_not_offered_and_comes_back_by_itself(
    host: PluginHost, saboteur: Saboteur, clock: Clock
) -> None:
    provider = host.payment_providers["saboteur"]
    for _ in range(2):
        assert not available(provider)
    saboteur.outcome = True
    assert available(provider)
    saboteur.outcome = RuntimeError("boom")
    assert not available(provider)
    saboteur.outcome = True
    assert not available(provider)
    with pytest.raises(ProviderDown, match="breaker open"):
        provider.start(REQUEST)
    # Money under way is still asked for.
    with pytest.raises(ProviderDown, match="query returned bool"):
        provider.query("R")
    clock.time += timedelta(minutes=5)
    assert available(provider)


def test_the_breaker_counts_per_plugin_and_hook(clock: Clock) -> None:
    breaker = Breaker(clock)
    for plugin, hook in (("a", "x"), ("a", "y"), ("b", "x"), ("a", "x")):
        breaker.fault(plugin, hook)
    assert breaker.open() == ()
    breaker.fault("a", "x")
    assert breaker.open() == (("a", "x"),)
    assert not breaker.is_open("a", "y")


def test_old_faults_do_not_count(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(6):
        breaker.fault("a", "x")
        clock.time += timedelta(minutes=2, seconds=31)
    assert not breaker.is_open("a", "x")
