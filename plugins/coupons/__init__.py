"""Coupons: campaigns, wallets, codes in bulk, and everything that gives them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storegen_plugins.coupons import ending, giving, personal, pricing, sample, using
from storegen_plugins.coupons.campaigns import EDIT, VIEW
from storegen_plugins.coupons.codes import EXPORT, make_codes
from storegen_plugins.coupons.pieces import SLOTS
from storegen_plugins.coupons.tables import METADATA

from storegen.sdk import (
    Actor,
    CartView,
    Event,
    IssuedReward,
    Manifest,
    OrderChange,
    PluginJob,
    Promotion,
    Reward,
    UnitOfWork,
    hookimpl,
)

manifest = Manifest(
    name="coupons",
    version="1.0.0",
    title={"en": "Coupons", "zh": "优惠券"},
    requires_storegen=">=0.1",
    tables=METADATA,
    events=("customer.registered", "order.pay", "order.receive", "order.complete"),
    jobs=(
        PluginJob(name="codes", every=5, work=make_codes),
        PluginJob(name="expire", every=300, work=ending.expire),
        PluginJob(name="birthdays", every=900, work=giving.birthdays),
    ),
    slots=SLOTS,
    pages=(".pages:pages",),
    api=(".api:api",),
    admin=(".admin:CAMPAIGNS", ".admin:ISSUED", ".admin:BATCHES"),
    permissions={
        VIEW: {"en": "See coupon campaigns and their results", "zh": "查看优惠券活动及效果"},
        EDIT: {"en": "Make, give and revoke coupons", "zh": "创建、发放与作废优惠券"},
        EXPORT: {"en": "Export coupon codes", "zh": "导出优惠码"},
    },
    cli=".cli:coupons",
)


@hookimpl
def pricing_facts(uow: UnitOfWork, cart: CartView) -> pricing.Facts | None:
    return pricing.facts(uow, cart)


@hookimpl
def discounts(cart: CartView, facts: pricing.Facts) -> list[Promotion]:
    return pricing.promotions(cart, facts)


@hookimpl
def during_transition(uow: UnitOfWork, actor: Actor, change: OrderChange) -> None:
    using.follow(uow, actor, change)


@hookimpl
def on_event(uow: UnitOfWork, event: Event) -> None:
    giving.hear(uow, event)


@hookimpl
def issue_reward(
    uow: UnitOfWork, customer_id: int, reward: Reward, key: str
) -> IssuedReward | None:
    return giving.pay_out(uow, customer_id, reward, key)


@hookimpl
def api_fields(
    uow: UnitOfWork, kind: str, ids: Sequence[int]
) -> Mapping[int, Mapping[str, Any]] | None:
    return personal.of_orders(uow, ids) if kind == "order" else None


@hookimpl
def personal_data(uow: UnitOfWork, customer_id: int) -> Mapping[str, Any] | None:
    return personal.export(uow, customer_id)


@hookimpl
def erase_personal_data(uow: UnitOfWork, customer_id: int) -> None:
    personal.erase(uow, customer_id)


@hookimpl
def seed(uow: UnitOfWork) -> None:
    sample.fill(uow)
