"""What every page of the shop shows: menu, static pages, and the owner's edits of theme pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Text, and_, cast, func, literal, null, select, union_all

from storegen.domain.settings import SHELL
from storegen.models import Category, StaticPage, ThemePage, Translation
from storegen.uow import UnitOfWork
from storegen.web.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A category in the menu. ``products`` counts those for sale on it and below it."""

    id: int
    slug: str
    title: str
    parent_id: int | None
    products: int
    shelves: tuple[Shelf, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    slug: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """``shelves`` is the tree from the top, ``by_id`` all of them, those that are visible."""

    shelves: tuple[Shelf, ...]
    by_id: Mapping[int, Shelf]
    pages: tuple[PageLink, ...]
    edits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def trail(self, shelf_id: int) -> list[Shelf]:
        """From the top down to a shelf."""
        found: list[Shelf] = []
        at = self.by_id.get(shelf_id)
        while at is not None and at not in found:
            found.insert(0, at)
            at = self.by_id.get(at.parent_id) if at.parent_id else None
        return found

    def page_of(self, kind: str) -> PageLink | None:
        return next((page for page in self.pages if page.kind == kind), None)


def load(context: Context) -> Shell:
    """In the reader's language; shared by requests until a commit touches it."""
    store, locale = context.store, context.locale
    return context.db.cached(
        f"shell:{locale}", (SHELL,), lambda: _read(context.db, store.config.theme, locale)
    )


def _read(uow: UnitOfWork, theme: str, locale: str) -> Shell:
    """One statement for all of it: each part in columns of the same kinds."""

    def title_here(entity: str, entity_id: Any) -> Any:
        return and_(
            Translation.entity == entity,
            Translation.entity_id == entity_id,
            Translation.locale == locale,
            Translation.field == "title",
        )

    shelves = (
        select(
            literal("shelf").label("part"),
            Category.id.label("id"),
            Category.parent_id.label("parent"),
            Category.position.label("position"),
            Category.product_count.label("number"),
            Category.slug.label("name"),
            func.coalesce(Translation.text, Category.title).label("title"),
            cast(null(), Text).label("data"),
        )
        .outerjoin(Translation, title_here("category", Category.id))
        .where(Category.visible.is_(True))
    )
    pages = (
        select(
            literal("page"),
            StaticPage.id,
            cast(null(), Category.parent_id.type),
            StaticPage.position,
            literal(0),
            StaticPage.slug,
            func.coalesce(Translation.text, StaticPage.title),
            cast(StaticPage.kind, Text),
        )
        .outerjoin(Translation, title_here("page", StaticPage.id))
        .where(StaticPage.published.is_(True))
    )
    edits = select(
        literal("edit"),
        literal(0),
        cast(null(), Category.parent_id.type),
        literal(0),
        literal(0),
        ThemePage.page,
        literal(""),
        cast(ThemePage.data, Text),
    ).where(ThemePage.theme == theme)
    rows = sorted(
        uow.db.execute(union_all(shelves, pages, edits)), key=lambda row: (row.position, row.id)
    )
    tree, by_id = _tree([row for row in rows if row.part == "shelf"])
    return Shell(
        shelves=tree,
        by_id=by_id,
        pages=tuple(
            PageLink(slug=row.name, title=row.title, kind=row.data)
            for row in rows
            if row.part == "page"
        ),
        edits={row.name: json.loads(row.data) for row in rows if row.part == "edit"},
    )


def _tree(rows: list[Any]) -> tuple[tuple[Shelf, ...], dict[int, Shelf]]:
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.parent, []).append(row)
    by_id: dict[int, Shelf] = {}

    def grow(parent: int | None) -> tuple[Shelf, ...]:
        made = []
        for row in below.get(parent, []):
            shelf = Shelf(
                id=row.id,
                slug=row.name,
                title=row.title,
                parent_id=row.parent,
                products=row.number,
                shelves=grow(row.id),
            )
            by_id[row.id] = shelf
            made.append(shelf)
        return tuple(made)

    return grow(None), by_id
