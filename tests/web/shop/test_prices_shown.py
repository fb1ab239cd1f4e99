"""The cart and the checkout say what a quote did, and what it did not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from storegen.store import Store
from storegen.values.pricing import BundlePart, Gift, Offer, Promotion
from tests.fixtures.goods import Goods, make_product
from tests.plugins.objects import answer, plugin, use
from tests.web.shop.browser import Shopper


def campaign(store: Store, *promotions: Promotion, price: int | None = None) -> None:
    """A plugin with these promotions and, for every line, this price."""

    def pricing_facts(cart: Any) -> Any:
        return [line.key for line in cart.lines]

    def offers(facts: Any) -> Any:
        if price is not None:
            return [Offer(id="flash", lines=tuple(facts), unit_price=price, title="Flash sale")]
        return None

    def discounts() -> Any:
        return promotions

    hooks = (pricing_facts, offers, discounts)
    use(store, plugin("shop", **{each.__name__: answer(each.__name__, each) for each in hooks}))


def rule(name: str, **more: Any) -> Promotion:
    values = {"scope": "order", "kind": "fixed", "amount": 100, "title": name, **more}
    return Promotion(id=name, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("promotion", "english", "chinese"),
    [
        (rule("Tea days", min_subtotal=1_212), "Tea days: spend ¥2.12 more.", "再买 ¥2.12"),
        (
            rule("Steps", kind="tiered_fixed", tiers=((1_000, 100), (3_000, 500))),
            "Steps: spend ¥20 more and save more.",
            "再买 ¥20 优惠更多",
        ),
        (rule("Three", min_pieces=2), "Three: one more piece.", "再买 1 件"),
        (rule("Four", min_pieces=4), "Four: 3 more pieces.", "再买 3 件"),
        (
            rule("Set", kind="bundle", bundle=(BundlePart(lines=("x",)),)),
            "a part of the set is not in your cart yet",
            "套装商品尚未选齐",
        ),
        (rule("Cup", kind="gift", gifts=(Gift(variant_id=999_999),)), "sold out", "赠品已送完"),
    ],
)
def test_what_is_missing_is_said_in_both_languages(
    shopper: Shopper, shop: Store, tea: Goods, promotion: Promotion, english: str, chinese: str
) -> None:
    campaign(shop, promotion)
    shopper.add(tea.variant)
    assert english in shopper.get("/cart").text
    assert chinese in shopper.get("/zh-hans/cart").text
    assert english in shopper.get("/checkout").text


def test_the_better_one_is_named(shopper: Shopper, shop: Store, tea: Goods) -> None:
    campaign(shop, rule("Small", stacks_with=()), rule("Large", amount=300))
    shopper.add(tea.variant)
    text = shopper.get("/cart").text
    assert "Small is not used: Large is better for you." in text
    assert "¥7<" in text


def test_lines_and_sums_add_up_to_the_eye(shopper: Shopper, shop: Store, tea: Goods) -> None:
    """What is taken off stands once, in the sums: lines are what the goods row adds up."""
    campaign(shop, rule("Tea days", amount=300), rule("Each", scope="unit", amount=50))
    shopper.add(tea.variant, 2)
    for path in ("/cart", "/checkout"):
        text = shopper.get(path).text
        assert re.findall(r'class="row-total">.*?(¥[0-9.]+)', text, re.DOTALL) == ["¥20"]
        sums = text[text.index("Goods (2)") :]
        assert re.findall(r"¥[0-9.]+", sums)[:4] == ["¥20", "¥1", "¥3", "¥16"]


def test_gifts_and_offers_are_shown(shopper: Shopper, shop: Store, tea: Goods) -> None:
    cup = make_product(shop, "Porcelain cup", price=3_000)
    gift = rule("Present", kind="gift", gifts=(Gift(variant_id=cup.variant_id),))
    campaign(shop, gift, price=800)
    shopper.add(tea.variant, 2)
    for path in ("/cart", "/checkout"):
        text = shopper.get(path).text
        assert "Porcelain cup" in text
        assert "Gift × 1" in text
        assert "¥16<" in text
    assert "<del>¥10</del>" in shopper.get("/cart").text
