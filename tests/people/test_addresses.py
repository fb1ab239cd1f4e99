"""The address book: one default, at most twenty, nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storegen.domain.people import addresses
from storegen.errors import Conflict, Invalid, NotFound, NotSignedIn, StoreError
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from tests.people.conftest import OTHER_PHONE, PHONE, at_once, customer

HOME = {"name": "Lin Xia", "line1": "1 Long Road", "city": "Oslo", "phone": "+4740612345"}


def add(store: Store, me: Actor, default: bool = False, **changes: str) -> str:
    return store.transact(
        lambda uow: addresses.add_address(uow, me, "NO", {**HOME, **changes}, default=default)
    ).id


def book(store: Store, me: Actor) -> list[tuple[str, bool]]:
    return [(x.id, x.is_default) for x in store.look(lambda uow: addresses.list_addresses(uow, me))]


def test_first_is_default_until_another_is(store: Store) -> None:
    me = customer(store)
    first, second = add(store, me), add(store, me)
    assert book(store, me) == [(first, True), (second, False)]
    third = add(store, me, default=True)
    assert book(store, me) == [(third, True), (second, False), (first, False)]
    store.transact(lambda uow: addresses.make_default(uow, me, first))
    assert book(store, me) == [(first, True), (third, False), (second, False)]
    store.transact(lambda uow: addresses.delete_address(uow, me, first))
    assert book(store, me) == [(third, True), (second, False)]


def test_change_and_read_back(store: Store) -> None:
    me = customer(store)
    wanted = add(store, me)
    changed = store.transact(
        lambda uow: addresses.change_address(uow, me, wanted, "NO", {**HOME, "city": "Bergen"})
    )
    assert changed.id == wanted
    assert changed.address.city == "Bergen"
    assert changed.address.phone == "+4740612345"
    with pytest.raises(Invalid):
        store.transact(lambda uow: addresses.change_address(uow, me, wanted, "NO", {}))


def test_at_most_twenty_even_at_once(store: Store) -> None:
    me = customer(store)
    for _ in range(addresses.MOST - 2):
        add(store, me)
    results = at_once(5, lambda _: add(store, me))
    assert sum(isinstance(result, Conflict) for result in results) == 3
    assert len(book(store, me)) == addresses.MOST


def test_one_default_even_at_once(store: Store) -> None:
    me = customer(store)
    at_once(5, lambda _: add(store, me, default=True))
    assert sum(default for _, default in book(store, me)) == 1


ATTACKS: dict[str, Callable[[UnitOfWork, Actor, str], object]] = {
    "read": addresses.get_address,
    "change": lambda uow, who, x: addresses.change_address(uow, who, x, "NO", HOME),
    "default": addresses.make_default,
    "delete": addresses.delete_address,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_anothers_address_is_not_there(store: Store, attack: str) -> None:
    victim, thief = customer(store, PHONE), customer(store, OTHER_PHONE)
    theirs = add(store, victim)
    answers = []
    for wanted in (theirs, "nothing", "", "' OR 1=1 --"):
        with pytest.raises(StoreError) as refusal:
            store.transact(lambda uow, x=wanted: ATTACKS[attack](uow, thief, x))
        assert isinstance(refusal.value, NotFound)
        answers.append(refusal.value.data())
    assert answers == [answers[0]] * 4
    with pytest.raises(NotSignedIn):
        store.transact(lambda uow: ATTACKS[attack](uow, Actor(kind="guest"), theirs))
    assert book(store, victim) == [(theirs, True)]
