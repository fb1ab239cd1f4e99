"""A product with all that its page and the API show, in three statements whatever its size."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    String,
    Text,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from storegen.domain import settings
from storegen.domain.catalog.card_reading import Card, card, columns
from storegen.domain.catalog.pictures import Picture, picture_of
from storegen.domain.catalog.struck import StruckRule, struck_rule
from storegen.domain.stock import POOL, Level, level
from storegen.models import (
    Media,
    Product,
    ProductCategory,
    ProductImage,
    Related,
    Stock,
    Translation,
    Variant,
)
from storegen.uow import UnitOfWork

_LEVELS: Mapping[Level, int] = {"out": 0, "backorder": 1, "few": 2, "in": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantView:
    """One thing that can be bought. ``compare_at`` may be shown struck through beside ``price``.
    ``weight`` in milligrams; ``picture`` None where the variant has none of its own."""

    id: int
    public_id: str
    title: str
    option_values: tuple[str, ...]
    sku: str
    barcode: str
    price: int
    compare_at: int | None
    level: Level
    weight: int | None
    picture: Picture | None

    @property
    def available(self) -> bool:
        return self.level != "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """Texts in the reader's language; ``description`` is safe HTML. ``pictures`` is never empty
    where there is a cover. ``shelf_ids``: the categories it stands on, and those above them.
    ``children``: the products of a grouped one."""

    id: int
    public_id: str
    handle: str
    title: str
    description: str
    vendor: str
    product_type: str
    category: str
    tags: tuple[str, ...]
    kind: str
    gift_card: bool
    external_url: str
    external_label: str
    seo_title: str
    seo_description: str
    return_class: str
    options: tuple[Option, ...]
    variants: tuple[VariantView, ...]
    pictures: tuple[Picture, ...]
    shelf_ids: tuple[int, ...]
    related: tuple[Card, ...]
    children: tuple[Card, ...]
    updated_at: datetime

    @property
    def level(self) -> Level:
        """The best of its variants."""
        return max((each.level for each in self.variants), key=_LEVELS.__getitem__, default="out")

    @property
    def available(self) -> bool:
        return self.level != "out"

    @property
    def price_min(self) -> int:
        return min((each.price for each in self.variants), default=0)

    @property
    def price_max(self) -> int:
        return max((each.price for each in self.variants), default=0)


def product_page(uow: UnitOfWork, handle: str, locale: str) -> ProductPage | None:
    """The active product of this handle; None where there is none."""
    return _page(uow, Product.handle == handle, locale)


def product_by_id(uow: UnitOfWork, public_id: str, locale: str) -> ProductPage | None:
    """The active product of this public id; None where there is none."""
    return _page(uow, Product.public_id == public_id, locale)


def _page(uow: UnitOfWork, where: Any, locale: str) -> ProductPage | None:
    few, rule = settings.load(uow).checkout.few_left, struck_rule(uow)
    row = _product(uow, where, locale)
    if row is None:
        return None
    gallery, related, children = _beside(uow, row, locale, rule)
    by_media = {media_id: picture for media_id, picture, _ in gallery}
    return ProductPage(
        id=row.id,
        public_id=row.public_id,
        handle=row.handle,
        title=row.title_here or row.title,
        description=row.description_here or row.description,
        vendor=row.vendor,
        product_type=row.product_type,
        category=row.category,
        tags=tuple(row.tags),
        kind=row.kind,
        gift_card=row.gift_card,
        external_url=row.external_url,
        external_label=row.external_label,
        seo_title=row.seo_title_here or row.seo_title,
        seo_description=row.seo_description_here or row.seo_description,
        return_class=row.return_class,
        options=tuple(Option(name=o["name"], values=tuple(o["values"])) for o in row.options),
        variants=tuple(
            _variant(each, by_media, few, rule) for each in _variants(uow, [row.id], locale, rule)
        ),
        pictures=tuple(picture for _, picture, shown in gallery if shown),
        shelf_ids=tuple(int(each) for each in (row.shelves or "").split(",") if each),
        related=related,
        children=children,
        updated_at=row.updated_at,
    )


def _product(uow: UnitOfWork, where: Any, locale: str) -> Any:
    def here(field: str) -> Any:
        return (
            select(Translation.text)
            .where(
                Translation.entity == "product",
                Translation.entity_id == Product.id,
                Translation.locale == locale,
                Translation.field == field,
            )
            .correlate(Product)
            .scalar_subquery()
            .label(f"{field}_here")
        )

    shelves = (
        select(func.aggregate_strings(cast(ProductCategory.category_id, String), ","))
        .where(ProductCategory.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    texts = [here(name) for name in ("title", "description", "seo_title", "seo_description")]
    return uow.db.execute(
        select(Product.__table__, shelves.label("shelves"), *texts).where(
            where, Product.status == "active"
        )
    ).one_or_none()


def variants_of(
    uow: UnitOfWork, product_ids: Collection[int], locale: str
) -> dict[int, list[VariantView]]:
    """The active variants of many products by product id, without their pictures, in one
    statement: for lists of products that show them."""
    if not product_ids:
        return {}
    few, rule = settings.load(uow).checkout.few_left, struck_rule(uow)
    found: dict[int, list[VariantView]] = {}
    for row in _variants(uow, product_ids, locale, rule):
        view = _variant(row, {}, few, rule)
        found.setdefault(row.product_id, []).append(view)
    return found


def _variants(
    uow: UnitOfWork, product_ids: Collection[int], locale: str, rule: StruckRule
) -> Sequence[Any]:
    words = aliased(Translation)
    return uow.db.execute(
        select(
            Variant.id,
            Variant.product_id,
            Variant.public_id,
            func.coalesce(words.text, Variant.title).label("title"),
            Variant.option_values,
            Variant.sku,
            Variant.barcode,
            Variant.price,
            Variant.compare_at,
            Variant.weight,
            Variant.image_id,
            Stock.tracked,
            Stock.on_hand,
            Stock.reserved,
            Stock.backorder,
            rule.of_variants().label("recent_prices"),
        )
        .join(Stock, and_(Stock.variant_id == Variant.id, Stock.pool == POOL))
        .outerjoin(
            words,
            and_(
                words.entity == "variant",
                words.entity_id == Variant.id,
                words.locale == locale,
                words.field == "title",
            ),
        )
        .where(Variant.product_id.in_(product_ids), Variant.active.is_(True))
        .order_by(Variant.product_id, Variant.position, Variant.id)
    ).all()


def _variant(row: Any, pictures: Mapping[int, Picture], few: int, rule: StruckRule) -> VariantView:
    return VariantView(
        id=row.id,
        public_id=row.public_id,
        title=row.title,
        option_values=tuple(row.option_values),
        sku=row.sku,
        barcode=row.barcode,
        price=row.price,
        compare_at=rule.struck(row.price, row.compare_at, row.recent_prices),
        level=level(
            tracked=row.tracked,
            on_hand=row.on_hand,
            reserved=row.reserved,
            backorder=row.backorder,
            few=few,
        ),
        weight=row.weight,
        picture=pictures.get(row.image_id) if row.image_id else None,
    )


Gallery = list[tuple[int, Picture, bool]]
"""Media id, picture, and whether it is shown in the gallery."""


def _beside(
    uow: UnitOfWork, row: Any, locale: str, rule: StruckRule
) -> tuple[Gallery, tuple[Card, ...], tuple[Card, ...]]:
    """Gallery, related products and children in one statement: parts with the same columns."""
    cards = columns(locale, rule).where(Product.status == "active")
    parts = [
        _part(
            "related",
            Related.position,
            cards.join(Related, Related.other_id == Product.id).where(Related.product_id == row.id),
        ),
        _gallery_part(row.id, row.cover_id),
    ]
    if row.grouped:
        names = list(row.grouped)
        by_sku = select(Variant.product_id).where(Variant.sku.in_(names))
        chosen = or_(Product.handle.in_(names), Product.id.in_(by_sku))
        parts.append(_part("children", Product.id, cards.where(chosen)))
    # The database need not keep the parts' order.
    found = sorted(uow.db.execute(union_all(*parts)), key=lambda each: (each.place, each.id))
    made = {part: [card(each, rule) for each in found if each.part == part] for part in _CARD_PARTS}
    order = {name: place for place, name in enumerate(row.grouped)}
    children = sorted(made["children"], key=lambda each: order.get(each.handle, len(order)))
    pictures = [each for each in found if each.part == "picture"]
    return _gallery(row, pictures), tuple(made["related"]), tuple(children)


_CARD_PARTS = ("related", "children")


def _part(name: str, place: Any, statement: Any) -> Any:
    return statement.add_columns(literal(name).label("part"), place.label("place"))


def _gallery(row: Any, found: Sequence[Any]) -> Gallery:
    gallery: Gallery = []
    for each in found:
        picture = picture_of(
            each.sha256,
            each.width,
            each.height,
            each.colour,
            each.renditions,
            each.title or row.title_here or row.title,
        )
        if picture is not None:
            gallery.append((each.id, picture, bool(each.available)))
    if any(shown for _, _, shown in gallery):
        return gallery
    # Drawn artwork is a cover without a gallery.
    return [(key, picture, key == row.cover_id) for key, picture, _ in gallery]


def _gallery_part(product_id: int, cover_id: int | None) -> Any:
    """In the columns of a card: ``id`` is the media's, ``title`` the alternative text and
    ``available`` whether it is in the gallery (the others are a variant's own, or the cover)."""
    shown = (
        select(
            ProductImage.media_id.label("media_id"),
            ProductImage.alt.label("alt"),
            ProductImage.position.label("place"),
            literal(1).label("shown"),
        )
        .where(ProductImage.product_id == product_id, ProductImage.media_id.is_not(None))
        .cte("shown")
    )
    others = select(Variant.image_id).where(
        Variant.product_id == product_id, Variant.image_id.is_not(None)
    )
    hidden = select(Media.id, literal("", String), literal(1_000_000), literal(0)).where(
        or_(Media.id.in_(others), Media.id == (cover_id or 0)),
        Media.id.not_in(select(shown.c.media_id)),
    )
    every = union_all(
        select(shown.c.media_id, shown.c.alt, shown.c.place, shown.c.shown), hidden
    ).subquery("every")
    nothing, number = cast(null(), Text), cast(null(), Product.id.type)
    return select(
        Media.id,
        nothing,
        nothing,
        every.c.alt,
        nothing,
        nothing,
        number,
        number,
        number,
        number,
        every.c.shown == 1,
        Media.sha256,
        Media.width,
        Media.height,
        Media.colour,
        type_coerce(Media.renditions, JSON),
        nothing,
        literal("picture"),
        every.c.place,
    ).join(every, every.c.media_id == Media.id)
