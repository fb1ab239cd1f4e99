"""What a list can be narrowed by, with how many products each value would leave.

As is usual for faceted search: a value is counted among the products that all filters leave apart
from those of its own facet, since the values of one facet are alternatives to one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all

from storegen.models import Product, ProductCategory, ProductFacet
from storegen.uow import UnitOfWork

MOST = 400
"""Values of all facets of a list together; those that fewest products have are left out."""
Conditions = Callable[[str], Sequence[ColumnElement[bool]]]
"""The conditions on `Product` that a list's filters make, without those of the facet named."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """``products``: how many the list would show with it; 0 for a value that leads nowhere."""

    value: str
    products: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """Values with most products first, those that lead nowhere last."""

    name: str
    values: tuple[FacetValue, ...]

    @property
    def useful(self) -> bool:
        """Whether there is anything to choose from."""
        return len(self.values) > 1 and any(each.products for each in self.values)


def facets_of_shelf(
    uow: UnitOfWork,
    category_id: int | None,
    chosen: Mapping[str, Sequence[str]],
    conditions: Conditions | None,
) -> tuple[Facet, ...]:
    """The facets of a category (None: of the shop) under ``conditions`` (None: no filter).

    Without a filter they are shared by requests until some product changes; the counts under
    filters, which strangers choose, take one statement more.
    """

    def read() -> dict[Key, int]:
        where = [Product.status == "active"]
        statement = _values(where)
        if category_id is not None:
            statement = statement.join(
                ProductCategory, ProductCategory.product_id == ProductFacet.product_id
            ).where(ProductCategory.category_id == category_id)
        number = statement.selected_columns.products
        rows = uow.db.execute(statement.order_by(number.desc(), ProductFacet.value).limit(MOST))
        return {(row.name, row.value): row.products for row in rows}

    whole = uow.cached(f"facets:{category_id}", ("listing",), read)
    if conditions is None:
        return _facets(whole, whole)
    counts = {
        (row.name, row.value): row.products
        for row in uow.db.execute(union_all(*_narrowed(chosen, conditions, None)))
    }
    return _facets(whole, counts)


def facets_of_search(
    uow: UnitOfWork,
    found: Any,
    chosen: Mapping[str, Sequence[str]],
    conditions: Conditions | None,
) -> tuple[Facet, ...]:
    """The facets of the products ``found`` (a CTE with ``product_id``), in one statement."""
    everything = _values([Product.status == "active"], found)
    parts = [everything.add_columns(literal(1).label("whole"))]
    if conditions is not None:
        parts += [
            each.add_columns(literal(0).label("whole"))
            for each in _narrowed(chosen, conditions, found)
        ]
    rows = uow.db.execute(union_all(*parts)).all()
    counted = {(row.name, row.value): row.products for row in rows if row.whole}
    order = sorted(counted, key=lambda key: (-counted[key], key[1]))
    whole = {key: counted[key] for key in order[:MOST]}
    if conditions is None:
        return _facets(whole, whole)
    return _facets(whole, {(r.name, r.value): r.products for r in rows if not r.whole})


def _narrowed(
    chosen: Mapping[str, Sequence[str]], conditions: Conditions, found: Any
) -> Iterable[Any]:
    """The counts under filters: one part for each facet that is chosen from, one for all others."""
    yield _values(conditions(""), found).where(ProductFacet.name.not_in(list(chosen)))
    for name in chosen:
        yield _values(conditions(name), found).where(ProductFacet.name == name)


def _values(where: Sequence[ColumnElement[bool]], found: Any = None) -> Any:
    products = select(Product.id).where(*where)
    if found is not None:
        products = products.join(found, found.c.product_id == Product.id)
    # Not a join: so each product's conditions are looked at once, and not for each of its values.
    return (
        select(ProductFacet.name, ProductFacet.value, func.count().label("products"))
        .where(ProductFacet.product_id.in_(products))
        .group_by(ProductFacet.name, ProductFacet.value)
    )


def _facets(whole: Mapping[Key, int], counts: Mapping[Key, int]) -> tuple[Facet, ...]:
    """The values of ``whole`` with ``counts``; equal ones stay in its order."""
    grouped: dict[str, list[FacetValue]] = {}
    for name, value in whole:
        made = FacetValue(value=value, products=counts.get((name, value), 0))
        grouped.setdefault(name, []).append(made)
    return tuple(
        Facet(name=name, values=tuple(sorted(values, key=lambda each: -each.products)))
        for name, values in sorted(grouped.items(), key=lambda pair: _place(pair[0]))
    )


def _place(name: str) -> tuple[int, str]:
    """Kinds first, then tags and brands, then the options."""
    known = ("type", "tag", "vendor")
    return (known.index(name) if name in known else len(known), name)
