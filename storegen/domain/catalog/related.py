"""Products to show beside one another: those of the same shelf that share most tags."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select

from storegen.models import Product, ProductCategory, ProductFacet, Related
from storegen.uow import UnitOfWork

MOST = 8
_WINDOW = 16
"""How many neighbours on each side a product is compared with: the work stays linear."""
_ENOUGH = 5
"""A shelf of this many is company enough; products of a smaller one also look a shelf higher."""
_AT_ONCE = 500
_BITS = 120
T = TypeVar("T")


def tag_mask(tags: Iterable[str]) -> int:
    """Tags as bits, so that 100,000 products' fit into memory. Two tags that share a bit only
    make a neighbour look nearer than it is."""
    mask = 0
    for tag in tags:
        mask |= 1 << zlib.crc32(tag.encode()) % _BITS
    return mask


def related_among(
    shelf: Sequence[int], masks: Mapping[int, int]
) -> Iterator[tuple[int, list[int]]]:
    """(product, its best neighbours) for the products of one shelf, in the shelf's order.

    Those with most tags in common (`tag_mask`) come first, then the nearest. Pure.
    """
    count = len(shelf)
    steps = [sign * step for step in range(1, _WINDOW + 1) for sign in (1, -1)][: count - 1]
    if count <= 2 * _WINDOW:
        steps = list(range(1, count))
    for at, product_id in enumerate(shelf):
        own = masks.get(product_id, 0)
        near = [shelf[(at + step) % count] for step in steps]
        near.sort(key=lambda other: -(own & masks.get(other, 0)).bit_count())
        yield product_id, near[:MOST]


def refresh_related(uow: UnitOfWork, product_ids: Iterable[int] | None = None) -> None:
    """Compute the related products anew: of the shelves of ``product_ids``, by default of all.

    From the smallest shelf to the largest, so that memory holds one shelf at a time.
    """
    wanted = None if product_ids is None else set(product_ids)
    if wanted is None:
        uow.db.execute(delete(Related))
    else:
        for some in _chunks(sorted(wanted)):
            uow.db.execute(delete(Related).where(Related.product_id.in_(some)))
    done: set[int] = set()
    for category_id in _smallest_first(uow, wanted):
        shelf = list(
            uow.db.scalars(
                select(ProductCategory.product_id)
                .join(Product, Product.id == ProductCategory.product_id)
                .where(ProductCategory.category_id == category_id, Product.status == "active")
                .order_by(ProductCategory.product_id)
            )
        )
        if len(shelf) < 2 or done.issuperset(shelf):
            continue
        masks = _masks(uow, category_id)
        found = (
            (product_id, others)
            for product_id, others in related_among(shelf, masks)
            if product_id not in done and (wanted is None or product_id in wanted)
        )
        for part in _chunks(found):
            _add(uow, part)
        if len(shelf) > _ENOUGH:
            done.update(shelf)


def _add(uow: UnitOfWork, found: list[tuple[int, list[int]]]) -> None:
    had: dict[int, set[int]] = {}
    for product_id, other in uow.db.execute(
        select(Related.product_id, Related.other_id).where(
            Related.product_id.in_([product_id for product_id, _ in found])
        )
    ):
        had.setdefault(product_id, set()).add(other)
    rows: list[dict[str, Any]] = []
    for product_id, others in found:
        before = had.get(product_id, set())
        new = [other for other in others if other not in before][: MOST - len(before)]
        rows += [
            {"product_id": product_id, "other_id": other, "position": len(before) + place}
            for place, other in enumerate(new)
        ]
    if rows:
        uow.db.execute(insert(Related), rows)


def _smallest_first(uow: UnitOfWork, wanted: set[int] | None) -> list[int]:
    """Categories by their number of products: a shelf comes before the one that it stands in."""
    sizes = {
        category_id: size
        for category_id, size in uow.db.execute(
            select(ProductCategory.category_id, func.count()).group_by(ProductCategory.category_id)
        )
    }
    if wanted is not None:
        used: set[int] = set()
        for some in _chunks(sorted(wanted)):
            used.update(
                uow.db.scalars(
                    select(ProductCategory.category_id)
                    .where(ProductCategory.product_id.in_(some))
                    .distinct()
                )
            )
        sizes = {key: size for key, size in sizes.items() if key in used}
    return sorted(sizes, key=lambda key: (sizes[key], -key))


def _masks(uow: UnitOfWork, category_id: int) -> dict[int, int]:
    rows = uow.db.execute(
        select(ProductFacet.product_id, ProductFacet.value)
        .join(ProductCategory, ProductCategory.product_id == ProductFacet.product_id)
        .where(ProductCategory.category_id == category_id, ProductFacet.name == "tag")
    )
    masks: dict[int, int] = {}
    for product_id, value in rows.yield_per(1000):
        masks[product_id] = masks.get(product_id, 0) | tag_mask((value,))
    return masks


def _chunks(items: Iterable[T], size: int = _AT_ONCE) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
