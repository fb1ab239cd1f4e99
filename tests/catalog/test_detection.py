"""The format is told from the content; what is no catalog is refused in one sentence."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from storegen.errors import UnknownCurrency, UnreadableCatalog
from storegen.generate.catalog import open_catalog, write_catalog
from tests.catalog.conftest import DATA, read

FILES = {
    "shopify-classic.csv": "shopify-csv",
    "shopify-gb18030.csv": "shopify-csv",
    "shopify-present.csv": "shopify-csv",
    "woocommerce.csv": "woocommerce-csv",
    "google.xml": "google-xml",
    "google-atom.xml": "google-xml",
    "google.tsv": "google-tsv",
    "storegen.jsonl": "jsonl",
}


@pytest.mark.parametrize(("name", "format"), FILES.items())
def test_the_extension_does_not_matter(tmp_path: Path, name: str, format: str) -> None:
    path = tmp_path / "catalog.jpg"
    shutil.copy(DATA / name, path)
    assert read(path)[0] == format


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(
    saved: Callable[..., Path], encoding: str, delimiter: str
) -> None:
    lines = [["Handle", "Title", "Variant Price"], ["cha", "明前龙井茶叶", "12.5"]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    _, products, problems = read(saved(text, encoding))
    assert problems == []
    assert (products[0].title, products[0].variants[0].price) == ("明前龙井茶叶", 1250)


def test_gb18030_is_the_same_as_utf8() -> None:
    assert read(DATA / "shopify-gb18030.csv")[1] == read(DATA / "shopify-classic.csv")[1]


def _zip(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


HEADER = "Handle,Title,Variant Price\n"
REFUSED: list[tuple[str | bytes, str]] = [
    ("", "it is empty"),
    ("  \n\n", "it is empty"),
    (HEADER, "header but no products"),
    (HEADER + ",,\n\n", "header but no products"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"abc\0\1\2", "a binary file"),
    (_zip("readme.txt"), "a zip archive"),
    (_zip("xl/workbook.xml"), "a damaged .xlsx"),
    (b"PK\x03\x04 cut off", "damaged"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel .xls"),
    ("name;phone\nA;1\n", "its columns 'name', 'phone' are those of no known format"),
    ("Handle,Title\na,A\n", "no price column"),
    ("[{}]", "a JSON array"),
    ('{"storegen":"catalog","version":9}\n{}', "not that of a catalog"),
    ('{"storegen":"catalog","version":1,"currency":"USD"}\n{}', "in USD, the shop sells in CNY"),
    ('{"storegen":"catalog","version":1,"currency":"CNY"}\n', "header but no products"),
    ('{"name":"x"}\n', "neither title nor handle"),
    ((HEADER + "cafe,Café crème brûlée à la carte,3\n").encode("latin-1"), "neither UTF-8 nor"),
    (b"\xef\xbb\xbf" + HEADER.encode() + b"a,\xff,1\n", "not valid UTF-8 (byte"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_refusals(saved: Callable[..., Path], content: str | bytes, reason: str) -> None:
    path = saved(content)
    with pytest.raises(UnreadableCatalog) as caught:
        open_catalog(path, currency="CNY")
    assert reason in caught.value.what
    assert str(path) in caught.value.what
    assert caught.value.fix.endswith(".")
    assert "\n" not in str(caught.value)


def test_missing_file_folder_and_currency(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCatalog, match="no such file"):
        open_catalog(tmp_path / "nothing.csv", currency="CNY")
    with pytest.raises(UnreadableCatalog, match="a folder"):
        open_catalog(tmp_path, currency="CNY")
    with pytest.raises(UnknownCurrency):
        open_catalog(DATA / "google.tsv", currency="XXX")


def test_a_workbook_with_woocommerce_columns_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Type", "SKU", "Name", "Regular price", "Stock"])
    sheet.append(["simple", 12345, "茶", 19.99, 3.0])
    sheet.append([None, None, None])
    sheet.append(["simple", "B", "Tea", "1,299.00", None])
    path = tmp_path / "book.bin"
    book.save(path)
    format, products, problems = read(path)
    assert (format, problems) == ("xlsx", [])
    first, second = products
    assert (first.variants[0].sku, first.variants[0].price, first.variants[0].stock) == (
        "12345",
        1999,
        3,
    )
    assert second.variants[0].price == 129900


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    write_catalog(read(DATA / "google.tsv")[1], good, format="xlsx", currency="CNY")
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part.split(b"?>", 1)[-1]
            target.writestr(name, part)
    with pytest.raises(UnreadableCatalog, match="declares XML entities"):
        open_catalog(bad, currency="CNY")
