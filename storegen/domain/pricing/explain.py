"""Adjustments: where every amount of a quote comes from, and why a rule did not apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from storegen.domain.pricing.run import Outcome
from storegen.values.pricing import Adjustment, CartView, Promotion, TaxSummary

DISCOUNT = "discount"
"""The reason of a promotion that applied; every other promotion names why it did not."""

_LANES: dict[str, Literal["unit", "line", "order", "shipping"]] = {
    "unit": "unit",
    "cheapest_unit": "unit",
    "line": "line",
    "order": "order",
    "order_with_shipping": "order",
    "shipping": "shipping",
}


def offers(cart: CartView) -> Iterator[Adjustment]:
    """The prices that pricing starts from, one entry per way of buying."""
    for offer in dict.fromkeys(line.offer for line in cart.lines):
        shares = tuple(
            line.unit_price * line.quantity if line.offer == offer else 0 for line in cart.lines
        )
        yield Adjustment(
            lane="offer", source=offer, reason="price", amount=sum(shares), shares=shares
        )


def promotions(outcomes: Iterable[Outcome]) -> Iterator[Adjustment]:
    for outcome in outcomes:
        promotion = outcome.turn.promotion
        if outcome.refused is not None:
            yield refused(promotion, outcome.refused.reason, dict(outcome.refused.data))
            continue
        freight = sum(outcome.shipping)
        yield Adjustment(
            lane=_LANES[promotion.scope],
            source=promotion.id,
            reason=DISCOUNT,
            amount=-sum(outcome.goods) - freight,
            shares=tuple(-cut for cut in outcome.goods),
            data={"shipping": -freight} if freight else {},
        )


def refused(promotion: Promotion, reason: str, data: dict[str, int | str]) -> Adjustment:
    return Adjustment(
        lane=_LANES[promotion.scope], source=promotion.id, reason=reason, applied=False, data=data
    )


def additions(cart: CartView, taxes: Iterable[TaxSummary]) -> Iterator[Adjustment]:
    """Shipping, surcharges and taxes, after what promotions took."""
    for charge in cart.shipping:
        yield Adjustment(
            lane="shipping",
            source=charge.method,
            reason=charge.reason or "charge",
            amount=charge.amount,
            data=charge.data,
        )
    for surcharge in cart.surcharges:
        yield Adjustment(
            lane="surcharge", source=surcharge.source, reason="surcharge", amount=surcharge.amount
        )
    for entry in taxes:
        yield Adjustment(
            lane="tax",
            source=str(entry.tax_bp),
            reason="included" if cart.prices_include_tax else "added",
            amount=entry.tax,
            data={"tax_bp": entry.tax_bp, "base": entry.base},
        )
