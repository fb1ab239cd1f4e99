"""A quote says where every amount comes from and why a rule did not apply."""

from __future__ import annotations

from typing import Any

import pytest

from storegen.domain.pricing import canonical, quote
from storegen.values.pricing import (
    Adjustment,
    CartView,
    LineView,
    Promotion,
    ShippingCharge,
    Surcharge,
)


def line(price: int, quantity: int = 1, **more: Any) -> LineView:
    values: dict[str, Any] = {"variant_id": 1, "product_id": 1, "variant": "v", "key": "k"}
    return LineView(unit_price=price, quantity=quantity, **{**values, **more})


def cart(*lines: LineView, **more: Any) -> CartView:
    return CartView(currency="CNY", prices_include_tax=True, lines=lines, **more)


def promotion(name: str = "p", **more: Any) -> Promotion:
    return Promotion(id=name, **{"scope": "order", "kind": "fixed", "amount": 100, **more})


def about(view: CartView, *promotions: Promotion, name: str = "p") -> Adjustment:
    return next(each for each in quote(view, promotions).adjustments if each.source == name)


@pytest.mark.parametrize(
    ("view", "rule", "reason", "data"),
    [
        (cart(line(500)), promotion(coupon="X"), "coupon-not-entered", {}),
        (cart(line(500)), promotion(channels=("mini-program",)), "other-channel", {}),
        (cart(line(500)), promotion(only_tags=("tea",)), "no-matching-line", {}),
        (cart(line(500, discountable=False)), promotion(), "no-matching-line", {}),
        (cart(line(500)), promotion(min_line_qty=2), "quantity-too-low", {"minimum": 2}),
        (
            cart(line(500)),
            promotion(min_subtotal=512),
            "below-minimum",
            {"minimum": 512, "missing": 12},
        ),
        (cart(line(500)), promotion(scope="shipping"), "no-shipping", {}),
        (cart(line(0)), promotion(), "changed-nothing", {}),
        (cart(), promotion(), "changed-nothing", {}),
    ],
)
def test_why_a_rule_did_not_apply(
    view: CartView, rule: Promotion, reason: str, data: dict[str, int]
) -> None:
    found = about(view, rule)
    assert (found.applied, found.amount, found.reason, dict(found.data)) == (False, 0, reason, data)


def test_a_rule_on_its_channel_applies() -> None:
    assert about(cart(line(500)), promotion(channels=("web", "mini-program"))).applied


def test_the_loser_of_a_group_names_the_winner() -> None:
    low, high = promotion("low", exclusive_group="g"), promotion(amount=200, exclusive_group="g")
    found = about(cart(line(500)), low, high, name="low")
    assert (found.reason, found.data["winner"]) == ("better-in-group", "p")


def test_a_member_that_could_not_apply_keeps_its_own_reason() -> None:
    out = promotion("out", exclusive_group="g", min_subtotal=900, amount=300)
    found = about(cart(line(500)), out, promotion(exclusive_group="g"), name="out")
    assert (found.reason, found.data["missing"]) == ("below-minimum", 400)


def test_thresholds_may_look_at_the_covered_lines_only() -> None:
    view = cart(line(500, tags=("tea",)), line(600))
    rule: dict[str, Any] = {"only_tags": ("tea",), "min_subtotal": 1000}
    assert about(view, promotion(**rule)).applied
    scoped = about(view, promotion(**rule, scoped_thresholds=True))
    assert (scoped.reason, scoped.data["missing"]) == ("below-minimum", 500)


def test_every_amount_has_its_source() -> None:
    view = cart(
        line(500, 2, tax_bp=1300),
        line(300, offer="flash", discountable=False, tax_bp=1300),
        shipping=(ShippingCharge(method="sf", title="SF", amount=1200, reason="weight"),),
        surcharges=(Surcharge(source="wrap", amount=50, includes_tax=True),),
    )
    priced = quote(view, [promotion(), promotion("ship", scope="shipping", amount=200)])
    told = [(each.lane, each.source, each.reason, each.amount) for each in priced.adjustments]
    assert told[:6] == [
        ("offer", "list", "price", 1000),
        ("offer", "flash", "price", 300),
        ("order", "p", "discount", -100),
        ("shipping", "ship", "discount", -200),
        ("shipping", "sf", "weight", 1200),
        ("surcharge", "wrap", "surcharge", 50),
    ]
    assert priced.adjustments[2].shares == (-100, 0)
    without_tax = [each.amount for each in priced.adjustments if each.lane != "tax"]
    assert sum(without_tax) == priced.total == 2250
    taxes = [each for each in priced.adjustments if each.lane == "tax"]
    assert sum(each.amount for each in taxes) == priced.tax
    assert {each.reason for each in taxes} == {"included"}


def test_a_code_never_leaks_through_an_explanation() -> None:
    assert "SECRET" not in repr(about(cart(line(500)), promotion(coupon="SECRET")))


def test_who_offers_first_never_matters_after_canonical() -> None:
    a, b = promotion("a", kind="percent", percent_bp=5000), promotion("b")
    view = cart(line(1000))
    assert quote(view, canonical([a, b])) == quote(view, canonical([b, a]))
    assert quote(view, [a, b]).total != quote(view, [b, a]).total
