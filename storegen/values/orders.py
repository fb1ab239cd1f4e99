"""The moves that an order may make, and what it answers about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PaymentState = Literal["unpaid", "part", "paid", "part_refunded", "refunded"]
FulfilmentState = Literal["none", "part", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """A place where an order can rest, and what may be done to it there."""

    name: str
    may_ship: bool = False
    may_refund: bool = False
    may_request_after_sales: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A named move of an order.

    ``by``: who may ask for it: customer, staff (with ``permission``), system (payments, jobs).
    ``stock``: ``release`` gives back what is still reserved, ``reserve`` takes it again.
    ``stamp``: the column of the order that remembers when.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    by: tuple[Literal["customer", "staff", "system"], ...] = ("system",)
    permission: str = "orders.edit"
    stock: Literal["", "release", "reserve"] = ""
    stamp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """What placing an order answers; ``token`` opens the order's page to whoever has it."""

    order_id: int
    number: str
    token: str
    public_id: str
    payable: int
    currency: str
    state: str = "pending_payment"
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """A line of an order; money in minor units, ``discount`` ≥ 0 in the price basis."""

    line_id: int
    product_id: int | None
    variant_id: int | None
    quantity: int
    offer: str
    unit_price: int
    discount: int
    gross: int
    gift: bool = False
    """A free piece; ``offer`` is then the promotion that gave it."""
    list_price: int | None = None
    """The plain price of a piece, where an offer replaced it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """A move of an order, as plugins see it inside the move's transaction.

    ``move`` is the transition's name, ``place`` for a new order (``from_state`` is then "").
    ``applied`` maps each rule that changed an amount when the order was placed
    (``<plugin>:<id>``) to that amount, which is negative for a discount, and 0 for a gift.
    """

    order_id: int
    number: str
    move: str
    from_state: str
    to_state: str
    customer_id: int | None
    session_id: int | None
    channel: str
    total: int
    lines: tuple[OrderedLine, ...]
    applied: Mapping[str, int]
    attributes: Mapping[str, str] = field(default_factory=dict)
    """``place`` only: what plugins' forms stored with the cart, ``<plugin>.<name>`` → text."""
