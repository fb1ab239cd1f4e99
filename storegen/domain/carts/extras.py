"""What a cart keeps beside its lines: codes that were typed, and what plugins' forms stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from storegen.errors import Invalid, NotFound
from storegen.models import Cart
from storegen.uow import UnitOfWork
from storegen.values.codes import fold_code

MAX_COUPONS = 20
MAX_ATTRIBUTES = 50
MAX_TEXT = 500
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCoupon:
    """A code that the customer typed. Whether it is worth anything is what the quote says."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCoupon:
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAttribute:
    """What a plugin's form keeps with the cart; an empty value forgets it."""

    plugin: str
    name: str
    value: str


def coupons_after(uow: UnitOfWork, cart_id: int, change: AddCoupon | RemoveCoupon) -> list[str]:
    """The cart's codes afterwards, each once, in the order in which they were typed."""
    code = fold_code(change.code)
    known = uow.db.scalar(select(Cart.coupons).where(Cart.id == cart_id)) or []
    rest = [each for each in known if each != code]
    if isinstance(change, RemoveCoupon):
        if len(rest) == len(known):
            raise NotFound("coupon")
        return rest
    if not code or len(code) > 64:
        raise Invalid({"code": "invalid" if code else "required"})
    if len(rest) >= MAX_COUPONS:
        raise Invalid({"code": "too-many"})
    return [*rest, code]


def attributes_after(uow: UnitOfWork, cart_id: int, change: SetAttribute) -> dict[str, str]:
    """What the cart keeps afterwards: ``<plugin>.<name>`` → text."""
    for field_name in ("plugin", "name"):
        if not _NAME.fullmatch(getattr(change, field_name)):
            raise Invalid({field_name: "invalid"})
    if len(change.value) > MAX_TEXT:
        raise Invalid({change.name: "too-long"})
    known = uow.db.scalar(select(Cart.attributes).where(Cart.id == cart_id)) or {}
    key = f"{change.plugin}.{change.name}"
    found = {name: text for name, text in known.items() if name != key}
    if change.value:
        found[key] = change.value
    if len(found) > MAX_ATTRIBUTES:
        raise Invalid({change.name: "too-many"})
    return found
