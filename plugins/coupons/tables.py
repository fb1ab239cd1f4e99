"""The tables of this plugin. People and orders are named by the core's internal ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint

from storegen.sdk import JsonDict, Mapped, Minor, Pk, PublicId, When, mapped_column, tables

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase as Base
else:  # checkers cannot follow a base class that a call makes
    Base = tables("coupons")

METADATA = Base.metadata


class Template(Base):
    """A campaign. ``state``: draft → live ⇄ paused → closed. ``issued`` counts what is out and is
    only changed by conditional updates; ``rules`` are what the next coupon gets."""

    __tablename__ = "template"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(120))  # for staff
    state: Mapped[str] = mapped_column(String(16), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    rules: Mapped[JsonDict]
    channel: Mapped[str] = mapped_column(String(16))
    total: Mapped[int | None]
    issued: Mapped[int] = mapped_column(default=0)
    per_customer: Mapped[int | None]
    per_day: Mapped[int | None]
    claim_from: Mapped[When | None]
    claim_until: Mapped[When | None]
    validity: Mapped[str] = mapped_column(String(16))
    valid_from: Mapped[When | None]
    valid_until: Mapped[When | None]
    days: Mapped[int] = mapped_column(default=0)
    gift_from: Mapped[Minor] = mapped_column(default=0)
    listed: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[When]
    updated_at: Mapped[When]

    __table_args__ = (
        Index("ix_p_coupons__template_channel", "channel", "state"),
        CheckConstraint("issued >= 0 AND (total IS NULL OR issued <= total)", name="issued"),
    )


class TemplateVersion(Base):
    """What a campaign said from ``at`` on; written once and never changed."""

    __tablename__ = "template_version"

    template_id: Mapped[int] = mapped_column(
        ForeignKey("p_coupons__template.id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    terms: Mapped[JsonDict]
    at: Mapped[When]
    actor: Mapped[str] = mapped_column(String(64), default="")


class Coupon(Base):
    """An issued copy with its own rules. ``state``: unused, used, expired, revoked.

    ``customer_id`` is None for a guest's, which exists only as long as its order does. ``seq`` is
    the customer's how-manieth of this campaign. ``issue_key`` makes gifts and rewards idempotent.
    ``phone_key`` and ``email_key`` are keyed hashes of who used it, for the limit per person.
    """

    __tablename__ = "coupon"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    template_id: Mapped[int] = mapped_column(ForeignKey("p_coupons__template.id"))
    version: Mapped[int] = mapped_column(default=1)
    customer_id: Mapped[int | None]
    seq: Mapped[int]
    rules: Mapped[JsonDict]
    state: Mapped[str] = mapped_column(String(16), default="unused")
    starts_at: Mapped[When]
    ends_at: Mapped[When]
    source: Mapped[str] = mapped_column(String(64), default="")
    issue_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    code_id: Mapped[int | None]
    order_id: Mapped[int | None]
    phone_key: Mapped[str] = mapped_column(String(64), default="")
    email_key: Mapped[str] = mapped_column(String(64), default="")
    issued_at: Mapped[When]
    used_at: Mapped[When | None]
    ended_at: Mapped[When | None]
    reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        UniqueConstraint("template_id", "customer_id", "seq"),
        Index("ix_p_coupons__coupon_wallet", "customer_id", "state", "ends_at"),
        Index("ix_p_coupons__coupon_results", "template_id", "state"),
        Index("ix_p_coupons__coupon_due", "state", "ends_at"),
        Index("ix_p_coupons__coupon_order", "order_id"),
        Index("ix_p_coupons__coupon_phone", "template_id", "phone_key"),
        Index("ix_p_coupons__coupon_email", "template_id", "email_key"),
    )


class Code(Base):
    """A code as it is compared: folded, upper case, without dashes. ``state``: free, taken,
    revoked. A ``shared`` one stays free and works for everybody; one of its own works once."""

    __tablename__ = "code"

    id: Mapped[Pk]
    template_id: Mapped[int] = mapped_column(ForeignKey("p_coupons__template.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("p_coupons__batch.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    shared: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="free")

    __table_args__ = (
        Index("ix_p_coupons__code_batch", "batch_id", "id"),
        Index("ix_p_coupons__code_template", "template_id", "state"),
    )


class Batch(Base):
    """An order for ``wanted`` codes, of which ``made`` are there; a job makes them in parts."""

    __tablename__ = "batch"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    template_id: Mapped[int] = mapped_column(ForeignKey("p_coupons__template.id"), index=True)
    wanted: Mapped[int]
    made: Mapped[int] = mapped_column(default=0)
    actor: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[When]

    __table_args__ = (CheckConstraint("made >= 0 AND made <= wanted", name="made"),)


class Use(Base):
    """The ledger of use: one row per coupon and order. ``amount`` is what it took off, and
    ``order_total`` what the order came to after it. ``returned_at``: given back."""

    __tablename__ = "use"

    id: Mapped[Pk]
    coupon_id: Mapped[int] = mapped_column(ForeignKey("p_coupons__coupon.id"), index=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("p_coupons__template.id"), index=True)
    order_id: Mapped[int]
    amount: Mapped[Minor]
    order_total: Mapped[Minor]
    at: Mapped[When]
    paid_at: Mapped[When | None]
    returned_at: Mapped[When | None]

    __table_args__ = (
        UniqueConstraint("order_id", "coupon_id"),
        CheckConstraint("amount > 0 AND order_total >= 0", name="amount"),
    )


class Birthday(Base):
    """A customer's birthday, as they told it in their wallet; no year, since none is needed."""

    __tablename__ = "birthday"

    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int]
    day: Mapped[int]
    told_at: Mapped[When]

    __table_args__ = (Index("ix_p_coupons__birthday_day", "month", "day"),)
