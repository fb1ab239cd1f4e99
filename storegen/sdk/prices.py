"""What goods cost with offers, for pieces of pages, and the history behind it."""

from __future__ import annotations

from storegen.domain.pricing.display import (
    PlainPrice,
    plain_prices,
    record_offer_prices,
    struck_beside,
)

__all__ = ["PlainPrice", "plain_prices", "record_offer_prices", "struck_beside"]
