"""What search engines and sharers read: structured data, social tags, sitemap, robots, manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from defusedxml import ElementTree
from flask.testing import FlaskClient

from storegen.domain import settings
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.web.storefront import sitemap
from storegen.web.storefront.structured import is_gtin
from tests.judges import sitemap as sitemap_judge
from tests.judges.machine import need
from tests.web.storefront.shelf import client_of, fill, get, put, tea

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def client(make_store: Callable[..., Store]) -> FlaskClient:
    store = make_store()
    fill(store)
    return client_of(store)


def data_of(text: str) -> dict[str, dict]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    return {block["@type"]: block for block in map(json.loads, blocks)}


def test_a_product_says_price_stock_brand_and_codes(client):
    found = data_of(get(client, "/products/maofeng").text)
    product = found["Product"]
    assert product["name"] == "雨山毛峰"
    assert product["brand"] == {"@type": "Brand", "name": "雨山"}
    assert product["sku"] == "SKU-maofeng"
    assert product["gtin"] == "4006381333931"
    offer = product["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("58.00", "CNY")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["url"] == "http://shop.test/products/maofeng"
    assert product["image"] == [f"http://shop.test/media/00/{1:062x}/og.jpg"]
    names = [item["name"] for item in found["BreadcrumbList"]["itemListElement"]]
    assert names == ["首页", "茶叶", "绿茶", "雨山毛峰"]


def test_each_variant_is_an_offer_with_its_own_stock(client):
    offers = data_of(get(client, "/en/products/gaiwan").text)["Product"]["offers"]
    assert [(one["sku"], one["price"], one["availability"].rsplit("/")[-1]) for one in offers] == [
        ("G-White-S", "168.00", "LimitedAvailability"),
        ("G-White-L", "198.00", "OutOfStock"),
        ("G-Black-S", "168.00", "LimitedAvailability"),
    ]
    assert all("/en/products/gaiwan?variant=" in one["url"] for one in offers)


@pytest.mark.parametrize(
    ("code", "good"),
    [("4006381333931", True), ("4006381333932", False), ("96385074", True), ("abc", False),
     ("", False), ("123456", False), ("２３４５６７８９", False)],
)  # fmt: skip
def test_only_real_gtins_are_told(code, good):
    assert is_gtin(code) is good


def test_sharing_tags(client):
    text = get(client, "/products/gaiwan").text
    for name, content in (
        ("og:type", "product"),
        ("og:title", "远山盖碗"),
        ("og:url", "http://shop.test/products/gaiwan"),
        ("og:image", f"http://shop.test/media/00/{2:062x}/og.jpg"),
        ("og:locale", "zh_CN"),
    ):
        assert f'<meta property="{name}" content="{content}">' in text
    assert '<meta name="description" content="盖碗 140 ml">' in text


def addresses(body: bytes) -> list[str]:
    root = ElementTree.fromstring(body)
    return [str(node.text) for node in root.iter(f"{SPACE}loc")]


def test_the_sitemap_of_a_small_shop_is_one_file(client):
    answer = get(client, "/sitemap.xml")
    assert answer.mimetype == "application/xml"
    found = addresses(answer.data)
    for path in ("/", "/en/", "/products/gaiwan", "/en/products/gaiwan", "/pages/returns"):
        assert f"http://shop.test{path}" in found
    assert len(found) == len(set(found))
    assert answer.text.count('hreflang="en"') == len(found)
    assert get(client, "/en/sitemap.xml").status_code == 404


def test_every_address_of_the_sitemap_answers(client):
    for address in addresses(get(client, "/sitemap.xml").data):
        assert get(client, address.removeprefix("http://shop.test")).status_code == 200, address


def test_a_large_shop_has_an_index_of_parts(make_store, backend, monkeypatch):
    store = make_store(backend)
    put(store, [tea(f"t-{n}", f"茶 {n}", 100) for n in range(25)])
    monkeypatch.setattr(sitemap, "PART", 10)
    client = client_of(store)
    parts = addresses(get(client, "/sitemap.xml").data)
    assert len(parts) == 4
    found = [
        address
        for part in parts
        for address in addresses(get(client, part.removeprefix("http://shop.test")).data)
    ]
    products = {each for each in found if "/products/" in each}
    assert len(products) == 50
    assert len(found) == len(set(found))


def test_the_sitemap_keeps_to_its_schema(client):
    need("xmllint")
    for path in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-products-0.xml"):
        assert sitemap_judge.check(path, get(client, path).data) == []


def test_robots_keep_out_of_personal_pages_in_every_language(client):
    answer = get(client, "/robots.txt")
    lines = answer.text.splitlines()
    assert "Disallow: /cart" in lines
    assert "Disallow: /en/checkout" in lines
    assert "Sitemap: http://shop.test/sitemap.xml" in lines
    assert answer.mimetype == "text/plain"


def test_the_manifest_names_the_shop_and_its_icons(make_store):
    store = make_store()
    fill(store)
    key = f"00/{'0' * 62}/icon-192.png"
    with store.write() as uow:
        settings.save(uow, CLI, "brand", {"icons": {"icon-192": key}})
    manifest = get(client_of(store), "/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    data = manifest.get_json()
    assert data["name"] == "雨山"
    assert data["icons"] == [
        {"src": f"/media/{key}", "sizes": "192x192", "type": "image/png", "purpose": "any"}
    ]


def test_there_is_a_favicon_before_there_is_a_brand(client):
    answer = get(client, "/favicon.ico")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\x89PNG")
