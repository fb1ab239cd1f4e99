"""Offers, gifts and codes through the API."""

from __future__ import annotations

from typing import Any

from storegen.store import Store
from storegen.values.pricing import Gift, Offer, Promotion
from tests.fixtures import payment
from tests.fixtures.goods import Goods, make_product
from tests.plugins.objects import answer, plugin, use
from tests.web.api.conftest import Api


def campaign(store: Store, cup: Goods) -> None:
    def pricing_facts(cart: Any) -> Any:
        return [line.key for line in cart.lines]

    def offers(facts: Any) -> Any:
        return [Offer(id="flash", lines=tuple(facts), unit_price=1_500, title="秒杀")]

    def discounts() -> Any:
        gifts = (Gift(variant_id=cup.variant_id),)
        return [
            Promotion(id="gift", scope="order", kind="gift", gifts=gifts),
            Promotion(id="code", scope="order", kind="fixed", amount=200, coupon="TEA 2"),
        ]

    hooks = (pricing_facts, offers, discounts)
    use(store, plugin("shop", **{each.__name__: answer(each.__name__, each) for each in hooks}))


def test_a_quote_has_offers_gifts_and_codes(api: Api, shop: Store, tea: Goods) -> None:
    cup = make_product(shop, "杯", price=500)
    cart = api("POST", "/carts", {"lines": [{"variant": tea.variant, "quantity": 2}]}, status=201)
    campaign(shop, cup)
    path = f"/carts/{cart['id']}"
    before = api("GET", f"{path}/quote")
    assert before["lines"][0]["offer"] == "shop:flash"
    assert before["lines"][0]["list_price"]["amount"] == 1_999
    assert before["total"]["amount"] == 3_000
    [gift] = before["gifts"]
    assert (gift["source"], gift["variant"], gift["quantity"]) == ("shop:gift", cup.variant, 1)
    why = {step["source"]: step["reason"] for step in before["adjustments"]}
    assert why["shop:code"] == "coupon-not-entered"
    changed = api("POST", f"{path}/coupons", {"code": " ｔｅａ 2"}, status=201)
    assert changed["coupons"] == ["TEA 2"]
    assert api("GET", f"{path}/quote")["total"]["amount"] == 2_800
    assert api("DELETE", f"{path}/coupons?code=tea%202")["coupons"] == []
    api("DELETE", f"{path}/coupons?code=tea%202", status=404)
    api("POST", f"{path}/coupons", {"code": ""}, status=422)
    assert api("GET", f"{path}/quote")["total"]["amount"] == 3_000


def test_an_order_names_its_gifts(api: Api, shop: Store, tea: Goods) -> None:
    campaign(shop, make_product(shop, "杯", price=500))
    payment.use(shop)
    order = api("GET", f"/orders/{api.ordered((tea, 1))}")
    assert [(x["title"], x["gift"], x["gross"]["amount"]) for x in order["lines"]] == [
        ("绿茶", False, 1_500),
        ("杯", True, 0),
    ]
