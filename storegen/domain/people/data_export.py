"""Everything the shop keeps about one customer, for that customer to take away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from storegen.domain.people.customers import customer_of
from storegen.errors import NotFound
from storegen.models import (
    AfterSales,
    Consent,
    Customer,
    CustomerAddress,
    CustomerIdentity,
    Order,
    OrderContact,
    OrderLine,
    Session,
)
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor


def export_data(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """The signed-in customer's data as JSON: times in ISO 8601, amounts in minor units.

    Secrets (password hash, session tokens) and internal numbers are left out.
    """
    customer_id = customer_of(actor)
    person = _rows(
        uow,
        select(
            Customer.public_id.label("id"),
            Customer.name,
            Customer.locale,
            Customer.personalised,
            Customer.created_at,
        ).where(Customer.id == customer_id, Customer.state == "active"),
    )
    if not person:
        raise NotFound("customer")
    return {
        "customer": person[0],
        "identities": _rows(
            uow,
            select(
                CustomerIdentity.provider,
                CustomerIdentity.app_id,
                CustomerIdentity.subject,
                CustomerIdentity.verified_at,
            ).where(CustomerIdentity.customer_id == customer_id),
        ),
        "addresses": _rows(
            uow,
            select(
                CustomerAddress.address, CustomerAddress.is_default, CustomerAddress.created_at
            ).where(CustomerAddress.customer_id == customer_id),
        ),
        "consents": _rows(
            uow,
            select(
                Consent.kind, Consent.version, Consent.granted, Consent.channel, Consent.at
            ).where(Consent.customer_id == customer_id),
        ),
        "sessions": _rows(
            uow,
            select(Session.channel, Session.created_at, Session.seen_at, Session.expires_at).where(
                Session.customer_id == customer_id
            ),
        ),
        "orders": _orders(uow, customer_id),
        **_of_plugins(uow, customer_id),
    }


def _of_plugins(uow: UnitOfWork, customer_id: int) -> dict[str, Any]:
    """What plugins keep, under their names; those that could not answer are named."""
    failed: list[str] = []
    kept = uow.store.plugins.ask("personal_data", failed=failed, uow=uow, customer_id=customer_id)
    return {"plugins": dict(kept), "plugins_without_answer": failed}


def _orders(uow: UnitOfWork, customer_id: int) -> list[dict[str, Any]]:
    mine = Order.customer_id == customer_id
    orders = _rows(
        uow,
        select(
            Order.id,
            Order.number,
            Order.state,
            Order.placed_at,
            Order.currency,
            Order.goods,
            Order.discount,
            Order.shipping,
            Order.tax,
            Order.total,
            Order.captured,
            Order.refunded,
            Order.note,
            OrderContact.name,
            OrderContact.phone,
            OrderContact.email,
            OrderContact.address,
        )
        .outerjoin(OrderContact, OrderContact.order_id == Order.id)
        .where(mine)
        .order_by(Order.id),
    )
    lines = _rows(
        uow,
        select(
            OrderLine.order_id,
            OrderLine.title,
            OrderLine.variant_title,
            OrderLine.sku,
            OrderLine.quantity,
            OrderLine.unit_price,
            OrderLine.gross,
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(mine)
        .order_by(OrderLine.id),
    )
    requests = _rows(
        uow,
        select(
            AfterSales.order_id,
            AfterSales.kind,
            AfterSales.quantity,
            AfterSales.reason,
            AfterSales.message,
            AfterSales.state,
            AfterSales.created_at,
        )
        .join(Order, Order.id == AfterSales.order_id)
        .where(mine)
        .order_by(AfterSales.id),
    )
    lines_of, requests_of = _by_order(lines), _by_order(requests)
    for order in orders:
        order_id = order.pop("id")
        order["lines"] = lines_of.get(order_id, [])
        order["after_sales"] = requests_of.get(order_id, [])
    return orders


def _by_order(rows: Iterable[dict[str, Any]]) -> Mapping[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("order_id"), []).append(row)
    return found


def _rows(uow: UnitOfWork, wanted: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row._mapping.items()
        }
        for row in uow.db.execute(wanted)
    ]
