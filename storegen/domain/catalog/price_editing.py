"""The price of one variant, changed with its history."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, or_, select, update

from storegen.domain.audit_log import record
from storegen.domain.catalog.cards import refresh_cards
from storegen.domain.catalog.variant_rows import price_row
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import PriceHistory, Product, Variant
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.money import MAX_AMOUNT

PERMISSION = "products.edit"
KEEP = -1
"""As a compare-at price: leave it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVariant:
    """A variant that was named; amounts in minor units."""

    id: int
    product_id: int
    title: str
    sku: str
    price: int
    compare_at: int | None


def find_variant(uow: UnitOfWork, name: str) -> FoundVariant:
    """The active variant with this SKU, public id or barcode.

    Raises `NotFound`, and `Conflict` ("several") where more than one answers to the name.
    """
    rows = uow.db.execute(
        select(
            Variant.id,
            Variant.product_id,
            Product.title,
            Variant.title.label("variant_title"),
            Variant.sku,
            Variant.price,
            Variant.compare_at,
        )
        .join(Product, Product.id == Variant.product_id)
        .where(
            or_(Variant.sku == name, Variant.public_id == name, Variant.barcode == name),
            Variant.active.is_(True),
        )
        .limit(2)
    ).all()
    if not name or not rows:
        raise NotFound("variant")
    if len(rows) > 1:
        raise Conflict("several")
    row = rows[0]
    title = f"{row.title} · {row.variant_title}" if row.variant_title else row.title
    return FoundVariant(
        id=row.id,
        product_id=row.product_id,
        title=title,
        sku=row.sku,
        price=row.price,
        compare_at=row.compare_at,
    )


def set_price(
    uow: UnitOfWork, actor: Actor, variant_id: int, price: int, compare_at: int | None = KEEP
) -> None:
    """Give a variant a price, and a compare-at price (None: none; `KEEP`: the present one).

    Raises `NotAllowed`, `NotFound`, `Invalid`. Nothing is written where nothing changes.
    """
    if not actor.may(PERMISSION):
        raise NotAllowed(PERMISSION)
    row = uow.db.execute(
        select(Variant.product_id, Variant.price, Variant.compare_at)
        .where(Variant.id == variant_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("variant")
    wanted = row.compare_at if compare_at == KEEP else compare_at
    for name, amount in (("price", price), ("compare_at", wanted or 0)):
        if not 0 <= amount <= MAX_AMOUNT:
            raise Invalid({name: "out-of-range"})
    if (price, wanted) == (row.price, row.compare_at):
        return
    uow.db.execute(
        update(Variant).where(Variant.id == variant_id).values(price=price, compare_at=wanted)
    )
    uow.db.execute(insert(PriceHistory).values(**price_row(uow, actor, variant_id, price, wanted)))
    uow.db.execute(update(Product).where(Product.id == row.product_id).values(updated_at=uow.now))
    refresh_cards(uow, [row.product_id])
    record(
        uow, actor, "price.set", "variant", variant_id,
        before=row.price, after=price, compare_at=wanted,
    )  # fmt: skip
    uow.touch_products([row.product_id])
