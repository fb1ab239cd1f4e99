"""The full-text index: one row of tokens for each product, in the index that each database has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from storegen.domain.search_tokens import index_tokens
from storegen.uow import UnitOfWork
from storegen.values.catalog import CatalogProduct

_TITLE, _WORDS = 4, 1


def tokens_of(product: CatalogProduct) -> str:
    """What a product is found by, in all languages: title, seller, type, shelf, tags, SKUs and
    options. Not its description: every tea would be found by "water"."""
    texts = [(product.title, _TITLE)]
    texts += [
        (found["title"], _TITLE) for found in product.translations.values() if "title" in found
    ]
    words = [product.vendor, product.product_type, product.category, *product.tags]
    words += [value for option in product.options for value in option.values]
    words += [each for variant in product.variants for each in (variant.sku, variant.barcode)]
    texts += [(word, _WORDS) for word in dict.fromkeys(words) if word]
    return index_tokens(texts)


def write_index(
    uow: UnitOfWork, products: Mapping[int, CatalogProduct], known: Sequence[int] = ()
) -> None:
    """Index products by id; the rows of ``known`` ones are replaced."""
    remove(uow, known)
    rows = [{"id": key, "tokens": tokens_of(product)} for key, product in products.items()]
    if not rows:
        return
    if uow.db.dialect.name == "sqlite":
        statement = "INSERT INTO product_search (rowid, tokens) VALUES (:id, :tokens)"
    else:
        statement = (
            "INSERT INTO product_search (product_id, tokens) "
            "VALUES (:id, to_tsvector('simple', :tokens))"
        )
    uow.db.execute(text(statement), rows)


def remove(uow: UnitOfWork, product_ids: Iterable[int]) -> None:
    column = "rowid" if uow.db.dialect.name == "sqlite" else "product_id"
    rows = [{"id": key} for key in product_ids]
    if rows:
        uow.db.execute(text(f"DELETE FROM product_search WHERE {column} = :id"), rows)  # noqa: S608
