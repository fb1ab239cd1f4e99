"""Every event of the core that plugins may listen to: name → version and what its payload holds.

``docs/reference/events.md`` is written from this list. Within a version a payload only grows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventKind:
    """``payload``: name → what it holds; ids are internal."""

    version: int
    what: str
    payload: dict[str, str]


_ORDER = {"order_id": "the order", "state": "its state after the move"}

EVENTS: dict[str, EventKind] = {
    "order.placed": EventKind(1, "an order was placed", _ORDER),
    # One for each move of the order, by the move's name (docs/reference/order-states.md).
    "order.pay": EventKind(1, "an order is paid", _ORDER),
    "order.pay_on_delivery": EventKind(1, "an order will be paid at the door", _ORDER),
    "order.pay_late": EventKind(1, "an order was paid after it had been closed", _ORDER),
    "order.prepare": EventKind(1, "an order is being made ready", _ORDER),
    "order.ship": EventKind(1, "the last part of an order was sent", _ORDER),
    "order.hand_over": EventKind(1, "an order was handed to its customer", _ORDER),
    "order.receive": EventKind(1, "an order was received", _ORDER),
    "order.complete": EventKind(1, "the time to send it back is over", _ORDER),
    "order.cancel": EventKind(1, "an order was cancelled", _ORDER),
    "order.cancel_unpaid": EventKind(
        1, "an order to be paid at the door was cancelled before it was sent", _ORDER
    ),
    "order.close": EventKind(1, "an order was not paid in time", _ORDER),
    "order.refund_all": EventKind(1, "an order is being paid back whole", _ORDER),
    "order.refunded": EventKind(1, "an order was paid back whole", _ORDER),
    "after_sales.changed": EventKind(
        1,
        "an after-sales request was made or decided",
        {"order_id": "the order", "request": "public id", "state": "of the request"},
    ),
    "customer.registered": EventKind(1, "an account was made", {"customer_id": "the customer"}),
}
