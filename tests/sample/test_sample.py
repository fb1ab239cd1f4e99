"""The sample brand is whole: catalog, pictures, both languages, honest words, legible colours."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, cast

import pytest
import resvg_py
from PIL import Image

from storegen.generate.catalog.jsonl import JsonLines, write_jsonl
from storegen.generate.sample import sample_dir
from storegen.values.catalog import CatalogProduct, RowProblem
from storegen.values.shipping import FreightTemplate, FreightZone

HOME = sample_dir()
BRAND = tomllib.loads((HOME / "brand.toml").read_text(encoding="utf-8"))
PICTURES = sorted((HOME / "art").glob("*.svg"))
BANNED = re.compile(
    "最|第一|国家级|世界级|顶级|极品|唯一|首选|绝对|百分之百|lorem"
    r"|\bbest\b|\bfinest\b|number one|no\. ?1 ",
    re.IGNORECASE,
)
HAN = re.compile("[\u4e00-\u9fff]")
PAGES = ("about", "contact", "shipping", "returns", "privacy", "terms")


def read() -> list[CatalogProduct | RowProblem]:
    return list(JsonLines(HOME / "catalog.jsonl", "utf-8", "CNY").items())


PRODUCTS = [item for item in read() if isinstance(item, CatalogProduct)]


class Words(HTMLParser):
    """The text of modest HTML; any other tag is an error."""

    ALLOWED = frozenset(
        ("p", "ul", "ol", "li", "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "strong")
    )

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.ALLOWED
        assert not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def words(html: str) -> str:
    parser = Words()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return " ".join(parser.text)


def localised(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every table of texts by locale inside ``node``, with its path."""
    if isinstance(node, dict):
        if node.keys() & {"zh-Hans", "en"} and all(isinstance(v, str) for v in node.values()):
            yield path, cast(dict[str, str], node)
            return
        for key, value in node.items():
            yield from localised(value, f"{path}.{key}")
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from localised(value, f"{path}[{i}]")


def test_every_line_of_the_catalog_is_a_product() -> None:
    assert [item for item in read() if isinstance(item, RowProblem)] == []
    assert 24 <= len(PRODUCTS) <= 32


def test_the_catalog_is_as_an_export_would_write_it() -> None:
    file = io.BytesIO()
    write_jsonl(PRODUCTS, file, "CNY")
    assert file.getvalue() == (HOME / "catalog.jsonl").read_bytes()


def test_prices_codes_and_stock_are_those_of_a_real_shop() -> None:
    variants = [variant for product in PRODUCTS for variant in product.variants]
    skus = [variant.sku for variant in variants]
    assert len(set(skus)) == len(skus)
    assert len({variant.barcode for variant in variants}) == len(variants)
    for variant in variants:
        digits = [int(digit) for digit in variant.barcode]
        assert len(digits) == 13
        assert sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0
        assert variant.weight
        assert 500 <= variant.price <= 100_000
        assert variant.compare_at is None or variant.compare_at > variant.price
        assert variant.cost is not None
        assert variant.cost < variant.price
    assert any(variant.compare_at for variant in variants)
    assert any(variant.stock == 0 and not variant.backorder for variant in variants)
    assert any(variant.stock == 0 and variant.backorder for variant in variants)
    assert any(variant.stock is None for variant in variants)
    assert any(variant.stock and variant.stock <= 5 for variant in variants)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.handle)
def test_a_product_is_complete_in_both_languages(product: CatalogProduct) -> None:
    english = product.translations["en"]
    assert set(english) == {"title", "description", "seo_title", "seo_description"}
    chinese_text, english_text = words(product.description), words(english["description"])
    assert HAN.search(product.title)
    assert len(HAN.findall(chinese_text)) >= 75
    assert 60 <= len(english_text.split()) <= 220
    for text in english.values():
        assert text.strip()
        assert not HAN.search(text)
    assert product.seo_title
    assert product.seo_description
    assert product.description.count("<tr>") == english["description"].count("<tr>")
    assert product.description.count("<p>") == english["description"].count("<p>")
    # Option names and values have no translation of their own, so they say both.
    for option in product.options:
        for text in (option.name, *option.values):
            assert re.search("[a-zA-Z]", text), text


def test_every_picture_named_is_there_and_every_picture_is_used() -> None:
    named = {image.source for product in PRODUCTS for image in product.images}
    for product in PRODUCTS:
        own = {image.source for image in product.images}
        assert own
        assert {variant.image for variant in product.variants if variant.image} <= own
        for image in product.images:
            chinese, english = image.alt.split(" / ")
            assert HAN.search(chinese)
            assert english
            assert not HAN.search(english)
    home = BRAND["home"]
    named |= set(BRAND["brand"]["art"].values())
    for section in home.values():
        if isinstance(section, dict):
            named |= {section[key] for key in ("image", "image_phone") if key in section}
    assert named == {f"art/{path.name}" for path in PICTURES}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_safe_small_and_not_blank(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) < 40 * 1024
    assert not re.search(r"<(text|script|style|image|filter|foreignObject)|\son\w+=", text)
    assert not re.search(r'href="(?!#)|url\((?!#)|<!|&', text)
    defined = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r"""(?:url\(|href=")#([\w-]+)""", text)) <= defined
    png = resvg_py.svg_to_bytes(svg_string=text, width=96)
    with Image.open(io.BytesIO(bytes(png))) as image:
        colours = image.convert("RGBA").getcolors(maxcolors=96 * 192)
        assert image.width == 96
    assert colours is not None
    opaque = sum(count for count, colour in colours if cast(tuple[int, ...], colour)[3] > 0)
    assert len(colours) > (20 if path.stem.startswith("logo") else 500)
    assert opaque > 0.1 * image.width * image.height


def test_the_whole_sample_stays_light() -> None:
    size = sum(path.stat().st_size for path in HOME.rglob("*") if path.suffix != ".pyc")
    assert size < 1_500_000


def test_the_brand_speaks_both_languages_everywhere() -> None:
    found = dict(localised(BRAND))
    assert len(found) > 50
    for path, texts in found.items():
        assert set(texts) == set(BRAND["brand"]["locales"]), path
        assert all(text.strip() for text in texts.values()), path
        assert not HAN.search(texts["en"]), path
        assert HAN.search(texts["zh-Hans"]), path


def test_the_catalogs_own_words_have_a_translation() -> None:
    terms = BRAND["terms"]
    parts = {part for product in PRODUCTS for part in product.category.split(" > ")}
    assert set(terms["categories"]["en"]) == parts
    assert set(terms["types"]["en"]) == {product.product_type for product in PRODUCTS}
    assert set(terms["tags"]["en"]) == {tag for product in PRODUCTS for tag in product.tags}
    for table in terms.values():
        assert all(text and not HAN.search(text) for text in table["en"].values())


@pytest.mark.parametrize("slug", PAGES)
def test_a_page_says_enough_in_both_languages(slug: str) -> None:
    (page,) = (page for page in BRAND["pages"] if page["slug"] == slug)
    chinese, english = page["body"]["zh-Hans"], page["body"]["en"]
    assert len(HAN.findall(words(chinese))) > 100
    assert len(words(english).split()) > 80
    assert re.findall("<h2|<li|<tr", chinese) == re.findall("<h2|<li|<tr", english)


def test_no_advertising_words_that_the_law_forbids() -> None:
    for product in PRODUCTS:
        texts = [product.title, product.description, product.seo_title, product.seo_description]
        texts += [*product.translations["en"].values(), *(image.alt for image in product.images)]
        for text in texts:
            assert not BANNED.search(text), (product.handle, BANNED.search(text))
    for path, texts_by_locale in localised(BRAND):
        for text in texts_by_locale.values():
            assert not BANNED.search(text), (path, BANNED.search(text))


def test_the_home_page_shows_products_and_pages_that_exist() -> None:
    handles = {product.handle for product in PRODUCTS}
    home = BRAND["home"]
    for name in ("featured", "wares", "gifts"):
        assert set(home[name]["handles"]) <= handles
    assert home["hero"]["link"] in handles
    assert home["story"]["page"] in {page["slug"] for page in BRAND["pages"]}
    assert {page["slug"] for page in BRAND["pages"]} == set(PAGES)


def test_freight_is_what_the_delivery_page_promises() -> None:
    templates = {
        method["code"]: FreightTemplate(
            code=method["code"],
            title=method["title"]["en"],
            by=method["by"],
            zones=tuple(
                FreightZone(**{**zone, "places": tuple(zone["places"])}) for zone in method["zones"]
            ),
            days=tuple(method["days"]),
        )
        for method in BRAND["shipping"]
    }
    (page,) = (page for page in BRAND["pages"] if page["slug"] == "shipping")
    rows = [
        [int(fee) for fee in re.findall(r"¥(\d+)", row)]
        for row in re.findall("<tr>.*?</tr>", page["body"]["en"])
    ]
    promised = sorted(row for row in rows if row)
    charged = sorted(
        [zone.first_fee // 100, zone.extra_fee // 100, (zone.free_over or 0) // 100]
        for zone in templates["standard"].zones
        if not zone.refused
    )
    assert charged == promised
    xinjiang = [zone for zone in templates["standard"].zones if "65" in zone.places]
    assert xinjiang[0].first_fee > 1000


def test_licences_are_recognisably_examples() -> None:
    legal = BRAND["legal"]
    assert "DEMO" in legal["licence_number"]
    assert "示例" in legal["icp_number"]
    assert BRAND["contact"]["email"].endswith(".example")
    assert legal["icp_domain"].endswith(".example")


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("text", "least"), [("ink", 7.0), ("brand", 7.0), ("accent", 4.5)])
def test_the_colours_are_legible(text: str, least: float) -> None:
    colours = BRAND["brand"]["colours"]
    for ground in (colours["paper"], "#ffffff"):
        pale, deep = luminance(ground), luminance(colours[text])
        assert (pale + 0.05) / (deep + 0.05) >= least
