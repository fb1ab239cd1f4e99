"""Sums at their edges: nothing leaves a BIGINT, nothing is rounded twice, in any currency."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from storegen.domain import audit, stock
from storegen.domain.idempotency import Key, once
from storegen.domain.orders.placing import place
from storegen.errors import Invalid, SoldOut
from storegen.models import CartLine, Order, OrderLine, Setting, Stock
from storegen.values.money import MAX_AMOUNT
from tests.fixtures.goods import (
    STAFF,
    fill_cart,
    make_delivery,
    make_guest,
    make_product,
    order_command,
    place_order,
)
from tests.fixtures.stores import statements


@pytest.fixture
def shop(store):
    make_delivery(store)
    return store


def test_the_dearest_cart_is_sold_exactly(shop):
    """999 pieces at 9,999,999.99: well inside."""
    placed = place_order(shop, (make_product(shop, price=999_999_999, stock=None, weight=0), 999))
    assert placed.payable == 999_999_999 * 999 + 600
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.total)) == placed.payable
        assert audit.drifts(uow) == []


@pytest.mark.parametrize(
    "tax",
    [{}, {"prices_include_tax": False, "default_bp": 1300}],
    ids=["no tax", "tax on top"],
)
def test_what_no_amount_can_hold_is_refused_and_not_a_defect(shop, tax):
    """999 × 10^15: a product that fits its own column, in a sum that fits none."""
    with shop.write() as uow:
        uow.db.execute(insert(Setting).values(key="tax", value=tax, updated_at=uow.now))
        uow.touch("shell")
    actor = make_guest(shop)
    fill_cart(shop, actor, (make_product(shop, price=MAX_AMOUNT, stock=None), 999))
    command = order_command(shop, actor)
    key = Key("s", "place", "k")
    with pytest.raises(Invalid):
        once(shop, key, {}, lambda uow, answer: place(uow, actor, command))
    with shop.read() as uow:
        assert uow.db.execute(select(Order.id)).all() == []
        assert uow.db.scalar(select(Stock.reserved)) == 0


@pytest.mark.parametrize(
    ("currency", "price", "bp", "tax_and_gross"),
    [
        ("JPY", 105, 1000, (11, 116)),  # 10.5 yen
        ("KWD", 1005, 1000, (101, 1106)),  # 100.5 fils
        ("CNY", 1999, 1300, (260, 2259)),  # 259.87 fen
    ],
)
def test_tax_rounds_half_up_in_whole_units_of_each_currency(
    make_store, backend, currency, price, bp, tax_and_gross
):
    shop = make_store(backend, currency=currency)
    make_delivery(shop, fee=0)
    tax = {"prices_include_tax": False, "default_bp": bp}
    with shop.write() as uow:
        uow.db.execute(insert(Setting).values(key="tax", value=tax, updated_at=uow.now))
        uow.touch("shell")
    place_order(shop, (make_product(shop, price=price), 1))
    with shop.read() as uow:
        row = uow.db.execute(select(OrderLine.tax, OrderLine.gross)).one()
        assert audit.drifts(uow) == []
    assert tuple(row) == tax_and_gross


def test_a_hundred_lines_are_one_order_in_few_statements(shop):
    goods = [make_product(shop, f"p{n}", price=n, stock=1) for n in range(100)]
    actor = make_guest(shop)
    fill_cart(shop, actor, *[(one, 1) for one in goods])
    command = order_command(shop, actor)
    with statements(shop) as found:
        shop.transact(lambda uow: place(uow, actor, command))
    assert len(found) <= 14 + 2 * 98
    with shop.read() as uow:
        assert set(uow.db.scalars(select(Stock.reserved))) == {1}
        assert audit.drifts(uow) == []


def test_a_cart_line_that_grew_beyond_the_limit_elsewhere_cannot_be_reserved(shop):
    """The database's own last net: quantities come from the cart's rows, whatever wrote them."""
    tea = make_product(shop, price=10, stock=5)
    actor = make_guest(shop)
    fill_cart(shop, actor, (tea, 1))
    with shop.write() as uow:
        uow.db.execute(update(CartLine).values(quantity=2**31 - 1))
    command = order_command(shop, actor)
    with pytest.raises(SoldOut):
        shop.transact(lambda uow: place(uow, actor, command))
    with shop.read() as uow:
        assert uow.db.scalar(select(Stock.reserved)) == 0


@pytest.mark.parametrize("count", [2**63 - 1, -(10**10), 10**9 + 1, True, 1.5], ids=repr)
def test_a_count_of_the_shelf_stays_in_reason(shop, count):
    """on_hand + backorder must stay a BIGINT, or the product can never be sold again."""
    tea = make_product(shop, stock=5)
    with pytest.raises(Invalid):
        shop.transact(lambda uow: stock.set_level(uow, STAFF, tea.variant_id, on_hand=count))
    assert shop.look(lambda uow: uow.db.scalar(select(Stock.on_hand))) == 5


def test_the_largest_shelf_with_backorders_still_sells(shop):
    tea = make_product(shop, stock=5)
    shop.transact(
        lambda uow: stock.set_level(
            uow, STAFF, tea.variant_id, on_hand=stock.MOST_UNITS, backorder=True
        )
    )
    place_order(shop, (tea, 999))
    with shop.read() as uow:
        assert audit.drifts(uow) == []
