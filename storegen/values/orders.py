"""The moves that an order may make, and what it answers about itself."""

from __future__ import annotations

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
