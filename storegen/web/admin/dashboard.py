"""The front page: today's orders, what waits, what runs low, and why the shop cannot open yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from storegen.domain import opening, settings
from storegen.domain.catalog.missing_pictures import missing_pictures
from storegen.domain.orders.desk import OrderQuery, find_orders
from storegen.models import AfterSales, LedgerEntry, Order, Product, Refund, Stock, Variant
from storegen.uow import UnitOfWork
from storegen.web.admin import flash, labels
from storegen.web.admin.rendering import page
from storegen.web.context import current, gettext

MOST_LOW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Counts, and ``revenue`` in minor units: what came in since midnight less what went back."""

    orders: int
    revenue: int
    to_ship: int
    refunds: int
    after_sales: int


def show() -> Response:
    context = current()
    uow, actor = context.db, context.staff_actor
    orders = actor.may("orders.view")
    response = page(
        "admin/dashboard.html",
        today=today(uow) if orders else None,
        newest=find_orders(uow, OrderQuery(limit=5)) if orders else (),
        low=low_stock(uow) if actor.may("products.view") else (),
        unfetched=missing_pictures(uow) if actor.may("products.view") else 0,
        missing=[
            (
                gettext(labels.OPENING.get(code, (code, ""))[0]),
                labels.OPENING.get(code, ("", ""))[1],
            )
            for code in opening.missing(uow, settings.load(uow))
        ],
        closed=opening.reasons_closed(uow, settings.load(uow)),
        demo=context.store.config.mode == "demo",
        said=gettext("The password is set.")
        if request.args.get("done") == "password"
        else flash.take(),
    )
    return flash.forget(response)


def midnight(uow: UnitOfWork) -> datetime:
    """When today began in the shop's zone."""
    zone = ZoneInfo(uow.store.config.timezone)
    return datetime.combine(uow.now.astimezone(zone).date(), time.min, tzinfo=zone)


def today(uow: UnitOfWork) -> Today:
    since = midnight(uow)

    def count(*where: Any) -> int:
        return int(uow.db.scalar(select(func.count()).where(*where)) or 0)

    moved: dict[str, int] = {
        kind: int(amount)
        for kind, amount in uow.db.execute(
            select(LedgerEntry.kind, func.sum(LedgerEntry.amount))
            .where(LedgerEntry.at >= since)
            .group_by(LedgerEntry.kind)
        )
    }
    return Today(
        orders=count(Order.placed_at >= since),
        revenue=moved.get("capture", 0) - moved.get("refund", 0),
        to_ship=count(Order.state.in_(("to_ship", "paid", "placed"))),
        refunds=count(Refund.state.in_(("failed", "by_hand", "unknown"))),
        after_sales=count(AfterSales.state.in_(("requested", "returned"))),
    )


def low_stock(uow: UnitOfWork) -> Sequence[Any]:
    """Variants for sale of which least is left, the emptiest first."""
    few = settings.load(uow).checkout.few_left
    free = (Stock.on_hand - Stock.reserved).label("free")
    return uow.db.execute(
        select(Product.public_id, Product.title, Variant.title.label("variant"), free)
        .join(Variant, Variant.id == Stock.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(
            Product.status == "active",
            Variant.active.is_(True),
            Stock.tracked.is_(True),
            Stock.backorder == 0,
            Stock.on_hand - Stock.reserved <= few,
        )
        .order_by(free, Variant.id)
        .limit(MOST_LOW)
    ).all()
