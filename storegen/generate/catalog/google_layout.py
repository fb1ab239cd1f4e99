"""Products as the items of a Google Merchant feed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from storegen.generate.catalog.beyond import own_field
from storegen.generate.catalog.cells import clean_path, show_weight
from storegen.generate.catalog.google import OWN_OPTION, GoogleItems
from storegen.generate.catalog.google_columns import (
    FIELDS,
    OPTION_ATTRIBUTE,
    OPTIONS,
    VARIANT_EXTRAS,
    is_attribute,
)
from storegen.generate.catalog.handles import Handles
from storegen.generate.catalog.layout import LaidRow
from storegen.generate.catalog.problems import Problems
from storegen.values.catalog import CatalogProduct, CatalogVariant
from storegen.values.money import to_decimal


class GoogleLayout:
    """An item for each variant. ``base_url`` is the shop's address, for ``link``.

    ``xml`` decides only how the rows are read back: additional pictures are elements of their
    own there and stand in one cell, separated by line feeds, until the feed is written.
    """

    numeric: frozenset[str] = frozenset()

    def __init__(self, currency: str, *, base_url: str = "", xml: bool = False) -> None:
        self._currency = currency
        self._base_url = base_url.rstrip("/")
        self._xml = xml
        self.columns = list(FIELDS)

    def rows(self, product: CatalogProduct) -> list[LaidRow]:
        own_options = self._own_options(product)
        rows = []
        for index in range(max(1, len(product.variants))):
            cells = self._shared(product)
            if index == 0:
                cells |= {
                    name: text
                    for name, text in product.extra.items()
                    if name not in VARIANT_EXTRAS and _fits(name)
                }
            else:
                # What is the product's own stands in its first item only.
                cells.pop("additional_image_link", None)
            if index < len(product.variants):
                variant = product.variants[index]
                cells |= self._variant(product, variant, index)
                cells |= own_options[index] if own_options else {}
                rows.append(LaidRow({k: v for k, v in cells.items() if v}, index))
            else:
                cells["id"] = product.handle
                rows.append(LaidRow({k: v for k, v in cells.items() if v}))
        return rows

    def read(self, rows: Sequence[LaidRow]) -> CatalogProduct | None:
        if self._xml:
            numbered = [
                (number, [part for pair in xml_pairs(row.cells) for part in pair])
                for number, row in enumerate(rows)
            ]
            items = GoogleItems(None, self._currency)
        else:
            header = list(dict.fromkeys(name for row in rows for name in row.cells))
            numbered = [
                (number, [row.cells.get(name, "") for name in header])
                for number, row in enumerate(rows)
            ]
            items = GoogleItems(header, self._currency)
        return items.product(numbered, Problems(""), Handles())

    def _shared(self, product: CatalogProduct) -> dict[str, str]:
        sources = [image.source for image in product.images]
        grouped = bool(product.options) or len(product.variants) > 1
        return {
            "item_group_id": product.handle if grouped else "",
            "title": product.title,
            "description": product.description,
            "link": f"{self._base_url}/products/{quote(product.handle)}",
            "image_link": sources[0] if sources else "",
            "additional_image_link": ("\n" if self._xml else ",").join(sources[1:]),
            "brand": product.vendor,
            # As the reader will have it: what it makes of this is the product's category.
            "product_type": clean_path(product.category or product.product_type),
        }

    def _variant(
        self, product: CatalogProduct, variant: CatalogVariant, index: int
    ) -> dict[str, str]:
        def money(amount: int | None) -> str:
            if amount is None:
                return ""
            return f"{to_decimal(amount, self._currency)} {self._currency}"

        reduced = variant.compare_at is not None
        unit = variant.weight_unit
        cells = {
            "id": variant.sku or (f"{product.handle}-{index + 1}" if index else product.handle),
            "availability": _availability(variant),
            "price": money(variant.compare_at if reduced else variant.price),
            "sale_price": money(variant.price) if reduced else "",
            "cost_of_goods_sold": money(variant.cost),
            "gtin": variant.barcode,
            "shipping_weight": ""
            if variant.weight is None
            else f"{show_weight(variant.weight, unit)} {unit}",
        }
        if variant.image:
            cells["image_link"] = variant.image
        cells |= {
            name: text
            for name, text in variant.extra.items()
            if name in VARIANT_EXTRAS and (name not in FIELDS or name in {"link", "availability"})
        }
        named = {name for name, _ in OPTIONS}
        for option, value in zip(product.options, variant.option_values, strict=True):
            attribute = OPTION_ATTRIBUTE.get(option.name.lower())
            if attribute in named:
                cells[attribute] = value
        return cells

    def _own_options(self, product: CatalogProduct) -> list[dict[str, str]]:
        """Columns of our own where Google's four attributes cannot say the options exactly."""
        shown = [name for _, name in OPTIONS]
        names = [option.name for option in product.options]
        if [name for name in shown if name in names] == names:
            return []
        return [
            {
                f"{OWN_OPTION}{place}": f"{name}={value}"
                for place, (name, value) in enumerate(
                    zip(names, variant.option_values, strict=True), 1
                )
            }
            for variant in product.variants
        ]


def xml_pairs(cells: dict[str, str]) -> list[tuple[str, str]]:
    """A row's cells as elements: one for each additional picture."""
    return [
        (name, part)
        for name, text in cells.items()
        for part in (text.split("\n") if name == "additional_image_link" else [text])
    ]


def _availability(variant: CatalogVariant) -> str:
    if variant.stock is None or variant.stock > 0:
        return "in_stock"
    return "backorder" if variant.backorder else "out_of_stock"


def _fits(name: str) -> bool:
    return is_attribute(name) and name not in FIELDS and own_field(name) is None
