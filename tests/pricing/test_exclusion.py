"""Promotions that exclude each other: the set that is best for the customer."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storegen.domain.pricing import canonical, quote
from storegen.domain.pricing import run as running
from storegen.values.pricing import Gift, Promotion
from tests.pricing.making import applied, cart, line, promotion, told

CART = cart(line("a", 10_000))


def test_the_better_of_two_that_exclude_each_other() -> None:
    a, b = promotion("a:1", amount=300, stacks_with=()), promotion("b:1", amount=500)
    assert applied(CART, a, b) == ["b:1"]
    lost = told(quote(CART, [a, b]), "a:1")
    assert (lost.reason, dict(lost.data)) == ("not-combinable", {"winner": "b:1"})


def test_two_together_beat_the_one_that_stands_alone() -> None:
    alone = promotion("x:1", amount=700, stacks_with=())
    both = [promotion("a:1", amount=400), promotion("b:1", amount=400)]
    assert applied(CART, alone, *both) == ["a:1", "b:1"]
    assert applied(CART, promotion("x:1", amount=900, stacks_with=()), *both) == ["x:1"]


@pytest.mark.parametrize("names", [("b",), ("b:1",)])
def test_a_plugin_or_one_promotion_is_let_in(names: tuple[str, ...]) -> None:
    a = promotion("a:1", amount=300, stacks_with=names)
    assert applied(CART, a, promotion("b:1", amount=500)) == ["a:1", "b:1"]
    assert applied(CART, a, promotion("c:1", amount=500)) == ["c:1"]


def test_a_line_that_is_not_discountable_lets_in_what_it_names() -> None:
    view = cart(line("a", 1_000, discountable=False, stacks_with=("coupons",)))
    assert applied(view, promotion("coupons:1", amount=1), promotion("shop:1", amount=9)) == [
        "coupons:1"
    ]


def test_what_could_not_apply_anyhow_keeps_its_own_reason() -> None:
    a = promotion("a", amount=900, stacks_with=(), min_subtotal=99_999)
    assert told(quote(CART, [a, promotion("b", amount=1)]), "a").reason == "below-minimum"


def test_a_tie_goes_to_the_earlier_and_a_gift_breaks_it() -> None:
    a, b = (promotion(name, amount=300, stacks_with=()) for name in "ab")
    assert applied(CART, a, b) == ["a"]
    nothing = promotion("n", amount=300, stacks_with=("g",))
    gift = promotion("g", kind="gift", gifts=(Gift(variant_id=1),))
    assert applied(CART, a, nothing, gift) == ["n", "g"]


def test_a_condition_that_the_others_break_is_counted() -> None:
    """Alone ``a`` is the best, but after the line's reduction it does not apply any more."""
    sale = promotion("sale", scope="line", kind="percent", percent_bp=1_000)
    a = promotion("a", amount=2_000, stacks_with=("sale",), min_subtotal=9_500)
    b = promotion("b", amount=500, stacks_with=("sale",))
    assert applied(CART, sale, a, b) == ["sale", "b"]


def best_by_hand(promotions: list[Promotion]) -> int:
    def fit(one: Promotion, other: Promotion) -> bool:
        group = one.exclusive_group is not None and one.exclusive_group == other.exclusive_group
        return not group and all(
            names is None or other_id in names
            for names, other_id in ((one.stacks_with, other.id), (other.stacks_with, one.id))
        )

    return min(
        quote(CART, [replaced(each) for each in chosen]).total
        for size in range(len(promotions) + 1)
        for chosen in combinations(promotions, size)
        if all(fit(*pair) for pair in combinations(chosen, 2))
    )


def replaced(each: Promotion) -> Promotion:
    return promotion(each.id, amount=each.amount, priority=each.priority)


names = st.sampled_from("abcdef")
rules = st.lists(
    st.builds(
        promotion,
        names,
        amount=st.integers(1, 900),
        priority=st.integers(0, 1),
        stacks_with=st.none() | st.lists(names, max_size=4).map(tuple),
        exclusive_group=st.sampled_from((None, None, "g")),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


@settings(max_examples=60)
@given(rules)
def test_no_set_would_have_been_better(promotions: list[Promotion]) -> None:
    assert quote(CART, canonical(promotions)).total == best_by_hand(promotions)


@settings(max_examples=30)
@given(rules, st.randoms())
def test_who_comes_first_never_matters(promotions: list[Promotion], random: Any) -> None:
    before = quote(CART, canonical(promotions))
    random.shuffle(promotions)
    assert quote(CART, canonical(promotions)) == before


@pytest.mark.parametrize(
    "conflict",
    [
        lambda i: {"stacks_with": ()},
        lambda i: {"exclusive_group": "g"},
        lambda i: {"exclusive_group": f"g{i % 10}"},
        lambda i: {"stacks_with": tuple(f"p{j}" for j in range(30) if (i * j) % 7 not in (1, 3))},
    ],
)
def test_thirty_promotions_in_conflict_stay_bounded(conflict: Any, monkeypatch: Any) -> None:
    """Counted in turns, not in seconds: alone each once, and at most five whole runs."""
    real, turns = running._go, []
    monkeypatch.setattr(running, "_go", lambda *given: turns.append(1) or real(*given))
    rules = [promotion(f"p{i}", amount=100 + i, **conflict(i)) for i in range(30)]
    quote(cart(*(line(str(i), 1_000) for i in range(20))), rules)
    assert 0 < len(turns) <= 30 * 6
