"""Adjustments: where every amount of a quote comes from, and why a rule did not apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from storegen.domain.pricing.run import Outcome
from storegen.values.pricing import Adjustment, CartView, TaxSummary

DISCOUNT = "discount"
"""The reason of a promotion that applied; every other promotion names why it did not."""
GIFT = "gift"
"""The reason of a promotion that added gifts."""

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
    for offer, title in {line.offer: line.offer_title for line in cart.lines}.items():
        shares = tuple(
            line.unit_price * line.quantity if line.offer == offer else 0 for line in cart.lines
        )
        yield Adjustment(
            lane="offer",
            source=offer,
            reason="price",
            amount=sum(shares),
            shares=shares,
            data={"title": title} if title else {},
        )


def promotions(outcomes: Iterable[Outcome]) -> Iterator[Adjustment]:
    for outcome in outcomes:
        promotion = outcome.turn.promotion
        data: dict[str, Any] = {}
        if outcome.refused is not None:
            reason = outcome.refused.reason
            if promotion.title and reason != "coupon-not-entered":  # a secret, until it is entered
                data["title"] = promotion.title
            if promotion.own_words:
                data["own_words"] = True
            data.update(outcome.refused.data)
            yield Adjustment(
                lane=_LANES[promotion.scope],
                source=promotion.id,
                reason=reason,
                applied=False,
                data=data,
            )
            continue
        if promotion.title:
            data["title"] = promotion.title
        freight = sum(outcome.shipping)
        if freight:
            data["shipping"] = -freight
        data.update(outcome.data)
        yield Adjustment(
            lane=_LANES[promotion.scope],
            source=promotion.id,
            reason=GIFT if outcome.gifts else DISCOUNT,
            amount=-sum(outcome.goods) - freight,
            shares=tuple(-cut for cut in outcome.goods),
            data=data,
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
            lane="surcharge",
            source=surcharge.source,
            reason="surcharge",
            amount=surcharge.amount,
            data={"title": surcharge.title} if surcharge.title else {},
        )
    for entry in taxes:
        yield Adjustment(
            lane="tax",
            source=str(entry.tax_bp),
            reason="included" if cart.prices_include_tax else "added",
            amount=entry.tax,
            data={"tax_bp": entry.tax_bp, "base": entry.base},
        )
