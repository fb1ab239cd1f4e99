"""Rows of a Shopify product CSV as products, and products as such rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from storegen.generate.catalog.beyond import apply_product, apply_variant, own_field
from storegen.generate.catalog.cells import (
    BadCell,
    clean_path,
    read_bool,
    read_price,
    read_stock,
    read_unit,
    read_weight,
    read_whole,
)
from storegen.generate.catalog.codec import STATUSES
from storegen.generate.catalog.handles import Handles, clean_handle, handle_from_title
from storegen.generate.catalog.problems import Problems
from storegen.generate.catalog.shopify_columns import (
    FIELDS,
    FULFILMENT,
    OWN_TRACKER,
    PLACES,
    QUANTITY,
    TOO_MANY,
    TRACKER,
    is_variant_column,
)
from storegen.generate.catalog.tables import Columns, Record, Row, normal
from storegen.generate.catalog.variants import Found, options_of, without_doubles
from storegen.values.catalog import CatalogImage, CatalogProduct, CatalogVariant


class ShopifyRows:
    """Shopify's product CSV: several rows with one handle are one product."""

    name = "shopify-csv"

    def __init__(self, header: Sequence[str], currency: str) -> None:
        self._columns = Columns(header, FIELDS)
        self.known = len(self._columns.index)
        self._currency = currency

    def names(self, row: Row) -> tuple[str, ...]:
        """What the row's product is called, for grouping."""
        record = Record(row, self._columns)
        handle = _handle(record)
        return (handle,) if handle else ()

    def stray(self, row: Row, problems: Problems) -> None:
        """Note a row that belongs to no product."""
        record = Record(row, self._columns)
        problems.add(record.row, record.name("handle"), "handle and title are both missing")

    def product(
        self, rows: Sequence[Row], problems: Problems, handles: Handles
    ) -> CatalogProduct | None:
        """The product of these rows; None, with the reasons noted, where there is none."""
        records = [
            record
            for record in (Record(row, self._columns) for row in rows)
            if not self._too_many_options(record, problems)
        ]
        if not records:
            return None
        first = records[0]
        title = _first(records, "title")
        handle = _handle(first)
        handles.claim(handle)
        if not title:
            problems.cell(first, "title", f"title is missing for handle '{handle}'")
            return None
        product_extra, variant_extras, own, own_variant = self._extras(records)
        names = self._option_names(records, problems)
        found: list[Found] = []
        rows_of_variants = self._variant_rows(records)
        if own.get("kind") == "grouped" and not records[0].get("price"):
            rows_of_variants = []
        for record in rows_of_variants:
            variant = self._variant(record, names, variant_extras.get(record.row, {}), problems)
            if variant is not None:
                more = own_variant.get(record.row, {})
                found.append((record.row, apply_variant(variant, more, record.row, problems)))
        found = without_doubles(found, first.name("option1_value"), problems)
        variants = tuple(variant for _, variant in found)
        if not variants and own.get("kind") != "grouped":
            problems.add(first.row, "", "the product has no variant left and is left out", handle)
            return None
        options = tuple(options_of([name for _, name in names], variants))
        read_yes = partial(read_bool, what="gift card")
        product = CatalogProduct(
            handle=handle,
            title=title,
            description=_first(records, "description", raw=True),
            vendor=_first(records, "vendor"),
            product_type=_first(records, "type"),
            category=clean_path(_first(records, "category")),
            tags=tuple(
                dict.fromkeys(
                    tag.strip() for tag in _first(records, "tags").split(",") if tag.strip()
                )
            ),
            status=self._status(first, problems),
            kind="variable" if options else "simple",
            gift_card=problems.read(first, "gift_card", read_yes, False),
            options=options,
            variants=variants,
            images=self._images(records, problems),
            seo_title=_first(records, "seo_title"),
            seo_description=_first(records, "seo_description"),
            extra=product_extra,
        )
        return apply_product(product, own, first.row, problems)

    def _too_many_options(self, record: Record, problems: Problems) -> bool:
        for name, text in record.unknown():
            if TOO_MANY.fullmatch(normal(name)):
                reason = "a Shopify product has at most 3 options, so the row is left out"
                problems.add(record.row, name, reason, text)
                return True
        return False

    def _variant_rows(self, records: Sequence[Record]) -> list[Record]:
        """The rows that describe a variant: not those that only add a picture."""
        rows = [
            record
            for record in records
            if record.get("price")
            or record.get("sku")
            or any(record.get(f"option{place}_value") for place in PLACES)
        ]
        return rows or list(records[:1])

    def _option_names(self, records: Sequence[Record], problems: Problems) -> list[tuple[int, str]]:
        names: list[tuple[int, str]] = []
        for place in PLACES:
            name = _first(records, f"option{place}_name")
            field = f"option{place}_value"
            values = [record.get(field) for record in records if record.get(field)]
            if name.lower() in {"title", ""} and {v.lower() for v in values} <= {"default title"}:
                continue
            if not name:
                name = f"Option {place}"
                record = next(record for record in records if record.get(field))
                problems.cell(record, field, f"option{place} has a value but no name")
            if name in (taken for _, taken in names):
                problems.cell(records[0], f"option{place}_name", f"option '{name}' comes twice")
                continue
            names.append((place, name))
        return names

    def _variant(
        self,
        record: Record,
        names: Sequence[tuple[int, str]],
        extra: dict[str, str],
        problems: Problems,
    ) -> CatalogVariant | None:
        values = []
        for place, name in names:
            value = record.get(f"option{place}_value")
            if not value:
                problems.cell(record, f"option{place}_value", f"the value of '{name}' is missing")
                return None
            values.append(value)
        if not record.get("price"):
            problems.cell(record, "price", "price is missing")
            return None
        try:
            price = read_price(record.get("price"), self._currency)
        except BadCell as error:
            problems.cell(record, "price", str(error))
            return None
        unit = problems.read(record, "unit", read_unit, "kg")
        money = partial(read_price, currency=self._currency)
        stock = self._stock(record, extra, problems)
        if (record.get("fulfilment") or "manual") != "manual":
            extra = {**extra, FULFILMENT: record.get("fulfilment")}
        return CatalogVariant(
            sku=record.get("sku"),
            option_values=tuple(values),
            price=price,
            compare_at=problems.read(
                record, "compare_at", partial(money, what="compare-at price"), None
            ),
            cost=problems.read(record, "cost", partial(money, what="cost"), None),
            stock=stock,
            backorder=problems.read(
                record, "policy", partial(read_bool, what="inventory policy"), False
            ),
            weight=problems.read(record, "grams", partial(read_weight, unit="g"), None),
            weight_unit=unit,
            barcode=record.get("barcode"),
            taxable=problems.read(record, "taxable", partial(read_bool, what="taxable"), True),
            tax_code=record.get("tax_code"),
            requires_shipping=problems.read(
                record, "requires_shipping", partial(read_bool, what="requires shipping"), True
            ),
            image=record.get("variant_image"),
            extra=extra,
        )

    def _stock(self, record: Record, extra: dict[str, str], problems: Problems) -> int | None:
        """A blank tracker means that stock is not tracked, whatever the quantity says."""
        tracker, quantity = record.get("tracker"), record.get("quantity")
        tracked = bool(tracker) if "tracker" in self._columns.index else bool(quantity)
        if not tracked:
            if quantity:
                extra[QUANTITY] = quantity
            return None
        if tracker and tracker.lower() != OWN_TRACKER:
            extra[TRACKER] = tracker
        return problems.read(record, "quantity", read_stock, 0)

    def _status(self, first: Record, problems: Problems) -> str:
        published = problems.read(first, "published", partial(read_bool, what="published"), True)
        status = first.get("status").lower()
        if status and status not in STATUSES:
            reason = f"status '{status}' is not active, draft or archived, so draft is taken"
            problems.cell(first, "status", reason)
            return "draft"
        if status in {"", "active"}:
            return "active" if published else "draft"
        return status

    def _images(self, records: Sequence[Record], problems: Problems) -> tuple[CatalogImage, ...]:
        placed: dict[str, tuple[int, CatalogImage]] = {}
        for order, record in enumerate(records, 1):
            source = record.get("image")
            if not source or source in placed:
                continue
            position = problems.read(
                record, "position", partial(read_whole, what="image position"), order
            )
            placed[source] = position, CatalogImage(source=source, alt=record.get("alt"))
        return tuple(image for _, image in sorted(placed.values(), key=lambda pair: pair[0]))

    def _extras(
        self, records: Sequence[Record]
    ) -> tuple[
        dict[str, str], dict[int, dict[str, str]], dict[str, str], dict[int, dict[str, str]]
    ]:
        """What has no field: the product's, each row's, and storegen's own columns of both."""
        product: dict[str, str] = {}
        variants: dict[int, dict[str, str]] = {}
        own: dict[str, str] = {}
        own_variant: dict[int, dict[str, str]] = {}
        for record in records:
            for name, text in record.unknown():
                ours = own_field(name)
                if ours and ours[0] == "product":
                    own.setdefault(ours[1], text)
                elif ours:
                    own_variant.setdefault(record.row, {})[ours[1]] = text
                elif is_variant_column(name):
                    variants.setdefault(record.row, {})[name] = text
                elif record is records[0]:
                    product[name] = text
                elif product.get(name) != text:
                    variants.setdefault(record.row, {})[name] = text
        return product, variants, own, own_variant


def _first(records: Sequence[Record], field: str, *, raw: bool = False) -> str:
    """The first cell of the column that is not blank."""
    for record in records:
        if record.get(field):
            return record.raw(field) if raw else record.get(field)
    return ""


def _handle(record: Record) -> str:
    title = record.get("title")
    return clean_handle(record.get("handle")) or (handle_from_title(title) if title else "")
