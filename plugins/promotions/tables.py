"""The tables of this plugin. Products, people and orders are named by the core's internal ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint

from storegen.sdk import JsonDict, Mapped, Minor, Pk, PublicId, When, mapped_column, tables

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase as Base
else:  # checkers cannot follow a base class that a call makes
    Base = tables("promotions")

METADATA = Base.metadata


class Activity(Base):
    """A promotion as it is now. Its state follows from times: see `activities.state_of`.

    ``published_at``: when the owner let it go; ``stopped_at``: when the owner ended it.
    ``changes_at``: when pages that show it next become stale; None: never again.
    """

    __tablename__ = "activity"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(120))  # for staff
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(default=0)
    rules: Mapped[JsonDict]
    schedule: Mapped[JsonDict]
    starts_at: Mapped[When]
    ends_at: Mapped[When | None]
    published_at: Mapped[When | None]
    stopped_at: Mapped[When | None]
    changes_at: Mapped[When | None]
    created_at: Mapped[When]
    updated_at: Mapped[When]

    __table_args__ = (
        Index("ix_p_promotions__activity_current", "published_at", "stopped_at", "ends_at"),
        Index("ix_p_promotions__activity_changes", "changes_at"),
    )


class ActivityVersion(Base):
    """What an activity said from ``at`` on, while it was live; written once, never changed. Orders
    name the version that priced them."""

    __tablename__ = "activity_version"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("p_promotions__activity.id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rules: Mapped[JsonDict]
    schedule: Mapped[JsonDict]
    at: Mapped[When]
    actor: Mapped[str] = mapped_column(String(64), default="")


class FlashStock(Base):
    """How many pieces of a product went out at the flash price in one time slot; only conditional
    updates change it."""

    __tablename__ = "flash_stock"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("p_promotions__activity.id"), primary_key=True, autoincrement=False
    )
    product_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[When] = mapped_column(primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("taken >= 0", name="taken"),)


class FlashPerson(Base):
    """How many of them one person has. ``person`` is an account (``c<id>``) or a keyed hash of a
    phone or e-mail; one order counts for each of those that it has."""

    __tablename__ = "flash_person"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("p_promotions__activity.id"), primary_key=True, autoincrement=False
    )
    product_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[When] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_p_promotions__flash_person_person", "person"),
        CheckConstraint("taken >= 0", name="taken"),
    )


class FlashTake(Base):
    """What one order took out of a flash stock. ``returned_at``: given back."""

    __tablename__ = "flash_take"

    id: Mapped[Pk]
    order_id: Mapped[int]
    activity_id: Mapped[int] = mapped_column(ForeignKey("p_promotions__activity.id"))
    product_id: Mapped[int]
    slot: Mapped[When]
    quantity: Mapped[int]
    at: Mapped[When]
    returned_at: Mapped[When | None]

    __table_args__ = (
        UniqueConstraint("order_id", "activity_id", "product_id", "slot"),
        CheckConstraint("quantity > 0", name="quantity"),
    )


class Use(Base):
    """The ledger of results: one row per activity and order. ``discount`` is what the activity took
    off, ``order_total`` what the order came to. ``ended_at``: the order fell through."""

    __tablename__ = "use"

    id: Mapped[Pk]
    activity_id: Mapped[int] = mapped_column(ForeignKey("p_promotions__activity.id"))
    version: Mapped[int]
    order_id: Mapped[int] = mapped_column(index=True)
    discount: Mapped[Minor]
    order_total: Mapped[Minor]
    pieces: Mapped[int] = mapped_column(default=0)
    at: Mapped[When]
    paid_at: Mapped[When | None]
    ended_at: Mapped[When | None]

    __table_args__ = (
        UniqueConstraint("activity_id", "order_id"),
        CheckConstraint("discount >= 0 AND order_total >= 0", name="discount"),
    )
