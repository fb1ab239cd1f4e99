"""Many products at once: prices, stock, status. What is previewed is what is done: both compute
with the same functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import bindparam, insert, select, update

from storegen.domain import stock
from storegen.domain.audit_log import record
from storegen.domain.catalog.cards import refresh_cards
from storegen.domain.catalog.product_editing import PERMISSION, STATUSES
from storegen.domain.catalog.shelves import recount
from storegen.domain.catalog.variant_rows import price_row
from storegen.errors import Invalid, NotAllowed
from storegen.models import PriceHistory, Product, Stock, StockMovement, Variant
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.money import round_half_up

_CHUNK = 500
WHOLE = 10_000
"""Basis points of 100 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """``set`` and ``amount``: minor units (``amount`` may be negative); ``percent``: basis points.

    ``step``: round half up to a multiple of so many minor units. ``compare``: keep the compare-at
    price, set it to the price before, or clear it.
    """

    kind: Literal["set", "percent", "amount"]
    value: int
    step: int = 1
    compare: Literal["keep", "before", "clear"] = "keep"

    def of(self, price: int) -> int:
        """The new price; never below zero."""
        wanted = self.value
        if self.kind == "percent":
            wanted = round_half_up(price * (WHOLE + self.value), WHOLE)
        elif self.kind == "amount":
            wanted = price + self.value
        return max(0, round_half_up(wanted, self.step) * self.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A variant before and after, in minor units or in units on hand."""

    variant_id: int
    product_id: int
    title: str
    before: int
    after: int
    compare_at: int | None = None


def new_prices(uow: UnitOfWork, keys: Sequence[str], change: PriceChange) -> list[Changed]:
    """What `set_prices` would change; variants whose price stays as it is are left out."""
    found = []
    for row in _variants(uow, keys):
        after = change.of(row.price)
        compare = {"keep": row.compare_at, "before": row.price, "clear": None}[change.compare]
        if (after, compare) != (row.price, row.compare_at):
            found.append(
                Changed(
                    variant_id=row.id,
                    product_id=row.product_id,
                    title=_title(row),
                    before=row.price,
                    after=after,
                    compare_at=compare,
                )
            )
    return found


def set_prices(uow: UnitOfWork, actor: Actor, keys: Sequence[str], change: PriceChange) -> int:
    """Change the prices of all variants of these products (public ids); how many changed.
    Raises `NotAllowed`."""
    _may(actor)
    changed = new_prices(uow, keys, change)
    if not changed:
        return 0
    uow.db.execute(
        update(Variant)
        .where(Variant.id == bindparam("b_id"))
        .values(price=bindparam("price"), compare_at=bindparam("compare_at")),
        [
            {"b_id": each.variant_id, "price": each.after, "compare_at": each.compare_at}
            for each in changed
        ],
    )
    uow.db.execute(
        insert(PriceHistory),
        [price_row(uow, actor, each.variant_id, each.after, each.compare_at) for each in changed],
    )
    products = sorted({each.product_id for each in changed})
    for start in range(0, len(products), _CHUNK):
        refresh_cards(uow, products[start : start + _CHUNK])
    record(
        uow, actor, "product.bulk_price", "product", "*", kind=change.kind, value=change.value,
        step=change.step, compare=change.compare, products=products, variants=len(changed),
    )  # fmt: skip
    uow.touch_products(products)
    return len(changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChange:
    """``set`` the units on hand, or ``add`` to them (a negative number takes away)."""

    kind: Literal["set", "add"]
    value: int


def new_levels(uow: UnitOfWork, keys: Sequence[str], change: StockChange) -> list[Changed]:
    """What `set_levels` would change. Variants whose stock is not counted are left out."""
    found = []
    for row in _variants(uow, keys):
        if not row.tracked:
            continue
        after = change.value if change.kind == "set" else row.on_hand + change.value
        if after != row.on_hand:
            found.append(
                Changed(
                    variant_id=row.id,
                    product_id=row.product_id,
                    title=_title(row),
                    before=row.on_hand,
                    after=after,
                )
            )
    return found


def set_levels(uow: UnitOfWork, actor: Actor, keys: Sequence[str], change: StockChange) -> int:
    """Change the stock of all counted variants of these products; how many changed.

    Below what is promised is allowed and shows as short; below zero is not. Raises `NotAllowed`,
    `Invalid`.
    """
    _may(actor)
    ids = [row.id for row in _variants(uow, keys)]
    for start in range(0, len(ids), _CHUNK):
        uow.db.execute(
            select(Stock.variant_id)
            .where(Stock.variant_id.in_(ids[start : start + _CHUNK]), Stock.pool == stock.POOL)
            .order_by(Stock.variant_id)
            .with_for_update()
        ).all()
    changed = new_levels(uow, keys, change)
    if any(each.after < 0 for each in changed):
        raise Invalid({"value": "below-zero"})
    if not changed:
        return 0
    uow.db.execute(
        update(Stock)
        .where(Stock.variant_id == bindparam("b_id"), Stock.pool == stock.POOL)
        .values(on_hand=bindparam("after")),
        [{"b_id": each.variant_id, "after": each.after} for each in changed],
    )
    uow.db.execute(
        insert(StockMovement),
        [
            {
                "variant_id": each.variant_id,
                "pool": stock.POOL,
                "change": each.after - each.before,
                "reason": "staff",
                "reference": "",
                "actor": str(actor),
                "at": uow.now,
            }
            for each in changed
        ],
    )
    products = sorted({each.product_id for each in changed})
    record(
        uow, actor, "product.bulk_stock", "product", "*", kind=change.kind, value=change.value,
        products=products, variants=len(changed),
    )  # fmt: skip
    uow.touch_products(products)
    return len(changed)


def set_status(uow: UnitOfWork, actor: Actor, keys: Sequence[str], status: str) -> int:
    """Put products on sale, back to draft, or into the archive; how many changed.
    Raises `NotAllowed`, `Invalid`."""
    _may(actor)
    if status not in STATUSES:
        raise Invalid({"status": "unknown"})
    changed: list[int] = []
    for start in range(0, len(keys), _CHUNK):
        changed += uow.db.scalars(
            update(Product)
            .where(Product.public_id.in_(keys[start : start + _CHUNK]), Product.status != status)
            .values(status=status, updated_at=uow.now)
            .returning(Product.id)
        )
    if changed:
        recount(uow)
        record(uow, actor, "product.status", "product", "*", status=status, products=changed)
        uow.touch_products(changed)
        uow.touch("shell")
    return len(changed)


def _variants(uow: UnitOfWork, keys: Sequence[str]) -> list[Any]:
    """The active variants of these products, in the order of their ids."""
    found: list[Any] = []
    for start in range(0, len(keys), _CHUNK):
        found += uow.db.execute(
            select(
                Variant.id,
                Variant.product_id,
                Variant.price,
                Variant.compare_at,
                Variant.title.label("variant"),
                Product.title,
                Stock.tracked,
                Stock.on_hand,
            )
            .join(Product, Product.id == Variant.product_id)
            .outerjoin(Stock, (Stock.variant_id == Variant.id) & (Stock.pool == stock.POOL))
            .where(Product.public_id.in_(keys[start : start + _CHUNK]), Variant.active.is_(True))
        ).all()
    return sorted(found, key=lambda row: row.id)


def _title(row: Any) -> str:
    return f"{row.title} · {row.variant}" if row.variant else str(row.title)


def _may(actor: Actor) -> None:
    if not actor.may(PERMISSION):
        raise NotAllowed(PERMISSION)
