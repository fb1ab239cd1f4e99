"""`CatalogProduct` as plain JSON values and back: nothing lost, nothing believed.

Fields at their defaults are left out (a price never is); mappings are sorted, so equal
products give equal text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from storegen.generate.catalog.cells import MILLIGRAMS
from storegen.values.catalog import (
    CatalogImage,
    CatalogOption,
    CatalogProduct,
    CatalogVariant,
)
from storegen.values.money import MAX_AMOUNT

STATUSES = ("active", "draft", "archived")
KINDS = ("simple", "variable", "grouped", "external")
TRANSLATED = ("title", "description", "seo_title", "seo_description")
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadField(ValueError):
    """A JSON value does not fit its field: ``field`` and what is expected there."""

    def __init__(self, field: str, expected: str, value: Any) -> None:
        super().__init__(f"{field} must be {expected}")
        self.field, self.value = field, value


def encode_product(product: CatalogProduct) -> dict[str, Any]:
    """A dict of JSON values, in the order of the dataclass."""
    return _encode(product)


def encode_variant(variant: CatalogVariant) -> dict[str, Any]:
    return _encode(variant)


def _defaults(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (
            field.name,
            field.default_factory() if field.default_factory is not MISSING else field.default,
        )
        for field in fields(kind)
    )


_DEFAULTS: dict[type[Any], tuple[tuple[str, Any], ...]] = {
    kind: _defaults(kind) for kind in (CatalogProduct, CatalogVariant, CatalogOption, CatalogImage)
}


def _encode(thing: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, default in _DEFAULTS[type(thing)]:
        value = getattr(thing, name)
        if value != default or name == "price":
            out[name] = _plain(value)
    return out


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    return _encode(value)


def decode_field(owner: type, name: str, value: Any) -> Any:
    """One field's value from JSON. Raises `BadField`; KeyError where there is no such field."""
    return (_VARIANT if owner is CatalogVariant else _PRODUCT)[name](name, value)


def known_fields(owner: type) -> frozenset[str]:
    return frozenset(_VARIANT if owner is CatalogVariant else _PRODUCT)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or _SURROGATE.search(value):
        raise BadField(name, "text", value)
    return value


def _bool(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadField(name, "true or false", value)
    return value


def _whole(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_AMOUNT:
        raise BadField(name, "a whole number from 0 on", value)
    return value


def _money(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_AMOUNT:
        raise BadField(name, "money in whole minor units such as 1999", value)
    return value


def _maybe(inner: Callable[[str, Any], int]) -> Callable[[str, Any], int | None]:
    return lambda name, value: None if value is None else inner(name, value)


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def choice(name: str, value: Any) -> str:
        if value not in choices:
            raise BadField(name, "one of " + ", ".join(choices), value)
        return str(value)

    return choice


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadField(name, "a list of texts", value)
    return tuple(_text(name, item) for item in value)


def _mapping(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise BadField(name, "an object of texts", value)
    return {_text(name, key): _text(name, item) for key, item in value.items()}


def _translations(name: str, value: Any) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        raise BadField(name, "an object of locales", value)
    out = {locale: _mapping(f"{name}.{locale}", texts) for locale, texts in value.items()}
    for locale, texts in out.items():
        for key in texts:
            if key not in TRANSLATED:
                raise BadField(f"{name}.{locale}.{key}", "one of " + ", ".join(TRANSLATED), key)
    return out


def _images(name: str, value: Any) -> tuple[CatalogImage, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadField(name, "a list of objects with source and alt", value)
    images = []
    for item in value:
        if not item.get("source") or set(item) - {"source", "alt"}:
            raise BadField(name, "a list of objects with source and alt", item)
        source, alt = _text(name, item["source"]), _text(name, item.get("alt", ""))
        images.append(CatalogImage(source=source, alt=alt))
    return tuple(images)


def _options(name: str, value: Any) -> tuple[CatalogOption, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadField(name, "a list of objects with name and values", value)
    options = []
    for item in value:
        if set(item) != {"name", "values"} or not item["name"]:
            raise BadField(name, "a list of objects with name and values", item)
        values = _texts(name, item["values"])
        if len(set(values)) != len(values):
            raise BadField(name, "without a value twice", item["values"])
        options.append(CatalogOption(name=_text(name, item["name"]), values=values))
    if len({option.name for option in options}) != len(options):
        raise BadField(name, "without a name twice", [option.name for option in options])
    return tuple(options)


_PRODUCT: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(
        [
            "handle",
            "title",
            "description",
            "vendor",
            "product_type",
            "category",
            "external_url",
            "external_label",
            "seo_title",
            "seo_description",
        ],
        _text,
    ),
    "tags": _texts,
    "status": _one_of(STATUSES),
    "kind": _one_of(KINDS),
    "gift_card": _bool,
    "grouped": _texts,
    "options": _options,
    "images": _images,
    "extra": _mapping,
    "translations": _translations,
}
_VARIANT: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(["sku", "barcode", "tax_code", "image"], _text),
    "option_values": _texts,
    "price": _money,
    "compare_at": _maybe(_money),
    "cost": _maybe(_money),
    "stock": _maybe(_whole),
    "backorder": _bool,
    "weight": _maybe(_whole),
    "weight_unit": _one_of(tuple(MILLIGRAMS)),
    "taxable": _bool,
    "requires_shipping": _bool,
    "extra": _mapping,
}
