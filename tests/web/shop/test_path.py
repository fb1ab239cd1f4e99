"""From a catalog file to received goods, through HTTP alone where a customer acts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from storegen.domain import fulfilment
from storegen.generate.importing import ImportOptions, import_catalogs
from storegen.media.artwork.palette import brand_palette
from storegen.models import LedgerEntry, Order, Stock
from storegen.store import Store
from storegen.values.actor import CLI
from tests.fixtures.goods import STAFF, Goods
from tests.fixtures.payment import ScriptedProvider
from tests.web.shop.browser import Shopper, token_of

CSV = """\
Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,\
Variant Inventory Qty,Variant Grams,Variant Requires Shipping,Status
cup,Blue cup,Size,S,CUP-S,19.90,shopify,5,300,true,active
cup,,Size,L,CUP-L,29.90,shopify,5,400,true,active
"""


def test_from_a_file_to_received_goods(
    app: Flask,
    shop: Store,
    shopper: Shopper,
    provider: ScriptedProvider,
    settle: Callable[[], None],
    tmp_path: Path,
) -> None:
    (tmp_path / "goods.csv").write_text(CSV)
    options = ImportOptions(palette=brand_palette("#2f5d50"), pictures=False)
    assert import_catalogs(shop, CLI, [tmp_path / "goods.csv"], options).products == 1
    product = shopper.get("/products/cup")
    cart = shopper.submit(product.form(action="cart"), quantity="2")
    assert cart.path == "/cart"
    assert "Blue cup" in cart.text
    assert "39.80" in cart.text
    paying = shopper.order("scripted")
    assert paying.path.endswith("/pay")
    assert paying.headers["Refresh"].startswith("0; url=http://pay.test/")
    token = token_of(paying)
    waiting = shopper.get(f"/orders/{token}/paid")
    assert "waiting for the confirmation" in waiting.text
    assert "Refresh" in waiting.headers
    settle()
    order = shopper.get(f"/orders/{token}/paid")
    assert order.path == f"/orders/{token}"
    assert "Being packed" in order.text
    with shop.read() as uow:
        row = uow.db.execute(select(Order.id, Order.captured, Order.payable)).one()
        assert row.captured == row.payable == 3980 + 600
    fact = fulfilment.Ship(parcels=(("SF Express", "SF123456"),))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, row.id, fact))
    order = shopper.get(f"/orders/{token}")
    assert "SF123456" in order.text
    order = shopper.submit(order.form(action="/receive"))
    assert "<h1>Received</h1>" in order.text
    assert "Returns are possible until" in order.text
    with shop.read() as uow:
        assert uow.db.scalar(select(func.sum(Stock.on_hand))) == 8
        assert uow.db.scalar(select(func.sum(Stock.reserved))) == 0


def test_bank_transfer_shows_its_instructions_on_the_order(shopper: Shopper, tea: Goods) -> None:
    shopper.add(tea.variant)
    order = shopper.order("bank_transfer")
    assert "/pay" not in order.path
    assert "Transfer 16.00 CNY for " in order.text
    assert "Waiting for payment" in order.text


def test_cash_on_delivery_is_packed_unpaid(shopper: Shopper, shop: Store, tea: Goods) -> None:
    shopper.add(tea.variant)
    order = shopper.order("cash_on_delivery")
    assert "Being packed" in order.text
    assert "To the courier on delivery" in order.text
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(LedgerEntry)) == 0


def test_a_dead_provider_keeps_the_order_and_offers_another_way(
    shopper: Shopper, provider: ScriptedProvider, tea: Goods
) -> None:
    provider.down = True
    shopper.add(tea.variant)
    order = shopper.order("scripted")
    assert order.path.startswith("/orders/")
    assert "did not answer" in order.text
    provider.down = False
    paying = shopper.submit(order.form(action="/pay"), payment="scripted")
    assert paying.path.endswith("/pay")
    assert "pay.test" in paying.text


def test_a_failed_payment_is_said_and_may_be_tried_again(
    shopper: Shopper, provider: ScriptedProvider, tea: Goods
) -> None:
    shopper.add(tea.variant)
    token = token_of(shopper.order("scripted"))
    for reference in provider.states:
        provider.states[reference] = "failed"
    order = shopper.get(f"/orders/{token}/paid")
    assert "did not go through" in order.text
    order = shopper.submit(order.form(action="/pay"), payment="bank_transfer")
    assert "Transfer 16.00" in order.text


def test_an_unpaid_order_may_be_cancelled_once(shopper: Shopper, shop: Store, tea: Goods) -> None:
    shopper.add(tea.variant)
    order = shopper.order("bank_transfer")
    form = order.form(action="/cancel")
    assert "<h1>Cancelled</h1>" in shopper.submit(form).text
    assert shopper.submit(form).status == 409
    with shop.read() as uow:
        assert uow.db.scalar(select(Stock.reserved)) == 0


def test_looking_at_a_payment_page_starts_nothing(
    shopper: Shopper, provider: ScriptedProvider, tea: Goods
) -> None:
    shopper.add(tea.variant)
    order = shopper.order("bank_transfer")
    calls = list(provider.calls)
    assert shopper.get(f"{order.path}/pay").path == order.path
    assert provider.calls == calls


@pytest.mark.parametrize("path", ["/cart", "/checkout", "/account/sign-in", "/account/register"])
def test_chinese_and_english_are_both_whole(shopper: Shopper, tea: Goods, path: str) -> None:
    shopper.add(tea.variant)
    english, chinese = shopper.get(path).text, shopper.get(f"/zh-hans{path}").text
    assert 'lang="en"' in english
    assert 'lang="zh-Hans"' in chinese
    for word in ("Cart", "Checkout", "Password", "Phone", "Delivery", "Total", "Sign in"):
        assert f">{word}<" not in chinese


def test_no_page_of_a_person_is_kept_by_a_cache(shopper: Shopper, tea: Goods) -> None:
    shopper.add(tea.variant)
    pages = [shopper.get("/cart"), shopper.get("/checkout"), shopper.order("bank_transfer")]
    shopper.sign_in()
    pages += [shopper.get(path) for path in ("/account", "/account/orders", "/account/settings")]
    pages.append(shopper.get("/account/export.json"))
    for page in pages:
        assert page.status == 200, page.url
        assert "no-store" in page.headers["Cache-Control"], page.url
        assert "X-Storegen-Cache" not in page.headers, page.url
    assert pages[2].headers["Referrer-Policy"] == "same-origin"
