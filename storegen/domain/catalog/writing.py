"""A batch of products written at once, new ones and changed ones, from a file or the back office.

Everything that repeats or indexes a product (card columns, shelves, facets, search words) is
written here with it. What is left for afterwards, once per import, is in `storegen.domain.catalog
.finishing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storegen.domain.catalog import variant_rows
from storegen.domain.catalog.cards import card_columns
from storegen.domain.catalog.facets import write_facets
from storegen.domain.catalog.fitting import fitted
from storegen.domain.catalog.search_index import write_index
from storegen.domain.catalog.shelves import Shelves, place
from storegen.models import Product, ProductImage, Translation, random_id
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.catalog import CatalogProduct

TRANSLATED = ("title", "description", "seo_title", "seo_description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A product to write, and the media ids of its pictures by their source.

    ``artwork``: media of a drawn picture, for a product that has none of its own.
    ``product_id``: the product to change, where its handle may change too.
    """

    product: CatalogProduct
    media: Mapping[str, int] = field(default_factory=dict)
    artwork: int | None = None
    product_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Product ids in the order given; how many were new; how many variants they have."""

    ids: tuple[int, ...]
    new: int
    variants: int


def write_products(
    uow: UnitOfWork,
    actor: Actor,
    incoming: Sequence[Incoming],
    shelves: Shelves,
    *,
    stock: bool = True,
    images: bool = True,
) -> Written:
    """Insert or change products by their handle; each handle at most once.

    A variant keeps its id by its option values, else by its SKU; one that is gone is deleted, or
    only switched off once it was ordered. ``stock`` False leaves known variants' stock alone,
    ``images`` False the galleries.
    """
    entries = [(fitted(each.product), each) for each in incoming]
    known = _known(uow, entries)
    products: dict[int, CatalogProduct] = {}
    _insert(uow, [(product, each) for product, each in entries if product.handle not in known])
    ids = {**known, **_ids(uow, [p.handle for p, _ in entries if p.handle not in known])}
    old = {ids[product.handle] for product, _ in entries if product.handle in known}
    products = {ids[product.handle]: product for product, _ in entries}
    by_id = {ids[product.handle]: each for product, each in entries}
    if old:
        _update(uow, {key: products[key] for key in sorted(old)}, by_id)
    variants = variant_rows.write_variants(
        uow, actor, products, {key: each.media for key, each in by_id.items()}, old, stock=stock
    )
    if images:
        _images(uow, products, by_id, old)
    changed = sorted(old)
    _translations(uow, products, changed)
    write_facets(uow, products, changed)
    place(uow, {key: shelves.ids(uow, product) for key, product in products.items()}, changed)
    write_index(uow, products, changed)
    uow.touch_products(products)
    return Written(
        ids=tuple(ids[product.handle] for product, _ in entries),
        new=len(entries) - len(old),
        variants=variants,
    )


def _known(uow: UnitOfWork, entries: Sequence[tuple[CatalogProduct, Incoming]]) -> dict[str, int]:
    """Handle (as it will be) → id of the products that are there already."""
    known = {product.handle: each.product_id for product, each in entries if each.product_id}
    return {**_ids(uow, [p.handle for p, _ in entries if p.handle not in known]), **known}


def _ids(uow: UnitOfWork, handles: Sequence[str]) -> dict[str, int]:
    if not handles:
        return {}
    rows = uow.db.execute(select(Product.handle, Product.id).where(Product.handle.in_(handles)))
    return {handle: product_id for handle, product_id in rows}


def _insert(uow: UnitOfWork, entries: Sequence[tuple[CatalogProduct, Incoming]]) -> None:
    if entries:
        rows = [
            {
                **_columns(uow, product),
                "cover_id": _cover(product, each),
                "public_id": random_id(),
                "created_at": uow.now,
            }
            for product, each in entries
        ]
        uow.db.execute(insert(Product), rows)


def _update(
    uow: UnitOfWork, products: Mapping[int, CatalogProduct], by_id: Mapping[int, Incoming]
) -> None:
    wanted = select(Product.id, Product.cover_id).where(Product.id.in_(list(products)))
    covers = {product_id: cover_id for product_id, cover_id in uow.db.execute(wanted)}
    rows = [
        {
            **_columns(uow, product),
            "cover_id": _cover(product, by_id[key]) or covers[key],
            "b_id": key,
        }
        for key, product in products.items()
    ]
    names = [name for name in rows[0] if name != "b_id"]
    uow.db.execute(
        update(Product)
        .where(Product.id == bindparam("b_id"))
        .values({name: bindparam(name) for name in names}),
        rows,
    )


def _columns(uow: UnitOfWork, product: CatalogProduct) -> dict[str, Any]:
    return {
        "handle": product.handle,
        "title": product.title,
        "description": product.description,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "category": product.category,
        "tags": list(product.tags),
        "status": product.status,
        "kind": product.kind,
        "gift_card": product.gift_card,
        "external_url": product.external_url,
        "external_label": product.external_label,
        "grouped": list(product.grouped),
        "options": [
            {"name": option.name, "values": list(option.values)} for option in product.options
        ],
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        "extra": dict(product.extra),
        "updated_at": uow.now,
        **asdict(card_columns([(each.price, each.compare_at) for each in product.variants])),
    }


def _cover(product: CatalogProduct, each: Incoming) -> int | None:
    found = (each.media.get(image.source) for image in product.images)
    return next((media_id for media_id in found if media_id), each.artwork)


def _images(
    uow: UnitOfWork,
    products: Mapping[int, CatalogProduct],
    by_id: Mapping[int, Incoming],
    old: set[int],
) -> None:
    """Galleries as the file has them; pictures that staff added (no source) stay behind them."""
    if old:
        uow.db.execute(
            delete(ProductImage).where(
                ProductImage.product_id.in_(sorted(old)), ProductImage.source != ""
            )
        )
    rows = [
        {
            "product_id": key,
            "media_id": by_id[key].media.get(image.source),
            "position": position,
            "alt": image.alt,
            "source": image.source,
        }
        for key, product in products.items()
        for position, image in enumerate(product.images)
    ]
    if rows:
        uow.db.execute(insert(ProductImage), rows)


def _translations(
    uow: UnitOfWork, products: Mapping[int, CatalogProduct], old: Sequence[int]
) -> None:
    if old:
        uow.db.execute(
            delete(Translation).where(
                Translation.entity == "product", Translation.entity_id.in_(old)
            )
        )
    rows = [
        {"entity": "product", "entity_id": key, "locale": locale, "field": name, "text": text}
        for key, product in products.items()
        for locale, texts in product.translations.items()
        for name, text in texts.items()
        if name in TRANSLATED
    ]
    if rows:
        uow.db.execute(insert(Translation), rows)
