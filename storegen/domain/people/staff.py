"""Who works in the back office, and what they may do there. How they get in: `staff_sign_in`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from storegen.domain import audit_log
from storegen.domain.people.sessions import sign_out_everywhere
from storegen.domain.upsert import insert_new
from storegen.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
)
from storegen.models import OneTimeCode, Staff
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

LINK_PURPOSE = "staff_link"
MANAGE = "staff.edit"
"""The permission to make, change and deactivate staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffView:
    """A staff member as the back office lists them; ``permissions``: strings, or ``*``."""

    id: int
    public_id: str
    login: str
    name: str
    permissions: tuple[str, ...]
    active: bool
    has_password: bool


def list_staff(uow: UnitOfWork, actor: Actor) -> Sequence[StaffView]:
    """Everybody who has or had access, by login. Raises `NotAllowed`."""
    require(actor)
    rows = uow.db.execute(
        select(
            Staff.id,
            Staff.public_id,
            Staff.login,
            Staff.name,
            Staff.permissions,
            Staff.active,
            Staff.password_hash.is_not(None).label("has_password"),
        ).order_by(Staff.login)
    ).mappings()
    return [StaffView(**{**row, "permissions": tuple(row["permissions"])}) for row in rows]


def create_staff(
    uow: UnitOfWork, actor: Actor, login: str, *, permissions: Iterable[str], name: str = ""
) -> int:
    """Make a staff member; they get in by `make_admin_link`. Returns the id.

    Raises `Conflict` ("login-taken"), `Invalid`, and `NotAllowed` also for permissions that the
    actor has not got: nobody raises themselves through another.
    """
    require(actor)
    wanted = sorted(set(permissions))
    may_give(actor, wanted)
    login = _login(login)
    staff_id = insert_new(
        uow.db,
        Staff,
        {
            "login": login,
            "name": name.strip()[:100],
            "permissions": wanted,
            "created_at": uow.now,
        },
        keys=("login",),
    )
    if staff_id is None:
        raise Conflict("login-taken")
    audit_log.record(uow, actor, "staff.created", "staff", staff_id, permissions=wanted)
    return int(staff_id)


def create_owner(uow: UnitOfWork, actor: Actor, login: str, *, name: str = "") -> int:
    """Make a staff member who may do everything."""
    return create_staff(uow, actor, login, permissions=["*"], name=name)


def set_permissions(
    uow: UnitOfWork, actor: Actor, staff_id: int, permissions: Iterable[str]
) -> None:
    """Give a staff member other permissions, in force from their next request.

    Raises `Conflict` ("last-owner") rather than leave a shop that nobody can manage.
    """
    require(actor)
    wanted = sorted(set(permissions))
    may_give(actor, wanted)
    before = _lock(uow, staff_id)
    may_give(actor, before)  # an owner is not cut down by somebody below
    uow.db.execute(update(Staff).where(Staff.id == staff_id).values(permissions=wanted))
    _keep_an_owner(uow)
    audit_log.record(
        uow, actor, "staff.permissions", "staff", staff_id,
        before={"permissions": sorted(before)}, after={"permissions": wanted},
    )  # fmt: skip


def deactivate(uow: UnitOfWork, actor: Actor, staff_id: int) -> None:
    """Take somebody's access away: sessions and links end at once. Raises as `set_permissions`."""
    require(actor)
    may_give(actor, _lock(uow, staff_id))
    uow.db.execute(update(Staff).where(Staff.id == staff_id).values(active=False))
    _keep_an_owner(uow)
    sign_out_everywhere(uow, staff_id=staff_id)
    drop_links(uow, staff_id)
    audit_log.record(uow, actor, "staff.deactivated", "staff", staff_id)


def clear_staff_password(uow: UnitOfWork, actor: Actor, staff_id: int) -> None:
    """Forget a password that its owner forgot; a link lets them set another."""
    require(actor)
    may_give(actor, _lock(uow, staff_id))
    uow.db.execute(update(Staff).where(Staff.id == staff_id).values(password_hash=None))
    sign_out_everywhere(uow, staff_id=staff_id)
    audit_log.record(uow, actor, "staff.password_cleared", "staff", staff_id)


def require(actor: Actor) -> None:
    """Raises `NotAllowed` for whoever may not manage staff."""
    if not actor.may(MANAGE):
        raise NotAllowed(MANAGE)


def may_give(actor: Actor, permissions: Iterable[str]) -> None:
    """Raises `NotAllowed` for permissions that the actor has not got."""
    for permission in permissions:
        if not actor.may(permission):
            raise NotAllowed(permission)


def _login(text: str) -> str:
    login = text.strip().lower()
    if not 2 <= len(login) <= 255 or not login.isprintable() or " " in login:
        raise Invalid({"login": ["not-a-login"]})
    return login


def _lock(uow: UnitOfWork, staff_id: int) -> list[str]:
    # All rows, always in the same order: two owners who deactivate each other at once must not
    # both find the other one still there.
    rows = uow.db.execute(select(Staff.id, Staff.permissions).order_by(Staff.id).with_for_update())
    found = {row.id: row.permissions for row in rows}
    if staff_id not in found:
        raise NotFound("staff")
    return list(found[staff_id])


def _keep_an_owner(uow: UnitOfWork) -> None:
    active = uow.db.execute(select(Staff.permissions).where(Staff.active.is_(True))).scalars()
    if not any("*" in permissions for permissions in active):
        raise Conflict("last-owner")


def drop_links(uow: UnitOfWork, staff_id: int) -> None:
    """End the one-time links of a staff member."""
    uow.db.execute(
        delete(OneTimeCode).where(
            OneTimeCode.purpose == LINK_PURPOSE, OneTimeCode.subject == str(staff_id)
        )
    )
