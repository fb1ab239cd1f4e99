"""A catalog in the database: written whole, and written again without losing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from storegen.domain.audit import drifts
from storegen.domain.catalog import exporting
from storegen.domain.catalog.finishing import finish_import
from storegen.domain.catalog.listing import ListingQuery, read_listing
from storegen.domain.catalog.product_page import product_page
from storegen.domain.stock import BACKORDER_ALL
from storegen.generate.catalog import FORMATS, write_catalog
from storegen.generate.importing import import_catalogs
from storegen.models import (
    Category,
    PriceHistory,
    Product,
    ProductFacet,
    Stock,
    StockMovement,
    Variant,
)
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.values.catalog import CatalogProduct, CatalogVariant
from tests.fixtures.goods import Goods, make_delivery, place_order
from tests.generate.catalogs import OPTIONS, Make, bring, cup, tea


def rows(store: Store, statement: Any) -> list[Any]:
    with store.read() as uow:
        return list(uow.db.execute(statement).all())


def one(store: Store, statement: Any) -> Any:
    with store.read() as uow:
        return uow.db.scalar(statement)


def exported(store: Store) -> list[CatalogProduct]:
    with store.read() as uow:
        return list(exporting.products(uow))


def goods(store: Store, sku: str) -> Goods:
    with store.read() as uow:
        row = uow.db.execute(
            select(Variant.product_id, Variant.id, Variant.public_id).where(Variant.sku == sku)
        ).one()
    return Goods(row.product_id, row.id, row.public_id, "")


def test_every_field_arrives_and_comes_back(store: Store, tmp_path: Path) -> None:
    report = bring(store, tmp_path, tea(), cup())
    assert (report.products, report.new, report.variants, report.skipped) == (2, 2, 3, 0)
    assert exported(store) == [tea(), cup()]
    stock = rows(
        store,
        select(Variant.sku, Stock.tracked, Stock.on_hand, Stock.backorder)
        .join(Stock, Stock.variant_id == Variant.id)
        .order_by(Variant.sku),
    )
    assert stock == [
        ("CUP", True, 3, 0),
        ("LJ-100", False, 0, BACKORDER_ALL),
        ("LJ-50", True, 40, 0),
    ]
    assert rows(store, select(StockMovement.change, StockMovement.reason)) == [
        (40, "import"),
        (3, "import"),
    ]
    card = rows(store, select(Product.price_min, Product.price_max, Product.compare_at_min))
    assert card == [(12800, 23800, 14800), (4500, 4500, None)]
    assert store.look(drifts) == []


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea(), cup())
    before = rows(store, select(Variant.id, Variant.public_id, Variant.sku).order_by(Variant.id))
    counted = one(store, select(func.count()).select_from(PriceHistory))
    report = bring(store, tmp_path, tea(), cup())
    assert (report.products, report.new) == (2, 0)
    after = rows(store, select(Variant.id, Variant.public_id, Variant.sku).order_by(Variant.id))
    assert after == before
    assert one(store, select(func.count()).select_from(PriceHistory)) == counted == 3
    assert one(store, select(func.count()).select_from(StockMovement)) == 2
    assert exported(store) == [tea(), cup()]


def test_a_changed_price_is_remembered_and_stock_is_set(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, cup())
    sold = CatalogVariant(sku="CUP", price=3900, compare_at=4500, stock=8)
    bring(store, tmp_path, cup(variants=(sold,)))
    history = rows(
        store, select(PriceHistory.price, PriceHistory.compare_at).order_by(PriceHistory.id)
    )
    assert history == [(4500, None), (3900, 4500)]
    assert rows(store, select(StockMovement.change).order_by(StockMovement.id)) == [(3,), (5,)]
    assert store.look(drifts) == []


def test_a_variant_keeps_its_id_by_its_sku_when_its_options_are_renamed(
    store: Store, tmp_path: Path
) -> None:
    bring(store, tmp_path, tea())
    before = dict(rows(store, select(Variant.sku, Variant.id)))
    source = tea()
    renamed = tea(
        options=(type(source.options[0])(name="净含量", values=("50 克", "100 克")),),
        variants=tuple(
            CatalogVariant(sku=v.sku, option_values=(o,), price=v.price, stock=v.stock)
            for v, o in zip(source.variants, ("50 克", "100 克"), strict=True)
        ),
    )
    bring(store, tmp_path, renamed)
    assert dict(rows(store, select(Variant.sku, Variant.id))) == before


def test_a_variant_that_was_ordered_is_switched_off_another_is_deleted(
    store: Store, tmp_path: Path
) -> None:
    bring(store, tmp_path, tea())
    make_delivery(store)
    place_order(store, (goods(store, "LJ-50"), 1))
    one_left = CatalogVariant(sku="LJ-250", option_values=("250 g",), price=50000, stock=1)
    options = (type(tea().options[0])(name="净含量", values=("250 g",)),)
    bring(store, tmp_path, tea(options=options, variants=(one_left,)))
    found = rows(store, select(Variant.sku, Variant.active).order_by(Variant.sku))
    assert found == [("LJ-250", True), ("LJ-50", False)]
    assert [v.sku for v in exported(store)[0].variants] == ["LJ-250"]
    assert store.look(drifts) == []
    bring(store, tmp_path, tea())  # it comes back as what it was
    assert ("LJ-50", True) in rows(store, select(Variant.sku, Variant.active))


def test_categories_come_from_paths_types_and_tags(store: Store, tmp_path: Path) -> None:
    bring(
        store,
        tmp_path,
        tea(),
        cup(handle="a", category="", product_type="Cups"),
        cup(handle="b", category="", tags=("gift", "new")),
        cup(handle="c", category="茶叶 > 绿茶", status="draft"),
    )
    parent = select(Category.title).where(Category.id == Category.parent_id)
    found = rows(store, select(Category.title, Category.slug, Category.product_count))
    assert sorted(found) == [
        ("Cups", "cups", 1),
        ("gift", "gift", 1),
        ("new", "new", 1),
        ("绿茶", "绿茶", 1),
        ("茶叶", "茶叶", 1),
    ]
    assert parent is not None
    with store.read() as uow:
        top = uow.db.scalar(select(Category.id).where(Category.title == "茶叶"))
        listed = read_listing(uow, "en", ListingQuery(category_id=top))
    assert [card.title for card in listed.cards] == ["Longjing Green Tea"]


def test_facets_are_written_and_replaced(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea())
    statement = select(ProductFacet.name, ProductFacet.value)
    assert set(rows(store, statement)) == {
        ("vendor", "雨山 Rainhill"),
        ("type", "绿茶"),
        ("tag", "春茶"),
        ("tag", "送礼"),
        ("option:净含量", "50 g"),
        ("option:净含量", "100 g"),
    }
    bring(store, tmp_path, tea(tags=("秋茶",), vendor=""))
    assert {("tag", "秋茶")} == {row for row in rows(store, statement) if row.name == "tag"}


@pytest.mark.parametrize(
    "words", ["longjing", "green tea", "龙井", "茶", "LJ-100", "雨山", "绿茶", "6900000000011"]
)
def test_search_finds_chinese_english_and_numbers(store: Store, tmp_path: Path, words: str) -> None:
    bring(store, tmp_path, tea(), cup())
    with store.read() as uow:
        found = read_listing(uow, "zh-Hans", ListingQuery(search=words, sort="relevance"))
    handles = [card.handle for card in found.cards]
    assert "longjing" in handles
    bring(store, tmp_path, tea(title="西湖", translations={}, category="", tags=(), vendor=""))
    with store.read() as uow:
        gone = read_listing(uow, "zh-Hans", ListingQuery(search="longjing", sort="relevance"))
    assert [card.handle for card in gone.cards] == []


def test_products_beside_one_another_share_a_shelf(store: Store, tmp_path: Path) -> None:
    teas = [
        tea(handle=f"t{n}", title=f"Tea {n}", tags=("春茶",) if n % 2 else ("秋茶",), variants=(
            CatalogVariant(sku=f"T{n}", option_values=("50 g",), price=100, stock=1),
        ))
        for n in range(12)
    ]  # fmt: skip
    bring(store, tmp_path, *teas, cup())
    with store.read() as uow:
        page = product_page(uow, "t3", "en")
    assert page is not None
    assert len(page.related) == 8
    assert "cup" not in {card.handle for card in page.related}
    assert "t3" not in {card.handle for card in page.related}
    assert {card.handle for card in page.related[:5]} == {"t1", "t5", "t7", "t9", "t11"}


def test_html_is_made_safe_on_the_way_in(store: Store, tmp_path: Path) -> None:
    bad = '<p onclick="x()">ok<script>x()</script></p><img src="javascript:1">'
    bring(store, tmp_path, tea(description=bad, translations={"en": {"description": bad}}))
    product = exported(store)[0]
    assert product.description == "<p>ok</p>"
    assert product.translations["en"]["description"] == "<p>ok</p>"


def test_texts_that_no_column_holds_are_cut_and_named(store: Store, tmp_path: Path) -> None:
    report = bring(store, tmp_path, cup(title="x" * 600, vendor="a\0b"))
    assert [(each.column, each.value) for each in report.problems] == [("title", "cup")]
    product = exported(store)[0]
    assert (len(product.title), product.vendor) == (500, "ab")


@pytest.mark.parametrize("format", FORMATS)
def test_export_import_export_gives_the_same_bytes(
    make_store: Make, backend: str, tmp_path: Path, format: str
) -> None:
    first, second = make_store(backend), make_store(backend)
    bring(
        first,
        tmp_path,
        tea(),
        cup(),
        cup(handle="draft", title="Draft <3", status="draft", tags=("a, b", "c;d")),
        cup(handle="gone", title="'=1+1", status="archived", gift_card=True),
        cup(handle="far", title="Far", kind="external", external_url="https://x.example/y"),
    )
    one_file, other = tmp_path / "one", tmp_path / "other"
    write_catalog(
        exported(first), one_file, format=format, currency="CNY", base_url="http://shop.test"
    )
    report = import_catalogs(second, CLI, [one_file], OPTIONS)
    assert report.problems == []
    write_catalog(
        exported(second), other, format=format, currency="CNY", base_url="http://shop.test"
    )
    assert one_file.read_bytes() == other.read_bytes()


def test_an_import_touches_the_pages_it_changes(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, cup())
    product_id = goods(store, "CUP").product_id
    before = store.counters.read([f"product:{product_id}", "listing"])
    bring(store, tmp_path, cup(title="Other"))
    after = store.counters.read([f"product:{product_id}", "listing"])
    assert all(new != old for new, old in zip(after, before, strict=True))


def test_finishing_twice_is_the_same_as_once(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea(), cup(category="茶叶"))
    related = text("SELECT product_id, other_id, position FROM related ORDER BY 1, 3")
    before = rows(store, related)
    store.transact(finish_import)
    assert rows(store, related) == before != []
