"""What the shop sells."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint

from storegen.models.base import (
    Amount,
    Base,
    JsonDict,
    JsonList,
    Mapped,
    Pk,
    PublicId,
    When,
    mapped_column,
)


class Product(Base):
    """A product. Text is in the store's main locale; others are in `Translation`.

    ``price_min`` … ``cover_id`` repeat what variants and pictures say, so that a listing is one
    read; `storegen.domain.catalog.cards.refresh_cards` is the only writer of them.
    """

    __tablename__ = "product"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    handle: Mapped[str] = mapped_column(String(255), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(Text, default="")
    vendor: Mapped[str] = mapped_column(String(255), default="")
    product_type: Mapped[str] = mapped_column(String(255), default="")
    category: Mapped[str] = mapped_column(String(500), default="")
    tags: Mapped[JsonList]
    status: Mapped[str] = mapped_column(String(16), default="active")
    kind: Mapped[str] = mapped_column(String(16), default="simple")
    gift_card: Mapped[bool] = mapped_column(default=False)
    external_url: Mapped[str] = mapped_column(String(2000), default="")
    external_label: Mapped[str] = mapped_column(String(255), default="")
    grouped: Mapped[JsonList]
    options: Mapped[JsonList]  # [{"name": "Size", "values": ["S", "M"]}]
    seo_title: Mapped[str] = mapped_column(String(500), default="")
    seo_description: Mapped[str] = mapped_column(Text, default="")
    return_class: Mapped[str] = mapped_column(String(32), default="seven_days")
    extra: Mapped[JsonDict]
    created_at: Mapped[When]
    updated_at: Mapped[When]
    price_min: Mapped[Amount] = mapped_column(default=0)
    price_max: Mapped[Amount] = mapped_column(default=0)
    compare_at_min: Mapped[Amount | None] = mapped_column(default=None)
    variant_count: Mapped[int] = mapped_column(default=0)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), default=None)
    sold: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_product_listing", "status", "id"),
        Index("ix_product_price", "status", "price_min", "id"),
        Index("ix_product_sold", "status", "sold", "id"),
        Index("ix_product_updated", "updated_at"),
    )


class Variant(Base):
    """One thing that can be bought; ``weight`` in milligrams. Never deleted once ordered."""

    __tablename__ = "variant"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(500), default="")
    option_values: Mapped[JsonList]
    sku: Mapped[str] = mapped_column(String(255), default="", index=True)
    price: Mapped[Amount]
    compare_at: Mapped[Amount | None]
    cost: Mapped[Amount | None]
    weight: Mapped[Amount | None]
    weight_unit: Mapped[str] = mapped_column(String(8), default="kg")
    barcode: Mapped[str] = mapped_column(String(64), default="")
    taxable: Mapped[bool] = mapped_column(default=True)
    tax_code: Mapped[str] = mapped_column(String(64), default="")
    requires_shipping: Mapped[bool] = mapped_column(default=True)
    image_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), default=None)
    image_source: Mapped[str] = mapped_column(String(2000), default="")
    active: Mapped[bool] = mapped_column(default=True)
    extra: Mapped[JsonDict]

    __table_args__ = (
        Index("ix_variant_product", "product_id", "position"),
        CheckConstraint("price >= 0", name="price"),
    )


class Media(Base):
    """A picture, by the hash of its original. ``renditions`` is what `storegen.media` made."""

    __tablename__ = "media"

    id: Mapped[Pk]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(500), default="")
    mime: Mapped[str] = mapped_column(String(64))
    size: Mapped[Amount]
    width: Mapped[int]
    height: Mapped[int]
    colour: Mapped[str] = mapped_column(String(7), default="#888888")
    renditions: Mapped[JsonList]
    avif: Mapped[str] = mapped_column(String(8), default="due", index=True)  # due, done, failed
    made_here: Mapped[bool] = mapped_column(default=False)  # generated artwork, not the brand's
    created_at: Mapped[When]


class ProductImage(Base):
    """A picture in a product's gallery. ``media_id`` is NULL while the picture could not be
    fetched; ``source`` is kept, so that an export loses nothing and a job can try again."""

    __tablename__ = "product_image"

    id: Mapped[Pk]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(2000), default="")

    __table_args__ = (Index("ix_product_image_product", "product_id", "position"),)


class Category(Base):
    """A shelf: made from product types and category paths, then the owner's to arrange."""

    __tablename__ = "category"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(255), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    position: Mapped[int] = mapped_column(default=0)
    visible: Mapped[bool] = mapped_column(default=True)
    product_count: Mapped[int] = mapped_column(default=0)


class ProductCategory(Base):
    """A product on a shelf and on every shelf above it, so that one index read lists a shelf."""

    __tablename__ = "product_category"

    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ProductFacet(Base):
    """What listings filter by: ``name`` is tag, vendor, type or ``option:<name>``."""

    __tablename__ = "product_facet"

    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(String(255), primary_key=True)

    __table_args__ = (Index("ix_product_facet_value", "name", "value", "product_id"),)


class Related(Base):
    """Products shown beside one another, best first; recomputed at import and on change."""

    __tablename__ = "related"

    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class PriceHistory(Base):
    """Every price a variant had, per sales channel; rows are only added."""

    __tablename__ = "price_history"

    id: Mapped[Pk]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(32), default="all")
    price: Mapped[Amount]
    compare_at: Mapped[Amount | None]
    valid_from: Mapped[When]
    actor: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (Index("ix_price_history_variant", "variant_id", "valid_from"),)


class Translation(Base):
    """Text of any entity in a locale that is not the store's main one."""

    __tablename__ = "translation"

    entity: Mapped[str] = mapped_column(String(32), primary_key=True)
    entity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    field: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Redirect(Base):
    """Where a product or page went when its handle changed."""

    __tablename__ = "redirect"

    id: Mapped[Pk]
    old_path: Mapped[str] = mapped_column(String(500))
    new_path: Mapped[str] = mapped_column(String(500))

    __table_args__ = (UniqueConstraint("old_path"),)
