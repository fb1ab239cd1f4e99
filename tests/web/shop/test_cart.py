"""The cart's page and forms."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from storegen.models import CartLine, Product, Session, Stock
from storegen.store import Store
from tests.fixtures.goods import Goods, make_product
from tests.web.shop.browser import Shopper

JUNK = ["-3", "0", "0.5", "1e3", "NaN", "true", "[]", "", "２", "2147483648", "9223372036854775808",
        "1000", "+1", "1_0", "0x1", "99999", "; drop table cart"]  # fmt: skip


@pytest.mark.parametrize("quantity", JUNK)
def test_junk_is_no_quantity(shopper: Shopper, shop: Store, tea: Goods, quantity: str) -> None:
    assert shopper.add(tea.variant, quantity).status == 422
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(CartLine)) == 0
    page = shopper.add(tea.variant, 2)
    refused = shopper.submit(page.form(action="/lines/"), quantity=quantity)
    with shop.read() as uow:
        left = uow.db.scalar(select(CartLine.quantity))
    if quantity == "0":  # nought takes it out
        assert refused.status == 200
        assert left is None
    else:
        assert refused.status == 422
        assert left == 2
        assert 'role="alert"' in refused.text


def test_what_is_not_there_begins_no_session(shopper: Shopper, shop: Store) -> None:
    page = shopper.add("nosuchvariant")
    assert page.status == 409
    assert "cannot be bought" in page.text
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Session)) == 0


def test_more_than_is_there_is_said_and_the_cart_stays(shopper: Shopper, shop: Store) -> None:
    few = make_product(shop, "Rare tea", stock=2)
    page = shopper.add(few.variant, 3)
    assert page.status == 409
    assert "not as much left" in page.text
    page = shopper.add(few.variant, 2)
    form = page.form(action="/lines/")
    refused = shopper.submit(form, quantity="3")
    assert refused.status == 409
    assert refused.form(action="/lines/").submitted()["quantity"] == "2"


def test_lines_say_what_became_of_them(shopper: Shopper, shop: Store) -> None:
    goods = [make_product(shop, name, stock=3) for name in ("Gone", "Empty", "Scarce")]
    for each in goods:
        shopper.add(each.variant, 2)
    with shop.write() as uow:
        uow.db.execute(
            update(Product).where(Product.id == goods[0].product_id).values(status="draft")
        )
        for each, left in ((goods[1], 0), (goods[2], 1)):
            uow.db.execute(
                update(Stock).where(Stock.variant_id == each.variant_id).values(on_hand=left)
            )
    page = shopper.get("/cart")
    for words in ("not sold any more", "Sold out. Please take it out", "Please take less"):
        assert words in page.text
    assert "Go to checkout" not in page.text
    for _ in goods:
        page = shopper.submit(page.form(action="/lines/"), action="remove")
    assert "Your cart is empty" in page.text


def test_another_visitors_line_is_not_there(
    shopper: Shopper, other: Shopper, shop: Store, tea: Goods
) -> None:
    form = shopper.add(tea.variant).form(action="/lines/")
    mine = other.add(tea.variant).form(action="/lines/").submitted()
    answer = other.post(form.action, {**mine, "quantity": "9"})
    unknown = other.post("/cart/lines/abcdefghjkmnp", {**mine, "quantity": "9"})
    assert (answer.status, answer.body) == (unknown.status, unknown.body)
    assert answer.status == 404
    with shop.read() as uow:
        assert set(uow.db.scalars(select(CartLine.quantity))) == {1}


def test_delivery_is_estimated_before_the_address_is_known(shopper: Shopper, tea: Goods) -> None:
    assert "Delivery: from ¥6" in shopper.add(tea.variant).text
