"""Who wants what wrapped: in carts by attributes, in orders by a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from storegen_plugins.gift_wrap.tables import Wish

from storegen.sdk import CartView, InvalidAmount, OrderChange, UnitOfWork, parse_decimal
from storegen.sdk.lookups import setup_of
from storegen.sdk.words import say

PLUGIN = "gift_wrap"
WRAP, MESSAGE = "wrap", "message"
"""Attributes of a cart: ``yes``, and the words for the card."""
LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """``price`` in minor units, in the price basis."""

    price: int
    tax_bp: int
    title: str


def wanted(attributes: Mapping[str, str]) -> bool:
    return attributes.get(f"{PLUGIN}.{WRAP}") == "yes"


def price_of(settings: Mapping[str, Any], currency: str) -> int:
    """Minor units. More decimals than the currency has are a wrong setting; they are left out."""
    text: str = settings["price"]
    try:
        return parse_decimal(text, currency)
    except InvalidAmount:
        return parse_decimal(text.partition(".")[0], currency)


def wrap(uow: UnitOfWork, cart: CartView) -> Wrap | None:
    """None, and no query, for a cart that is not to be wrapped."""
    if not cart.lines or not wanted(cart.attributes):
        return None
    settings = setup_of(uow, PLUGIN).settings
    return Wrap(
        price=price_of(settings, cart.currency),
        tax_bp=settings["tax_bp"],
        title=say(LOCALE, cart.locale, "Gift wrapping"),
    )


def keep(uow: UnitOfWork, change: OrderChange) -> None:
    """The wish goes from the cart to the order, in the order's transaction."""
    uow.db.execute(
        insert(Wish).values(
            order_id=change.order_id,
            customer_id=change.customer_id,
            message=change.attributes.get(f"{PLUGIN}.{MESSAGE}", ""),
            at=uow.now,
        )
    )


def of_order(uow: UnitOfWork, order_id: int) -> str | None:
    """The words for the card, "" for none; None where nothing is to be wrapped."""
    message: str | None = uow.db.scalar(select(Wish.message).where(Wish.order_id == order_id))
    return message


def of_customer(uow: UnitOfWork, customer_id: int) -> dict[str, Any] | None:
    rows = uow.db.scalars(
        select(Wish.message).where(Wish.customer_id == customer_id).order_by(Wish.order_id)
    )
    cards = [message for message in rows if message]
    return {"cards": cards} if cards else None


def erase(uow: UnitOfWork, customer_id: int) -> None:
    """The order stays wrapped; the words and the person go."""
    uow.db.execute(
        update(Wish).where(Wish.customer_id == customer_id).values(message="", customer_id=None)
    )
