"""Promotions one after another over the running amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from storegen.domain.pricing.conditions import Covered, Refused, subtotal, threshold
from storegen.domain.pricing.kinds import benefit
from storegen.domain.pricing.lanes import Cuts, take
from storegen.domain.pricing.running import Running
from storegen.values.pricing import CartView, Promotion


@dataclass(frozen=True, slots=True)
class Turn:
    """A promotion that may apply, its place in the order of work, and the lines it covers."""

    promotion: Promotion
    rank: int
    covered: Covered


class Outcome(NamedTuple):
    """How a turn went: refused, or what was taken from each line and each shipping charge."""

    turn: Turn
    refused: Refused | None = None
    goods: Cuts = ()
    shipping: Cuts = ()

    @property
    def applied(self) -> bool:
        return self.refused is None


def run(cart: CartView, now: Running, turns: Iterable[Turn]) -> list[Outcome]:
    """Give every turn its go; lowers ``now``."""
    outcomes = []
    for turn in turns:
        promotion = turn.promotion
        amount = subtotal(promotion, now.lines, turn.covered)
        refused = threshold(promotion, amount)
        if refused is None:
            gain = benefit(promotion, amount)
            goods, shipping = take(promotion, gain, turn.covered, cart, now)
            if any(goods) or any(shipping):
                outcomes.append(Outcome(turn, None, goods, shipping))
                continue
            refused = Refused("changed-nothing")
        outcomes.append(Outcome(turn, refused))
    return outcomes
