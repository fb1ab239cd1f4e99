"""The values that listings filter by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, insert

from storegen.models import ProductFacet
from storegen.uow import UnitOfWork
from storegen.values.catalog import CatalogProduct

OPTION = "option:"
_NAME, _VALUE = 80, 255


def facets_of(product: CatalogProduct) -> Iterator[tuple[str, str]]:
    """(name, value) pairs: tag, vendor, type, and ``option:<name>`` for each option's values."""
    if product.vendor:
        yield "vendor", product.vendor[:_VALUE]
    if product.product_type:
        yield "type", product.product_type[:_VALUE]
    for tag in product.tags:
        if tag:
            yield "tag", tag[:_VALUE]
    for option in product.options:
        for value in option.values:
            if value:
                yield (OPTION + option.name)[:_NAME], value[:_VALUE]


def write_facets(
    uow: UnitOfWork, products: Mapping[int, CatalogProduct], known: Sequence[int] = ()
) -> None:
    """Write the facets of products by id; those of ``known`` ones are replaced."""
    if known:
        uow.db.execute(delete(ProductFacet).where(ProductFacet.product_id.in_(known)))
    rows = [
        {"product_id": product_id, "name": name, "value": value}
        for product_id, product in products.items()
        for name, value in dict.fromkeys(facets_of(product))
    ]
    if rows:
        uow.db.execute(insert(ProductFacet), rows)
