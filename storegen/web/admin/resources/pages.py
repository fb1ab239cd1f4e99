"""Static pages: about, contact, policies, in all of the shop's languages."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request
from marshmallow import Schema
from sqlalchemy import select

from storegen.domain import static_pages
from storegen.domain.static_pages import PageText
from storegen.domain.translations import read_texts
from storegen.models import StaticPage
from storegen.uow import UnitOfWork
from storegen.web.admin import fields, labels
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Fact,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)
from storegen.web.admin.resources.listing import SHOP, one
from storegen.web.admin.resources.theme_links import linked_pages
from storegen.web.context import gettext

_KINDS = dict(labels.PAGE_KINDS)


def rows(uow: UnitOfWork, query: Query) -> Listing:
    found = uow.db.execute(
        select(
            StaticPage.public_id, StaticPage.title, StaticPage.slug, StaticPage.kind,
            StaticPage.version, StaticPage.published, StaticPage.updated_at,
        ).order_by(StaticPage.position, StaticPage.id)
    )  # fmt: skip
    return Listing(
        rows=[
            Row(
                key=row.public_id,
                cells={
                    "title": row.title,
                    "slug": row.slug,
                    "kind": gettext(_KINDS.get(row.kind, row.kind)),
                    "version": row.version,
                    "published": "on" if row.published else "off",
                    "updated_at": row.updated_at,
                },
            )
            for row in found
        ]
    )


def detail(ask: Ask) -> Detail:
    row = one(ask.uow, StaticPage, ask.key, "page")
    return Detail(
        title=row.title,
        marks=("on" if row.published else "off",),
        facts=(
            Fact(title="Version", value=row.version, kind="number"),
            Fact(title="Changed", value=row.updated_at, kind="moment"),
        ),
    )


def _form(ask: Ask) -> Schema:
    locales = ask.store.config.locales
    return fields.form(
        kind=fields.choice("Kind", labels.PAGE_KINDS),
        slug=fields.text("Web address", 100, help="Made from the title if it is left empty."),
        title=fields.texts("Title", locales, 255),
        body=fields.texts(
            "Text", locales, 200_000, widget="html",
            help="HTML: headings, lists, links and tables are kept, everything else is taken out.",
        ),
        position=fields.number("Position", 0, 10_000),
        published=fields.flag("Published"),
    )  # fmt: skip


def _initial(ask: Ask) -> dict[str, Any]:
    if not ask.key:
        kind = request.args.get("kind", "page") if has_request_context() else "page"
        return {
            "kind": kind if kind in _KINDS else "page",
            "slug": kind if kind in _KINDS and kind != "page" else "",
            "published": True,
            "position": 0,
        }
    row = one(ask.uow, StaticPage, ask.key, "page")
    main, others = ask.store.config.locale, read_texts(ask.uow, static_pages.ENTITY, row.id)
    return {
        "kind": row.kind,
        "slug": row.slug,
        "title": {main: row.title, **others.get("title", {})},
        "body": {main: row.body, **others.get("body", {})},
        "position": row.position,
        "published": row.published,
    }


def _save(call: Call) -> Done:
    page = PageText(**call.values)
    key = call.store.transact(lambda uow: static_pages.save_page(uow, call.actor, page, call.key))
    return Done(said="The page is saved.", key=key)


def _delete(call: Call) -> Done:
    def work(uow: UnitOfWork) -> None:
        static_pages.delete_page(uow, call.actor, call.key, linked_pages(uow))

    call.store.transact(work)
    return Done(said="The page is deleted.", to="pages")


RESOURCE = Resource(
    name="pages",
    title="Static pages",
    permission="pages.view",
    group=SHOP,
    icon="pages",
    list=rows,
    detail=detail,
    columns=(
        Column(name="title", title="Title", main=True),
        Column(name="slug", title="Web address", kind="code"),
        Column(name="kind", title="Kind"),
        Column(name="version", title="Version", kind="number"),
        Column(name="published", title="Published", kind="state"),
        Column(name="updated_at", title="Changed", kind="moment"),
    ),
    create=Verb(
        name="new", title="New page", permission="pages.edit", schema=_form, initial=_initial,
        run=_save,
    ),
    verbs=(
        Verb(
            name="save", title="Save", permission="pages.edit", schema=_form, initial=_initial,
            run=_save, place="inline",
        ),
        Verb(
            name="delete", title="Delete", permission="pages.edit", danger=True, run=_delete,
            confirm="The page and all its languages are gone for good; its address answers 404.",
        ),
    ),
)  # fmt: skip
