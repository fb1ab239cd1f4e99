"""The price of a cart, from one pure pipeline.

``docs/reference/money.md`` declares the policies, ``docs/reference/pricing.md`` the promotions.
"""

from __future__ import annotations

from storegen.domain.pricing.offers import Offered, with_offers
from storegen.domain.pricing.pipeline import canonical, quote
from storegen.domain.pricing.record import from_record, to_record

__all__ = ["Offered", "canonical", "from_record", "quote", "to_record", "with_offers"]
