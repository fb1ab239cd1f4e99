"""One product as staff edit it: read whole, changed, written back with all that repeats it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update

from storegen.domain import stock
from storegen.domain.audit_log import record
from storegen.domain.catalog.related import refresh_related
from storegen.domain.catalog.shelves import Shelves, recount
from storegen.domain.catalog.slugs import slug
from storegen.domain.catalog.writing import TRANSLATED, Incoming, write_products
from storegen.domain.translations import read_texts
from storegen.domain.upsert import upsert
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import Product, Redirect, Stock, Variant
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.catalog import CatalogOption, CatalogProduct, CatalogVariant

PERMISSION = "products.edit"
STATUSES = ("active", "draft", "archived")
RETURN_CLASSES = ("seven_days", "no_return")
ENTITY = "product"
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantEdit:
    """A variant as it should be. ``key``: its public id, ``""`` for a new one. Amounts in minor
    units, ``weight`` in milligrams. ``on_hand`` None leaves the units on the shelf alone."""

    key: str = ""
    option_values: tuple[str, ...] = ()
    sku: str = ""
    price: int = 0
    compare_at: int | None = None
    cost: int | None = None
    weight: int | None = None
    barcode: str = ""
    taxable: bool = True
    tax_code: str = ""
    requires_shipping: bool = True
    tracked: bool = True
    backorder: bool = False
    on_hand: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductEdit:
    """A product as it should be. Texts: locale → text; the shop's main locale must be in
    ``title``. An option's values are those of the variants, in their order."""

    title: Texts
    handle: str = ""
    description: Texts = field(default_factory=dict)
    seo_title: Texts = field(default_factory=dict)
    seo_description: Texts = field(default_factory=dict)
    vendor: str = ""
    product_type: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    status: str = "draft"
    return_class: str = "seven_days"
    options: tuple[str, ...] = ()
    variants: Sequence[VariantEdit] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFile:
    """A product as it is, for its form. ``reserved``: variant's public id → units promised."""

    product_id: int
    public_id: str
    edit: ProductEdit
    reserved: Mapping[str, int]


def read_product(uow: UnitOfWork, public_id: str) -> ProductFile:
    """Raises `NotFound`."""
    row = _row(uow, public_id)
    main = uow.store.config.locale
    others = read_texts(uow, ENTITY, row.id)
    texts = {name: {main: getattr(row, name), **others.get(name, {})} for name in TRANSLATED}
    variants = _variants(uow, row.id)
    return ProductFile(
        product_id=row.id,
        public_id=public_id,
        reserved={each.public_id: each.reserved or 0 for each in variants},
        edit=ProductEdit(
            **texts,
            handle=row.handle,
            vendor=row.vendor,
            product_type=row.product_type,
            category=row.category,
            tags=tuple(row.tags),
            status=row.status,
            return_class=row.return_class,
            options=tuple(option["name"] for option in row.options),
            variants=[
                VariantEdit(
                    key=each.public_id,
                    option_values=tuple(each.option_values),
                    sku=each.sku,
                    price=each.price,
                    compare_at=each.compare_at,
                    cost=each.cost,
                    weight=each.weight,
                    barcode=each.barcode,
                    taxable=each.taxable,
                    tax_code=each.tax_code,
                    requires_shipping=each.requires_shipping,
                    tracked=bool(each.tracked),
                    backorder=bool(each.backorder),
                    on_hand=each.on_hand,
                )
                for each in variants
            ],
        ),
    )


def save_product(uow: UnitOfWork, actor: Actor, edit: ProductEdit, public_id: str = "") -> str:
    """Write a product, a new one without ``public_id``; returns its public id.

    A variant that is left out is deleted, or switched off once it was ordered. When the address
    changes, the old one leads to the new. Raises `NotAllowed`, `NotFound`, `Invalid`, `Conflict`
    ("handle-taken").
    """
    if not actor.may(PERMISSION):
        raise NotAllowed(PERMISSION)
    main = uow.store.config.locale
    _check(edit, main)
    before = _row(uow, public_id, lock=True) if public_id else None
    handle = slug(edit.handle or edit.title[main])
    taken = uow.db.scalar(select(Product.public_id).where(Product.handle == handle))
    if taken is not None and taken != public_id:
        raise Conflict("handle-taken")
    known = {each.public_id: each for each in _variants(uow, before.id)} if before else {}
    for each in edit.variants:
        if each.key and each.key not in known:
            raise NotFound("variant")
        if each.key:  # matching by option values must find it, whatever they were before
            uow.db.execute(
                update(Variant)
                .where(Variant.public_id == each.key)
                .values(option_values=list(each.option_values))
            )
    product = _catalog_product(uow, edit, handle, before, known)
    incoming = Incoming(product=product, product_id=before.id if before else None)
    written = write_products(uow, actor, [incoming], Shelves(uow), stock=False, images=False)
    product_id = written.ids[0]
    uow.db.execute(
        update(Product).where(Product.id == product_id).values(return_class=edit.return_class)
    )
    public_id = str(uow.db.scalar(select(Product.public_id).where(Product.id == product_id)))
    _keep_pictures(uow, known)
    _levels(uow, actor, product_id, edit, known)
    if before is not None and before.handle != handle:
        _redirect(uow, f"/products/{before.handle}", f"/products/{handle}")
    recount(uow)
    refresh_related(uow, [product_id])
    record(uow, actor, "product.save", "product", public_id, **_changed(before, product))
    uow.touch_products([product_id])
    return public_id


def _redirect(uow: UnitOfWork, old: str, new: str) -> None:
    """The old address leads to the new one, and so do those that led to the old; a page that
    stands at an address again is not led away from it."""
    uow.db.execute(delete(Redirect).where(Redirect.old_path == new))
    uow.db.execute(update(Redirect).where(Redirect.new_path == old).values(new_path=new))
    upsert(uow.db, Redirect, {"old_path": old, "new_path": new}, keys=("old_path",))


def _check(edit: ProductEdit, main: str) -> None:
    problems: dict[str, Any] = {}
    if not edit.title.get(main, "").strip():
        problems["title"] = "required"
    if edit.status not in STATUSES:
        problems["status"] = "unknown"
    if edit.return_class not in RETURN_CLASSES:
        problems["return_class"] = "unknown"
    if len({name.casefold() for name in edit.options}) != len(edit.options):
        problems["options"] = "taken"
    if not edit.variants:
        problems["variants"] = "required"
    values = [each.option_values for each in edit.variants]
    if any(len(each) != len(edit.options) or not all(each) for each in values):
        problems["variants"] = "option-values"
    elif len(set(values)) != len(values):
        problems["variants"] = "taken"
    if problems:
        raise Invalid(problems)


def _catalog_product(
    uow: UnitOfWork, edit: ProductEdit, handle: str, before: Any, known: Mapping[str, Any]
) -> CatalogProduct:
    """The edit as a file would say it, with what the form does not show kept as it was."""
    main = uow.store.config.locale
    kept: dict[str, Any] = {}
    if before is not None:
        kept = {
            name: getattr(before, name)
            for name in ("kind", "gift_card", "external_url", "external_label")
        }
        kept |= {"grouped": tuple(before.grouped), "extra": dict(before.extra)}
    if kept.get("kind", "simple") in ("simple", "variable"):
        kept["kind"] = "variable" if edit.options else "simple"
    texts = {name: getattr(edit, name) for name in TRANSLATED}
    return CatalogProduct(
        handle=handle,
        **{name: given.get(main, "") for name, given in texts.items()},
        vendor=edit.vendor,
        product_type=edit.product_type,
        category=edit.category,
        tags=tuple(edit.tags),
        status=edit.status,
        options=tuple(
            CatalogOption(
                name=name,
                values=tuple(dict.fromkeys(each.option_values[index] for each in edit.variants)),
            )
            for index, name in enumerate(edit.options)
        ),
        variants=tuple(_catalog_variant(each, known.get(each.key)) for each in edit.variants),
        translations={
            locale: {name: given[locale] for name, given in texts.items() if given.get(locale)}
            for locale in uow.store.config.locales
            if locale != main
        },
        **kept,
    )


def _catalog_variant(each: VariantEdit, row: Any) -> CatalogVariant:
    on_hand = each.on_hand or 0
    return CatalogVariant(
        sku=each.sku,
        option_values=each.option_values,
        price=each.price,
        compare_at=each.compare_at,
        cost=each.cost,
        stock=on_hand if each.tracked else None,
        backorder=each.backorder,
        weight=each.weight,
        weight_unit=row.weight_unit if row is not None else "kg",
        barcode=each.barcode,
        taxable=each.taxable,
        tax_code=each.tax_code,
        requires_shipping=each.requires_shipping,
        image=row.image_source if row is not None else "",
        extra=dict(row.extra) if row is not None else {},
    )


def _keep_pictures(uow: UnitOfWork, known: Mapping[str, Any]) -> None:
    for key, row in known.items():
        if row.image_id is not None:
            uow.db.execute(
                update(Variant).where(Variant.public_id == key).values(image_id=row.image_id)
            )


def _levels(
    uow: UnitOfWork, actor: Actor, product_id: int, edit: ProductEdit, known: Mapping[str, Any]
) -> None:
    """Only what staff changed: units that were sold while the form was open stay sold."""
    for each in edit.variants:
        row = known.get(each.key)
        if row is None:
            continue
        changes: dict[str, Any] = {}
        if each.on_hand is not None and each.on_hand != row.on_hand:
            changes["on_hand"] = each.on_hand
        if each.tracked != bool(row.tracked):
            changes["tracked"] = each.tracked
        if each.backorder != bool(row.backorder):
            changes["backorder"] = each.backorder
        if changes:
            stock.set_level(uow, actor, row.id, **changes)


def _changed(before: Any, product: CatalogProduct) -> dict[str, Any]:
    """What the audit log keeps: what short columns were and are, of whole texts only that they
    changed."""
    if before is None:
        return {"new": True, "handle": product.handle}

    def changed(*names: str) -> list[str]:
        return [name for name in names if getattr(before, name) != getattr(product, name)]

    short = changed("handle", "title", "vendor", "product_type", "category", "status")
    return {
        "before": {name: getattr(before, name) for name in short},
        "after": {name: getattr(product, name) for name in short},
        "changed": changed("description", "seo_title", "seo_description"),
    }


def _row(uow: UnitOfWork, public_id: str, *, lock: bool = False) -> Any:
    wanted = select(Product.__table__).where(Product.public_id == public_id)
    row = uow.db.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise NotFound("product")
    return row


def _variants(uow: UnitOfWork, product_id: int) -> Sequence[Any]:
    return uow.db.execute(
        select(Variant.__table__, Stock.tracked, Stock.on_hand, Stock.reserved, Stock.backorder)
        .outerjoin(Stock, (Stock.variant_id == Variant.id) & (Stock.pool == stock.POOL))
        .where(Variant.product_id == product_id, Variant.active.is_(True))
        .order_by(Variant.position, Variant.id)
    ).all()
