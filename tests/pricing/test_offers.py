"""Offers compete for lines; commitments hold where they were chosen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storegen.domain.pricing import quote, with_offers
from storegen.values.pricing import CartView, Offer
from tests.pricing.making import cart, line, offer, promotion, told


def priced(view: CartView, *offers: Offer) -> list[tuple[str, int]]:
    return [(x.offer, x.unit_price) for x in with_offers(view, offers).cart.lines]


def test_the_lowest_wins_and_the_others_are_told() -> None:
    view = cart(line("a", 1_000), line("b", 300))
    found = with_offers(
        view,
        [
            offer("member:1", 900, "a", "b", title="会员价"),
            offer("flash:1", 800, "a", title="秒杀"),
        ],
    )
    assert [(x.offer, x.unit_price, x.list_price) for x in found.cart.lines] == [
        ("flash:1", 800, 1_000),
        ("list", 300, None),
    ]
    why = [(x.source, x.reason, dict(x.data)) for x in found.notes]
    assert why == [
        ("member:1", "better-offer", {"winner": "flash:1", "lines": ("a",), "title": "会员价"}),
        ("member:1", "list-price-as-low", {"lines": ("b",), "title": "会员价"}),
    ]
    adjustments = quote(found.cart, [], found.notes).adjustments
    assert [(x.source, x.amount, x.data.get("title")) for x in adjustments[:2]] == [
        ("flash:1", 800, "秒杀"),
        ("list", 300, None),
    ]
    assert [x.applied for x in adjustments if x.lane == "offer"] == [True, True, False, False]


def test_of_equal_prices_the_list_price_then_the_smaller_id() -> None:
    view = cart(line("a", 1_000))
    assert priced(view, offer("x:1", 1_000, "a")) == [("list", 1_000)]
    assert priced(view, offer("x:2", 900, "a"), offer("x:1", 900, "a")) == [("x:1", 900)]


def test_a_line_with_too_many_pieces_keeps_its_other_prices() -> None:
    view = cart(line("a", 1_000, 3))
    few = offer("flash:1", 500, "a", max_quantity=2)
    assert priced(view, few, offer("member:1", 900, "a")) == [("member:1", 900)]
    [note] = with_offers(view, [few]).notes
    assert (note.reason, note.data["maximum"]) == ("too-many-pieces", 2)


def test_a_commitment_counts_only_where_it_was_chosen_and_stands_alone_there() -> None:
    group = offer("group:1", 950, "a", "b", kind="commitment")
    flash = offer("flash:1", 800, "a", "b")
    view = cart(line("a", 1_000, offer="group:1"), line("b", 1_000))
    assert priced(view, group, flash) == [("group:1", 950), ("flash:1", 800)]


def test_a_chosen_offer_that_is_gone_leaves_the_list_price_and_is_missed() -> None:
    found = with_offers(cart(line("a", 1_000, offer="group:1")), [])
    assert found.missing == ("a",)
    assert found.notes[0].reason == "offer-ended"
    assert [(x.offer, x.unit_price) for x in found.cart.lines] == [("list", 1_000)]
    few = offer("group:1", 1, "a", kind="commitment", max_quantity=1)
    many = with_offers(cart(line("a", 1_000, 2, offer="group:1")), [few])
    assert (many.missing, many.notes[0].reason) == (("a",), "too-many-pieces")


def test_an_activitys_offer_shuts_out_promotions_except_those_it_names() -> None:
    flash = offer("flash:1", 800, "a", discountable=False, stacks_with=("coupons",))
    view = with_offers(cart(line("a", 1_000)), [flash]).cart
    both = quote(view, [promotion("coupons:1", amount=10), promotion("shop:1", amount=10)])
    assert both.discount == 10
    assert told(both, "shop:1").reason == "no-matching-line"


def test_what_is_never_discountable_does_not_become_so_by_an_offer() -> None:
    view = with_offers(cart(line("a", 1_000, discountable=False)), [offer("x:1", 1, "a")]).cart
    assert quote(view, [promotion(amount=1)]).discount == 0


offers = st.lists(
    st.builds(
        offer,
        st.sampled_from(("a:1", "a:2", "b:1", "c:1")),
        st.integers(0, 1_200),
        st.sampled_from(("0", "1")),
        kind=st.sampled_from(("automatic", "automatic", "commitment")),
        max_quantity=st.none() | st.integers(0, 3),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


@given(offers, st.randoms(), st.integers(1, 4), st.sampled_from(("list", "a:1", "z:9")))
def test_never_dearer_than_the_list_and_no_order_matters(
    made: list[Offer], random: object, quantity: int, chosen: str
) -> None:
    view = cart(line("0", 1_000, quantity), line("1", 500, offer=chosen))
    found = with_offers(view, made)
    random.shuffle(made)  # type: ignore[attr-defined]
    assert with_offers(view, made) == found
    for before, after in zip(view.lines, found.cart.lines, strict=True):
        if after.offer != chosen or chosen == "list":
            assert 0 <= after.unit_price <= before.unit_price
        assert after.quantity == before.quantity
