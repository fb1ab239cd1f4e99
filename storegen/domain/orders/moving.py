"""`move`: the one door through which an order changes its state."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from storegen.domain import outbox, stock
from storegen.domain.orders import changing
from storegen.domain.orders.transitions import STATES, TRANSITIONS, transition
from storegen.errors import Forbidden, NotAllowed, NotFound
from storegen.models import Order, OrderEvent, OrderLine
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.orders import Transition


def lock(uow: UnitOfWork, order_id: int) -> Any:
    """The order's row, locked until the unit ends. Raises `NotFound`."""
    row = uow.db.execute(
        select(Order.__table__).where(Order.id == order_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("order")
    return row


def move(
    uow: UnitOfWork, actor: Actor, order_id: int, name: str, data: dict[str, Any] | None = None
) -> Transition:
    """Move an order. The caller holds its lock (`lock`) or has just placed it.

    Raises `Forbidden` where the table has no such move from the present state, `NotAllowed` where
    this actor may not ask for it, `SoldOut` where a late payment finds no stock, `Refused` where a
    plugin forbids it.
    """
    state = uow.db.scalar(select(Order.state).where(Order.id == order_id))
    if state is None:
        raise NotFound("order")
    step = transition(name, state)
    _check_actor(actor, step)
    values: dict[str, Any] = {"state": step.target}
    if STATES[state].final:  # paid late: it had ended, and goes on
        values["ended_at"] = None
    if step.stamp:
        values[step.stamp] = uow.now
    done = uow.db.execute(
        update(Order).where(Order.id == order_id, Order.state == state).values(**values)
    )
    if done.rowcount != 1:  # somebody moved it between the look and the move
        raise Forbidden("order", state, name)
    note(uow, actor, order_id, name, data, from_state=state, to_state=step.target)
    outbox.emit(uow, f"order.{name}", {"order_id": order_id, "state": step.target})
    plugins = uow.store.plugins
    if plugins.implementing(changing.HOOK):  # before stock is locked, for which rivals wait
        change = changing.of_move(uow, order_id, name, state, step.target)
        plugins.during(uow, actor, change)
    if step.stock == "release":
        held = stock.held(uow, order_id)
        stock.release(uow, order_id, held)
        if held:
            uow.touch_products(_products(uow, order_id))
    elif step.stock == "reserve":
        _reserve_again(uow, order_id)
        uow.touch_products(_products(uow, order_id))
    return step


def may(actor: Actor, name: str, state: str) -> bool:
    """Whether ``actor`` could ask for this move now: what buttons are drawn from."""
    step = TRANSITIONS[name]
    if state not in step.sources:
        return False
    try:
        _check_actor(actor, step)
    except NotAllowed:
        return False
    return True


def note(
    uow: UnitOfWork,
    actor: Actor,
    order_id: int,
    kind: str,
    data: dict[str, Any] | None = None,
    *,
    from_state: str = "",
    to_state: str = "",
) -> None:
    """Add a line to the order's story."""
    uow.db.execute(
        insert(OrderEvent).values(
            order_id=order_id,
            at=uow.now,
            actor=str(actor),
            kind=kind,
            from_state=from_state,
            to_state=to_state,
            data=data or {},
        )
    )


def _check_actor(actor: Actor, step: Transition) -> None:
    role = {"guest": "customer", "job": "system"}.get(actor.kind, actor.kind)
    if role == "system":
        return
    if role not in step.by or (role == "staff" and not actor.may(step.permission)):
        raise NotAllowed(step.permission)


def _reserve_again(uow: UnitOfWork, order_id: int) -> None:
    """Take the goods of a closed order again, under the reservation rows that it had."""
    rows = uow.db.execute(
        select(OrderLine.variant_id, OrderLine.quantity, OrderLine.title).where(
            OrderLine.order_id == order_id
        )
    )
    needs = stock.merge(
        stock.Need(row.variant_id, row.quantity, str(row.variant_id), row.title) for row in rows
    )
    stock.hold_again(uow, order_id, needs)


def _products(uow: UnitOfWork, order_id: int) -> list[int]:
    return [
        product_id
        for product_id in uow.db.scalars(
            select(OrderLine.product_id).where(OrderLine.order_id == order_id).distinct()
        )
        if product_id is not None
    ]
