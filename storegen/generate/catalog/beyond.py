"""Fields that a format has no place for, carried in columns of storegen's own.

A column is named ``Storegen `` + the field (``Storegen variant `` for a variant's) and appears
only in a file that needs it. Text stands as it is, everything else as JSON. Other programs
ignore such columns; our readers take them back, so that an export loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from storegen.generate.catalog.codec import BadField, decode_field, known_fields
from storegen.generate.catalog.problems import Problems
from storegen.values.catalog import CatalogProduct, CatalogVariant

PRODUCT = "storegen "
VARIANT = "storegen variant "


def beyond(encoded: dict[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Those of ``names`` that are not at their default, as text by field."""
    return {name: _show(encoded[name]) for name in names if name in encoded}


def columns_for(values: dict[str, str], prefix: str) -> dict[str, str]:
    return {prefix.capitalize() + name.replace("_", " "): text for name, text in values.items()}


def own_field(column: str) -> tuple[str, str] | None:
    """("variant" or "product", field) for a column of storegen's own, else None."""
    name = column.strip().lower()
    for prefix, owner, kind in (
        (VARIANT, "variant", CatalogVariant),
        (PRODUCT, "product", CatalogProduct),
    ):
        field = name.removeprefix(prefix).replace(" ", "_")
        if name.startswith(prefix) and field in known_fields(kind):
            return owner, field
    return None


def apply_product(
    product: CatalogProduct, values: dict[str, str], row: int, problems: Problems
) -> CatalogProduct:
    return replace(product, **_read(CatalogProduct, PRODUCT, values, product, row, problems))


def apply_variant(
    variant: CatalogVariant, values: dict[str, str], row: int, problems: Problems
) -> CatalogVariant:
    return replace(variant, **_read(CatalogVariant, VARIANT, values, variant, row, problems))


def _read(
    kind: type, prefix: str, values: dict[str, str], thing: Any, row: int, problems: Problems
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, text in values.items():
        before = getattr(thing, name)
        try:
            value = text if isinstance(before, str) else json.loads(text)
            fields[name] = decode_field(kind, name, value)
        except (BadField, ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, BadField) else f"{name} is not JSON"
            problems.add(row, prefix.capitalize() + name.replace("_", " "), reason, text)
            continue
        if name == "extra":
            fields[name] = {**before, **fields[name]}
    return fields


def _show(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
