"""Flash sales: their own stock per time slot, per person, taken and given back with orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update
from storegen_plugins.promotions import activities, flash, pricing
from storegen_plugins.promotions.schedule import Window

from storegen.domain.carts import changes
from storegen.domain.orders import moving
from storegen.domain.orders.placing import place
from storegen.errors import PriceChanged, Refused
from storegen.models import CustomerIdentity, Order
from storegen.values.actor import Actor
from tests.coupons.conftest import make_customer
from tests.fixtures.goods import (
    STAFF,
    fill_cart,
    make_delivery,
    make_guest,
    make_product,
    order_command,
)
from tests.promotions.conftest import (
    buy,
    cart_quote,
    flash_taken,
    make_activity,
    reasons,
    row_of,
    uses,
)


@pytest.fixture
def tea(shop):
    make_delivery(shop, fee=0)
    return make_product(shop, "Tea", price=1000, stock=100)


def sale(shop, tea, stock=3, schedule=None, **item):
    item = {"product": tea.product_id, "price": 400, "stock": stock, **item}
    return make_activity(shop, "flash", items=[item], schedule=schedule)


def prices(shop, actor):
    return [line.unit_price for line in cart_quote(shop, actor).lines]


def end(shop, placed, move="cancel"):
    actor = STAFF if move == "cancel" else Actor(kind="system")

    def work(uow):
        moving.lock(uow, placed.order_id)
        moving.move(uow, actor, placed.order_id, move)

    shop.transact(work)


def test_its_own_stock_is_taken_with_the_order_and_given_back_with_it(shop, tea):
    sale(shop, tea, stock=3)
    placed = buy(shop, make_guest(shop), (tea, 2))
    assert (placed.payable, flash_taken(shop)) == (800, [2])
    end(shop, placed)
    assert flash_taken(shop) == [0]


def test_an_order_that_is_not_paid_in_time_gives_it_back_too(shop, tea):
    sale(shop, tea, stock=1)
    placed = buy(shop, make_guest(shop), (tea, 1))
    end(shop, placed, "close")
    assert flash_taken(shop) == [0]
    assert buy(shop, make_guest(shop), (tea, 1)).payable == 400


def test_a_late_payment_takes_it_again_or_is_refused(shop, tea):
    sale(shop, tea, stock=1)
    first = buy(shop, make_guest(shop), (tea, 1))
    end(shop, first, "close")
    end(shop, first, "pay_late")
    assert flash_taken(shop) == [1]

    second = make_product(shop, price=1000, stock=9)
    sale(shop, second, stock=1)
    late = buy(shop, make_guest(shop), (second, 1))
    end(shop, late, "close")
    buy(shop, make_guest(shop), (second, 1))
    with pytest.raises(Refused) as refused:
        end(shop, late, "pay_late")
    assert refused.value.reason == "promotions:sold-out"


def test_sold_out_means_the_list_price_for_the_next(shop, tea):
    sale(shop, tea, stock=1)
    buy(shop, make_guest(shop), (tea, 1))
    lin = make_guest(shop)
    fill_cart(shop, lin, (tea, 1))
    assert prices(shop, lin) == [1000]


def test_a_line_with_more_than_are_left_keeps_its_price_and_says_why(shop, tea):
    sale(shop, tea, stock=3)
    lin = make_guest(shop)
    fill_cart(shop, lin, (tea, 4))
    quote = cart_quote(shop, lin)
    assert (quote.payable, reasons(quote)) == (4000, [(False, "too-many-pieces", 0)])


def test_several_lines_share_what_is_left(shop, tea):
    sale(shop, tea, stock=3)
    lin = make_guest(shop)
    for engraving in ("a", "b"):
        change = changes.AddLine(
            variant=tea.variant, quantity=2, attributes={"engraving": engraving}
        )
        shop.transact(lambda uow, change=change: changes.apply(uow, lin, change))
    assert prices(shop, lin) == [400, 1000]


def test_who_saw_the_flash_price_is_shown_the_new_total_instead_of_charged_it(shop, tea):
    sale(shop, tea, stock=1)
    lin = make_guest(shop)
    fill_cart(shop, lin, (tea, 1))
    seen = order_command(shop, lin)
    buy(shop, make_guest(shop), (tea, 1))
    with pytest.raises(PriceChanged):
        shop.transact(lambda uow: place(uow, lin, seen))
    assert flash_taken(shop) == [1]


def test_a_person_gets_so_many_and_then_pays_the_list_price(shop, tea):
    sale(shop, tea, stock=10, limit=2)
    lin = make_customer(shop, phone="+8613900000001")
    assert buy(shop, lin, (tea, 2), phone="+8613900000001").payable == 800
    fill_cart(shop, lin, (tea, 1))
    assert prices(shop, lin) == [1000]


def test_the_limit_follows_phone_and_mail_of_guests(shop, tea):
    sale(shop, tea, stock=10, limit=1)
    buy(shop, make_guest(shop), (tea, 1))
    with pytest.raises(Refused) as refused:
        buy(shop, make_guest(shop), (tea, 1))  # the same phone, another browser
    assert refused.value.reason == "promotions:limit"
    assert flash_taken(shop) == [1]
    buy(shop, make_guest(shop), (tea, 1), phone="+8613900000002")


def test_a_cancelled_order_does_not_count_towards_the_limit(shop, tea):
    sale(shop, tea, stock=10, limit=1)
    end(shop, buy(shop, make_guest(shop), (tea, 1)))
    buy(shop, make_guest(shop), (tea, 1))
    assert flash_taken(shop) == [1]


def test_check_order_refuses_lines_that_together_pass_stock_or_limit(shop, tea):
    sale(shop, tea, stock=3, limit=2)
    lin = make_guest(shop)
    fill_cart(shop, lin, (tea, 2))
    with shop.read() as uow:
        from storegen.domain.carts import pricing as core
        from storegen.domain.carts.loading import load

        basis = core.basis(uow, load(uow, lin))
    found = basis.facts["promotions"]
    pricing.check(lin, basis.cart, found)
    for quantity, reason in ((3, "promotions:limit"), (4, "promotions:sold-out")):
        more = replace(basis.cart, lines=(replace(basis.cart.lines[0], quantity=quantity),))
        with pytest.raises(Refused) as refused:
            pricing.check(lin, more, found)
        assert refused.value.reason == reason


def test_each_time_slot_has_the_whole_stock(shop, clock, tea):
    clock.moment = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
    day = {
        "starts_at": datetime(2026, 3, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 9, tzinfo=UTC),
        "hours": ((600, 660), (1200, 1260)),
    }
    sale(shop, tea, stock=1, schedule=day)
    buy(shop, make_guest(shop), (tea, 1))
    lin = make_guest(shop)
    fill_cart(shop, lin, (tea, 1))
    assert prices(shop, lin) == [1000]
    clock.move(hours=1)  # 11:00: between the slots
    assert prices(shop, lin) == [1000]
    clock.move(hours=9)  # 20:00
    assert prices(shop, lin) == [400]
    seen = order_command(shop, lin)
    placed = shop.transact(lambda uow: place(uow, lin, seen))
    assert placed.payable == 400
    assert flash_taken(shop) == [1, 1]


def test_an_order_cancelled_after_its_slot_gives_back_to_its_own_slot(shop, clock, tea):
    day = {"starts_at": clock.now() - timedelta(days=1), "hours": ((0, 720), (720, 1440))}
    sale(shop, tea, stock=1, schedule=day)
    placed = buy(shop, make_guest(shop), (tea, 1))
    clock.move(hours=12)
    buy(shop, make_guest(shop), (tea, 1))
    end(shop, placed)
    assert flash_taken(shop) == [0, 1]


def test_a_live_sale_that_is_edited_keeps_its_count_and_old_orders_their_terms(shop, tea):
    made = sale(shop, tea, stock=2)
    placed = buy(shop, make_guest(shop), (tea, 2))
    row = row_of(shop, made)
    rules = activities.Rules.from_json(row.rules)
    more = replace(rules, items=(replace(rules.items[0], stock=3, price=500),))
    shop.transact(
        lambda uow: activities.edit(uow, STAFF, made, "More", more, activities.schedule_of(row))
    )
    assert buy(shop, make_guest(shop), (tea, 1)).payable == 500
    assert flash_taken(shop) == [3]
    end(shop, placed)
    assert flash_taken(shop) == [1]
    assert [use.version for use in uses(shop)] == [1, 2]


def test_an_offer_fits_the_column_that_remembers_it():
    live = activities.Live(
        id=10**9, public_id="", version=9999, priority=0, rules=None, schedule=None
    )
    one = activities.Running(live, Window(datetime(2100, 1, 1, tzinfo=UTC), None))
    assert len(f"promotions:{flash.offer_id(one, 10**12)}") <= 64


def test_a_sale_that_begins_within_a_minute_is_counted_where_orders_take_from(shop, clock, tea):
    start = clock.now().replace(second=0, microsecond=0) - timedelta(seconds=17, microseconds=5)
    sale(shop, tea, stock=1, schedule={"starts_at": start})
    assert buy(shop, make_guest(shop), (tea, 1)).payable == 400
    late = make_guest(shop)
    fill_cart(shop, late, (tea, 1))
    assert prices(shop, late) == [1000]


def proves(shop, customer, phone):
    with shop.write() as uow:
        values = {"customer_id": customer.customer_id, "provider": "phone", "subject": phone}
        uow.db.execute(insert(CustomerIdentity).values(**values, verified_at=uow.now))


def test_a_phone_that_is_proven_later_gives_back_only_what_was_taken_with_it(shop, clock, tea):
    sale(shop, tea, stock=50, limit=1)
    buy(shop, make_guest(shop), (tea, 1), phone="+8613800138002", email="")
    lin = make_customer(shop)
    placed = buy(shop, lin, (tea, 1), phone="+8613800138001", email="")
    clock.move(minutes=1)
    proves(shop, lin, "+8613800138002")
    end(shop, placed)
    with pytest.raises(Refused):
        buy(shop, make_guest(shop), (tea, 1), phone="+8613800138002", email="")


def test_a_guests_order_gives_nothing_back_to_the_account_that_it_came_to(shop, clock, tea):
    sale(shop, tea, stock=50, limit=1)
    lin = make_customer(shop, phone="+8613800138001")
    buy(shop, lin, (tea, 1), phone="+8613800138001", email="")
    placed = buy(shop, make_guest(shop), (tea, 1), phone="+8613800138002", email="")
    clock.move(minutes=1)
    proves(shop, lin, "+8613800138002")
    with shop.write() as uow:
        uow.db.execute(
            update(Order).where(Order.id == placed.order_id).values(customer_id=lin.customer_id)
        )
    end(shop, placed)
    fill_cart(shop, lin, (tea, 1))
    assert prices(shop, lin) == [1000]  # the first order still counts
    assert flash_taken(shop) == [1]
