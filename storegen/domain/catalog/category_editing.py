"""The tree of categories as staff arrange it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storegen.domain.audit_log import record
from storegen.domain.catalog.shelves import recount
from storegen.domain.catalog.slugs import slug as make_slug
from storegen.domain.settings import SHELL
from storegen.domain.translations import write_texts
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import Category, ProductCategory, random_id
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

ENTITY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryText:
    """``title``: locale → text, the main locale must be there. ``parent``: a public id, or ``""``
    for the top."""

    title: Mapping[str, str]
    slug: str = ""
    parent: str = ""
    position: int = 0
    visible: bool = True


def save_category(
    uow: UnitOfWork, actor: Actor, category: CategoryText, public_id: str = ""
) -> str:
    """Write a category, a new one without ``public_id``; returns its public id.

    A product stands on its shelf and on every one above it, so moving a category moves what it
    holds too. Raises `NotAllowed`, `Invalid`, `NotFound`, `Conflict` ("slug-taken",
    "category-loop").
    """
    _check(actor)
    main = uow.store.config.locale
    title = category.title.get(main, "").strip()
    if not title:
        raise Invalid({"title": "required"})
    tree = _tree(uow)
    ids = {row_id: key for key, (row_id, _) in tree.items()}
    if category.parent and category.parent not in tree:
        raise Invalid({"parent": "unknown"})
    parent_id = tree[category.parent][0] if category.parent else None
    above = {row_id: parent for row_id, parent in tree.values()}
    if public_id and public_id not in tree:
        raise NotFound("category")
    own = tree[public_id][0] if public_id else None
    if own is not None and own in _way_up(parent_id, above):
        raise Conflict("category-loop")
    values = {
        "parent_id": parent_id,
        "slug": make_slug(category.slug or title),
        "title": title,
        "position": category.position,
        "visible": category.visible,
    }
    try:
        with uow.db.begin_nested():
            if own is None:
                public_id = random_id()
                own = uow.db.execute(
                    insert(Category).values(public_id=public_id, **values).returning(Category.id)
                ).scalar_one()
            else:
                uow.db.execute(update(Category).where(Category.id == own).values(**values))
    except IntegrityError:
        raise Conflict("slug-taken") from None
    write_texts(uow, ENTITY, own, {"title": category.title})
    if own in ids and above[own] != parent_id:
        _move(uow, own, above, parent_id)
    record(uow, actor, "category.save", "category", public_id, slug=values["slug"])
    uow.touch(SHELL, "listing")
    return public_id


def delete_category(uow: UnitOfWork, actor: Actor, public_id: str) -> None:
    """Take a category away; its products stay in the shop, what lies below moves up.
    Raises `NotAllowed`, `NotFound`."""
    _check(actor)
    row = uow.db.execute(
        select(Category.id, Category.parent_id, Category.slug).where(
            Category.public_id == public_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound("category")
    uow.db.execute(
        update(Category).where(Category.parent_id == row.id).values(parent_id=row.parent_id)
    )
    uow.db.execute(delete(ProductCategory).where(ProductCategory.category_id == row.id))
    uow.db.execute(delete(Category).where(Category.id == row.id))
    write_texts(uow, ENTITY, row.id, {"title": {}})
    record(uow, actor, "category.delete", "category", public_id, slug=row.slug)
    uow.touch(SHELL, "listing")


def _move(
    uow: UnitOfWork, own: int, above: Mapping[int, int | None], parent_id: int | None
) -> None:
    """What stands on this shelf leaves the shelves above it and stands on the new ones; but it
    stays where it stands by another of its shelves."""
    old = set(_way_up(above[own], above))
    new = set(_way_up(parent_id, above))
    products = set(
        uow.db.scalars(select(ProductCategory.product_id).where(ProductCategory.category_id == own))
    )
    if not products:
        return
    below = {
        each for each in above if own in _way_up(each, above)
    }  # its own branch, which moves along
    stands: dict[int, set[int]] = {}
    for category_id, product_id in uow.db.execute(
        select(ProductCategory.category_id, ProductCategory.product_id).where(
            ProductCategory.product_id.in_(products)
        )
    ):
        stands.setdefault(product_id, set()).add(category_id)
    for product_id, shelves in stands.items():
        held = _held(shelves - below - old, above)
        gone, come = old - new - held, new - shelves
        if gone:
            uow.db.execute(
                delete(ProductCategory).where(
                    ProductCategory.product_id == product_id,
                    ProductCategory.category_id.in_(gone),
                )
            )
        if come:
            uow.db.execute(
                insert(ProductCategory),
                [{"category_id": each, "product_id": product_id} for each in sorted(come)],
            )
    recount(uow)


def _held(shelves: set[int], above: Mapping[int, int | None]) -> set[int]:
    return {up for each in shelves for up in _way_up(each, above)}


def _way_up(category_id: int | None, above: Mapping[int, int | None]) -> list[int]:
    """A category and all above it; ends even if the data had a loop."""
    found: list[int] = []
    while category_id is not None and category_id not in found:
        found.append(category_id)
        category_id = above.get(category_id)
    return found


def _tree(uow: UnitOfWork) -> dict[str, tuple[int, int | None]]:
    rows = uow.db.execute(
        select(Category.public_id, Category.id, Category.parent_id).with_for_update()
    )
    return {public_id: (row_id, parent_id) for public_id, row_id, parent_id in rows}


def _check(actor: Actor) -> None:
    if not actor.may("products.edit"):
        raise NotAllowed("products.edit")
