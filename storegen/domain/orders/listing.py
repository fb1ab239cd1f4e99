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
    uow: UnitOfWork, customer_id: int, *, after: str = "", limit: int = 10
) -> tuple[Sequence[OrderSummary], str]:
    """A customer's orders, newest first, from behind the one with number ``after``; and the
    ``after`` of the next page ("" where there is none).

    Raises `NotFound` for a number that is not one of this customer's.
    """
    wanted = select(
        Order.id, Order.number, Order.token, Order.state, Order.payable, Order.placed_at
    ).where(Order.customer_id == customer_id)
    if after:
        behind = uow.db.scalar(
            select(Order.id).where(Order.number == after, Order.customer_id == customer_id)
        )
        if behind is None:
            raise NotFound("order")
        wanted = wanted.where(Order.id < behind)
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
    return found, rows[-1].number if more else ""


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
