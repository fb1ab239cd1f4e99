"""Customers sign in: by a one-time code, or with a password.

These verbs take the store, not a unit of work: a failed try must stay counted, and a password is
hashed while no transaction is open (on SQLite it would hold up every other writer).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import update

from storegen.domain import contact, limits
from storegen.domain.carts.merging import merge_carts
from storegen.domain.contact import Provider, Subject
from storegen.domain.messages import channels_available
from storegen.domain.people import codes, consents, identities, passwords
from storegen.domain.people.guest_orders import claim_guest_orders
from storegen.domain.people.sessions import OpenedSession, enter, sign_out_everywhere
from storegen.errors import Conflict, WrongCode, WrongCredentials
from storegen.models import Customer
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

Accepted = Iterable[tuple[str, str]]
"""(kind, version) of texts that the form asked to accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """``session`` replaces the visitor's; its token is to be set now. ``is_new``: first time."""

    customer_id: int
    session: OpenedSession
    is_new: bool = False


def sign_in_by_code(
    store: Store,
    actor: Actor,
    text: str,
    code: str,
    *,
    provider: Provider | None = None,
    accepted: Accepted = (),
) -> SignedIn:
    """Sign in whoever holds the phone or mailbox ``text``; makes the account the first time.

    Raises `WrongCode`, `TooMany` or `Invalid`.
    """
    subject = contact.parse_subject(store, text, provider)
    _count_code_try(store, actor, subject)

    def work(uow: UnitOfWork) -> SignedIn | None:
        if not codes.redeem(uow, subject, code):
            return None  # commits, so that the code's tries are counted
        customer_id, is_new = identities.customer_for(uow, actor, subject)
        return _enter(uow, actor, customer_id, accepted, is_new=is_new)

    done = store.transact(work)
    if done is None:
        raise WrongCode
    return done


def sign_in_with_password(
    store: Store, actor: Actor, text: str, password: str, *, accepted: Accepted = ()
) -> SignedIn:
    """Sign in by phone or e-mail and password.

    Raises `WrongCredentials` alike, and after the same time, for a wrong password, an unknown
    name and an account without a password; `TooMany` after too many tries, right or wrong.
    """
    subject = contact.parse_subject(store, text)
    limits.count(
        store,
        ("sign-in", str(subject)),
        ("sign-in-network", limits.network_of(actor.network)),
    )
    found = store.look(lambda uow: identities.find(uow, subject))
    stored = found.password_hash if found else None
    if not passwords.verify(stored, password) or found is None or stored is None:
        raise WrongCredentials
    newer = passwords.hash_password(password) if passwords.needs_rehash(stored) else stored

    def work(uow: UnitOfWork) -> SignedIn | None:
        # Only if it is still this password: it may have been changed since it was read.
        same = uow.db.execute(
            update(Customer)
            .where(
                Customer.id == found.customer_id,
                Customer.password_hash == stored,
                Customer.state == "active",
            )
            .values(password_hash=newer)
        )
        if same.rowcount != 1:
            return None
        limits.forget(uow, "sign-in", str(subject))
        return _enter(uow, actor, found.customer_id, accepted)

    done = store.transact(work)
    if done is None:
        raise WrongCredentials
    return done


def register_with_password(
    store: Store,
    actor: Actor,
    text: str,
    password: str,
    *,
    code: str = "",
    accepted: Accepted = (),
) -> SignedIn:
    """Open an account with a password; with a code, also the way back for a forgotten one.

    Where the shop can reach ``text``, a sign-in code is required, and whoever holds it gets the
    account and its new password whether there was one or not: the answer tells strangers nothing.
    Where it cannot, the identity stays unproven and a taken one is a `Conflict`
    ("identity-taken"). Raises also `WrongCode`, `TooMany` and `Invalid` (a weak password).
    """
    subject = contact.parse_subject(store, text)
    passwords.check_policy(password, subject.value)
    limits.count(store, ("register-network", limits.network_of(actor.network)))
    proves = subject.channel in channels_available(store)
    if proves:
        _count_code_try(store, actor, subject)
    hashed = passwords.hash_password(password)

    def work(uow: UnitOfWork) -> SignedIn | None:
        if proves:
            if not codes.redeem(uow, subject, code):
                return None
            customer_id, is_new = identities.customer_for(uow, actor, subject)
            sign_out_everywhere(uow, customer_id=customer_id)
            limits.forget(uow, "sign-in", str(subject))
        else:
            customer_id, is_new = identities.create_customer(uow, actor), True
            if not identities.attach(uow, customer_id, subject, verified=False):
                raise Conflict("identity-taken")
        uow.db.execute(
            update(Customer).where(Customer.id == customer_id).values(password_hash=hashed)
        )
        return _enter(uow, actor, customer_id, accepted, is_new=is_new)

    done = store.transact(work)
    if done is None:
        raise WrongCode
    return done


def after_sign_in(uow: UnitOfWork, session_id: int, customer_id: int) -> None:
    """What follows every sign-in: the guest's cart and proven orders become the customer's."""
    merge_carts(uow, session_id, customer_id)
    claim_guest_orders(uow, customer_id)


def _enter(
    uow: UnitOfWork, actor: Actor, customer_id: int, accepted: Accepted, *, is_new: bool = False
) -> SignedIn:
    session = enter(uow, actor, customer_id=customer_id)
    consents.record_all(uow, actor, customer_id, accepted)
    after_sign_in(uow, session.id, customer_id)
    return SignedIn(customer_id=customer_id, session=session, is_new=is_new)


def _count_code_try(store: Store, actor: Actor, subject: Subject) -> None:
    limits.count(
        store,
        ("code-try", str(subject)),
        ("code-try-network", limits.network_of(actor.network)),
    )
