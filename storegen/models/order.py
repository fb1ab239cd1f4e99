"""A sale: a frozen copy of what was agreed, and one state."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text

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


class Order(Base):
    """An order. Amounts in minor units; ``captured`` and ``refunded`` repeat the ledger's sums
    (written with it, recounted by `storegen audit`); payment and fulfilment states are derived.
    """

    __tablename__ = "orders"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    number: Mapped[str] = mapped_column(String(32), unique=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    session_id: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(32), default="web")
    locale: Mapped[str] = mapped_column(String(16), default="")
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(32))
    prices_include_tax: Mapped[bool]
    goods: Mapped[Amount]
    discount: Mapped[Amount] = mapped_column(default=0)
    shipping: Mapped[Amount] = mapped_column(default=0)  # gross, after discounts
    shipping_net: Mapped[Amount] = mapped_column(default=0)
    shipping_tax_bp: Mapped[int] = mapped_column(default=0)
    surcharges: Mapped[Amount] = mapped_column(default=0)  # gross
    tax: Mapped[Amount] = mapped_column(default=0)
    total: Mapped[Amount]
    payable: Mapped[Amount]
    captured: Mapped[Amount] = mapped_column(default=0)
    refunded: Mapped[Amount] = mapped_column(default=0)
    shipping_refunded: Mapped[Amount] = mapped_column(default=0)
    shipping_method: Mapped[str] = mapped_column(String(64), default="")
    shipping_title: Mapped[str] = mapped_column(String(255), default="")
    payment_provider: Mapped[str] = mapped_column(String(64), default="")
    pay_on_delivery: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    quote: Mapped[JsonDict]
    flags: Mapped[JsonList]  # overpaid, late_payment, short_stock: for staff to look at
    placed_at: Mapped[When]
    expires_at: Mapped[When | None]
    paid_at: Mapped[When | None]
    ship_by: Mapped[When | None]
    received_at: Mapped[When | None]
    ended_at: Mapped[When | None]

    __table_args__ = (
        Index("ix_orders_state", "state", "id"),
        Index("ix_orders_customer", "customer_id", "id"),
        Index("ix_orders_expires", "state", "expires_at"),
        CheckConstraint("total >= 0 AND payable >= 0", name="amounts"),
        CheckConstraint("refunded <= captured", name="refunded"),
    )


class OrderContact(Base):
    """Who gets the goods: apart from the order, so that a person can be erased and the sale kept.

    ``phone`` and ``email`` are normalised.
    """

    __tablename__ = "order_contact"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(32), default="", index=True)
    email: Mapped[str] = mapped_column(String(255), default="", index=True)
    address: Mapped[JsonDict]


class OrderLine(Base):
    """A line as it was sold. ``gross = net + tax`` after discounts, for the whole quantity;
    a unit's part of each is `values.money.unit_share` of it."""

    __tablename__ = "order_line"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    title: Mapped[str] = mapped_column(String(500))
    variant_title: Mapped[str] = mapped_column(String(500), default="")
    sku: Mapped[str] = mapped_column(String(255), default="")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    offer: Mapped[str] = mapped_column(String(64), default="list")
    gift: Mapped[bool] = mapped_column(default=False)  # free, by the promotion in ``offer``
    attributes: Mapped[JsonDict]
    quantity: Mapped[int]
    unit_price: Mapped[Amount]
    list_total: Mapped[Amount]
    discount: Mapped[Amount] = mapped_column(default=0)
    net: Mapped[Amount]
    tax: Mapped[Amount]
    gross: Mapped[Amount]
    tax_bp: Mapped[int] = mapped_column(default=0)
    tax_parts: Mapped[JsonList]
    weight: Mapped[Amount] = mapped_column(default=0)
    requires_shipping: Mapped[bool] = mapped_column(default=True)
    return_class: Mapped[str] = mapped_column(String(32), default="seven_days")
    return_acknowledged: Mapped[bool] = mapped_column(default=False)
    shipped: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)  # units that will not ship any more
    refunded: Mapped[int] = mapped_column(default=0)  # units whose money was given back
    refunded_amount: Mapped[Amount] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(
            "shipped >= 0 AND cancelled >= 0 AND shipped + cancelled <= quantity", name="shipped"
        ),
        CheckConstraint("refunded >= 0 AND refunded <= quantity", name="refunded"),
    )


class OrderEvent(Base):
    """What happened to an order, in order: transitions, notes, payments, parcels."""

    __tablename__ = "order_event"

    id: Mapped[Pk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[When]
    actor: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[str] = mapped_column(String(32), default="")
    to_state: Mapped[str] = mapped_column(String(32), default="")
    data: Mapped[JsonDict]
