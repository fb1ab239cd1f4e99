"""A product as its page shows it, in three statements whatever its size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from storegen.domain import settings
from storegen.domain.catalog.card_reading import Card, available, card
from storegen.domain.catalog.pictures import Picture, picture_of
from storegen.domain.stock import POOL, Level, level
from storegen.errors import NotFound
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

TEXTS = ("title", "description", "seo_title", "seo_description")


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantView:
    """Money in minor units. ``level`` is all that strangers learn of the stock; ``picture_id`` is
    the id of one of the page's pictures, or None."""

    id: int
    public_id: str
    title: str
    values: tuple[str, ...]
    sku: str
    barcode: str
    price: int
    compare_at: int | None
    level: Level
    picture_id: int | None
    weight: int | None
    requires_shipping: bool

    @property
    def orderable(self) -> bool:
        return self.level != "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductView:
    """``shelf_ids`` are the categories it stands on, ``picture_ids`` run beside ``pictures``."""

    id: int
    public_id: str
    handle: str
    title: str
    description: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    kind: str
    external_url: str
    external_label: str
    return_class: str
    seo_title: str
    seo_description: str
    updated_at: datetime
    options: tuple[OptionView, ...]
    variants: tuple[VariantView, ...]
    pictures: tuple[Picture, ...]
    picture_ids: tuple[int, ...]
    shelf_ids: tuple[int, ...]
    related: tuple[Card, ...]

    @property
    def for_sale(self) -> bool:
        """Whether it is bought here at all."""
        return self.kind not in ("external", "grouped") and bool(self.variants)

    @property
    def orderable(self) -> bool:
        return self.for_sale and any(variant.orderable for variant in self.variants)

    def find(self, public_id: str) -> VariantView | None:
        return next((each for each in self.variants if each.public_id == public_id), None)

    def with_values(self, values: Mapping[int, str]) -> VariantView | None:
        """The variant with these option values (position of the option → value), if there is
        exactly one such combination."""
        for each in self.variants:
            if all(
                at < len(each.values) and each.values[at] == value for at, value in values.items()
            ):
                return each
        return None

    @property
    def first_choice(self) -> VariantView | None:
        """What is chosen before anybody chose: the first that can be ordered."""
        return next((one for one in self.variants if one.orderable), None) or next(
            iter(self.variants), None
        )


def read_product(uow: UnitOfWork, handle: str, locale: str) -> ProductView:
    """The active product with this handle, in ``locale`` where it is translated.

    Raises `NotFound`.
    """
    row = uow.db.execute(_product_statement(handle, locale)).one_or_none()
    if row is None:
        raise NotFound("product")
    rows = uow.db.execute(_variant_statement(row.id, locale)).all()
    wanted = {each.image_id for each in rows if each.image_id is not None}
    around = uow.db.execute(_around_statement(row, locale, wanted)).all()
    gallery = [each for each in around if each.part == "picture"]
    gallery.sort(key=lambda each: (each.position, each.id))
    shown: dict[int, Picture] = {}
    for each in gallery:
        picture = picture_of(
            each.sha256, each.width, each.height, each.colour, each.renditions, each.title
        )
        if picture is not None:
            shown.setdefault(each.id, picture)
    few = settings.load(uow).checkout.few_left
    related = sorted((each for each in around if each.part == "card"), key=lambda one: one.position)
    return ProductView(
        id=row.id,
        public_id=row.public_id,
        handle=row.handle,
        vendor=row.vendor,
        product_type=row.product_type,
        tags=tuple(row.tags),
        kind=row.kind,
        external_url=row.external_url,
        external_label=row.external_label,
        return_class=row.return_class,
        updated_at=row.updated_at,
        **{name: getattr(row, f"{name}_here") or getattr(row, name) for name in TEXTS},
        options=tuple(
            OptionView(name=option["name"], values=tuple(option["values"]))
            for option in row.options
        ),
        variants=tuple(_variant(each, few) for each in rows),
        pictures=tuple(shown.values()),
        picture_ids=tuple(shown),
        shelf_ids=tuple(each.id for each in around if each.part == "shelf"),
        related=tuple(card(each) for each in related),
    )


def _product_statement(handle: str, locale: str) -> Any:
    texts = {name: aliased(Translation) for name in TEXTS}
    statement = select(
        Product.id,
        Product.public_id,
        Product.handle,
        Product.title,
        Product.description,
        Product.vendor,
        Product.product_type,
        Product.tags,
        Product.kind,
        Product.external_url,
        Product.external_label,
        Product.return_class,
        Product.seo_title,
        Product.seo_description,
        Product.updated_at,
        Product.options,
        Product.cover_id,
        *(text.text.label(f"{name}_here") for name, text in texts.items()),
    ).select_from(Product)
    for name, text in texts.items():
        statement = statement.outerjoin(text, _text(text, "product", Product.id, locale, name))
    return statement.where(Product.handle == handle, Product.status == "active")


def _variant_statement(product_id: int, locale: str) -> Any:
    text = aliased(Translation)
    return (
        select(
            Variant.id,
            Variant.public_id,
            func.coalesce(text.text, Variant.title).label("title"),
            Variant.option_values,
            Variant.sku,
            Variant.barcode,
            Variant.price,
            Variant.compare_at,
            Variant.image_id,
            Variant.weight,
            Variant.requires_shipping,
            Stock.tracked,
            Stock.on_hand,
            Stock.reserved,
            Stock.backorder,
        )
        .join(Stock, and_(Stock.variant_id == Variant.id, Stock.pool == POOL))
        .outerjoin(text, _text(text, "variant", Variant.id, locale, "title"))
        .where(Variant.product_id == product_id, Variant.active.is_(True))
        .order_by(Variant.position, Variant.id)
    )


def _around_statement(product: Any, locale: str, variant_pictures: Iterable[int]) -> Any:
    """Pictures, categories and related products, in one: their rows have the same columns."""
    picture = [Media.sha256, Media.width, Media.height, Media.colour, Media.renditions]
    no_picture = [
        cast(null(), Text), literal(0), literal(0), cast(null(), Text), cast(null(), JSON)
    ]  # fmt: skip
    gallery = _row("picture", Media.id, ProductImage.position, ProductImage.alt, picture).join_from(
        ProductImage, Media, Media.id == ProductImage.media_id
    ).where(ProductImage.product_id == product.id)  # fmt: skip
    others = {*variant_pictures, *([product.cover_id] if product.cover_id is not None else [])}
    behind = _row("picture", Media.id, literal(10_000), literal(""), picture).where(
        Media.id.in_(others)
    )
    shelves = _row(
        "shelf", ProductCategory.category_id, literal(0), literal(""), no_picture
    ).where(ProductCategory.product_id == product.id)
    words = aliased(Translation)
    near = (
        _row(
            "card",
            Product.id,
            Related.position,
            func.coalesce(words.text, Product.title),
            picture,
            (
                Product.public_id,
                Product.handle,
                Product.vendor,
                Product.kind,
                Product.price_min,
                Product.price_max,
                Product.compare_at_min,
                Product.variant_count,
                available(),
            ),
        )
        .select_from(Related)
        .join(Product, Product.id == Related.other_id)
        .outerjoin(Media, Media.id == Product.cover_id)
        .outerjoin(words, _text(words, "product", Product.id, locale, "title"))
        .where(Related.product_id == product.id, Product.status == "active")
    )
    return union_all(near, gallery, behind, shelves)


_CARD = ("public_id", "handle", "vendor", "kind")
_CARD_NUMBERS = ("price_min", "price_max", "compare_at_min", "variant_count")


def _row(
    part: str, key: Any, position: Any, title: Any, picture: list[Any], more: tuple[Any, ...] = ()
) -> Any:
    names = (*_CARD, *_CARD_NUMBERS, "available")
    rest = more or (
        *(cast(null(), Text) for _ in _CARD),
        *(cast(null(), BigInteger) for _ in _CARD_NUMBERS),
        false(),
    )
    labels = ("sha256", "width", "height", "colour", "renditions")
    return select(
        literal(part).label("part"),
        key.label("id"),
        position.label("position"),
        title.label("title"),
        *(column.label(name) for column, name in zip(picture, labels, strict=True)),
        *(column.label(name) for column, name in zip(rest, names, strict=True)),
    )


def _text(
    text: Any, entity: str, entity_id: Any, locale: str, name: str
) -> ColumnElement[bool]:
    return and_(
        text.entity == entity,
        text.entity_id == entity_id,
        text.locale == locale,
        text.field == name,
    )


def _variant(row: Any, few: int) -> VariantView:
    return VariantView(
        id=row.id,
        public_id=row.public_id,
        title=row.title,
        values=tuple(row.option_values),
        sku=row.sku,
        barcode=row.barcode,
        price=row.price,
        compare_at=row.compare_at if row.compare_at and row.compare_at > row.price else None,
        level=level(
            tracked=row.tracked,
            on_hand=row.on_hand,
            reserved=row.reserved,
            backorder=row.backorder,
            few=few,
        ),
        picture_id=row.image_id,
        weight=row.weight,
        requires_shipping=row.requires_shipping,
    )
