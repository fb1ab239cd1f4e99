"""Products as the rows of a WooCommerce product CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from storegen.generate.catalog.beyond import own_field
from storegen.generate.catalog.cells import join_list, show_weight
from storegen.generate.catalog.handles import Handles
from storegen.generate.catalog.layout import LaidRow
from storegen.generate.catalog.problems import Problems
from storegen.generate.catalog.tables import normal
from storegen.generate.catalog.woocommerce import WooRows
from storegen.generate.catalog.woocommerce_columns import (
    COLUMNS,
    FIELDS,
    NAMES,
    NUMERIC,
    SALE_ENDS,
    SALE_STARTS,
    attribute_column,
    attribute_part,
)
from storegen.values.catalog import CatalogProduct, CatalogVariant
from storegen.values.money import to_decimal


class WooLayout:
    """A row for the product; where it has options, one for each variant as a variation."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self.columns = [column for _, column in COLUMNS]
        self.numeric = frozenset(NAMES[field] for field in NUMERIC)

    def rows(self, product: CatalogProduct) -> list[LaidRow]:
        extra = product.extra
        variable = bool(product.options) or len(product.variants) > 1
        single = product.variants[0] if product.variants and not variable else None
        kind = "variable" if variable else product.kind
        if kind == "variable" and not variable:
            kind = "simple"
        fields = {
            "id": extra.get(NAMES["id"], ""),
            "type": _type(kind, single),
            "name": product.title,
            "slug": product.handle,
            "published": self._published(product),
            "short": extra.get(NAMES["short"], ""),
            # The reader puts the short description where there is no other.
            "description": product.description or extra.get(NAMES["short"], ""),
            "categories": _list(product.category, extra.get(NAMES["categories"], "")),
            "tags": join_list(product.tags),
            "images": join_list(image.source for image in product.images),
            "grouped": join_list(product.grouped),
            "external_url": product.external_url,
            "button": product.external_label,
            "brands": _list(product.vendor, extra.get(NAMES["brands"], "")),
            "seo_title": product.seo_title,
            "seo_description": product.seo_description,
        }
        more: dict[str, str] = {}
        if single is not None:
            fields |= self._variant(single)
            more |= _dates(single.extra)
        else:
            fields["sku"] = extra.get(NAMES["sku"], product.handle)
        numbers = list(self._option_numbers(product))
        for number, option in zip(numbers, product.options, strict=True):
            more[attribute_column(number, "name")] = option.name
            more[attribute_column(number, "value")] = join_list(option.values)
            for part in ("visible", "global"):
                column = attribute_column(number, part)
                more[column] = extra.get(column, "1")
        more |= _columns(extra)
        rows = [LaidRow(_named(fields) | more, 0 if single is not None else None)]
        if variable:
            parent = f"id:{fields['id']}" if fields["id"] else fields["sku"]
            for index, variant in enumerate(product.variants):
                rows.append(LaidRow(self._variation(product, variant, numbers, parent), index))
        return rows

    def read(self, rows: Sequence[LaidRow]) -> CatalogProduct | None:
        header = list(dict.fromkeys([*self.columns, *(name for row in rows for name in row.cells)]))
        numbered = [
            (number, [row.cells.get(name, "") for name in header])
            for number, row in enumerate(rows)
        ]
        return WooRows(header, self._currency).product(numbered, Problems(""), Handles())

    def _published(self, product: CatalogProduct) -> str:
        if product.status == "active":
            return "1"
        return product.extra.get(NAMES["published"], "-1")

    def _option_numbers(self, product: CatalogProduct) -> Iterator[int]:
        """The first attribute numbers that extras leave free."""
        parts = (attribute_part(name) for name in product.extra)
        taken = {part[0] for part in parts if part and part[1] in {"name", "value"}}
        free = (number for number in count(1) if number not in taken)
        for _ in product.options:
            yield next(free)

    def _variation(
        self, product: CatalogProduct, variant: CatalogVariant, numbers: list[int], parent: str
    ) -> dict[str, str]:
        shown = " / ".join(variant.option_values)
        fields = {
            "id": variant.extra.get(NAMES["id"], ""),
            "type": _type("variation", variant),
            "name": f"{product.title} - {shown}" if shown else product.title,
            "published": "1",
            "description": variant.extra.get(NAMES["description"], ""),
            "images": join_list([variant.image] if variant.image else []),
            "parent": parent,
        }
        cells = _named(fields | self._variant(variant)) | _dates(variant.extra)
        for number, option, value in zip(
            numbers, product.options, variant.option_values, strict=True
        ):
            cells[attribute_column(number, "name")] = option.name
            cells[attribute_column(number, "value")] = value.replace(",", "\\,")
            cells[attribute_column(number, "global")] = product.extra.get(
                attribute_column(number, "global"), "1"
            )
        return cells | _columns(variant.extra, ofvariant=True)

    def _variant(self, variant: CatalogVariant) -> dict[str, str]:
        def money(amount: int | None) -> str:
            return "" if amount is None else to_decimal(amount, self._currency)

        reduced = variant.compare_at is not None
        there = variant.stock is None or variant.stock > 0 or variant.backorder
        extra = variant.extra
        sale = money(variant.price) if reduced else extra.get(NAMES["sale_price"], "")
        return {
            "sku": variant.sku,
            "barcode": variant.barcode,
            "tax_status": extra.get(NAMES["tax_status"], "none")
            if not variant.taxable
            else "taxable",
            "tax_class": variant.tax_code,
            "in_stock": "1" if there else "0",
            "stock": "" if variant.stock is None else str(variant.stock),
            "backorders": extra.get(NAMES["backorders"], "1") if variant.backorder else "0",
            "weight_kg": "" if variant.weight is None else show_weight(variant.weight, "kg"),
            "sale_price": sale,
            "regular_price": money(variant.compare_at if reduced else variant.price),
            "cost": money(variant.cost),
        }


def _named(fields: Mapping[str, str]) -> dict[str, str]:
    return {NAMES[field]: text for field, text in fields.items() if text}


def _type(kind: str, variant: CatalogVariant | None) -> str:
    parts = [kind]
    if variant is not None and not variant.requires_shipping:
        parts.append("virtual")
    if variant is not None and variant.extra.get(NAMES["type"]) == "downloadable":
        parts.append("downloadable")
    return ", ".join(parts)


def _list(first: str, whole: str) -> str:
    """The whole list as the file had it, as long as it still begins with ``first``."""
    own = join_list([first] if first else [])
    return whole if own and whole.startswith(own) else own


def _dates(extra: Mapping[str, str]) -> dict[str, str]:
    return {name: extra[name] for name in (SALE_STARTS, SALE_ENDS) if name in extra}


def _columns(extra: Mapping[str, str], *, ofvariant: bool = False) -> dict[str, str]:
    """The extras that a column of their own name holds and gives back as they are."""
    return {
        name: text
        for name, text in extra.items()
        if normal(name) not in FIELDS
        and own_field(name) is None
        and not (ofvariant and attribute_part(name))
        and name == name.strip() != ""
    }
