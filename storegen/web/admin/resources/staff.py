"""Staff: who works here and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from marshmallow import Schema
from sqlalchemy import select, update

from storegen.domain.audit_log import record
from storegen.domain.people import staff
from storegen.models import Staff
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.web.admin import fields
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Fact,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
    registry,
)
from storegen.web.admin.resources.listing import HOUSE, one
from storegen.web.context import current
from storegen.web.plugins import admin

TITLES: Mapping[str, str] = {
    "*": "Everything (owner)",
    "orders.view": "See orders",
    "orders.edit": "Change orders: notes, payments by hand, cancel",
    "orders.ship": "Ship",
    "orders.refund": "Refund and decide after-sales",
    "customers.view": "See customers",
    "products.view": "See products",
    "products.edit": "Change products and categories",
    "pages.view": "See pages",
    "pages.edit": "Change pages and the home page",
    "settings.view": "See settings",
    "settings.edit": "Change settings and delivery",
    "staff.edit": "Manage staff",
    "audit.view": "See the audit log",
    "jobs.view": "See jobs and messages",
    "jobs.edit": "Try jobs again",
    "plugins.view": "See plugins",
    "plugins.edit": "Change settings of plugins",
}


def rows(uow: UnitOfWork, query: Query) -> Listing:
    found = uow.db.execute(
        select(
            Staff.public_id, Staff.login, Staff.name, Staff.permissions, Staff.active,
            Staff.created_at,
        ).order_by(Staff.login)
    )  # fmt: skip
    return Listing(
        rows=[
            Row(
                key=row.public_id,
                cells={
                    "login": row.login,
                    "name": row.name,
                    "permissions": list(row.permissions),
                    "active": "on" if row.active else "off",
                    "created_at": row.created_at,
                },
            )
            for row in found
        ]
    )


def _one(uow: UnitOfWork, key: str) -> Any:
    return one(uow, Staff, key, "staff")


def detail(ask: Ask) -> Detail:
    row = _one(ask.uow, ask.key)
    active = ["permissions", "clear-password", "deactivate"]
    return Detail(
        title=row.name or row.login,
        marks=("on" if row.active else "off",),
        verbs=active if row.active else ["activate"],
        facts=(
            Fact(title="Sign-in name", value=row.login, kind="code"),
            Fact(title="Has a password", value=row.password_hash is not None, kind="flag"),
            Fact(title="Since", value=row.created_at, kind="moment"),
        ),
    )


def _choices() -> list[tuple[str, str]]:
    known = registry(current_app._get_current_object()).permissions()  # type: ignore[attr-defined]
    context = current()
    own = [(name, TITLES.get(name, name)) for name in ("*", *known)]
    return [*own, *admin.permissions(context.store, context.locale).items()]


def _create_form(ask: Ask) -> Schema:
    return fields.form(
        login=fields.text(
            "Sign-in name", 255, required=True, help="An e-mail address, for example."
        ),
        name=fields.text("Name", 100),
        permissions=fields.several("May do", _choices()),
    )


def _create(call: Call) -> Done:
    given = call.values

    def work(uow: UnitOfWork) -> str:
        staff_id = staff.create_staff(
            uow,
            call.actor,
            given["login"],
            permissions=given["permissions"],
            name=given["name"],
        )
        return str(uow.db.scalar(select(Staff.public_id).where(Staff.id == staff_id)))

    key = call.store.transact(work)
    return Done(
        said="Made. Their one-time link comes from the command line: storegen admin-link.", key=key
    )


def _permissions_form(ask: Ask) -> Schema:
    return fields.form(permissions=fields.several("May do", _choices()))


def _permissions(call: Call) -> Done:
    wanted = call.values["permissions"]
    call.store.transact(
        lambda uow: staff.set_permissions(uow, call.actor, _one(uow, call.key).id, wanted)
    )
    return Done(said="The permissions are saved.")


def _clear(call: Call) -> Done:
    call.store.transact(
        lambda uow: staff.clear_staff_password(uow, call.actor, _one(uow, call.key).id)
    )
    return Done(said="The password is forgotten, and they are signed out everywhere.")


def _deactivate(call: Call) -> Done:
    call.store.transact(lambda uow: staff.deactivate(uow, call.actor, _one(uow, call.key).id))
    return Done(said="They cannot sign in any more.")


def activate(uow: UnitOfWork, actor: Actor, staff_id: int) -> None:
    """Let somebody back in, without a password until they set one. Raises `NotAllowed`."""
    staff.require(actor)
    row = uow.db.execute(select(Staff.permissions).where(Staff.id == staff_id)).one()
    staff.may_give(actor, row.permissions)
    uow.db.execute(
        update(Staff).where(Staff.id == staff_id).values(active=True, password_hash=None)
    )
    record(uow, actor, "staff.activated", "staff", staff_id)


def _activate(call: Call) -> Done:
    call.store.transact(lambda uow: activate(uow, call.actor, _one(uow, call.key).id))
    return Done(said="They may come in again, by a one-time link.")


RESOURCE = Resource(
    name="staff",
    title="Staff",
    permission="staff.edit",
    group=HOUSE,
    icon="staff",
    list=rows,
    detail=detail,
    columns=(
        Column(name="login", title="Sign-in name", main=True),
        Column(name="name", title="Name"),
        Column(name="permissions", title="May do", kind="tags"),
        Column(name="active", title="Access", kind="state"),
        Column(name="created_at", title="Since", kind="moment"),
    ),
    create=Verb(
        name="new", title="New staff member", permission="staff.edit", schema=_create_form,
        run=_create,
    ),
    verbs=(
        Verb(
            name="permissions",
            title="Save permissions",
            permission="staff.edit",
            schema=_permissions_form,
            initial=lambda ask: {"permissions": list(_one(ask.uow, ask.key).permissions)},
            run=_permissions,
            place="inline",
        ),
        Verb(
            name="clear-password",
            title="Forget the password",
            permission="staff.edit",
            confirm="They are signed out everywhere and need a one-time link to come in again.",
            run=_clear,
        ),
        Verb(
            name="deactivate",
            title="Take away access",
            permission="staff.edit",
            confirm="They are signed out at once and cannot come in again.",
            run=_deactivate,
            danger=True,
        ),
        Verb(
            name="activate",
            title="Give access again",
            permission="staff.edit",
            confirm="They may come in again, by a one-time link.",
            run=_activate,
        ),
    ),
)  # fmt: skip
