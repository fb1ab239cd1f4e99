"""Units on hand, units promised, and every change of them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint

from storegen.models.base import Amount, Base, Mapped, Pk, When, mapped_column


class Stock(Base):
    """Stock of a variant in a pool. Free units are ``on_hand - reserved + backorder``.

    ``on_hand`` may be set below ``reserved`` by staff: such a row is short, and shown as that.
    An untracked row always has enough; its ``reserved`` is counted all the same.
    """

    __tablename__ = "stock"

    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True
    )
    pool: Mapped[str] = mapped_column(String(32), primary_key=True, default="main")
    tracked: Mapped[bool] = mapped_column(default=True)
    on_hand: Mapped[Amount] = mapped_column(default=0)
    reserved: Mapped[Amount] = mapped_column(default=0)
    backorder: Mapped[Amount] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("backorder >= 0", name="backorder"),
    )


class Reservation(Base):
    """Units that an order holds: ``quantity - taken - released`` of them still are held.

    ``taken`` left with a shipment, ``released`` went back to the free ones. ``state`` is held while
    any unit is, then done.
    """

    __tablename__ = "reservation"

    id: Mapped[Pk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    pool: Mapped[str] = mapped_column(String(32), default="main")
    quantity: Mapped[Amount]
    taken: Mapped[Amount] = mapped_column(default=0)
    released: Mapped[Amount] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default="held")
    expires_at: Mapped[When | None]

    __table_args__ = (
        UniqueConstraint("order_id", "variant_id", "pool"),
        Index("ix_reservation_variant", "variant_id", "state"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("taken >= 0 AND released >= 0", name="parts"),
        CheckConstraint("taken + released <= quantity", name="whole"),
    )


class StockMovement(Base):
    """Every change of ``on_hand``; their sum is what `storegen audit` recounts."""

    __tablename__ = "stock_movement"

    id: Mapped[Pk]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    pool: Mapped[str] = mapped_column(String(32), default="main")
    change: Mapped[Amount]
    reason: Mapped[str] = mapped_column(String(32))  # import, staff, shipped, returned
    reference: Mapped[str] = mapped_column(String(64), default="")
    actor: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[When]

    __table_args__ = (Index("ix_stock_movement_variant", "variant_id", "pool"),)
