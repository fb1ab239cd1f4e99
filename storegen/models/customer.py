"""People: customers, staff, what they agreed to, and how they are recognised."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint

from storegen.models.base import (
    Base,
    JsonDict,
    JsonList,
    Mapped,
    Pk,
    PublicId,
    When,
    mapped_column,
)


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(100), default="")
    locale: Mapped[str] = mapped_column(String(16), default="")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    personalised: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(16), default="active")  # active, closed
    created_at: Mapped[When]


class CustomerIdentity(Base):
    """One way to recognise a customer. ``subject`` is normalised (E.164 phone, folded e-mail)."""

    __tablename__ = "customer_identity"

    id: Mapped[Pk]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    provider: Mapped[str] = mapped_column(String(32))  # phone, email, later wechat_…
    app_id: Mapped[str] = mapped_column(String(64), default="")
    subject: Mapped[str] = mapped_column(String(255))
    union_id: Mapped[str] = mapped_column(String(128), default="")
    verified_at: Mapped[When | None]

    __table_args__ = (UniqueConstraint("provider", "app_id", "subject"),)


class CustomerAddress(Base):
    """A delivery address in a customer's book; ``address`` is `values.address.Address` as JSON."""

    __tablename__ = "customer_address"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    address: Mapped[JsonDict]
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[When]


class Consent(Base):
    """Which version of a text somebody accepted, when and through which channel."""

    __tablename__ = "consent"

    id: Mapped[Pk]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))  # privacy, terms, personalisation
    version: Mapped[str] = mapped_column(String(64))
    granted: Mapped[bool] = mapped_column(default=True)
    channel: Mapped[str] = mapped_column(String(32))
    at: Mapped[When]


class Staff(Base):
    """Somebody who works in the back office. ``permissions``: strings, or ``*`` for the owner."""

    __tablename__ = "staff"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    login: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    permissions: Mapped[JsonList]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[When]


class Session(Base):
    """An opaque random token, stored hashed: a cookie on the web, Bearer in the API.

    ``kind``: customer or staff. A guest's session has neither customer nor staff.
    """

    __tablename__ = "session"

    id: Mapped[Pk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16), default="customer")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    channel: Mapped[str] = mapped_column(String(32), default="web")
    created_at: Mapped[When]
    seen_at: Mapped[When]
    expires_at: Mapped[When]

    __table_args__ = (
        Index("ix_session_expires", "expires_at"),
        # SQLite would give the id of a session that ended to the next visitor, and with it
        # whatever still names the old one, such as a guest's orders.
        {"sqlite_autoincrement": True},
    )


class OneTimeCode(Base):
    """A short-lived secret, hashed: a sign-in code for a phone or e-mail, or a staff link."""

    __tablename__ = "one_time_code"

    id: Mapped[Pk]
    purpose: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(255))
    code_hash: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[When]
    expires_at: Mapped[When]
    used_at: Mapped[When | None]

    __table_args__ = (Index("ix_one_time_code_subject", "purpose", "subject"),)


class Limit(Base):
    """A counter of tries in a window, shared by all processes through the database."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    window_start: Mapped[When]
    count: Mapped[int] = mapped_column(default=0)
