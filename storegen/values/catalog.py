"""A catalog as files tell it: what readers yield, the importer takes and writers get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogImage:
    """One picture. ``source`` is a path relative to the catalog file or an http(s) address."""

    source: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogOption:
    """A choice the customer makes, such as size; ``values`` in the order of the file."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogVariant:
    """One thing that can be bought. Money in minor units of the store's currency.

    ``stock`` is None where stock is not tracked. ``weight`` is in milligrams (so that any unit a
    file uses survives), ``weight_unit`` how the file showed it: g, kg, oz or lb.
    """

    sku: str = ""
    option_values: tuple[str, ...] = ()
    price: int = 0
    compare_at: int | None = None
    cost: int | None = None
    stock: int | None = None
    backorder: bool = False
    weight: int | None = None
    weight_unit: str = "kg"
    barcode: str = ""
    taxable: bool = True
    tax_code: str = ""
    requires_shipping: bool = True
    image: str = ""
    extra: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogProduct:
    """One product with everything a file said about it.

    ``kind``: simple, variable, grouped (``grouped`` names the children's handles or SKUs) or
    external (sold elsewhere, at ``external_url``). ``category`` is a path joined by `` > ``.
    ``status``: active, draft or archived. ``extra`` keeps what has no field of its own, under the
    file format's own column names, so that writing the file again loses nothing.
    ``translations``: locale → field (title, description, seo_title, seo_description) → text.
    """

    handle: str
    title: str
    description: str = ""
    vendor: str = ""
    product_type: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    status: str = "active"
    kind: str = "simple"
    gift_card: bool = False
    external_url: str = ""
    external_label: str = ""
    grouped: tuple[str, ...] = ()
    options: tuple[CatalogOption, ...] = ()
    variants: tuple[CatalogVariant, ...] = ()
    images: tuple[CatalogImage, ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    extra: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    translations: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: MappingProxyType({})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A row, or one cell of it, that was left out, and why. ``row`` counts from 1 as a person's
    spreadsheet shows it (the header is row 1)."""

    file: str
    row: int
    column: str
    reason: str
    value: str = ""
