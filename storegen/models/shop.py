"""The owner's choices and texts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String, Text

from storegen.models.base import Base, JsonDict, Mapped, Pk, PublicId, When, mapped_column


class Setting(Base):
    """One group of settings as JSON (brand, legal, tax, checkout …): `domain.settings` types it."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    updated_at: Mapped[When]


class StaticPage(Base):
    """A page of text: about, policies. ``version`` is what a consent refers to."""

    __tablename__ = "static_page"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(32), default="page")  # page, privacy, terms, …
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    published: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[When]


class ThemePage(Base):
    """The owner's edit of a theme's page: ``{"sections": {...}, "order": [...]}``."""

    __tablename__ = "theme_page"

    theme: Mapped[str] = mapped_column(String(64), primary_key=True)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[JsonDict]
    updated_at: Mapped[When]
