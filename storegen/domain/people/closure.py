"""Closing an account erases the person and keeps the sales."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from storegen.domain import aftersales_evidence, audit_log
from storegen.domain.people.sessions import sign_out_everywhere
from storegen.errors import Conflict, NotAllowed, NotFound
from storegen.models import (
    AfterSales,
    Cart,
    Customer,
    CustomerAddress,
    CustomerIdentity,
    Message,
    Order,
    OrderContact,
)
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor


def close_account(uow: UnitOfWork, actor: Actor, customer_id: int) -> None:
    """Close the actor's own account, or anybody's for staff who may ``customers.erase``.

    Gone afterwards: identities, password, name, addresses, sessions, open carts, messages, and
    the name, contact, address and note of all orders, and what was said and shown in after-sales
    requests. Kept, because accounts and law need them:
    the orders with their lines and money, and which consents were given (by number, not by name).

    Raises `Conflict` ("orders-open") while an order is under way (without an address it could
    not be delivered or refunded), `NotAllowed` for anybody else's account, and what a plugin
    raises that cannot erase its part (`PluginFault`): then the account stays open.
    """
    if actor.customer_id != customer_id and not actor.may("customers.erase"):
        raise NotAllowed("customers.erase")
    state = uow.db.execute(
        select(Customer.state).where(Customer.id == customer_id).with_for_update()
    ).scalar_one_or_none()
    if state != "active":
        raise NotFound("customer")
    under_way = uow.db.execute(
        select(func.count())
        .select_from(Order)
        .where(Order.customer_id == customer_id, Order.ended_at.is_(None))
    ).scalar_one()
    if under_way:
        raise Conflict("orders-open")
    _forget_messages(uow, customer_id)
    _separate_orders(uow, customer_id)
    for model in (CustomerIdentity, CustomerAddress):
        uow.db.execute(delete(model).where(model.customer_id == customer_id))
    # Lines go with their cart.
    uow.db.execute(delete(Cart).where(Cart.customer_id == customer_id, Cart.state == "open"))
    uow.db.execute(
        update(Cart).where(Cart.customer_id == customer_id).values(destination={}, note="")
    )
    sign_out_everywhere(uow, customer_id=customer_id)
    uow.db.execute(
        update(Customer)
        .where(Customer.id == customer_id)
        .values(state="closed", name="", password_hash=None, personalised=False)
    )
    uow.store.plugins.ask("erase_personal_data", uow=uow, customer_id=customer_id)
    audit_log.record(uow, actor, "customer.closed", "customer", customer_id)


def _separate_orders(uow: UnitOfWork, customer_id: int) -> None:
    theirs = select(Order.id).where(Order.customer_id == customer_id)
    uow.db.execute(
        update(OrderContact)
        .where(OrderContact.order_id.in_(theirs))
        .values(name="", phone="", email="", address={})
    )
    uow.db.execute(
        update(Order).where(Order.customer_id == customer_id).values(note="", session_id=None)
    )
    aftersales_evidence.erase(uow, AfterSales.order_id.in_(theirs))
    uow.db.execute(update(AfterSales).where(AfterSales.order_id.in_(theirs)).values(message=""))


def _forget_messages(uow: UnitOfWork, customer_id: int) -> None:
    subjects = select(CustomerIdentity.subject).where(CustomerIdentity.customer_id == customer_id)
    theirs = select(Order.id).where(Order.customer_id == customer_id)
    given = select(OrderContact.email).where(OrderContact.order_id.in_(theirs))
    phones = select(OrderContact.phone).where(OrderContact.order_id.in_(theirs))
    for recipients in (subjects, given, phones):
        uow.db.execute(delete(Message).where(Message.recipient.in_(recipients)))
