"""Sessions: an opaque 256-bit token for the visitor, its SHA-256 for the database.

The token is a cookie on the web and a Bearer token in the API. At sign-in it is replaced, so that
a token planted before (session fixation) is worth nothing afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from sqlalchemy import RowMapping, and_, delete, func, insert, or_, select, update

from storegen.domain.keyed_hash import keyed_hash
from storegen.models import Customer, Session, Staff
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

Kind = Literal["customer", "staff"]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Ends ``idle`` after the last use and ``whole`` after its beginning, whichever is first.

    The last use is written down at most every ``renew``, so that reading pages writes nothing.
    """

    idle: timedelta
    whole: timedelta
    renew: timedelta


LIFETIMES: Mapping[Kind, Lifetime] = MappingProxyType(
    {
        "customer": Lifetime(timedelta(days=30), timedelta(days=365), timedelta(days=1)),
        "staff": Lifetime(timedelta(hours=12), timedelta(days=7), timedelta(minutes=5)),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session that is in force, with what every request asks about its owner.

    ``csrf`` goes into forms on pages rendered for this person; ``renew_due`` asks the caller to
    run `keep_alive` in a write unit.
    """

    id: int
    kind: Kind
    channel: str
    customer_id: int | None
    staff_id: int | None
    name: str
    locale: str
    permissions: frozenset[str]
    personalised: bool
    created_at: datetime
    expires_at: datetime
    renew_due: bool
    csrf: str = field(repr=False)

    def actor(self, *, network: str = "", locale: str = "", channel: str = "") -> Actor:
        """Who acts in a request of this session."""
        kind: Literal["guest", "customer", "staff"] = "guest"
        if self.staff_id is not None:
            kind = "staff"
        elif self.customer_id is not None:
            kind = "customer"
        return Actor(
            kind=kind,
            channel=channel or self.channel,
            customer_id=self.customer_id,
            staff_id=self.staff_id,
            session_id=self.id,
            locale=locale or self.locale,
            permissions=self.permissions,
            network=network,
        )


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """``token`` goes to the visitor, and is known nowhere else."""

    id: int
    token: str = field(repr=False)
    expires_at: datetime


def open_session(
    uow: UnitOfWork,
    *,
    kind: Kind = "customer",
    channel: str = "web",
    customer_id: int | None = None,
    staff_id: int | None = None,
) -> OpenedSession:
    """Begin a session; without a customer or staff member it is a guest's."""
    token = secrets.token_urlsafe(32)
    expires_at = uow.now + LIFETIMES[kind].idle
    session_id = uow.db.execute(
        insert(Session)
        .values(
            token_hash=_hash(token),
            kind=kind,
            channel=channel,
            customer_id=customer_id,
            staff_id=staff_id,
            created_at=uow.now,
            seen_at=uow.now,
            expires_at=expires_at,
        )
        .returning(Session.id)
    ).scalar_one()
    return OpenedSession(session_id, token, expires_at)


def find_session(uow: UnitOfWork, token: str, kind: Kind = "customer") -> SessionView | None:
    """The session of ``token`` in one query; None when it is unknown, over, of the other kind, or
    its owner's account is closed or no longer active."""
    if not 20 <= len(token) <= 100:
        return None
    found = uow.db.execute(
        select(
            Session,
            Customer.name.label("customer_name"),
            Customer.locale.label("customer_locale"),
            Customer.personalised,
            Staff.name.label("staff_name"),
            Staff.permissions,
        )
        .outerjoin(Customer, Customer.id == Session.customer_id)
        .outerjoin(Staff, Staff.id == Session.staff_id)
        .where(
            Session.token_hash == _hash(token),
            Session.kind == kind,
            Session.expires_at > uow.now,
            or_(Session.customer_id.is_(None), Customer.state == "active"),
            or_(
                and_(Session.kind == "customer", Session.staff_id.is_(None)),
                and_(Session.kind == "staff", Staff.active.is_(True)),
            ),
        )
    ).one_or_none()
    return None if found is None else _view(uow, found._mapping, kind)


def _view(uow: UnitOfWork, found: RowMapping, kind: Kind) -> SessionView:
    lifetime = LIFETIMES[kind]
    ends: datetime = found["created_at"] + lifetime.whole
    return SessionView(
        id=found["id"],
        kind=kind,
        channel=found["channel"],
        customer_id=found["customer_id"],
        staff_id=found["staff_id"],
        name=found["staff_name"] or found["customer_name"] or "",
        locale=found["customer_locale"] or "",
        permissions=frozenset(found["permissions"] or ()),
        personalised=found["personalised"] is not False,
        created_at=found["created_at"],
        expires_at=found["expires_at"],
        renew_due=uow.now >= found["seen_at"] + lifetime.renew and found["expires_at"] < ends,
        csrf=csrf_token(uow.store, found["token_hash"]),
    )


def keep_alive(uow: UnitOfWork, session: SessionView) -> datetime:
    """Note that the session was used; returns its new end, for the cookie."""
    lifetime = LIFETIMES[session.kind]
    expires_at = min(uow.now + lifetime.idle, session.created_at + lifetime.whole)
    uow.db.execute(
        update(Session)
        .where(Session.id == session.id)
        .values(seen_at=uow.now, expires_at=expires_at)
    )
    return expires_at


def enter(
    uow: UnitOfWork, actor: Actor, *, customer_id: int | None = None, staff_id: int | None = None
) -> OpenedSession:
    """The session of somebody who has just proved who they are.

    A guest's session stays the same row (its cart hangs from it) under a new token; somebody
    else's is ended and a new one begun, so that nothing of theirs passes over.
    """
    kind: Kind = "customer" if staff_id is None else "staff"
    if actor.session_id is not None and (actor.kind == "staff") == (kind == "staff"):
        if kind == "customer" and actor.customer_id in (None, customer_id):
            rotated = _rotate(uow, actor.session_id, customer_id)
            if rotated is not None:
                return rotated
        sign_out(uow, actor.session_id)
    return open_session(
        uow, kind=kind, channel=actor.channel, customer_id=customer_id, staff_id=staff_id
    )


def _rotate(uow: UnitOfWork, session_id: int, customer_id: int | None) -> OpenedSession | None:
    token = secrets.token_urlsafe(32)
    expires_at = uow.now + LIFETIMES["customer"].idle
    changed = uow.db.execute(
        update(Session)
        .where(
            Session.id == session_id,
            Session.kind == "customer",
            or_(Session.customer_id.is_(None), Session.customer_id == customer_id),
        )
        .values(
            token_hash=_hash(token),
            customer_id=customer_id,
            created_at=uow.now,
            seen_at=uow.now,
            expires_at=expires_at,
        )
    )
    return OpenedSession(session_id, token, expires_at) if changed.rowcount == 1 else None


def sign_out(uow: UnitOfWork, session_id: int) -> None:
    """End one session; its token is worth nothing from the commit on."""
    uow.db.execute(delete(Session).where(Session.id == session_id))


def sign_out_everywhere(
    uow: UnitOfWork,
    *,
    customer_id: int | None = None,
    staff_id: int | None = None,
    keep: int | None = None,
) -> int:
    """End all sessions of one person, but not session ``keep``. Returns how many ended."""
    if (customer_id is None) == (staff_id is None):
        raise ValueError("name one person")
    whose = Session.customer_id == customer_id if staff_id is None else Session.staff_id == staff_id
    ended = delete(Session).where(whose)
    if keep is not None:
        ended = ended.where(Session.id != keep)
    return uow.db.execute(ended).rowcount


def count_sessions(uow: UnitOfWork, customer_id: int) -> int:
    """How many places a customer is signed in at."""
    return uow.db.execute(
        select(func.count())
        .select_from(Session)
        .where(Session.customer_id == customer_id, Session.expires_at > uow.now)
    ).scalar_one()


def csrf_token(store: Store, token_hash: str) -> str:
    """The token of a session's forms: nothing to store, useless in any other session."""
    return keyed_hash(store, "csrf", token_hash)


def csrf_matches(session: SessionView, given: str) -> bool:
    """Whether a form carries its session's token; compared in constant time."""
    return hmac.compare_digest(session.csrf.encode(), given.encode())


def _hash(token: str) -> str:
    # Plain SHA-256 will do: 256 random bits cannot be found by trying.
    return hashlib.sha256(token.encode()).hexdigest()
