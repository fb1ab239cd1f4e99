"""After-sales: a customer asks about units of a line, staff decide, money or goods go back.

The buyer's verbs take the order's token: whoever has it may act for the order, and a request of
another order is not there. Staff's verbs take the request's public id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select, update

from storegen.domain import aftersales_rules as rules
from storegen.domain import limits, outbox
from storegen.domain.audit_log import record
from storegen.domain.orders.moving import lock, note
from storegen.domain.refunds.requesting import RefundRequested, request_refund
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import AfterSales, Order, OrderLine, Refund, random_id
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import JOB, Actor
from storegen.values.money import unit_share

DECIDE_WITHIN = timedelta(hours=48)
"""What the customer is promised; an undecided request stays on staff's list afterwards."""
SEND_BACK_WITHIN = timedelta(days=7)
MOST_PICTURES = 6
MOST_MESSAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """``line`` is the order line's public id, ``pictures`` what `aftersales_evidence.described`
    says of each; they were put under ``id``, which becomes the request's public id."""

    line: str
    kind: str
    reason: str
    quantity: int = 1
    message: str = ""
    pictures: Sequence[Mapping[str, Any]] = ()
    id: str = field(default_factory=random_id)


def request(uow: UnitOfWork, actor: Actor, token: str, ask: Ask) -> str:
    """Ask for a refund, a return or an exchange; the request's public id.

    Raises `NotFound`, `Invalid`, `TooMany`, and `Conflict`: "after-sales-over" (the window is
    closed, or the order is not that far), "after-sales-units" (more than are left to ask about).
    """
    order = _of_token(uow, token)
    limits.check(uow, "after-sales", f"order:{order.id}")
    line = uow.db.execute(
        select(OrderLine.__table__).where(
            OrderLine.public_id == ask.line, OrderLine.order_id == order.id
        )
    ).one_or_none()
    if line is None:
        raise NotFound("line")
    _check(ask, line)
    if not rules.may_request(uow, order.state, order.received_at):
        raise Conflict("after-sales-over")
    if order.payable and not order.captured:
        raise Conflict("after-sales-unpaid")
    if ask.quantity > line.quantity - line.refunded - _claimed(uow, line.id):
        raise Conflict("after-sales-units")
    public_id = ask.id
    uow.db.execute(
        insert(AfterSales).values(
            public_id=public_id,
            order_id=order.id,
            order_line_id=line.id,
            quantity=ask.quantity,
            kind=ask.kind,
            reason=ask.reason,
            message=ask.message.strip()[:MOST_MESSAGE],
            pictures=[dict(each) for each in ask.pictures],
            return_tracking={},
            amount=_worth(line, ask),
            deadline=uow.now + DECIDE_WITHIN,
            created_at=uow.now,
            actor=str(actor),
        )
    )
    _tell(uow, actor, order.id, public_id, "requested")
    return public_id


def withdraw(uow: UnitOfWork, actor: Actor, token: str, public_id: str) -> None:
    """The customer thinks better of it. Raises `NotFound`, or `Forbidden` once goods are back."""
    row = _of_order(uow, token, public_id)
    _move(uow, actor, row, "withdraw", deadline=None)


def send_back(
    uow: UnitOfWork, actor: Actor, token: str, public_id: str, *, carrier: str, number: str
) -> None:
    """The customer sent the goods back under this tracking number. Raises `Invalid`."""
    row = _of_order(uow, token, public_id)
    if not rules.needs_goods_back(row.kind):
        raise Conflict("nothing-to-send-back")
    tracking = _tracking(carrier, number)
    _move(uow, actor, row, "send_back", return_tracking=tracking, deadline=None)


def approve(uow: UnitOfWork, actor: Actor, public_id: str, text: str = "") -> None:
    """Staff agree; for a return ``text`` says where to send the goods."""
    row = _for_staff(uow, actor, public_id)
    late = uow.now + SEND_BACK_WITHIN if rules.needs_goods_back(row.kind) else None
    _move(
        uow, actor, row, "approve", decision=text.strip()[:MOST_MESSAGE], decided_at=uow.now,
        deadline=late,
    )  # fmt: skip


def reject(uow: UnitOfWork, actor: Actor, public_id: str, text: str) -> None:
    """Staff refuse, and say why. Raises `Invalid` without a reason."""
    if not text.strip():
        raise Invalid({"text": "required"})
    row = _for_staff(uow, actor, public_id)
    _move(
        uow, actor, row, "reject", decision=text.strip()[:MOST_MESSAGE], decided_at=uow.now,
        deadline=None,
    )  # fmt: skip


def complete(
    uow: UnitOfWork,
    actor: Actor,
    public_id: str,
    *,
    shipping: int = 0,
    restock: bool = False,
    carrier: str = "",
    number: str = "",
) -> None:
    """Staff finish an approved request: the money goes back, by unit share and with ``shipping``
    minor units of freight, or the replacement leaves under a tracking number.

    Raises `NotAllowed`, `Forbidden`, and what `request_refund` refuses.
    """
    row = _for_staff(uow, actor, public_id)
    rules.target("complete", row.state)
    if row.kind == "return" and row.state != "returned":
        raise Conflict("goods-not-back")
    if row.kind == "exchange":
        replacement = _tracking(carrier, number) if carrier or number else {}
        _move(uow, actor, row, "complete", deadline=None, amount=0)
        note(uow, actor, row.order_id, "replacement", {"request": public_id, **replacement})
        return
    line = uow.db.execute(
        select(OrderLine.public_id).where(OrderLine.id == row.order_line_id)
    ).scalar_one()
    wanted = RefundRequested(
        lines={line: row.quantity}, shipping=shipping, restock=restock, reason=row.reason
    )
    made = request_refund(uow, actor, row.order_id, wanted, kind="after_sales")
    amount = uow.db.scalar(
        select(func.coalesce(func.sum(Refund.amount), 0)).where(Refund.id.in_(made))
    )
    _move(
        uow, actor, row, "complete", deadline=None, amount=int(amount or 0),
        refund_id=made[0] if made else None,
    )  # fmt: skip


def withdraw_overdue(store: Store, limit: int = 100) -> int:
    """Approved returns that nobody sent in time end; the customer may ask anew in the window."""
    due = store.look(
        lambda uow: list(
            uow.db.scalars(
                select(AfterSales.public_id)
                .where(AfterSales.state == "approved", AfterSales.deadline <= uow.now)
                .order_by(AfterSales.id)
                .limit(limit)
            )
        )
    )
    return sum(store.transact(partial(_overdue, public_id=public_id)) for public_id in due)


def _overdue(uow: UnitOfWork, public_id: str) -> bool:
    row = _locked(uow, AfterSales.public_id == public_id)
    if row.state != "approved" or row.deadline is None or row.deadline > uow.now:
        return False
    _move(uow, JOB, row, "withdraw", deadline=None)
    return True


def _check(ask: Ask, line: Any) -> None:
    problems: dict[str, Any] = {}
    if isinstance(ask.quantity, bool) or not isinstance(ask.quantity, int) or ask.quantity < 1:
        problems["quantity"] = "not-a-number"
    if ask.kind not in rules.kinds_for(ships=line.requires_shipping, left=line.shipped):
        problems["kind"] = "not-possible"
    if not rules.reason_fits(ask.kind, ask.reason, line.return_class, left=line.shipped > 0):
        problems["reason"] = "no-return" if ask.reason in rules.REASONS else "unknown"
    if len(ask.pictures) > MOST_PICTURES:
        problems["pictures"] = "too-many"
    if problems:
        raise Invalid(problems)


def _worth(line: Any, ask: Ask) -> int:
    """What would be given back if nothing else is refunded first; 0 for an exchange."""
    if ask.kind == "exchange":
        return 0
    return unit_share(line.gross, line.quantity, line.refunded, ask.quantity)


def _claimed(uow: UnitOfWork, line_id: int) -> int:
    return int(
        uow.db.scalar(
            select(func.coalesce(func.sum(AfterSales.quantity), 0)).where(
                AfterSales.order_line_id == line_id, AfterSales.state.in_(sorted(rules.OPEN))
            )
        )
        or 0
    )


def _tracking(carrier: str, number: str) -> dict[str, str]:
    problems = {
        name: "required" if not text.strip() else "too-long"
        for name, text in (("carrier", carrier), ("tracking_number", number))
        if not 0 < len(text.strip()) <= 64
    }
    if problems:
        raise Invalid(problems)
    return {"carrier": carrier.strip(), "tracking_number": number.strip()}


def _of_token(uow: UnitOfWork, token: str) -> Any:
    order_id = uow.db.scalar(select(Order.id).where(Order.token == token))
    if order_id is None:
        raise NotFound("order")
    return lock(uow, order_id)


def _of_order(uow: UnitOfWork, token: str, public_id: str) -> Any:
    order = _of_token(uow, token)
    return _locked(uow, AfterSales.public_id == public_id, AfterSales.order_id == order.id)


def _for_staff(uow: UnitOfWork, actor: Actor, public_id: str) -> Any:
    if not actor.may("orders.refund"):
        raise NotAllowed("orders.refund")
    return _locked(uow, AfterSales.public_id == public_id)


def _locked(uow: UnitOfWork, *where: Any) -> Any:
    """The request, under its order's lock: everything about an order waits there."""
    order_id = uow.db.scalar(select(AfterSales.order_id).where(*where))
    if order_id is None:
        raise NotFound("after_sales")
    lock(uow, order_id)
    return uow.db.execute(select(AfterSales.__table__).where(*where)).one()


def _move(uow: UnitOfWork, actor: Actor, row: Any, move: str, **values: Any) -> None:
    reached = rules.target(move, row.state)
    uow.db.execute(
        update(AfterSales).where(AfterSales.id == row.id).values(state=reached, **values)
    )
    if actor.kind == "staff":
        record(uow, actor, f"after_sales.{move}", "after_sales", row.public_id)
    _tell(uow, actor, row.order_id, row.public_id, reached)


def _tell(uow: UnitOfWork, actor: Actor, order_id: int, public_id: str, state: str) -> None:
    note(uow, actor, order_id, "after_sales", {"request": public_id, "state": state})
    outbox.emit(
        uow, "after_sales.changed", {"order_id": order_id, "request": public_id, "state": state}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSummary:
    """A request in a customer's list; ``token`` opens its order."""

    id: str
    token: str
    number: str
    title: str
    variant_title: str
    kind: str
    quantity: int
    state: str
    amount: int
    created_at: datetime


def customer_requests(uow: UnitOfWork, customer_id: int) -> Sequence[RequestSummary]:
    """All requests about a customer's own orders, newest first, at most 100."""
    rows = uow.db.execute(
        select(
            AfterSales.public_id.label("id"),
            Order.token,
            Order.number,
            OrderLine.title,
            OrderLine.variant_title,
            AfterSales.kind,
            AfterSales.quantity,
            AfterSales.state,
            AfterSales.amount,
            AfterSales.created_at,
        )
        .join(Order, Order.id == AfterSales.order_id)
        .join(OrderLine, OrderLine.id == AfterSales.order_line_id)
        .where(Order.customer_id == customer_id)
        .order_by(AfterSales.id.desc())
        .limit(100)
    ).mappings()
    return [RequestSummary(**row) for row in rows]
