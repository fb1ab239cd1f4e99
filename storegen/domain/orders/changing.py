"""An order's move, as plugins see it; made only where one of them looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, repeat
from typing import Any

from sqlalchemy import select

from storegen.models import Order, OrderLine
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.orders import OrderChange, OrderedLine, PlacedOrder
from storegen.values.pricing import Quote

HOOK = "during_transition"
_LANES = ("unit", "line", "order", "shipping")
_REASONS = ("discount", "gift")


def of_placed(
    uow: UnitOfWork,
    actor: Actor,
    placed: PlacedOrder,
    quote: Quote,
    attributes: Mapping[str, str],
) -> OrderChange:
    """The move ``place`` of an order that was just written; one statement, for its lines' ids."""
    return OrderChange(
        order_id=placed.order_id,
        number=placed.number,
        move="place",
        from_state="",
        to_state=placed.state,
        customer_id=actor.customer_id,
        session_id=actor.session_id,
        channel=actor.channel,
        total=quote.total,
        lines=_lines(uow, placed.order_id, [line.list_price for line in quote.lines]),
        applied={
            step.source: step.amount
            for step in quote.adjustments
            if step.applied and step.lane in _LANES and step.reason in _REASONS
        },
        attributes=attributes,
    )


def of_move(uow: UnitOfWork, order_id: int, name: str, source: str, target: str) -> OrderChange:
    """A later move; two statements."""
    row = uow.db.execute(
        select(
            Order.number,
            Order.customer_id,
            Order.session_id,
            Order.channel,
            Order.total,
            Order.quote,
        ).where(Order.id == order_id)
    ).one()
    return OrderChange(
        order_id=order_id,
        number=row.number,
        move=name,
        from_state=source,
        to_state=target,
        customer_id=row.customer_id,
        session_id=row.session_id,
        channel=row.channel,
        total=row.total,
        lines=_lines(
            uow, order_id, [line.get("list_price") for line in row.quote.get("lines", ())]
        ),
        applied=applied(row.quote),
    )


def applied(quote: Mapping[str, Any]) -> dict[str, int]:
    """Rule → what it changed, of a quote that an order keeps."""
    steps: Iterable[Mapping[str, Any]] = quote.get("adjustments", ())
    return {
        step["source"]: step["amount"]
        for step in steps
        if step["applied"] and step["lane"] in _LANES and step["reason"] in _REASONS
    }


def _lines(
    uow: UnitOfWork, order_id: int, list_prices: Iterable[int | None]
) -> tuple[OrderedLine, ...]:
    """The order's lines; those of its quote come first, in the quote's order, then gifts."""
    rows = uow.db.execute(
        select(
            OrderLine.id,
            OrderLine.product_id,
            OrderLine.variant_id,
            OrderLine.quantity,
            OrderLine.offer,
            OrderLine.unit_price,
            OrderLine.discount,
            OrderLine.gross,
            OrderLine.gift,
        )
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.position)
    )
    return tuple(
        OrderedLine(
            line_id=row.id,
            product_id=row.product_id,
            variant_id=row.variant_id,
            quantity=row.quantity,
            offer=row.offer,
            unit_price=row.unit_price,
            discount=row.discount,
            gross=row.gross,
            gift=row.gift,
            list_price=list_price,
        )
        for row, list_price in zip(rows, chain(list_prices, repeat(None)), strict=False)
    )
