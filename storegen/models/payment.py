"""Money that came in and went out, and what providers said about it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint

from storegen.models.base import (
    Amount,
    Base,
    JsonDict,
    Mapped,
    Pk,
    PublicId,
    When,
    mapped_column,
)


class Payment(Base):
    """One attempt to pay an order. ``reference`` is ours and what the provider knows it by.

    ``state``: created, pending, succeeded, failed, closed.
    """

    __tablename__ = "payment"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    provider: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    provider_reference: Mapped[str] = mapped_column(String(128), default="")
    amount: Mapped[Amount]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(16), default="created")
    kind: Mapped[str] = mapped_column(String(16), default="redirect")
    redirect_url: Mapped[str] = mapped_column(String(2000), default="")
    instructions: Mapped[JsonDict]
    payer_subject: Mapped[str] = mapped_column(String(128), default="")
    app_id: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[When]
    expires_at: Mapped[When | None]
    next_query_at: Mapped[When | None]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_payment_query", "state", "next_query_at"),
    )


class LedgerEntry(Base):
    """Money that moved: kind ``capture`` (in) or ``refund`` (out), always a positive amount.

    The unique key is the net under at-least-once notifications: a fact is booked once.
    """

    __tablename__ = "ledger_entry"

    id: Mapped[Pk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"))
    kind: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Amount]
    source: Mapped[str] = mapped_column(String(160))  # provider and its transaction, or refund no
    at: Mapped[When]

    __table_args__ = (
        UniqueConstraint("kind", "source"),
        CheckConstraint("amount > 0", name="amount"),
    )


class ProviderEvent(Base):
    """The inbox: each verified notification once, in the transaction of its effect."""

    __tablename__ = "provider_event"

    id: Mapped[Pk]
    provider: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[str] = mapped_column(String(128))
    fact: Mapped[JsonDict]
    outcome: Mapped[str] = mapped_column(String(32))
    at: Mapped[When]

    __table_args__ = (UniqueConstraint("provider", "event_id"),)


class ParkedNotification(Base):
    """A verified notification that came before what it speaks of; tried again, then given up."""

    __tablename__ = "parked_notification"

    id: Mapped[Pk]
    provider: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[str] = mapped_column(String(128))
    fact: Mapped[JsonDict]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default="waiting")  # waiting, done, given_up
    next_at: Mapped[When]
    created_at: Mapped[When]

    __table_args__ = (
        UniqueConstraint("provider", "event_id"),
        Index("ix_parked_due", "state", "next_at"),
    )


class Refund(Base):
    """Money to give back. ``reference`` is made before the provider is called and never changes.

    ``state``: requested → (pending | unknown)* → succeeded | failed; ``by_hand`` waits for staff.
    """

    __tablename__ = "refund"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    provider_reference: Mapped[str] = mapped_column(String(128), default="")
    amount: Mapped[Amount]
    shipping_amount: Mapped[Amount] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default="requested")
    reason: Mapped[str] = mapped_column(String(255), default="")
    kind: Mapped[str] = mapped_column(
        String(16), default="staff"
    )  # staff, late, cancel, after_sales
    attempts: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    next_at: Mapped[When | None]
    created_at: Mapped[When]
    done_at: Mapped[When | None]
    actor: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (
        Index("ix_refund_due", "state", "next_at"),
        CheckConstraint("amount > 0", name="amount"),
    )


class RefundLine(Base):
    """Which units a refund is for; ``start`` is the index of the first of them in the line.
    ``refund_id`` is NULL where the units cost nothing, so that no money goes back."""

    __tablename__ = "refund_line"

    id: Mapped[Pk]
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    start: Mapped[int]
    quantity: Mapped[int]
    net: Mapped[Amount]
    tax: Mapped[Amount]
    gross: Mapped[Amount]
    restocked: Mapped[int] = mapped_column(default=0)
