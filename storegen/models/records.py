"""What the machinery remembers: audit log, outbox, repeated requests, messages."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint

from storegen.models.base import Base, JsonDict, Mapped, Pk, When, mapped_column


class AuditLog(Base):
    """Who changed what; rows are only added."""

    __tablename__ = "audit_log"

    id: Mapped[Pk]
    at: Mapped[When]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    entity: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[str] = mapped_column(String(64))
    data: Mapped[JsonDict]

    __table_args__ = (Index("ix_audit_log_entity", "entity", "entity_id"),)


class OutboxEvent(Base):
    """A fact, written in the transaction that caused it."""

    __tablename__ = "outbox_event"

    id: Mapped[Pk]
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    payload: Mapped[JsonDict]
    created_at: Mapped[When]


class OutboxDelivery(Base):
    """An event on its way to one listener; written with the event."""

    __tablename__ = "outbox_delivery"

    id: Mapped[Pk]
    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_event.id", ondelete="CASCADE"))
    listener: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="waiting")  # waiting, done, dead
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    next_at: Mapped[When]

    __table_args__ = (
        UniqueConstraint("event_id", "listener"),
        Index("ix_outbox_delivery_due", "state", "next_at"),
    )


class JobLease(Base):
    """Timed work of a plugin (``<plugin>.<job>``): when it is due again. Who does it holds a lock
    on the row, so that it is never done twice at once, on whichever machine."""

    __tablename__ = "job_lease"

    name: Mapped[str] = mapped_column(String(96), primary_key=True)
    next_at: Mapped[When]
    faults: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class Idempotency(Base):
    """A request that a client may repeat. ``state``: running, then done with its answer."""

    __tablename__ = "idempotency"

    id: Mapped[Pk]
    principal: Mapped[str] = mapped_column(String(80))
    endpoint: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(160))
    request_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="running")
    status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[JsonDict]
    claimed_at: Mapped[When]

    __table_args__ = (
        UniqueConstraint("principal", "endpoint", "key"),
        Index("ix_idempotency_claimed", "claimed_at"),
    )


class Message(Base):
    """Something to say to a person outside the shop: a sign-in code, a note about an order.

    Delivered by a message channel; in development the mailbox page shows it.
    """

    __tablename__ = "message"

    id: Mapped[Pk]
    channel: Mapped[str] = mapped_column(String(16))  # sms, email
    recipient: Mapped[str] = mapped_column(String(255))
    template: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16))
    data: Mapped[JsonDict]
    state: Mapped[str] = mapped_column(String(16), default="waiting")  # waiting, sent, failed
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[When]
    expires_at: Mapped[When | None]
    next_at: Mapped[When | None]

    __table_args__ = (Index("ix_message_due", "state", "next_at"),)
