"""Which price may be shown struck through beside a price.

Law (China: Provisions on Prohibiting Price Fraud; advertising practice of the platforms) wants a
struck-through price to have a basis that is declared on the page, or to be the lowest price of
the seven days before. The policy is `settings.Checkout.struck_price`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from sqlalchemy import select

from storegen.models import PriceHistory
from storegen.uow import UnitOfWork

Policy = Literal["declared", "seven_days", "never"]
DAYS = 7


def struck_price(
    price: int, compare_at: int | None, policy: str, lowest: int | None = None
) -> int | None:
    """The price to strike through, in minor units; None for none.

    ``declared``: the owner's compare-at price, whose basis the terms name. ``seven_days``: no
    higher than ``lowest``, the lowest price of the last seven days before this one
    (`lowest_before`); where it is not known, none. ``never``: none.
    """
    if compare_at is None or compare_at <= price or policy == "never":
        return None
    if policy == "seven_days":
        if lowest is None or lowest <= price:
            return None
        return min(compare_at, lowest)
    return compare_at


def lowest_of(history: Sequence[tuple[datetime, int]], now: datetime) -> int | None:
    """The lowest price that was valid in the seven days before the present one began.

    ``history``: (valid from, price), the oldest first. None without a price before the present.
    """
    if len(history) < 2:
        return None
    present = min(history[-1][0], now)
    begins = present - timedelta(days=DAYS)
    found = []
    for (_, price), (until, _) in pairwise(history):
        if until > begins:
            found.append(price)
    return min(found, default=None)


def lowest_before(uow: UnitOfWork, variant_id: int) -> int | None:
    """`lowest_of` the variant's price history."""
    rows = uow.db.execute(
        select(PriceHistory.valid_from, PriceHistory.price)
        .where(PriceHistory.variant_id == variant_id)
        .order_by(PriceHistory.valid_from, PriceHistory.id)
    )
    return lowest_of([(row.valid_from, row.price) for row in rows], uow.now)
