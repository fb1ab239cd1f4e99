"""An order as its buyer, staff and programs read it: frozen, all money in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storegen.values.address import Address
from storegen.values.orders import FulfilmentState, PaymentState


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOfOrder:
    """A line as it was sold. ``id`` is the public one; ``handle`` is None once the product is
    gone. Counts are units: ``shipped``, ``cancelled`` (will not ship any more), ``refunded``,
    ``claimed`` (in after-sales requests that are not decided or done)."""

    id: str
    line_id: int
    title: str
    variant_title: str
    sku: str
    handle: str | None
    media_id: int | None
    attributes: Mapping[str, str]
    quantity: int
    unit_price: int
    list_total: int
    discount: int
    net: int
    tax: int
    gross: int
    tax_bp: int
    requires_shipping: bool
    return_class: str
    shipped: int
    cancelled: int
    refunded: int
    refunded_amount: int
    claimed: int
    gift: bool = False

    @property
    def claimable(self) -> int:
        """Units that an after-sales request may still be about."""
        return self.quantity - self.refunded - self.claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOfOrder:
    """One attempt to pay. ``instructions``: locale → text."""

    id: str
    payment_id: int
    provider: str
    reference: str
    amount: int
    state: str
    kind: str
    redirect_url: str
    instructions: Mapping[str, str]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelOfOrder:
    """``carrier`` is its title for the order's customer, ``tracking_url`` the carrier's page for
    this parcel, "" if there is none that is known."""

    id: int
    carrier: str
    tracking_number: str
    tracking_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentOfOrder:
    """``lines``: (the order line's public id, units)."""

    id: str
    state: str
    shipped_at: datetime
    delivered_at: datetime | None
    parcels: tuple[ParcelOfOrder, ...]
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOfOrder:
    """``state``: requested, pending, unknown, succeeded, failed, by_hand."""

    id: str
    refund_id: int
    reference: str
    amount: int
    shipping_amount: int
    state: str
    kind: str
    reason: str
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePicture:
    """A picture of an after-sales request: ``small`` and ``large`` are files of the picture whose
    original had the SHA-256 ``sha``; ``width`` and ``height`` are the large one's, in pixels."""

    sha: str
    small: str
    large: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOfOrder:
    """An after-sales request; ``line`` is the order line's public id, ``amount`` what is (or would
    be) given back, 0 for an exchange."""

    id: str
    request_id: int
    line: str
    title: str
    variant_title: str
    kind: str
    reason: str
    message: str
    quantity: int
    state: str
    decision: str
    amount: int
    pictures: tuple[EvidencePicture, ...]
    return_tracking: Mapping[str, str]
    created_at: datetime
    decided_at: datetime | None
    deadline: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOfOrder:
    """``kind``: a transition's name or payment, shipment, refund_requested, note …"""

    at: datetime
    actor: str
    kind: str
    from_state: str
    to_state: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """All of one order. ``due`` is what is left to pay; ``actions`` are what the actor who asked
    may do now: pay, cancel, receive, after_sales, and for staff every move that is open to them.
    """

    order_id: int
    id: str
    number: str
    token: str
    customer_id: int | None
    channel: str
    locale: str
    currency: str
    state: str
    payment_state: PaymentState
    fulfilment_state: FulfilmentState
    prices_include_tax: bool
    goods: int
    discount: int
    shipping: int
    shipping_refunded: int
    surcharges: int
    tax: int
    total: int
    payable: int
    captured: int
    refunded: int
    due: int
    shipping_method: str
    shipping_title: str
    payment_provider: str
    pay_on_delivery: bool
    note: str
    flags: tuple[str, ...]
    quote: Mapping[str, Any]
    placed_at: datetime
    expires_at: datetime | None
    paid_at: datetime | None
    ship_by: datetime | None
    received_at: datetime | None
    ended_at: datetime | None
    name: str
    phone: str
    email: str
    address: Address | None
    lines: tuple[LineOfOrder, ...]
    payments: tuple[PaymentOfOrder, ...]
    shipments: tuple[ShipmentOfOrder, ...]
    refunds: tuple[RefundOfOrder, ...]
    requests: tuple[RequestOfOrder, ...]
    events: tuple[EventOfOrder, ...]
    actions: frozenset[str]

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def payment(self) -> PaymentOfOrder | None:
        """The newest attempt to pay."""
        return self.payments[-1] if self.payments else None

    def line(self, public_id: str) -> LineOfOrder | None:
        return next((line for line in self.lines if line.id == public_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSummary:
    """An order in a list; ``media_ids`` are the pictures of its first lines."""

    order_id: int
    number: str
    token: str
    state: str
    payable: int
    placed_at: datetime
    pieces: int
    first_title: str
    media_ids: tuple[int, ...]
