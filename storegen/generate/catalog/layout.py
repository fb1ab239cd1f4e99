"""How products become the rows of a format, and how nothing gets lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from storegen.generate.catalog.beyond import PRODUCT, VARIANT, beyond, columns_for
from storegen.generate.catalog.codec import encode_product, encode_variant
from storegen.values.catalog import CatalogProduct


@dataclass(frozen=True, slots=True)
class LaidRow:
    """One row: column name → text, blank cells left out; ``variant`` is the index of the
    product's variant that it describes, if it does."""

    cells: dict[str, str]
    variant: int | None = None


class Layout(Protocol):
    """A format's way to lay products out. ``columns`` come first, in that order, always;
    ``numeric`` are those that a workbook may hold as numbers."""

    columns: list[str]
    numeric: frozenset[str]

    def rows(self, product: CatalogProduct) -> list[LaidRow]:
        """The product in the format's own columns; the first row carries the product."""
        ...

    def read(self, rows: Sequence[LaidRow]) -> CatalogProduct | None:
        """What the format's reader makes of these rows."""
        ...


def lay_out(product: CatalogProduct, layout: Layout) -> list[LaidRow]:
    """The product's rows, with storegen's own columns for what the format cannot say.

    The rows are read back at once; every field that comes back otherwise gets its column. So
    reading a written file gives the product again, and writing that gives the same bytes.
    """
    rows = layout.rows(product)
    back = layout.read(rows)
    if back is None:
        rows[0].cells.update(columns_for({"kind": product.kind}, PRODUCT))
        back = layout.read(rows)
    if back is None:
        return rows
    encoded, returned = encode_product(product), encode_product(back)
    encoded.pop("variants", None)
    own = columns_for(_different(encoded, returned), PRODUCT)
    by_index = {row.variant: row for row in rows if row.variant is not None}
    if len(back.variants) == len(product.variants):
        pairs = zip(product.variants, back.variants, strict=True)
        for index, (variant, other) in enumerate(pairs):
            differs = _different(encode_variant(variant), encode_variant(other))
            by_index[index].cells.update(columns_for(differs, VARIANT))
    rows[0].cells.update(own)
    return rows


_BLANK: dict[str, Any] = {
    "status": "active",
    "kind": "simple",
    "weight_unit": "kg",
    "gift_card": False,
    "backorder": False,
    "taxable": True,
    "requires_shipping": True,
    **dict.fromkeys(("stock", "compare_at", "cost", "weight")),
    **{name: [] for name in ("tags", "grouped", "options", "images", "option_values")},
    "translations": {},
}


def _different(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, str]:
    """The fields of ours that theirs has otherwise, as text; of ``extra`` only those entries.

    A field that ours has at its default and theirs has not is written out too, but for texts:
    a blank cell cannot be told from none, so such a field stays as the format gives it.
    """
    out: dict[str, Any] = {}
    for name in sorted({*ours, *theirs} - {"extra", "variants"}):
        if ours.get(name) == theirs.get(name):
            continue
        if name in ours:
            out[name] = ours[name]
        elif name in _BLANK:
            out[name] = _BLANK[name]
    before = theirs.get("extra", {})
    extra = {name: text for name, text in ours.get("extra", {}).items() if before.get(name) != text}
    if extra:
        out["extra"] = extra
    return beyond(out, out)
