"""Pages of text that staff write: about, policies. A policy's version counts its changes, so that
a consent says which text was accepted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storegen.domain.audit_log import record
from storegen.domain.catalog.slugs import slug as make_slug
from storegen.domain.html import clean_html
from storegen.domain.opening import REQUIRED_PAGES
from storegen.domain.settings import SHELL
from storegen.domain.translations import read_texts, write_texts
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import StaticPage, random_id
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

ENTITY = "page"
KINDS = ("page", "privacy", "terms", "returns", "shipping", "about", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """``title`` and ``body`` (HTML, cleaned when it is written): locale → text; the shop's main
    locale must be there."""

    slug: str
    title: Mapping[str, str]
    body: Mapping[str, str]
    kind: str = "page"
    published: bool = True
    position: int = 0


def save_page(uow: UnitOfWork, actor: Actor, page: PageText, public_id: str = "") -> str:
    """Write a page, a new one without ``public_id``; returns its public id.

    The version rises when a word of it changes in any language. Raises `NotAllowed`, `Invalid`,
    `NotFound`, `Conflict` ("slug-taken").
    """
    if not actor.may("pages.edit"):
        raise NotAllowed("pages.edit")
    main = uow.store.config.locale
    body = {locale: clean_html(text) for locale, text in page.body.items()}
    if not page.title.get(main, "").strip():
        raise Invalid({"title": "required"})
    if page.kind not in KINDS:
        raise Invalid({"kind": "unknown"})
    values: dict[str, Any] = {
        "slug": make_slug(page.slug or page.title[main]),
        "kind": page.kind,
        "title": page.title[main],
        "body": body.get(main, ""),
        "published": page.published,
        "position": page.position,
        "updated_at": uow.now,
    }
    try:
        with uow.db.begin_nested():
            page_id, public_id, version = _write(uow, values, page, body, public_id)
    except IntegrityError:
        raise Conflict("slug-taken") from None
    write_texts(uow, ENTITY, page_id, {"title": page.title, "body": body})
    record(
        uow, actor, "page.save", "page", public_id, slug=values["slug"], version=version,
        published=page.published,
    )  # fmt: skip
    uow.touch(SHELL, f"page:{values['slug']}")
    return public_id


def delete_page(
    uow: UnitOfWork, actor: Actor, public_id: str, linked: Collection[str] = ()
) -> None:
    """Take a page away for good. ``linked``: slugs that the theme's pages lead to.

    Raises `NotAllowed`, `NotFound`, `Conflict`: "page-needed" for the last published text of a
    kind that customers are shown before they buy, "page-linked" for one that a page leads to.
    """
    if not actor.may("pages.edit"):
        raise NotAllowed("pages.edit")
    row = uow.db.execute(
        select(StaticPage.id, StaticPage.slug, StaticPage.kind, StaticPage.published)
        .where(StaticPage.public_id == public_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("page")
    others = select(func.count()).where(
        StaticPage.kind == row.kind, StaticPage.published, StaticPage.id != row.id
    )
    if row.kind in REQUIRED_PAGES and row.published and not uow.db.scalar(others):
        raise Conflict("page-needed")
    if row.slug in linked:
        raise Conflict("page-linked")
    uow.db.execute(delete(StaticPage).where(StaticPage.id == row.id))
    write_texts(uow, ENTITY, row.id, {"title": {}, "body": {}})
    record(uow, actor, "page.delete", "page", public_id, slug=row.slug, kind=row.kind)
    uow.touch(SHELL, f"page:{row.slug}")


def _write(
    uow: UnitOfWork,
    values: dict[str, Any],
    page: PageText,
    body: Mapping[str, str],
    public_id: str,
) -> tuple[int, str, int]:
    if not public_id:
        public_id = random_id()
        made = uow.db.execute(
            insert(StaticPage)
            .values(public_id=public_id, version=1, **values)
            .returning(StaticPage.id)
        ).scalar_one()
        return int(made), public_id, 1
    row = uow.db.execute(
        select(StaticPage.__table__).where(StaticPage.public_id == public_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("page")
    others = read_texts(uow, ENTITY, row.id)
    main = uow.store.config.locale
    before = {
        "title": {main: row.title, **others.get("title", {})},
        "body": {main: row.body, **others.get("body", {})},
    }
    after = {"title": _said(page.title), "body": _said(body)}
    changed = {name: _said(texts) for name, texts in before.items()} != after
    version = row.version + 1 if changed else row.version
    uow.db.execute(
        update(StaticPage).where(StaticPage.id == row.id).values(version=version, **values)
    )
    uow.touch(f"page:{row.slug}")
    return row.id, public_id, version


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {locale: text for locale, text in texts.items() if text}
