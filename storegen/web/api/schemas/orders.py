"""Orders: placing one, and one as its buyer reads it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from storegen.domain.aftersales import MOST_MESSAGE
from storegen.domain.aftersales_rules import KINDS, REASONS
from storegen.domain.carts.changes import MAX_LINES, MAX_QUANTITY
from storegen.domain.orders.transitions import STATES
from storegen.domain.payments.starting import Started, title_of
from storegen.values.order_view import (
    LineOfOrder,
    OrderSummary,
    OrderView,
    PaymentOfOrder,
    RequestOfOrder,
    ShipmentOfOrder,
)
from storegen.web.api.fields import OneOf, Part, Several, Text, Whole
from storegen.web.api.schemas.common import (
    AddressGiven,
    AddressShape,
    Answer,
    Body,
    ConsentsGiven,
    Moment,
    Money,
    MoneyGiven,
    Query,
    address,
    extensions,
    money,
)
from storegen.web.context import current

MOST_NOTE = 1000


class IdempotencyHeader(Query):
    """A text of the client's own choice, new for each order that it means to place. The same
    request under the same key is answered as the first time; it is kept for 48 hours."""

    key = Text(
        most=200,
        least=1,
        pattern=r"^[\x21-\x7e]+$",
        required=True,
        data_key="Idempotency-Key",
        metadata={"example": "5b1f7c2e-8d6a-4f0c-9e43-1c2d7a9b6e10"},
    )


class BuyerGiven(Body):
    """How to reach the buyer: a phone number or an e-mail address, or both."""

    name = Text(most=60, load_default="")
    phone = Text(most=40, load_default="")
    email = Text(most=254, load_default="")


class OrderGiven(Body):
    """``address`` is needed where goods are sent. ``expected_total`` is the ``payable`` of the
    quote that the buyer saw: an order is placed at that price or not at all. ``acknowledged``: ids
    of cart lines whose goods cannot be sent back, which the buyer has been told. ``consents``:
    the versions of the texts that were accepted."""

    cart = Text(most=32, least=1, required=True)
    contact = Part(BuyerGiven, required=True)
    address = Part(AddressGiven)
    shipping_method = Text(most=64, load_default="")
    payment_provider = Text(most=64, load_default="")
    expected_total = Part(MoneyGiven, required=True)
    consents = Part(ConsentsGiven, load_default=dict)
    acknowledged = Several(Text(most=32), most=MAX_LINES, load_default=list)
    note = Text(most=MOST_NOTE, load_default="")


class PaymentGiven(Body):
    """One of the cart's payment options; the order's own where it is left out."""

    provider = Text(most=64, load_default="")


class CancelGiven(Body):
    reason = Text(most=200, load_default="")


class AfterSalesGiven(Body):
    """Ask about ``quantity`` units of an order line (its id)."""

    line = Text(most=32, least=1, required=True)
    kind = OneOf(*KINDS, required=True)
    reason = OneOf(*REASONS, required=True)
    quantity = Whole(least=1, most=MAX_QUANTITY, load_default=1)
    message = Text(most=MOST_MESSAGE, load_default="")


class TrackingGiven(Body):
    carrier = Text(most=64, least=1, required=True)
    tracking_number = Text(most=64, least=1, required=True)


class OrderPage(Query):
    limit = Whole(least=1, most=100, from_text=True, load_default=20)
    after = Text(most=32, load_default="", metadata={"description": "From ``next``."})


class Placed(Answer):
    """``token`` opens the order to whoever has it: keep it like a receipt."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    token = fields.String(required=True)
    state = fields.String(required=True)
    payable = fields.Nested(Money, required=True)


class PaymentStart(Answer):
    """What the buyer does next. ``kind``: redirect (go to ``redirect_url``), instructions (show
    them: a bank transfer), on_delivery, or paid where nothing was left to pay."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(["redirect", "instructions", "on_delivery", "paid"]),
    )
    redirect_url = fields.String(required=True, allow_none=True)
    instructions = fields.String(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)


class Payment(PaymentStart):
    id = fields.String(required=True)
    provider = fields.String(required=True)
    amount = fields.Nested(Money, required=True)
    state = fields.String(required=True)
    created_at = Moment(required=True)


class OrderLine(Answer):
    """A line as it was sold; counts are units. A ``gift`` came along for nothing."""

    id = fields.String(required=True)
    slug = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    variant_title = fields.String(required=True)
    sku = fields.String(required=True)
    attributes = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    quantity = fields.Integer(required=True)
    gift = fields.Boolean(required=True)
    unit_price = fields.Nested(Money, required=True)
    discount = fields.Nested(Money, required=True)
    net = fields.Nested(Money, required=True)
    tax = fields.Nested(Money, required=True)
    gross = fields.Nested(Money, required=True)
    tax_bp = fields.Integer(required=True)
    return_class = fields.String(required=True)
    shipped = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    refunded = fields.Integer(required=True)


class Parcel(Answer):
    carrier = fields.String(required=True)
    tracking_number = fields.String(required=True)


class ShippedLine(Answer):
    line = fields.String(required=True)
    quantity = fields.Integer(required=True)


class Shipment(Answer):
    id = fields.String(required=True)
    state = fields.String(required=True)
    shipped_at = Moment(required=True)
    delivered_at = Moment(required=True, allow_none=True)
    parcels = fields.List(fields.Nested(Parcel), required=True)
    lines = fields.List(fields.Nested(ShippedLine), required=True)


class Refund(Answer):
    id = fields.String(required=True)
    amount = fields.Nested(Money, required=True)
    state = fields.String(required=True)
    created_at = Moment(required=True)
    done_at = Moment(required=True, allow_none=True)


class AfterSales(Answer):
    """``deadline``: until when the shop decides, or the goods are to be sent back."""

    id = fields.String(required=True)
    line = fields.String(required=True)
    kind = fields.String(required=True)
    reason = fields.String(required=True)
    message = fields.String(required=True)
    quantity = fields.Integer(required=True)
    state = fields.String(required=True)
    decision = fields.String(required=True)
    amount = fields.Nested(Money, required=True)
    created_at = Moment(required=True)
    deadline = Moment(required=True, allow_none=True)


class Contact(Answer):
    name = fields.String(required=True)
    phone = fields.String(required=True)
    email = fields.String(required=True)


class Order(Answer):
    """One order. ``due`` is what is left to pay; ``actions`` what may be done now: pay, cancel,
    receive, after_sales."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    token = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    payment_state = fields.String(
        required=True, metadata={"enum": ["unpaid", "part", "paid", "part_refunded", "refunded"]}
    )
    fulfilment_state = fields.String(required=True, metadata={"enum": ["none", "part", "all"]})
    actions = fields.List(fields.String(), required=True)
    currency = fields.String(required=True)
    prices_include_tax = fields.Boolean(required=True)
    goods = fields.Nested(Money, required=True)
    discount = fields.Nested(Money, required=True)
    shipping = fields.Nested(Money, required=True)
    surcharges = fields.Nested(Money, required=True)
    tax = fields.Nested(Money, required=True)
    total = fields.Nested(Money, required=True)
    payable = fields.Nested(Money, required=True)
    captured = fields.Nested(Money, required=True)
    refunded = fields.Nested(Money, required=True)
    due = fields.Nested(Money, required=True)
    contact = fields.Nested(Contact, required=True)
    address = fields.Nested(AddressShape, required=True, allow_none=True)
    shipping_method = fields.String(required=True)
    shipping_title = fields.String(required=True)
    payment_provider = fields.String(required=True)
    note = fields.String(required=True)
    placed_at = Moment(required=True)
    expires_at = Moment(required=True, allow_none=True)
    paid_at = Moment(required=True, allow_none=True)
    ship_by = Moment(required=True, allow_none=True)
    received_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    extensions = extensions()
    lines = fields.List(fields.Nested(OrderLine), required=True)
    payments = fields.List(fields.Nested(Payment), required=True)
    shipments = fields.List(fields.Nested(Shipment), required=True)
    refunds = fields.List(fields.Nested(Refund), required=True)
    after_sales = fields.List(fields.Nested(AfterSales), required=True)


class OrderListItem(Answer):
    number = fields.String(required=True)
    token = fields.String(required=True)
    state = fields.String(required=True)
    payable = fields.Nested(Money, required=True)
    pieces = fields.Integer(required=True)
    first_title = fields.String(required=True)
    placed_at = Moment(required=True)


class OrderList(Answer):
    items = fields.List(fields.Nested(OrderListItem), required=True)
    total = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)


_AMOUNTS = (
    "goods", "discount", "shipping", "surcharges", "tax", "total", "payable", "captured",
    "refunded", "due",
)  # fmt: skip
_AS_IT_IS = (
    "id", "number", "token", "state", "payment_state", "fulfilment_state", "currency",
    "prices_include_tax", "shipping_method", "shipping_title", "payment_provider", "note",
    "placed_at", "expires_at", "paid_at", "ship_by", "received_at", "ended_at",
)  # fmt: skip
ACTIONS = ("pay", "cancel", "receive", "after_sales")


def order_shape(order: OrderView) -> dict[str, Any]:
    """What a buyer may read of an order: no staff notes, no flags, no internal ids."""
    return {
        **{name: getattr(order, name) for name in _AS_IT_IS},
        **{name: money(getattr(order, name)) for name in _AMOUNTS},
        "actions": [name for name in ACTIONS if name in order.actions],
        "contact": {"name": order.name, "phone": order.phone, "email": order.email},
        "address": address(order.address),
        "lines": [_line(line) for line in order.lines],
        "payments": [_payment(each) for each in order.payments],
        "shipments": [_shipment(each) for each in order.shipments],
        "refunds": [
            {
                "id": each.id,
                "amount": money(each.amount),
                "state": each.state,
                "created_at": each.created_at,
                "done_at": each.done_at,
            }
            for each in order.refunds
        ],
        "after_sales": [_request(each) for each in order.requests],
    }


def _line(line: LineOfOrder) -> dict[str, Any]:
    plain = (
        "id", "title", "variant_title", "sku", "attributes", "quantity", "gift", "tax_bp",
        "return_class", "shipped", "cancelled", "refunded",
    )  # fmt: skip
    return {
        **{name: getattr(line, name) for name in plain},
        **{
            name: money(getattr(line, name))
            for name in ("unit_price", "discount", "net", "tax", "gross")
        },
        "slug": line.handle,
    }


def _payment(payment: PaymentOfOrder) -> dict[str, Any]:
    return {
        "id": payment.id,
        "provider": payment.provider,
        "amount": money(payment.amount),
        "state": payment.state,
        "created_at": payment.created_at,
        **_next_step(payment),
    }


def _next_step(step: PaymentOfOrder | Started) -> dict[str, Any]:
    texts = step.instructions
    return {
        "kind": step.kind,
        "redirect_url": step.redirect_url or None,
        "instructions": title_of(texts, current().locale) if texts else None,
        "reference": step.reference or None,
    }


def start_shape(started: Started) -> dict[str, Any]:
    return _next_step(started)


def _shipment(shipment: ShipmentOfOrder) -> dict[str, Any]:
    return {
        "id": shipment.id,
        "state": shipment.state,
        "shipped_at": shipment.shipped_at,
        "delivered_at": shipment.delivered_at,
        "parcels": [
            {"carrier": each.carrier, "tracking_number": each.tracking_number}
            for each in shipment.parcels
        ],
        "lines": [{"line": line, "quantity": quantity} for line, quantity in shipment.lines],
    }


def _request(request: RequestOfOrder) -> dict[str, Any]:
    plain = (
        "id", "line", "kind", "reason", "message", "quantity", "state", "decision", "created_at",
        "deadline",
    )  # fmt: skip
    return {name: getattr(request, name) for name in plain} | {"amount": money(request.amount)}


def summary_shape(order: OrderSummary) -> dict[str, Any]:
    return {
        "number": order.number,
        "token": order.token,
        "state": order.state,
        "payable": money(order.payable),
        "pieces": order.pieces,
        "first_title": order.first_title,
        "placed_at": order.placed_at,
    }
