"""The audit log tells in words what was changed, and harms nobody with what it quotes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storegen.domain import audit_log, stock
from storegen.domain.catalog.price_editing import set_price
from storegen.domain.people import staff
from storegen.models import Product
from storegen.store import Store
from storegen.values.actor import CLI
from tests.fixtures.goods import Goods, make_product
from tests.web.admin.conftest import Desk, words
from tests.web.admin.test_products import form


@pytest.fixture
def tea(store: Store) -> Goods:
    return make_product(store, "Tea", price=1200, stock=10)


def log(desk: Desk) -> str:
    return words(desk.get("/audit"))


def test_a_field_was_this_and_is_that(desk: Desk, store: Store, tea: Goods) -> None:
    store.transact(lambda uow: set_price(uow, CLI, tea.variant_id, price=1000))
    store.transact(lambda uow: stock.set_level(uow, CLI, tea.variant_id, on_hand=7, backorder=True))
    said = log(desk)
    assert "Price: ¥12 → ¥10" in said
    assert "On hand: 10 → 7; Sell when out of stock: No → Yes" in said
    assert "{" not in said


def test_a_product_s_short_texts_are_told_and_of_long_ones_that_they_changed(
    desk: Desk, store: Store, tea: Goods
) -> None:
    with store.read() as uow:
        key = str(uow.db.scalar(select(Product.public_id)))
    sent = form(desk, key) | {
        "title.zh-Hans": "Green tea",
        "description.zh-Hans": "<p>Long words</p>",
        "status": "draft",
    }
    desk.done(f"/products/{key}/save", sent)
    said = log(desk)
    assert "Title: Tea → Green tea" in said
    assert "State: For sale → Draft" in said
    assert "Changed: Description" in said
    assert "Long words" not in said


def test_rights_before_and_after(desk: Desk, store: Store) -> None:
    made = store.transact(
        lambda uow: staff.create_staff(uow, CLI, "ann", permissions=["orders.view"])
    )
    store.transact(lambda uow: staff.set_permissions(uow, CLI, made, ["pages.view"]))
    assert "May do: orders.view → pages.view" in log(desk)


def test_what_it_quotes_is_text(desk: Desk, store: Store) -> None:
    bad = "<script>alert(1)</script>"
    store.transact(
        lambda uow: audit_log.record(
            uow, CLI, "x.<b>y", "x", "<i>", before={bad: bad}, after={bad: "b"}, note=["<u>", bad]
        )
    )
    page = desk.get("/audit").text
    for tag in ("<script>alert", "<b>y", "<i>", "<u>"):
        assert tag not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; → b" in page


def test_bulk_changes_of_prices(desk: Desk, store: Store) -> None:
    for kind, value in (("percent", -1250), ("amount", -50)):
        store.transact(
            lambda uow, kind=kind, value=value: audit_log.record(  # type: ignore[misc]
                uow, CLI, "product.bulk_price", "product", "*", kind=kind, value=value, step=10,
                compare="keep", products=[7, 8, 9], variants=4,
            )
        )  # fmt: skip
    said = log(desk)
    assert "Change by this percentage; Value: -12.50%; Round to: ¥0.10" in said
    assert "Value: -¥0.50" in said
    assert "Products: 3; Variants: 4" in said


def test_who_signed_in_is_named(make_desk, store: Store) -> None:
    desk = make_desk("*")
    with store.read() as uow:
        [owner] = staff.list_staff(uow, CLI)
        entries = audit_log.history(uow, "staff", owner.id)
    assert (entries[0].action, entries[0].actor) == ("staff.signed_in", f"staff:{owner.id}")
    said = log(desk)
    assert "Guest" not in said
    assert "By: Sign-in link" in said
