"""Export → import → export gives the same bytes; and the same products where a format can."""

from __future__ import annotations

import csv
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storegen.errors import SetupError
from storegen.generate.catalog import FORMATS, write_catalog
from storegen.values.catalog import (
    CatalogImage,
    CatalogOption,
    CatalogProduct,
    CatalogVariant,
)
from tests.catalog.conftest import DATA, read

SOURCES = [
    "shopify-classic.csv",
    "shopify-present.csv",
    "woocommerce.csv",
    "google.xml",
    "google-atom.xml",
    "google.tsv",
    "storegen.jsonl",
]
LOSSLESS = ["shopify-csv", "shopify-csv-new", "woocommerce-csv", "xlsx", "jsonl"]


def again(products: list[CatalogProduct], format: str) -> tuple[bytes, bytes, list[CatalogProduct]]:
    """The file, the file written from what was read of it, and that."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first"), Path(folder, "second")
        write_catalog(products, first, format=format, currency="CNY", base_url="https://s.example")
        found, back, problems = read(first)
        assert problems == []
        assert found == format.removesuffix("-new")
        write_catalog(back, second, format=format, currency="CNY", base_url="https://s.example")
        return first.read_bytes(), second.read_bytes(), back


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", SOURCES)
def test_the_same_bytes(name: str, format: str) -> None:
    products = read(DATA / name)[1]
    one, two, back = again(products, format)
    assert one == two
    assert len(back) == len(products)
    assert [len(product.variants) for product in back] == [
        len(product.variants) for product in products
    ]


@pytest.mark.parametrize("format", LOSSLESS)
@pytest.mark.parametrize("name", ["shopify-classic.csv", "storegen.jsonl"])
def test_the_same_products(name: str, format: str) -> None:
    products = read(DATA / name)[1]
    assert again(products, format)[2] == products


@pytest.mark.parametrize("format", FORMATS)
def test_four_options_survive_everywhere(format: str) -> None:
    names = ("A", "B", "C", "D")
    variants = tuple(
        CatalogVariant(sku=f"S{n}", option_values=("1", "2", "3", n), price=100) for n in "xy"
    )
    options = tuple(
        CatalogOption(name=name, values=("x", "y") if name == "D" else (value,))
        for name, value in zip(names, "1234", strict=True)
    )
    product = CatalogProduct(
        handle="four", title="Four", kind="variable", options=options, variants=variants
    )
    back = again([product], format)[2][0]
    assert back.options == product.options
    assert [variant.option_values for variant in back.variants] == [
        ("1", "2", "3", "x"),
        ("1", "2", "3", "y"),
    ]


FORMULAS = ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\tx", "'=x", "＝1"]


@pytest.mark.parametrize("format", ["shopify-csv", "woocommerce-csv", "google-tsv"])
def test_no_cell_can_start_a_formula(tmp_path: Path, format: str) -> None:
    products = [
        CatalogProduct(
            handle=f"p{n}",
            title=f"T{n}",
            description=text,
            extra={"-x": text},
            variants=(CatalogVariant(sku=f"s{n}", price=1, barcode="-5"),),
        )
        for n, text in enumerate(FORMULAS)
    ]
    path = tmp_path / "out"
    write_catalog(products, path, format=format, currency="CNY")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t" if format == "google-tsv" else ","))
    cells = [cell for row in rows for cell in row]
    assert [c for c in cells if c[:1] and c[0] in "=+-@\t\r＝＋－＠" and c != "-5"] == []
    assert "-5" in cells
    back = read(path)[1]
    assert [product.description for product in back] == FORMULAS
    assert [product.extra["-x"] for product in back] == FORMULAS


def test_an_unknown_format_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="Use one of shopify-csv"):
        write_catalog([], tmp_path / "x", format="pdf", currency="CNY")

    def broken() -> object:
        yield CatalogProduct(handle="a", title="A", variants=(CatalogVariant(price=1),))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_catalog(broken(), tmp_path / "x", format="jsonl", currency="CNY")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


# --- any product at all -------------------------------------------------------------

# No spreadsheet and no XML holds control characters other than these three.
letters = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t,;'\"=<&")
text = st.text(letters, max_size=12)
line = text.map(str.strip)
word = st.text(letters, min_size=1, max_size=8).map(str.strip).filter(bool)
handle = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
money = st.integers(0, 10**9)
extra = st.dictionaries(st.one_of(word, st.sampled_from(["Title", "Variant X", "SKU"])), word)
locales = st.dictionaries(
    st.sampled_from(["en", "zh_Hant"]),
    st.dictionaries(st.sampled_from(["title", "description"]), text, min_size=1),
)


@st.composite
def products(draw: st.DrawFn) -> CatalogProduct:
    names = draw(st.lists(word, max_size=4, unique=True))
    combinations = draw(
        st.lists(st.tuples(*(word for _ in names)), min_size=1, max_size=3, unique=True)
    )
    variants = tuple(
        CatalogVariant(
            sku=draw(line),
            option_values=values,
            price=draw(money),
            compare_at=draw(st.none() | money),
            cost=draw(st.none() | money),
            stock=draw(st.none() | st.integers(0, 10**6)),
            backorder=draw(st.booleans()),
            weight=draw(st.none() | st.integers(0, 10**9)),
            weight_unit=draw(st.sampled_from(["g", "kg", "oz", "lb"])),
            barcode=draw(line),
            taxable=draw(st.booleans()),
            tax_code=draw(line),
            requires_shipping=draw(st.booleans()),
            image=draw(line),
            extra=draw(extra),
        )
        for values in combinations
    )
    options = tuple(
        CatalogOption(name=name, values=tuple(dict.fromkeys(c[place] for c in combinations)))
        for place, name in enumerate(names)
    )
    sources = draw(st.lists(word, max_size=4, unique=True))
    return CatalogProduct(
        handle=draw(handle),
        title=draw(word),
        description=draw(text.filter(lambda t: not t or bool(t.strip()))),
        vendor=draw(line),
        product_type=draw(line),
        category=draw(line),
        tags=tuple(draw(st.lists(word, max_size=3, unique=True))),
        status=draw(st.sampled_from(["active", "draft", "archived"])),
        kind="variable" if options else draw(st.sampled_from(["simple", "external"])),
        gift_card=draw(st.booleans()),
        external_url=draw(line),
        external_label=draw(line),
        options=options,
        variants=variants,
        images=tuple(CatalogImage(source=source, alt=draw(line)) for source in sources),
        seo_title=draw(line),
        seo_description=draw(line),
        extra=draw(extra),
        translations=draw(locales),
    )


SLOWER = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@SLOWER
@given(products())
def test_json_lines_hold_any_product(product: CatalogProduct) -> None:
    one, two, back = again([product], "jsonl")
    assert back == [product]
    assert one == two


OTHERS_COLUMNS = CatalogProduct(
    handle="tea",
    title="Tea",
    variants=(CatalogVariant(price=0),),
    extra={name: "1" for name in ("NAME", "Title", "Regular price", "id", "Link", "Handle")},
)
"""Columns of the shop's own that are called as those by which formats are told apart."""


@SLOWER
@example(OTHERS_COLUMNS, "shopify-csv")
@example(OTHERS_COLUMNS, "shopify-csv-new")
@given(products(), st.sampled_from(["shopify-csv", "shopify-csv-new"]))
def test_shopify_holds_any_product(product: CatalogProduct, format: str) -> None:
    one, two, back = again([product], format)
    assert back == [product]
    assert one == two


FORMULA_COLUMN = CatalogProduct(
    handle="tea", title="Tea", variants=(CatalogVariant(price=0),), extra={"=": "0", "'=": "1"}
)
TWO_CASES = CatalogProduct(
    handle="tea",
    title="Tea",
    kind="variable",
    options=(CatalogOption(name="B", values=("0",)), CatalogOption(name="b", values=("0",))),
    variants=(CatalogVariant(option_values=("0", "0"), price=0),),
)
"""Two options whose names differ in case only."""
LINE_ENDS = CatalogProduct(
    handle="tea",
    title="Tea",
    kind="variable",
    options=(CatalogOption(name="0", values=("a", "b")),),
    variants=(
        CatalogVariant(option_values=("a",), price=0),
        CatalogVariant(option_values=("b",), price=0, extra={"x": "1\r2"}),
    ),
    extra={"x": "1\r2"},
)
"""A text that a workbook cannot hold, of the product and of a variant."""
HALF_PATH = CatalogProduct(
    handle="tea", title="Tea", product_type="0>", variants=(CatalogVariant(price=0),)
)


@SLOWER
@example(OTHERS_COLUMNS, "woocommerce-csv")
@example(OTHERS_COLUMNS, "google-tsv")
@example(OTHERS_COLUMNS, "xlsx")
@example(FORMULA_COLUMN, "xlsx")
@example(TWO_CASES, "woocommerce-csv")
@example(LINE_ENDS, "xlsx")
@example(HALF_PATH, "google-xml")
@example(HALF_PATH, "google-tsv")
@given(products(), st.sampled_from(["woocommerce-csv", "google-xml", "google-tsv", "xlsx"]))
def test_other_formats_give_the_same_bytes(product: CatalogProduct, format: str) -> None:
    one, two, _ = again([product], format)
    assert one == two
