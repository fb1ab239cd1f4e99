"""The one table of states and moves. Plugins will add rows to it; nothing else moves an order."""

from __future__ import annotations

from collections.abc import Mapping

from storegen.errors import Forbidden
from storegen.values.orders import FulfilmentState, OrderState, PaymentState, Transition

_STATES = (
    OrderState(name="pending_payment"),
    OrderState(name="placed", may_ship=True),
    OrderState(name="paid", may_ship=True, may_refund=True, may_request_after_sales=True),
    OrderState(name="to_ship", may_ship=True, may_refund=True, may_request_after_sales=True),
    OrderState(name="shipped", may_refund=True, may_request_after_sales=True),
    OrderState(name="received", may_refund=True, may_request_after_sales=True),
    OrderState(name="completed", may_refund=True),
    OrderState(name="refunding", may_refund=True),
    OrderState(name="refunded", final=True),
    OrderState(name="cancelled", may_refund=True, final=True),
    OrderState(name="closed", may_refund=True, final=True),
)

_LIVE = ("paid", "to_ship", "shipped", "received", "completed")

_TRANSITIONS = (
    Transition(name="pay", sources=("pending_payment",), target="paid", stamp="paid_at"),
    Transition(name="pay_on_delivery", sources=("pending_payment",), target="placed"),
    Transition(
        name="pay_late", sources=("closed",), target="paid", stock="reserve", stamp="paid_at"
    ),
    Transition(name="prepare", sources=("paid", "placed"), target="to_ship"),
    Transition(
        name="cancel",
        sources=("pending_payment", "placed"),
        target="cancelled",
        by=("customer", "staff"),
        stock="release",
        stamp="ended_at",
    ),
    Transition(
        name="cancel_unpaid",
        sources=("to_ship",),
        target="cancelled",
        by=("customer", "staff"),
        stock="release",
        stamp="ended_at",
    ),
    Transition(
        name="close",
        sources=("pending_payment",),
        target="closed",
        stock="release",
        stamp="ended_at",
    ),
    Transition(name="ship", sources=("to_ship",), target="shipped"),
    Transition(name="hand_over", sources=("to_ship",), target="received", stamp="received_at"),
    Transition(
        name="receive",
        sources=("shipped",),
        target="received",
        by=("customer", "staff", "system"),
        stamp="received_at",
    ),
    Transition(
        name="complete",
        sources=("received",),
        target="completed",
        by=("staff", "system"),
        stamp="ended_at",
    ),
    Transition(
        name="refund_all",
        sources=_LIVE,
        target="refunding",
        by=("staff", "system"),
        permission="orders.refund",
        stock="release",
    ),
    Transition(
        name="refunded",
        sources=("refunding", *_LIVE),
        target="refunded",
        stock="release",
        stamp="ended_at",
    ),
)

STATES: Mapping[str, OrderState] = {state.name: state for state in _STATES}
TRANSITIONS: Mapping[str, Transition] = {move.name: move for move in _TRANSITIONS}


def transition(name: str, state: str) -> Transition:
    """The move ``name`` from ``state``, or `Forbidden`."""
    move = TRANSITIONS.get(name)
    if move is None or state not in move.sources:
        raise Forbidden("order", state, name)
    return move


def payment_state(*, payable: int, captured: int, refunded: int) -> PaymentState:
    """Derived from the ledger; never stored."""
    if captured == 0:
        return "unpaid" if payable else "paid"
    if refunded >= captured:
        return "refunded"
    if refunded:
        return "part_refunded"
    return "paid" if captured >= payable else "part"


def fulfilment_state(*, to_ship: int, shipped: int) -> FulfilmentState:
    """Derived from the lines: ``to_ship`` units were or will be sent, ``shipped`` were."""
    if shipped == 0:
        return "none"
    return "all" if shipped >= to_ship else "part"
