"""WooCommerce product CSV: all its kinds of rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storegen.values.catalog import CatalogOption
from tests.catalog.conftest import DATA, read


def test_every_kind_of_product() -> None:
    format, products, problems = read(DATA / "woocommerce.csv")
    assert (format, problems) == ("woocommerce-csv", [])
    hoodie, album, tee, group, external = products
    assert (hoodie.kind, hoodie.title, hoodie.vendor) == ("variable", "Hoodie", "Acme")
    assert hoodie.options == (CatalogOption(name="Color", values=("Blue", "Green")),)
    blue, green = hoodie.variants
    assert (blue.sku, blue.price, blue.compare_at) == ("hoodie-blue", 4200, 4500)
    assert (blue.stock, blue.backorder, blue.weight) == (5, True, 1_500_000)
    assert (blue.image, blue.option_values) == ("https://x.example/h-blue.jpg", ("Blue",))
    assert (green.price, green.compare_at, green.stock) == (4500, None, 0)
    assert (hoodie.category, hoodie.tags) == ("Clothing > Hoodies", ("warm", "cotton"))
    assert hoodie.extra["Categories"] == "Clothing > Hoodies, Sale"
    assert hoodie.extra["Attribute 2 value(s)"] == "Cotton"
    assert (hoodie.seo_title, hoodie.seo_description) == ("Warm hoodie", "Buy it")
    assert [image.source for image in hoodie.images] == [
        "https://x.example/h-1.jpg",
        "https://x.example/h-2.jpg",
    ]
    assert (album.kind, album.description) == ("simple", "Sound, and more")
    assert album.variants[0].requires_shipping is False
    assert (album.variants[0].taxable, album.variants[0].stock) == (False, None)
    assert album.variants[0].barcode == "4006381333931"
    assert (group.kind, group.grouped, group.variants) == ("grouped", ("album", "hoodie"), ())
    assert (external.kind, external.status) == ("external", "draft")
    assert external.external_url == "https://elsewhere.example/print"
    assert external.external_label == "Buy elsewhere"
    assert tee.handle.startswith("v-neck-")


def test_a_variation_for_any_value_stands_for_each() -> None:
    _, products, _ = read(DATA / "woocommerce.csv")
    tee = products[2]
    assert [variant.option_values for variant in tee.variants] == [
        ("Red", "S"),
        ("Red", "M"),
        ("White", "S"),
    ]
    assert [variant.price for variant in tee.variants] == [2000, 2000, 2100]
    assert len({variant.sku for variant in tee.variants}) == 3


HEAD = "ID,Type,SKU,Name,Published,Stock,Regular price,Sale price,Parent,"
ATTRIBUTES = "Attribute 1 name,Attribute 1 value(s)\n"


def test_stock_of_the_parent_is_split(saved: Callable[..., Path]) -> None:
    rows = (
        '1,variable,p,P,1,5,,,,Size,"S, M"\n'
        "2,variation,s,,1,parent,10,,id:1,Size,S\n3,variation,m,,1,parent,10,,p,Size,M\n"
    )
    _, products, problems = read(saved(HEAD + ATTRIBUTES + rows))
    assert [variant.stock for variant in products[0].variants] == [3, 2]
    assert [problem.column for problem in problems] == ["Stock"]


def test_a_variation_before_its_parent_and_an_orphan(saved: Callable[..., Path]) -> None:
    rows = (
        "2,variation,s,,1,1,10,,id:1,Size,S\n9,variation,o,,1,1,10,,id:77,Size,S\n"
        '7,simple,q,Q,1,,7,,,,\n1,variable,p,P,1,,,,,Size,"S, M"\n'
    )
    _, products, problems = read(saved(HEAD + ATTRIBUTES + rows))
    assert [product.title for product in products] == ["P", "Q"]
    assert [(problem.row, problem.reason) for problem in problems] == [
        (3, "parent 'id:77' is not in this file")
    ]


def test_a_sale_with_dates_is_not_taken_over(saved: Callable[..., Path]) -> None:
    head = "Type,SKU,Name,Regular price,Sale price,Date sale price ends\n"
    text = head + "simple,a,A,10,1,2020-01-01\n"
    _, products, problems = read(saved(text))
    assert (products[0].variants[0].price, products[0].variants[0].compare_at) == (1000, None)
    assert problems[0].column == "Sale price"


def test_a_chinese_export(saved: Callable[..., Path]) -> None:
    text = (
        "ID,类型,SKU,名称,已发布,常规售价,库存,分类,属性 1 名称,属性 1 值\n"
        '1,variable,c,茶杯,1,,,茶具,颜色,"红, 蓝"\n'
    )
    text = text.replace("分类,", "分类,父级,").replace("茶具,", "茶具,,")
    text += "2,variation,c1,,1,30,4,,id:1,颜色,红\n"
    _, products, problems = read(saved(text, "gb18030"))
    assert problems == []
    assert (products[0].title, products[0].category) == ("茶杯", "茶具")
    assert products[0].variants[0].option_values == ("红",)
    assert (products[0].variants[0].price, products[0].variants[0].stock) == (3000, 4)
