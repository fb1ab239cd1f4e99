"""The catalog: lists, search, one product. Public answers, kept by the page cache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy import select

from storegen.domain.catalog.card_reading import Card
from storegen.domain.catalog.listing import Listing, ListingQuery, Sort, read_listing
from storegen.domain.catalog.product_page import VariantView, product_by_id, variants_of
from storegen.domain.settings import SHELL
from storegen.errors import NotFound
from storegen.models import Category, Product
from storegen.web.api.routes import Routes
from storegen.web.api.schemas import catalog as shapes
from storegen.web.api.schemas.common import money, money_or_none
from storegen.web.context import current
from storegen.web.plugins.extensions import extensions

routes = Routes("products", __name__, description="What the shop sells. Public, and cached.")
NOT_SOLD_HERE = ("external", "grouped")


@routes.operation(
    "GET", "/products", answers=shapes.ProductList, query=shapes.ListQuery, refuses=(404,)
)
def list_products(query: Mapping[str, Any]) -> Any:
    """Products with their variants, a page at a time."""
    return _list(query)


@routes.operation(
    "GET", "/search", answers=shapes.ProductList, query=shapes.SearchQuery, refuses=(404,)
)
def search_products(query: Mapping[str, Any]) -> Any:
    """Products that contain all words of `q`, the best matches first."""
    return _list(query)


@routes.operation("GET", "/products/<id:product>", answers=shapes.Product)
def get_product(product: str) -> Any:
    """A product with its description, options, variants and pictures."""
    context = current()
    found = product_by_id(context.db, product, context.locale)
    if found is None:
        raise NotFound("product")
    answer = {
        "id": found.public_id,
        "slug": found.handle,
        "title": found.title,
        "description": found.description,
        "vendor": found.vendor,
        "type": found.product_type,
        "tags": found.tags,
        "kind": found.kind,
        "external_url": found.external_url or None,
        "return_class": found.return_class,
        "available": found.kind not in NOT_SOLD_HERE and found.available,
        "options": [{"name": each.name, "values": each.values} for each in found.options],
        "variants": [_variant(each) for each in found.variants],
        "pictures": [shapes.picture_shape(each) for each in found.pictures],
        "extensions": extensions(context.db, "product", [found.id])[found.id],
    }
    return answer, 200, {"X-Storegen-Cache": f"product:{found.id} {SHELL}"}


def _list(query: Mapping[str, Any]) -> Any:
    db, locale = current().db, current().locale
    wanted = _wanted(query)
    found = read_listing(db, locale, wanted, facets=False)
    ids = [card.id for card in found.cards]
    variants, more = variants_of(db, ids, locale), extensions(db, "product", ids)
    answer = {
        "items": [
            {**_listed(card, variants.get(card.id, [])), "extensions": more[card.id]}
            for card in found.cards
        ],
        "total": found.total,
        "next": _next(wanted, found),
    }
    return answer, 200, {"X-Storegen-Cache": f"listing {SHELL}"}


def _wanted(query: Mapping[str, Any]) -> ListingQuery:
    search = query.get("q") or None
    sort: Sort = query["sort"] or ("relevance" if search else "best")
    if sort == "relevance" and not search:
        sort = "best"
    return ListingQuery(
        category_id=_category(query["category"]) if query.get("category") else None,
        search=search,
        facets=shapes.facets(query),
        price_min=query["price_min"],
        price_max=query["price_max"],
        in_stock=query["available"],
        sort=sort,
        page=query["page"],
        after=_known(query["after"]) if query["after"] else "",
        size=query["limit"],
    )


def _category(slug: str) -> int:
    found = current().db.db.scalar(
        select(Category.id).where(Category.slug == slug, Category.visible.is_(True))
    )
    if found is None:
        raise NotFound("category")
    return found


def _known(product: str) -> str:
    """A product's id, behind which a list goes on."""
    if current().db.db.scalar(select(Product.id).where(Product.public_id == product)) is None:
        raise NotFound("page")
    return product


def _next(wanted: ListingQuery, found: Listing) -> str | None:
    if not found.cursor:
        return None
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in ("after", "page")]
    if wanted.search is not None and wanted.sort == "relevance":
        kept.append(("page", str(wanted.page + 1)))
    else:
        kept.append(("after", found.cursor))
    return f"{request.base_url}?{urlencode(kept)}"


def _listed(card: Card, variants: list[VariantView]) -> dict[str, Any]:
    return {
        "id": card.public_id,
        "slug": card.handle,
        "title": card.title,
        "vendor": card.vendor,
        "kind": card.kind,
        "available": card.kind not in NOT_SOLD_HERE and card.available,
        "picture": shapes.picture_shape(card.picture),
        "variants": [_variant(each) for each in variants],
    }


def _variant(variant: VariantView) -> dict[str, Any]:
    return {
        "id": variant.public_id,
        "sku": variant.sku,
        "title": variant.title,
        "options": variant.option_values,
        "price": money(variant.price),
        "compare_at": money_or_none(variant.compare_at),
        "available": variant.available,
        "stock": variant.level,
    }
