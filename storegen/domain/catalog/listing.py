"""Lists of products: a category, a search, or all; filtered, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, get_args

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Select,
    and_,
    column,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased

from storegen.domain.catalog.card_reading import Card, available, card, columns
from storegen.domain.catalog.facet_reading import Facet, facets_of_search, facets_of_shelf
from storegen.domain.catalog.struck import struck_rule
from storegen.domain.search_tokens import fts5_query, query_tokens, tsquery
from storegen.models import Product, ProductCategory, ProductFacet
from storegen.uow import UnitOfWork

Sort = Literal["best", "new", "price", "price-desc", "relevance"]
SORTS: tuple[Sort, ...] = get_args(Sort)
PAGE = 24
DEEPEST = 40
"""Pages that are counted off by OFFSET; those behind go on from the last product (``after``)."""
MOST_FOUND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingQuery:
    """``facets``: name (tag, vendor, type, ``option:<name>``) → values, of which one must hold.
    Prices in minor units, both ends included. ``after`` is a page's `Listing.cursor`: the list goes
    on behind it, and is empty where it names no product. Best matches are counted off instead."""

    category_id: int | None = None
    search: str | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: int | None = None
    price_max: int | None = None
    in_stock: bool = False
    sort: Sort = "best"
    page: int = 1
    after: str = ""
    size: int = PAGE

    @property
    def filtered(self) -> bool:
        return (
            bool(self.facets) or self.in_stock or (self.price_min, self.price_max) != (None, None)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """``total`` counts all pages. ``cursor`` goes on behind the last card, "" at the end. It is the
    public id of that card: the place itself would tell how much was sold of it, and how many
    products there are."""

    cards: tuple[Card, ...]
    total: int
    cursor: str
    facets: tuple[Facet, ...] = ()


def read_listing(
    uow: UnitOfWork, locale: str, query: ListingQuery, *, facets: bool = True
) -> Listing:
    """One page, in at most four statements; in one where an unfiltered list was read before."""
    found = None
    if query.search is not None:
        tokens = query_tokens(query.search)
        if not tokens:
            return Listing(cards=(), total=0, cursor="")
        found = _matches(uow, tokens)
    where = _conditions(query)
    total = _total(uow, query, where, found)
    rule = struck_rule(uow)
    rows = _page(uow, columns(locale, rule), query, where, found) if total else []
    more = len(rows) > query.size
    rows = rows[: query.size]
    return Listing(
        cards=tuple(card(row, rule) for row in rows),
        total=total,
        cursor=rows[-1].public_id if more else "",
        facets=_facets(uow, query, found) if facets else (),
    )


def _facets(uow: UnitOfWork, query: ListingQuery, found: Any) -> tuple[Facet, ...]:
    conditions = partial(_conditions, query) if query.filtered else None
    if found is not None:
        return facets_of_search(uow, found, query.facets, conditions)
    return facets_of_shelf(uow, query.category_id, query.facets, conditions)


def _conditions(query: ListingQuery, without: str = "") -> list[ColumnElement[bool]]:
    """What a product must meet; the filter of the facet ``without`` is left out."""
    where: list[ColumnElement[bool]] = [Product.status == "active"]
    if query.category_id is not None:
        where.append(
            Product.id.in_(
                select(ProductCategory.product_id).where(
                    ProductCategory.category_id == query.category_id
                )
            )
        )
    for name, values in query.facets.items():
        if name == without:
            continue
        where.append(
            Product.id.in_(
                select(ProductFacet.product_id).where(
                    ProductFacet.name == name, ProductFacet.value.in_(values)
                )
            )
        )
    if query.price_min is not None:
        where.append(Product.price_max >= query.price_min)
    if query.price_max is not None:
        where.append(Product.price_min <= query.price_max)
    if query.in_stock:
        where.append(available())
    return where


def _total(
    uow: UnitOfWork, query: ListingQuery, where: list[ColumnElement[bool]], found: Any
) -> int:
    def count() -> int:
        statement = select(func.count()).select_from(Product).where(*where)
        if found is not None:
            statement = statement.join(found, found.c.product_id == Product.id)
        return uow.db.scalar(statement) or 0

    if found is not None or query.filtered:  # strangers choose these: nothing to keep
        return count()
    return uow.cached(f"total:{query.category_id}", ("listing",), count)


def _page(
    uow: UnitOfWork,
    statement: Select[*tuple[Any, ...]],
    query: ListingQuery,
    where: list[ColumnElement[bool]],
    found: Any,
) -> list[Any]:
    """One row more than fits, to know whether there is a next page."""
    statement = statement.where(*where).limit(query.size + 1)
    key: Any = {"new": Product.id, "best": Product.sold, "relevance": Product.sold}.get(
        query.sort, Product.price_min
    )
    upwards = query.sort == "price"
    if found is not None:
        statement = statement.join(found, found.c.product_id == Product.id)
    if found is not None and query.sort == "relevance":
        ordered = statement.order_by(found.c.score.desc(), Product.sold.desc(), Product.id.desc())
    elif upwards:
        ordered = statement.order_by(key, Product.id)
    else:
        ordered = statement.order_by(key.desc(), Product.id.desc())
    if query.after and not (found is not None and query.sort == "relevance"):
        last = aliased(Product)
        at = getattr(last, key.key)
        beyond = key > at if upwards else key < at
        behind = Product.id > last.id if upwards else Product.id < last.id
        ordered = ordered.join(last, last.public_id == query.after).where(
            or_(beyond, and_(key == at, behind))
        )
    else:
        ordered = ordered.offset((query.page - 1) * query.size)
    return list(uow.db.execute(ordered))


def _matches(uow: UnitOfWork, tokens: list[str]) -> Any:
    """The products that contain all tokens, best first, as (product_id, score)."""
    if uow.db.dialect.name == "sqlite":
        asked, sql = fts5_query(tokens), (
            "SELECT rowid AS product_id, -bm25(product_search) AS score FROM product_search "
            "WHERE product_search MATCH :asked ORDER BY score DESC LIMIT :most"
        )  # fmt: skip
    else:
        asked, sql = tsquery(tokens), (
            "SELECT product_id, ts_rank(tokens, to_tsquery('simple', :asked)) AS score "
            "FROM product_search WHERE tokens @@ to_tsquery('simple', :asked) "
            "ORDER BY score DESC LIMIT :most"
        )  # fmt: skip
    statement = text(sql).bindparams(asked=asked, most=MOST_FOUND)
    return statement.columns(column("product_id", BigInteger), column("score", Float)).cte("found")
