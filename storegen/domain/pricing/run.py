"""Promotions one after another over the running amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from storegen.domain.pricing.conditions import Covered, Refused, subtotal, threshold
from storegen.domain.pricing.kinds import benefit, next_step
from storegen.domain.pricing.lanes import Cuts, take
from storegen.domain.pricing.running import Running
from storegen.domain.pricing.sets import bundle, buy_get
from storegen.values.pricing import EMPTY, CartView, Promotion

SETS = ("buy_get", "bundle")


@dataclass(frozen=True, slots=True)
class Turn:
    """A promotion that may apply, its place in the order of work, and the lines it covers."""

    promotion: Promotion
    rank: int
    covered: Covered


class Outcome(NamedTuple):
    """How a turn went: refused, or what was taken from each line and each shipping charge, and
    which gifts (variant id, pieces) it adds. ``data`` is for its explanation."""

    turn: Turn
    refused: Refused | None = None
    goods: Cuts = ()
    shipping: Cuts = ()
    gifts: tuple[tuple[int, int], ...] = ()
    data: Mapping[str, Any] = EMPTY

    @property
    def applied(self) -> bool:
        return self.refused is None


def run(cart: CartView, now: Running, turns: Iterable[Turn]) -> list[Outcome]:
    """Give every turn its go; lowers ``now``."""
    return [_go(cart, now, turn) for turn in turns]


def _go(cart: CartView, now: Running, turn: Turn) -> Outcome:
    promotion = turn.promotion
    amount = subtotal(promotion, now.lines, turn.covered)
    refused = threshold(promotion, amount)
    if refused is not None:
        return Outcome(turn, refused)
    if promotion.kind == "gift":
        return _give(cart, now, turn)
    gain = benefit(promotion, amount)
    if isinstance(gain, Refused):
        return Outcome(turn, gain)
    data: Mapping[str, Any] = EMPTY
    shipping: Cuts = ()
    if promotion.kind in SETS:
        if promotion.scope == "shipping":
            return Outcome(turn, Refused("changed-nothing"))
        if promotion.kind == "buy_get":
            taken = buy_get(promotion, gain, turn.covered, now)
        else:
            taken = bundle(promotion, turn.covered, cart, now)
        if isinstance(taken, Refused):
            return Outcome(turn, taken)
        goods, data = taken.cuts, {"times": taken.times}
    else:
        goods, shipping = take(promotion, gain, turn.covered, now)
        following = next_step(promotion, amount)
        if following is not None:
            data = {"next": following, "missing": following - amount}
    if any(goods) or any(shipping):
        return Outcome(turn, None, goods, shipping, (), data)
    return Outcome(turn, Refused("changed-nothing"))


def _give(cart: CartView, now: Running, turn: Turn) -> Outcome:
    """Gifts, as many of each as there are left."""
    given = []
    for gift in turn.promotion.gifts:
        free = cart.gift_stock.get(gift.variant_id)
        some = gift.quantity
        if free is not None:
            some = min(some, free - now.gifts.get(gift.variant_id, 0))
        if some > 0:
            given.append((gift.variant_id, some))
            now.gifts[gift.variant_id] = now.gifts.get(gift.variant_id, 0) + some
    if not given:
        gone = "gift-out-of-stock" if turn.promotion.gifts else "changed-nothing"
        return Outcome(turn, Refused(gone))
    wanted = sum(gift.quantity for gift in turn.promotion.gifts)
    short = wanted - sum(some for _, some in given)
    nothing = (0,) * len(now.lines)
    return Outcome(turn, None, nothing, (), tuple(given), {"short": short} if short else EMPTY)
