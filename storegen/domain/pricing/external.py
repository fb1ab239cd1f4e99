"""The arithmetic as plain documents, for judging it from outside (``storegen quote --json``).

A document is ``{"id", "kind": "price" | "allocate", "given"}``; ``docs/reference/pricing.md``
lists its vocabulary. All money is whole minor units, all rates are basis points.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.domain.pricing.explain import DISCOUNT
from storegen.domain.pricing.pipeline import quote
from storegen.errors import Invalid
from storegen.values.money import allocate
from storegen.values.pricing import (
    Adjustment,
    CartView,
    LineView,
    Promotion,
    Quote,
    ShippingCharge,
    Surcharge,
)

SCOPES = ("unit", "line", "cheapest_unit", "order", "shipping", "order_with_shipping")
KINDS = ("percent", "fixed", "fixed_per_line", "fixed_price", "tiered_percent", "tiered_fixed")
_NUMBERS = ("priority", "percent_bp", "amount", "base_bp", "base")
_LIMITS = ("max_amount", "max_qty_per_line", "min_subtotal", "min_line_qty")
_MOST = 10**15


def answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """The result of one document. Raises `Invalid` (field → reason code) for a wrong one."""
    fields = Fields(document, "")
    given = fields.mapping("given")
    match document.get("kind", "price"):
        case "allocate":
            return _allocate(given)
        case "price":
            return _price(given)
    raise Invalid({"kind": "unknown"})


class Fields:
    """A JSON object that is read field by field; a wrong field is refused by its path."""

    def __init__(self, source: Any, path: str) -> None:
        if not isinstance(source, Mapping):
            raise Invalid({path or "document": "not-an-object"})
        self.source, self.path = source, path

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def number(self, name: str, default: int | None = None, *, low: int = 0) -> int:
        value = self.source.get(name, default)
        return _whole(value, self._at(name), low)

    def optional(self, name: str) -> int | None:
        return None if self.source.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        value = self.source.get(name, False)
        if not isinstance(value, bool):
            raise Invalid({self._at(name): "not-a-boolean"})
        return value

    def text(self, name: str, default: str = "") -> str:
        value = self.source.get(name, default)
        if not isinstance(value, str):
            raise Invalid({self._at(name): "not-text"})
        return value

    def items(self, name: str) -> list[Any]:
        value = self.source.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Invalid({self._at(name): "not-a-list"})
        return value

    def mapping(self, name: str) -> Fields:
        return Fields(self.source.get(name), self._at(name))

    def mappings(self, name: str) -> list[Fields]:
        return [Fields(each, f"{self._at(name)}.{i}") for i, each in enumerate(self.items(name))]

    def numbers(self, name: str, *, low: int = 0) -> tuple[int, ...]:
        return tuple(
            _whole(each, f"{self._at(name)}.{i}", low) for i, each in enumerate(self.items(name))
        )

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.items(name)
        if not all(isinstance(value, str) for value in values):
            raise Invalid({self._at(name): "not-text"})
        return tuple(values)


def _whole(value: Any, path: str, low: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid({path: "not-a-whole-number"})
    if not low <= value <= _MOST:
        raise Invalid({path: "out-of-range"})
    return value


def _allocate(given: Fields) -> dict[str, Any]:
    shares = allocate(given.number("amount", low=-_MOST), given.numbers("weights"))
    return {"shares": list(shares), "sum": sum(shares)}


def _price(given: Fields) -> dict[str, Any]:
    promotions = [_promotion(each, i) for i, each in enumerate(given.mappings("promotions"))]
    return _result(quote(_cart(given), promotions), promotions)


def _cart(given: Fields) -> CartView:
    return CartView(
        currency=given.text("currency"),
        prices_include_tax=given.flag("prices_include_tax"),
        lines=tuple(_line(each, i) for i, each in enumerate(given.mappings("lines"))),
        shipping=tuple(
            ShippingCharge(
                method=str(i),
                title="",
                amount=each.number("amount"),
                tax_bp=each.number("tax_bp", 0),
            )
            for i, each in enumerate(given.mappings("shipping"))
        ),
        surcharges=tuple(
            Surcharge(
                source=str(i),
                amount=each.number("amount", low=-_MOST),
                includes_tax=each.flag("includes_tax"),
                tax_bp=each.number("tax_bp", 0),
            )
            for i, each in enumerate(given.mappings("surcharges"))
        ),
        coupons=given.texts("coupons"),
    )


def _line(given: Fields, i: int) -> LineView:
    components = given.numbers("tax_components_bp")
    return LineView(
        key=str(i),
        variant_id=i,
        product_id=i,
        variant=str(i),
        quantity=given.number("qty"),
        unit_price=given.number("unit_price"),
        tax_bp=given.number("tax_bp", sum(components)),
        tax_components_bp=components,
        tags=given.texts("tags"),
    )


def _promotion(given: Fields, i: int) -> Promotion:
    scope, kind = given.text("scope"), given.text("kind")
    if scope not in SCOPES:
        raise Invalid({f"{given.path}.scope": "unknown"})
    if kind not in KINDS:
        raise Invalid({f"{given.path}.kind": "unknown"})
    settings: dict[str, Any] = {
        name: given.number(name, 0, low=-_MOST if name == "priority" else 0) for name in _NUMBERS
    }
    settings |= {name: given.optional(name) for name in _LIMITS}
    settings |= {
        name: given.text(name)
        for name in ("coupon", "exclusive_group")
        if given.source.get(name) is not None
    }
    tiers = []
    for nth, tier in enumerate(given.items("tiers")):
        if not isinstance(tier, list) or len(tier) != 2:
            raise Invalid({f"{given.path}.tiers.{nth}": "not-a-pair"})
        start, value = (_whole(each, f"{given.path}.tiers.{nth}", 0) for each in tier)
        tiers.append((start, value))
    return Promotion(
        id=given.text("id", str(i)),
        scope=scope,  # type: ignore[arg-type]
        kind=kind,  # type: ignore[arg-type]
        tiers=tuple(tiers),
        only_tags=given.texts("only_tags"),
        **settings,
    )


def _result(priced: Quote, promotions: list[Promotion]) -> dict[str, Any]:
    nothing = [0] * len(priced.lines)
    by_promotion = {promotion.id: nothing for promotion in promotions}
    applied = [each for each in priced.adjustments if _is_discount(each)]
    by_promotion |= {each.source: [-share for share in each.shares] for each in applied}
    return {
        "lines": [{"net": each.net, "tax": each.tax, "gross": each.gross} for each in priced.lines],
        "line_discounts": [each.discount for each in priced.lines],
        "discount": priced.discount,
        "subtotal_net": priced.subtotal_net,
        "subtotal_gross": priced.subtotal_gross,
        "shipping_net": priced.shipping_net,
        "shipping_gross": priced.shipping_gross,
        "shipping_tax": priced.shipping_gross - priced.shipping_net,
        "tax": priced.tax,
        "total_net": priced.total_net,
        "total_gross": priced.total,
        "tax_summary": [
            {"tax_bp": each.tax_bp, "base": each.base, "tax": each.tax}
            for each in priced.tax_summary
        ],
        "applied": [each.source for each in applied],
        "by_promotion": by_promotion,
    }


def _is_discount(adjustment: Adjustment) -> bool:
    return adjustment.applied and adjustment.reason == DISCOUNT
