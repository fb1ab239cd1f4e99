"""Units: promised when an order is placed, gone when a parcel leaves, back when it is cancelled.

One code path for both databases: the needs of an order are merged per variant and changed in the
order of their ids, by updates that say their condition, each of which must hit exactly one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, insert, or_, select, update

from storegen.domain.audit_log import record
from storegen.errors import Conflict, Invalid, NotFound, SoldOut
from storegen.models import Reservation, Stock, StockMovement, Variant
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

POOL = "main"
BACKORDER_ALL = 10**9
"""How "continue selling when out of stock" is written: more than anybody will order."""

MOST_UNITS = 10**9
"""On hand: far below where sums of units leave a BIGINT."""

Level = Literal["in", "few", "out", "backorder"]


@dataclass(frozen=True, slots=True)
class Need:
    """What an order needs of one variant; the rest is for the sentence when it is not there."""

    variant_id: int
    quantity: int
    variant: str = ""
    title: str = ""


def level(*, tracked: bool, on_hand: int, reserved: int, backorder: int, few: int) -> Level:
    """What strangers may know of a stock row: never the count."""
    if not tracked:
        return "in"
    free = on_hand - reserved
    if free > few:
        return "in"
    if free > 0:
        return "few"
    return "backorder" if free + backorder > 0 else "out"


def merge(needs: Iterable[Need]) -> list[Need]:
    """One need per variant, in the order in which rows are locked."""
    merged: dict[int, Need] = {}
    for need in needs:
        before = merged.get(need.variant_id)
        quantity = need.quantity + (before.quantity if before else 0)
        merged[need.variant_id] = Need(need.variant_id, quantity, need.variant, need.title)
    return [merged[key] for key in sorted(merged)]


_RESERVE = (
    update(Stock)
    .where(
        Stock.variant_id == bindparam("v"),
        Stock.pool == POOL,
        or_(
            Stock.tracked.is_(False),
            Stock.on_hand - Stock.reserved + Stock.backorder >= bindparam("q"),
        ),
    )
    .values(reserved=Stock.reserved + bindparam("q"))
)


def record_reservations(
    uow: UnitOfWork, order_id: int, needs: list[Need], expires_at: datetime | None
) -> None:
    uow.db.execute(
        insert(Reservation),
        [
            {
                "order_id": order_id,
                "variant_id": need.variant_id,
                "pool": POOL,
                "quantity": need.quantity,
                "expires_at": expires_at,
            }
            for need in needs
        ],
    )


def reserve(uow: UnitOfWork, needs: list[Need]) -> None:
    """Promise units of each need (merged, sorted), or raise `SoldOut` and leave the unit to roll
    back. Called last before the commit: it takes the locks that rivals wait for."""
    missing = []
    for need in needs:
        done = uow.db.execute(_RESERVE, {"v": need.variant_id, "q": need.quantity})
        if done.rowcount != 1:
            missing.append((need.variant, need.title))
    if missing:
        raise SoldOut(missing)


def held(uow: UnitOfWork, order_id: int) -> dict[int, int]:
    """Variant id → units that the order still holds."""
    rows = uow.db.execute(
        select(
            Reservation.variant_id,
            Reservation.quantity - Reservation.taken - Reservation.released,
        ).where(Reservation.order_id == order_id, Reservation.state == "held")
    )
    return {variant_id: units for variant_id, units in rows}


def release(uow: UnitOfWork, order_id: int, units: Mapping[int, int] | None = None) -> None:
    """Give ``units`` (variant id → how many; all that are held by default) back to the free ones.

    Conditional on the reservation, so that two rivals give a unit back once.
    """
    for variant_id, count in _in_order(units if units is not None else held(uow, order_id)):
        _use_reservation(uow, order_id, variant_id, count, "released")
        uow.db.execute(
            update(Stock)
            .where(Stock.variant_id == variant_id, Stock.pool == POOL)
            .values(reserved=Stock.reserved - count)
        )


def take(uow: UnitOfWork, actor: Actor, order_id: int, units: Mapping[int, int]) -> None:
    """Units leave with a shipment: neither on hand nor reserved any more."""
    for variant_id, count in _in_order(units):
        _use_reservation(uow, order_id, variant_id, count, "taken")
        uow.db.execute(
            update(Stock)
            .where(Stock.variant_id == variant_id, Stock.pool == POOL)
            .values(reserved=Stock.reserved - count, on_hand=Stock.on_hand - count)
        )
        _moved(uow, actor, variant_id, -count, "shipped", f"order:{order_id}")


def hold_again(uow: UnitOfWork, order_id: int, needs: list[Need]) -> None:
    """Reserve for an order that had given everything back. Raises `SoldOut`."""
    for need in needs:
        uow.db.execute(
            update(Reservation)
            .where(
                Reservation.order_id == order_id,
                Reservation.variant_id == need.variant_id,
                Reservation.released == Reservation.quantity,
            )
            .values(released=0, state="held", expires_at=None)
        )
    reserve(uow, needs)


def hold_until(uow: UnitOfWork, order_id: int, until: datetime | None) -> None:
    """What an order reserved is kept until then; None: until it ships or is cancelled."""
    uow.db.execute(
        update(Reservation).where(Reservation.order_id == order_id).values(expires_at=until)
    )


def put_back(uow: UnitOfWork, actor: Actor, reference: str, units: Mapping[int, int]) -> None:
    """Units that had left are on the shelf again."""
    for variant_id, count in _in_order(units):
        uow.db.execute(
            update(Stock)
            .where(Stock.variant_id == variant_id, Stock.pool == POOL)
            .values(on_hand=Stock.on_hand + count)
        )
        _moved(uow, actor, variant_id, count, "returned", reference)


def set_level(
    uow: UnitOfWork,
    actor: Actor,
    variant_id: int,
    *,
    on_hand: int | None = None,
    change: int | None = None,
    tracked: bool | None = None,
    backorder: bool | None = None,
) -> tuple[int, int]:
    """Staff counted the shelf (``on_hand``) or added to it (``change``): units before and after.

    Below what is reserved is allowed and shows as short; below nothing is not (only goods sold
    ahead of their arrival get there). Raises `NotFound`, `Conflict` or `Invalid`.
    """
    row = uow.db.execute(
        select(Stock.on_hand, Stock.tracked, Stock.backorder, Variant.product_id)
        .join(Variant, Variant.id == Stock.variant_id)
        .where(Stock.variant_id == variant_id, Stock.pool == POOL)
        .with_for_update(of=Stock)
    ).one_or_none()
    if row is None:
        raise NotFound("variant")
    if on_hand is not None and change is not None:
        raise Conflict("stock-set-and-changed")
    wanted = row.on_hand + (change or 0) if on_hand is None else on_hand
    if isinstance(wanted, bool) or not isinstance(wanted, int) or abs(wanted) > MOST_UNITS:
        raise Invalid({"on_hand": "out-of-range"})
    if wanted < 0 and wanted < row.on_hand:
        raise Invalid({"on_hand": "below-zero"})
    values: dict[str, object] = {"on_hand": wanted}
    if tracked is not None:
        values["tracked"] = tracked
    if backorder is not None:
        values["backorder"] = BACKORDER_ALL if backorder else 0
    uow.db.execute(
        update(Stock).where(Stock.variant_id == variant_id, Stock.pool == POOL).values(**values)
    )
    if wanted != row.on_hand:
        _moved(uow, actor, variant_id, wanted - row.on_hand, "staff", "")
    record(
        uow, actor, "stock.set", "variant", str(variant_id),
        before={name: getattr(row, name) for name in values}, after=values,
    )  # fmt: skip
    uow.touch_products([row.product_id])
    return row.on_hand, wanted


def _in_order(units: Mapping[int, int]) -> list[tuple[int, int]]:
    return [(key, units[key]) for key in sorted(units) if units[key] > 0]


def _use_reservation(
    uow: UnitOfWork, order_id: int, variant_id: int, count: int, part: str
) -> None:
    column = getattr(Reservation, part)
    left = Reservation.quantity - Reservation.taken - Reservation.released
    done = uow.db.execute(
        update(Reservation)
        .where(
            Reservation.order_id == order_id,
            Reservation.variant_id == variant_id,
            Reservation.pool == POOL,
            left >= count,
        )
        .values({part: column + count})
    )
    if done.rowcount != 1:
        raise Conflict("not-reserved")
    uow.db.execute(
        update(Reservation)
        .where(
            Reservation.order_id == order_id,
            Reservation.variant_id == variant_id,
            Reservation.pool == POOL,
            left == 0,
        )
        .values(state="done")
    )


def _moved(
    uow: UnitOfWork, actor: Actor, variant_id: int, change: int, reason: str, reference: str
) -> None:
    uow.db.execute(
        insert(StockMovement).values(
            variant_id=variant_id,
            pool=POOL,
            change=change,
            reason=reason,
            reference=reference,
            actor=str(actor),
            at=uow.now,
        )
    )
