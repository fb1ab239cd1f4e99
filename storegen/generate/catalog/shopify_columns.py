"""The columns of Shopify's product CSV, under the classic and the present names.

Source: help.shopify.com, "Using CSV files to import and export products".
"""

from __future__ import annotations

import re

from storegen.generate.catalog.tables import normal

COLUMNS: tuple[tuple[str, str, str], ...] = (
    # field, classic name, present name; in the order in which a file is written
    ("handle", "Handle", "URL handle"),
    ("title", "Title", "Title"),
    ("description", "Body (HTML)", "Description"),
    ("vendor", "Vendor", "Vendor"),
    ("category", "Product Category", "Product category"),
    ("type", "Type", "Type"),
    ("tags", "Tags", "Tags"),
    ("published", "Published", "Published on online store"),
    ("option1_name", "Option1 Name", "Option1 name"),
    ("option1_value", "Option1 Value", "Option1 value"),
    ("option2_name", "Option2 Name", "Option2 name"),
    ("option2_value", "Option2 Value", "Option2 value"),
    ("option3_name", "Option3 Name", "Option3 name"),
    ("option3_value", "Option3 Value", "Option3 value"),
    ("sku", "Variant SKU", "SKU"),
    ("grams", "Variant Grams", "Weight value (grams)"),
    ("tracker", "Variant Inventory Tracker", "Inventory tracker"),
    ("quantity", "Variant Inventory Qty", "Inventory quantity"),
    ("policy", "Variant Inventory Policy", "Continue selling when out of stock"),
    ("fulfilment", "Variant Fulfillment Service", "Fulfillment service"),
    ("price", "Variant Price", "Price"),
    ("compare_at", "Variant Compare At Price", "Compare-at price"),
    ("requires_shipping", "Variant Requires Shipping", "Requires shipping"),
    ("taxable", "Variant Taxable", "Charge tax"),
    ("barcode", "Variant Barcode", "Barcode"),
    ("image", "Image Src", "Product image URL"),
    ("position", "Image Position", "Image position"),
    ("alt", "Image Alt Text", "Image alt text"),
    ("gift_card", "Gift Card", "Gift card"),
    ("seo_title", "SEO Title", "SEO title"),
    ("seo_description", "SEO Description", "SEO description"),
    ("variant_image", "Variant Image", "Variant image URL"),
    ("unit", "Variant Weight Unit", "Weight unit for display"),
    ("tax_code", "Variant Tax Code", "Tax code"),
    ("cost", "Cost per item", "Cost per item"),
    ("status", "Status", "Status"),
)
CLASSIC = {field: classic for field, classic, _ in COLUMNS}
PRESENT = {field: present for field, _, present in COLUMNS}

PLACES = (1, 2, 3)
"""The options that a product may have."""

TOO_MANY = re.compile(r"option([4-9]|\d\d+) (name|value)")
FULFILMENT = CLASSIC["fulfilment"]
QUANTITY = CLASSIC["quantity"]
TRACKER = CLASSIC["tracker"]
OWN_TRACKER = "shopify"

FIELDS: dict[str, str] = {
    **{normal(classic): field for field, classic, _ in COLUMNS},
    **{normal(present): field for field, _, present in COLUMNS},
    # Names that Shopify used in between, and that other programs write.
    "body html": "description",
    "body": "description",
    "standardized product type": "category",
    "standard product type": "category",
    "custom product type": "type",
    "product type": "type",
    "variant inventory quantity": "quantity",
    "compare at price": "compare_at",
    "variant compare-at price": "compare_at",
    "weight value": "grams",
    "weight unit": "unit",
    "image url": "image",
    "variant cost": "cost",
}
NUMERIC = frozenset({"grams", "quantity", "price", "compare_at", "cost", "position"})


def is_shopify(header: set[str]) -> bool:
    """Whether the normalised column names are a Shopify product file's."""
    if "title" not in header:
        return False
    return bool(header & {"handle", "url handle"}) or bool(
        header & {"price", "variant price"} and "id" not in header
    )


def is_variant_column(name: str) -> bool:
    """Whether a column without a field of ours speaks of a variant, not of its product."""
    column = normal(name)
    return (
        column.startswith(("variant ", "unit price "))
        or column.startswith(("price / ", "compare-at price / ", "compare at price / "))
        or "variant.metafields" in column
    )
