"""One order as a value, for its page, the API and the back office."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from storegen.domain import carriers
from storegen.domain.aftersales_evidence import shown
from storegen.domain.aftersales_rules import OPEN, may_request
from storegen.domain.orders.listing import customer_orders
from storegen.domain.orders.moving import may
from storegen.domain.orders.transitions import TRANSITIONS, fulfilment_state, payment_state
from storegen.errors import NotFound
from storegen.models import (
    AfterSales,
    Order,
    OrderContact,
    OrderEvent,
    OrderLine,
    Parcel,
    Payment,
    Product,
    Refund,
    Shipment,
    ShipmentLine,
)
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.address import Address
from storegen.values.order_view import (
    EventOfOrder,
    LineOfOrder,
    OrderView,
    ParcelOfOrder,
    PaymentOfOrder,
    RefundOfOrder,
    RequestOfOrder,
    ShipmentOfOrder,
)

__all__ = ["customer_orders", "order_view"]


def order_view(uow: UnitOfWork, actor: Actor, key: str | int) -> OrderView:
    """The order of a token (whoever has it may see the order) or of an internal id.

    An internal id is for callers who have made sure that the actor may see that order. Raises
    `NotFound`, the same for a token that never was and one that is mistyped.
    """
    wanted = Order.token == key if isinstance(key, str) else Order.id == key
    row = (
        uow.db.execute(
            select(Order.__table__, *_CONTACT)
            .outerjoin(OrderContact, OrderContact.order_id == Order.id)
            .where(wanted)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("order")
    order_id = row["id"]
    requests = _requests(uow, order_id)
    lines = _lines(uow, order_id, requests)
    values = {name: row[name] for name in _PLAIN}
    return OrderView(
        order_id=order_id,
        id=row["public_id"],
        payment_state=payment_state(
            payable=row["payable"], captured=row["captured"], refunded=row["refunded"]
        ),
        fulfilment_state=fulfilment_state(
            to_ship=sum(x.quantity - x.cancelled for x in lines),
            shipped=sum(x.shipped for x in lines),
        ),
        due=_due(row),
        flags=tuple(row["flags"]),
        name=row["contact_name"] or "",
        phone=row["contact_phone"] or "",
        email=row["contact_email"] or "",
        address=Address.from_dict(row["contact_address"]) if row["contact_address"] else None,
        lines=lines,
        payments=_payments(uow, order_id),
        shipments=_shipments(uow, order_id, row["locale"]),
        refunds=_refunds(uow, order_id),
        requests=requests,
        events=_events(uow, order_id),
        actions=_actions(uow, actor, row, lines),
        **values,
    )


_CONTACT = (
    OrderContact.name.label("contact_name"),
    OrderContact.phone.label("contact_phone"),
    OrderContact.email.label("contact_email"),
    OrderContact.address.label("contact_address"),
)
_PLAIN = (
    "number", "token", "customer_id", "channel", "locale", "currency", "state",
    "prices_include_tax", "goods", "discount", "shipping", "shipping_refunded", "surcharges",
    "tax", "total", "payable", "captured", "refunded", "shipping_method", "shipping_title",
    "payment_provider", "pay_on_delivery", "note", "quote", "placed_at", "expires_at", "paid_at",
    "ship_by", "received_at", "ended_at",
)  # fmt: skip


def _due(row: Any) -> int:
    if row["state"] in ("cancelled", "closed", "refunded", "refunding"):
        return 0
    return max(0, int(row["payable"] - row["captured"]))


def _actions(
    uow: UnitOfWork, actor: Actor, row: Any, lines: tuple[LineOfOrder, ...]
) -> frozenset[str]:
    state = row["state"]
    found = {name for name in TRANSITIONS if may(actor, name, state)}
    if "cancel_unpaid" in found:  # to whoever asks, one way to cancel: `following.cancel_unpaid`
        found.remove("cancel_unpaid")
        waits = row["pay_on_delivery"] and not row["captured"]
        if waits and not any(line.shipped for line in lines):
            found.add("cancel")
    in_time = row["expires_at"] is None or row["expires_at"] > uow.now
    if state == "pending_payment" and _due(row) and in_time:
        found.add("pay")
    paid = row["captured"] > 0 or row["payable"] == 0
    left = paid and any(line.claimable > 0 for line in lines)
    if left and may_request(uow, state, row["received_at"]):
        found.add("after_sales")
    return frozenset(found)


def _requests(uow: UnitOfWork, order_id: int) -> tuple[RequestOfOrder, ...]:
    rows = uow.db.execute(
        select(
            AfterSales.public_id.label("id"),
            AfterSales.id.label("request_id"),
            OrderLine.public_id.label("line"),
            OrderLine.title,
            OrderLine.variant_title,
            AfterSales.kind,
            AfterSales.reason,
            AfterSales.message,
            AfterSales.quantity,
            AfterSales.state,
            AfterSales.decision,
            AfterSales.amount,
            AfterSales.pictures,
            AfterSales.return_tracking,
            AfterSales.created_at,
            AfterSales.decided_at,
            AfterSales.deadline,
        )
        .join(OrderLine, OrderLine.id == AfterSales.order_line_id)
        .where(AfterSales.order_id == order_id)
        .order_by(AfterSales.id)
    ).mappings()
    return tuple(RequestOfOrder(**{**row, "pictures": shown(row["pictures"])}) for row in rows)


def _lines(
    uow: UnitOfWork, order_id: int, requests: tuple[RequestOfOrder, ...]
) -> tuple[LineOfOrder, ...]:
    claimed: dict[str, int] = {}
    for request in requests:
        if request.state in OPEN:
            claimed[request.line] = claimed.get(request.line, 0) + request.quantity
    rows = uow.db.execute(
        select(
            OrderLine.public_id.label("id"),
            OrderLine.id.label("line_id"),
            OrderLine.title,
            OrderLine.variant_title,
            OrderLine.sku,
            Product.handle,
            OrderLine.media_id,
            OrderLine.attributes,
            OrderLine.quantity,
            OrderLine.unit_price,
            OrderLine.list_total,
            OrderLine.discount,
            OrderLine.net,
            OrderLine.tax,
            OrderLine.gross,
            OrderLine.tax_bp,
            OrderLine.requires_shipping,
            OrderLine.return_class,
            OrderLine.shipped,
            OrderLine.cancelled,
            OrderLine.refunded,
            OrderLine.refunded_amount,
            OrderLine.gift,
        )
        .outerjoin(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.position, OrderLine.id)
    ).mappings()
    return tuple(LineOfOrder(**row, claimed=claimed.get(row["id"], 0)) for row in rows)


def _payments(uow: UnitOfWork, order_id: int) -> tuple[PaymentOfOrder, ...]:
    rows = uow.db.execute(
        select(
            Payment.public_id.label("id"),
            Payment.id.label("payment_id"),
            Payment.provider,
            Payment.reference,
            Payment.amount,
            Payment.state,
            Payment.kind,
            Payment.redirect_url,
            Payment.instructions,
            Payment.created_at,
        )
        .where(Payment.order_id == order_id)
        .order_by(Payment.id)
    ).mappings()
    return tuple(PaymentOfOrder(**row) for row in rows)


def _shipments(uow: UnitOfWork, order_id: int, locale: str) -> tuple[ShipmentOfOrder, ...]:
    shipments = uow.db.execute(
        select(
            Shipment.id,
            Shipment.public_id,
            Shipment.state,
            Shipment.shipped_at,
            Shipment.delivered_at,
        )
        .where(Shipment.order_id == order_id)
        .order_by(Shipment.id)
    ).all()
    if not shipments:
        return ()
    ids = [shipment.id for shipment in shipments]
    parcels: dict[int, list[ParcelOfOrder]] = {}
    for row in uow.db.execute(
        select(Parcel.shipment_id, Parcel.id, Parcel.carrier, Parcel.tracking_number)
        .where(Parcel.shipment_id.in_(ids))
        .order_by(Parcel.id)
    ):
        carrier, url = carriers.shown(uow.store, row.carrier, row.tracking_number, locale)
        parcels.setdefault(row.shipment_id, []).append(
            ParcelOfOrder(
                id=row.id,
                carrier=carrier,
                tracking_number=row.tracking_number,
                tracking_url=url,
            )
        )
    units: dict[int, list[tuple[str, int]]] = {}
    for shipment_id, line, quantity in uow.db.execute(
        select(ShipmentLine.shipment_id, OrderLine.public_id, ShipmentLine.quantity)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(ShipmentLine.shipment_id.in_(ids))
        .order_by(ShipmentLine.id)
    ):
        units.setdefault(shipment_id, []).append((line, quantity))
    return tuple(
        ShipmentOfOrder(
            id=shipment.public_id,
            state=shipment.state,
            shipped_at=shipment.shipped_at,
            delivered_at=shipment.delivered_at,
            parcels=tuple(parcels.get(shipment.id, ())),
            lines=tuple(units.get(shipment.id, ())),
        )
        for shipment in shipments
    )


def _refunds(uow: UnitOfWork, order_id: int) -> tuple[RefundOfOrder, ...]:
    rows = uow.db.execute(
        select(
            Refund.public_id.label("id"),
            Refund.id.label("refund_id"),
            Refund.reference,
            Refund.amount,
            Refund.shipping_amount,
            Refund.state,
            Refund.kind,
            Refund.reason,
            Refund.created_at,
            Refund.done_at,
        )
        .where(Refund.order_id == order_id)
        .order_by(Refund.id)
    ).mappings()
    return tuple(RefundOfOrder(**row) for row in rows)


def _events(uow: UnitOfWork, order_id: int) -> tuple[EventOfOrder, ...]:
    rows = uow.db.execute(
        select(
            OrderEvent.at,
            OrderEvent.actor,
            OrderEvent.kind,
            OrderEvent.from_state,
            OrderEvent.to_state,
            OrderEvent.data,
        )
        .where(OrderEvent.order_id == order_id)
        .order_by(OrderEvent.id)
    ).mappings()
    return tuple(EventOfOrder(**row) for row in rows)
