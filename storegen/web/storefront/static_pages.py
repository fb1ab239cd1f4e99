"""Pages of text in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from storegen.models import StaticPage, Translation
from storegen.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """``body`` is HTML that was cleaned when it was written."""

    slug: str
    kind: str
    title: str
    body: str
    updated_at: datetime


def static_page(uow: UnitOfWork, slug: str, locale: str) -> PageView | None:
    """The published page of this slug, in one statement; None where there is none."""
    title, body = aliased(Translation), aliased(Translation)
    statement = select(
        StaticPage.slug,
        StaticPage.kind,
        func.coalesce(title.text, StaticPage.title).label("title"),
        func.coalesce(body.text, StaticPage.body).label("body"),
        StaticPage.updated_at,
    )
    for text, name in ((title, "title"), (body, "body")):
        statement = statement.outerjoin(
            text,
            and_(
                text.entity == "page",
                text.entity_id == StaticPage.id,
                text.locale == locale,
                text.field == name,
            ),
        )
    row = uow.db.execute(
        statement.where(StaticPage.slug == slug, StaticPage.published.is_(True))
    ).one_or_none()
    return PageView(**row._asdict()) if row else None
