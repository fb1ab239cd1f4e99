"""When a promotion may apply, and the reason when it may not.

Some conditions never change while a cart is priced (`standing`); thresholds are tested on the
running amounts just before the promotion's turn (`threshold`), so never on its own result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from storegen.values.codes import fold_code
from storegen.values.pricing import EMPTY, CartView, Promotion


class Refused(NamedTuple):
    """``reason`` is a stable code; ``data`` fills its sentence and never holds a coupon code."""

    reason: str
    data: Mapping[str, Any] = EMPTY


Covered = tuple[int, ...]
"""Indices of the cart's lines that a promotion covers."""


def entered(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_code(code) for code in codes)


def standing(promotion: Promotion, cart: CartView, codes: frozenset[str]) -> Covered | Refused:
    """The lines that the promotion covers, unless it cannot apply to this cart at all."""
    if promotion.coupon is not None and fold_code(promotion.coupon) not in codes:
        return Refused("coupon-not-entered")
    if promotion.channels and cart.channel not in promotion.channels:
        return Refused("other-channel")
    covered = [i for i, line in enumerate(cart.lines) if line.discountable]
    if promotion.only_tags:
        tags = frozenset(promotion.only_tags)
        covered = [i for i in covered if not tags.isdisjoint(cart.lines[i].tags)]
    if not covered and cart.lines:
        return Refused("no-matching-line")
    if promotion.min_line_qty is not None:
        covered = [i for i in covered if cart.lines[i].quantity >= promotion.min_line_qty]
        if not covered:
            return Refused("quantity-too-low", {"minimum": promotion.min_line_qty})
    if promotion.scope == "shipping" and not cart.shipping:
        return Refused("no-shipping")
    return tuple(covered)


def subtotal(promotion: Promotion, lines: Sequence[int], covered: Covered) -> int:
    """The running amount that thresholds and tiers look at: goods only, never surcharges."""
    if promotion.scoped_thresholds:
        return sum(lines[i] for i in covered)
    return sum(lines)


def threshold(promotion: Promotion, amount: int) -> Refused | None:
    minimum = promotion.min_subtotal
    if minimum is not None and amount < minimum:
        return Refused("below-minimum", {"minimum": minimum, "missing": minimum - amount})
    return None
