"""What holds for every cart and every set of promotions."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from storegen.domain.pricing import canonical, from_record, quote, to_record
from storegen.domain.pricing.lanes import LANES
from storegen.domain.pricing.pipeline import _discounted
from storegen.domain.pricing.running import worth
from storegen.values.money import unit_share
from storegen.values.pricing import CartView, Promotion
from tests.pricing.strategies import carts, promotion_lists


@given(carts(), promotion_lists())
def test_shares_sum_to_the_discount(cart: CartView, promotions: list[Promotion]) -> None:
    priced = quote(cart, promotions)
    applied = [each for each in priced.adjustments if each.reason == "discount"]
    for i, line in enumerate(priced.lines):
        assert -sum(each.shares[i] for each in applied) == line.discount
    freight = sum(each.data.get("shipping", 0) for each in applied)
    assert -freight == sum(each.discount for each in priced.shipping)
    assert sum(each.amount for each in applied) == freight - priced.discount
    assert {each.source for each in priced.adjustments} >= {each.id for each in promotions}


@given(carts(), promotion_lists())
def test_nothing_is_negative(cart: CartView, promotions: list[Promotion]) -> None:
    priced = quote(cart, promotions)
    for line in priced.lines:
        assert min(line.discount, line.net, line.tax, line.gross, *line.tax_parts, 0) == 0
        assert line.discount <= line.list_total
    for charge in priced.shipping:
        assert min(charge.discount, charge.net, charge.tax, charge.gross) >= 0
        assert charge.discount <= charge.amount
    assert priced.payable == priced.total >= 0


@given(carts(), promotion_lists())
def test_the_parts_make_the_total(cart: CartView, promotions: list[Promotion]) -> None:
    priced = quote(cart, promotions)
    lines = sum(line.gross for line in priced.lines)
    freight = sum(each.gross for each in priced.shipping)
    assert lines + freight + priced.surcharges_gross == priced.total
    assert priced.total_net + priced.tax == priced.total
    assert sum(entry.tax for entry in priced.tax_summary) == priced.tax
    assert all(line.net + line.tax == line.gross for line in priced.lines)
    for line, view in zip(priced.lines, cart.lines, strict=True):
        basis = line.gross if cart.prices_include_tax else line.net
        assert line.list_total - line.discount == basis
        assert not view.tax_components_bp or sum(line.tax_parts) == line.tax
        assert view.discountable or not line.discount


@given(carts(), promotion_lists(), st.randoms())
def test_load_order_never_changes_a_price(
    cart: CartView, promotions: list[Promotion], random: Random
) -> None:
    shuffled = promotions[:]
    random.shuffle(shuffled)
    assert quote(cart, canonical(shuffled)) == quote(cart, canonical(promotions))


@given(carts(), promotion_lists(), st.randoms())
def test_only_priority_orders_a_lane(
    cart: CartView, promotions: list[Promotion], random: Random
) -> None:
    """Without ties of lane and priority, the order listed does not matter at all."""
    ranked = [replace(each, priority=i) for i, each in enumerate(promotions)]
    shuffled = ranked[:]
    random.shuffle(shuffled)
    assert quote(cart, shuffled) == quote(cart, ranked)


@given(carts(), promotion_lists())
def test_lanes_come_before_priority(cart: CartView, promotions: list[Promotion]) -> None:
    lanes = {each.id: LANES[each.scope] for each in promotions}
    worked = [
        lanes[each.source] for each in quote(cart, promotions).adjustments if each.source in lanes
    ]
    assert worked == sorted(worked)


@given(carts(), promotion_lists(), st.data())
def test_refunding_unit_by_unit_gives_back_what_was_captured(
    cart: CartView, promotions: list[Promotion], data: st.DataObject
) -> None:
    for line in quote(cart, promotions).lines:
        cuts = data.draw(st.lists(st.integers(0, line.quantity), max_size=4))
        marks = [0, *sorted(cuts), line.quantity]
        for amount in (line.gross, line.net, line.tax, *line.tax_parts):
            shares = [
                unit_share(amount, line.quantity, start, end - start)
                for start, end in pairwise(marks)
            ]
            assert sum(shares) == amount
            assert min(shares) >= 0


@given(carts(), promotion_lists())
def test_json_round_trip(cart: CartView, promotions: list[Promotion]) -> None:
    priced = quote(cart, promotions)
    text = json.dumps(to_record(priced))
    assert "." not in "".join(filter(lambda c: c.isdigit() or c == ".", text))
    assert from_record(json.loads(text)) == priced


@given(carts(), promotion_lists(most=4))
def test_a_group_never_costs_more_than_any_of_its_rules(
    cart: CartView, promotions: list[Promotion]
) -> None:
    """With one group and nothing else, the pick is the best of all single choices."""
    group = [replace(each, exclusive_group="g") for each in promotions]

    def left(rules: list[Promotion]) -> int:
        priced = quote(cart, rules)
        return -priced.discount - sum(each.discount for each in priced.shipping)

    assert left(group) == min((left([each]) for each in group), default=0)


@given(carts(), promotion_lists())
def test_pieces_are_worth_their_line_and_are_as_many(
    cart: CartView, promotions: list[Promotion]
) -> None:
    now, _ = _discounted(cart, promotions)
    for i, line in enumerate(cart.lines):
        pieces = now.pieces_of(i)
        assert worth(pieces) == now.lines[i]
        assert sum(number for _, number in pieces) == line.quantity
        assert all(price >= 0 for price, _ in pieces)


@given(carts(), promotion_lists())
def test_gifts_stay_within_their_stock(cart: CartView, promotions: list[Promotion]) -> None:
    given_away: dict[int, int] = {}
    for gift in quote(cart, promotions).gifts:
        assert gift.quantity > 0
        given_away[gift.variant_id] = given_away.get(gift.variant_id, 0) + gift.quantity
    for variant_id, free in cart.gift_stock.items():
        assert given_away.get(variant_id, 0) <= free
