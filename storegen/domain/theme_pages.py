"""The owner's edit of a theme's page: apart from the theme, so that an update loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from storegen.domain.audit_log import record
from storegen.domain.settings import SHELL
from storegen.domain.upsert import upsert
from storegen.errors import NotAllowed
from storegen.models import ThemePage
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor


def edited(uow: UnitOfWork, theme: str, page: str) -> Mapping[str, Any] | None:
    """The owner's ``{"sections": …, "order": …}``; None while the theme's own is shown."""
    found: Mapping[str, Any] | None = uow.db.scalar(
        select(ThemePage.data).where(ThemePage.theme == theme, ThemePage.page == page)
    )
    return found


def save_theme_page(
    uow: UnitOfWork, actor: Actor, theme: str, page: str, data: Mapping[str, Any]
) -> None:
    """Keep an edit. Values are judged when they are shown: what a theme cannot use is left out.
    Raises `NotAllowed`."""
    if not actor.may("pages.edit"):
        raise NotAllowed("pages.edit")
    upsert(
        uow.db,
        ThemePage,
        {"theme": theme, "page": page, "data": dict(data), "updated_at": uow.now},
        keys=("theme", "page"),
    )
    record(uow, actor, "theme_page.save", "theme_page", f"{theme}/{page}", order=data["order"])
    uow.touch(SHELL)


def reset_theme_page(uow: UnitOfWork, actor: Actor, theme: str, page: str) -> None:
    """Show the theme's own page again. Raises `NotAllowed`."""
    if not actor.may("pages.edit"):
        raise NotAllowed("pages.edit")
    uow.db.execute(delete(ThemePage).where(ThemePage.theme == theme, ThemePage.page == page))
    record(uow, actor, "theme_page.reset", "theme_page", f"{theme}/{page}")
    uow.touch(SHELL)
