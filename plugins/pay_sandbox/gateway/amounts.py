"""Amounts for people."""

from __future__ import annotations

from storegen.sdk import to_decimal

# A bare $ or kr would be ambiguous; other currencies show their code.
_SYMBOLS = {"CNY": "¥", "JPY": "JP¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$"}


def amount_text(amount: int, currency: str) -> str:
    """1234567 CNY → ``¥12,345.67``."""
    whole, point, rest = to_decimal(amount, currency).partition(".")
    digits = f"{int(whole):,}{point}{rest}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{digits}" if symbol else f"{digits} {currency}"
