"""How other shops' software failed at prices; each of its reports is a test here."""

from __future__ import annotations

import pytest

from storegen.domain.pricing import quote, with_offers
from storegen.domain.pricing.external import answer
from storegen.values.money import unit_share
from storegen.values.pricing import ShippingCharge
from tests.pricing.making import applied, cart, cuts, line, offer, promotion, told


def test_mall_1002_a_coupon_larger_than_the_order_leaves_nothing_to_pay_and_not_less() -> None:
    priced = quote(cart(line("a", 176)), [promotion(amount=100_000)])
    assert (priced.discount, priced.payable) == (176, 0)


def test_litemall_398_a_scoped_coupon_sums_only_its_own_lines() -> None:
    view = cart(line("tea", 3_000), line("pot", 9_000))
    rule = promotion(amount=1_000, only_lines=("tea",), scoped_thresholds=True, min_subtotal=5_000)
    assert told(quote(view, [rule]), "p").data["missing"] == 2_000
    reached = cart(line("tea", 5_000), line("pot", 9_000))
    assert cuts(quote(reached, [rule])) == [1_000, 0]


def test_lilishop_128_a_promotion_over_several_goods_is_split_to_the_last_unit() -> None:
    view = cart(line("a", 333, 3), line("b", 1), line("c", 4_999, 2))
    priced = quote(view, [promotion(amount=1_000)])
    assert sum(cuts(priced)) == 1_000
    assert cuts(priced) == [91, 0, 909]
    for each in priced.lines:
        units = [unit_share(each.gross, each.quantity, n, 1) for n in range(each.quantity)]
        assert sum(units) == each.gross
    assert sum(each.gross for each in priced.lines) == priced.total


def test_crmeb_4_a_coupon_sent_with_an_activitys_order_lowers_nothing_unless_it_may() -> None:
    group = offer("group:1", 900, "a", kind="commitment", discountable=False)
    view = with_offers(cart(line("a", 1_000, offer="group:1")), [group]).cart
    priced = quote(view, [promotion("coupons:1", amount=100)])
    assert (priced.payable, applied(view, promotion("coupons:1", amount=100))) == (900, [])
    assert told(priced, "coupons:1").reason == "no-matching-line"


def test_crmeb_6_the_split_is_of_the_capped_value_so_that_no_line_is_negative() -> None:
    view = cart(line("a", 100), line("b", 50))
    priced = quote(view, [promotion(amount=9_999, max_amount=120)])
    assert cuts(priced) == [80, 40]
    priced = quote(view, [promotion(amount=9_999)])
    assert [each.gross for each in priced.lines] == [0, 0]


def test_crmeb_9_freight_is_no_part_of_a_lines_amount() -> None:
    view = cart(line("a", 1_000, 3), shipping=(ShippingCharge(method="m", title="", amount=800),))
    priced = quote(view, [promotion(kind="percent", percent_bp=1_000)])
    assert (priced.lines[0].gross, priced.discount, priced.total) == (2_700, 300, 3_500)


@pytest.mark.parametrize("scope", ["unit", "line", "order", "cheapest_unit"])
def test_yudao_4_a_percentage_is_basis_points_everywhere(scope: str) -> None:
    rule = {"id": "p", "scope": scope, "kind": "percent", "percent_bp": 2_000}
    given = {
        "prices_include_tax": True,
        "lines": [{"unit_price": 1_000, "qty": 1, "tax_bp": 2_000}],
    }
    found = answer({"kind": "price", "given": {**given, "currency": "CNY", "promotions": [rule]}})
    assert (found["discount"], found["total_gross"]) == (200, 800)
    assert found["tax"] == 133


def test_yudao_4_a_line_that_is_not_covered_is_not_lowered_and_one_that_is_is() -> None:
    view = cart(line("a", 1_000), line("b", 1_000))
    rule = promotion(kind="percent", percent_bp=5_000, only_lines=("b",))
    assert cuts(quote(view, [rule])) == [0, 500]


def test_litemall_an_activitys_price_never_passes_below_nothing() -> None:
    view = with_offers(cart(line("a", 1_000)), [offer("group:1", -500, "a")]).cart
    assert quote(view).payable == 0


def test_litemall_nothing_to_pay_is_exactly_zero_in_whole_units() -> None:
    thirds = cart(line("a", 333), line("b", 333), line("c", 334))
    priced = quote(thirds, [promotion(kind="percent", percent_bp=10_000)])
    assert (priced.payable, [each.gross for each in priced.lines]) == (0, [0, 0, 0])
    assert quote(cart(line("a", 3)), [promotion(kind="percent", percent_bp=9_999)]).payable == 0


def test_a_promotion_cannot_switch_itself_off() -> None:
    rule = promotion(amount=200, min_subtotal=1_000)
    assert quote(cart(line("a", 1_000)), [rule]).discount == 200
