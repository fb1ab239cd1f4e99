"""A customer's own account: profile and password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storegen.domain import audit_log, limits
from storegen.domain.people import passwords
from storegen.domain.people.identities import IdentityView, list_identities
from storegen.domain.people.sessions import sign_out_everywhere
from storegen.errors import Invalid, NotFound, NotSignedIn, WrongCredentials
from storegen.models import Customer
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    id: int
    public_id: str
    name: str
    locale: str
    personalised: bool
    has_password: bool
    identities: Sequence[IdentityView]
    created_at: datetime


def profile(uow: UnitOfWork, actor: Actor) -> Profile:
    """The signed-in customer. Raises `NotSignedIn`."""
    customer_id = customer_of(actor)
    row = uow.db.execute(
        select(
            Customer.id,
            Customer.public_id,
            Customer.name,
            Customer.locale,
            Customer.personalised,
            Customer.password_hash.is_not(None).label("has_password"),
            Customer.created_at,
        ).where(Customer.id == customer_id, Customer.state == "active")
    ).one_or_none()
    if row is None:
        raise NotFound("customer")
    return Profile(**row._mapping, identities=list_identities(uow, customer_id))


def change_profile(
    uow: UnitOfWork, actor: Actor, *, name: str | None = None, locale: str | None = None
) -> None:
    """Change the name or language; what is None stays. Raises `Invalid`."""
    values: dict[str, str] = {}
    if name is not None:
        values["name"] = " ".join(name.split())
        if len(values["name"]) > 100 or not values["name"].isprintable():
            raise Invalid({"name": ["not-a-name"]})
    if locale is not None:
        if locale not in uow.store.config.locales:
            raise Invalid({"locale": ["unknown"]})
        values["locale"] = locale
    if values:
        uow.db.execute(update(Customer).where(Customer.id == customer_of(actor)).values(**values))


def change_password(store: Store, actor: Actor, *, old: str, new: str) -> None:
    """Set a password, or another one; every other session of the customer ends.

    ``old`` is needed where there is one (a session left open must not be enough to take the
    account). Takes the store because hashing happens between transactions. Raises
    `WrongCredentials`, `TooMany` or `Invalid`.
    """
    customer_id = customer_of(actor)
    limits.count(store, ("password-change", str(customer_id)))
    present = store.look(lambda uow: profile(uow, actor))
    stored = store.look(lambda uow: _password_hash(uow, customer_id))
    if stored is not None and not passwords.verify(stored, old):
        raise WrongCredentials
    passwords.check_policy(new, *(identity.subject for identity in present.identities))
    hashed = passwords.hash_password(new)

    def work(uow: UnitOfWork) -> bool:
        changed = uow.db.execute(
            update(Customer)
            .where(
                Customer.id == customer_id,
                # NULL-safe: nobody else changed it meanwhile.
                Customer.password_hash.is_not_distinct_from(stored),
            )
            .values(password_hash=hashed)
        )
        if changed.rowcount != 1:
            return False
        sign_out_everywhere(uow, customer_id=customer_id, keep=actor.session_id)
        audit_log.record(uow, actor, "customer.password_changed", "customer", customer_id)
        return True

    if not store.transact(work):
        raise WrongCredentials


def customer_of(actor: Actor) -> int:
    """The signed-in customer's id. Raises `NotSignedIn`."""
    if actor.customer_id is None:
        raise NotSignedIn
    return actor.customer_id


def _password_hash(uow: UnitOfWork, customer_id: int) -> str | None:
    return uow.db.execute(
        select(Customer.password_hash).where(Customer.id == customer_id)
    ).scalar_one()
