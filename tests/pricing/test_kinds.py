"""Reductions that repeat, so many for so many, bundles, gifts."""

from __future__ import annotations

from typing import Any

import pytest

from storegen.domain.pricing import quote
from storegen.values.pricing import BundlePart, Gift
from tests.pricing.making import cart, cuts, line, promotion, told


@pytest.mark.parametrize(
    ("subtotal", "most", "taken"),
    [(9_999, None, 0), (10_000, None, 2_000), (19_999, None, 2_000), (30_000, None, 6_000),
     (30_000, 2, 4_000), (30_000, 0, 0)],
)  # fmt: skip
def test_every_hundred_twenty_off(subtotal: int, most: int | None, taken: int) -> None:
    rule = promotion(kind="repeated_fixed", every=10_000, amount=2_000, max_times=most)
    assert quote(cart(line("a", subtotal)), [rule]).discount == taken


def test_what_is_missing_for_the_next_time_is_told() -> None:
    rule = promotion(kind="repeated_fixed", every=10_000, amount=2_000)
    low, high = cart(line("a", 8_800)), cart(line("a", 12_500))
    found = told(quote(low, [rule]), "p")
    assert (found.reason, dict(found.data)) == (
        "below-minimum", {"minimum": 10_000, "missing": 1_200},
    )  # fmt: skip
    assert dict(told(quote(high, [rule]), "p").data) == {"next": 20_000, "missing": 7_500}


def test_tiers_tell_the_next_one_too() -> None:
    rule = promotion(kind="tiered_fixed", tiers=((10_000, 1_000), (20_000, 3_000)), title="满减")
    found = told(quote(cart(line("a", 9_988)), [rule]), "p")
    assert dict(found.data) == {"title": "满减", "minimum": 10_000, "missing": 12}
    found = told(quote(cart(line("a", 15_000)), [rule]), "p")
    assert dict(found.data) == {"title": "满减", "next": 20_000, "missing": 5_000}
    assert "next" not in told(quote(cart(line("a", 20_000)), [rule]), "p").data


@pytest.mark.parametrize(
    ("rule", "lines", "expected"),
    [
        # three for two, over lines: the cheapest of each full three
        ({"every": 2, "get": 1, "percent_bp": 10_000}, [(500, 2), (300, 1)], [0, 300]),
        ({"every": 2, "get": 1, "percent_bp": 10_000}, [(500, 3), (300, 3)], [0, 600]),
        ({"every": 2, "get": 1, "percent_bp": 10_000}, [(500, 2)], [0]),
        ({"every": 2, "get": 1, "percent_bp": 10_000, "max_times": 1}, [(500, 9)], [500]),
        # the second at half price
        ({"every": 1, "get": 1, "percent_bp": 5_000}, [(501, 1), (333, 1)], [0, 166]),
        ({"every": 1, "get": 1, "percent_bp": 5_000}, [(500, 5)], [500]),
        # of equal prices the earlier line's pieces
        ({"every": 1, "get": 1, "percent_bp": 5_000}, [(400, 1), (400, 1)], [200, 0]),
        # what is free already neither counts nor is taken
        ({"every": 1, "get": 1, "percent_bp": 10_000}, [(0, 5), (400, 1)], [0, 0]),
        ({"every": 1, "get": 1, "percent_bp": 10_000, "max_amount": 150}, [(100, 4)], [150]),
        (
            {"every": 1, "get": 2, "percent_bp": 10_000, "max_qty_per_line": 1},
            [(100, 2), (200, 1)],
            [100, 200],
        ),
        ({"every": 0, "get": 1, "percent_bp": 10_000}, [(100, 2)], [200]),
        ({"every": 2, "get": 0, "percent_bp": 10_000}, [(100, 9)], [0]),
    ],
)
def test_so_many_for_so_many(
    rule: dict[str, Any], lines: list[tuple[int, int]], expected: list[int]
) -> None:
    view = cart(*(line(str(i), *each) for i, each in enumerate(lines)))
    assert cuts(quote(view, [promotion(scope="line", kind="buy_get", **rule)])) == expected


def test_how_many_pieces_are_missing_is_told() -> None:
    rule = promotion(scope="line", kind="buy_get", every=2, get=1, percent_bp=10_000)
    found = told(quote(cart(line("a", 100, 2)), [rule]), "p")
    assert (found.reason, dict(found.data)) == ("too-few-pieces", {"minimum": 3, "missing": 1})


def test_pieces_count_at_their_running_price() -> None:
    view = cart(line("a", 1000, tags=("x",)), line("b", 900))
    first = promotion("a", scope="unit", kind="percent", percent_bp=2_000, only_tags=("x",))
    half = promotion("b", scope="line", kind="buy_get", every=1, get=1, percent_bp=5_000)
    assert cuts(quote(view, [first, half])) == [600, 0]
    on_order = promotion("b", kind="buy_get", every=1, get=1, percent_bp=5_000)
    before = promotion("a", kind="percent", percent_bp=1_000)
    assert cuts(quote(view, [before, on_order])) == [100, 90 + 405]


def bundle(amount: int, *parts: tuple[tuple[str, ...], int], **more: Any) -> Any:
    made = tuple(BundlePart(lines=lines, quantity=quantity) for lines, quantity in parts)
    return promotion(scope="line", kind="bundle", amount=amount, bundle=made, **more)


def test_a_bundle_costs_its_price_and_is_split_by_prices() -> None:
    view = cart(line("pot", 6_000), line("cup", 1_500, 2))
    priced = quote(view, [bundle(7_500, (("pot",), 1), (("cup",), 2))])
    assert (cuts(priced), priced.total) == ([1_000, 500], 7_500)
    assert told(priced, "p").data["times"] == 1


def test_bundles_repeat_with_the_dearest_pieces_while_that_is_cheaper() -> None:
    view = cart(line("pot", 6_000, 3), line("mug", 2_000, 1), line("cup", 500, 2))
    rule = bundle(7_000, (("pot",), 1), (("mug", "cup"), 1))
    assert quote(view, [rule]).discount == 1_000  # a pot and a cup for 6,500 are no bundle
    assert quote(view, [bundle(6_200, (("pot",), 1), (("mug", "cup"), 1))]).discount == 2_400
    most = bundle(6_200, (("pot",), 1), (("mug", "cup"), 1), max_times=1)
    assert quote(view, [most]).discount == 1_800


def test_a_part_with_one_line_is_served_before_one_that_has_a_choice() -> None:
    view = cart(line("a", 900), line("b", 500))
    rule = bundle(1_000, (("a", "b"), 1), (("a",), 1))
    assert quote(view, [rule]).total == 1_000


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (bundle(100, (("a",), 1), (("z",), 1)), "bundle-incomplete"),
        (bundle(100, (("a",), 3)), "bundle-incomplete"),
        (bundle(100), "bundle-incomplete"),
        (bundle(2_000, (("a",), 2)), "changed-nothing"),
    ],
)
def test_why_a_bundle_does_not_apply(rule: Any, reason: str) -> None:
    assert told(quote(cart(line("a", 1_000, 2)), [rule]), "p").reason == reason


def test_a_gift_is_added_and_lowers_nothing() -> None:
    view = cart(line("a", 1_000), gift_stock={7: 5})
    rule = promotion(kind="gift", gifts=(Gift(variant_id=7, quantity=2),), min_subtotal=1_000)
    priced = quote(view, [rule])
    assert [(x.source, x.variant_id, x.quantity) for x in priced.gifts] == [("p", 7, 2)]
    assert (priced.total, told(priced, "p").reason) == (1_000, "gift")
    below = quote(cart(line("a", 999)), [rule])
    assert (below.gifts, told(below, "p").data["missing"]) == ((), 1)


def test_gifts_are_given_while_there_are_some_and_it_is_told() -> None:
    rules = [
        promotion(name, kind="gift", gifts=(Gift(variant_id=7, quantity=2),)) for name in "abc"
    ]
    priced = quote(cart(line("a", 1_000), gift_stock={7: 3}), rules)
    assert [(x.source, x.quantity) for x in priced.gifts] == [("a", 2), ("b", 1)]
    assert told(priced, "b").data["short"] == 1
    assert told(priced, "c").reason == "gift-out-of-stock"


def test_of_an_exclusive_group_the_gift_is_better_than_what_does_not_apply() -> None:
    big = promotion("big", kind="gift", gifts=(Gift(variant_id=1),), min_subtotal=5_000,
                    exclusive_group="g")  # fmt: skip
    small = promotion("small", kind="gift", gifts=(Gift(variant_id=2),), exclusive_group="g")
    priced = quote(cart(line("a", 1_000)), [big, small])
    assert [gift.variant_id for gift in priced.gifts] == [2]
    assert told(priced, "big").reason == "below-minimum"


def test_only_certain_lines_and_so_many_pieces_of_them() -> None:
    view = cart(line("a", 1_000, 2), line("b", 1_000))
    assert cuts(quote(view, [promotion(amount=300, only_lines=("b",))])) == [0, 300]
    few = told(quote(view, [promotion(amount=300, only_lines=("b",), min_pieces=2)]), "p")
    assert (few.reason, dict(few.data)) == ("too-few-pieces", {"minimum": 2, "missing": 1})
    assert quote(view, [promotion(amount=300, min_pieces=3)]).discount == 300
    nowhere = told(quote(view, [promotion(amount=300, only_lines=())]), "p")
    assert nowhere.reason == "no-matching-line"
