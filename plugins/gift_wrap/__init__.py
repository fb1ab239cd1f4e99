"""Gift wrapping: a form in the cart, a fee, and a card that staff find with the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen_plugins.gift_wrap import wishes
from storegen_plugins.gift_wrap.pieces import SLOTS
from storegen_plugins.gift_wrap.settings import GiftWrapSettings
from storegen_plugins.gift_wrap.tables import METADATA

from storegen.sdk import (
    CartView,
    Manifest,
    OrderChange,
    Surcharge,
    UnitOfWork,
    hookimpl,
)

manifest = Manifest(
    name="gift_wrap",
    version="1.0.0",
    title={"en": "Gift wrapping", "zh": "礼品包装"},
    requires_storegen=">=0.1",
    settings_schema=GiftWrapSettings,
    tables=METADATA,
    slots=SLOTS,
    pages=(".web:pages",),
)


@hookimpl
def pricing_facts(uow: UnitOfWork, cart: CartView) -> wishes.Wrap | None:
    """Nothing for a cart that is not to be wrapped."""
    return wishes.wrap(uow, cart)


@hookimpl
def fees(cart: CartView, facts: wishes.Wrap) -> list[Surcharge]:
    return [
        Surcharge(
            source="wrap",
            amount=facts.price,
            includes_tax=cart.prices_include_tax,
            tax_bp=facts.tax_bp,
            title=facts.title,
        )
    ]


@hookimpl
def during_transition(uow: UnitOfWork, change: OrderChange) -> None:
    if change.move == "place" and wishes.wanted(change.attributes):
        wishes.keep(uow, change)


@hookimpl
def personal_data(uow: UnitOfWork, customer_id: int) -> Mapping[str, Any] | None:
    return wishes.of_customer(uow, customer_id)


@hookimpl
def erase_personal_data(uow: UnitOfWork, customer_id: int) -> None:
    wishes.erase(uow, customer_id)
