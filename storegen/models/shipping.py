"""How goods leave, and how they come back."""

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


class ShippingMethod(Base):
    """A freight template; ``zones`` are `values.shipping.FreightZone` as JSON."""

    __tablename__ = "shipping_method"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    measure: Mapped[str] = mapped_column(String(16), default="weight")
    zones: Mapped[JsonList]
    tax_bp: Mapped[int] = mapped_column(default=0)
    days: Mapped[JsonList]
    pickup: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class Shipment(Base):
    """Goods that left together; ``upload_state`` is for platforms that want to be told."""

    __tablename__ = "shipment"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="shipped")  # shipped, delivered
    upload_state: Mapped[str] = mapped_column(String(16), default="")
    shipped_at: Mapped[When]
    delivered_at: Mapped[When | None]
    actor: Mapped[str] = mapped_column(String(64), default="")


class Parcel(Base):
    __tablename__ = "parcel"

    id: Mapped[Pk]
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(64))
    tracking_number: Mapped[str] = mapped_column(String(64))


class ShipmentLine(Base):
    __tablename__ = "shipment_line"

    id: Mapped[Pk]
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    quantity: Mapped[int]

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)


class AfterSales(Base):
    """A customer's request about some units of one line.

    ``kind``: refund_only, return, exchange. ``state``: requested → approved → returned →
    completed, or rejected, or withdrawn.
    """

    __tablename__ = "after_sales"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"))
    quantity: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text, default="")
    pictures: Mapped[JsonList]  # see domain.aftersales_evidence
    state: Mapped[str] = mapped_column(String(16), default="requested")
    decision: Mapped[str] = mapped_column(Text, default="")
    return_tracking: Mapped[JsonDict]
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"))
    amount: Mapped[Amount] = mapped_column(default=0)
    deadline: Mapped[When | None]
    created_at: Mapped[When]
    decided_at: Mapped[When | None]
    actor: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (Index("ix_after_sales_state", "state", "id"),)
