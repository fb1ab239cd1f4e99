"""Rows of a WooCommerce product CSV as products."""

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
    read_weight,
    split_list,
)
from storegen.generate.catalog.handles import Handles, clean_handle, handle_from_title
from storegen.generate.catalog.problems import Problems
from storegen.generate.catalog.tables import Columns, Record, Row
from storegen.generate.catalog.variants import Found, without_doubles
from storegen.generate.catalog.woocommerce_attributes import (
    Attributes,
    expand,
    option_extras,
    options_from,
)
from storegen.generate.catalog.woocommerce_columns import (
    FIELDS,
    NAMES,
    SALE_ENDS,
    SALE_STARTS,
    WEIGHTS,
    attribute_part,
)
from storegen.values.catalog import CatalogImage, CatalogProduct, CatalogVariant
from storegen.values.money import allocate

_KINDS = ("simple", "variable", "grouped", "external")
_FLAGS = ("virtual", "downloadable")
_IGNORED = {"variation", ""}


class WooRows:
    """WooCommerce's product CSV: a row for each product, one for each variation of it."""

    name = "woocommerce-csv"

    def __init__(self, header: Sequence[str], currency: str) -> None:
        self._columns = Columns(header, FIELDS)
        self.known = len(self._columns.index)
        self._currency = currency
        self._by_id: dict[str, str] = {}

    def names(self, row: Row) -> tuple[str, ...]:
        """What the row's product is called, for grouping; for a variation, its parent."""
        record = Record(row, self._columns)
        number, sku = record.get("id"), record.get("sku")
        if "variation" in self._types(record):
            parent = record.get("parent")
            if not parent:
                return ()
            return (parent.lower() if parent.lower().startswith("id:") else f"sku:{parent}",)
        if number:
            self._by_id[number] = sku or clean_handle(record.get("slug"))
        return tuple(
            name for name in (number and f"id:{number}", sku and f"sku:{sku}") if name
        ) or (f"row:{record.row}",)

    def stray(self, row: Row, problems: Problems) -> None:
        """Note a row that belongs to no product."""
        record = Record(row, self._columns)
        problems.cell(record, "parent", "the variation names no parent")

    def product(
        self, rows: Sequence[Row], problems: Problems, handles: Handles
    ) -> CatalogProduct | None:
        """The product of these rows; None, with the reasons noted, where there is none."""
        records = [Record(row, self._columns) for row in rows]
        parents = [record for record in records if "variation" not in self._types(record)]
        children = [record for record in records if "variation" in self._types(record)]
        if not parents:
            for child in children:
                reason = f"parent '{child.get('parent')}' is not in this file"
                problems.cell(child, "parent", reason)
            return None
        parent = parents[0]
        for double in parents[1:]:
            reason = f"SKU or ID is already used in row {parent.row}"
            problems.add(double.row, double.name("sku"), reason, double.get("sku"))
        title = parent.get("name")
        if not title:
            problems.cell(parent, "name", "name is missing")
            return None
        kind = self._kind(parent, bool(children), problems)
        attributes = Attributes(parent)
        option_names: list[str] = []
        if kind == "variable":
            option_names, found = self._variations(parent, attributes, children, problems)
        else:
            found = self._single(parent, kind, problems)
        own = self._own(parent, "product")
        if not found and kind != "grouped" and own.get("kind") != "grouped":
            reason = "the product has no variant left and is left out"
            problems.add(parent.row, "", reason, title)
            return None
        variants = tuple(variant for _, variant in found)
        given = clean_handle(parent.get("slug"))
        handle = handles.unique(given or handle_from_title(title))
        product = CatalogProduct(
            handle=handle,
            title=title,
            description=parent.raw("description")
            if parent.get("description")
            else parent.raw("short"),
            vendor=next(iter(split_list(parent.get("brands"))), ""),
            category=clean_path(next(iter(split_list(parent.get("categories"))), "")),
            tags=tuple(dict.fromkeys(split_list(parent.get("tags")))),
            status=self._status(parent, problems),
            kind=kind,
            external_url=parent.get("external_url"),
            external_label=parent.get("button"),
            grouped=self._grouped(parent),
            options=options_from(option_names, attributes, variants),
            variants=variants,
            images=tuple(
                CatalogImage(source=source)
                for source in dict.fromkeys(split_list(parent.get("images")))
            ),
            seo_title=parent.get("seo_title"),
            seo_description=parent.get("seo_description"),
            extra=self._product_extra(parent, kind, handle, attributes, option_names),
        )
        return apply_product(product, own, parent.row, problems)

    def _types(self, record: Record) -> list[str]:
        return [part.strip().lower() for part in record.get("type").split(",")]

    def _kind(self, parent: Record, has_children: bool, problems: Problems) -> str:
        types = [part for part in self._types(parent) if part not in {*_FLAGS, *_IGNORED}]
        kind = types[0] if types else ("variable" if has_children else "simple")
        if kind == "simple" and has_children:
            return "variable"
        if kind in _KINDS:
            return kind
        fallback = "variable" if has_children else "simple"
        reason = (
            f"type '{kind}' is not simple, variable, grouped or external, so {fallback} is taken"
        )
        problems.cell(parent, "type", reason)
        return fallback

    def _single(self, parent: Record, kind: str, problems: Problems) -> list[Found]:
        if kind == "grouped":
            return []
        price = self._price(parent, problems)
        if price is None:
            return []
        stock = self._stock(parent, problems)
        variant = self._variant(parent, parent.get("sku"), price, stock, problems)
        return [(parent.row, variant)]

    def _variations(
        self,
        parent: Record,
        attributes: Attributes,
        children: Sequence[Record],
        problems: Problems,
    ) -> tuple[list[str], list[Found]]:
        chosen = [(child, Attributes(child)) for child in children]
        names = attributes.used_by(mine for _, mine in chosen)
        # Where the parent keeps stock, a variation without a stock of its own shares it.
        keeps = bool(parent.get("stock"))
        shared = [
            child
            for child in children
            if child.get("stock").lower() == "parent" or (keeps and not child.get("stock"))
        ]
        shares = iter(self._shares(parent, len(shared), problems))
        found: list[Found] = []
        for child, mine in chosen:
            if child.get("published") not in {"", "1"}:
                problems.cell(child, "published", "the variation is not published")
                continue
            price = self._price(child, problems)
            if price is None:
                continue
            stock = next(shares) if child in shared else self._stock(child, problems)
            values = mine.values_for(names)
            variant = self._variant(child, child.get("sku"), price, stock, problems, values)
            found.append((child.row, variant))
        found = expand(found, names, attributes, parent.name("name"), problems)
        return names, without_doubles(found, parent.name("type"), problems)

    def _shares(self, parent: Record, among: int, problems: Problems) -> tuple[int | None, ...]:
        """Stock kept by the parent, split, so that together no more is sold than there is."""
        stock = self._stock(parent, problems) if among else None
        if stock is None:
            return (None,) * among
        if among > 1:
            problems.cell(parent, "stock", "stock shared by variations is split between them")
        return allocate(stock, [1] * among)

    def _price(self, record: Record, problems: Problems) -> tuple[int, int | None] | None:
        """(price, compare-at price): the sale price, where there is one, and the regular one."""
        money = partial(read_price, currency=self._currency)
        regular, sale = record.get("regular_price"), record.get("sale_price")
        field = "regular_price"
        try:
            full = money(regular) if regular else None
            field = "sale_price"
            reduced = money(sale, what="sale price") if sale else None
        except BadCell as error:
            problems.cell(record, field, str(error))
            return None
        dated = record.get("sale_starts") or record.get("sale_ends")
        if reduced is not None and full is not None and dated:
            reason = "a sale price with dates is not taken over, the regular price is"
            problems.cell(record, "sale_price", reason)
            return full, None
        if reduced is not None:
            return reduced, full
        if full is not None:
            return full, None
        problems.cell(record, "regular_price", "price is missing")
        return None

    def _stock(self, record: Record, problems: Problems) -> int | None:
        if record.get("stock") and record.get("stock").lower() != "parent":
            return problems.read(record, "stock", read_stock, 0)
        word = record.get("in_stock").lower()
        if word in {"", "instock", "onbackorder", "backorder"}:
            return None
        if word == "outofstock":
            return 0
        there = problems.read(record, "in_stock", partial(read_bool, what="in stock"), True)
        return None if there else 0

    def _variant(
        self,
        record: Record,
        sku: str,
        price: tuple[int, int | None],
        stock: int | None,
        problems: Problems,
        values: tuple[str, ...] = (),
    ) -> CatalogVariant:
        types = self._types(record)
        notify = record.get("backorders").lower() == "notify"
        weight, unit = None, "kg"
        for field, its_unit in WEIGHTS.items():
            if record.get(field):
                unit = its_unit
                weight = problems.read(record, field, partial(read_weight, unit=unit), None)
        child = "variation" in types
        tax_class = record.get("tax_class")
        variant = CatalogVariant(
            sku=sku,
            option_values=values,
            price=price[0],
            compare_at=price[1],
            cost=problems.read(
                record, "cost", partial(read_price, currency=self._currency, what="cost"), None
            ),
            stock=stock,
            backorder=notify
            or problems.read(
                record, "backorders", partial(read_bool, what="backorders allowed"), False
            ),
            weight=weight,
            weight_unit=unit,
            barcode=record.get("barcode"),
            taxable=record.get("tax_status").lower() in {"", "taxable"},
            tax_code="" if tax_class.lower() == "parent" else tax_class,
            requires_shipping="virtual" not in types,
            image=next(iter(split_list(record.get("images"))), "") if child else "",
            extra=self._variant_extra(record, child=child),
        )
        return apply_variant(variant, self._own(record, "variant"), record.row, problems)

    def _variant_extra(self, record: Record, *, child: bool) -> dict[str, str]:
        extra: dict[str, str] = {}
        if record.get("backorders").lower() == "notify":
            extra[NAMES["backorders"]] = "notify"
        if record.get("tax_status").lower() == "shipping":
            extra[NAMES["tax_status"]] = "shipping"
        if "downloadable" in self._types(record):
            extra[NAMES["type"]] = "downloadable"
        dated = {SALE_STARTS: "sale_starts", SALE_ENDS: "sale_ends"}
        extra |= {name: record.get(field) for name, field in dated.items() if record.get(field)}
        if any(name in extra for name in dated) and record.get("sale_price"):
            extra[NAMES["sale_price"]] = record.get("sale_price")
        if not child:
            return extra
        if record.get("id"):
            extra[NAMES["id"]] = record.get("id")
        if record.get("description"):
            extra[NAMES["description"]] = record.raw("description")
        for name, text in record.unknown():
            if own_field(name) is None and attribute_part(name) is None:
                extra[name] = text
        return extra

    def _product_extra(
        self,
        parent: Record,
        kind: str,
        handle: str,
        attributes: Attributes,
        option_names: Sequence[str],
    ) -> dict[str, str]:
        extra: dict[str, str] = {}
        if parent.get("id"):
            extra[NAMES["id"]] = parent.get("id")
        if kind in {"variable", "grouped"} and parent.get("sku") not in {"", handle}:
            extra[NAMES["sku"]] = parent.get("sku")
        if parent.get("short"):
            extra[NAMES["short"]] = parent.raw("short")
        if parent.get("published") == "0":
            extra[NAMES["published"]] = "0"
        for field in ("categories", "brands"):
            if len(split_list(parent.get(field))) > 1:
                extra[NAMES[field]] = parent.get(field)
        for name, text in parent.unknown():
            if own_field(name) is None and attribute_part(name) is None:
                extra[name] = text
        return extra | option_extras(attributes, option_names)

    def _status(self, parent: Record, problems: Problems) -> str:
        text = parent.get("published")
        if text == "-1":
            return "draft"
        published = problems.read(parent, "published", partial(read_bool, what="published"), True)
        return "active" if published else "draft"

    def _grouped(self, parent: Record) -> tuple[str, ...]:
        """The children's SKUs (a reference by id becomes one, where the file knows it)."""
        return tuple(
            self._by_id.get(part[3:].strip()) or part if part.lower().startswith("id:") else part
            for part in split_list(parent.get("grouped"))
        )

    def _own(self, record: Record, owner: str) -> dict[str, str]:
        found = ((own_field(name), text) for name, text in record.unknown())
        return {own[1]: text for own, text in found if own is not None and own[0] == owner}
