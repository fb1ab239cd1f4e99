"""Every slot of the list is in a page, holds what it promises, and costs only itself."""

from __future__ import annotations

import json
import re
from types import ModuleType

import pytest
from flask import Flask

from storegen.store import Store
from storegen.values.slots import SLOTS
from storegen.web.app import create_app
from tests.fixtures.goods import Goods, make_product
from tests.fixtures.stores import statements
from tests.judges.visitor import Page
from tests.web.admin.conftest import Desk, make_desk
from tests.web.plugins import filler as plugin
from tests.web.shop.browser import Shopper, token_of

__all__ = ["make_desk"]
OWNER = "owner"


def desk_of(store: Store) -> Desk:
    from storegen.domain.people import staff
    from storegen.values.actor import CLI

    store.transact(lambda uow: staff.create_staff(uow, CLI, OWNER, permissions=["*"], name="Owner"))
    desk = Desk(store, "")
    desk.enter(OWNER)
    return desk


def all_pages(shopper: Shopper, tea: Goods) -> dict[str, Page]:
    """One visit of everything: the parts of a slot's name → the page that has it."""
    pages = {
        "home": shopper.get("/"),
        "listing": shopper.get("/collections/all"),
        "search": shopper.get("/search?q=Tea"),
        "product": shopper.get(f"/products/{tea.handle}"),
        "sign_in": shopper.get("/account/sign-in"),
        "register": shopper.get("/account/register"),
    }
    shopper.sign_in()
    shopper.add(tea.variant)
    pages["cart"] = shopper.get("/cart")
    pages["checkout"] = shopper.get("/checkout")
    pages["order"] = shopper.get(f"/orders/{token_of(shopper.order('scripted'))}")
    pages["account"] = shopper.get("/account")
    pages["settings"] = shopper.get("/account/settings")
    return pages


def marked(text: str | bytes) -> set[str]:
    """The slots whose pieces are there."""
    html = text if isinstance(text, str) else text.decode()
    return set(re.findall(r"\[([a-z_.]+)\]", html))


def test_every_slot_is_in_its_page(shopper: Shopper, filled: Store, tea: Goods) -> None:
    pages = all_pages(shopper, tea)
    desk = desk_of(filled)
    order = re.search(r'href="/admin/(orders/[a-z0-9]+)"', desk.get("").text)
    product = re.search(r'href="/admin/(products/[a-z0-9]{10,})"', desk.get("/products").text)
    customer = re.search(r'href="/admin/(customers/[a-z0-9]+)"', desk.get("/customers").text)
    assert order is not None
    assert product is not None
    assert customer is not None
    office = {
        "admin.dashboard": desk.get("").text,
        "admin.order": desk.get(f"/{order[1]}").text,
        "admin.product": desk.get(f"/{product[1]}").text,
        "admin.customer": desk.get(f"/{customer[1]}").text,
    }
    everywhere = {"head", "footer", "shell.top", "shell.tools", "shell.bottom"}
    assert {name for name in SLOTS if "." not in name or name.startswith("shell.")} == everywhere
    for name in SLOTS:
        if name in everywhere:
            for where, page in pages.items():
                assert name in marked(page.body), (name, where)
        elif name in office:
            assert name in marked(office[name])
        else:
            where = "settings" if name == "account.settings" else name.split(".")[0]
            assert name in marked(pages[where].body), name
    assert "listing.card" in marked(pages["search"].body)
    assert "listing.top" in marked(pages["search"].body)
    assert "sign_in.bottom" in marked(pages["register"].body)


def test_pieces_are_given_what_the_list_says(
    shopper: Shopper, filled: Store, tea: Goods, filler: ModuleType
) -> None:
    all_pages(shopper, tea)
    given = {name: args for name, args, _ in filler.notes}
    for name, slot in SLOTS.items():
        if not name.startswith("admin."):
            assert set(given[name]) == set(slot.args), name
    assert given["product.buy"]["product_id"] == tea.product_id
    assert given["product.buy"]["variant_ids"] == (tea.variant_id,)
    assert given["cart.summary"]["cart"].lines[0].variant_id == tea.variant_id
    assert given["cart.summary"]["quote"].payable == 1000
    assert given["order.top"]["order"].order_id == given["order.top"]["order_id"]
    for name, _, session in filler.notes:
        known = not SLOTS[name].public and name != "sign_in.bottom"
        assert (session is not None) == known, "public pieces know nobody"


def test_a_broken_piece_costs_only_itself(
    shopper: Shopper, filled: Store, tea: Goods, filler: ModuleType
) -> None:
    filler.faults.update({"product.price", "listing.card", "cart.top"})
    page = shopper.get(f"/products/{tea.handle}")
    assert page.status == 200
    assert "product.price" not in marked(page.body)
    assert {"product.buy", "product.details", "head"} <= marked(page.body)
    mark = (
        create_app(filled).test_client().get(f"/products/{tea.handle}", base_url="http://shop.test")
    )
    assert "ttl=10" in mark.headers["X-Storegen-Cache"].split(), "it is tried again soon"
    assert shopper.get("/cart").status == 200
    shopper.get(f"/products/{tea.handle}")
    assert filled.plugins.breaker.is_open("filler", "slot product.price")
    before = len(filler.notes)
    filler.faults.clear()
    page = shopper.get(f"/products/{tea.handle}")
    assert "product.price" not in marked(page.body), "the breaker is open"
    assert "product.price" not in {name for name, _, _ in filler.notes[before:]}


def test_a_failed_statement_does_not_take_the_page_with_it(
    shopper: Shopper, filled: Store, tea: Goods
) -> None:
    from sqlalchemy import text

    def broken(view: object) -> None:
        view.uow.db.execute(text("SELECT * FROM not_there"))  # type: ignore[attr-defined]

    piece = next(each for each in plugin.manifest.slots if each.slot == "shell.top")
    object.__setattr__(piece, "load", broken)
    try:
        page = shopper.get(f"/products/{tea.handle}")
    finally:
        object.__setattr__(piece, "load", plugin.fill)
    assert page.status == 200
    assert "product.buy" in marked(page.body)
    assert "shell.top" not in marked(page.body)


def test_a_slow_piece_is_left_out_after_a_while(
    shopper: Shopper, filled: Store, tea: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storegen.web.plugins import slots

    monkeypatch.setattr(slots, "SLOW", -1.0)
    for _ in range(3):
        assert "product.buy" in marked(shopper.get(f"/products/{tea.handle}").body)
    assert "product.buy" not in marked(shopper.get(f"/products/{tea.handle}").body)


def test_cards_are_loaded_once_for_a_list(
    shopper: Shopper, filled: Store, filler: ModuleType
) -> None:
    made = [make_product(filled, f"Tea {n}").product_id for n in range(5)]
    filler.notes.clear()
    page = shopper.get("/collections/all")
    loads = [args["product_ids"] for name, args, _ in filler.notes if name == "listing.card"]
    assert [sorted(ids) for ids in loads] == [sorted(made)]
    for number in made:
        assert f"[listing.card]({number})" in page.text


def test_tags_of_public_pieces_are_the_pages_tags(app: Flask, tea: Goods) -> None:
    answer = app.test_client().get(f"/products/{tea.handle}", base_url="http://shop.test")
    tags = answer.headers["X-Storegen-Cache"].split()
    assert "filler" in tags
    assert f"product:{tea.product_id}" in tags
    assert not any(tag.startswith("ttl=") for tag in tags)


def places(page: Page) -> list[str]:
    return re.findall(r'data-slot="(filler\.[0-9]+~[a-z0-9_]*)" data-piece', page.body.decode())


def fragment(shopper: Shopper, asked: list[str]) -> dict[str, str]:
    query = "&".join(f"piece={key}" for key in asked)
    found: dict[str, str] = json.loads(shopper.get(f"/fragment?{query}").body)
    return found


def test_personal_pieces_arrive_in_the_fragment(
    shopper: Shopper, filled: Store, tea: Goods, filler: ModuleType
) -> None:
    asked = places(shopper.get(f"/products/{tea.handle}")) + places(shopper.get("/collections/all"))
    assert len(set(asked)) == 4  # product.buy; the footer of two pages; the card
    assert set(fragment(shopper, asked)) == {"cart_count", "customer"}, "nobody yet"
    shopper.sign_in()
    filler.notes.clear()
    found = fragment(shopper, asked)
    assert set(found) == {"cart_count", "customer", *asked}
    buy = next(html for key, html in found.items() if "[product.buy]" in html)
    assert "(product_id,variant_ids)" in buy
    assert any(f"[listing.card]({tea.product_id})" in html for html in found.values())
    assert all(session is not None for _, _, session in filler.notes)


def test_a_fragment_answers_only_what_there_is(
    shopper: Shopper, filled: Store, tea: Goods, filler: ModuleType
) -> None:
    shopper.sign_in()
    public = next(n for n, each in enumerate(plugin.manifest.slots) if each.slot == "product.buy")
    filler.notes.clear()
    odd = ["filler.9999~x", f"filler.{public}~{tea.handle}", "nobody.0~", "../..", "filler.0~<b>"]
    assert set(fragment(shopper, odd)) == {"cart_count", "customer"}
    assert filler.notes == []


def test_a_page_asks_the_database_nothing_for_slots_that_nobody_fills(
    make_store: object, shopper: Shopper, filled: Store, tea: Goods
) -> None:
    """The same page with and without a plugin that asks nothing: the same statements."""
    bare = make_store("sqlite", locale="en", plugins=[])  # type: ignore[operator]
    goods = make_product(bare, "Tea", description="<p>About</p>")
    client = create_app(bare).test_client()
    counts = []
    for store, open_page in (
        (filled, lambda: shopper.get(f"/products/{tea.handle}")),
        (bare, lambda: client.get(f"/products/{goods.handle}", base_url="http://shop.test")),
    ):
        open_page()
        with statements(store) as found:
            open_page()
        counts.append(len(found))
    assert counts[0] == counts[1]
