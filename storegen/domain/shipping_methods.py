"""Freight templates as staff edit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storegen.domain.audit_log import record
from storegen.domain.settings import SHELL
from storegen.domain.translations import write_texts
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import ShippingMethod, random_id
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.shipping import FreightZone

ENTITY = "shipping_method"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodText:
    """A method as it should be. ``code`` is how orders remember it and does not change later.
    ``tax_bp``: basis points, 0 for the shop's own rate; ``days``: first and last, or None."""

    code: str
    title: str
    measure: Literal["weight", "pieces", "amount"]
    zones: Sequence[FreightZone]
    tax_bp: int = 0
    days: tuple[int, int] | None = None
    pickup: bool = False
    active: bool = True
    position: int = 0


def save_method(uow: UnitOfWork, actor: Actor, method: MethodText, public_id: str = "") -> str:
    """Write a method, a new one without ``public_id``; returns its public id.

    Raises `NotAllowed`, `NotFound`, `Conflict` ("code-taken"), `Invalid`: a method that is no
    pick-up needs a zone, and the first day comes before the last.
    """
    if not actor.may("settings.edit"):
        raise NotAllowed("settings.edit")
    if not method.zones and not method.pickup:
        raise Invalid({"zones": "required"})
    if method.days is not None and method.days[0] > method.days[1]:
        raise Invalid({"last_day": "not-possible"})
    values = {
        "title": method.title,
        "measure": method.measure,
        "zones": [{**asdict(zone), "places": list(zone.places)} for zone in method.zones],
        "tax_bp": method.tax_bp,
        "days": list(method.days) if method.days else [],
        "pickup": method.pickup,
        "active": method.active,
        "position": method.position,
    }
    if public_id:
        done = uow.db.execute(
            update(ShippingMethod).where(ShippingMethod.public_id == public_id).values(**values)
        )
        if done.rowcount != 1:
            raise NotFound("shipping_method")
    else:
        public_id = random_id()
        try:
            with uow.db.begin_nested():
                uow.db.execute(
                    insert(ShippingMethod).values(public_id=public_id, code=method.code, **values)
                )
        except IntegrityError:
            raise Conflict("code-taken") from None
    record(
        uow, actor, "shipping_method.save", "shipping_method", public_id, zones=values["zones"],
        active=method.active,
    )  # fmt: skip
    uow.touch(SHELL)
    return public_id


def delete_method(uow: UnitOfWork, actor: Actor, public_id: str) -> None:
    """Take a method away. Orders keep its code and title; a cart that had chosen it chooses anew.

    Raises `NotAllowed`, `NotFound`, `Conflict` ("last-method"): the last one that is offered stays,
    since a shop that cannot deliver cannot take orders.
    """
    if not actor.may("settings.edit"):
        raise NotAllowed("settings.edit")
    row = uow.db.execute(
        select(ShippingMethod.id, ShippingMethod.code, ShippingMethod.active)
        .where(ShippingMethod.public_id == public_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("shipping_method")
    others = select(func.count()).where(ShippingMethod.active, ShippingMethod.id != row.id)
    if row.active and not uow.db.scalar(others):
        raise Conflict("last-method")
    uow.db.execute(delete(ShippingMethod).where(ShippingMethod.id == row.id))
    write_texts(uow, ENTITY, row.id, {"title": {}})
    record(uow, actor, "shipping_method.delete", "shipping_method", public_id, code=row.code)
    uow.touch(SHELL)
