"""What staff do with an order's money: confirm, cancel, refund, with the amounts shown first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema
from sqlalchemy import func, select

from storegen.domain.orders.transitions import STATES
from storegen.domain.payments import booking, following
from storegen.domain.refunds import requesting
from storegen.errors import Conflict, Invalid, RefundTooMuch
from storegen.models import Refund
from storegen.uow import UnitOfWork
from storegen.values.money import unit_share
from storegen.values.order_view import OrderView
from storegen.web.admin import fields
from storegen.web.admin.registry import Ask, Call, Done, Preview, Verb
from storegen.web.admin.resources.order_verbs import line_name, of_key, order_of
from storegen.web.context import current, gettext

MOST_REASON = 255


def offered(order: OrderView) -> list[str]:
    names = []
    if order.due:
        names.append("confirm-payment")
    left = order.captured - sum(refund.amount for refund in order.refunds)
    if STATES[order.state].may_refund and left > 0:
        names.append("refund")
        if "refund_all" in order.actions:
            names.append("refund-all")
    if order.captured > order.payable and left > 0:
        names.append("refund-overpaid")
    if _cancellable(order):
        names.append("cancel")
    return names


def _cancellable(order: OrderView) -> bool:
    return "cancel" in order.actions and not order.captured


def _confirm_form(ask: Ask) -> Schema:
    return fields.form(
        reference=fields.text(
            "Reference", 64, required=True,
            help="What the bank statement or receipt says. The same one is booked once.",
        )
    )  # fmt: skip


def _confirm_preview(ask: Ask, keys: Sequence[str], values: Mapping[str, Any]) -> Preview:
    order = order_of(ask)
    if not order.due:
        raise Conflict("nothing-due")
    return Preview(
        columns=("Order", "Amount", "Reference"),
        rows=[(order.number, current().money(order.due), values["reference"])],
        note="The whole amount that is due is booked as received.",
    )


def _confirm(call: Call) -> Done:
    reference = call.values["reference"]
    call.store.transact(
        lambda uow: booking.confirm_by_hand(uow, call.actor, of_key(uow, call.key), reference)
    )
    return Done(said="The payment is booked.")


def _cancel(call: Call) -> Done:
    order_id = call.store.look(lambda uow: of_key(uow, call.key))
    following.cancel_unpaid(call.store, call.actor, order_id, call.values["reason"])
    return Done(said="The order is cancelled.")


def _refund_form(ask: Ask) -> Schema:
    order = order_of(ask)
    units = {
        line.id: fields.number(line_name(order, line.id), 0, left, suffix=f"≤ {left}", width="half")
        for line in order.lines
        if (left := line.quantity - line.refunded)
    }
    shipping = order.shipping - order.shipping_refunded
    return fields.form(
        units=fields.group("Units", fields.form(**units)),
        shipping=fields.money(
            "Freight", order.currency, empty=True,
            help=f"≤ {current().money(shipping)}",
        ),
        reason=fields.text("Reason, shown to the customer", MOST_REASON),
        restock=fields.flag(
            "Put units that had left back into stock",
            help="Units that have not been shipped go back by themselves.",
        ),
    )  # fmt: skip


def _refund_initial(ask: Ask) -> Mapping[str, Any]:
    order = order_of(ask)
    return {"units": {line.id: 0 for line in order.lines if line.quantity > line.refunded}}


def _wanted(values: Mapping[str, Any]) -> requesting.RefundRequested:
    return requesting.RefundRequested(
        lines={key: count for key, count in values["units"].items() if count},
        shipping=values["shipping"] or 0,
        restock=values["restock"],
        reason=values["reason"],
    )


def _refund_preview(ask: Ask, keys: Sequence[str], values: Mapping[str, Any]) -> Preview:
    order, wanted = order_of(ask), _wanted(values)
    if not wanted.lines and not wanted.shipping:
        raise Invalid({"units": "nothing-to-refund"})
    if wanted.shipping > order.shipping - order.shipping_refunded:
        raise RefundTooMuch(wanted.shipping, order.shipping - order.shipping_refunded)
    money = current().money
    total, rows = wanted.shipping, []
    for key, count in wanted.lines.items():
        line = order.line(key)
        assert line is not None, "the form has this order's lines only"
        amount = unit_share(line.gross, line.quantity, line.refunded, count)
        total += amount
        rows.append((line_name(order, key), str(count), money(amount)))
    if wanted.shipping:
        rows.append((gettext("Freight"), "", money(wanted.shipping)))
    rows.append((gettext("Together"), "", money(total)))
    return Preview(
        columns=("What", "Units", "Amount"),
        rows=rows,
        note="The money goes back the way it came; what was paid by hand is put on the work list.",
    )


def _refund(call: Call) -> Done:
    wanted = _wanted(call.values)
    call.store.transact(
        lambda uow: requesting.request_refund(uow, call.actor, of_key(uow, call.key), wanted)
    )
    return Done(said="The refund is on its way.")


def _all_preview(ask: Ask, keys: Sequence[str], values: Mapping[str, Any]) -> Preview:
    order = order_of(ask)
    left = order.captured - _promised(ask.uow, order.order_id)
    return Preview(
        columns=("Order", "Amount"),
        rows=[(order.number, current().money(left))],
        note="Everything that is left of this payment goes back. What has not been shipped "
        "never will be.",
    )


def _refund_all(call: Call) -> Done:
    reason = call.values["reason"]
    call.store.transact(
        lambda uow: requesting.cancel_paid(uow, call.actor, of_key(uow, call.key), reason)
    )
    return Done(said="Everything is being refunded.")


def _over_preview(ask: Ask, keys: Sequence[str], values: Mapping[str, Any]) -> Preview:
    order = order_of(ask)
    over = order.captured - order.payable - _promised(ask.uow, order.order_id, ("over", "late"))
    if over <= 0:
        raise Conflict("not-overpaid")
    return Preview(
        columns=("Order", "Amount"),
        rows=[(order.number, current().money(over))],
        note="What came in beyond the price goes back.",
    )


def _refund_overpaid(call: Call) -> Done:
    call.store.transact(
        lambda uow: requesting.refund_overpaid(uow, call.actor, of_key(uow, call.key))
    )
    return Done(said="The refund is on its way.")


def _promised(uow: UnitOfWork, order_id: int, kinds: tuple[str, ...] = ()) -> int:
    """What refunds of an order (of these kinds; all by default) take, done or not."""
    where = [Refund.order_id == order_id, *([Refund.kind.in_(kinds)] if kinds else [])]
    return int(uow.db.scalar(select(func.coalesce(func.sum(Refund.amount), 0)).where(*where)) or 0)


def _reason(ask: Ask) -> Schema:
    return fields.form(reason=fields.text("Reason, shown to the customer", MOST_REASON))


VERBS = (
    Verb(
        name="confirm-payment",
        title="Confirm payment",
        permission="orders.edit",
        help="Use this when you have seen the money: a bank transfer, cash from the courier.",
        schema=_confirm_form,
        preview=_confirm_preview,
        run=_confirm,
    ),
    Verb(
        name="refund",
        title="Refund",
        permission="orders.refund",
        schema=_refund_form,
        initial=_refund_initial,
        preview=_refund_preview,
        run=_refund,
    ),
    Verb(
        name="refund-all",
        title="Refund everything",
        permission="orders.refund",
        schema=_reason,
        preview=_all_preview,
        run=_refund_all,
        danger=True,
    ),
    Verb(
        name="refund-overpaid",
        title="Refund overpayment",
        permission="orders.refund",
        preview=_over_preview,
        run=_refund_overpaid,
    ),
    Verb(
        name="cancel",
        title="Cancel",
        permission="orders.edit",
        confirm="The order ends unpaid, and its goods are free again. This cannot be undone.",
        schema=_reason,
        run=_cancel,
        danger=True,
    ),
)
