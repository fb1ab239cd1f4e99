"""Products as the rows of a Shopify product CSV, under the classic or the present names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storegen.generate.catalog.beyond import own_field
from storegen.generate.catalog.cells import show_weight
from storegen.generate.catalog.handles import Handles
from storegen.generate.catalog.layout import LaidRow
from storegen.generate.catalog.problems import Problems
from storegen.generate.catalog.shopify import ShopifyRows
from storegen.generate.catalog.shopify_columns import (
    CLASSIC,
    FIELDS,
    FULFILMENT,
    NUMERIC,
    OWN_TRACKER,
    PLACES,
    PRESENT,
    QUANTITY,
    TOO_MANY,
    TRACKER,
    is_variant_column,
)
from storegen.generate.catalog.tables import normal
from storegen.generate.catalog.variants import fold_options
from storegen.values.catalog import CatalogProduct, CatalogVariant
from storegen.values.money import to_decimal


class ShopifyLayout:
    """One row for each variant and each further picture."""

    def __init__(self, currency: str, *, present: bool = False) -> None:
        self._currency = currency
        self._titles = PRESENT if present else CLASSIC
        self._present = present
        self.columns = list(self._titles.values())
        self.numeric = frozenset(self._titles[field] for field in NUMERIC)

    def rows(self, product: CatalogProduct) -> list[LaidRow]:
        names, variants = fold_options(product.options, product.variants, len(PLACES))
        rows = []
        for index in range(max(1, len(variants), len(product.images))):
            fields = {"handle": product.handle}
            extra: dict[str, str] = {}
            if index == 0:
                fields |= self._product(product, names)
                extra |= _columns(product.extra, ofvariant=False)
            if index < len(variants):
                fields |= self._variant(variants[index], bool(names))
                extra |= _columns(variants[index].extra, ofvariant=True, first=index == 0)
            if index < len(product.images):
                image = product.images[index]
                fields |= {"image": image.source, "position": str(index + 1), "alt": image.alt}
            cells = {self._titles[field]: text for field, text in fields.items() if text}
            rows.append(LaidRow(cells | extra, index if index < len(variants) else None))
        return rows

    def read(self, rows: Sequence[LaidRow]) -> CatalogProduct | None:
        header = list(dict.fromkeys([*self.columns, *(name for row in rows for name in row.cells)]))
        numbered = [
            (number, [row.cells.get(name, "") for name in header])
            for number, row in enumerate(rows)
        ]
        return ShopifyRows(header, self._currency).product(numbered, Problems(""), Handles())

    def _product(self, product: CatalogProduct, names: Sequence[str]) -> dict[str, str]:
        fields = {
            "title": product.title,
            "description": product.description,
            "vendor": product.vendor,
            "category": product.category,
            "type": product.product_type,
            "tags": ", ".join(product.tags),
            "published": _flag(product.status == "active"),
            "gift_card": _flag(product.gift_card),
            "seo_title": product.seo_title,
            "seo_description": product.seo_description,
            "status": product.status,
        }
        for place, name in zip(PLACES, names or ["Title"], strict=False):
            fields[f"option{place}_name"] = name
        return fields

    def _variant(self, variant: CatalogVariant, has_options: bool) -> dict[str, str]:
        def money(amount: int | None) -> str:
            return "" if amount is None else to_decimal(amount, self._currency)

        tracked = variant.stock is not None
        yes, no = ("true", "false") if self._present else ("continue", "deny")
        fields = {
            "sku": variant.sku,
            "grams": "" if variant.weight is None else show_weight(variant.weight, "g"),
            "tracker": variant.extra.get(TRACKER, OWN_TRACKER) if tracked else "",
            "quantity": str(variant.stock) if tracked else variant.extra.get(QUANTITY, ""),
            "policy": yes if variant.backorder else no,
            "fulfilment": variant.extra.get(FULFILMENT, "manual"),
            "price": money(variant.price),
            "compare_at": money(variant.compare_at),
            "requires_shipping": _flag(variant.requires_shipping),
            "taxable": _flag(variant.taxable),
            "barcode": variant.barcode,
            "variant_image": variant.image,
            "unit": variant.weight_unit,
            "tax_code": variant.tax_code,
            "cost": money(variant.cost),
        }
        values = variant.option_values if has_options else ("Default Title",)
        for place, value in zip(PLACES, values, strict=False):
            fields[f"option{place}_value"] = value
        return fields


def _columns(extra: Mapping[str, str], *, ofvariant: bool, first: bool = False) -> dict[str, str]:
    """The extras that a column of their own name holds and gives back as they are."""
    return {
        name: text
        for name, text in extra.items()
        if normal(name) not in FIELDS
        and own_field(name) is None
        and not TOO_MANY.fullmatch(normal(name))
        and name == name.strip() != ""
        and (is_variant_column(name) == ofvariant or (ofvariant and not first))
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"
