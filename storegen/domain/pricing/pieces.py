"""Promotions on pieces: every piece of a line, or the cheapest piece of the cart.

A piece that was lowered once has that lower price for the next promotion. Where a limit allows
only some pieces of a line, the dearest are taken, which is best for the customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from storegen.domain.pricing.conditions import Covered
from storegen.domain.pricing.kinds import Benefit
from storegen.domain.pricing.running import Pieces, Running, lowered, merged, split, worth
from storegen.values.money import allocate
from storegen.values.pricing import Promotion


class Lowered(NamedTuple):
    """Pieces of a line that a promotion takes, what they cost after it, and the line's others."""

    line: int
    taken: Pieces
    after: Pieces
    others: Pieces


def from_each_piece(
    promotion: Promotion, gain: Benefit, covered: Covered, now: Running
) -> tuple[int, ...]:
    """Lower every covered piece by itself; the cuts per line."""
    found = []
    limit = promotion.max_qty_per_line
    for i in covered:
        taken, others = split(now.pieces_of(i), limit)
        after = [(price - gain.discount(price), number) for price, number in taken]
        found.append(Lowered(i, taken, after, others))
    return lower(promotion, found, now)


def lower(promotion: Promotion, found: Sequence[Lowered], now: Running) -> tuple[int, ...]:
    """Lower the pieces that were found, all together by at most ``max_amount``; the cuts."""
    cuts = [0] * len(now.lines)
    for i, taken, after, _ in found:
        cuts[i] = worth(taken) - worth(after)
    limit = promotion.max_amount
    whole = limit is None or sum(cuts) <= limit
    if limit is not None and not whole:
        cuts = list(allocate(max(limit, 0), cuts))
    for i, taken, after, others in found:
        if cuts[i]:
            left = after if whole else lowered(taken, cuts[i])
            now.cut_pieces(i, cuts[i], merged(left + others if others else left))
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
