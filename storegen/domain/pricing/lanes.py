"""One promotion's turn: what it takes from which line and which shipping charge.

Cuts are ≥ 0, one per line of the cart, and none takes more than is there.
"""

from __future__ import annotations

from storegen.domain.pricing.conditions import Covered
from storegen.domain.pricing.kinds import Benefit
from storegen.domain.pricing.pieces import from_cheapest, from_each_piece
from storegen.domain.pricing.running import Running, split, worth
from storegen.values.money import allocate
from storegen.values.pricing import Promotion

LANES = {
    "unit": 0,
    "line": 0,
    "cheapest_unit": 0,
    "order": 1,
    "order_with_shipping": 2,
    "shipping": 3,
}
"""The order of work: a lower lane comes first, whatever the priority."""

Cuts = tuple[int, ...]


def take(promotion: Promotion, gain: Benefit, covered: Covered, now: Running) -> tuple[Cuts, Cuts]:
    """Lower ``now`` by the promotion; the cuts per line and per shipping charge."""
    scope = promotion.scope
    if LANES[scope]:
        return _spread(promotion, gain, covered, now)
    if scope == "cheapest_unit":
        cuts = from_cheapest(promotion, gain, covered, now)
    elif scope == "unit" and gain.kind != "fixed_per_line":
        cuts = from_each_piece(promotion, gain, covered, now)
    else:
        cuts = _from_each_line(promotion, gain, covered, now)
    return cuts, (0,) * len(now.shipping)


def _from_each_line(promotion: Promotion, gain: Benefit, covered: Covered, now: Running) -> Cuts:
    limit = promotion.max_qty_per_line
    cuts = [0] * len(now.lines)
    for i in covered:
        base = now.lines[i] if limit is None else worth(split(now.pieces_of(i), limit)[0])
        cuts[i] = gain.discount(base)
    cuts = capped(cuts, promotion.max_amount)
    now.cut_lines(cuts)
    return tuple(cuts)


def _spread(
    promotion: Promotion, gain: Benefit, covered: Covered, now: Running
) -> tuple[Cuts, Cuts]:
    """Order and shipping scopes: one discount over many amounts, by largest remainder."""
    goods = [0] * len(now.lines)
    if promotion.scope != "shipping":
        limit = promotion.max_qty_per_line
        for i in covered:
            goods[i] = now.lines[i] if limit is None else worth(split(now.pieces_of(i), limit)[0])
    bases = goods if promotion.scope == "order" else goods + now.shipping
    if gain.kind == "fixed_per_line":
        cuts = capped([gain.discount(base) for base in bases], promotion.max_amount)
    else:
        amount = gain.discount(sum(bases))
        if promotion.max_amount is not None:
            amount = min(amount, promotion.max_amount)
        cuts = list(allocate(amount, bases)) if amount > 0 else [0] * len(bases)
    on_goods, on_freight = cuts[: len(goods)], cuts[len(goods) :] or [0] * len(now.shipping)
    if promotion.scope != "shipping":
        now.cut_lines(on_goods)
    now.shipping = [amount - cut for amount, cut in zip(now.shipping, on_freight, strict=True)]
    return tuple(on_goods), tuple(on_freight)


def capped(cuts: list[int], limit: int | None) -> list[int]:
    """The cuts of one promotion, which together never pass its ``max_amount``."""
    if limit is None or sum(cuts) <= limit:
        return cuts
    return list(allocate(max(limit, 0), cuts))
