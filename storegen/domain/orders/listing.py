"""A customer's orders as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from storegen.errors import NotFound
from storegen.models import Order, OrderLine
from storegen.uow import UnitOfWork
from storegen.values.order_view import OrderSummary


def customer_orders(
    uow: UnitOfWork, customer_id: int, *, before: int | None = None, limit: int = 10
) -> tuple[Sequence[OrderSummary], int | None]:
    """A customer's orders, newest first, older than order ``before``; and the ``before`` of the
    next page (None where there is none). Internal ids: `place_of` finds one by its number."""
    wanted = select(
        Order.id, Order.number, Order.token, Order.state, Order.payable, Order.placed_at
    ).where(Order.customer_id == customer_id)
    if before is not None:
        wanted = wanted.where(Order.id < before)
    rows = uow.db.execute(wanted.order_by(Order.id.desc()).limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    lines = _lines(uow, [row.id for row in rows])
    found = [
        OrderSummary(
            order_id=row.id,
            number=row.number,
            token=row.token,
            state=row.state,
            payable=row.payable,
            placed_at=row.placed_at,
            pieces=sum(line.quantity for line in lines[row.id]),
            first_title=lines[row.id][0].title if lines[row.id] else "",
            media_ids=tuple(x.media_id for x in lines[row.id] if x.media_id)[:4],
        )
        for row in rows
    ]
    return found, rows[-1].id if more else None


def place_of(uow: UnitOfWork, customer_id: int, number: str) -> int:
    """Where the list goes on behind an order: its internal id, which would count the shop's
    orders if people saw it. Raises `NotFound` for what is not this customer's."""
    found = uow.db.scalar(
        select(Order.id).where(Order.number == number, Order.customer_id == customer_id)
    )
    if found is None:
        raise NotFound("order")
    return found


def _lines(uow: UnitOfWork, order_ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {order_id: [] for order_id in order_ids}
    if order_ids:
        for line in uow.db.execute(
            select(OrderLine.order_id, OrderLine.title, OrderLine.quantity, OrderLine.media_id)
            .where(OrderLine.order_id.in_(order_ids))
            .order_by(OrderLine.order_id, OrderLine.position)
        ):
            found[line.order_id].append(line)
    return found
