"""The attributes of a Google Merchant product feed.

Source: support.google.com/merchants, "Product data specification".
"""

from __future__ import annotations

import re

OPTIONS = (("color", "Color"), ("size", "Size"), ("material", "Material"), ("pattern", "Pattern"))
"""Attributes by which the variants of one item group differ, and our names for them."""

OPTION_ATTRIBUTE = {
    "color": "color",
    "colour": "color",
    "颜色": "color",
    "size": "size",
    "尺码": "size",
    "尺寸": "size",
    "大小": "size",
    "material": "material",
    "材质": "material",
    "面料": "material",
    "pattern": "pattern",
    "图案": "pattern",
    "花色": "pattern",
}

FIELDS = (
    "id",
    "item_group_id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "availability",
    "price",
    "sale_price",
    "cost_of_goods_sold",
    "brand",
    "gtin",
    "product_type",
    "shipping_weight",
    "color",
    "size",
    "material",
    "pattern",
)
"""Attributes with a meaning here, in the order in which a file is written."""

VARIANT_EXTRAS = frozenset(
    [
        "mpn",
        "link",
        "mobile_link",
        "identifier_exists",
        "condition",
        "age_group",
        "gender",
        "size_type",
        "size_system",
        "availability",
        "availability_date",
        "sale_price_effective_date",
        "quantity",
        "multipack",
        "unit_pricing_measure",
        "unit_pricing_base_measure",
        "shipping_length",
        "shipping_width",
        "shipping_height",
        "color",
        "size",
        "material",
        "pattern",
    ]
)
"""Attributes without a field of ours that belong to the single item, not to its group."""

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*")


def attribute(name: str) -> str:
    """A column's or element's name as Google spells it: ``g:Image Link`` → ``image_link``."""
    plain = name.replace("\ufeff", "").strip().lower()
    if plain.startswith("storegen"):
        return plain.replace("_", " ").replace(":", " ", 1)
    return plain.removeprefix("g:").replace(" ", "_")


def is_attribute(name: str) -> bool:
    return _ATTRIBUTE.fullmatch(name) is not None


def is_google(header: set[str]) -> bool:
    """Whether the normalised column names are a Google feed's."""
    names = {attribute(name) for name in header}
    return {"id", "title", "price"} <= names and bool(
        names & {"link", "image_link", "availability", "item_group_id"}
    )
