"""A product's pictures as staff arrange them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from storegen.domain.audit_log import record
from storegen.domain.catalog.cards import refresh_cover
from storegen.domain.catalog.product_editing import PERMISSION
from storegen.errors import Conflict, NotAllowed, NotFound
from storegen.models import Media, Product, ProductImage, Variant
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

MOST_PICTURES = 50


def gallery(uow: UnitOfWork, product_id: int) -> Sequence[Any]:
    """Rows of id, position, alt, source and the columns of `Media` (NULL where the picture could
    not be fetched), in order."""
    return uow.db.execute(
        select(
            *(ProductImage.id, ProductImage.position, ProductImage.alt, ProductImage.source),
            *(Media.sha256, Media.width, Media.height, Media.colour, Media.renditions),
        )
        .outerjoin(Media, Media.id == ProductImage.media_id)
        .where(ProductImage.product_id == product_id)
        .order_by(ProductImage.position, ProductImage.id)
    ).all()


def add_picture(uow: UnitOfWork, actor: Actor, public_id: str, media_id: int, alt: str) -> None:
    """Put a picture at the end. Raises `NotAllowed`, `NotFound`, `Conflict` ("too-many")."""
    product_id = _product(uow, actor, public_id)
    count, last = uow.db.execute(
        select(func.count(), func.max(ProductImage.position)).where(
            ProductImage.product_id == product_id
        )
    ).one()
    if count >= MOST_PICTURES:
        raise Conflict("too-many-pictures")
    uow.db.execute(
        insert(ProductImage).values(
            product_id=product_id,
            media_id=media_id,
            position=(last if last is not None else -1) + 1,
            alt=alt,
        )
    )
    _finish(uow, actor, product_id, public_id, "added", media=media_id)


def change_picture(
    uow: UnitOfWork, actor: Actor, public_id: str, image_id: int, *, alt: str, place: int
) -> None:
    """Say what a picture shows, and put it in another place (1 is the first: the cover)."""
    product_id = _product(uow, actor, public_id)
    order = list(
        uow.db.scalars(
            select(ProductImage.id)
            .where(ProductImage.product_id == product_id)
            .order_by(ProductImage.position, ProductImage.id)
        )
    )
    if image_id not in order:
        raise NotFound("picture")
    order.remove(image_id)
    order.insert(max(0, place - 1), image_id)
    for position, each in enumerate(order):
        uow.db.execute(
            update(ProductImage).where(ProductImage.id == each).values(position=position)
        )
    uow.db.execute(update(ProductImage).where(ProductImage.id == image_id).values(alt=alt))
    _finish(uow, actor, product_id, public_id, "changed", image=image_id, place=place)


def remove_picture(uow: UnitOfWork, actor: Actor, public_id: str, image_id: int) -> None:
    """Take a picture out of the gallery; its file stays, since others may show it."""
    product_id = _product(uow, actor, public_id)
    media_id = uow.db.execute(
        delete(ProductImage)
        .where(ProductImage.id == image_id, ProductImage.product_id == product_id)
        .returning(ProductImage.media_id)
    ).one_or_none()
    if media_id is None:
        raise NotFound("picture")
    if media_id[0] is not None:
        uow.db.execute(
            update(Product)
            .where(Product.id == product_id, Product.cover_id == media_id[0])
            .values(cover_id=None)
        )
        uow.db.execute(
            update(Variant)
            .where(Variant.product_id == product_id, Variant.image_id == media_id[0])
            .values(image_id=None, image_source="")
        )
    _finish(uow, actor, product_id, public_id, "removed", image=image_id)


def _product(uow: UnitOfWork, actor: Actor, public_id: str) -> int:
    if not actor.may(PERMISSION):
        raise NotAllowed(PERMISSION)
    found = uow.db.scalar(
        select(Product.id).where(Product.public_id == public_id).with_for_update()
    )
    if found is None:
        raise NotFound("product")
    return int(found)


def _finish(
    uow: UnitOfWork, actor: Actor, product_id: int, public_id: str, what: str, **data: Any
) -> None:
    refresh_cover(uow, product_id)
    record(uow, actor, f"product.picture_{what}", "product", public_id, **data)
    uow.touch_products([product_id])
