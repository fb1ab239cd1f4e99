"""What activities came to: orders, revenue, and what they gave away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select
from storegen_plugins.promotions.tables import Use

from storegen.sdk import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``orders`` that did not fall through and ``paid`` of those; ``revenue`` is what the paid
    ones came to, ``discount`` what the activity took off them; money in minor units."""

    orders: int = 0
    paid: int = 0
    revenue: int = 0
    discount: int = 0


def results(uow: UnitOfWork, activity_ids: Collection[int]) -> dict[int, Result]:
    """Activity → its results; one query for all of them."""
    if not activity_ids:
        return {}
    paid = Use.paid_at.is_not(None)
    rows = uow.db.execute(
        select(
            Use.activity_id,
            func.count().label("orders"),
            func.sum(case((paid, 1), else_=0)).label("paid"),
            func.sum(case((paid, Use.order_total), else_=0)).label("revenue"),
            func.sum(case((paid, Use.discount), else_=0)).label("discount"),
        )
        .where(Use.activity_id.in_(sorted(set(activity_ids))), Use.ended_at.is_(None))
        .group_by(Use.activity_id)
    )
    return {
        row.activity_id: Result(
            orders=row.orders,
            paid=int(row.paid),
            revenue=int(row.revenue),
            discount=int(row.discount),
        )
        for row in rows
    }
