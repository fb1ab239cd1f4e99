"""Products at the desk over HTTP: made, changed, priced, counted, pictured; and attacked."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from storegen.models import (
    Category,
    Media,
    PriceHistory,
    Product,
    ProductCategory,
    ProductImage,
    Redirect,
    Stock,
    StockMovement,
    Translation,
    Variant,
)
from storegen.store import Store
from tests.fixtures.goods import Goods, make_delivery, make_product, place_order
from tests.fixtures.stores import statements
from tests.web.admin.conftest import HOST, ORIGIN, Desk


def form(desk: Desk, key: str) -> dict[str, Any]:
    """What the product's form would send if nobody changed anything."""
    page = desk.get(f"/products/{key}").text
    body = page.partition('action="/en/admin/products/' + key + '/save"')[2].partition("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]+>", body):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name is None or name[1].endswith("_remove") or ".00000." in name[1]:
            continue
        if kind and kind[1] == "checkbox" and " checked" not in tag:
            continue
        found[name[1]] = value[1] if value else ""
    for name, chosen in re.findall(
        r'<select[^>]*name="([^"]+)".*?<option value="([^"]*)" selected', body, re.DOTALL
    ):
        found[name] = chosen
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', body, re.DOTALL
    ):
        found[name] = text.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    return found


def key_of(store: Store, goods: Goods) -> str:
    with store.read() as uow:
        return str(uow.db.scalar(select(Product.public_id).where(Product.id == goods.product_id)))


NEW = {
    "title.zh-Hans": "春茶",
    "title.en": "Spring tea",
    "description.zh-Hans": "<p>好茶<script>alert(1)</script></p>",
    "status": "active",
    "return_class": "no_return",
    "category": "茶叶 > 绿茶",
    "tags": "新品，绿茶; 礼物",
    "option1": "规格",
    "variants.0.value1": "50 g",
    "variants.0.price": "68",
    "variants.0.compare_at": "80.5",
    "variants.0.on_hand": "7",
    "variants.0.tracked": "1",
    "variants.0.requires_shipping": "1",
    "variants.0.weight": "62.5",
    "variants.0.sku": "T-50",
    "variants.1.value1": "100 g",
    "variants.1.price": "128.00",
    "variants.1.taxable": "1",
}


def test_make_a_product_with_variants(desk: Desk, store: Store) -> None:
    desk.done("/products/new", NEW)
    with store.read() as uow:
        product = uow.orm.scalars(select(Product)).one()
        variants = uow.orm.scalars(select(Variant).order_by(Variant.position)).all()
        stock = uow.orm.scalars(select(Stock).order_by(Stock.variant_id)).all()
        english = uow.db.scalar(select(Translation.text).where(Translation.field == "title"))
        shelves = uow.db.scalars(select(Category.title).order_by(Category.id)).all()
        prices = uow.db.scalars(select(PriceHistory.price).order_by(PriceHistory.id)).all()
    assert (product.title, english, product.status) == ("春茶", "Spring tea", "active")
    assert product.handle == "春茶"
    assert product.return_class == "no_return"
    assert product.tags == ["新品", "绿茶", "礼物"]
    assert shelves == ["茶叶", "绿茶"]
    assert "script" not in product.description
    assert "alert" not in product.description
    assert (product.price_min, product.price_max, product.variant_count) == (6800, 12800, 2)
    assert product.options == [{"name": "规格", "values": ["50 g", "100 g"]}]
    first = variants[0]
    assert (first.sku, first.price, first.compare_at, first.weight) == ("T-50", 6800, 8050, 62_500)
    assert [(each.tracked, each.on_hand) for each in stock] == [(True, 7), (False, 0)]
    assert prices == [6800, 12800]


def test_saving_what_one_sees_changes_nothing(desk: Desk, store: Store) -> None:
    desk.done("/products/new", NEW)
    with store.read() as uow:
        key = uow.db.scalar(select(Product.public_id))
        before = [
            list(uow.db.execute(select(table).order_by(*table.primary_key)))
            for table in (Variant.__table__, Stock.__table__, PriceHistory.__table__)
        ]
    desk.done(f"/products/{key}/save", form(desk, str(key)))
    with store.read() as uow:
        after = [
            list(uow.db.execute(select(table).order_by(*table.primary_key)))
            for table in (Variant.__table__, Stock.__table__, PriceHistory.__table__)
        ]
    assert before == after


def test_change_options_without_losing_variants(desk: Desk, store: Store) -> None:
    desk.done("/products/new", NEW)
    with store.read() as uow:
        key = uow.db.scalar(select(Product.public_id))
        ids = set(uow.db.scalars(select(Variant.id)))
    sent = form(desk, str(key))
    # the two values change places: each variant stays itself
    sent["variants.0.value1"], sent["variants.1.value1"] = "100 g", "50 g"
    sent["variants.0.price"] = "70"
    sent["handle"] = "spring-tea"
    desk.done(f"/products/{key}/save", sent)
    with store.read() as uow:
        rows = uow.db.execute(
            select(Variant.id, Variant.title, Variant.price).order_by(Variant.id)
        ).all()
        away = uow.db.execute(select(Redirect.old_path, Redirect.new_path)).all()
    assert {row.id for row in rows} == ids
    assert [(row.title, row.price) for row in rows] == [("100 g", 7000), ("50 g", 12800)]
    assert away == [("/products/春茶", "/products/spring-tea")]
    # and back again: no address leads in a circle
    desk.done(f"/products/{key}/save", {**form(desk, str(key)), "handle": "春茶"})
    with store.read() as uow:
        away = uow.db.execute(select(Redirect.old_path, Redirect.new_path)).all()
    assert away == [("/products/spring-tea", "/products/春茶")]


def test_a_variant_that_was_ordered_is_only_switched_off(desk: Desk, store: Store) -> None:
    make_delivery(store)
    desk.done("/products/new", {**NEW, "return_class": "seven_days"})
    with store.read() as uow:
        key, product_id = uow.db.execute(select(Product.public_id, Product.id)).one()
        first = uow.db.execute(select(Variant.id, Variant.public_id).order_by(Variant.id)).first()
    assert first is not None
    place_order(store, (Goods(product_id, first.id, first.public_id, ""), 1))
    sent = form(desk, key)
    desk.done(f"/products/{key}/save", {**sent, "variants.0._remove": "1"})
    with store.read() as uow:
        rows = uow.db.execute(select(Variant.title, Variant.active))
        assert {row.title: row.active for row in rows} == {"50 g": False, "100 g": True}


def test_units_sold_while_the_form_was_open_stay_sold(desk: Desk, store: Store) -> None:
    goods = make_product(store, stock=10)
    key = key_of(store, goods)
    sent = form(desk, key)
    with store.write() as uow:  # three leave meanwhile
        uow.db.execute(update(Stock).values(on_hand=7))
    desk.done(f"/products/{key}/save", {**sent, "vendor": "Rain"})
    with store.read() as uow:
        assert uow.db.scalar(select(Stock.on_hand)) == 7
    desk.done(f"/products/{key}/save", {**form(desk, key), "variants.0.on_hand": "50"})
    with store.read() as uow:
        assert uow.db.scalar(select(Stock.on_hand)) == 50


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("variants.0.price", "-1"),
        ("variants.0.price", "1e3"),
        ("variants.0.price", "NaN"),
        ("variants.0.price", "9" * 30),
        ("variants.0.price", "1.999"),
        ("variants.0.price", ""),
        ("variants.0.on_hand", "0.5"),
        ("variants.0.on_hand", str(2**63)),
        ("variants.0.weight", "-3"),
        ("variants.1.value1", ""),
        ("variants.1.value1", "50 g"),
        ("status", "gone"),
        ("return_class", "never"),
        ("title.zh-Hans", " "),
        ("title.zh-Hans", "x" * 501),
        ("variants.0.key", "someone-elses"),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_written(
    desk: Desk, store: Store, field: str, value: str
) -> None:
    answer = desk.post("/products/new", {**NEW, field: value})
    assert answer.status_code in (404, 409, 422), answer.status_code
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Product)) == 0


def test_an_address_is_taken_once(desk: Desk, store: Store) -> None:
    desk.done("/products/new", NEW)
    again = desk.post("/products/new", NEW)
    assert again.status_code == 409
    assert "taken by another product" in again.text


def test_scripts_in_every_field_come_back_as_text(desk: Desk, store: Store) -> None:
    evil = '"><script>alert(1)</script>'
    names = ("title.zh-Hans", "title.en", "category", "tags", "option1", "variants.0.sku",
             "variants.0.value1", "seo_title.en", "vendor")  # fmt: skip
    desk.done("/products/new", {**NEW, **{name: evil + name for name in names}})
    with store.read() as uow:
        key = uow.db.scalar(select(Product.public_id))
    for path in ("/products", f"/products/{key}", "/categories", "/audit", ""):
        page = desk.get(path).text
        assert "<script>alert" not in page, path


def test_bulk_prices_are_shown_before_they_are_set(desk: Desk, store: Store) -> None:
    keys = [key_of(store, make_product(store, f"Tea {n}", price=price))
            for n, price in enumerate((1000, 1999, 5))]  # fmt: skip
    sent = {"key": keys, "how": "percent", "value": "-12.5", "step": "10", "compare": "before"}
    shown = desk.post("/products/bulk/price", sent)
    assert "¥10" in shown.text
    assert "¥8.80" in shown.text
    with store.read() as uow:
        assert sorted(uow.db.scalars(select(Variant.price))) == [5, 1000, 1999]
    desk.applied("/products/bulk/price", sent)
    with store.read() as uow:
        rows = uow.db.execute(select(Variant.price, Variant.compare_at).order_by(Variant.id)).all()
        cards = uow.db.scalars(select(Product.price_min).order_by(Product.id)).all()
        history = uow.db.scalar(select(func.count()).select_from(PriceHistory))
    assert [tuple(row) for row in rows] == [(880, 1000), (1750, 1999), (0, 5)]
    assert list(cards) == [880, 1750, 0]
    assert history == 6


@pytest.mark.parametrize(
    ("how", "value", "status"),
    [("set", "-1", 422), ("percent", "-101", 422), ("percent", "x", 400), ("amount", "", 422)],
)
def test_bulk_prices_that_make_no_sense(
    desk: Desk, store: Store, how: str, value: str, status: int
) -> None:
    key = key_of(store, make_product(store))
    sent = {"key": key, "how": how, "value": value, "step": "1", "compare": "keep"}
    assert desk.post("/products/bulk/price", sent).status_code == status


def test_bulk_stock_for_all_that_the_search_finds(desk: Desk, store: Store) -> None:
    for title in ("Green tea", "Green cup", "Red tea"):
        make_product(store, title, stock=3)
    make_product(store, "Green air", stock=None)
    sent = {"scope": "all", "q": "green", "how": "add", "value": "5"}
    desk.applied("/products/bulk/stock", sent)
    with store.read() as uow:
        rows = uow.db.execute(
            select(Product.title, Stock.on_hand)
            .join(Variant, Variant.id == Stock.variant_id)
            .join(Product, Product.id == Variant.product_id)
        ).all()
        moved = uow.db.scalars(
            select(StockMovement.change).where(StockMovement.reason == "staff")
        ).all()
    assert {row.title: row.on_hand for row in rows} == {
        "Green tea": 8, "Green cup": 8, "Red tea": 3, "Green air": 0,
    }  # fmt: skip
    assert list(moved) == [5, 5]
    below = {"scope": "all", "q": "red", "how": "add", "value": "-4"}
    assert desk.post("/products/bulk/stock", below).status_code == 422


def test_archive_and_back_on_sale(desk: Desk, store: Store) -> None:
    keys = [key_of(store, make_product(store)) for _ in range(2)]
    desk.done(f"/products/{keys[0]}/archive")
    desk.done("/products/bulk/status", {"key": keys, "status": "archived"})
    desk.done(f"/products/{keys[1]}/publish")
    with store.read() as uow:
        assert list(uow.db.scalars(select(Product.status).order_by(Product.id))) == [
            "archived",
            "active",
        ]


def picture(
    colour: str = "#2f5d50", size: tuple[int, int] = (400, 300), kind: str = "PNG"
) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def upload(desk: Desk, key: str, data: bytes, name: str = "tea.png") -> Any:
    return desk.post(
        f"/products/{key}/add-picture", {"picture": (io.BytesIO(data), name), "alt": "A cup"}
    )


def test_pictures_are_added_ordered_described_and_taken_out(desk: Desk, store: Store) -> None:
    key = key_of(store, make_product(store))
    marked = picture("#aa3311") + b"<?php echo 1 ?>"
    for data in (picture(), marked):
        assert upload(desk, key, data, "../../evil.php").status_code == 303
    with store.read() as uow:
        images = uow.orm.scalars(select(ProductImage).order_by(ProductImage.position)).all()
        media = {each.id: each for each in uow.orm.scalars(select(Media))}
        cover = uow.db.scalar(select(Product.cover_id))
    assert [each.alt for each in images] == ["A cup"] * 2
    assert cover == images[0].media_id
    for each in media.values():  # what is served was encoded by us
        for made in each.renditions:
            path = f"{each.sha256[:2]}/{each.sha256[2:]}/{made['name']}"
            with store.media.open(path) as file:
                assert b"<?php" not in file.read()
    second = images[1]
    desk.done(
        f"/products/{key}/change-picture", {"image": second.id, "alt": "First now", "place": "1"}
    )
    with store.read() as uow:
        assert uow.db.scalar(select(Product.cover_id)) == second.media_id
    desk.done(f"/products/{key}/remove-picture", {"image": second.id})
    with store.read() as uow:
        assert uow.db.scalar(select(Product.cover_id)) == images[0].media_id
        assert uow.db.scalar(select(func.count()).select_from(ProductImage)) == 1
    other = key_of(store, make_product(store))
    assert (
        desk.post(f"/products/{other}/remove-picture", {"image": images[0].id}).status_code == 404
    )


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>",
        b"GIF89a<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"#!/bin/sh\nid",
        b"",
    ],
)
def test_what_is_no_picture_is_refused(desk: Desk, store: Store, data: bytes) -> None:
    key = key_of(store, make_product(store))
    answer = upload(desk, key, data)
    assert answer.status_code == 422, answer.status_code
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(ProductImage)) == 0


def test_too_large_an_upload_is_not_read(desk: Desk, store: Store) -> None:
    key = key_of(store, make_product(store))
    for verb, most in (("add-picture", 22 * 2**20), ("change-picture", 5 * 2**20)):
        answer = desk.client.post(
            f"/en/admin/products/{key}/{verb}",
            base_url=HOST,
            headers=ORIGIN,
            data=b"-" * most,
            content_type="multipart/form-data; boundary=x",
        )
        assert answer.status_code == 413, verb


def test_find_products(desk: Desk, store: Store) -> None:
    tea = key_of(store, make_product(store, "绿茶 Green_tea", stock=3))
    cup = key_of(store, make_product(store, "Cup", stock=0, status="draft", vendor="Rain"))
    found = {
        "": {tea, cup},
        "?q=绿": {tea},
        "?q=GREEN": {tea},
        "?q=n_t": {tea},
        "?q=%25": set(),
        "?q=rain": {cup},
        "?q=SKU-": {tea, cup},
        "?f.status=draft": {cup},
        "?f.stock=out": {cup},
        "?f.stock=few": {tea},
        "?f.stock=short": set(),
    }
    for query, keys in found.items():
        page = desk.get(f"/products{query}").text
        assert {key for key in (tea, cup) if key in page} == keys, query


def test_a_list_costs_the_same_however_long_it_is(desk: Desk, store: Store) -> None:
    make_product(store)
    desk.get("/products")
    with statements(store) as few:
        desk.get("/products")
    for _ in range(12):
        make_product(store)
    desk.get("/products")
    with statements(store) as many:
        desk.get("/products")
    assert len(few) == len(many) <= 6, many.texts


def test_csv_runs_no_formula(desk: Desk, store: Store) -> None:
    make_product(store, "=cmd|' /C calc'!A0")
    make_product(store, "+1+1", vendor="@SUM(1)")
    table = list(csv.reader(io.StringIO(desk.get("/products/export.csv").text[1:])))
    assert len(table) == 3
    for cells in table:
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in cells)
    assert any("'=cmd" in cells[0] for cells in table)


def test_the_shelves_of_a_moved_category(desk: Desk, store: Store) -> None:
    desk.done("/products/new", NEW)
    desk.done(
        "/categories/new", {"title.zh-Hans": "礼物", "position": "5", "visible": "1", "parent": ""}
    )
    with store.read() as uow:
        keys = {
            row.title: row.public_id
            for row in uow.db.execute(select(Category.title, Category.public_id))
        }
    path = f"/categories/{keys['绿茶']}/save"
    base = {"title.zh-Hans": "绿茶", "position": "1", "visible": "1"}
    desk.done(path, {**base, "parent": keys["礼物"], "title.en": "Green"})
    with store.read() as uow:
        counts = {
            row.title: row.product_count
            for row in uow.db.execute(select(Category.title, Category.product_count))
        }
        stands = uow.db.scalar(select(func.count()).select_from(ProductCategory))
    assert counts == {"茶叶": 0, "绿茶": 1, "礼物": 1}
    assert stands == 2
    loop = {"title.zh-Hans": "礼物", "position": "5", "parent": keys["绿茶"]}
    assert desk.post(f"/categories/{keys['礼物']}/save", loop).status_code == 409
    assert desk.post(path, {**base, "parent": "nowhere"}).status_code == 422
    taken = {**base, "parent": "", "slug": "礼物"}
    assert desk.post(path, taken).status_code == 409
    desk.done(f"/categories/{keys['礼物']}/delete")
    with store.read() as uow:
        left = uow.db.execute(select(Category.title, Category.parent_id)).all()
    assert {tuple(row) for row in left} == {("茶叶", None), ("绿茶", None)}
