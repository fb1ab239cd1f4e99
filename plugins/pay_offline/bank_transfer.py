"""Bank transfer: instructions now, money later, confirmed by staff."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from storegen_plugins.pay_offline.by_hand import ByHand

from storegen.sdk import PaymentRequest, PaymentStart, to_decimal


class BankTransfer(ByHand):
    """Shows the owner's instructions with the order's number and amount."""

    code = "bank_transfer"
    titles: Mapping[str, str] = MappingProxyType({"en": "Bank transfer", "zh": "银行转账"})

    def __init__(self, instructions: Mapping[str, str]) -> None:
        self._instructions = dict(instructions)

    def available(self, *, amount: int, currency: str, country: str, channel: str) -> bool:
        return amount > 0

    def start(self, request: PaymentRequest) -> PaymentStart:
        amount = f"{to_decimal(request.amount, request.currency)} {request.currency}"
        # `replace`, not `format`: the owner's text may hold any other brace.
        return PaymentStart(
            kind="instructions",
            instructions={
                locale: text.replace("{order}", request.order_number).replace("{amount}", amount)
                for locale, text in self._instructions.items()
            },
        )
