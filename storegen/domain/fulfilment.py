"""Goods leave: shipments with parcels, partly or whole; then received, then completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select, update

from storegen.domain import carriers, settings, stock
from storegen.domain.audit_log import record
from storegen.domain.orders.moving import lock, move, note
from storegen.domain.orders.transitions import STATES
from storegen.domain.sweeps import in_turn
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import Order, OrderLine, Parcel, Shipment, ShipmentLine, random_id
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import JOB, Actor

MAX_PARCELS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship:
    """Units per line (public id; all that are left where empty), and parcels as (carrier,
    tracking number)."""

    lines: Mapping[str, int] = field(default_factory=dict)
    parcels: tuple[tuple[str, str], ...] = ()


def ship(uow: UnitOfWork, actor: Actor, order_id: int, command: Ship) -> int:
    """Record that goods left; the shipment's id. The order is ``shipped`` once all units are.

    Raises `NotAllowed`, `Conflict` (nothing to ship now), `Invalid` (more than is left).
    """
    if not actor.may("orders.ship"):
        raise NotAllowed("orders.ship")
    order = lock(uow, order_id)
    if not STATES[order.state].may_ship:
        raise Conflict("not-shippable")
    _check_parcels(command)
    left = {line.public_id: line for line in _unshipped(uow, order_id)}
    wanted = dict(command.lines) or {key: line.left for key, line in left.items()}
    if not wanted:
        raise Conflict("nothing-to-ship")
    for key, count in wanted.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise Invalid({"lines": {key: "not-a-number"}})
        if key not in left:
            raise NotFound("line")
        if count > left[key].left:
            raise Invalid({"lines": {key: "more-than-left"}})
    shipment_id = _insert(uow, actor, order_id, command, wanted, left)
    units: dict[int, int] = {}
    for key, count in wanted.items():
        uow.db.execute(
            update(OrderLine)
            .where(OrderLine.id == left[key].id)
            .values(shipped=OrderLine.shipped + count)
        )
        variant_id = left[key].variant_id
        units[variant_id] = units.get(variant_id, 0) + count
    if order.state in ("paid", "placed"):
        move(uow, JOB, order_id, "prepare")
    stock.take(uow, actor, order_id, units)
    record(uow, actor, "order.ship", "order", str(order_id), units=sum(wanted.values()))
    note(uow, actor, order_id, "shipment", {"parcels": [list(one) for one in command.parcels]})
    if not _unshipped(uow, order_id):
        move(uow, JOB, order_id, "ship")
    return shipment_id


def correct_parcel(
    uow: UnitOfWork, actor: Actor, parcel_id: int, carrier: str, tracking_number: str
) -> None:
    """A tracking number was mistyped."""
    if not actor.may("orders.ship"):
        raise NotAllowed("orders.ship")
    _check_parcels(Ship(parcels=((carrier, tracking_number),)))
    done = uow.db.execute(
        update(Parcel)
        .where(Parcel.id == parcel_id)
        .values(carrier=carriers.code_of(uow.store, carrier), tracking_number=tracking_number)
    )
    if done.rowcount != 1:
        raise NotFound("parcel")
    record(uow, actor, "parcel.correct", "parcel", str(parcel_id), number=tracking_number)


def receive(uow: UnitOfWork, actor: Actor, order_id: int) -> None:
    """The customer has the goods (or staff know that): the return period starts."""
    lock(uow, order_id)
    move(uow, actor, order_id, "receive")
    uow.db.execute(
        update(Shipment)
        .where(Shipment.order_id == order_id, Shipment.state == "shipped")
        .values(state="delivered", delivered_at=uow.now)
    )


def hand_over_digital(uow: UnitOfWork, actor: Actor, order_id: int) -> None:
    """An order without goods to send is in the customer's hands once it is paid."""
    ships = uow.db.scalar(
        select(func.count())
        .select_from(OrderLine)
        .where(OrderLine.order_id == order_id, OrderLine.requires_shipping.is_(True))
    )
    if ships:
        return
    units: dict[int, int] = {}
    for line in uow.db.execute(
        select(OrderLine.variant_id, OrderLine.quantity).where(OrderLine.order_id == order_id)
    ):
        units[line.variant_id] = units.get(line.variant_id, 0) + line.quantity
    uow.db.execute(
        update(OrderLine)
        .where(OrderLine.order_id == order_id)
        .values(shipped=OrderLine.quantity - OrderLine.cancelled)
    )
    stock.take(uow, actor, order_id, units)
    move(uow, JOB, order_id, "hand_over")


def receive_and_complete_due(store: Store, limit: int = 200) -> int:
    """Shipped long ago counts as received; received long ago as completed. Safe to run twice."""
    shop = store.look(settings.load)
    now = store.clock.now()
    shipped_before = now - timedelta(days=shop.checkout.auto_receive_days)
    received_before = now - timedelta(days=shop.checkout.complete_after_days)
    last_shipped = (
        select(func.max(Shipment.shipped_at)).where(Shipment.order_id == Order.id).scalar_subquery()
    )
    due = store.look(
        lambda uow: [
            *uow.db.execute(
                select(Order.id, Order.state)
                .where(Order.state == "shipped", last_shipped <= shipped_before)
                .limit(limit)
            ),
            *uow.db.execute(
                select(Order.id, Order.state)
                .where(Order.state == "received", Order.received_at <= received_before)
                .limit(limit)
            ),
        ]
    )
    in_turn(
        due,
        lambda row: store.transact(partial(_advance, order_id=row.id, expected=row.state)),
        what="order",
    )
    return len(due)


def _advance(uow: UnitOfWork, order_id: int, expected: str) -> None:
    order = lock(uow, order_id)
    if order.state != expected:
        return
    if expected == "shipped":
        receive(uow, JOB, order_id)
    else:
        move(uow, JOB, order_id, "complete")


def _check_parcels(command: Ship) -> None:
    if len(command.parcels) > MAX_PARCELS:
        raise Invalid({"parcels": "too-many"})
    for carrier, number in command.parcels:
        if not carrier.strip() or len(carrier) > 64:
            raise Invalid({"carrier": "required"})
        if not number.strip() or len(number) > 64:
            raise Invalid({"tracking_number": "required"})


def _unshipped(uow: UnitOfWork, order_id: int) -> list[Any]:
    left = OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled
    return list(
        uow.db.execute(
            select(
                OrderLine.id, OrderLine.public_id, OrderLine.variant_id, left.label("left")
            ).where(OrderLine.order_id == order_id, left > 0)
        )
    )


def _insert(
    uow: UnitOfWork,
    actor: Actor,
    order_id: int,
    command: Ship,
    wanted: Mapping[str, int],
    left: Mapping[str, Any],
) -> int:
    shipment_id = uow.db.execute(
        insert(Shipment)
        .values(public_id=random_id(), order_id=order_id, shipped_at=uow.now, actor=str(actor))
        .returning(Shipment.id)
    ).scalar_one()
    uow.db.execute(
        insert(ShipmentLine),
        [
            {"shipment_id": shipment_id, "order_line_id": left[key].id, "quantity": count}
            for key, count in wanted.items()
        ],
    )
    if command.parcels:
        uow.db.execute(
            insert(Parcel),
            [
                {
                    "shipment_id": shipment_id,
                    "carrier": carriers.code_of(uow.store, carrier),
                    "tracking_number": number.strip(),
                }
                for carrier, number in command.parcels
            ],
        )
    return shipment_id
