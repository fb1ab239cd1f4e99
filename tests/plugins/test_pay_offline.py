"""Bank transfer and cash on delivery."""

from __future__ import annotations

from typing import Any

import pytest

from storegen.errors import NotificationRefused, PluginProblem
from storegen.plugins import PluginHost, new_settings
from storegen.sdk import RawNotification
from tests.plugins.conftest import HostMaker
from tests.plugins.test_containment import REFUND, REQUEST


def offline(make_host: HostMaker, **settings: Any) -> PluginHost:
    return make_host(["pay_offline"], {"pay_offline": settings})


def test_instructions_carry_order_and_amount_in_both_languages(make_host: HostMaker) -> None:
    host = make_host(["pay_offline"], new_settings(["pay_offline"], "0" * 32))
    start = host.payment_providers["bank_transfer"].start(REQUEST)
    assert start.kind == "instructions"
    assert set(start.instructions) == {"zh", "en"}
    for text in start.instructions.values():
        assert "0.01 CNY" in text
        assert "{" not in text


def test_other_braces_of_the_owner_stay(make_host: HostMaker) -> None:
    host = offline(make_host, bank_instructions={"en": "{0} {order} {x}"})
    start = host.payment_providers["bank_transfer"].start(REQUEST)
    assert start.instructions["en"] == "{0} 1 {x}"


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({}, ["cash_on_delivery"]),
        ({"bank_instructions": {"en": "x"}}, ["bank_transfer", "cash_on_delivery"]),
        ({"bank_instructions": {"en": "x"}, "bank_transfer": False}, ["cash_on_delivery"]),
        ({"cash_on_delivery": False}, []),
    ],
)
def test_what_is_offered(make_host: HostMaker, settings: dict[str, Any], codes: list[str]) -> None:
    assert list(offline(make_host, **settings).payment_providers) == codes


@pytest.mark.parametrize(
    ("country", "amount", "offered"),
    [("CN", 50_000, True), ("CN", 50_001, False), ("US", 1, False), ("CN", 0, False)],
)
def test_cash_has_countries_and_a_limit(
    make_host: HostMaker, country: str, amount: int, offered: bool
) -> None:
    host = offline(make_host, cash_countries=["CN"], cash_at_most="500")
    assert (
        host.payment_providers["cash_on_delivery"].available(
            amount=amount, currency="CNY", country=country, channel="web"
        )
        is offered
    )


def test_a_limit_finer_than_the_currency_stops_the_boot(make_host: HostMaker) -> None:
    with pytest.raises(PluginProblem, match="InvalidAmount"):
        offline(make_host, cash_at_most="0.001")


@pytest.mark.parametrize("code", ["bank_transfer", "cash_on_delivery"])
def test_people_do_the_rest(make_host: HostMaker, code: str) -> None:
    provider = offline(make_host, bank_instructions={"en": "x"}).payment_providers[code]
    assert provider.notifies is False
    assert provider.query("R").result == "unknown"
    assert provider.close("R").result == "closed"
    assert provider.refund(REFUND).result == provider.query_refund(REFUND).result == "by_hand"
    raw = RawNotification(method="POST", path="/", query="", headers={}, body=b"paid")
    with pytest.raises(NotificationRefused):
        provider.read_notification(raw)


def test_cash_ships_unpaid(make_host: HostMaker) -> None:
    start = offline(make_host).payment_providers["cash_on_delivery"].start(REQUEST)
    assert start.kind == "on_delivery"
