"""By what a customer is recognised: rows of phone numbers and e-mail addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update

from storegen.domain import audit_log, contact, limits, outbox
from storegen.domain.contact import Provider, Subject
from storegen.domain.people import codes
from storegen.domain.people.guest_orders import claim_guest_orders
from storegen.domain.people.sessions import sign_out_everywhere
from storegen.domain.upsert import insert_new
from storegen.errors import Conflict, NotFound, NotSignedIn, WrongCode
from storegen.models import Customer, CustomerAddress, CustomerIdentity
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """``verified_at`` is None where nobody has proved yet that it is theirs."""

    id: int
    provider: str
    subject: str
    verified_at: datetime | None


def list_identities(uow: UnitOfWork, customer_id: int) -> Sequence[IdentityView]:
    """A customer's identities, the oldest first."""
    rows = uow.db.execute(
        select(
            CustomerIdentity.id,
            CustomerIdentity.provider,
            CustomerIdentity.subject,
            CustomerIdentity.verified_at,
        )
        .where(CustomerIdentity.customer_id == customer_id)
        .order_by(CustomerIdentity.id)
    )
    return [IdentityView(**row._mapping) for row in rows]


def customer_for(uow: UnitOfWork, actor: Actor, subject: Subject) -> tuple[int, bool]:
    """The customer whose proven ``subject`` this is, made if there is none; (id, is new).

    Call only after a code for ``subject`` was redeemed. An account that somebody opened under it
    without proof is not simply entered: see `_prove`.
    """
    while True:
        found = find(uow, subject)
        if found is not None and found.verified_at is not None:
            return found.customer_id, False
        if found is not None:
            return _prove(uow, actor, subject, found.id, found.customer_id)
        customer_id = create_customer(uow, actor)
        if attach(uow, customer_id, subject, verified=True):
            return customer_id, True
        # A rival made it at this moment: use theirs.
        uow.db.execute(delete(Customer).where(Customer.id == customer_id))


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    customer_id: int
    password_hash: str | None
    verified_at: datetime | None


def find(uow: UnitOfWork, subject: Subject) -> Found | None:
    """The identity row of ``subject`` with its customer's password hash."""
    row = uow.db.execute(
        select(
            CustomerIdentity.id,
            CustomerIdentity.customer_id,
            Customer.password_hash,
            CustomerIdentity.verified_at,
        )
        .join(Customer, Customer.id == CustomerIdentity.customer_id)
        .where(
            CustomerIdentity.provider == subject.provider,
            CustomerIdentity.app_id == "",
            CustomerIdentity.subject == subject.value,
        )
    ).one_or_none()
    return None if row is None else Found(**row._mapping)


def create_customer(uow: UnitOfWork, actor: Actor) -> int:
    """A new account, whose identity is attached in the same unit; plugins hear of it."""
    customer_id: int = uow.db.execute(
        insert(Customer).values(locale=actor.locale, created_at=uow.now).returning(Customer.id)
    ).scalar_one()
    outbox.emit(uow, "customer.registered", {"customer_id": customer_id})
    return customer_id


def attach(uow: UnitOfWork, customer_id: int, subject: Subject, *, verified: bool) -> bool:
    """Give a customer an identity; False when anybody has it already."""
    made = insert_new(
        uow.db,
        CustomerIdentity,
        {
            "customer_id": customer_id,
            "provider": subject.provider,
            "subject": subject.value,
            "verified_at": uow.now if verified else None,
        },
        keys=("provider", "app_id", "subject"),
    )
    return made is not None


def add_identity(
    store: Store, actor: Actor, provider: Provider, text: str, code: str
) -> IdentityView:
    """Attach a phone or e-mail to the signed-in customer, proved by a code for this account
    (`codes.request_code` with `codes.identity_purpose`).

    Raises `WrongCode`, `TooMany`, and `Conflict` ("identity-taken") when it is another account's,
    which only its owner can learn.
    """
    customer_id = _customer(actor)
    subject = contact.parse_subject(store, text, provider)
    limits.count(
        store,
        ("code-try", str(subject)),
        ("code-try-network", limits.network_of(actor.network)),
    )

    def work(uow: UnitOfWork) -> bool:
        if not codes.redeem(uow, subject, code, purpose=codes.identity_purpose(customer_id)):
            return False
        if not attach(uow, customer_id, subject, verified=True):
            confirmed = uow.db.execute(
                update(CustomerIdentity)
                .where(
                    CustomerIdentity.provider == subject.provider,
                    CustomerIdentity.app_id == "",
                    CustomerIdentity.subject == subject.value,
                    # Mine, or somebody's who never proved it, as I just did.
                    or_(
                        CustomerIdentity.customer_id == customer_id,
                        CustomerIdentity.verified_at.is_(None),
                    ),
                )
                .values(customer_id=customer_id, verified_at=uow.now)
            )
            if not confirmed.rowcount:
                raise Conflict("identity-taken")
        claim_guest_orders(uow, customer_id)
        audit_log.record(
            uow, actor, "customer.identity_added", "customer", customer_id, provider=provider
        )
        return True

    if not store.transact(work):
        raise WrongCode
    mine = store.look(lambda uow: list_identities(uow, customer_id))
    return next(identity for identity in mine if identity.subject == subject.value)


def remove_identity(uow: UnitOfWork, actor: Actor, identity_id: int) -> None:
    """Take an identity off the signed-in customer's account.

    Raises `NotFound` for another's and `Conflict` ("last-identity") when nothing would be left to
    sign in by.
    """
    customer_id = _customer(actor)
    # The row lock makes two removals at once wait for each other, or none would be left.
    password_hash = uow.db.execute(
        select(Customer.password_hash).where(Customer.id == customer_id).with_for_update()
    ).scalar_one()
    mine = list_identities(uow, customer_id)
    if identity_id not in [identity.id for identity in mine]:
        raise NotFound("identity")
    left = [identity for identity in mine if identity.id != identity_id]
    if not any(identity.verified_at is not None or password_hash for identity in left):
        raise Conflict("last-identity")
    uow.db.execute(delete(CustomerIdentity).where(CustomerIdentity.id == identity_id))
    audit_log.record(uow, actor, "customer.identity_removed", "customer", customer_id)


def _prove(
    uow: UnitOfWork, actor: Actor, subject: Subject, identity_id: int, customer_id: int
) -> tuple[int, bool]:
    """Somebody proved an address under which an account was opened without proof.

    Whoever opened it may be somebody else, lying in wait with a password (account pre-hijacking).
    So its password, sessions and address book go; and where the account has a proven identity of
    its own, it keeps all that and only loses this one.
    """
    others = [
        identity
        for identity in list_identities(uow, customer_id)
        if identity.verified_at is not None and identity.id != identity_id
    ]
    if others:
        owner = create_customer(uow, actor)
        uow.db.execute(
            update(CustomerIdentity)
            .where(CustomerIdentity.id == identity_id)
            .values(customer_id=owner, verified_at=uow.now)
        )
        audit_log.record(uow, actor, "customer.identity_reclaimed", "customer", customer_id)
        return owner, True
    uow.db.execute(
        update(CustomerIdentity)
        .where(CustomerIdentity.id == identity_id)
        .values(verified_at=uow.now)
    )
    uow.db.execute(update(Customer).where(Customer.id == customer_id).values(password_hash=None))
    uow.db.execute(delete(CustomerAddress).where(CustomerAddress.customer_id == customer_id))
    sign_out_everywhere(uow, customer_id=customer_id)
    audit_log.record(uow, actor, "customer.identity_proved", "customer", customer_id)
    return customer_id, False


def _customer(actor: Actor) -> int:
    if actor.customer_id is None:
        raise NotSignedIn
    return actor.customer_id
