"""Sessions: what the database knows, when they end, and who they turn into."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from storegen.domain.people import sessions, staff
from storegen.models import Customer, Session
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI, Actor
from tests.fixtures.stores import TestClock, statements


def new_customer(store: Store, name: str = "Lin") -> int:
    with store.write() as uow:
        return uow.db.execute(
            insert(Customer).values(name=name, created_at=uow.now).returning(Customer.id)
        ).scalar_one()


def opened(store: Store, **who: int) -> sessions.OpenedSession:
    with store.write() as uow:
        return sessions.open_session(uow, kind="staff" if "staff_id" in who else "customer", **who)


def find(store: Store, token: str, kind: sessions.Kind = "customer") -> sessions.SessionView | None:
    with store.read() as uow:
        return sessions.find_session(uow, token, kind)


def test_found_in_one_query_with_its_owner(store: Store) -> None:
    session = opened(store, customer_id=new_customer(store))
    with statements(store) as ran:
        view = find(store, session.token)
    assert len(ran) == 1
    assert view is not None
    assert (view.name, view.customer_id is not None, view.permissions) == ("Lin", True, frozenset())


def test_token_is_stored_hashed_only(store: Store) -> None:
    session = opened(store)
    with store.read() as uow:
        row = uow.db.execute(select(Session.__table__)).one()
    assert len(session.token) >= 43  # 256 bits
    assert session.token not in str(row)
    assert session.token not in repr(session)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 5000, "' OR 1=1 --" * 4])
def test_strange_tokens_find_nothing(store: Store, token: str) -> None:
    opened(store)
    assert find(store, token) is None


def test_idle_session_ends_and_used_one_goes_on(store: Store, clock: TestClock) -> None:
    used, idle = opened(store), opened(store)
    for _ in range(3):
        clock.move(days=20)
        view = find(store, used.token)
        assert view is not None
        assert view.renew_due
        with store.write() as uow:
            sessions.keep_alive(uow, view)
    assert find(store, idle.token) is None
    clock.move(days=31)
    assert find(store, used.token) is None


def test_no_write_is_asked_for_on_every_page(store: Store, clock: TestClock) -> None:
    session = opened(store)
    clock.move(hours=1)
    view = find(store, session.token)
    assert view is not None
    assert not view.renew_due


def test_staff_session_slides_for_twelve_hours_and_at_most_a_week(
    store: Store, clock: TestClock
) -> None:
    with store.write() as uow:
        staff_id = staff.create_owner(uow, CLI, "owner")
    token = opened(store, staff_id=staff_id).token
    hours = 0
    while (view := find(store, token, "staff")) is not None:
        with store.write() as uow:
            sessions.keep_alive(uow, view)
        clock.move(hours=11)
        hours += 11
    assert 7 * 24 <= hours < 7 * 24 + 12
    left = opened(store, staff_id=staff_id)
    clock.move(hours=12)
    assert find(store, left.token, "staff") is None


def test_a_token_opens_its_own_kind_of_door_only(store: Store) -> None:
    with store.write() as uow:
        staff_id = staff.create_owner(uow, CLI, "owner")
    shopper, worker = (
        opened(store, customer_id=new_customer(store)),
        opened(store, staff_id=staff_id),
    )
    assert find(store, shopper.token, "staff") is None
    assert find(store, worker.token, "customer") is None
    guest = opened(store)
    assert find(store, guest.token, "staff") is None


def test_sign_in_replaces_the_token_and_keeps_the_session(store: Store) -> None:
    planted = opened(store)
    actor = Actor(kind="guest", session_id=planted.id)
    me = new_customer(store)
    with store.write() as uow:
        entered = sessions.enter(uow, actor, customer_id=me)
    assert entered.id == planted.id  # the cart hangs from it
    assert find(store, planted.token) is None  # fixation
    view = find(store, entered.token)
    assert view is not None
    assert view.customer_id == me


def test_another_customer_on_the_same_machine_gets_a_session_of_their_own(store: Store) -> None:
    first, second = new_customer(store), new_customer(store)
    before = opened(store, customer_id=first)
    actor = Actor(kind="customer", customer_id=first, session_id=before.id)
    with store.write() as uow:
        entered = sessions.enter(uow, actor, customer_id=second)
    assert entered.id != before.id
    assert find(store, before.token) is None


def test_a_stale_actor_cannot_turn_somebody_elses_session(store: Store) -> None:
    """The session was taken over by a sign-in after the actor was read."""
    theirs, mine = new_customer(store), new_customer(store)
    session = opened(store, customer_id=theirs)
    stale = Actor(kind="guest", session_id=session.id)
    with store.write() as uow:
        entered = sessions.enter(uow, stale, customer_id=mine)
    assert entered.id != session.id


def test_sign_out_and_sign_out_everywhere(store: Store) -> None:
    me, other = new_customer(store), new_customer(store)
    here, there, theirs = (
        opened(store, customer_id=me),
        opened(store, customer_id=me),
        opened(store, customer_id=other),
    )
    with store.write() as uow:
        assert sessions.sign_out_everywhere(uow, customer_id=me, keep=here.id) == 1
    assert find(store, here.token)
    assert find(store, there.token) is None
    assert find(store, theirs.token)
    with store.write() as uow:
        sessions.sign_out(uow, here.id)
    assert find(store, here.token) is None


def test_closed_account_has_no_sessions(store: Store) -> None:
    me = new_customer(store)
    session = opened(store, customer_id=me)
    with store.write() as uow:
        uow.db.execute(update(Customer).where(Customer.id == me).values(state="closed"))
    assert find(store, session.token) is None


def test_csrf_token_fits_its_session_only(store: Store) -> None:
    one, two = find(store, opened(store).token), find(store, opened(store).token)
    assert one is not None
    assert two is not None
    assert sessions.csrf_matches(one, one.csrf)
    for given in (two.csrf, "", one.csrf[:-1], one.csrf.upper(), "é"):
        assert not sessions.csrf_matches(one, given)


def test_csrf_token_changes_at_sign_in(store: Store) -> None:
    session = opened(store)
    before = find(store, session.token)
    with store.write() as uow:
        entered = sessions.enter(
            uow, Actor(kind="guest", session_id=session.id), customer_id=new_customer_in(uow)
        )
    after = find(store, entered.token)
    assert before is not None
    assert after is not None
    assert before.csrf != after.csrf


def new_customer_in(uow: UnitOfWork) -> int:
    return uow.db.execute(
        insert(Customer).values(created_at=uow.now).returning(Customer.id)
    ).scalar_one()
