"""`write_catalog`: products as a file that `open_catalog`, and others, can read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from storegen.errors import SetupError
from storegen.generate.catalog.feed_writer import write_feed
from storegen.generate.catalog.google_layout import GoogleLayout
from storegen.generate.catalog.jsonl import write_jsonl
from storegen.generate.catalog.sheets import write_delimited, write_workbook
from storegen.generate.catalog.shopify_layout import ShopifyLayout
from storegen.generate.catalog.woocommerce_layout import WooLayout
from storegen.values.catalog import CatalogProduct
from storegen.values.money import exponent

FORMATS = (
    "shopify-csv",
    "shopify-csv-new",
    "woocommerce-csv",
    "google-xml",
    "google-tsv",
    "xlsx",
    "jsonl",
)
"""What `write_catalog` writes. ``shopify-csv`` has the classic column names, which everything
reads, ``shopify-csv-new`` the present ones; ``xlsx`` has those of ``shopify-csv``."""


def write_catalog(
    products: Iterable[CatalogProduct],
    path: Path,
    *,
    format: str,
    currency: str,
    base_url: str = "",
) -> None:
    """Write ``products`` to ``path``, whole or not at all.

    Amounts are minor units of ``currency``. ``base_url`` is the shop's address, which Google
    wants in each item's link. The same products give the same bytes. Raises `SetupError` for an
    unknown format and `UnknownCurrency`.
    """
    exponent(currency)
    if format not in FORMATS:
        raise SetupError(f"'{format}' is no catalog format.", f"Use one of {', '.join(FORMATS)}.")
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            _write(products, file, format, currency, base_url)
        # mkstemp makes private files; an export is an ordinary one.
        Path(draft).chmod(0o644)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _write(
    products: Iterable[CatalogProduct], file: BinaryIO, format: str, currency: str, base_url: str
) -> None:
    if format == "jsonl":
        write_jsonl(products, file, currency)
    elif format == "google-xml":
        layout = GoogleLayout(currency, base_url=base_url, xml=True)
        write_feed(products, file, layout, base_url)
    elif format == "google-tsv":
        write_delimited(products, file, GoogleLayout(currency, base_url=base_url), "\t")
    elif format == "woocommerce-csv":
        write_delimited(products, file, WooLayout(currency), ",")
    elif format == "xlsx":
        write_workbook(products, file, ShopifyLayout(currency))
    else:
        layout_of = ShopifyLayout(currency, present=format == "shopify-csv-new")
        write_delimited(products, file, layout_of, ",")
