"""Decide what to give back, under the order's lock; the worker sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select, update

from storegen.domain import stock
from storegen.domain.audit_log import record
from storegen.domain.orders.moving import lock, move, note
from storegen.domain.orders.transitions import STATES
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound, RefundTooMuch
from storegen.models import LedgerEntry, Order, OrderLine, Refund, RefundLine, random_id
from storegen.uow import UnitOfWork
from storegen.values.actor import JOB, Actor
from storegen.values.money import unit_share


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested:
    """What staff decided: units per line (public id), freight, and whether goods that had left
    are on the shelf again. ``reason`` is shown to the customer."""

    lines: Mapping[str, int] = field(default_factory=dict)
    shipping: int = 0
    restock: bool = False
    reason: str = ""


def request_refund(
    uow: UnitOfWork, actor: Actor, order_id: int, wanted: RefundRequested, *, kind: str = "staff"
) -> list[int]:
    """Refund some units and freight: the ids of the refunds made (one per payment it draws on).

    A unit's money is its stored share of the line, so that refunding every unit one by one gives
    exactly what was captured. Units that have not shipped will not ship any more, and go back to
    the free ones. Raises `RefundTooMuch`, `Conflict`, `Invalid`, `NotFound`, `NotAllowed`.
    """
    if not actor.may("orders.refund"):
        raise NotAllowed("orders.refund")
    order = lock(uow, order_id)
    if not STATES[order.state].may_refund:
        raise Conflict("not-refundable")
    parts = [_part(uow, order_id, line, count) for line, count in wanted.lines.items()]
    if parts:
        parts += _gifts_without_goods(uow, order_id, wanted.lines)
    shipping = _shipping(order, wanted.shipping)
    total = sum(part["gross"] for part in parts) + shipping
    if total == 0 and not parts:
        raise Invalid({"amount": "nothing-to-refund"})
    made = _make(uow, actor, order, total, wanted.reason, kind, shipping=shipping) if total else []
    _cancel_units(uow, actor, order_id, parts, restock=wanted.restock)
    _remember_lines(uow, parts, made[0] if made else None)
    if parts:
        _nothing_left_to_ship(uow, order)
    if shipping:
        uow.db.execute(
            update(Order)
            .where(Order.id == order_id)
            .values(shipping_refunded=Order.shipping_refunded + shipping)
        )
    record(uow, actor, "refund.request", "order", str(order_id), amount=total, kind=kind)
    note(uow, actor, order_id, "refund_requested", {"amount": total, "reason": wanted.reason})
    return made


def _nothing_left_to_ship(uow: UnitOfWork, order: Any) -> None:
    """An order that waits only for units that were just cancelled would wait for ever."""
    if order.state != "to_ship":
        return
    left, shipped = uow.db.execute(
        select(
            func.sum(OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled),
            func.sum(OrderLine.shipped),
        ).where(OrderLine.order_id == order.id)
    ).one()
    if left:
        return
    if shipped:
        move(uow, JOB, order.id, "ship")
    elif _under_way(uow, order.id) < order.captured:  # freight is kept, say
        move(uow, JOB, order.id, "hand_over")
    else:
        move(uow, JOB, order.id, "refund_all")
        if order.refunded >= order.captured:  # there was nothing to give back
            move(uow, JOB, order.id, "refunded")


def cancel_paid(
    uow: UnitOfWork, actor: Actor, order_id: int, reason: str, *, restock: bool = False
) -> list[int]:
    """Give everything back that is left of an order; what has not shipped never will. Also for
    goods that a customer refuses to pay at the door. ``restock``: what had left is back."""
    if not actor.may("orders.refund"):
        raise NotAllowed("orders.refund")
    order = lock(uow, order_id)
    left = order.captured - _under_way(uow, order_id)
    move(uow, actor, order_id, "refund_all", {"reason": reason})
    record(uow, actor, "order.cancel_paid", "order", str(order_id), amount=left)
    if not left:  # cash on delivery that nobody paid, or nothing to pay
        if restock:
            stock.put_back(uow, actor, f"order:{order_id}", _out_of_house(uow, order_id))
        _cancel_unshipped(uow, order_id)
        move(uow, JOB, order_id, "refunded")
        return []
    lines = uow.db.execute(
        select(OrderLine.public_id, OrderLine.quantity, OrderLine.refunded).where(
            OrderLine.order_id == order_id
        )
    ).all()
    units = {row.public_id: row.quantity - row.refunded for row in lines}
    parts = [_part(uow, order_id, line, count) for line, count in units.items() if count]
    shipping = _shipping(order, order.shipping - order.shipping_refunded)
    made = _make(uow, actor, order, left, reason, "cancel", shipping=shipping)
    _cancel_units(uow, actor, order_id, parts, restock=restock, released=True)
    _remember_lines(uow, parts, made[0])
    uow.db.execute(
        update(Order).where(Order.id == order_id).values(shipping_refunded=Order.shipping)
    )
    return made


def refund_amount(
    uow: UnitOfWork, actor: Actor, order_id: int, payment_id: int | None, amount: int, *, kind: str
) -> int:
    """Give back a whole payment that bought nothing (late, or too much). The caller holds the
    order's lock."""
    order = uow.db.execute(select(Order.__table__).where(Order.id == order_id)).one()
    left = order.captured - _under_way(uow, order_id)
    if amount > left:
        raise RefundTooMuch(amount, left)
    refund_id = _insert(uow, actor, order_id, payment_id, amount, "", kind, shipping=0)
    note(uow, actor, order_id, "refund_requested", {"amount": amount, "kind": kind})
    return refund_id


def refund_overpaid(uow: UnitOfWork, actor: Actor, order_id: int) -> list[int]:
    """Give back what came in beyond the order's price."""
    if not actor.may("orders.refund"):
        raise NotAllowed("orders.refund")
    order = lock(uow, order_id)
    over = order.captured - order.payable - _over_refunds(uow, order_id)
    if over <= 0:
        raise Conflict("not-overpaid")
    record(uow, actor, "refund.overpaid", "order", str(order_id), amount=over)
    return _make(uow, actor, order, over, "", "over", shipping=0)


def _part(uow: UnitOfWork, order_id: int, public_id: str, count: int) -> dict[str, Any]:
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise Invalid({"lines": {public_id: "not-a-number"}})
    line = uow.db.execute(
        select(OrderLine.__table__).where(
            OrderLine.public_id == public_id, OrderLine.order_id == order_id
        )
    ).one_or_none()
    if line is None:
        raise NotFound("line")
    if line.refunded + count > line.quantity:
        raise RefundTooMuch(count, line.quantity - line.refunded)
    net = unit_share(line.net, line.quantity, line.refunded, count)
    gross = unit_share(line.gross, line.quantity, line.refunded, count)
    return {"line": line, "count": count, "net": net, "tax": gross - net, "gross": gross}


def _gifts_without_goods(
    uow: UnitOfWork, order_id: int, wanted: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Gifts that have not left come along with what was bought: once all of that goes back, they
    are not sent alone."""
    rows = uow.db.execute(
        select(
            OrderLine.public_id,
            OrderLine.gift,
            OrderLine.quantity,
            OrderLine.refunded,
            OrderLine.shipped,
        ).where(OrderLine.order_id == order_id)
    ).all()
    kept = [x for x in rows if x.quantity - x.refunded - wanted.get(x.public_id, 0) > 0]
    if not all(line.gift for line in kept):
        return []
    left = {x.public_id: x.quantity - max(x.refunded, x.shipped) for x in kept}
    return [
        _part(uow, order_id, line, count)
        for line, count in left.items()
        if count > 0 and line not in wanted
    ]


def _shipping(order: Any, wanted: int) -> int:
    left = order.shipping - order.shipping_refunded
    if wanted < 0 or wanted > left:
        raise RefundTooMuch(wanted, left)
    return wanted


def _make(
    uow: UnitOfWork,
    actor: Actor,
    order: Any,
    amount: int,
    reason: str,
    kind: str,
    *,
    shipping: int,
) -> list[int]:
    """Refund rows for ``amount``, drawn on the captures in their order."""
    left = order.captured - _under_way(uow, order.id)
    if amount > left:
        raise RefundTooMuch(amount, left)
    made = []
    for payment_id, free in _captures(uow, order.id):
        part = min(amount, free)
        if part <= 0:
            continue
        made.append(
            _insert(uow, actor, order.id, payment_id, part, reason, kind, shipping=shipping)
        )
        amount -= part
        shipping = 0
        if amount == 0:
            break
    assert amount == 0, "the ledger and the order disagree"
    return made


def _insert(
    uow: UnitOfWork,
    actor: Actor,
    order_id: int,
    payment_id: int | None,
    amount: int,
    reason: str,
    kind: str,
    *,
    shipping: int,
) -> int:
    made = uow.db.execute(
        insert(Refund)
        .values(
            public_id=random_id(),
            order_id=order_id,
            payment_id=payment_id,
            reference=random_id(24),
            amount=amount,
            shipping_amount=shipping,
            reason=reason[:255],
            kind=kind,
            state="requested",
            next_at=uow.now,
            created_at=uow.now,
            actor=str(actor),
        )
        .returning(Refund.id)
    ).scalar_one()
    uow.later(lambda: uow.store.wake("refunds"))
    return made


def _captures(uow: UnitOfWork, order_id: int) -> list[tuple[int | None, int]]:
    """(payment id, what is left of its captures), oldest first."""
    captured = uow.db.execute(
        select(LedgerEntry.payment_id, func.sum(LedgerEntry.amount).label("amount"))
        .where(LedgerEntry.order_id == order_id, LedgerEntry.kind == "capture")
        .group_by(LedgerEntry.payment_id)
        .order_by(func.min(LedgerEntry.id))
    ).all()
    used = {
        payment_id: amount
        for payment_id, amount in uow.db.execute(
            select(Refund.payment_id, func.sum(Refund.amount))
            .where(Refund.order_id == order_id)
            .group_by(Refund.payment_id)
        )
    }
    return [
        (row.payment_id, int(row.amount) - int(used.get(row.payment_id, 0))) for row in captured
    ]


def _under_way(uow: UnitOfWork, order_id: int) -> int:
    """What was given back or will be: a failed refund counts too, since it is tried again."""
    return int(
        uow.db.scalar(
            select(func.coalesce(func.sum(Refund.amount), 0)).where(Refund.order_id == order_id)
        )
        or 0
    )


def _over_refunds(uow: UnitOfWork, order_id: int) -> int:
    return int(
        uow.db.scalar(
            select(func.coalesce(func.sum(Refund.amount), 0)).where(
                Refund.order_id == order_id, Refund.kind.in_(("over", "late"))
            )
        )
        or 0
    )


def _cancel_units(
    uow: UnitOfWork,
    actor: Actor,
    order_id: int,
    parts: list[dict[str, Any]],
    *,
    restock: bool,
    released: bool = False,
) -> None:
    """Count refunded units; those that have not shipped are cancelled first and set free."""
    freed: dict[int, int] = {}
    returned: dict[int, int] = {}
    products: set[int] = set()
    for part in parts:
        line, count = part["line"], part["count"]
        unshipped = min(count, line.quantity - line.shipped - line.cancelled)
        uow.db.execute(
            update(OrderLine)
            .where(OrderLine.id == line.id)
            .values(
                refunded=OrderLine.refunded + count,
                refunded_amount=OrderLine.refunded_amount + part["gross"],
                cancelled=OrderLine.cancelled + unshipped,
            )
        )
        part["restocked"] = count - unshipped if restock else 0
        freed[line.variant_id] = freed.get(line.variant_id, 0) + unshipped
        returned[line.variant_id] = returned.get(line.variant_id, 0) + part["restocked"]
        if line.product_id is not None:
            products.add(line.product_id)
    for variant_id in sorted(freed):  # both for one row, then the next: rows in one order only
        if not released:
            stock.release(uow, order_id, {variant_id: freed[variant_id]})
        stock.put_back(uow, actor, f"order:{order_id}", {variant_id: returned[variant_id]})
    uow.touch_products(products)


def _out_of_house(uow: UnitOfWork, order_id: int) -> dict[int, int]:
    """Variant id → units that have left and were not refunded, so are not back either."""
    units: dict[int, int] = {}
    for line in uow.db.execute(select(OrderLine.__table__).where(OrderLine.order_id == order_id)):
        waiting = line.quantity - line.shipped - line.cancelled
        count = max(0, line.quantity - line.refunded - waiting)
        units[line.variant_id] = units.get(line.variant_id, 0) + count
    return units


def _cancel_unshipped(uow: UnitOfWork, order_id: int) -> None:
    uow.db.execute(
        update(OrderLine)
        .where(OrderLine.order_id == order_id)
        .values(cancelled=OrderLine.quantity - OrderLine.shipped)
    )


def _remember_lines(uow: UnitOfWork, parts: list[dict[str, Any]], refund_id: int | None) -> None:
    if parts:
        uow.db.execute(
            insert(RefundLine),
            [
                {
                    "refund_id": refund_id,
                    "order_line_id": part["line"].id,
                    "start": part["line"].refunded,
                    "quantity": part["count"],
                    "net": part["net"],
                    "tax": part["tax"],
                    "gross": part["gross"],
                    "restocked": part["restocked"],
                }
                for part in parts
            ],
        )
