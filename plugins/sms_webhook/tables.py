"""The table of this plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String

from storegen.sdk import Mapped, Pk, When, mapped_column, tables

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase as Base
else:  # checkers cannot follow a base class that a call makes
    Base = tables("sms_webhook")

METADATA = Base.metadata


class Receipt(Base):
    """What the gateway said of a message: ``delivered`` or ``failed``, whichever came first."""

    __tablename__ = "receipt"

    id: Mapped[Pk]
    key: Mapped[str] = mapped_column(String(128), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[When] = mapped_column(index=True)
