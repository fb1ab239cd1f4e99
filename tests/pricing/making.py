"""Short ways to write carts and promotions."""

from __future__ import annotations

from typing import Any

from storegen.domain.pricing import quote
from storegen.values.pricing import Adjustment, CartView, LineView, Offer, Promotion, Quote


def line(key: str, price: int, quantity: int = 1, **more: Any) -> LineView:
    values: dict[str, Any] = {"variant_id": 1, "product_id": 1, "variant": key}
    return LineView(key=key, unit_price=price, quantity=quantity, **{**values, **more})


def cart(*lines: LineView, **more: Any) -> CartView:
    return CartView(currency="CNY", prices_include_tax=True, lines=lines, **more)


def promotion(name: str = "p", **more: Any) -> Promotion:
    return Promotion(id=name, **{"scope": "order", "kind": "fixed", **more})


def offer(name: str, price: int, *lines: str, **more: Any) -> Offer:
    return Offer(id=name, unit_price=price, lines=lines, **more)


def cuts(priced: Quote) -> list[int]:
    return [each.discount for each in priced.lines]


def told(priced: Quote, name: str) -> Adjustment:
    return next(each for each in priced.adjustments if each.source == name)


def applied(view: CartView, *promotions: Promotion) -> list[str]:
    adjustments = quote(view, promotions).adjustments
    return [x.source for x in adjustments if x.applied and x.reason in ("discount", "gift")]
