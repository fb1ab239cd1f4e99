"""The table of this plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String

from storegen.sdk import Mapped, When, mapped_column, tables

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase as Base
else:  # checkers cannot follow a base class that a call makes
    Base = tables("gift_wrap")

METADATA = Base.metadata


class Wish(Base):
    """An order that is to be wrapped, with the words for its card."""

    __tablename__ = "wish"

    order_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    customer_id: Mapped[int | None] = mapped_column(index=True)
    message: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[When]
