"""Staff: one-time links, passwords, and that nobody raises themselves or locks everybody out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from storegen.domain import audit_log
from storegen.domain.people import sessions, staff, staff_sign_in
from storegen.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    StoreError,
    TooMany,
    WrongCode,
    WrongCredentials,
)
from storegen.models import OneTimeCode
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI, Actor
from tests.fixtures.stores import TestClock
from tests.people.conftest import PASSWORD, at_once, passed_until_refused

NOBODY = Actor(kind="guest", channel="admin", network="192.0.2.1")


def owner(store: Store, login: str = "owner") -> int:
    return store.transact(lambda uow: staff.create_owner(uow, CLI, login))


def link(store: Store, login: str = "owner") -> str:
    return store.transact(lambda uow: staff_sign_in.make_admin_link(uow, CLI, login))


def signed_in(store: Store, login: str = "owner") -> Actor:
    return actor_of(store, staff_sign_in.redeem_admin_link(store, NOBODY, link(store, login)).token)


def actor_of(store: Store, token: str) -> Actor:
    with store.read() as uow:
        session = sessions.find_session(uow, token, "staff")
    assert session is not None
    return session.actor()


def test_link_signs_in_once(store: Store) -> None:
    staff_id = owner(store)
    token = link(store, " Owner ")
    actor = actor_of(store, staff_sign_in.redeem_admin_link(store, NOBODY, token).token)
    assert (actor.staff_id, actor.kind, actor.may("orders.refund")) == (staff_id, "staff", True)
    with pytest.raises(WrongCode):
        staff_sign_in.redeem_admin_link(store, NOBODY, token)


def test_link_in_many_hands_lets_one_in(store: Store) -> None:
    owner(store)
    token = link(store)
    results = at_once(6, lambda _: staff_sign_in.redeem_admin_link(store, NOBODY, token))
    assert sum(isinstance(result, sessions.OpenedSession) for result in results) == 1
    assert sum(isinstance(result, WrongCode) for result in results) == 5


def test_link_ends_after_15_minutes_and_when_a_newer_is_made(
    store: Store, clock: TestClock
) -> None:
    owner(store)
    first, second = link(store), link(store)
    with pytest.raises(WrongCode):
        staff_sign_in.redeem_admin_link(store, NOBODY, first)
    clock.move(minutes=15)
    with pytest.raises(WrongCode):
        staff_sign_in.redeem_admin_link(store, NOBODY, second)


def test_link_is_stored_hashed_and_cannot_be_guessed(store: Store) -> None:
    owner(store)
    token = link(store)
    with store.read() as uow:
        assert token not in str(uow.db.execute(select(OneTimeCode.__table__)).one())

    def guess(number: int) -> None:
        with pytest.raises(WrongCode):
            staff_sign_in.redeem_admin_link(store, NOBODY, f"guess-{number}")

    assert passed_until_refused(guess) == 30


def test_password_signs_in_and_guessing_is_limited(store: Store) -> None:
    owner(store)
    me = signed_in(store)
    staff_sign_in.set_staff_password(store, me, old="", new=PASSWORD)
    opened = staff_sign_in.sign_in_staff(store, NOBODY, " OWNER", PASSWORD)
    assert actor_of(store, opened.token).staff_id == me.staff_id

    def guess(number: int) -> None:
        who = Actor(kind="guest", network=f"198.51.100.{number}")
        with pytest.raises(WrongCredentials):
            staff_sign_in.sign_in_staff(store, who, "owner", f"guess {number}")

    assert passed_until_refused(guess) == 10
    with pytest.raises(TooMany):
        staff_sign_in.sign_in_staff(store, NOBODY, "owner", PASSWORD)


def test_same_refusal_for_unknown_wrong_inactive_and_no_password(store: Store) -> None:
    boss = owner(store)
    owner(store, "without")
    staff_sign_in.set_staff_password(store, signed_in(store), old="", new=PASSWORD)
    owner(store, "gone")
    gone = signed_in(store, "gone")
    staff_sign_in.set_staff_password(store, gone, old="", new=PASSWORD)
    store.transact(lambda uow: staff.deactivate(uow, CLI, gone.staff_id or 0))
    assert boss
    for login, password in [
        ("owner", "wrong"),
        ("nobody", PASSWORD),
        ("without", ""),
        ("gone", PASSWORD),
    ]:
        with pytest.raises(WrongCredentials) as refusal:
            staff_sign_in.sign_in_staff(store, NOBODY, login, password)
        assert refusal.value.data() == {}


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(store: Store) -> None:
    owner(store)
    here = signed_in(store)
    staff_sign_in.set_staff_password(store, here, old="", new=PASSWORD)
    there = staff_sign_in.sign_in_staff(store, NOBODY, "owner", PASSWORD)
    with pytest.raises(WrongCredentials):
        staff_sign_in.set_staff_password(store, here, old="", new="another long one")
    with pytest.raises(Invalid):
        staff_sign_in.set_staff_password(store, here, old=PASSWORD, new="short")
    staff_sign_in.set_staff_password(store, here, old=PASSWORD, new="another long one")
    with store.read() as uow:
        assert sessions.find_session(uow, there.token, "staff") is None


def test_deactivation_works_at_once(store: Store) -> None:
    owner(store)
    clerk = store.transact(
        lambda uow: staff.create_staff(uow, CLI, "clerk", permissions=["orders.ship"])
    )
    opened = staff_sign_in.redeem_admin_link(store, NOBODY, link(store, "clerk"))
    waiting = link(store, "clerk")
    store.transact(lambda uow: staff.deactivate(uow, CLI, clerk))
    with store.read() as uow:
        assert sessions.find_session(uow, opened.token, "staff") is None
    with pytest.raises(WrongCode):
        staff_sign_in.redeem_admin_link(store, NOBODY, waiting)
    with pytest.raises(NotFound):
        link(store, "clerk")


def test_permissions_change_with_the_next_request(store: Store) -> None:
    owner(store)
    clerk = store.transact(
        lambda uow: staff.create_staff(uow, CLI, "clerk", permissions=["orders.ship"])
    )
    opened = staff_sign_in.redeem_admin_link(store, NOBODY, link(store, "clerk"))
    assert not actor_of(store, opened.token).may("orders.refund")
    store.transact(lambda uow: staff.set_permissions(uow, CLI, clerk, ["orders.refund"]))
    now = actor_of(store, opened.token)
    assert now.may("orders.refund")
    assert not now.may("orders.ship")


RAISES: dict[str, Callable[[UnitOfWork, Actor, int, int], object]] = {
    "make an owner": lambda uow, me, _, __: staff.create_owner(uow, me, "friend"),
    "give what one has not": lambda uow, me, mine, _: staff.set_permissions(
        uow, me, mine, ["staff.edit", "orders.refund"]
    ),
    "become an owner": lambda uow, me, mine, _: staff.set_permissions(uow, me, mine, ["*"]),
    "cut the owner down": lambda uow, me, _, boss: staff.set_permissions(uow, me, boss, []),
    "shut the owner out": lambda uow, me, _, boss: staff.deactivate(uow, me, boss),
    "a link as the owner": lambda uow, me, _, __: staff_sign_in.make_admin_link(uow, me, "owner"),
    "forget the owner's password": lambda uow, me, _, boss: staff.clear_staff_password(
        uow, me, boss
    ),
}


@pytest.mark.parametrize("attack", RAISES)
def test_nobody_raises_themselves(store: Store, attack: str) -> None:
    boss = owner(store)
    store.transact(lambda uow: staff.create_staff(uow, CLI, "chief", permissions=["staff.edit"]))
    chief = signed_in(store, "chief")
    with pytest.raises(NotAllowed):
        store.transact(lambda uow: RAISES[attack](uow, chief, chief.staff_id or 0, boss))


@pytest.mark.parametrize("attack", RAISES)
@pytest.mark.parametrize(
    "actor",
    [Actor(kind="guest"), Actor(kind="customer", customer_id=1), Actor(kind="staff", staff_id=9)],
    ids=str,
)
def test_others_manage_nobody(store: Store, attack: str, actor: Actor) -> None:
    boss = owner(store)
    with pytest.raises(NotAllowed):
        store.transact(lambda uow: RAISES[attack](uow, actor, boss, boss))


@pytest.mark.usefixtures("slow_commit")
def test_an_owner_is_always_left_even_at_once(store: Store) -> None:
    both = owner(store, "one"), owner(store, "two")
    results = at_once(2, lambda n: store.transact(lambda uow: staff.deactivate(uow, CLI, both[n])))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    with store.read() as uow:
        [left] = [x.id for x in staff.list_staff(uow, CLI) if x.active]
    with pytest.raises(Conflict):
        store.transact(lambda uow: staff.set_permissions(uow, CLI, left, []))


@pytest.mark.parametrize("login", ["", "x", "with space", "line\nbreak", "a" * 300])
def test_strange_logins_are_refused(store: Store, login: str) -> None:
    with pytest.raises(Invalid):
        owner(store, login)


def test_a_login_is_one_persons(store: Store) -> None:
    owner(store)
    with pytest.raises(StoreError) as refusal:
        owner(store, "OWNER")
    assert refusal.value.data() == {"reason": "login-taken"}


def test_what_was_done_is_written_down(store: Store) -> None:
    boss = owner(store)
    signed_in(store)
    with store.read() as uow:
        done = audit_log.history(uow, "staff", boss)
        [listed] = staff.list_staff(uow, CLI)
    assert [entry.action for entry in done] == [
        "staff.signed_in",
        "staff.link_made",
        "staff.created",
    ]
    assert done[0].actor == f"staff:{boss}"  # nobody else had come in yet
    assert (done[-1].actor, done[-1].data) == ("system", {"permissions": ["*"]})
    assert (listed.login, listed.permissions, listed.has_password) == ("owner", ("*",), False)
