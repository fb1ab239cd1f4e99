"""Cash on delivery: the order ships unpaid, the courier takes the money."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from storegen_plugins.pay_offline.by_hand import ByHand

from storegen.sdk import PaymentRequest, PaymentStart, parse_decimal


class CashOnDelivery(ByHand):
    """``countries`` empty means everywhere, ``at_most`` (plain decimal) empty means no limit."""

    code = "cash_on_delivery"
    titles: Mapping[str, str] = MappingProxyType({"en": "Cash on delivery", "zh": "货到付款"})

    def __init__(self, *, countries: frozenset[str], at_most: str, currency: str) -> None:
        self._countries = countries
        self._limit = parse_decimal(at_most, currency) if at_most else None

    def available(self, *, amount: int, currency: str, country: str, channel: str) -> bool:
        if self._countries and country not in self._countries:
            return False
        return amount > 0 and (self._limit is None or amount <= self._limit)

    def start(self, request: PaymentRequest) -> PaymentStart:
        return PaymentStart(kind="on_delivery")
