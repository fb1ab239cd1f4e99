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


def let_in(promotion: Promotion, cart: CartView) -> Covered:
    """The lines that promotions may lower, and those that let this one in by its name or by that of
    its plugin."""
    names = (promotion.id, promotion.id.partition(":")[0])
    return tuple(
        i
        for i, line in enumerate(cart.lines)
        if line.discountable or any(name in line.stacks_with for name in names)
    )


def standing(
    promotion: Promotion, cart: CartView, codes: frozenset[str], coverable: Covered
) -> Covered | Refused:
    """The lines that the promotion covers, of those that it may at all, or why it cannot apply."""
    if promotion.coupon is not None and fold_code(promotion.coupon) not in codes:
        return Refused("coupon-not-entered")
    if promotion.channels and cart.channel not in promotion.channels:
        return Refused("other-channel")
    lines = cart.lines
    covered: Sequence[int] = coverable
    if promotion.only_tags:
        tags = frozenset(promotion.only_tags)
        covered = [i for i in covered if not tags.isdisjoint(lines[i].tags)]
    if promotion.only_lines is not None:
        keys = frozenset(promotion.only_lines)
        covered = [i for i in covered if lines[i].key in keys]
    if not covered and lines:
        return Refused("no-matching-line")
    if promotion.min_line_qty is not None:
        covered = [i for i in covered if lines[i].quantity >= promotion.min_line_qty]
        if not covered:
            return Refused("quantity-too-low", {"minimum": promotion.min_line_qty})
    if promotion.min_pieces is not None:
        missing = promotion.min_pieces - sum(lines[i].quantity for i in covered)
        if missing > 0:
            return too_few(promotion.min_pieces, missing)
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
        return below(minimum, amount)
    return None


def below(minimum: int, amount: int) -> Refused:
    return Refused("below-minimum", {"minimum": minimum, "missing": minimum - amount})


def too_few(minimum: int, missing: int) -> Refused:
    return Refused("too-few-pieces", {"minimum": minimum, "missing": missing})
