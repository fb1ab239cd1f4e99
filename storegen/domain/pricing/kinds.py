"""What a promotion takes from an amount, by its kind."""

from __future__ import annotations

from typing import Literal, NamedTuple

from storegen.values.pricing import Promotion

WHOLE = 10_000
"""100 % in basis points."""
HALF = WHOLE // 2


class Benefit(NamedTuple):
    """A kind after its tier was looked up. ``value`` is basis points or minor units."""

    kind: Literal["percent", "fixed", "fixed_per_line", "fixed_price"]
    value: int

    def discount(self, amount: int) -> int:
        """What is taken from ``amount``: between 0 and all of it.

        The payable is rounded, half up; the discount is the rest.
        """
        if amount <= 0:
            return 0
        if self.kind == "percent":
            kept = WHOLE - min(max(self.value, 0), WHOLE)
            return amount - (amount * kept + HALF) // WHOLE
        if self.kind == "fixed_price":
            return max(0, amount - max(self.value, 0))
        return min(max(self.value, 0), amount)


def benefit(promotion: Promotion, subtotal: int) -> Benefit:
    """The promotion's benefit at this running subtotal: the highest tier that it reaches."""
    match promotion.kind:
        case "percent":
            return Benefit("percent", promotion.percent_bp)
        case "tiered_percent":
            return Benefit("percent", _tier(promotion.tiers, promotion.base_bp, subtotal))
        case "tiered_fixed":
            return Benefit("fixed", _tier(promotion.tiers, promotion.base, subtotal))
        case kind:
            return Benefit(kind, promotion.amount)


def _tier(tiers: tuple[tuple[int, int], ...], base: int, subtotal: int) -> int:
    reached = [(start, value) for start, value in tiers if start <= subtotal]
    return max(reached, key=lambda tier: tier[0])[1] if reached else base
