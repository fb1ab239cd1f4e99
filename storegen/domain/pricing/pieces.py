"""Promotions on pieces: every piece of a line, or the cheapest piece of the cart.

A piece that was lowered once has that lower price for the next promotion. Where a limit allows
only some pieces of a line, the dearest are taken, which is best for the customer.
"""

from __future__ import annotations

from storegen.domain.pricing.conditions import Covered
from storegen.domain.pricing.kinds import Benefit
from storegen.domain.pricing.running import Pieces, Running, lowered, merged, split
from storegen.values.money import allocate
from storegen.values.pricing import Promotion


def from_each_piece(
    promotion: Promotion, gain: Benefit, covered: Covered, now: Running
) -> tuple[int, ...]:
    """Lower every covered piece by itself; the cuts per line."""
    cuts = [0] * len(now.lines)
    found: list[tuple[int, Pieces, Pieces, Pieces]] = []
    for i in covered:
        taken, others = split(now.pieces_of(i), promotion.max_qty_per_line)
        after = [(price - gain.discount(price), number) for price, number in taken]
        cuts[i] = sum(
            (old - new) * number for (old, number), (new, _) in zip(taken, after, strict=True)
        )
        found.append((i, taken, after, others))
    limit = promotion.max_amount
    whole = limit is None or sum(cuts) <= limit
    if limit is not None and not whole:
        cuts = list(allocate(max(limit, 0), cuts))
    for i, taken, after, others in found:
        if cuts[i]:
            left = after if whole else lowered(taken, cuts[i])
            now.cut_pieces(i, cuts[i], merged(left + others))
    return tuple(cuts)


def from_cheapest(
    promotion: Promotion, gain: Benefit, covered: Covered, now: Running
) -> tuple[int, ...]:
    """Lower the one cheapest piece that still costs something; a tie goes to the earlier line."""
    cuts = [0] * len(now.lines)
    candidates = [
        # Dearest first, so the last one that costs something is the line's cheapest.
        (next(price for price, _ in reversed(now.pieces_of(i)) if price), i)
        for i in covered
        if now.lines[i] > 0
    ]
    if not candidates:
        return tuple(cuts)
    price, i = min(candidates)
    cut = gain.discount(price)
    if promotion.max_amount is not None:
        cut = min(cut, max(promotion.max_amount, 0))
    if cut:
        others = [(each, number - (each == price)) for each, number in now.pieces_of(i)]
        left = [(price - cut, 1), *((each, number) for each, number in others if number)]
        now.cut_pieces(i, cut, merged(left))
        cuts[i] = cut
    return tuple(cuts)
