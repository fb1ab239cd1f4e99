"""What each kind of activity does to a cart, and what it says if it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert
from storegen_plugins.promotions import activities

from storegen.models import Category, ProductCategory
from tests.fixtures.goods import STAFF, fill_cart, make_delivery, make_guest, make_product
from tests.fixtures.stores import statements
from tests.promotions.conftest import cart_quote, make_activity, reasons, row_of


@pytest.fixture
def lin(shop):
    return make_guest(shop)


def total(shop, actor, *lines, ships=False):
    fill_cart(shop, actor, *lines)
    return cart_quote(shop, actor, ships=ships).payable


def test_money_off_by_tiers_the_highest_reached_counts(shop, lin):
    make_activity(
        shop, "amount_off", tiers=[{"amount": 5000, "off": 300}, {"amount": 10000, "off": 1000}]
    )
    tea = make_product(shop, price=4000, ships=False)
    assert total(shop, lin, (tea, 1)) == 4000
    step = next(s for s in cart_quote(shop, lin).adjustments if s.source.startswith("promotions:"))
    assert (step.reason, step.data["missing"]) == ("below-minimum", 1000)
    assert total(shop, lin, (tea, 1)) == 8000 - 300
    assert total(shop, lin, (tea, 1)) == 12000 - 1000


def test_every_hundred_twenty_off(shop, lin):
    make_activity(shop, "amount_off", every=10000, off=2000, times=2)
    tea = make_product(shop, price=9900, ships=False)
    assert total(shop, lin, (tea, 1)) == 9900
    assert total(shop, lin, (tea, 1)) == 19800 - 2000
    assert total(shop, lin, (tea, 2)) == 39600 - 4000  # twice at the most


def test_percent_off_by_amount_and_with_a_cap(shop, lin):
    make_activity(shop, "percent_off", tiers=[{"amount": 10000, "percent_bp": 2000}], cap=1500)
    assert total(shop, lin, (make_product(shop, price=10000, ships=False), 1)) == 8500


def test_percent_off_by_pieces(shop, lin):
    make_activity(
        shop,
        "percent_off",
        tiers=[{"pieces": 2, "percent_bp": 1000}, {"pieces": 3, "percent_bp": 2000}],
    )
    tea = make_product(shop, price=1000, ships=False)
    assert total(shop, lin, (tea, 1)) == 1000
    assert reasons(cart_quote(shop, lin)) == [(False, "too-few-pieces", 0)]
    assert total(shop, lin, (tea, 1)) == 1800
    assert total(shop, lin, (tea, 1)) == 2400


def test_a_gift_while_there_are_some(shop, lin):
    cup = make_product(shop, "Cup", price=500, stock=1, ships=False)
    make_activity(
        shop, "gift", tiers=[{"amount": 2000, "gift": cup.product_id, "variant": cup.variant_id}]
    )
    tea = make_product(shop, price=1000, ships=False)
    assert total(shop, lin, (tea, 1)) == 1000
    assert cart_quote(shop, lin).gifts == ()
    assert total(shop, lin, (tea, 1)) == 2000
    [gift] = cart_quote(shop, lin).gifts
    assert (gift.variant_id, gift.quantity) == (cup.variant_id, 1)
    other = make_guest(shop)
    fill_cart(shop, other, (cup, 1), (tea, 2))  # who buys the last one gets none of it
    assert cart_quote(shop, other).gifts == ()


def test_each_tier_that_is_reached_gives_its_gift_also_where_nothing_else_stacks(shop, lin):
    cup, spoon = (make_product(shop, price=500, ships=False) for _ in range(2))
    make_activity(
        shop,
        "gift",
        stacks="nothing",
        tiers=[
            {"amount": 1000, "gift": cup.product_id, "variant": cup.variant_id},
            {"amount": 2000, "gift": spoon.product_id, "variant": spoon.variant_id},
        ],
    )
    fill_cart(shop, lin, (make_product(shop, price=1000, ships=False), 2))
    assert {gift.variant_id for gift in cart_quote(shop, lin).gifts} == {
        cup.variant_id,
        spoon.variant_id,
    }


def test_timed_prices_per_product_and_percent_over_a_scope(shop, lin):
    tea, cup, pot = (make_product(shop, price=1000, ships=False) for _ in range(3))
    make_activity(
        shop,
        "timed",
        items=[
            {"product": tea.product_id, "price": 700},
            {"product": cup.product_id, "percent_bp": 2000},
        ],
    )
    fill_cart(shop, lin, (tea, 1), (cup, 1), (pot, 1))
    assert [line.unit_price for line in cart_quote(shop, lin).lines] == [700, 800, 1000]
    make_activity(shop, "timed", percent_bp=3500, excluded=(cup.product_id,))
    assert [line.unit_price for line in cart_quote(shop, lin).lines] == [650, 800, 650]


def test_of_two_prices_the_lower_wins_and_a_dearer_one_never_counts(shop, lin):
    tea = make_product(shop, price=1000, ships=False)
    make_activity(shop, "timed", items=[{"product": tea.product_id, "price": 1200}])
    assert total(shop, lin, (tea, 1)) == 1000
    assert [reason for _, reason, _ in reasons(cart_quote(shop, lin))] == ["list-price-as-low"]


def test_a_bundle_for_a_price(shop, lin):
    tea, cup = (make_product(shop, price=price, ships=False) for price in (2000, 1500))
    make_activity(
        shop, "bundle", price=2800, items=[{"product": tea.product_id}, {"product": cup.product_id}]
    )
    assert total(shop, lin, (tea, 1)) == 2000
    assert [reason for _, reason, _ in reasons(cart_quote(shop, lin))] == ["bundle-incomplete"]
    assert total(shop, lin, (cup, 1)) == 2800
    assert total(shop, lin, (tea, 1)) == 4800


def test_a_bundle_says_nothing_to_a_cart_that_has_none_of_it(shop, lin):
    tea, cup = (make_product(shop, price=price, ships=False) for price in (2000, 1500))
    make_activity(
        shop, "bundle", price=2800, items=[{"product": tea.product_id}, {"product": cup.product_id}]
    )
    fill_cart(shop, lin, (make_product(shop, ships=False), 1))
    assert reasons(cart_quote(shop, lin)) == []


def test_the_second_at_half_price_and_three_for_two(shop, lin):
    tea = make_product(shop, price=1000, ships=False)
    first = make_activity(shop, "n_for_m", every=1, get=1, percent_bp=5000)
    assert total(shop, lin, (tea, 2)) == 1500
    shop.transact(lambda uow: activities.stop(uow, STAFF, first))
    make_activity(shop, "n_for_m", every=2, get=1, percent_bp=10000)
    assert total(shop, lin, (tea, 1)) == 2000


def test_free_shipping_over_an_amount_in_some_places_only(shop, lin):
    make_delivery(shop, fee=600)
    tea = make_product(shop, price=2000)
    make_activity(shop, "shipping", min_amount=3000, places=("31",))
    assert total(shop, lin, (tea, 1), ships=True) == 2600
    assert total(shop, lin, (tea, 1), ships=True) == 4000
    elsewhere = make_activity(shop, "shipping", places=("44", "US"), name="South")
    assert row_of(shop, elsewhere).kind == "shipping"
    assert [applied for applied, *_ in reasons(cart_quote(shop, lin, ships=True))] == [True]


def test_a_category_covers_its_products_and_excluded_ones_not(shop, lin):
    tea, cup, other = (make_product(shop, price=1000, ships=False) for _ in range(3))
    with shop.write() as uow:
        teas = uow.db.execute(
            insert(Category).values(slug="teas", title="Teas").returning(Category.id)
        ).scalar_one()
        for one in (tea, cup):
            uow.db.execute(
                insert(ProductCategory).values(category_id=teas, product_id=one.product_id)
            )
    make_activity(
        shop, "amount_off", every=1000, off=100, scope="categories", categories=(teas,),
        excluded=(cup.product_id,),
    )  # fmt: skip
    fill_cart(shop, lin, (tea, 1), (cup, 1), (other, 1))
    assert [line.discount for line in cart_quote(shop, lin).lines] == [100, 0, 0]


def test_other_sales_channels_get_nothing(shop, lin):
    tea = make_product(shop, price=1000, ships=False)
    make_activity(shop, "timed", percent_bp=5000, channels=("mini_program",))
    make_activity(shop, "amount_off", every=1000, off=100, channels=("mini_program",))
    assert total(shop, lin, (tea, 1)) == 1000


def test_of_an_exclusive_group_the_best_applies_whatever_the_priority(shop, lin):
    make_activity(shop, "amount_off", every=1000, off=100, group="spring", priority=0)
    make_activity(
        shop, "percent_off", tiers=[{"pieces": 1, "percent_bp": 3000}], group="spring", priority=9
    )
    fill_cart(shop, lin, (make_product(shop, price=1000, ships=False), 1))
    quote = cart_quote(shop, lin)
    assert quote.payable == 700
    assert {reason for _, reason, _ in reasons(quote)} == {"discount", "better-in-group"}


def test_what_stacks_with_coupons_only_shuts_out_other_promotions(shop, lin):
    make_activity(shop, "amount_off", every=1000, off=100, stacks="coupons")
    make_activity(shop, "amount_off", every=1000, off=150, name="Other")
    fill_cart(shop, lin, (make_product(shop, price=1000, ships=False), 1))
    assert cart_quote(shop, lin).payable == 850


def test_a_price_that_stacks_with_nothing_is_lowered_by_nothing(shop, lin):
    tea = make_product(shop, price=1000, ships=False)
    make_activity(
        shop, "timed", stacks="nothing", items=[{"product": tea.product_id, "price": 900}]
    )
    make_activity(shop, "amount_off", every=500, off=100)
    assert total(shop, lin, (tea, 1)) == 900


def test_macrozheng_1002_more_off_than_there_is_never_makes_a_negative_amount(shop, lin):
    """macrozheng/mall #1002: a reduction larger than the order makes the customer pay -824."""
    make_activity(shop, "amount_off", tiers=[{"pieces": 1, "off": 100000}])
    assert total(shop, lin, (make_product(shop, price=17600, ships=False), 1)) == 0


def test_lilishop_128_the_split_over_lines_sums_to_the_discount(shop, lin):
    """lilishop PR #128: a promotion over several items is split wrongly."""
    make_activity(shop, "amount_off", tiers=[{"amount": 1000, "off": 1000}])
    goods = [(make_product(shop, price=333, ships=False), 1) for _ in range(3)]
    fill_cart(shop, lin, *goods, (make_product(shop, price=9999, ships=False), 1))
    quote = cart_quote(shop, lin)
    assert [line.discount for line in quote.lines] == [31, 30, 30, 909]
    assert quote.discount == 1000


def test_yudao_4_a_percentage_means_the_same_in_every_kind(shop, lin):
    """yudao: coupons count 1-100, timed discounts 1-9999; the comment says 80."""
    tea = make_product(shop, price=10000, ships=False)
    for kind, rules in (
        ("timed", {"percent_bp": 2000}),
        ("percent_off", {"tiers": [{"pieces": 1, "percent_bp": 2000}]}),
    ):
        made = make_activity(shop, kind, **rules)
        actor = make_guest(shop)
        assert total(shop, actor, (tea, 1)) == 8000
        shop.transact(lambda uow, made=made: activities.stop(uow, STAFF, made))


def test_crmeb_12_windows_end_at_the_minute_without_grace(shop, clock, lin):
    """CRMEB: activity windows have a hard-coded grace of a day."""
    tea = make_product(shop, price=1000, ships=False)
    make_activity(
        shop, "timed", percent_bp=1000,
        schedule={
            "starts_at": clock.now() + timedelta(minutes=1),
            "ends_at": clock.now() + timedelta(minutes=2),
        },
    )  # fmt: skip
    assert total(shop, lin, (tea, 1)) == 1000
    clock.move(seconds=60)
    assert cart_quote(shop, lin).payable == 900
    clock.move(seconds=60)
    assert cart_quote(shop, lin).payable == 1000


def test_nothing_live_costs_no_query_and_everything_at_most_two(shop, clock, lin):
    tea = make_product(shop, price=1000, ships=False)
    fill_cart(shop, lin, (tea, 1))
    cart_quote(shop, lin)
    with statements(shop) as bare:
        cart_quote(shop, lin)
    assert not [text for text in bare.texts if "p_promotions__" in text]
    later = {"starts_at": clock.now() + timedelta(days=1), "ends_at": None}
    make_activity(shop, "timed", percent_bp=1000, schedule=later)
    cart_quote(shop, lin)
    with statements(shop) as quiet:
        cart_quote(shop, lin)
    assert len(quiet) == len(bare)
    make_activity(shop, "flash", items=[{"product": tea.product_id, "price": 500, "stock": 5}])
    make_activity(shop, "amount_off", every=100, off=1, scope="categories", categories=(1,))
    cart_quote(shop, lin)
    with statements(shop) as full:
        cart_quote(shop, lin)
    assert len(full) - len(bare) == 2
