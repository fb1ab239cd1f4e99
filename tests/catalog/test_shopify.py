"""Shopify product CSV under its classic and its present column names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storegen.values.catalog import CatalogImage, CatalogOption
from tests.catalog.conftest import DATA, read


def test_classic_columns_and_rows_that_are_apart() -> None:
    format, products, problems = read(DATA / "shopify-classic.csv")
    assert (format, problems) == ("shopify-csv", [])
    assert [product.handle for product in products] == ["longjing", "mug", "card"]
    tea, mug, card = products
    assert tea.title == "西湖龙井 明前茶"
    assert tea.description == "<p>明前手采，<b>一芽一叶</b>。</p>\n<p>产地：杭州</p>"
    assert (tea.vendor, tea.product_type) == ("狮峰茶庄", "绿茶")
    assert tea.category == "Food > Beverages > Tea"
    assert tea.tags == ("绿茶", "明前", "gift")
    assert (tea.status, tea.kind) == ("active", "variable")
    assert tea.options == (
        CatalogOption(name="规格", values=("50克", "100克")),
        CatalogOption(name="包装", values=("纸罐",)),
    )
    assert [image.source for image in tea.images] == [
        "images/longjing-2.jpg",
        "images/longjing-1.jpg",
        "images/longjing-3.jpg",
    ]
    assert tea.images[0] == CatalogImage(source="images/longjing-2.jpg", alt="茶园")
    small, large = tea.variants
    assert (small.price, small.compare_at, small.cost) == (129900, 150000, 60050)
    assert (small.stock, small.backorder, large.stock, large.backorder) == (12, False, 0, True)
    assert (small.weight, small.weight_unit, small.barcode) == (80_000, "g", "6901234567892")
    assert (small.tax_code, small.image) == ("TEA", "images/longjing-can.jpg")
    assert small.extra == {"Price / International": "199.00"}
    assert tea.extra == {"Tea grade (product.metafields.custom.tea_grade)": "AAA"}
    assert (tea.seo_title, tea.seo_description) == ("西湖龙井", "明前手采")
    assert (mug.options, mug.kind, mug.images[0].alt) == ((), "simple", "Mug on a table")
    assert (mug.variants[0].weight, mug.variants[0].weight_unit) == (350_500, "oz")
    assert mug.variants[0].taxable is False
    assert (card.gift_card, card.status) == (True, "draft")
    assert card.variants[1].requires_shipping is False
    assert card.variants[0].extra == {"Variant Fulfillment Service": "gift_card"}


def test_a_blank_tracker_means_untracked_and_the_quantity_survives() -> None:
    _, products, _ = read(DATA / "shopify-classic.csv")
    mug = products[1].variants[0]
    assert (mug.stock, mug.extra) == (None, {"Variant Inventory Qty": "7"})


def test_without_a_tracker_column_a_quantity_counts(saved: Callable[..., Path]) -> None:
    _, products, _ = read(saved("Handle,Title,Variant Price,Variant Inventory Qty\na,A,1,4\n"))
    assert products[0].variants[0].stock == 4


def test_present_columns() -> None:
    format, products, problems = read(DATA / "shopify-present.csv")
    assert (format, problems) == ("shopify-csv", [])
    shirt, hat = products
    assert [option.name for option in shirt.options] == ["Color", "Size"]
    assert shirt.options[0].values == ("white", "sand")
    assert [variant.stock for variant in shirt.variants] == [3, 0]
    assert [variant.backorder for variant in shirt.variants] == [False, True]
    assert (shirt.variants[0].price, shirt.variants[0].compare_at) == (5900, 7900)
    assert shirt.variants[0].image == "https://cdn.example.com/linen-white.jpg"
    assert shirt.extra["Option1 Linked To"] == "product.metafields.shopify.color-pattern"
    assert (hat.status, hat.variants[0].stock) == ("draft", None)


def test_a_missing_handle_comes_from_the_title(saved: Callable[..., Path]) -> None:
    text = "Title,Price\nBlue Shirt,9\n茶,8\n紫砂壶 Pot,7\n"
    _, products, problems = read(saved(text))
    assert problems == []
    assert products[0].handle == "blue-shirt"
    assert products[1].handle.startswith("p-")
    assert products[2].handle.startswith("pot-")
    assert len({product.handle for product in products}) == 3
    assert all(product.handle.isascii() for product in products)


def test_headers_match_in_any_case_and_spacing(saved: Callable[..., Path]) -> None:
    text = "HANDLE, Title ,variant  PRICE,Vendor\nx,X,5,Me\n"
    _, products, _ = read(saved(text))
    assert (products[0].variants[0].price, products[0].vendor) == (500, "Me")
