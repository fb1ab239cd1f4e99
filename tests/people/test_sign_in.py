"""Signing in: fixation, oracles, brute force, lying in wait, carts and guest orders."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, insert, select, update

from storegen.domain.people import consents, customers, passwords, sessions, sign_in
from storegen.errors import Conflict, Invalid, StoreError, TooMany, WrongCode, WrongCredentials
from storegen.models import Cart, Customer, CustomerIdentity, Order, OrderContact, Session
from storegen.store import Store
from storegen.values.actor import Actor
from tests.fixtures.stores import TestClock
from tests.people.conftest import (
    EMAIL,
    OTHER_PHONE,
    PASSWORD,
    PHONE,
    as_actor,
    ask_code,
    at_once,
    customer,
    guest,
    last_code,
    passed_until_refused,
    wrong,
)


def registered(store: Store, text: str = EMAIL, password: str = PASSWORD) -> sign_in.SignedIn:
    actor = guest(store)
    code = ask_code(store, actor, text)
    return sign_in.register_with_password(store, actor, text, password, code=code)


def by_password(store: Store, text: str, password: str, **who: str) -> sign_in.SignedIn:
    return sign_in.sign_in_with_password(store, guest(store, **who), text, password)


def test_first_code_makes_the_account_and_later_ones_find_it(
    store: Store, clock: TestClock
) -> None:
    actor = guest(store)
    first = sign_in.sign_in_by_code(store, actor, PHONE, ask_code(store, actor, PHONE))
    clock.move(seconds=61)
    actor = guest(store)
    again = sign_in.sign_in_by_code(store, actor, "138 0013 8000", ask_code(store, actor, PHONE))
    assert (first.is_new, again.is_new) == (True, False)
    assert first.customer_id == again.customer_id


def test_token_planted_before_sign_in_is_dead_after_it(store: Store) -> None:
    with store.write() as uow:
        planted = sessions.open_session(uow)
    victim = Actor(kind="guest", session_id=planted.id, locale="en")
    done = sign_in.sign_in_by_code(store, victim, PHONE, ask_code(store, victim, PHONE))
    with store.read() as uow:
        assert sessions.find_session(uow, planted.token) is None
        view = sessions.find_session(uow, done.session.token)
    assert view is not None
    assert view.customer_id == done.customer_id


def test_a_client_without_a_session_gets_one(store: Store) -> None:
    actor = Actor(kind="guest", channel="api")
    done = sign_in.sign_in_by_code(store, actor, PHONE, ask_code(store, actor, PHONE))
    assert as_actor(store, done.session.token).channel == "api"


def test_the_guests_cart_comes_along(store: Store) -> None:
    actor = guest(store)
    with store.write() as uow:
        uow.db.execute(
            insert(Cart).values(session_id=actor.session_id, created_at=uow.now, updated_at=uow.now)
        )
    done = sign_in.sign_in_by_code(store, actor, PHONE, ask_code(store, actor, PHONE))
    with store.read() as uow:
        assert uow.db.execute(select(Cart.customer_id)).scalar_one() == done.customer_id


@pytest.mark.parametrize("contact", [{"phone": PHONE}, {"email": EMAIL}])
def test_guest_orders_come_to_whoever_proves_the_contact(
    store: Store, make_order: Callable[..., int], contact: dict[str, str]
) -> None:
    order_id = make_order(**contact)
    stranger = customer(store, OTHER_PHONE)
    assert _owner(store, order_id) is None
    owner = customer(store, next(iter(contact.values())))
    assert _owner(store, order_id) == owner.customer_id != stranger.customer_id


def test_another_customers_order_is_never_claimed(
    store: Store, make_order: Callable[..., int]
) -> None:
    buyer = customer(store, OTHER_PHONE)
    gift = make_order(customer_id=buyer.customer_id, phone=PHONE)
    customer(store, PHONE)
    assert _owner(store, gift) == buyer.customer_id


def test_unproven_identity_claims_nothing(live_store: Store) -> None:
    with live_store.write() as uow:
        order = insert(Order).values(
            number="1", token="1", currency="CNY", state="completed", prices_include_tax=True,
            goods=1, total=1, payable=1, placed_at=uow.now,
        )  # fmt: skip
        order_id = uow.db.execute(order.returning(Order.id)).scalar_one()
        uow.db.execute(insert(OrderContact).values(order_id=order_id, email=EMAIL))
    sign_in.register_with_password(live_store, guest(live_store), EMAIL, PASSWORD)
    by_password(live_store, EMAIL, PASSWORD)
    assert _owner(live_store, order_id) is None


def test_accepted_texts_are_written_down_once(store: Store, clock: TestClock) -> None:
    for versions in (["1"], ["1"], ["1", "2"]):
        actor = guest(store)
        accepted = [("terms", version) for version in versions]
        done = sign_in.sign_in_by_code(
            store, actor, PHONE, ask_code(store, actor, PHONE), accepted=accepted
        )
        clock.move(seconds=61)
    with store.read() as uow:
        present = consents.current(uow, done.customer_id)
        assert (present["terms"].version, present["terms"].granted) == ("2", True)
        required = {"terms": "2", "privacy": "1"}
        assert consents.missing(uow, done.customer_id, required) == ("privacy",)


def test_personalisation_switches_off_and_is_remembered(store: Store, clock: TestClock) -> None:
    me = customer(store)
    with store.write() as uow:
        consents.set_personalisation(uow, me, False)
    with store.read() as uow:
        assert not customers.profile(uow, me).personalised
        assert not consents.current(uow, me.customer_id or 0)["personalisation"].granted


# --- passwords -----------------------------------------------------------------------------------


def test_password_signs_in(store: Store) -> None:
    done = registered(store)
    assert by_password(store, "LIN@example.com ", PASSWORD).customer_id == done.customer_id


def test_same_refusal_for_unknown_wrong_and_no_password(store: Store) -> None:
    registered(store)
    customer(store, OTHER_PHONE)  # has no password
    answers = [
        _refusal(lambda text=text: by_password(store, text, "wrong password"))
        for text in (EMAIL, "nobody@example.com", OTHER_PHONE)
    ]
    assert answers == [(WrongCredentials, {})] * 3


def test_same_time_for_unknown_and_wrong() -> None:
    hashed = passwords.hash_password(PASSWORD)

    def took(stored: str | None) -> float:
        times = []
        for _ in range(9):
            start = time.thread_time()
            assert not passwords.verify(stored, "wrong password")
            times.append(time.thread_time() - start)
        return statistics.median(times)

    known, unknown = took(hashed), took(None)
    assert known * 0.5 < unknown < known * 2
    assert not passwords.needs_rehash(passwords._NOBODYS)


def test_brute_force_on_one_account_ends_after_ten(store: Store, clock: TestClock) -> None:
    registered(store)

    def attempt(number: int) -> None:
        with pytest.raises(WrongCredentials):
            by_password(store, EMAIL, f"guess {number}", network=f"192.0.2.{number}")

    assert passed_until_refused(attempt) == 10
    with pytest.raises(TooMany) as refusal:
        by_password(store, EMAIL, PASSWORD)  # right or wrong, so that it tells nothing
    clock.move(seconds=refusal.value.retry_after)
    assert by_password(store, EMAIL, PASSWORD)


def test_parallel_guesses_are_all_counted(store: Store) -> None:
    registered(store)
    results = at_once(16, lambda n: by_password(store, EMAIL, "wrong", network=f"198.51.100.{n}"))
    assert sum(isinstance(result, WrongCredentials) for result in results) == 10
    assert sum(isinstance(result, TooMany) for result in results) == 6


def test_one_password_against_many_accounts_is_limited_by_network(store: Store) -> None:
    spray = guest(store, network="198.51.100.9")

    def attempt(number: int) -> None:
        with pytest.raises(WrongCredentials):
            sign_in.sign_in_with_password(store, spray, f"u{number}@example.com", PASSWORD)

    assert passed_until_refused(attempt) == 60


def test_success_clears_the_accounts_count(store: Store) -> None:
    registered(store)
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(WrongCredentials):
                by_password(store, EMAIL, "wrong")
        assert by_password(store, EMAIL, PASSWORD)


def test_old_hash_is_made_anew_at_sign_in(store: Store) -> None:
    done = registered(store)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with store.write() as uow:
        uow.db.execute(
            update(Customer).where(Customer.id == done.customer_id).values(password_hash=weak)
        )
    by_password(store, EMAIL, PASSWORD)
    with store.read() as uow:
        stored = uow.db.execute(select(Customer.password_hash)).scalar_one()
    assert stored is not None
    assert stored != weak
    assert not passwords.needs_rehash(stored)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "too-short"),
        ("x" * 129, "too-long"),
        ("Password1", "too-common"),
        ("aaaaaaaaaa", "too-common"),
        ("ababababab", "too-common"),
        (EMAIL.upper(), "like-the-name"),
        ("lin", "too-short"),
    ],
)
def test_weak_passwords_are_refused(store: Store, password: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        sign_in.register_with_password(store, guest(store), EMAIL, password, code="000000")
    assert refusal.value.problems == {"password": [reason]}


def test_full_width_and_plain_are_one_password() -> None:
    stored = passwords.hash_password("ｃorrect horse １２")
    assert passwords.verify(stored, "correct horse 12")


def test_an_endless_password_costs_no_more(store: Store) -> None:
    registered(store)
    with pytest.raises(WrongCredentials):
        by_password(store, EMAIL, PASSWORD * 10_000)


def test_registering_needs_the_code_where_the_shop_can_send_one(store: Store) -> None:
    actor = guest(store)
    code = ask_code(store, actor, EMAIL)
    for given in ("", wrong(code)):
        with pytest.raises(WrongCode):
            sign_in.register_with_password(store, actor, EMAIL, PASSWORD, code=given)
    with store.read() as uow:
        assert uow.db.execute(select(func.count()).select_from(Customer)).scalar_one() == 0


def test_registering_answers_alike_whether_the_account_exists(
    store: Store, clock: TestClock
) -> None:
    registered(store)
    clock.move(seconds=61)
    answers = []
    for text in (EMAIL, "new@example.com"):
        actor = guest(store)
        code = ask_code(store, actor, text)
        answers.append(
            _refusal(
                lambda actor=actor, text=text, code=code: sign_in.register_with_password(
                    store, actor, text, PASSWORD, code=wrong(code)
                )
            )
        )
    assert answers == [(WrongCode, {})] * 2


def test_forgotten_password_by_code_ends_other_sessions(store: Store, clock: TestClock) -> None:
    old = registered(store)
    clock.move(seconds=61)
    new = registered(store, password="another fine secret")
    assert new.customer_id == old.customer_id
    with store.read() as uow:
        assert sessions.find_session(uow, old.session.token) is None
        assert sessions.find_session(uow, new.session.token) is not None
    with pytest.raises(WrongCredentials):
        by_password(store, EMAIL, PASSWORD)


def test_without_a_channel_a_password_alone_opens_an_unproven_account(live_store: Store) -> None:
    done = sign_in.register_with_password(live_store, guest(live_store), EMAIL, PASSWORD)
    assert done.is_new
    with live_store.read() as uow:
        assert uow.db.execute(select(CustomerIdentity.verified_at)).scalar_one() is None
    with pytest.raises(Conflict) as refusal:
        sign_in.register_with_password(live_store, guest(live_store), EMAIL, "another secret")
    assert refusal.value.reason == "identity-taken"
    with live_store.read() as uow:  # nothing of the refused one is left
        assert uow.db.execute(select(func.count()).select_from(Customer)).scalar_one() == 1
    assert by_password(live_store, EMAIL, PASSWORD).customer_id == done.customer_id


def test_registering_at_once_makes_one_account(live_store: Store) -> None:
    results = at_once(
        6,
        lambda n: sign_in.register_with_password(
            live_store, guest(live_store, network=f"192.0.2.{n}"), EMAIL, PASSWORD
        ),
    )
    assert sum(isinstance(result, sign_in.SignedIn) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5


def test_who_lies_in_wait_under_anothers_address_loses_the_account(
    store: Store, clock: TestClock
) -> None:
    """Account pre-hijacking: opened without proof, later entered by the address's owner."""
    with store.write() as uow:
        squatter = uow.db.execute(
            insert(Customer)
            .values(created_at=uow.now, password_hash=passwords.hash_password(PASSWORD))
            .returning(Customer.id)
        ).scalar_one()
        uow.db.execute(
            insert(CustomerIdentity).values(customer_id=squatter, provider="email", subject=EMAIL)
        )
    planted = by_password(store, EMAIL, PASSWORD)
    owner = guest(store, network="203.0.113.5")
    sign_in.sign_in_by_code(store, owner, EMAIL, ask_code(store, owner, EMAIL))
    with pytest.raises(WrongCredentials):
        by_password(store, EMAIL, PASSWORD)
    with store.read() as uow:
        assert sessions.find_session(uow, planted.session.token) is None


def test_changing_the_password(store: Store) -> None:
    done = registered(store)
    me = as_actor(store, done.session.token)
    elsewhere = by_password(store, EMAIL, PASSWORD)
    with pytest.raises(WrongCredentials):
        customers.change_password(store, me, old="wrong", new="a new long secret")
    customers.change_password(store, me, old=PASSWORD, new="a new long secret")
    with store.read() as uow:
        assert sessions.find_session(uow, done.session.token) is not None
        assert sessions.find_session(uow, elsewhere.session.token) is None
    assert by_password(store, EMAIL, "a new long secret")


def test_a_session_left_open_cannot_guess_the_password(store: Store) -> None:
    me = as_actor(store, registered(store).session.token)

    def attempt(number: int) -> None:
        with pytest.raises(WrongCredentials):
            customers.change_password(store, me, old=f"guess {number}", new="a new long secret")

    assert passed_until_refused(attempt) == 10


def test_a_signed_in_person_can_enter_another_account(store: Store) -> None:
    first = customer(store, PHONE)
    done = sign_in.sign_in_by_code(store, first, EMAIL, ask_code(store, first, EMAIL))
    assert done.customer_id != first.customer_id
    with store.read() as uow:
        owners = uow.db.execute(select(Session.customer_id)).scalars().all()
    assert owners == [done.customer_id]


def test_secrets_do_not_show_in_what_sign_in_returns(store: Store) -> None:
    done = registered(store)
    assert done.session.token not in repr(done)
    assert last_code(store, EMAIL) not in repr(done)


def _owner(store: Store, order_id: int) -> int | None:
    with store.read() as uow:
        return uow.db.execute(select(Order.customer_id).where(Order.id == order_id)).scalar_one()


def _refusal(work: Callable[[], object]) -> tuple[type[StoreError], dict[str, object]]:
    with pytest.raises(StoreError) as refusal:
        work()
    return type(refusal.value), refusal.value.data()
