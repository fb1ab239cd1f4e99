"""Products and categories: what strangers may know of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from storegen.domain.catalog.listing import SORTS
from storegen.domain.catalog.pictures import Picture
from storegen.media import keys
from storegen.web.api.fields import OneOf, Several, Text, Truth, Whole
from storegen.web.api.schemas.common import LARGEST, Answer, Money, Query, extensions
from storegen.web.context import current

MOST = 100
DEEPEST_PAGE = 40


def _facet(what: str, example: str) -> Several:
    return Several(
        Text(most=200, least=1),
        most=20,
        load_default=list,
        metadata={"description": what, "example": [example]},
    )


class ListQuery(Query):
    """What to list. Several values of one parameter widen the list, several parameters narrow it.
    ``after`` and ``page`` come from ``next``."""

    q = Text(most=200, metadata={"description": "Words to find, in Chinese or English."})
    category = Text(most=255, metadata={"description": "A category's slug."})
    tag = _facet("A tag.", "organic")
    vendor = _facet("A brand.", "Grove")
    type = _facet("A product type.", "Tea")
    option = _facet("An option and its value, as `Size:M`.", "Size:M")
    price_min = Whole(least=0, most=LARGEST, from_text=True, load_default=None)
    price_max = Whole(least=0, most=LARGEST, from_text=True, load_default=None)
    available = Truth(load_default=False, metadata={"description": "Only what can be ordered."})
    sort = OneOf(*SORTS, load_default=None)
    limit = Whole(least=1, most=MOST, from_text=True, load_default=24)
    after = Text(most=32, load_default="", metadata={"description": "From ``next``."})
    page = Whole(least=1, most=DEEPEST_PAGE, from_text=True, load_default=1)


class SearchQuery(ListQuery):
    q = Text(most=200, least=1, required=True, metadata={"example": "茶"})


class Rendition(Answer):
    url = fields.String(required=True)
    format = fields.String(required=True, metadata={"example": "webp"})
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class PictureShape(Answer):
    """``colour`` is the most common one, for the time before the picture is there."""

    alt = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    colour = fields.String(required=True)
    sources = fields.List(fields.Nested(Rendition), required=True)


class Variant(Answer):
    """One thing that can be bought. ``available`` says whether, ``stock`` how surely; there is no
    count. ``compare_at``: a price to strike through, where there is one."""

    id = fields.String(required=True)
    sku = fields.String(required=True)
    title = fields.String(required=True)
    options = fields.List(fields.String(), required=True)
    price = fields.Nested(Money, required=True)
    compare_at = fields.Nested(Money, required=True, allow_none=True)
    available = fields.Boolean(required=True)
    stock = fields.String(required=True, metadata={"enum": ["in", "few", "out", "backorder"]})


class ListedProduct(Answer):
    """A product in a list."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    vendor = fields.String(required=True)
    kind = fields.String(required=True)
    available = fields.Boolean(required=True)
    picture = fields.Nested(PictureShape, required=True, allow_none=True)
    variants = fields.List(fields.Nested(Variant), required=True)
    extensions = extensions()


class ProductList(Answer):
    """``total`` counts all pages; ``next`` is the address of the following one, or null."""

    items = fields.List(fields.Nested(ListedProduct), required=True)
    total = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)


class Option(Answer):
    name = fields.String(required=True)
    values = fields.List(fields.String(), required=True)


class Product(Answer):
    """``description`` is safe HTML. ``external_url``: where an external product is bought."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    vendor = fields.String(required=True)
    type = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)
    kind = fields.String(required=True)
    external_url = fields.String(required=True, allow_none=True)
    return_class = fields.String(required=True)
    available = fields.Boolean(required=True)
    options = fields.List(fields.Nested(Option), required=True)
    variants = fields.List(fields.Nested(Variant), required=True)
    pictures = fields.List(fields.Nested(PictureShape), required=True)
    extensions = extensions()


class Category(Answer):
    """``parent`` is the slug of the category above, null at the top."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)
    products = fields.Integer(required=True)


class CategoryList(Answer):
    items = fields.List(fields.Nested(Category), required=True)
    total = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)


def picture_shape(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    media = current().store.media
    return {
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
        "colour": picture.colour,
        "sources": [
            {
                "url": media.url(keys.key_of(picture.sha, each.name)),
                "format": each.format,
                "width": each.width,
                "height": each.height,
            }
            for each in picture.renditions
        ],
    }


def facets(query: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The query's facets as `ListingQuery` names them."""
    found: dict[str, list[str]] = {}
    for name in ("tag", "vendor", "type"):
        for value in query[name]:
            found.setdefault(name, []).append(value)
    for pair in query["option"]:
        name, _, value = pair.partition(":")
        found.setdefault(f"option:{name}", []).append(value)
    return {name: tuple(values) for name, values in found.items()}
