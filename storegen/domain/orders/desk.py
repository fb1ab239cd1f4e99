"""Orders as the back office lists them: filtered, searched, newest first, in two queries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, not_, or_, select

from storegen.domain.orders.transitions import fulfilment_state, payment_state
from storegen.models import Order, OrderContact, OrderLine
from storegen.uow import UnitOfWork
from storegen.values.orders import FulfilmentState, PaymentState


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """``search``: part of a number, phone, e-mail or name. Times: from (included) to (excluded).
    ``before``: an order's internal id, for the next page; 0 is the beginning."""

    search: str = ""
    state: str = ""
    payment: str = ""
    fulfilment: str = ""
    flagged: bool = False
    since: datetime | None = None
    until: datetime | None = None
    customer_id: int | None = None
    before: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAtDesk:
    """One row; amounts in minor units."""

    order_id: int
    public_id: str
    number: str
    state: str
    payment_state: PaymentState
    fulfilment_state: FulfilmentState
    flags: tuple[str, ...]
    name: str
    phone: str
    email: str
    pieces: int
    payable: int
    captured: int
    refunded: int
    placed_at: datetime


def find_orders(uow: UnitOfWork, query: OrderQuery) -> Sequence[OrderAtDesk]:
    """At most ``query.limit`` orders, the newest first."""
    rows = uow.db.execute(
        select(
            *(getattr(Order, name) for name in _OWN),
            OrderContact.name,
            OrderContact.phone,
            OrderContact.email,
        )
        .outerjoin(OrderContact, OrderContact.order_id == Order.id)
        .where(*_where(query))
        .order_by(Order.id.desc())
        .limit(query.limit)
    ).all()
    units = _units(uow, [row.id for row in rows])
    return [_row(row, units.get(row.id, (0, 0, 0))) for row in rows]


_OWN = (
    "id", "public_id", "number", "state", "flags", "payable", "captured", "refunded", "placed_at",
)  # fmt: skip


def _row(row: Any, units: tuple[int, int, int]) -> OrderAtDesk:
    pieces, cancelled, shipped = units
    return OrderAtDesk(
        order_id=row.id,
        public_id=row.public_id,
        number=row.number,
        state=row.state,
        payment_state=payment_state(
            payable=row.payable, captured=row.captured, refunded=row.refunded
        ),
        fulfilment_state=fulfilment_state(to_ship=pieces - cancelled, shipped=shipped),
        flags=tuple(row.flags),
        name=row.name or "",
        phone=row.phone or "",
        email=row.email or "",
        pieces=pieces,
        payable=row.payable,
        captured=row.captured,
        refunded=row.refunded,
        placed_at=row.placed_at,
    )


def _units(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    if not ids:
        return {}
    rows = uow.db.execute(
        select(
            OrderLine.order_id,
            func.sum(OrderLine.quantity),
            func.sum(OrderLine.cancelled),
            func.sum(OrderLine.shipped),
        )
        .where(OrderLine.order_id.in_(ids))
        .group_by(OrderLine.order_id)
    )
    return {key: (int(all_), int(off), int(gone)) for key, all_, off, gone in rows}


def _where(query: OrderQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.before:
        found.append(Order.id < query.before)
    if query.state == "to_ship":  # what waits to be packed, however it is paid
        found.append(Order.state.in_(("to_ship", "paid", "placed")))
    elif query.state:
        found.append(Order.state == query.state)
    if query.payment:
        found.append(_PAYMENT[query.payment])
    if query.fulfilment:
        found.append(_fulfilment(query.fulfilment))
    if query.flagged:
        found.append(func.length(_as_text(Order.flags)) > 2)
    if query.since is not None:
        found.append(Order.placed_at >= query.since)
    if query.until is not None:
        found.append(Order.placed_at < query.until)
    if query.customer_id is not None:
        found.append(Order.customer_id == query.customer_id)
    if query.search:
        found.append(_search(query.search))
    return found


_PAYMENT: dict[str, ColumnElement[bool]] = {
    "unpaid": and_(Order.captured == 0, Order.payable > 0),
    "part": and_(Order.captured > 0, Order.captured < Order.payable, Order.refunded == 0),
    "paid": and_(Order.captured >= Order.payable, Order.refunded == 0),
    "part_refunded": and_(Order.refunded > 0, Order.refunded < Order.captured),
    "refunded": and_(Order.captured > 0, Order.refunded >= Order.captured),
}


def _fulfilment(state: str) -> ColumnElement[bool]:
    some = exists().where(OrderLine.order_id == Order.id, OrderLine.shipped > 0)
    left = exists().where(
        OrderLine.order_id == Order.id,
        OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled > 0,
    )
    if state == "none":
        return not_(some)
    return and_(some, left if state == "part" else not_(left))


def _search(text: str) -> ColumnElement[bool]:
    pattern = f"%{escaped(text.lower())}%"
    digits = re.sub(r"[\s()+-]", "", text)
    ways = [
        func.lower(Order.number).like(pattern, escape="\\"),
        func.lower(OrderContact.name).like(pattern, escape="\\"),
        OrderContact.email.like(pattern, escape="\\"),
    ]
    if digits.isascii() and digits.isdigit() and len(digits) >= 3:
        ways.append(OrderContact.phone.like(f"%{digits}%"))
    return or_(*ways)


def escaped(text: str) -> str:
    """``text`` for the inside of a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _as_text(column: Any) -> ColumnElement[str]:
    return cast(column, String)


def order_id_of(uow: UnitOfWork, public_id: str) -> int | None:
    """The internal id of an order that staff opened."""
    return uow.db.scalar(select(Order.id).where(Order.public_id == public_id))
