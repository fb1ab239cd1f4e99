"""What activities leave behind in orders: results that add up, refunds that do."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from storegen_plugins.promotions.tables import FlashPerson

from storegen.domain.orders import moving
from storegen.values.actor import Actor
from tests.coupons.conftest import make_customer
from tests.fixtures.goods import make_delivery, make_guest, make_product
from tests.fixtures.stores import statements
from tests.promotions.conftest import buy, make_activity, uses


@pytest.fixture
def tea(shop):
    make_delivery(shop, fee=0)
    return make_product(shop, "Tea", price=1000, stock=100)


def move(shop, placed, name):
    def work(uow):
        moving.lock(uow, placed.order_id)
        moving.move(uow, Actor(kind="system"), placed.order_id, name)

    shop.transact(work)


def test_each_activity_of_an_order_is_counted_with_what_it_took(shop, tea):
    make_activity(shop, "timed", items=[{"product": tea.product_id, "price": 700}])
    make_activity(shop, "amount_off", every=1000, off=100)
    placed = buy(shop, make_guest(shop), (tea, 2))
    assert placed.payable == 1300
    timed, off = uses(shop)
    assert (timed.discount, timed.pieces, timed.order_total) == (600, 2, 1300)
    assert (off.discount, off.order_total, off.paid_at) == (100, 1300, None)
    move(shop, placed, "pay")
    assert all(use.paid_at is not None for use in uses(shop))


def test_an_order_that_fell_through_is_none_of_the_results(shop, tea):
    make_activity(shop, "amount_off", every=1000, off=100)
    placed = buy(shop, make_guest(shop), (tea, 2))
    move(shop, placed, "close")
    assert uses(shop)[0].ended_at is not None
    move(shop, placed, "pay_late")
    assert uses(shop)[0].ended_at is None


def test_an_order_that_no_activity_changed_costs_no_query(shop, tea):
    placed = buy(shop, make_guest(shop), (tea, 1))
    with statements(shop) as ran:
        move(shop, placed, "pay")
    assert not [text for text in ran.texts if "p_promotions__" in text]


def test_an_activity_that_was_only_considered_is_not_counted(shop, tea):
    make_activity(shop, "amount_off", tiers=[{"amount": 100000, "off": 100}])
    buy(shop, make_guest(shop), (tea, 1))
    assert uses(shop) == []


def test_crmeb_4_what_lowers_the_price_is_what_the_order_names(shop, tea):
    """CRMEB: the order's own price call gets other ids than what is stored with it."""
    make_activity(shop, "flash", items=[{"product": tea.product_id, "price": 300, "stock": 5}])
    placed = buy(shop, make_guest(shop), (tea, 1))
    from storegen.models import OrderLine

    with shop.read() as uow:
        line = uow.db.execute(
            select(OrderLine.offer, OrderLine.unit_price).where(
                OrderLine.order_id == placed.order_id
            )
        ).one()
    assert line.offer.startswith("promotions:flash-")
    assert (line.unit_price, placed.payable, uses(shop)[0].discount) == (300, 300, 700)


def test_an_account_that_closes_leaves_no_count_behind(shop, tea):
    from storegen.sdk import UnitOfWork

    make_activity(
        shop, "flash", items=[{"product": tea.product_id, "price": 300, "stock": 5, "limit": 3}]
    )
    lin = make_customer(shop, phone="+8613900000001")
    buy(shop, lin, (tea, 2), phone="+8613900000001")

    def told(uow: UnitOfWork):
        return dict(uow.store.plugins.ask("personal_data", uow=uow, customer_id=lin.customer_id))

    with shop.read() as uow:
        assert told(uow)["promotions"]["flash_sales"][0]["pieces"] == 2
    with shop.write() as uow:
        uow.store.plugins.ask_one(
            "promotions", "erase_personal_data", uow=uow, customer_id=lin.customer_id
        )
    with shop.read() as uow:
        assert uow.db.execute(select(FlashPerson.person)).all() == []
