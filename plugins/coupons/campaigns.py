"""Campaigns (templates): written by staff, versioned, and never changed for what is out."""

from __future__ import annotations

from typing import Any, Literal, get_args

from sqlalchemy import insert, select, update
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.tables import Template, TemplateVersion
from storegen_plugins.coupons.terms import Terms

from storegen.sdk import (
    Actor,
    Conflict,
    Forbidden,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    random_id,
)
from storegen.sdk.lookups import audit

VIEW, EDIT = "coupons.view", "coupons.edit"
CENTRE = "coupons"
"""The tag of every public page or piece that shows campaigns."""

State = Literal["draft", "live", "paused", "closed"]
STATES: tuple[State, ...] = get_args(State)
_MOVES: dict[str, tuple[State, ...]] = {
    "live": ("draft", "paused"),
    "paused": ("live",),
    "closed": ("draft", "live", "paused"),
}


def create(uow: UnitOfWork, actor: Actor, name: str, terms: Terms) -> str:
    """A new campaign in state draft; its public id. Raises `Invalid`."""
    _may(actor)
    terms.check()
    public_id = random_id()
    template_id = uow.db.execute(
        insert(Template)
        .values(
            public_id=public_id,
            name=_name(name),
            state="draft",
            version=1,
            issued=0,
            created_at=uow.now,
            updated_at=uow.now,
            **_columns(terms),
        )
        .returning(Template.id)
    ).scalar_one()
    _snapshot(uow, actor, template_id, 1, terms)
    audit(uow, actor, "coupons.create", "coupon_template", public_id)
    return public_id


def edit(uow: UnitOfWork, actor: Actor, public_id: str, name: str, terms: Terms) -> int:
    """New terms for what is issued from now on; the new version. What is out keeps its rules.

    Raises `Invalid`, also for a total below what is out, and `Forbidden` for a closed campaign.
    """
    _may(actor)
    terms.check()
    row = one(uow, public_id, lock=True)
    if row.state == "closed":
        raise Forbidden("coupon_template", row.state, "edit")
    if terms.total is not None and terms.total < row.issued:
        raise Invalid({"total": "below-issued"})
    if row.state != "draft" and terms.channel != row.channel:
        raise Invalid({"channel": "fixed"})
    version = int(row.version) + 1
    uow.db.execute(
        update(Template)
        .where(Template.id == row.id)
        .values(name=_name(name), version=version, updated_at=uow.now, **_columns(terms))
    )
    _snapshot(uow, actor, row.id, version, terms)
    audit(uow, actor, "coupons.edit", "coupon_template", public_id, version=version)
    uow.touch(CENTRE)
    return version


def move(uow: UnitOfWork, actor: Actor, public_id: str, state: State) -> None:
    """Go live, pause, close. Raises `Forbidden` for a move that there is not."""
    _may(actor)
    row = one(uow, public_id, lock=True)
    if row.state not in _MOVES.get(state, ()):
        raise Forbidden("coupon_template", row.state, state)
    done = uow.db.execute(
        update(Template)
        .where(Template.id == row.id, Template.state == row.state)
        .values(state=state, updated_at=uow.now)
    )
    if done.rowcount != 1:
        raise Conflict("changed")
    audit(uow, actor, f"coupons.{state}", "coupon_template", public_id)
    uow.touch(CENTRE)


def one(uow: UnitOfWork, public_id: str, *, lock: bool = False) -> Any:
    """The template's row. Raises `NotFound`."""
    statement = select(Template.__table__).where(Template.public_id == public_id)
    row = uow.db.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise NotFound("coupon_template")
    return row


def terms_of(row: Any) -> Terms:
    """The terms that a template's row says now."""
    return Terms(
        rules=Rules.from_json(row.rules),
        **{name: getattr(row, name) for name in _PLAIN},
    )


_PLAIN = (
    "channel",
    "total",
    "per_customer",
    "per_day",
    "claim_from",
    "claim_until",
    "validity",
    "valid_from",
    "valid_until",
    "days",
    "gift_from",
    "listed",
)


def _columns(terms: Terms) -> dict[str, Any]:
    return {"rules": terms.rules.to_json(), **{name: getattr(terms, name) for name in _PLAIN}}


def _snapshot(uow: UnitOfWork, actor: Actor, template_id: int, version: int, terms: Terms) -> None:
    uow.db.execute(
        insert(TemplateVersion).values(
            template_id=template_id,
            version=version,
            terms=terms.to_json(),
            at=uow.now,
            actor=str(actor),
        )
    )


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 120:
        raise Invalid({"name": "too-long" if name else "required"})
    return name


def _may(actor: Actor) -> None:
    if not actor.may(EDIT):
        raise NotAllowed(EDIT)
