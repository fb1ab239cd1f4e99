"""The tree of categories."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema
from sqlalchemy import select

from storegen.domain.catalog import category_editing
from storegen.domain.catalog.category_editing import CategoryText
from storegen.domain.translations import read_texts
from storegen.models import Category
from storegen.uow import UnitOfWork
from storegen.web.admin import fields
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
from storegen.web.admin.resources.listing import GOODS, one

INDENT = "　"


def _tree(uow: UnitOfWork) -> list[tuple[Any, int]]:
    """(row, depth) in the order of the menu."""
    below: dict[int | None, list[Any]] = {}
    for row in uow.db.execute(select(Category.__table__).order_by(Category.position, Category.id)):
        below.setdefault(row.parent_id, []).append(row)

    def walk(parent: int | None, depth: int) -> list[tuple[Any, int]]:
        return [
            each
            for row in below.get(parent, ())
            for each in ((row, depth), *walk(row.id, depth + 1))
        ]

    return walk(None, 0)


def rows(uow: UnitOfWork, query: Query) -> Listing:
    return Listing(
        rows=[
            Row(
                key=row.public_id,
                cells={
                    "title": INDENT * depth + row.title,
                    "slug": row.slug,
                    "products": row.product_count,
                    "position": row.position,
                    "visible": "on" if row.visible else "off",
                },
            )
            for row, depth in _tree(uow)
        ]
    )


def detail(ask: Ask) -> Detail:
    row = one(ask.uow, Category, ask.key, "category")
    return Detail(
        title=row.title,
        marks=("on" if row.visible else "off",),
        facts=(Fact(title="Products", value=row.product_count, kind="number"),),
    )


def _form(ask: Ask) -> Schema:
    above = [
        (row.public_id, INDENT * depth + row.title)
        for row, depth in _tree(ask.uow)
        if row.public_id != ask.key
    ]
    return fields.form(
        title=fields.texts("Title", ask.store.config.locales, 255),
        slug=fields.text("Web address", 100, help="Made from the title if it is left empty."),
        parent=fields.choice("Stands below", [("", "(the top)"), *above]),
        position=fields.number("Position", 0, 100_000),
        visible=fields.flag("Visible in the shop"),
    )


def _initial(ask: Ask) -> dict[str, Any]:
    if not ask.key:
        return {"visible": True, "position": 0, "parent": ""}
    row = one(ask.uow, Category, ask.key, "category")
    parent = ""
    if row.parent_id is not None:
        parent = str(
            ask.uow.db.scalar(select(Category.public_id).where(Category.id == row.parent_id))
        )
    others = read_texts(ask.uow, category_editing.ENTITY, row.id).get("title", {})
    return {
        "title": {ask.store.config.locale: row.title, **others},
        "slug": row.slug,
        "parent": parent,
        "position": row.position,
        "visible": row.visible,
    }


def _save(call: Call) -> Done:
    wanted = CategoryText(**call.values)
    key = call.store.transact(
        lambda uow: category_editing.save_category(uow, call.actor, wanted, call.key)
    )
    return Done(said="The category is saved.", key=key)


def _delete(call: Call) -> Done:
    call.store.transact(lambda uow: category_editing.delete_category(uow, call.actor, call.key))
    return Done(said="The category is gone; its products are still there.", to="categories")


RESOURCE = Resource(
    name="categories",
    title="Categories",
    permission="products.view",
    group=GOODS,
    icon="categories",
    list=rows,
    detail=detail,
    columns=(
        Column(name="title", title="Title", main=True),
        Column(name="slug", title="Web address", kind="code"),
        Column(name="products", title="Products", kind="number"),
        Column(name="position", title="Position", kind="number"),
        Column(name="visible", title="Visible", kind="state"),
    ),
    create=Verb(
        name="new", title="New category", permission="products.edit", schema=_form,
        initial=_initial, run=_save,
    ),
    verbs=(
        Verb(
            name="save", title="Save", permission="products.edit", schema=_form,
            initial=_initial, run=_save, place="inline",
        ),
        Verb(
            name="delete", title="Delete", permission="products.edit", run=_delete, danger=True,
            confirm="Its products stay in the shop; what stands below it moves up.",
        ),
    ),
)  # fmt: skip
