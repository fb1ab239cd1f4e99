"""Carts and orders with coupons."""

from __future__ import annotations

from typing import Any

from storegen.domain.carts import changes
from storegen.domain.carts.loading import load
from storegen.domain.delivery import priced
from storegen.domain.orders.placing import place
from storegen.store import Store
from storegen.values.actor import Actor
from storegen.values.orders import PlacedOrder
from storegen.values.pricing import Quote
from tests.fixtures.goods import SHANGHAI, Goods, fill_cart, order_command


def cart_quote(store: Store, actor: Actor, *, ships: bool = False) -> Quote:
    """What the actor's cart costs; with delivery by ``express`` if it ``ships``."""
    with store.read() as uow:
        cart = load(uow, actor)
        assert cart is not None
        place_to = SHANGHAI.destination if ships else None
        return priced(uow, cart, place_to, "express" if ships else "")[0]


def used(quote: Quote) -> dict[str, int]:
    """What coupons took off: source → amount."""
    return {
        step.source: -step.amount
        for step in quote.adjustments
        if step.applied and step.source.startswith("coupons:")
    }


def refused(quote: Quote) -> dict[str, tuple[str, dict[str, Any]]]:
    """Why coupons did not apply: source → reason and its data."""
    return {
        step.source: (step.reason, dict(step.data))
        for step in quote.adjustments
        if not step.applied and step.source.startswith("coupons:")
    }


def type_code(store: Store, actor: Actor, code: str) -> None:
    store.transact(lambda uow: changes.apply(uow, actor, changes.AddCoupon(code=code)))


def choose(store: Store, actor: Actor, choice: str) -> None:
    store.transact(lambda uow: changes.set_attribute(uow, actor, "coupons", "choice", choice))


def buy(store: Store, actor: Actor, *lines: tuple[Goods, int], **more: Any) -> PlacedOrder:
    """An order at the price that the cart shows."""
    fill_cart(store, actor, *lines)
    command = order_command(store, actor, **more)
    return store.transact(lambda uow: place(uow, actor, command))
