"""Which shelves (categories) a product stands on; shelves are made as products name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, func, insert, select, update

from storegen.domain.catalog.slugs import free_slug, slug
from storegen.models import Category, Product, ProductCategory, random_id
from storegen.uow import UnitOfWork
from storegen.values.catalog import CatalogProduct

SEPARATOR = " > "
_DEEPEST = 6
_FROM_TAGS = 3
_LONGEST = 255
Path = tuple[str, ...]


def shelf_paths(product: CatalogProduct) -> list[Path]:
    """Where a product stands, from the top: by its category path, else its type, else its tags."""
    for text in (product.category, product.product_type):
        path = tuple(part.strip()[:_LONGEST] for part in text.split(SEPARATOR) if part.strip())
        if path:
            return [path[:_DEEPEST]]
    return [(tag[:_LONGEST],) for tag in product.tags[:_FROM_TAGS] if tag.strip()]


class Shelves:
    """The categories of a store by their path, for one import; missing ones are made.

    ``latin``: title → the words that its address is made of, where the title has better ones.
    """

    def __init__(self, uow: UnitOfWork, latin: Mapping[str, str] | None = None) -> None:
        self._latin = latin or {}
        self._ids: dict[tuple[int | None, str], int] = {}
        self._slugs: set[str] = set()
        for row in uow.db.execute(
            select(Category.id, Category.parent_id, Category.title, Category.slug)
        ):
            self._ids.setdefault((row.parent_id, row.title), row.id)
            self._slugs.add(row.slug)

    def ids(self, uow: UnitOfWork, product: CatalogProduct) -> set[int]:
        """The ids of the product's shelves and of every shelf above them."""
        found: set[int] = set()
        for path in shelf_paths(product):
            parent: int | None = None
            for title in path:
                parent = self._ids.get((parent, title)) or self._make(uow, parent, title)
                found.add(parent)
        return found

    def _make(self, uow: UnitOfWork, parent: int | None, title: str) -> int:
        wanted = slug(self._latin.get(title, title))
        made: int = uow.db.execute(
            insert(Category)
            .values(
                public_id=random_id(),
                parent_id=parent,
                slug=free_slug(wanted, self._slugs),
                title=title,
                position=len(self._ids),
            )
            .returning(Category.id)
        ).scalar_one()
        self._ids[parent, title] = made
        uow.touch("shell")
        return made


def place(uow: UnitOfWork, shelves: Mapping[int, Iterable[int]], known: Sequence[int] = ()) -> None:
    """Put each product (id → category ids) there; ``known`` ones leave where they stood."""
    if known:
        uow.db.execute(delete(ProductCategory).where(ProductCategory.product_id.in_(known)))
    rows = [
        {"category_id": category_id, "product_id": product_id}
        for product_id, ids in shelves.items()
        for category_id in sorted(ids)
    ]
    if rows:
        uow.db.execute(insert(ProductCategory), rows)


def recount(uow: UnitOfWork) -> None:
    """Count the active products of every category anew."""
    counted = (
        select(func.count())
        .select_from(ProductCategory)
        .join(Product, Product.id == ProductCategory.product_id)
        .where(ProductCategory.category_id == Category.id, Product.status == "active")
        .scalar_subquery()
    )
    changed = uow.db.execute(
        update(Category).where(Category.product_count != counted).values(product_count=counted)
    )
    if changed.rowcount:
        uow.touch("shell")
