"""A product's page: whole, in the reader's language, in three statements whatever its size."""

from __future__ import annotations

from pathlib import Path

import pytest

from storegen.domain import settings
from storegen.domain.catalog.product_page import product_by_id, product_page
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.values.catalog import CatalogOption, CatalogVariant
from tests.fixtures.stores import statements
from tests.generate.catalogs import bring, cup, put_pictures, shop, tea


def test_a_page_in_two_languages(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea(), cup())
    with store.read() as uow:
        here, there = product_page(uow, "longjing", "zh-Hans"), product_page(uow, "longjing", "en")
        assert product_page(uow, "nothing", "en") is None
        assert here is not None
        assert product_by_id(uow, here.public_id, "zh-Hans") == here
    assert there is not None
    assert (here.title, there.title) == ("明前龙井", "Longjing Green Tea")
    assert (here.seo_title, there.seo_title) == ("明前龙井｜雨山", "明前龙井｜雨山")
    assert [(v.title, v.price, v.compare_at, v.level) for v in here.variants] == [
        ("50 g", 12800, 14800, "in"),
        ("100 g", 23800, None, "in"),
    ]
    assert len(here.shelf_ids) == 2


@pytest.mark.parametrize("size", [1, 100])
def test_three_statements_whatever_the_size(store: Store, tmp_path: Path, size: int) -> None:
    names = tuple(f"v{n}" for n in range(size))
    large = cup(
        kind="variable",
        options=(CatalogOption(name="Size", values=names),),
        variants=tuple(CatalogVariant(option_values=(n,), price=100, stock=1) for n in names),
        tags=tuple(f"tag {n}" for n in range(size)),
    )
    others = [
        cup(handle=f"c{n}", variants=(CatalogVariant(price=1),)) for n in range(min(size, 20))
    ]
    bring(store, tmp_path, large, *others)
    shop(store)  # settings are shared by requests
    with statements(store) as found, store.read() as uow:
        page = product_page(uow, "cup", "en")
    assert page is not None
    assert len(page.variants) == size
    assert len(found) == 3, found.texts


def test_the_gallery_is_in_order_and_a_variants_picture_is_found(
    store: Store, tmp_path: Path
) -> None:
    images = put_pictures(tmp_path, red="#ff0000", green="#00ff00", blue="#0000ff")
    first = CatalogVariant(sku="CUP", price=4500, stock=3, image="art/blue.png")
    product = cup(images=tuple(images[:2]), variants=(first,))
    report = bring(store, tmp_path, product, pictures=True)
    assert report.images == 3
    with store.read() as uow:
        page = product_page(uow, "cup", "en")
    assert page is not None
    assert [each.alt for each in page.pictures] == ["red", "green"]
    assert page.variants[0].picture is not None
    assert page.variants[0].picture.colour == "#0000ff"


def test_a_grouped_product_shows_its_children(store: Store, tmp_path: Path) -> None:
    pair = cup(handle="pair", title="Pair", kind="grouped", grouped=("LJ-50", "cup"), variants=())
    bring(store, tmp_path, tea(), cup(), pair)
    with store.read() as uow:
        page = product_page(uow, "pair", "en")
    assert page is not None
    assert {card.handle for card in page.children} == {"longjing", "cup"}


def test_the_policy_decides_what_is_struck_through(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea())
    store.transact(lambda uow: settings.save(uow, CLI, "checkout", {"struck_price": "never"}))
    with store.read() as uow:
        page = product_page(uow, "longjing", "en")
    assert page is not None
    assert [variant.compare_at for variant in page.variants] == [None, None]


def test_a_draft_is_nobodys(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, cup(status="draft"))
    with store.read() as uow:
        assert product_page(uow, "cup", "en") is None
