"""Google Merchant feeds: RSS, Atom and TSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storegen.errors import UnreadableCatalog
from tests.catalog.conftest import DATA, read


def test_rss_groups_items_into_products() -> None:
    format, products, problems = read(DATA / "google.xml")
    assert (format, problems) == ("google-xml", [])
    tee, cup = products
    assert (tee.handle, tee.title) == ("tee", "Tee & more 汗衫")
    assert tee.description == "Soft <b>cotton</b>"
    assert [(option.name, option.values) for option in tee.options] == [
        ("Color", ("Red",)),
        ("Size", ("S", "M")),
    ]
    small, medium = tee.variants
    assert (small.sku, small.price, small.compare_at) == ("TS-R-S", 1500, 1999)
    assert (small.stock, medium.stock) == (None, 0)
    assert (small.weight, small.barcode, small.extra["mpn"]) == (200_000, "6901234567892", "TS1")
    assert (tee.category, tee.vendor) == ("Clothing > Tees", "Acme")
    assert tee.extra["google_product_category"] == "212"
    assert tee.extra["shipping"] == '{"country": "CN", "price": "8.00 CNY"}'
    assert [image.source for image in tee.images] == [
        "https://shop.example/red.jpg",
        "https://shop.example/a,1.jpg",
        "https://shop.example/b.jpg",
    ]
    assert cup.handle.startswith("p-")
    assert (cup.variants[0].stock, cup.variants[0].backorder) == (0, True)


def test_atom() -> None:
    format, products, _ = read(DATA / "google-atom.xml")
    assert (format, products[0].handle, products[0].title) == (
        "google-xml",
        "green-tea",
        "Green Tea",
    )
    assert (products[0].description, products[0].variants[0].sku) == ("Fresh", "TEA-1")


def test_tsv() -> None:
    format, products, problems = read(DATA / "google.tsv")
    assert (format, problems) == ("google-tsv", [])
    lamp, vest = products
    assert (lamp.variants[0].price, lamp.variants[0].weight) == (19900, 1_200_000)
    assert len(lamp.images) == 3
    assert [variant.price for variant in vest.variants] == [4000, 5000]
    assert [variant.backorder for variant in vest.variants] == [False, True]


BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rss><channel><item><title>&b;</title></item></channel></rss>"""
XXE = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss><channel><item><title>&x;</title></item></channel></rss>"""


@pytest.mark.parametrize("text", [BOMB, XXE], ids=["laughs", "external"])
def test_entities_are_refused(saved: Callable[..., Path], text: str) -> None:
    with pytest.raises(UnreadableCatalog, match="document type"):
        read(saved(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html><body>404</body></html>", "web page"),
        ("<shop><item/></shop>", "root <shop>"),
        ("<rss><channel>", "not well-formed"),
        ("<rss><channel></channel></rss>", "no products"),
    ],
)
def test_other_xml_is_refused(saved: Callable[..., Path], text: str, reason: str) -> None:
    with pytest.raises(UnreadableCatalog, match=reason):
        read(saved(text))


def test_a_feed_that_breaks_off_keeps_its_good_items(saved: Callable[..., Path]) -> None:
    text = (DATA / "google.xml").read_text("utf-8").split("<g:condition>")[0]
    _, products, problems = read(saved(text))
    assert [product.handle for product in products] == ["tee"]
    assert "not well-formed" in problems[-1].reason


def test_bad_cells_name_the_line(saved: Callable[..., Path]) -> None:
    text = (DATA / "google.xml").read_text("utf-8")
    text = text.replace("0.2 kg", "light").replace("88 CNY", "88 USD")
    _, products, problems = read(saved(text))
    assert [(problem.row, problem.column) for problem in problems] == [
        (5, "shipping_weight"),
        (23, "price"),
        (23, ""),
    ]
    assert problems[1].reason == "price '88 USD' is in USD, the shop sells in CNY"
    assert len(products) == 1
