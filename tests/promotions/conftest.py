"""A shop with promotions, and activities for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from storegen_plugins.promotions import activities
from storegen_plugins.promotions.rules import Item, Rules, Tier
from storegen_plugins.promotions.schedule import Schedule
from storegen_plugins.promotions.tables import FlashStock, Use

from storegen.domain.carts.loading import load
from storegen.domain.delivery import priced
from storegen.domain.orders.placing import place
from storegen.store import Store
from storegen.values.actor import Actor
from storegen.values.orders import PlacedOrder
from storegen.values.pricing import Quote
from tests.fixtures.goods import SHANGHAI, STAFF, Goods, fill_cart, order_command

TITLES = {"en": "Spring sale", "zh": "春季特惠"}


@pytest.fixture
def shop(plugin_store: Callable[..., Store]) -> Store:
    """An empty shop with promotions; every test that takes it runs on both databases."""
    return plugin_store("promotions")


def make_activity(
    store: Store,
    kind: str,
    *,
    live: bool = True,
    name: str = "Spring",
    schedule: Any = None,
    priority: int = 0,
    **rules: Any,
) -> str:
    """An activity that runs now for a day, unless ``schedule`` says otherwise; its public id."""
    for field, cls in (("tiers", Tier), ("items", Item)):
        if field in rules:
            rules[field] = tuple(cls(**each) for each in rules[field])
    made = Rules(kind=kind, **{"titles": TITLES, **rules})  # type: ignore[arg-type]

    def work(uow: Any) -> str:
        when = {
            "starts_at": uow.now - timedelta(hours=1),
            "ends_at": uow.now + timedelta(hours=23),
            **(schedule or {}),
        }
        public_id = activities.create(uow, STAFF, name, made, Schedule(**when), priority)
        if live:
            activities.publish(uow, STAFF, public_id)
        return public_id

    return store.transact(work)


def row_of(store: Store, public_id: str) -> Any:
    with store.read() as uow:
        return activities.one(uow, public_id)


def cart_quote(store: Store, actor: Actor, *, ships: bool = False) -> Quote:
    """What the actor's cart costs; with delivery to Shanghai by ``express`` if it ``ships``."""
    with store.read() as uow:
        cart = load(uow, actor)
        assert cart is not None
        where = SHANGHAI.destination if ships else None
        return priced(uow, cart, where, "express" if ships else "")[0]


def reasons(quote: Quote) -> list[tuple[bool, str, int]]:
    """What became of each promotion of this plugin: applied, reason, amount."""
    return [
        (step.applied, step.reason, step.amount)
        for step in quote.adjustments
        if step.source.startswith("promotions:")
    ]


def buy(store: Store, actor: Actor, *lines: tuple[Goods, int], **more: Any) -> PlacedOrder:
    """An order at the price that the cart shows."""
    fill_cart(store, actor, *lines)
    command = order_command(store, actor, **more)
    return store.transact(lambda uow: place(uow, actor, command))


def flash_taken(store: Store) -> list[int]:
    with store.read() as uow:
        return list(uow.db.scalars(select(FlashStock.taken).order_by(FlashStock.slot)))


def uses(store: Store) -> list[Any]:
    with store.read() as uow:
        return list(uow.db.execute(select(Use.__table__).order_by(Use.id)))
