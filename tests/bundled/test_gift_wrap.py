"""Gift wrapping: asked for in the cart, paid with the order, forgotten on request."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from storegen_plugins.gift_wrap.tables import Wish

from storegen.domain.carts.changes import set_attribute
from storegen.domain.carts.loading import load
from storegen.domain.delivery import priced
from storegen.domain.orders.placing import place
from storegen.web.app import create_app
from tests.coupons.conftest import make_customer
from tests.fixtures import payment
from tests.fixtures.goods import fill_cart, make_delivery, make_guest, make_product, order_command
from tests.fixtures.stores import statements
from tests.web.shop.browser import Shopper

EXTRA = '\n[plugin.gift_wrap]\nprice = "9.50"\ntax_bp = 600\n'


@pytest.fixture
def shop(plugin_store):
    store = plugin_store("gift_wrap", locale="en", extra=EXTRA)
    make_delivery(store, fee=600)
    payment.use(store)
    return store


@pytest.fixture
def tea(shop):
    return make_product(shop, "Tea", price=1000)


def quote_of(shop, actor):
    with shop.read() as uow:
        return priced(uow, load(uow, actor), None, "")[0]


def wrap(shop, actor, message=""):
    for name, value in (("wrap", "yes"), ("message", message)):
        shop.transact(lambda uow, n=name, v=value: set_attribute(uow, actor, "gift_wrap", n, v))


def test_it_costs_once_per_order_and_says_what_it_is(shop, tea):
    lin = make_guest(shop)
    fill_cart(shop, lin, (tea, 3))
    assert quote_of(shop, lin).payable == 3000
    wrap(shop, lin)
    quote = quote_of(shop, lin)
    assert (quote.payable, quote.surcharges_gross) == (3950, 950)
    [step] = [x for x in quote.adjustments if x.lane == "surcharge"]
    assert (step.source, step.data["title"]) == ("gift_wrap:wrap", "礼品包装")
    assert next(entry.tax for entry in quote.tax_summary if entry.tax_bp == 600) == 54


def test_a_cart_without_it_costs_no_query(shop, tea):
    lin = make_guest(shop)
    fill_cart(shop, lin, (tea, 1))
    quote_of(shop, lin)
    with statements(shop) as ran:
        quote_of(shop, lin)
    assert not [text for text in ran.texts if "gift_wrap" in text]


def test_the_card_goes_with_the_order_and_leaves_with_the_person(shop, tea):
    lin = make_customer(shop, phone="+8613900000001")
    fill_cart(shop, lin, (tea, 1))
    wrap(shop, lin, "Happy birthday")
    command = order_command(shop, lin)
    placed = shop.transact(lambda uow: place(uow, lin, command))
    with shop.read() as uow:
        wish = uow.db.execute(select(Wish.order_id, Wish.message)).one()
        told = dict(uow.store.plugins.ask("personal_data", uow=uow, customer_id=lin.customer_id))
    assert tuple(wish) == (placed.order_id, "Happy birthday")
    assert told["gift_wrap"] == {"cards": ["Happy birthday"]}
    with shop.write() as uow:
        uow.store.plugins.ask_one(
            "gift_wrap", "erase_personal_data", uow=uow, customer_id=lin.customer_id
        )
    with shop.read() as uow:
        assert tuple(uow.db.execute(select(Wish.customer_id, Wish.message)).one()) == (None, "")


def test_the_form_in_the_cart_works_without_scripts_and_in_both_languages(shop, tea):
    shopper = Shopper(create_app(shop), shop)
    shopper.add(tea.variant)
    assert "礼品包装" in shopper.get("/zh-hans/cart").text
    page = shopper.get("/cart")
    assert "Wrap it as a gift" in page.text
    page = shopper.submit(page.form(action="/gift-wrap/choice"))
    assert "19.50" in page.text
    form = page.form(action="/gift-wrap/choice")
    page = shopper.submit(form, message="  For <b>you</b>  ", wrap="yes")
    assert "For &lt;b&gt;you&lt;/b&gt;" in page.text
    page = shopper.submit(page.form(action="/gift-wrap/choice"), wrap="no")
    assert "19.50" not in page.text


def test_a_stranger_s_form_changes_nothing(shop, tea):
    shopper = Shopper(create_app(shop), shop)
    shopper.add(tea.variant)
    assert shopper.post("/gift-wrap/choice", {"wrap": "yes"}).status in (400, 403)
    assert "19.50" not in shopper.get("/cart").text
