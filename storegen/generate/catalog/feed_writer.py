"""Google Merchant feeds in XML (RSS 2.0)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape

from storegen.generate.catalog.feed import GOOGLE, STOREGEN
from storegen.generate.catalog.google_layout import GoogleLayout, xml_pairs
from storegen.generate.catalog.layout import lay_out
from storegen.values.catalog import CatalogProduct

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<rss version="2.0" xmlns:g="{GOOGLE}" xmlns:storegen="{STOREGEN}">\n'
    "<channel>\n<title>Products</title>\n<link>{link}</link>\n"
    "<description>Products</description>\n"
)
_OWN = "storegen "


def write_feed(
    products: Iterable[CatalogProduct], file: BinaryIO, layout: GoogleLayout, base_url: str
) -> None:
    """An ``<item>`` for each variant, written as it comes."""
    file.write(_HEAD.replace("{link}", _text(base_url or "/")).encode())
    order = {name: place for place, name in enumerate(layout.columns)}
    for product in products:
        for row in lay_out(product, layout):
            lines = ["<item>"]
            pairs = xml_pairs(row.cells)
            pairs.sort(key=lambda pair: (order.get(pair[0], len(order)), pair[0].lower()))
            for name, text in pairs:
                lines.extend(_element(name, text))
            lines.append("</item>\n")
            file.write("\n".join(lines).encode())
    file.write(b"</channel>\n</rss>\n")


def _element(name: str, text: str) -> list[str]:
    if name.lower().startswith(_OWN):
        tag = "storegen:" + name[len(_OWN) :].lower().replace(" ", "_")
        return [f"<{tag}>{_text(text)}</{tag}>"]
    groups = _groups(text)
    if groups is None:
        return [f"<g:{name}>{_text(text)}</g:{name}>"]
    return [
        f"<g:{name}>"
        + "".join(f"<g:{part}>{_text(value)}</g:{part}>" for part, value in group.items())
        + f"</g:{name}>"
        for group in groups
    ]


def _groups(text: str) -> list[dict[str, str]] | None:
    """Attributes with parts (shipping, tax ...), which the reader keeps as JSON."""
    if not text.startswith(("{", "[{")):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    groups = value if isinstance(value, list) else [value]
    simple = re.compile(r"[a-z][a-z0-9_]*")
    for group in groups:
        if not isinstance(group, dict) or not group:
            return None
        if not all(simple.fullmatch(k) and isinstance(v, str) for k, v in group.items()):
            return None
    return groups


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("", text), {"\r": "&#13;"})
