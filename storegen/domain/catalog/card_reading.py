"""Products as a listing shows them: each card whole in one statement, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from storegen.domain.catalog.pictures import Picture, picture_of
from storegen.domain.catalog.struck import StruckRule, struck_rule
from storegen.domain.stock import POOL
from storegen.models import Media, Product, ProductCategory, Stock, Translation, Variant
from storegen.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Prices in minor units; ``compare_at`` may be shown struck through beside ``price_min``.
    ``available``: at least one variant can be ordered now."""

    id: int
    public_id: str
    handle: str
    title: str
    vendor: str
    kind: str
    price_min: int
    price_max: int
    compare_at: int | None
    variants: int
    available: bool
    picture: Picture | None

    @property
    def saving_percent(self) -> int:
        """Whole percent off the compare-at price, never rounded up."""
        if not self.compare_at:
            return 0
        return (self.compare_at - self.price_min) * 100 // self.compare_at


def cards(
    uow: UnitOfWork,
    locale: str,
    where: Sequence[ColumnElement[bool]] = (),
    *,
    order: Sequence[Any] = (),
    limit: int = 48,
    offset: int = 0,
) -> list[Card]:
    """Active products that meet ``where`` (conditions on `Product`), newest first by default."""
    rule = struck_rule(uow)
    statement = (
        columns(locale, rule)
        .where(Product.status == "active", *where)
        .order_by(*(order or (Product.id.desc(),)))
        .limit(limit)
        .offset(offset)
    )
    return [card(row, rule) for row in uow.db.execute(statement)]


def by_handles(uow: UnitOfWork, locale: str, handles: Iterable[str]) -> dict[str, Card]:
    """Cards by handle, those that are for sale."""
    wanted = sorted(set(handles))
    if not wanted:
        return {}
    found = cards(uow, locale, [Product.handle.in_(wanted)], limit=len(wanted))
    return {each.handle: each for each in found}


def by_ids(uow: UnitOfWork, locale: str, ids: Iterable[int]) -> dict[int, Card]:
    """Cards by internal id, those that are for sale."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = cards(uow, locale, [Product.id.in_(wanted)], limit=len(wanted))
    return {each.id: each for each in found}


def shelf_covers(uow: UnitOfWork, shelf_ids: Iterable[int]) -> dict[int, Picture]:
    """A picture for each category: the cover of the product on it that sells best."""
    ids = sorted(set(shelf_ids))
    if not ids:
        return {}
    rank = (
        func.row_number()
        .over(
            partition_by=ProductCategory.category_id,
            order_by=(Product.sold.desc(), Product.id),
        )
        .label("rank")
    )
    best = (
        select(ProductCategory.category_id, Product.cover_id, rank)
        .join(Product, Product.id == ProductCategory.product_id)
        .where(
            ProductCategory.category_id.in_(ids),
            Product.status == "active",
            Product.cover_id.is_not(None),
        )
        .subquery()
    )
    rows = uow.db.execute(
        select(
            best.c.category_id,
            Media.sha256,
            Media.width,
            Media.height,
            Media.colour,
            Media.renditions,
        )
        .join(Media, Media.id == best.c.cover_id)
        .where(best.c.rank == 1)
    )
    made = {row.category_id: picture_of(*row[1:]) for row in rows}
    return {key: picture for key, picture in made.items() if picture is not None}


def orderable() -> ColumnElement[bool]:
    """Condition on `Stock` (joined to a variant): one unit can be promised now."""
    return or_(Stock.tracked.is_(False), Stock.on_hand - Stock.reserved + Stock.backorder > 0)


def available() -> ColumnElement[bool]:
    """Condition on `Product`: some active variant can be ordered now."""
    return exists(
        select(1)
        .select_from(Variant)
        .join(Stock, and_(Stock.variant_id == Variant.id, Stock.pool == POOL))
        .where(Variant.product_id == Product.id, Variant.active.is_(True), orderable())
        .correlate(Product)
    )


def columns(locale: str, rule: StruckRule) -> Select[*tuple[Any, ...]]:
    """Select what `card` reads, from products with their cover and title in ``locale``."""
    words = aliased(Translation)
    return (
        select(
            Product.id,
            Product.public_id,
            Product.handle,
            func.coalesce(words.text, Product.title).label("title"),
            Product.vendor,
            Product.kind,
            Product.price_min,
            Product.price_max,
            Product.compare_at_min,
            Product.variant_count,
            available().label("available"),
            Media.sha256,
            Media.width,
            Media.height,
            Media.colour,
            Media.renditions,
            rule.of_products().label("recent_prices"),
        )
        .outerjoin(Media, Media.id == Product.cover_id)
        .outerjoin(
            words,
            and_(
                words.entity == "product",
                words.entity_id == Product.id,
                words.locale == locale,
                words.field == "title",
            ),
        )
    )


def card(row: Any, rule: StruckRule) -> Card:
    return Card(
        id=row.id,
        public_id=row.public_id,
        handle=row.handle,
        title=row.title,
        vendor=row.vendor,
        kind=row.kind,
        price_min=row.price_min,
        price_max=row.price_max,
        compare_at=rule.struck(row.price_min, row.compare_at_min, row.recent_prices),
        variants=row.variant_count,
        available=bool(row.available) or row.kind in ("external", "grouped"),
        picture=picture_of(
            row.sha256, row.width, row.height, row.colour, row.renditions, row.title
        ),
    )
