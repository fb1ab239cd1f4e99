"""What a refusal tells a program beside its code."""

from __future__ import annotations

from typing import Any

from storegen.errors import PriceChanged, SoldOut, StoreError
from storegen.web.api.schemas.carts import quote_shape
from storegen.web.api.schemas.common import money

_TOLD = ("problems", "reasons", "reason", "left", "kind")


def told(error: StoreError) -> dict[str, Any]:
    """Members of the problem document: amounts as money, variants as objects, never a count."""
    if isinstance(error, PriceChanged):
        return {
            "seen": money(error.seen),
            "payable": money(error.quote.payable),
            "quote": quote_shape(error.quote, error.gifts),
        }
    if isinstance(error, SoldOut):
        return {"lines": [{"variant": key, "title": title} for key, title in error.lines]}
    return {name: value for name, value in error.data().items() if name in _TOLD}
