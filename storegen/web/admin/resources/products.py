"""Products at the desk: the list, one product with its variants and pictures, many at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, or_, select

from storegen.domain import settings
from storegen.domain.catalog import product_editing
from storegen.domain.catalog.gallery_editing import gallery
from storegen.domain.catalog.product_editing import read_product
from storegen.domain.orders.desk import escaped
from storegen.models import Media, Product, Stock, Variant
from storegen.uow import UnitOfWork
from storegen.web.admin import labels
from storegen.web.admin.registry import (
    Ask,
    Column,
    Detail,
    Filter,
    Listing,
    Query,
    Resource,
    Row,
)
from storegen.web.admin.resources import product_bulk, product_verbs
from storegen.web.admin.resources.listing import GOODS, cut, number
from storegen.web.admin.resources.thumbnails import thumbnail
from storegen.web.context import current

_OWN = (
    *(Product.id, Product.public_id, Product.handle, Product.title, Product.status),
    *(Product.vendor, Product.product_type, Product.price_min, Product.variant_count),
    *(Product.sold, Product.updated_at),
    *(Media.sha256, Media.width, Media.height, Media.colour, Media.renditions),
)


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = select(*_OWN).outerjoin(Media, Media.id == Product.cover_id)
    if status := query.filters.get("status"):
        wanted = wanted.where(Product.status == status)
    if level := query.filters.get("stock"):
        wanted = wanted.where(_stock(uow, level))
    if query.search:
        wanted = wanted.where(_search(query.search))
    if query.after:
        wanted = wanted.where(Product.id < number(query.after))
    found = uow.db.execute(wanted.order_by(Product.id.desc()).limit(query.limit + 1)).all()
    levels = _levels(uow, [row.id for row in found])
    return cut(found, query.limit, lambda row: _row(uow, row, levels), lambda row: row.id)


def _stock(uow: UnitOfWork, level: str) -> Any:
    free = Stock.on_hand - Stock.reserved
    few = settings.load(uow).checkout.few_left
    bound = {"out": free <= 0, "few": free.between(1, few), "short": free < 0}[level]
    return exists().where(
        Variant.product_id == Product.id,
        Variant.active.is_(True),
        Stock.variant_id == Variant.id,
        Stock.tracked.is_(True),
        bound,
    )


def _search(text: str) -> Any:
    pattern = f"%{escaped(text.lower())}%"
    by_variant = exists().where(
        Variant.product_id == Product.id,
        or_(
            func.lower(Variant.sku).like(pattern, escape="\\"),
            Variant.barcode == text,
        ),
    )
    return or_(
        func.lower(Product.title).like(pattern, escape="\\"),
        func.lower(Product.vendor).like(pattern, escape="\\"),
        Product.handle.like(pattern, escape="\\"),
        by_variant,
    )


def _levels(uow: UnitOfWork, ids: list[int]) -> dict[int, tuple[int | None, str]]:
    """Product → (free units of its counted variants, a SKU)."""
    if not ids:
        return {}
    found: dict[int, tuple[int | None, str]] = {}
    for product_id, tracked, free, sku in uow.db.execute(
        select(
            Variant.product_id,
            func.count(Stock.variant_id).filter(Stock.tracked.is_(True)),
            func.sum(Stock.on_hand - Stock.reserved).filter(Stock.tracked.is_(True)),
            func.min(Variant.sku),
        )
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .where(Variant.product_id.in_(ids), Variant.active.is_(True))
        .group_by(Variant.product_id)
    ):
        found[product_id] = (int(free or 0) if tracked else None, sku or "")
    return found


def _row(uow: UnitOfWork, row: Any, levels: dict[int, tuple[int | None, str]]) -> Row:
    free, sku = levels.get(row.id, (None, ""))
    return Row(
        key=row.public_id,
        marks=("short",) if free is not None and free < 0 else (),
        cells={
            "picture": thumbnail(
                uow.store, row.sha256, row.width, row.height, row.colour, row.renditions
            ),
            "title": row.title,
            "status": row.status,
            "price": row.price_min,
            "free": free,
            "sku": sku,
            "variants": row.variant_count,
            "sold": row.sold,
            "vendor": row.vendor,
            "updated_at": row.updated_at,
        },
    )


def detail(ask: Ask) -> Detail:
    found = read_product(ask.uow, ask.key)
    context = current()
    pictures = [
        {
            "id": row.id,
            "alt": row.alt,
            "source": row.source,
            "place": place,
            "url": thumbnail(
                ask.store, row.sha256, row.width, row.height, row.colour, row.renditions
            ),
        }
        for place, row in enumerate(gallery(ask.uow, found.product_id), 1)
    ]
    edit = found.edit
    main = ask.store.config.locale
    return Detail(
        title=edit.title[main],
        marks=(edit.status,),
        verbs=[
            *(["publish"] if edit.status != "active" else []),
            *(["archive"] if edit.status != "archived" else []),
            "save",
        ],
        data={
            "product_id": found.product_id,
            "pictures": pictures,
            "product_url": context.urls.product(edit.handle),
            "on_sale": edit.status == "active",
            "reserved": [
                (" / ".join(each.option_values) or edit.title[main], found.reserved[each.key])
                for each in edit.variants
                if found.reserved.get(each.key)
            ],
        },
    )


RESOURCE = Resource(
    name="products",
    title="Products",
    permission="products.view",
    group=GOODS,
    icon="products",
    list=rows,
    detail=detail,
    template="admin/products/detail.html",
    search="Title, SKU, barcode or brand",
    export=True,
    empty="There are no products yet.",
    columns=(
        Column(name="picture", title="Picture", kind="picture"),
        Column(name="title", title="Title", main=True),
        Column(name="status", title="State", kind="state"),
        Column(name="price", title="Price from", kind="money"),
        Column(name="free", title="Left", kind="number"),
        Column(name="variants", title="Variants", kind="number"),
        Column(name="sold", title="Sold", kind="number"),
        Column(name="sku", title="SKU", kind="code"),
    ),
    filters=(
        Filter(
            name="status",
            title="State",
            choices=tuple((code, labels.STATES[code][0]) for code in product_editing.STATUSES),
        ),
        Filter(
            name="stock",
            title="Stock",
            choices=tuple((code, labels.STATES[code][0]) for code in ("few", "out", "short")),
        ),
    ),
    create=product_verbs.CREATE,
    verbs=product_verbs.VERBS,
    bulk=product_bulk.VERBS,
)
