"""Customers, with their identities, addresses and orders. Staff read; customers change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select

from storegen.domain.orders.desk import OrderQuery, escaped, find_orders
from storegen.domain.people.sessions import count_sessions
from storegen.errors import NotFound
from storegen.models import Customer, CustomerIdentity, Order
from storegen.uow import UnitOfWork
from storegen.web.admin.registry import Ask, Column, Detail, Fact, Listing, Query, Resource, Row
from storegen.web.admin.resources.listing import SALES, cut, number


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = select(
        Customer.id, Customer.public_id, Customer.name, Customer.state, Customer.created_at
    )
    if query.search:
        pattern = f"%{escaped(query.search.lower())}%"
        by_identity = select(CustomerIdentity.customer_id).where(
            CustomerIdentity.subject.like(pattern, escape="\\")
        )
        wanted = wanted.where(
            or_(
                func.lower(Customer.name).like(pattern, escape="\\"),
                Customer.id.in_(by_identity),
            )
        )
    if query.after:
        wanted = wanted.where(Customer.id < number(query.after))
    found = uow.db.execute(wanted.order_by(Customer.id.desc()).limit(query.limit + 1)).all()
    ids = [row.id for row in found]
    contacts, orders = _identities(uow, ids), _orders(uow, ids)
    return cut(
        found,
        query.limit,
        lambda row: Row(
            key=row.public_id,
            cells={
                "name": row.name or ", ".join(contacts.get(row.id, ())[:1]),
                "contact": ", ".join(contacts.get(row.id, ())),
                "orders": orders.get(row.id, 0),
                "state": row.state if row.state == "closed" else "",
                "created_at": row.created_at,
            },
        ),
        lambda row: row.id,
    )


def _identities(uow: UnitOfWork, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if ids:
        for key, subject in uow.db.execute(
            select(CustomerIdentity.customer_id, CustomerIdentity.subject)
            .where(CustomerIdentity.customer_id.in_(ids))
            .order_by(CustomerIdentity.id)
        ):
            found.setdefault(key, []).append(subject)
    return found


def _orders(uow: UnitOfWork, ids: list[int]) -> dict[int, int]:
    if not ids:
        return {}
    counted = uow.db.execute(
        select(Order.customer_id, func.count())
        .where(Order.customer_id.in_(ids))
        .group_by(Order.customer_id)
    )
    return {key: int(count) for key, count in counted if key is not None}


def detail(ask: Ask) -> Detail:
    row: Any = ask.uow.db.execute(
        select(Customer.__table__).where(Customer.public_id == ask.key)
    ).one_or_none()
    if row is None:
        raise NotFound("customer")
    contacts = _identities(ask.uow, [row.id]).get(row.id, [])
    orders = find_orders(ask.uow, OrderQuery(customer_id=row.id, limit=50))
    return Detail(
        title=row.name or (contacts[0] if contacts else row.public_id),
        marks=() if row.state == "active" else (row.state,),
        facts=(
            Fact(title="Phone and e-mail", value=", ".join(contacts)),
            Fact(title="Language", value=row.locale),
            Fact(title="Signed in at", value=count_sessions(ask.uow, row.id), kind="number"),
            Fact(title="Personalised", value=row.personalised, kind="flag"),
            Fact(title="Since", value=row.created_at, kind="moment"),
        ),
        data={"orders": orders, "customer_id": row.id},
    )


RESOURCE = Resource(
    name="customers",
    title="Customers",
    permission="customers.view",
    group=SALES,
    icon="customers",
    list=rows,
    detail=detail,
    template="admin/customer.html",
    search="Name, phone or e-mail",
    empty="Nobody has an account yet.",
    columns=(
        Column(name="name", title="Name", main=True),
        Column(name="contact", title="Phone and e-mail"),
        Column(name="orders", title="Orders", kind="number"),
        Column(name="created_at", title="Since", kind="moment"),
    ),
)
