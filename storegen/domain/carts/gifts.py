"""The goods behind gifts: what promotions may add to an order, if there is some left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from storegen.domain import settings
from storegen.domain.carts.loading import title_of
from storegen.domain.stock import POOL, Need
from storegen.models import Product, Stock, Translation, Variant
from storegen.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftGoods:
    """A variant that may be given. ``free``: pieces that are left, 0 while it is not for sale;
    None where stock is not tracked. ``weight`` in milligrams."""

    variant_id: int
    variant: str
    product_id: int
    handle: str
    title: str
    variant_title: str
    sku: str
    media_id: int | None
    weight: int
    requires_shipping: bool
    return_class: str
    tax_bp: int
    free: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGoods:
    """A gift of a quote: ``quantity`` pieces for nothing, by the promotion ``source``."""

    source: str
    quantity: int
    goods: GiftGoods

    @property
    def need(self) -> Need:
        return Need(self.goods.variant_id, self.quantity, self.goods.variant, self.goods.title)


def load_gifts(
    uow: UnitOfWork, variant_ids: Collection[int], locale: str
) -> Mapping[int, GiftGoods]:
    """One statement for all of them; none for none. Unknown ids are left out."""
    if not variant_ids:
        return {}
    product_text, variant_text = aliased(Translation), aliased(Translation)
    rows = uow.db.execute(
        select(
            Variant.id,
            Variant.public_id,
            Variant.title.label("variant_title"),
            Variant.sku,
            Variant.weight,
            Variant.requires_shipping,
            Variant.taxable,
            Variant.tax_code,
            Variant.active,
            Variant.image_id,
            Product.id.label("product_id"),
            Product.handle,
            Product.title,
            Product.status,
            Product.kind,
            Product.cover_id,
            Product.return_class,
            Stock.tracked,
            (Stock.on_hand - Stock.reserved + Stock.backorder).label("free"),
            product_text.text.label("title_here"),
            variant_text.text.label("variant_title_here"),
        )
        .join(Product, Product.id == Variant.product_id)
        .join(Stock, and_(Stock.variant_id == Variant.id, Stock.pool == POOL))
        .outerjoin(product_text, title_of(product_text, "product", Product.id, locale))
        .outerjoin(variant_text, title_of(variant_text, "variant", Variant.id, locale))
        .where(Variant.id.in_(sorted(variant_ids)))
    )
    tax = settings.load(uow).tax
    found = {}
    for row in rows:
        for_sale = row.active and row.status == "active" and row.kind not in ("external", "grouped")
        found[row.id] = GiftGoods(
            variant_id=row.id,
            variant=row.public_id,
            product_id=row.product_id,
            handle=row.handle,
            title=row.title_here or row.title,
            variant_title=row.variant_title_here or row.variant_title,
            sku=row.sku,
            media_id=row.image_id or row.cover_id,
            weight=row.weight or 0,
            requires_shipping=row.requires_shipping,
            return_class=row.return_class,
            tax_bp=tax.rate(taxable=row.taxable, code=row.tax_code),
            free=0 if not for_sale else (max(row.free, 0) if row.tracked else None),
        )
    return found
