"""The catalog in the database as values again: what an export writes and a form edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from storegen.domain.stock import POOL
from storegen.models import Media, Product, ProductImage, Stock, Translation, Variant
from storegen.uow import UnitOfWork
from storegen.values.catalog import CatalogImage, CatalogOption, CatalogProduct, CatalogVariant

_AT_ONCE = 500
UPLOADED = "images"
"""Where a picture goes that came from no catalog: ``images/<start of its hash>-<name>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalPicture:
    """A picture of the shop under the name by which an export refers to it."""

    source: str
    sha: str
    mime: str


def products(uow: UnitOfWork) -> Iterator[CatalogProduct]:
    """All products, in the order in which they came in; a few hundred are read at a time."""
    last = 0
    while True:
        rows = uow.db.execute(
            select(Product.__table__).where(Product.id > last).order_by(Product.id).limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        yield from _whole(uow, rows)


def products_by_id(uow: UnitOfWork, product_ids: Iterable[int]) -> dict[int, CatalogProduct]:
    """Some products, by id."""
    rows = uow.db.execute(
        select(Product.__table__)
        .where(Product.id.in_(sorted(set(product_ids))))
        .order_by(Product.id)
    ).all()
    return dict(zip([row.id for row in rows], _whole(uow, rows), strict=True))


def pictures(uow: UnitOfWork) -> Iterator[OriginalPicture]:
    """The originals that `products` refer to by a path: those whose source is no address."""
    rows = uow.db.execute(
        select(ProductImage.source, Media.sha256, Media.mime, Media.name)
        .join(Media, Media.id == ProductImage.media_id)
        .order_by(ProductImage.product_id, ProductImage.position, ProductImage.id)
    )
    for row in rows.yield_per(_AT_ONCE):
        source = row.source or _uploaded(row.sha256, row.name)
        if "://" not in source and not source.startswith("//"):
            yield OriginalPicture(source=source, sha=row.sha256, mime=row.mime)
    others = uow.db.execute(
        select(Variant.image_source, Media.sha256, Media.mime)
        .join(Media, Media.id == Variant.image_id)
        .where(Variant.image_source != "")
        .order_by(Variant.id)
    )
    for source, sha, mime in others.yield_per(_AT_ONCE):
        if "://" not in source and not source.startswith("//"):
            yield OriginalPicture(source=source, sha=sha, mime=mime)


def _whole(uow: UnitOfWork, rows: Sequence[Any]) -> Iterator[CatalogProduct]:
    ids = [row.id for row in rows]
    variants = _grouped(uow, _variants(ids))
    images = _grouped(uow, _images(ids))
    texts = _translations(uow, ids)
    for row in rows:
        yield _product(row, variants.get(row.id, []), images.get(row.id, []), texts.get(row.id, {}))


def _grouped(uow: UnitOfWork, statement: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in uow.db.execute(statement):
        found.setdefault(row.product_id, []).append(row)
    return found


def _variants(ids: Sequence[int]) -> Any:
    return (
        select(Variant.__table__, Stock.tracked, Stock.on_hand, Stock.backorder)
        .outerjoin(Stock, and_(Stock.variant_id == Variant.id, Stock.pool == POOL))
        .where(Variant.product_id.in_(ids), Variant.active.is_(True))
        .order_by(Variant.product_id, Variant.position, Variant.id)
    )


def _images(ids: Sequence[int]) -> Any:
    return (
        select(
            ProductImage.product_id,
            ProductImage.source,
            ProductImage.alt,
            Media.sha256,
            Media.name,
            Media.made_here,
        )
        .outerjoin(Media, Media.id == ProductImage.media_id)
        .where(ProductImage.product_id.in_(ids))
        .order_by(ProductImage.product_id, ProductImage.position, ProductImage.id)
    )


def _translations(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, dict[str, dict[str, str]]]:
    found: dict[int, dict[str, dict[str, str]]] = {}
    for row in uow.db.execute(
        select(Translation.entity_id, Translation.locale, Translation.field, Translation.text)
        .where(Translation.entity == "product", Translation.entity_id.in_(ids))
        .order_by(Translation.entity_id, Translation.locale, Translation.field)
    ):
        found.setdefault(row.entity_id, {}).setdefault(row.locale, {})[row.field] = row.text
    return found


def _product(
    row: Any,
    variants: Sequence[Any],
    images: Sequence[Any],
    texts: Mapping[str, Mapping[str, str]],
) -> CatalogProduct:
    return CatalogProduct(
        handle=row.handle,
        title=row.title,
        description=row.description,
        vendor=row.vendor,
        product_type=row.product_type,
        category=row.category,
        tags=tuple(row.tags),
        status=row.status,
        kind=row.kind,
        gift_card=row.gift_card,
        external_url=row.external_url,
        external_label=row.external_label,
        grouped=tuple(row.grouped),
        options=tuple(
            CatalogOption(name=each["name"], values=tuple(each["values"])) for each in row.options
        ),
        variants=tuple(_variant(each) for each in variants),
        images=tuple(
            CatalogImage(source=each.source or _uploaded(each.sha256, each.name), alt=each.alt)
            for each in images
            if each.source or (each.sha256 and not each.made_here)
        ),
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        extra=dict(row.extra),
        translations=dict(texts),
    )


def _variant(row: Any) -> CatalogVariant:
    return CatalogVariant(
        sku=row.sku,
        option_values=tuple(row.option_values),
        price=row.price,
        compare_at=row.compare_at,
        cost=row.cost,
        # More was promised than is there: a file says none.
        stock=max(row.on_hand, 0) if row.tracked else None,
        backorder=bool(row.backorder),
        weight=row.weight,
        weight_unit=row.weight_unit,
        barcode=row.barcode,
        taxable=row.taxable,
        tax_code=row.tax_code,
        requires_shipping=row.requires_shipping,
        image=row.image_source,
        extra=dict(row.extra),
    )


def _uploaded(sha: str | None, name: str | None) -> str:
    plain = (name or "picture").replace("\\", "/").rsplit("/", 1)[-1]
    return f"{UPLOADED}/{(sha or '')[:12]}-{plain}"
