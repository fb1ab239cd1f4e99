"""The columns of WooCommerce's product CSV, in English and as a Chinese shop exports them.

Source: the WooCommerce wiki, "Product CSV Import Schema".
"""

from __future__ import annotations

import re

from storegen.generate.catalog.tables import normal

COLUMNS: tuple[tuple[str, str], ...] = (
    # field, column; in the order in which a file is written
    ("id", "ID"),
    ("type", "Type"),
    ("sku", "SKU"),
    ("barcode", "GTIN, UPC, EAN, or ISBN"),
    ("name", "Name"),
    ("slug", "Slug"),
    ("published", "Published"),
    ("short", "Short description"),
    ("description", "Description"),
    ("tax_status", "Tax status"),
    ("tax_class", "Tax class"),
    ("in_stock", "In stock?"),
    ("stock", "Stock"),
    ("backorders", "Backorders allowed?"),
    ("weight_kg", "Weight (kg)"),
    ("sale_price", "Sale price"),
    ("regular_price", "Regular price"),
    ("categories", "Categories"),
    ("tags", "Tags"),
    ("images", "Images"),
    ("parent", "Parent"),
    ("grouped", "Grouped products"),
    ("external_url", "External URL"),
    ("button", "Button text"),
    ("brands", "Brands"),
    ("cost", "Cost of goods"),
    ("seo_title", "Meta: _yoast_wpseo_title"),
    ("seo_description", "Meta: _yoast_wpseo_metadesc"),
)
NAMES = dict(COLUMNS)
SALE_STARTS = "Date sale price starts"
SALE_ENDS = "Date sale price ends"
WEIGHTS = {"weight_kg": "kg", "weight_g": "g", "weight_oz": "oz", "weight_lb": "lb"}

FIELDS: dict[str, str] = {
    **{normal(column): field for field, column in COLUMNS},
    normal(SALE_STARTS): "sale_starts",
    normal(SALE_ENDS): "sale_ends",
    "weight (g)": "weight_g",
    "weight (oz)": "weight_oz",
    "weight (lbs)": "weight_lb",
    "weight (lb)": "weight_lb",
    "weight (unit)": "weight_kg",
    "gtin": "barcode",
    "brand": "brands",
    "cost of goods sold": "cost",
    "类型": "type",
    "名称": "name",
    "已发布": "published",
    "简短描述": "short",
    "描述": "description",
    "促销开始日期": "sale_starts",
    "促销截止日期": "sale_ends",
    "促销结束日期": "sale_ends",
    "税状态": "tax_status",
    "税类": "tax_class",
    "有货？": "in_stock",
    "有货?": "in_stock",
    "库存": "stock",
    "允许缺货下单？": "backorders",
    "允许缺货下单?": "backorders",
    "允许延期交货？": "backorders",
    "重量(kg)": "weight_kg",
    "重量 (kg)": "weight_kg",
    "重量(g)": "weight_g",
    "重量 (g)": "weight_g",
    "促销价格": "sale_price",
    "促销价": "sale_price",
    "常规售价": "regular_price",
    "常规价格": "regular_price",
    "原价": "regular_price",
    "分类": "categories",
    "标签": "tags",
    "图片": "images",
    "父级": "parent",
    "分组产品": "grouped",
    "外部链接": "external_url",
    "外部网址": "external_url",
    "按钮文本": "button",
    "按钮文字": "button",
    "品牌": "brands",
}

_ATTRIBUTE = re.compile(
    r"(?:attribute|属性) ?(\d{1,3}) ?"
    r"(name|value\(s\)|visible|global|default|名称|值|可见|的全局|全局|默认)"
)
_PARTS = {
    "value(s)": "value",
    "名称": "name",
    "值": "value",
    "可见": "visible",
    "的全局": "global",
    "全局": "global",
    "默认": "default",
}
NUMERIC = frozenset({"stock", "weight_kg", "sale_price", "regular_price", "cost"})


def attribute_part(column: str) -> tuple[int, str] | None:
    """(number, name | value | visible | global | default) of an attribute's column."""
    match = _ATTRIBUTE.fullmatch(normal(column))
    return (int(match[1]), _PARTS.get(match[2], match[2])) if match else None


def attribute_column(number: int, part: str) -> str:
    return f"Attribute {number} {'value(s)' if part == 'value' else part}"


def is_woocommerce(header: set[str]) -> bool:
    """Whether the normalised column names are a WooCommerce product file's."""
    fields = {FIELDS.get(name) for name in header}
    return "name" in fields and ("regular_price" in fields or {"type", "sku"} <= fields)
