"""What somebody means to buy."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint

from storegen.models.base import (
    Base,
    JsonDict,
    JsonList,
    Mapped,
    Pk,
    When,
    mapped_column,
    random_id,
)


class Cart(Base):
    """A cart belongs to a session until sign-in, then to the customer, where carts merge.

    ``public_id`` has 130 bits: the API reaches a guest's cart by it alone.
    """

    __tablename__ = "cart"

    id: Mapped[Pk]
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: random_id(26))
    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("session.id", ondelete="SET NULL"), index=True
    )
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="open")  # open, ordered, merged
    channel: Mapped[str] = mapped_column(String(32), default="web")
    coupons: Mapped[JsonList]
    shipping_method: Mapped[str] = mapped_column(String(64), default="")
    destination: Mapped[JsonDict]
    attributes: Mapped[JsonDict]  # what plugins' forms stored: "<plugin>.<name>" → text
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[When]
    updated_at: Mapped[When]


class CartLine(Base):
    """A line is told apart by (variant, offer, attributes); ``attributes_key`` is their hash."""

    __tablename__ = "cart_line"

    id: Mapped[Pk]
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=random_id)
    cart_id: Mapped[int] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    offer: Mapped[str] = mapped_column(String(64), default="list")
    attributes: Mapped[JsonDict]
    attributes_key: Mapped[str] = mapped_column(String(64), default="")
    quantity: Mapped[int]

    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id", "offer", "attributes_key"),
        CheckConstraint("quantity > 0", name="quantity"),
    )
