"""The items of a Google Merchant feed as products, from XML and from TSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from urllib.parse import unquote, urlsplit

from storegen.generate.catalog.beyond import apply_product, apply_variant, own_field
from storegen.generate.catalog.cells import (
    BadCell,
    clean_path,
    read_price,
    read_unit,
    read_weight,
)
from storegen.generate.catalog.google_columns import (
    FIELDS,
    OPTIONS,
    VARIANT_EXTRAS,
    attribute,
)
from storegen.generate.catalog.handles import Handles, clean_handle, handle_from_title
from storegen.generate.catalog.problems import Problems
from storegen.generate.catalog.tables import Row
from storegen.generate.catalog.variants import Found, options_of, without_doubles
from storegen.values.catalog import CatalogImage, CatalogProduct, CatalogVariant

OWN_OPTION = "storegen option "
_WEIGHT = re.compile(r"\s*([\d.,]+)\s*([^\d\s.,]*)\s*")
_AVAILABLE = {"in_stock", "available", "available_for_order", "limited_availability"}
_ORDERABLE = {"backorder", "preorder", "pre-order", "available_for_backorder"}
_GONE = {"out_of_stock", "discontinued", "sold_out"}


class _Item:
    """One item: attribute name → its values."""

    def __init__(self, row: int, pairs: Sequence[tuple[str, str]]) -> None:
        self.row = row
        self.values: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                self.values.setdefault(attribute(name), []).append(value)

    def raw(self, name: str) -> str:
        return self.values.get(name, [""])[0]

    def get(self, name: str) -> str:
        return self.raw(name).strip()


class GoogleItems:
    """A feed's items; those with one ``item_group_id`` are variants of one product.

    ``header`` is None for XML, whose rows hold their names themselves.
    """

    def __init__(self, header: Sequence[str] | None, currency: str) -> None:
        self.name = "google-xml" if header is None else "google-tsv"
        self._header = None if header is None else list(header)
        names = {attribute(name) for name in header or ()}
        self.known = len(names.intersection((*FIELDS, *VARIANT_EXTRAS)))
        self._currency = currency

    def names(self, row: Row) -> tuple[str, ...]:
        item = self._item(row)
        group, single = item.get("item_group_id"), item.get("id")
        return (f"group:{group}",) if group else (f"id:{single}",) if single else ()

    def stray(self, row: Row, problems: Problems) -> None:
        problems.add(row[0], "id", "id is missing")

    def product(
        self, rows: Sequence[Row], problems: Problems, handles: Handles
    ) -> CatalogProduct | None:
        """The product of these items; None, with the reasons noted, where there is none."""
        items = [self._item(row) for row in rows]
        first = items[0]
        grouped = bool(first.get("item_group_id"))
        title = next((item.get("title") for item in items if item.get("title")), "")
        if not title:
            problems.add(first.row, "title", "title is missing", first.get("id"))
            return None
        own = self._own(first, "product")
        options = self._options(items, grouped)
        found: list[Found] = []
        for item in items:
            if own.get("kind") == "grouped" and not item.get("price"):
                continue
            variant = self._variant(item, [name for name, _ in options], problems)
            if variant is not None:
                found.append((item.row, variant))
        found = without_doubles(found, "item_group_id" if grouped else "id", problems)
        variants = tuple(variant for _, variant in found)
        if not variants and own.get("kind") != "grouped":
            reason = "the product has no variant left and is left out"
            problems.add(first.row, "", reason, first.get("item_group_id") or first.get("id"))
            return None
        handle = self._handle(first, grouped) or handle_from_title(title)
        product = CatalogProduct(
            handle=handles.unique(handle),
            title=title,
            description=first.raw("description"),
            vendor=first.get("brand"),
            category=clean_path(first.get("product_type")),
            kind="variable" if options else "simple",
            options=tuple(options_of([shown for _, shown in options], variants)),
            variants=variants,
            images=self._images(items),
            extra=self._extra(first, product=True, options=options),
        )
        return apply_product(product, own, first.row, problems)

    def _item(self, row: Row) -> _Item:
        number, cells = row
        if self._header is None:
            return _Item(number, list(zip(cells[::2], cells[1::2], strict=True)))
        return _Item(number, list(zip(self._header, cells, strict=True)))

    def _handle(self, first: _Item, grouped: bool) -> str:
        """From the page's address, else from the group; a bare id is no name for a product."""
        path = unquote(urlsplit(first.get("link")).path) if first.get("link") else ""
        last = path.rstrip("/").rpartition("/")[2]
        handle = clean_handle(re.sub(r"\.(html?|php|aspx?)$", "", last))
        if not handle and grouped:
            handle = clean_handle(first.get("item_group_id"))
        return "" if handle.isdigit() else handle

    def _options(self, items: Sequence[_Item], grouped: bool) -> list[tuple[str, str]]:
        """(attribute, name shown): storegen's own option columns, else what all items have."""
        own = [name for name in items[0].values if name.startswith(OWN_OPTION)]
        if own:
            shown = [item.partition("=") for item in (items[0].raw(name) for name in own)]
            return [(name, part[0]) for name, part in zip(own, shown, strict=True)]
        if not grouped:
            return []
        return [(name, shown) for name, shown in OPTIONS if all(item.get(name) for item in items)]

    def _variant(
        self, item: _Item, options: Sequence[str], problems: Problems
    ) -> CatalogVariant | None:
        if not item.get("price"):
            problems.add(item.row, "price", "price is missing", item.get("id"))
            return None
        try:
            price = read_price(item.get("price"), self._currency)
        except BadCell as error:
            problems.add(item.row, "price", str(error), item.get("price"))
            return None
        money = partial(self._money, item, problems)
        compare_at = None
        sale = money("sale_price", "sale price")
        if sale is not None and item.get("sale_price_effective_date"):
            reason = "a sale price with dates is not taken over, the regular price is"
            problems.add(item.row, "sale_price", reason, item.get("sale_price"))
            sale = None
        if sale is not None:
            price, compare_at = sale, price
        stock, backorder = self._stock(item, problems)
        weight, unit = self._weight(item, problems)
        values = []
        for name in options:
            text = item.raw(name)
            value = text.partition("=")[2] if name.startswith(OWN_OPTION) else text.strip()
            if not value:
                problems.add(item.row, name, "the value of the option is missing")
                return None
            values.append(value)
        variant = CatalogVariant(
            sku=item.get("id"),
            option_values=tuple(values),
            price=price,
            compare_at=compare_at,
            cost=money("cost_of_goods_sold", "cost"),
            stock=stock,
            backorder=backorder,
            weight=weight,
            weight_unit=unit,
            barcode=item.get("gtin"),
            image=item.get("image_link") if item.get("item_group_id") else "",
            extra=self._extra(item, product=False, options=[(name, "") for name in options]),
        )
        return apply_variant(variant, self._own(item, "variant"), item.row, problems)

    def _money(self, item: _Item, problems: Problems, name: str, what: str) -> int | None:
        text = item.get(name)
        if not text:
            return None
        try:
            return read_price(text, self._currency, what)
        except BadCell as error:
            problems.add(item.row, name, str(error), text)
            return None

    def _stock(self, item: _Item, problems: Problems) -> tuple[int | None, bool]:
        """Feeds tell whether, not how many: in stock is untracked, out of stock is 0."""
        text = item.get("availability")
        word = text.lower().replace(" ", "_")
        if not word or word in _AVAILABLE:
            return None, False
        if word in _ORDERABLE:
            return 0, True
        if word not in _GONE:
            reason = f"availability '{text}' is not in_stock, out_of_stock, preorder or backorder"
            problems.add(item.row, "availability", reason, text)
        return 0, False

    def _weight(self, item: _Item, problems: Problems) -> tuple[int | None, str]:
        text = item.get("shipping_weight")
        if not text:
            return None, "kg"
        match = _WEIGHT.fullmatch(text)
        try:
            if match is None:
                raise BadCell(f"weight '{text}' is not a number with a unit such as 0.5 kg")
            unit = read_unit(match[2] or "kg")
            return read_weight(match[1], unit), unit
        except BadCell as error:
            problems.add(item.row, "shipping_weight", str(error), text)
            return None, "kg"

    def _images(self, items: Sequence[_Item]) -> tuple[CatalogImage, ...]:
        sources: dict[str, None] = {}
        for item in items:
            more = [
                part
                for value in item.values.get("additional_image_link", [])
                for part in (value.split(",") if self._header is not None else [value])
            ]
            sources |= dict.fromkeys(
                source.strip() for source in (item.get("image_link"), *more) if source.strip()
            )
        return tuple(CatalogImage(source=source) for source in sources)

    def _own(self, item: _Item, owner: str) -> dict[str, str]:
        found = ((own_field(name), item.raw(name)) for name in item.values)
        return {own[1]: text for own, text in found if own is not None and own[0] == owner}

    def _extra(
        self, item: _Item, *, product: bool, options: Sequence[tuple[str, str]]
    ) -> dict[str, str]:
        taken = set(FIELDS) - {"link", "availability"} - {name for name, _ in OPTIONS}
        taken |= {name for name, _ in options}
        own_options = any(name.startswith(OWN_OPTION) for name in taken)
        extra: dict[str, str] = {}
        for name, values in item.values.items():
            if name in taken or own_field(name) or name.startswith(OWN_OPTION):
                continue
            if own_options and name in {option for option, _ in OPTIONS}:
                continue
            if (name in VARIANT_EXTRAS) == product:
                continue
            if name == "availability" and values[0].strip().lower().replace(" ", "_") in {
                "in_stock",
                "out_of_stock",
                "backorder",
            }:
                continue
            extra[name] = values[0] if len(values) == 1 else _several(values)
        return extra


def _several(values: Sequence[str]) -> str:
    """A repeated attribute in one text, as Google's TSV has it."""
    joined = ",".join(value.strip() for value in values)
    return f"[{joined}]" if all(value.startswith("{") for value in values) else joined
