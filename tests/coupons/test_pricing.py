"""What each kind of coupon does to a cart, with which others, and what it says if it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from storegen_plugins.coupons import campaigns, codes

from tests.coupons.buying import cart_quote, choose, refused, type_code, used
from tests.coupons.conftest import claim, make_campaign, make_customer
from tests.fixtures.goods import STAFF, fill_cart, make_delivery, make_guest, make_product
from tests.fixtures.stores import statements


@pytest.fixture
def lin(shop):
    return make_customer(shop, phone="+8613800138000")


def wallet(shop, actor, **rules):
    """A coupon of these rules in the actor's wallet; the id that quotes call it by."""
    return f"coupons:coupon-{claim(shop, actor, make_campaign(shop, rules=rules))}"


def test_money_off(shop, lin):
    mine = wallet(shop, lin, kind="money", amount=1500)
    fill_cart(shop, lin, (make_product(shop, price=2000, ships=False), 2))
    quote = cart_quote(shop, lin)
    assert (used(quote), quote.payable) == ({mine: 1500}, 2500)


def test_macrozheng_1002_a_coupon_of_more_than_the_order_leaves_nothing_to_pay_never_less(
    shop, lin
):
    """macrozheng/mall #1002: a coupon of 1000 on a smaller order makes the customer pay -824."""
    mine = wallet(shop, lin, kind="money", amount=100_000)
    fill_cart(shop, lin, (make_product(shop, price=17_600, ships=False), 1))
    quote = cart_quote(shop, lin)
    assert (used(quote), quote.payable) == ({mine: 17_600}, 0)


def test_crmeb_6_what_is_split_is_the_capped_value_so_that_no_line_goes_below_zero(shop, lin):
    """CRMEB: the coupon's split uses face value, not the capped value."""
    wallet(shop, lin, kind="money", amount=100_000)
    fill_cart(
        shop,
        lin,
        (make_product(shop, price=300, ships=False), 1),
        (make_product(shop, price=700, ships=False), 3),
    )
    quote = cart_quote(shop, lin)
    assert [line.gross for line in quote.lines] == [0, 0]
    assert sum(line.discount for line in quote.lines) == 2400


def test_lilishop_128_the_split_over_lines_sums_to_the_discount(shop, lin):
    """lilishop PR #128: a promotion over several items is split wrongly."""
    wallet(shop, lin, kind="money", amount=1000)
    goods = [(make_product(shop, price=333, ships=False), 1) for _ in range(3)]
    fill_cart(shop, lin, *goods, (make_product(shop, price=9999, ships=False), 1))
    quote = cart_quote(shop, lin)
    assert [line.discount for line in quote.lines] == [31, 30, 30, 909]  # largest remainder
    assert quote.discount == 1000


def test_yudao_4_a_percentage_is_in_basis_points_everywhere(shop, lin):
    """yudao: 1-100 here and 1-9999 there, for the same 20 % off."""
    mine = wallet(shop, lin, kind="percent", percent_bp=2000)
    fill_cart(shop, lin, (make_product(shop, price=10_000, ships=False), 1))
    assert used(cart_quote(shop, lin)) == {mine: 2000}


def test_a_percentage_has_a_cap(shop, lin):
    mine = wallet(shop, lin, kind="percent", percent_bp=5000, cap=1200)
    fill_cart(shop, lin, (make_product(shop, price=10_000, ships=False), 1))
    assert used(cart_quote(shop, lin)) == {mine: 1200}


def test_free_shipping_lowers_the_freight_only(shop, lin):
    make_delivery(shop, fee=600)
    mine = wallet(shop, lin, kind="shipping")
    fill_cart(shop, lin, (make_product(shop, price=2000), 1))
    assert refused(cart_quote(shop, lin))[mine][0] == "no-shipping"
    quote = cart_quote(shop, lin, ships=True)
    assert (used(quote), quote.shipping_gross, quote.payable) == ({mine: 600}, 0, 2000)


def test_free_shipping_up_to_a_cap(shop, lin):
    make_delivery(shop, fee=600)
    mine = wallet(shop, lin, kind="shipping", cap=400)
    fill_cart(shop, lin, (make_product(shop, price=2000), 1))
    quote = cart_quote(shop, lin, ships=True)
    assert (used(quote), quote.shipping_gross) == ({mine: 400}, 200)


def test_an_exchange_makes_one_piece_of_its_product_free(shop, lin):
    tea, cup = (make_product(shop, price=price, ships=False) for price in (2000, 500))
    mine = wallet(shop, lin, kind="exchange", products=(cup.product_id,))
    fill_cart(shop, lin, (tea, 1))
    assert refused(cart_quote(shop, lin))[mine][0] == "no-matching-line"
    fill_cart(shop, lin, (cup, 2))
    quote = cart_quote(shop, lin)
    assert (used(quote), quote.payable) == ({mine: 500}, 2500)


def test_litemall_398_a_scoped_coupon_looks_at_its_own_goods_only(shop, lin):
    """litemall #398: the sum for a scoped coupon counts the whole cart."""
    tea, cup = (make_product(shop, price=5000, ships=False) for _ in range(2))
    mine = wallet(
        shop, lin, kind="money", amount=1000, min_amount=6000, scope="products",
        products=(tea.product_id,),
    )  # fmt: skip
    fill_cart(shop, lin, (tea, 1), (cup, 3))
    reason, data = refused(cart_quote(shop, lin))[mine]
    assert (reason, data["missing"]) == ("below-minimum", 1000)
    fill_cart(shop, lin, (tea, 1))
    quote = cart_quote(shop, lin)
    assert used(quote) == {mine: 1000}
    assert [line.discount for line in quote.lines] == [1000, 0]


def test_a_category_covers_what_is_below_it(shop, lin):
    from sqlalchemy import insert

    from storegen.models import Category, ProductCategory

    tea, cup = (make_product(shop, price=5000, ships=False) for _ in range(2))
    with shop.write() as uow:
        top, below = (
            uow.db.execute(
                insert(Category).values(slug=slug, title=slug).returning(Category.id)
            ).scalar_one()
            for slug in ("teas", "green")
        )
        for category in (top, below):
            uow.db.execute(
                insert(ProductCategory).values(category_id=category, product_id=tea.product_id)
            )
    mine = wallet(shop, lin, kind="money", amount=1000, scope="categories", categories=(top,))
    fill_cart(shop, lin, (tea, 1), (cup, 1))
    quote = cart_quote(shop, lin)
    assert used(quote) == {mine: 1000}
    assert [line.discount for line in quote.lines] == [1000, 0]


def test_excluded_products_neither_count_nor_get_cheaper(shop, lin):
    tea, card = (make_product(shop, price=5000, ships=False) for _ in range(2))
    mine = wallet(
        shop, lin, kind="money", amount=1000, min_amount=5001, excluded=(card.product_id,)
    )
    fill_cart(shop, lin, (tea, 1), (card, 1))
    assert refused(cart_quote(shop, lin))[mine][0] == "below-minimum"


def test_a_threshold_in_pieces(shop, lin):
    mine = wallet(shop, lin, kind="money", amount=1000, min_pieces=3)
    tea = make_product(shop, price=5000, ships=False)
    fill_cart(shop, lin, (tea, 2))
    assert mine in refused(cart_quote(shop, lin))
    fill_cart(shop, lin, (tea, 1))
    assert used(cart_quote(shop, lin)) == {mine: 1000}


def test_a_coupon_for_another_sales_channel_stays_out(shop, lin):
    mine = wallet(shop, lin, kind="money", amount=1000, channels=("mini_program",))
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    assert refused(cart_quote(shop, lin))[mine][0] == "other-channel"


def test_the_best_one_applies_by_itself(shop, lin):
    small = wallet(shop, lin, kind="money", amount=1000)
    large = wallet(shop, lin, kind="percent", percent_bp=3000)
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    quote = cart_quote(shop, lin)
    assert used(quote) == {large: 1500}
    assert refused(quote)[small][0] == "better-in-group"


def test_the_customer_chooses_another_or_none(shop, lin):
    small = wallet(shop, lin, kind="money", amount=1000)
    wallet(shop, lin, kind="percent", percent_bp=3000)
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    choose(shop, lin, small.removeprefix("coupons:coupon-"))
    assert used(cart_quote(shop, lin)) == {small: 1000}
    choose(shop, lin, "none")
    assert used(cart_quote(shop, lin)) == {}
    choose(shop, lin, "")
    assert sum(used(cart_quote(shop, lin)).values()) == 1500


def test_a_choice_that_is_gone_means_the_best(shop, lin):
    mine = wallet(shop, lin, kind="money", amount=1000)
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    choose(shop, lin, "used-up-meanwhile")
    assert used(cart_quote(shop, lin)) == {mine: 1000}


def test_stackable_coupons_apply_beside_one_that_is_not(shop, lin):
    plain = wallet(shop, lin, kind="money", amount=1000)
    stack = wallet(shop, lin, kind="money", amount=300, stackable=True)
    other = wallet(shop, lin, kind="money", amount=400)
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    quote = cart_quote(shop, lin)
    assert used(quote) == {plain: 1000, stack: 300}
    assert refused(quote)[other][0] == "better-in-group"


def test_of_one_campaign_one_coupon_counts_in_an_order_the_one_that_ends_first(shop, lin, clock):
    campaign = make_campaign(shop, per_customer=None, rules={"stackable": True})
    first = claim(shop, lin, campaign)
    clock.move(hours=1)
    claim(shop, lin, campaign)
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    assert used(cart_quote(shop, lin)) == {f"coupons:coupon-{first}": 1000}


def test_likeshop_1_nobody_elses_coupon_applies_even_when_it_is_chosen(shop, lin):
    """likeshop: check and redeem never compare the coupon's owner."""
    wang = make_customer(shop)
    theirs = wallet(shop, wang, kind="money", amount=1000)
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    choose(shop, lin, theirs.removeprefix("coupons:coupon-"))
    assert used(cart_quote(shop, lin)) == {}


def test_before_it_starts_and_from_its_end_on_a_coupon_is_nothing(shop, lin, clock):
    campaign = make_campaign(shop, validity="next_day", days=1)
    mine = f"coupons:coupon-{claim(shop, lin, campaign)}"
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    assert used(cart_quote(shop, lin)) == {}
    clock.move(hours=12)  # midnight in Shanghai
    assert used(cart_quote(shop, lin)) == {mine: 1000}
    clock.move(hours=24)
    assert used(cart_quote(shop, lin)) == {}


def test_a_code_for_all_works_for_guests_however_it_is_written(shop):
    campaign = make_campaign(shop, channel="code")
    shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, "Welcome-10"))
    guest = make_guest(shop)
    fill_cart(shop, guest, (make_product(shop, price=5000, ships=False), 1))
    type_code(shop, guest, "  ｗｅｌｃｏｍｅ 10 ")
    assert sum(used(cart_quote(shop, guest)).values()) == 1000


def test_codes_that_are_worth_nothing(shop, clock):
    goods = make_product(shop, price=5000, ships=False)
    soon = make_campaign(shop, channel="code", claim_from=clock.now() + timedelta(days=1))
    closed = make_campaign(shop, channel="code")
    for campaign, code in ((soon, "SOON"), (closed, "CLOSED")):
        shop.transact(lambda uow, c=campaign, t=code: codes.add_shared(uow, STAFF, c, t))
    shop.transact(lambda uow: campaigns.move(uow, STAFF, closed, "closed"))
    for code in ("NOTHING", "SOON", "CLOSED"):
        guest = make_guest(shop)
        fill_cart(shop, guest, (goods, 1))
        type_code(shop, guest, code)
        assert used(cart_quote(shop, guest)) == {}


def test_a_coupon_for_a_first_order_is_nothing_for_the_second(shop, lin):
    from tests.coupons.buying import buy

    mine = wallet(shop, lin, kind="money", amount=1000, new_customers=True)
    tea = make_product(shop, price=5000, ships=False)
    fill_cart(shop, lin, (tea, 1))
    assert used(cart_quote(shop, lin)) == {mine: 1000}
    choose(shop, lin, "none")
    buy(shop, lin)
    fill_cart(shop, lin, (tea, 1))
    assert used(cart_quote(shop, lin)) == {}


def test_a_cart_that_has_nothing_to_do_with_coupons_costs_no_query(shop):
    from storegen_plugins.coupons import pricing

    from storegen.domain.carts.loading import load

    guest = make_guest(shop)
    fill_cart(shop, guest, (make_product(shop, ships=False), 1))
    with shop.read() as uow:
        view = load(uow, guest).view()
        with statements(shop) as found:
            assert pricing.facts(uow, view) is None
    assert len(found) == 0


def test_a_wallet_costs_one_query_and_one_more_for_categories(shop, lin):
    from storegen_plugins.coupons import pricing

    from storegen.domain.carts.loading import load

    for amount in (100, 200, 300):
        wallet(shop, lin, kind="money", amount=amount)
    fill_cart(shop, lin, (make_product(shop, ships=False), 1))
    with shop.read() as uow:
        view = load(uow, lin).view()
        with statements(shop) as found:
            assert pricing.facts(uow, view) is not None
        assert len(found) == 1
    wallet(shop, lin, kind="money", amount=1, scope="categories", categories=(1,))
    with shop.read() as uow:
        view = load(uow, lin).view()
        with statements(shop) as found:
            pricing.facts(uow, view)
        assert len(found) == 2
