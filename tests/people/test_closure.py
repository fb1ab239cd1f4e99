"""Closing an account: the person goes, the sales stay; and what a person may take along."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from storegen.domain.people import closure, consents, customers, data_export
from storegen.errors import Conflict, NotAllowed, NotFound
from storegen.models import Base, Customer, Order, OrderContact
from storegen.store import Store
from storegen.values.actor import Actor
from tests.fixtures.stores import TestClock
from tests.people.conftest import EMAIL, OTHER_PHONE, PHONE, customer
from tests.people.test_addresses import add
from tests.people.test_identities import added

MakeOrder = Callable[..., int]


def whole_customer(store: Store, make_order: MakeOrder) -> Actor:
    """Somebody of whom the shop keeps everything it can keep."""
    make_order(email=EMAIL)
    me = customer(store, PHONE)
    added(store, me)
    add(store, me)
    make_order(customer_id=me.customer_id, phone=PHONE)
    with store.write() as uow:
        customers.change_profile(uow, me, name="Lin Xia", locale="en")
        consents.record_all(uow, me, me.customer_id or 0, [("terms", "1")])
    customers.change_password(store, me, old="", new="correct horse battery")
    return me


def everything(store: Store) -> str:
    with store.read() as uow:
        return "\n".join(
            str(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in uow.db.execute(select(table))
        )


def test_nothing_personal_is_left_and_the_orders_are(store: Store, make_order: MakeOrder) -> None:
    me = whole_customer(store, make_order)
    personal = (PHONE, EMAIL, "Lin", "Long Road", "ring twice", "argon2", "+4740612345")
    before = everything(store)
    assert all(text in before for text in personal)  # or the test would prove nothing
    store.transact(lambda uow: closure.close_account(uow, me, me.customer_id or 0))
    after = everything(store)
    assert [text for text in personal if text in after] == []
    with store.read() as uow:
        orders = uow.db.execute(select(Order.total, Order.customer_id)).all()
        assert orders == [(1999, me.customer_id)] * 2
        assert len(uow.db.execute(select(OrderContact.order_id)).all()) == 2
        kept = consents.current(uow, me.customer_id or 0)
    assert kept["terms"].version == "1"


def test_sessions_end_and_a_new_account_is_another_one(store: Store, clock: TestClock) -> None:
    me = customer(store, PHONE)
    store.transact(lambda uow: closure.close_account(uow, me, me.customer_id or 0))
    with pytest.raises(NotFound), store.read() as uow:
        customers.profile(uow, me)
    clock.move(seconds=61)
    again = customer(store, PHONE)
    assert again.customer_id != me.customer_id
    with store.read() as uow:
        states = {x.id: x.state for x in uow.db.execute(select(Customer.id, Customer.state))}
    assert states == {me.customer_id: "closed", again.customer_id: "active"}


def test_an_order_under_way_comes_first(store: Store, make_order: MakeOrder) -> None:
    me = customer(store, PHONE)
    make_order(customer_id=me.customer_id, ended=False, phone=PHONE)
    with pytest.raises(Conflict) as refusal:
        store.transact(lambda uow: closure.close_account(uow, me, me.customer_id or 0))
    assert refusal.value.reason == "orders-open"
    assert PHONE in everything(store)


def test_others_are_untouched(store: Store, make_order: MakeOrder) -> None:
    me, other = customer(store, PHONE), customer(store, OTHER_PHONE)
    make_order(customer_id=other.customer_id, phone=OTHER_PHONE)
    store.transact(lambda uow: closure.close_account(uow, me, me.customer_id or 0))
    with store.read() as uow:
        assert customers.profile(uow, other).identities[0].subject == OTHER_PHONE
        assert uow.db.execute(select(OrderContact.phone)).scalar_one() == OTHER_PHONE


@pytest.mark.parametrize(
    "actor",
    [
        Actor(kind="guest"),
        Actor(kind="customer", customer_id=10**9),
        Actor(kind="staff", staff_id=1, permissions=frozenset({"orders.refund"})),
    ],
    ids=str,
)
def test_nobody_closes_anothers_account(store: Store, actor: Actor) -> None:
    victim = customer(store, PHONE)
    with pytest.raises(NotAllowed):
        store.transact(lambda uow: closure.close_account(uow, actor, victim.customer_id or 0))


def test_export_holds_all_and_no_secret(store: Store, make_order: MakeOrder) -> None:
    me = whole_customer(store, make_order)
    other = customer(store, OTHER_PHONE)
    with store.read() as uow:
        exported = data_export.export_data(uow, me)
        theirs = data_export.export_data(uow, other)
    text = json.dumps(exported)
    for known in (PHONE, EMAIL, "Lin Xia", "Long Road", "ring twice", "terms"):
        assert known in text
    assert [order["total"] for order in exported["orders"]] == [1999, 1999]
    for secret in ("argon2", "token", "password", OTHER_PHONE):
        assert secret not in text
    assert theirs["orders"] == theirs["addresses"] == []
