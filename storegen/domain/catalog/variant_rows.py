"""Variants of a batch of products, with their stock and price history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from storegen.domain.stock import BACKORDER_ALL, POOL
from storegen.models import (
    OrderLine,
    PriceHistory,
    Reservation,
    Stock,
    StockMovement,
    Variant,
    random_id,
)
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.catalog import CatalogProduct, CatalogVariant

SEPARATOR = " / "


@dataclass
class _Plan:
    """What a batch changes, collected to be written in few statements."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    stock: dict[str, CatalogVariant] = field(default_factory=dict)  # by public id, new ones
    levels: dict[int, CatalogVariant] = field(default_factory=dict)  # by id, known ones
    prices: list[dict[str, Any]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def write_variants(
    uow: UnitOfWork,
    actor: Actor,
    products: Mapping[int, CatalogProduct],
    media: Mapping[int, Mapping[str, int]],
    old: set[int],
    *,
    stock: bool,
) -> int:
    """Write the variants of products by id; returns how many they have. ``old``: products that
    may have variants already. ``media``: by product, picture source → media id."""
    plan = _Plan()
    before: dict[int, list[Any]] = {}
    for row in _present(uow, sorted(old)):
        before.setdefault(row.product_id, []).append(row)
    for product_id, product in products.items():
        pairs = _matched(product.variants, before.get(product_id, []))
        for position, (variant, row) in enumerate(pairs):
            columns = _columns(product_id, position, variant, media[product_id])
            if row is None:
                public_id = random_id()
                plan.new.append({**columns, "public_id": public_id})
                plan.stock[public_id] = variant
                continue
            plan.changed.append({**columns, "b_id": row.id})
            plan.levels[row.id] = variant
            if (row.price, row.compare_at) != (variant.price, variant.compare_at):
                plan.prices.append(price_row(uow, actor, row.id, variant.price, variant.compare_at))
        kept = {row.id for _, row in pairs if row is not None}
        plan.gone += [row.id for row in before.get(product_id, []) if row.id not in kept]
    _write(uow, actor, plan, stock=stock)
    return sum(len(product.variants) for product in products.values())


def price_row(
    uow: UnitOfWork, actor: Actor, variant_id: int, price: int, compare_at: int | None
) -> dict[str, Any]:
    """A row of price history, valid from now on."""
    return {
        "variant_id": variant_id,
        "channel": "all",
        "price": price,
        "compare_at": compare_at,
        "valid_from": uow.now,
        "actor": str(actor),
    }


def _present(uow: UnitOfWork, product_ids: Sequence[int]) -> Sequence[Any]:
    if not product_ids:
        return ()
    return uow.db.execute(
        select(
            Variant.id,
            Variant.product_id,
            Variant.option_values,
            Variant.sku,
            Variant.price,
            Variant.compare_at,
        )
        .where(Variant.product_id.in_(product_ids))
        .order_by(Variant.product_id, Variant.active.desc(), Variant.position, Variant.id)
    ).all()


def _matched(
    variants: Sequence[CatalogVariant], rows: Sequence[Any]
) -> list[tuple[CatalogVariant, Any]]:
    """Each variant with the row that it was: by option values first, else by SKU."""
    left = {row.id: row for row in rows}
    by_values = {tuple(row.option_values): row for row in reversed(rows)}
    found: list[Any] = []
    for variant in variants:
        row = by_values.get(variant.option_values)
        found.append(left.pop(row.id, None) if row is not None else None)
    by_sku = {row.sku: row for row in reversed(list(left.values())) if row.sku}
    for index, variant in enumerate(variants):
        if found[index] is None and variant.sku in by_sku:
            found[index] = left.pop(by_sku.pop(variant.sku).id, None)
    return list(zip(variants, found, strict=True))


def _columns(
    product_id: int, position: int, variant: CatalogVariant, media: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "position": position,
        "title": SEPARATOR.join(variant.option_values)[:500],
        "option_values": list(variant.option_values),
        "sku": variant.sku,
        "price": variant.price,
        "compare_at": variant.compare_at,
        "cost": variant.cost,
        "weight": variant.weight,
        "weight_unit": variant.weight_unit,
        "barcode": variant.barcode,
        "taxable": variant.taxable,
        "tax_code": variant.tax_code,
        "requires_shipping": variant.requires_shipping,
        "image_id": media.get(variant.image),
        "image_source": variant.image,
        "active": True,
        "extra": dict(variant.extra),
    }


def _write(uow: UnitOfWork, actor: Actor, plan: _Plan, *, stock: bool) -> None:
    if plan.gone:
        _drop(uow, sorted(plan.gone))
    if plan.changed:
        names = [name for name in plan.changed[0] if name != "b_id"]
        uow.db.execute(
            update(Variant)
            .where(Variant.id == bindparam("b_id"))
            .values({name: bindparam(name) for name in names}),
            plan.changed,
        )
    if plan.new:
        uow.db.execute(insert(Variant), plan.new)
        _stock_new(uow, actor, plan)
    if plan.prices:
        uow.db.execute(insert(PriceHistory), plan.prices)
    if stock and plan.levels:
        _stock_known(uow, actor, plan.levels)


def _drop(uow: UnitOfWork, gone: list[int]) -> None:
    """Delete variants that nobody ordered, switch the others off."""
    kept = set(
        uow.db.scalars(select(OrderLine.variant_id).where(OrderLine.variant_id.in_(gone)))
    ) | set(uow.db.scalars(select(Reservation.variant_id).where(Reservation.variant_id.in_(gone))))
    if kept:
        uow.db.execute(update(Variant).where(Variant.id.in_(sorted(kept))).values(active=False))
    free = [each for each in gone if each not in kept]
    if free:
        uow.db.execute(delete(Variant).where(Variant.id.in_(free)))


def _stock_new(uow: UnitOfWork, actor: Actor, plan: _Plan) -> None:
    product_ids = sorted({row["product_id"] for row in plan.new})
    rows = uow.db.execute(
        select(Variant.public_id, Variant.id).where(Variant.product_id.in_(product_ids))
    )
    ids = {public_id: key for public_id, key in rows if public_id in plan.stock}
    uow.db.execute(
        insert(Stock),
        [{"variant_id": ids[key], "pool": POOL, **_level(v)} for key, v in plan.stock.items()],
    )
    moved = [
        _movement(uow, actor, ids[key], variant.stock)
        for key, variant in plan.stock.items()
        if variant.stock
    ]
    if moved:
        uow.db.execute(insert(StockMovement), moved)
    uow.db.execute(
        insert(PriceHistory),
        [price_row(uow, actor, ids[key], v.price, v.compare_at) for key, v in plan.stock.items()],
    )


def _level(variant: CatalogVariant) -> dict[str, Any]:
    return {
        "tracked": variant.stock is not None,
        "on_hand": variant.stock or 0,
        "reserved": 0,
        "backorder": BACKORDER_ALL if variant.backorder else 0,
    }


def _movement(uow: UnitOfWork, actor: Actor, variant_id: int, change: int) -> dict[str, Any]:
    return {
        "variant_id": variant_id,
        "pool": POOL,
        "change": change,
        "reason": "import",
        "reference": "",
        "actor": str(actor),
        "at": uow.now,
    }


def _stock_known(uow: UnitOfWork, actor: Actor, levels: Mapping[int, CatalogVariant]) -> None:
    """What the file says is on hand; an untracked variant keeps the units it was counted with."""
    ids = sorted(levels)
    held = {
        row.variant_id: row
        for row in uow.db.execute(
            select(Stock.variant_id, Stock.on_hand)
            .where(and_(Stock.variant_id.in_(ids), Stock.pool == POOL))
            .order_by(Stock.variant_id)
            .with_for_update()
        )
    }
    changes, moved = [], []
    for key in ids:
        variant, on_hand = levels[key], held[key].on_hand
        wanted = on_hand if variant.stock is None else variant.stock
        changes.append(
            {
                "b_id": key,
                "tracked": variant.stock is not None,
                "on_hand": wanted,
                "backorder": BACKORDER_ALL if variant.backorder else 0,
            }
        )
        if wanted != on_hand:
            moved.append(_movement(uow, actor, key, wanted - on_hand))
    uow.db.execute(
        update(Stock)
        .where(Stock.variant_id == bindparam("b_id"), Stock.pool == POOL)
        .values({name: bindparam(name) for name in ("tracked", "on_hand", "backorder")}),
        changes,
    )
    if moved:
        uow.db.execute(insert(StockMovement), moved)
