"""What a promotion takes from an amount, by its kind."""

from __future__ import annotations

from typing import Literal, NamedTuple

from storegen.domain.pricing.conditions import Refused, below
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


def benefit(promotion: Promotion, subtotal: int) -> Benefit | Refused:
    """The promotion's benefit at this running subtotal: the highest tier that it reaches."""
    match promotion.kind:
        case "percent" | "buy_get":
            return Benefit("percent", promotion.percent_bp)
        case "tiered_percent":
            value = _tier(promotion.tiers, promotion.base_bp, subtotal)
            return Benefit("percent", value) if value else _not_reached(promotion, subtotal)
        case "tiered_fixed":
            value = _tier(promotion.tiers, promotion.base, subtotal)
            return Benefit("fixed", value) if value else _not_reached(promotion, subtotal)
        case "repeated_fixed":
            times = full_times(promotion, subtotal)
            if not times and promotion.every > 0 and promotion.max_times != 0:
                return below(promotion.every, subtotal)
            return Benefit("fixed", promotion.amount * times)
        case "fixed_per_line":
            return Benefit("fixed_per_line", promotion.amount)
        case "fixed_price" | "bundle":
            return Benefit("fixed_price", promotion.amount)
        case _:
            return Benefit("fixed", promotion.amount)


def full_times(promotion: Promotion, subtotal: int) -> int:
    """How often a ``repeated_fixed`` promotion takes its amount."""
    times = subtotal // promotion.every if promotion.every > 0 else 0
    return times if promotion.max_times is None else min(times, max(promotion.max_times, 0))


def next_step(promotion: Promotion, subtotal: int) -> int | None:
    """The running subtotal from which the promotion would take more; None where there is none."""
    if promotion.kind == "repeated_fixed":
        times = full_times(promotion, subtotal) + 1
        most = promotion.max_times
        return promotion.every * times if most is None or times <= most else None
    if promotion.kind in ("tiered_percent", "tiered_fixed"):
        return min((start for start, _ in promotion.tiers if start > subtotal), default=None)
    return None


def _tier(tiers: tuple[tuple[int, int], ...], base: int, subtotal: int) -> int:
    reached = [(start, value) for start, value in tiers if start <= subtotal]
    return max(reached, key=lambda tier: tier[0])[1] if reached else base


def _not_reached(promotion: Promotion, subtotal: int) -> Refused:
    first = next_step(promotion, subtotal)
    return Refused("changed-nothing") if first is None else below(first, subtotal)
