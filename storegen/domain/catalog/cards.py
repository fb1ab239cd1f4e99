"""What a listing shows of a product, kept on the product so that a listing is one read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, select, update

from storegen.models import Product, ProductImage, Variant
from storegen.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CardColumns:
    """Prices of the active variants, in minor units."""

    price_min: int = 0
    price_max: int = 0
    compare_at_min: int | None = None
    variant_count: int = 0


def card_columns(prices: Sequence[tuple[int, int | None]]) -> CardColumns:
    """From (price, compare-at price) of each active variant. The compare-at price is that of the
    cheapest variant, since the two are shown side by side."""
    if not prices:
        return CardColumns()
    lowest = min(price for price, _ in prices)
    beside = [compare for price, compare in prices if price == lowest and (compare or 0) > price]
    return CardColumns(
        price_min=lowest,
        price_max=max(price for price, _ in prices),
        compare_at_min=min((each for each in beside if each), default=None),
        variant_count=len(prices),
    )


def refresh_cards(uow: UnitOfWork, product_ids: Iterable[int]) -> None:
    """Write the card columns of these products anew, after variants changed."""
    ids = sorted(set(product_ids))
    prices: dict[int, list[tuple[int, int | None]]] = {each: [] for each in ids}
    for product_id, price, compare in uow.db.execute(
        select(Variant.product_id, Variant.price, Variant.compare_at)
        .where(Variant.product_id.in_(ids), Variant.active.is_(True))
        .order_by(Variant.product_id, Variant.position)
    ):
        prices[product_id].append((price, compare))
    rows = [{"b_id": each, **asdict(card_columns(prices[each]))} for each in ids]
    if rows:
        names = CardColumns.__slots__
        uow.db.execute(
            update(Product)
            .where(Product.id == bindparam("b_id"))
            .values({name: bindparam(name) for name in names}),
            rows,
        )


def refresh_cover(uow: UnitOfWork, product_id: int) -> None:
    """The first picture of the gallery is the cover; drawn artwork stays where there is none."""
    first = uow.db.scalar(
        select(ProductImage.media_id)
        .where(ProductImage.product_id == product_id, ProductImage.media_id.is_not(None))
        .order_by(ProductImage.position, ProductImage.id)
        .limit(1)
    )
    if first is not None:
        uow.db.execute(update(Product).where(Product.id == product_id).values(cover_id=first))
