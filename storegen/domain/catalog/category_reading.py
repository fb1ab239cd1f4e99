"""The visible categories, in the owner's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from storegen.models import Category, Translation
from storegen.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryView:
    """``parent`` is the slug of the visible category above, None at the top; ``products`` counts
    what stands on it and below."""

    id: int
    public_id: str
    slug: str
    title: str
    parent: str | None
    products: int


def categories(uow: UnitOfWork, locale: str) -> Sequence[CategoryView]:
    """All visible categories, in one statement. What lies below a hidden one is hidden too."""
    words = aliased(Translation)
    rows = uow.db.execute(
        select(
            Category.id,
            Category.public_id,
            Category.parent_id,
            Category.slug,
            func.coalesce(words.text, Category.title).label("title"),
            Category.product_count,
        )
        .outerjoin(
            words,
            and_(
                words.entity == "category",
                words.entity_id == Category.id,
                words.locale == locale,
                words.field == "title",
            ),
        )
        .where(Category.visible.is_(True))
        .order_by(Category.position, Category.id)
    ).all()
    above: dict[int, Any] = {row.id: row for row in rows}

    def shown(row: Any) -> bool:
        while row is not None and row.parent_id is not None:
            row = above.get(row.parent_id)
        return row is not None

    return [
        CategoryView(
            id=row.id,
            public_id=row.public_id,
            slug=row.slug,
            title=row.title,
            parent=above[row.parent_id].slug if row.parent_id is not None else None,
            products=row.product_count,
        )
        for row in rows
        if shown(row)
    ]
