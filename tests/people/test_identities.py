"""Identities: whose they are, that one is always left, and that a taken one stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, update

from storegen.domain import contact
from storegen.domain.people import codes, identities
from storegen.domain.people.identities import IdentityView
from storegen.errors import Conflict, NotFound, NotSignedIn, WrongCode
from storegen.models import Customer, CustomerIdentity, Order
from storegen.store import Store
from storegen.values.actor import Actor
from tests.fixtures.stores import TestClock
from tests.people.conftest import EMAIL, OTHER_PHONE, PHONE, ask_code, at_once, customer, wrong


def added(store: Store, me: Actor, text: str = EMAIL) -> IdentityView:
    purpose = codes.identity_purpose(me.customer_id or 0)
    provider: contact.Provider = "email" if "@" in text else "phone"
    return identities.add_identity(store, me, provider, text, ask_code(store, me, text, purpose))


def of(store: Store, me: Actor) -> list[str]:
    with store.read() as uow:
        return [x.subject for x in identities.list_identities(uow, me.customer_id or 0)]


def test_proved_by_a_code_for_this_account(store: Store) -> None:
    me = customer(store, PHONE)
    assert added(store, me).verified_at is not None
    assert of(store, me) == [PHONE, EMAIL]


def test_anothers_code_is_worth_nothing(store: Store) -> None:
    me, other = customer(store, PHONE), customer(store, OTHER_PHONE)
    code = ask_code(store, other, EMAIL, codes.identity_purpose(other.customer_id or 0))
    with pytest.raises(WrongCode):
        identities.add_identity(store, me, "email", EMAIL, code)
    with pytest.raises(WrongCode):
        identities.add_identity(store, other, "email", EMAIL, wrong(code))


def test_a_proven_identity_stays_with_its_owner(store: Store, clock: TestClock) -> None:
    owner, me = customer(store, EMAIL), customer(store, PHONE)
    clock.move(seconds=61)
    with pytest.raises(Conflict) as refusal:
        added(store, me)
    assert refusal.value.reason == "identity-taken"
    assert of(store, owner) == [EMAIL]


def test_an_unproven_one_goes_to_whoever_proves_it(store: Store) -> None:
    with store.write() as uow:
        squatter = uow.db.execute(
            insert(Customer).values(created_at=uow.now).returning(Customer.id)
        ).scalar_one()
        uow.db.execute(
            insert(CustomerIdentity).values(customer_id=squatter, provider="email", subject=EMAIL)
        )
    me = customer(store, PHONE)
    added(store, me)
    assert sorted(of(store, me)) == [PHONE, EMAIL]


def test_new_identity_brings_its_guest_orders(store: Store, make_order: Callable[..., int]) -> None:
    order_id = make_order(email=EMAIL)
    me = customer(store, PHONE)
    added(store, me)
    with store.read() as uow:
        owner = uow.db.execute(select(Order.customer_id).where(Order.id == order_id)).scalar_one()
    assert owner == me.customer_id


def test_the_last_one_stays(store: Store) -> None:
    me = customer(store, PHONE)
    email = added(store, me)
    with store.write() as uow:
        identities.remove_identity(uow, me, email.id)
    with store.read() as uow:
        [phone] = identities.list_identities(uow, me.customer_id or 0)
    with pytest.raises(Conflict) as refusal:
        store.transact(lambda uow: identities.remove_identity(uow, me, phone.id))
    assert refusal.value.reason == "last-identity"


def test_one_that_cannot_sign_in_does_not_count(store: Store) -> None:
    me = customer(store, PHONE)
    email = added(store, me)
    with store.write() as uow:
        uow.db.execute(
            update(CustomerIdentity).where(CustomerIdentity.id != email.id).values(verified_at=None)
        )
    with pytest.raises(Conflict):
        store.transact(lambda uow: identities.remove_identity(uow, me, email.id))


@pytest.mark.usefixtures("slow_commit")
def test_both_removed_at_once_leave_one(store: Store) -> None:
    me = customer(store, PHONE)
    added(store, me)
    with store.read() as uow:
        mine = [x.id for x in identities.list_identities(uow, me.customer_id or 0)]
    results = at_once(
        2, lambda n: store.transact(lambda uow: identities.remove_identity(uow, me, mine[n]))
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    assert len(of(store, me)) == 1


def test_anothers_identity_is_not_there(store: Store) -> None:
    me, other = customer(store, PHONE), customer(store, OTHER_PHONE)
    with store.read() as uow:
        theirs = identities.list_identities(uow, other.customer_id or 0)[0].id
    answers = []
    for identity_id in (theirs, 10**9):
        with pytest.raises(NotFound) as refusal:
            store.transact(
                lambda uow, wanted=identity_id: identities.remove_identity(uow, me, wanted)
            )
        answers.append(refusal.value.data())
    assert answers[0] == answers[1]
    with pytest.raises(NotSignedIn):
        store.transact(lambda uow: identities.remove_identity(uow, Actor(kind="guest"), theirs))
