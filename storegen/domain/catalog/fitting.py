"""Texts of a catalog as the database takes them: clean, and no longer than their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import String, Table

from storegen.domain.html import clean_html
from storegen.models import Product, ProductImage, Variant
from storegen.values.catalog import CatalogImage, CatalogOption, CatalogProduct, CatalogVariant


def _lengths(model: type, *names: str) -> dict[str, int]:
    columns = cast(Table, model.__table__).columns  # type: ignore[attr-defined]
    return {name: cast(int, cast(String, columns[name].type).length) for name in names}


_PRODUCT = _lengths(
    Product,
    *("handle", "title", "vendor", "product_type", "category"),
    *("external_url", "external_label", "seo_title"),
)
_VARIANT = _lengths(Variant, "sku", "barcode", "tax_code")
_SOURCE = _lengths(ProductImage, "source", "alt")


def fitted(product: CatalogProduct) -> CatalogProduct:
    """``product`` with safe HTML and without what no column holds. Fits already: unchanged."""
    short: dict[str, Any] = {n: _cut(getattr(product, n), most) for n, most in _PRODUCT.items()}
    return replace(
        product,
        **short,
        description=clean_html(product.description),
        seo_description=_cut(product.seo_description),
        tags=tuple(dict.fromkeys(_cut(tag) for tag in product.tags)),
        grouped=tuple(_cut(each) for each in product.grouped),
        options=tuple(
            CatalogOption(name=_cut(each.name), values=tuple(_cut(v) for v in each.values))
            for each in product.options
        ),
        variants=tuple(_variant(each) for each in product.variants),
        images=tuple(
            CatalogImage(
                source=_cut(each.source, _SOURCE["source"]), alt=_cut(each.alt, _SOURCE["alt"])
            )
            for each in product.images
        ),
        translations=_texts(product.translations),
    )


def too_long(product: CatalogProduct) -> Iterator[tuple[str, int]]:
    """(field, the most characters it holds) for the fields that `fitted` cuts."""
    for name, most in _PRODUCT.items():
        if len(getattr(product, name)) > most:
            yield name, most
    for name, most in _VARIANT.items():
        if any(len(getattr(each, name)) > most for each in product.variants):
            yield name, most


def _variant(variant: CatalogVariant) -> CatalogVariant:
    short: dict[str, Any] = {n: _cut(getattr(variant, n), most) for n, most in _VARIANT.items()}
    return replace(
        variant,
        **short,
        option_values=tuple(_cut(each) for each in variant.option_values),
        image=_cut(variant.image, _SOURCE["source"]),
    )


def _texts(translations: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {
        _cut(locale, 16): {
            name: clean_html(text) if name == "description" else _cut(text)
            for name, text in texts.items()
        }
        for locale, texts in translations.items()
    }


def _cut(text: str, most: int | None = None) -> str:
    # PostgreSQL takes no NUL.
    return text.replace("\0", "")[:most]
