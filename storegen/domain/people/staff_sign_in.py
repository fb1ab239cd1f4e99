"""How staff get into the back office: a one-time link from the command line, or a password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select, update

from storegen.domain import audit_log, limits
from storegen.domain.people import passwords
from storegen.domain.people.sessions import OpenedSession, enter, sign_out_everywhere
from storegen.domain.people.staff import LINK_PURPOSE, drop_links, may_give, require
from storegen.errors import NotFound, NotSignedIn, WrongCode, WrongCredentials
from storegen.models import OneTimeCode, Staff
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

LINK_VALID_FOR = timedelta(minutes=15)


def make_admin_link(uow: UnitOfWork, actor: Actor, login: str) -> str:
    """The token of a link that signs ``login`` in once within 15 minutes; earlier links end.

    Only its hash is stored. Opening the link should show a button that redeems it with a POST:
    mail scanners and chat previews follow links. Raises `NotFound`.
    """
    staff = uow.db.execute(
        select(Staff.id, Staff.permissions).where(
            Staff.login == login.strip().lower(), Staff.active.is_(True)
        )
    ).one_or_none()
    require(actor)
    if staff is None:
        raise NotFound("staff")
    may_give(actor, staff.permissions)
    drop_links(uow, staff.id)
    token = secrets.token_urlsafe(32)
    uow.db.execute(
        insert(OneTimeCode).values(
            purpose=LINK_PURPOSE,
            subject=str(staff.id),
            code_hash=_hash(token),
            created_at=uow.now,
            expires_at=uow.now + LINK_VALID_FOR,
        )
    )
    audit_log.record(uow, actor, "staff.link_made", "staff", staff.id)
    return token


def redeem_admin_link(store: Store, actor: Actor, token: str) -> OpenedSession:
    """Sign in by a link; of several that bring it, one gets in. Raises `WrongCode`, `TooMany`."""
    limits.count(store, ("staff-link-network", limits.network_of(actor.network)))

    def work(uow: UnitOfWork) -> OpenedSession:
        used = uow.db.execute(
            update(OneTimeCode)
            .where(
                OneTimeCode.purpose == LINK_PURPOSE,
                OneTimeCode.code_hash == _hash(token),
                OneTimeCode.used_at.is_(None),
                OneTimeCode.expires_at > uow.now,
            )
            .values(used_at=uow.now)
            .returning(OneTimeCode.subject)
        ).scalar_one_or_none()
        if used is None or not _is_active(uow, int(used)):
            raise WrongCode
        _record_sign_in(uow, actor, int(used), "link")
        return enter(uow, actor, staff_id=int(used))

    return store.transact(work)


def sign_in_staff(store: Store, actor: Actor, login: str, password: str) -> OpenedSession:
    """Sign in with a password. Raises `WrongCredentials` (never saying why) or `TooMany`."""
    login = login.strip().lower()[:255]
    limits.count(
        store,
        ("staff-sign-in", login),
        ("staff-sign-in-network", limits.network_of(actor.network)),
    )
    found = store.look(
        lambda uow: uow.db.execute(
            select(Staff.id, Staff.password_hash).where(
                Staff.login == login, Staff.active.is_(True)
            )
        ).one_or_none()
    )
    stored = found.password_hash if found else None
    if not passwords.verify(stored, password) or found is None or stored is None:
        raise WrongCredentials
    newer = passwords.hash_password(password) if passwords.needs_rehash(stored) else stored

    def work(uow: UnitOfWork) -> OpenedSession:
        same = uow.db.execute(
            update(Staff)
            .where(Staff.id == found.id, Staff.password_hash == stored, Staff.active.is_(True))
            .values(password_hash=newer)
        )
        if same.rowcount != 1:
            raise WrongCredentials
        limits.forget(uow, "staff-sign-in", login)
        _record_sign_in(uow, actor, found.id, "password")
        return enter(uow, actor, staff_id=found.id)

    return store.transact(work)


def set_staff_password(store: Store, actor: Actor, *, old: str, new: str) -> None:
    """Set the signed-in staff member's own password; their other sessions end.

    ``old`` is needed where there is one; who forgot it gets a new one by `clear_staff_password`
    and a link. Raises `WrongCredentials`, `TooMany` or `Invalid`.
    """
    if actor.staff_id is None:
        raise NotSignedIn
    staff_id = actor.staff_id
    limits.count(store, ("password-change", f"staff {staff_id}"))
    row = store.look(
        lambda uow: uow.db.execute(
            select(Staff.login, Staff.password_hash).where(Staff.id == staff_id)
        ).one()
    )
    if row.password_hash is not None and not passwords.verify(row.password_hash, old):
        raise WrongCredentials
    passwords.check_policy(new, row.login)
    hashed = passwords.hash_password(new)

    def work(uow: UnitOfWork) -> None:
        uow.db.execute(update(Staff).where(Staff.id == staff_id).values(password_hash=hashed))
        sign_out_everywhere(uow, staff_id=staff_id, keep=actor.session_id)
        audit_log.record(uow, actor, "staff.password_changed", "staff", staff_id)

    store.transact(work)


def _record_sign_in(uow: UnitOfWork, actor: Actor, staff_id: int, by: str) -> None:
    """Who came was nobody yet; the log names who came in."""
    known = replace(actor, kind="staff", staff_id=staff_id)
    audit_log.record(uow, known, "staff.signed_in", "staff", staff_id, by=by)


def _is_active(uow: UnitOfWork, staff_id: int) -> bool:
    found = uow.db.execute(select(Staff.active).where(Staff.id == staff_id)).scalar_one_or_none()
    return bool(found)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
