"""`apply`: the one door through which a cart changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, delete, func, insert, select, update

from storegen.domain.carts.extras import (
    AddCoupon,
    RemoveCoupon,
    SetAttribute,
    attributes_after,
    coupons_after,
)
from storegen.domain.carts.loading import of_actor
from storegen.domain.stock import POOL
from storegen.errors import Conflict, Invalid, NotForSale, NotFound, SoldOut
from storegen.models import Cart, CartLine, Product, Stock, Variant, random_id
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

__all__ = [
    "MAX_LINES",
    "MAX_QUANTITY",
    "AddCoupon",
    "AddLine",
    "Change",
    "RemoveCoupon",
    "SetAttribute",
    "SetDelivery",
    "SetNote",
    "SetQuantity",
    "apply",
    "attributes_key",
    "check_quantity",
    "create",
    "set_attribute",
]

MAX_QUANTITY = 999
MAX_LINES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLine:
    """Put ``quantity`` more of a variant (public id) into the cart."""

    variant: str
    quantity: int = 1
    offer: str = "list"
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuantity:
    """A line's (public id) new quantity; 0 takes it out."""

    line: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDelivery:
    """Where it goes, as far as known, and how."""

    destination: Mapping[str, str] | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNote:
    note: str


Change = AddLine | SetQuantity | SetDelivery | SetNote | AddCoupon | RemoveCoupon | SetAttribute


def create(uow: UnitOfWork, actor: Actor) -> tuple[int, str]:
    """A new empty cart for the actor: its id and public id."""
    public_id = random_id(26)
    made = uow.db.execute(
        insert(Cart)
        .values(
            public_id=public_id,
            session_id=None if actor.customer_id else actor.session_id,
            customer_id=actor.customer_id,
            channel=actor.channel,
            coupons=[],
            destination={},
            attributes={},
            created_at=uow.now,
            updated_at=uow.now,
        )
        .returning(Cart.id)
    ).scalar_one()
    return made, public_id


def apply(uow: UnitOfWork, actor: Actor, change: Change, public_id: str | None = None) -> str:
    """Change the actor's cart (made when something is put into it) or the one with this id; its
    public id.

    Raises `NotFound`, `NotForSale`, `SoldOut` (less is there than wanted), `Invalid`.
    """
    make = isinstance(change, AddLine | AddCoupon | SetAttribute)
    cart_id, cart_public_id = _find(uow, actor, public_id, make=make)
    values: dict[str, Any] = {}
    match change:
        case AddLine():
            _add(uow, cart_id, change)
        case SetQuantity():
            _set_quantity(uow, cart_id, change)
        case SetDelivery():
            if change.destination is not None:
                values["destination"] = dict(change.destination)
            if change.method is not None:
                values["shipping_method"] = change.method
        case SetNote():
            values["note"] = change.note[:1000]
        case AddCoupon() | RemoveCoupon():
            values["coupons"] = coupons_after(uow, cart_id, change)
        case SetAttribute():
            values["attributes"] = attributes_after(uow, cart_id, change)
    uow.db.execute(
        update(Cart)
        .where(Cart.id == cart_id)
        .values(version=Cart.version + 1, updated_at=uow.now, **values)
    )
    return cart_public_id


def _find(uow: UnitOfWork, actor: Actor, public_id: str | None, *, make: bool) -> tuple[int, str]:
    where = of_actor(actor) if public_id is None else Cart.public_id == public_id
    row = uow.db.execute(
        select(Cart.id, Cart.public_id, Cart.customer_id, Cart.state)
        .where(where)
        .order_by(Cart.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if row is None and public_id is None and make:
        return create(uow, actor)
    if row is None or row.customer_id not in (None, actor.customer_id):
        raise NotFound("cart")
    if row.state != "open":
        raise Conflict("cart-closed")
    return row.id, row.public_id


def check_quantity(quantity: object) -> int:
    """A whole number of pieces from 1 to `MAX_QUANTITY`, or `Invalid`."""
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise Invalid({"quantity": "not-a-number"})
    if not 1 <= quantity <= MAX_QUANTITY:
        raise Invalid({"quantity": "out-of-range"})
    return quantity


def attributes_key(attributes: Mapping[str, str]) -> str:
    if not attributes:
        return ""
    text = json.dumps(attributes, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def set_attribute(uow: UnitOfWork, actor: Actor, plugin: str, name: str, value: str) -> str:
    """Keep ``value`` with the actor's cart as ``<plugin>.<name>``, where the plugin's hooks find it
    (``CartView.attributes``); "" forgets it. Answers the cart's public id.

    Raises `Invalid` for a bad name, more than 500 characters or too many attributes.
    """
    return apply(uow, actor, SetAttribute(plugin=plugin, name=name, value=value))


def _add(uow: UnitOfWork, cart_id: int, change: AddLine) -> None:
    quantity = check_quantity(change.quantity)
    variant = _variant(uow, Variant.public_id == change.variant)
    if variant is None:
        raise NotForSale(change.variant)
    _check_for_sale(variant)
    key = attributes_key(change.attributes)
    line = uow.db.execute(
        select(CartLine.id, CartLine.quantity).where(
            CartLine.cart_id == cart_id,
            CartLine.variant_id == variant.id,
            CartLine.offer == change.offer,
            CartLine.attributes_key == key,
        )
    ).one_or_none()
    wanted = quantity + (line.quantity if line else 0)
    check_quantity(min(wanted, MAX_QUANTITY + 1))
    _check_enough(variant, wanted)
    if line is not None:
        uow.db.execute(update(CartLine).where(CartLine.id == line.id).values(quantity=wanted))
        return
    lines = uow.db.scalar(
        select(func.count()).select_from(CartLine).where(CartLine.cart_id == cart_id)
    )
    if (lines or 0) >= MAX_LINES:
        raise Invalid({"lines": "too-many"})
    uow.db.execute(
        insert(CartLine).values(
            public_id=random_id(),
            cart_id=cart_id,
            variant_id=variant.id,
            offer=change.offer,
            attributes=dict(change.attributes),
            attributes_key=key,
            quantity=wanted,
        )
    )


def _set_quantity(uow: UnitOfWork, cart_id: int, change: SetQuantity) -> None:
    this_line = and_(CartLine.public_id == change.line, CartLine.cart_id == cart_id)
    line = uow.db.execute(
        select(CartLine.id, CartLine.variant_id, CartLine.quantity).where(this_line)
    ).one_or_none()
    if line is None:
        raise NotFound("line")
    if change.quantity == 0 and not isinstance(change.quantity, bool):
        uow.db.execute(delete(CartLine).where(this_line))
        return
    quantity = check_quantity(change.quantity)
    if quantity > line.quantity:
        variant = _variant(uow, Variant.id == line.variant_id)
        assert variant is not None  # the line refers to it
        _check_for_sale(variant)
        _check_enough(variant, quantity)
    uow.db.execute(update(CartLine).where(this_line).values(quantity=quantity))


def _variant(uow: UnitOfWork, where: Any) -> Any:
    return uow.db.execute(
        select(
            Variant.id,
            Variant.public_id,
            Variant.active,
            Product.title,
            Product.status,
            Product.kind,
            Stock.tracked,
            (Stock.on_hand - Stock.reserved + Stock.backorder).label("free"),
        )
        .join(Product, Product.id == Variant.product_id)
        .join(Stock, and_(Stock.variant_id == Variant.id, Stock.pool == POOL))
        .where(where)
    ).one_or_none()


def _check_for_sale(variant: Any) -> None:
    if not variant.active or variant.status != "active" or variant.kind in ("external", "grouped"):
        raise NotForSale(variant.public_id, variant.title)


def _check_enough(variant: Any, wanted: int) -> None:
    if variant.tracked and variant.free < wanted:
        raise SoldOut([(variant.public_id, variant.title)])
