"""Promotions: reductions by tiers, timed prices, flash sales with a stock of their own, bundles,
gifts and free shipping, on a schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storegen_plugins.promotions import orders, pricing, reading, sample, turning
from storegen_plugins.promotions.activities import EDIT, VIEW
from storegen_plugins.promotions.pieces import SLOTS
from storegen_plugins.promotions.tables import METADATA

from storegen.sdk import (
    Actor,
    CartView,
    Manifest,
    Offer,
    OrderChange,
    PluginJob,
    Promotion,
    UnitOfWork,
    hookimpl,
)

manifest = Manifest(
    name="promotions",
    version="1.0.0",
    title={"en": "Promotions", "zh": "促销活动"},
    requires_storegen=">=0.1",
    tables=METADATA,
    jobs=(PluginJob(name="turn", every=20, work=turning.turn),),
    slots=SLOTS,
    pages=(".web:pages",),
    admin=(".admin:PROMOTIONS", ".admin:CALENDAR"),
    permissions={
        VIEW: {"en": "See promotions and their results", "zh": "查看促销活动及效果"},
        EDIT: {"en": "Make, change and stop promotions", "zh": "创建、修改与停止促销活动"},
    },
)


@hookimpl
def pricing_facts(uow: UnitOfWork, cart: CartView) -> pricing.Facts | None:
    return pricing.facts(uow, cart)


@hookimpl
def offers(cart: CartView, facts: pricing.Facts) -> list[Offer]:
    return pricing.offers(cart, facts)


@hookimpl
def discounts(cart: CartView, facts: pricing.Facts) -> list[Promotion]:
    return pricing.promotions(cart, facts)


@hookimpl
def check_order(actor: Actor, cart: CartView, facts: pricing.Facts | None) -> None:
    pricing.check(actor, cart, facts)


@hookimpl
def during_transition(uow: UnitOfWork, actor: Actor, change: OrderChange) -> None:
    orders.follow(uow, actor, change)


@hookimpl
def api_fields(
    uow: UnitOfWork, kind: str, ids: Sequence[int]
) -> Mapping[int, Mapping[str, Any]] | None:
    return reading.for_api(uow, ids) if kind == "product" else None


@hookimpl
def personal_data(uow: UnitOfWork, customer_id: int) -> Mapping[str, Any] | None:
    return orders.personal_data(uow, customer_id)


@hookimpl
def erase_personal_data(uow: UnitOfWork, customer_id: int) -> None:
    orders.erase(uow, customer_id)


@hookimpl
def seed(uow: UnitOfWork) -> None:
    sample.fill(uow)
