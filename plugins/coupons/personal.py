"""What this plugin keeps about people, for their export and its erasure; and about orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from storegen_plugins.coupons import ending
from storegen_plugins.coupons.giving import used_by
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.tables import Birthday, Coupon

from storegen.sdk import UnitOfWork


def export(uow: UnitOfWork, customer_id: int) -> Mapping[str, Any] | None:
    """The customer's coupons and birthday; None where there is neither."""
    coupons = [
        {
            "id": row.public_id,
            "title": Rules.from_json(row.rules).title(uow.store.config.locale),
            "state": row.state,
            "source": row.source,
            "issued_at": row.issued_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
            "used_at": row.used_at.isoformat() if row.used_at else None,
        }
        for row in uow.db.execute(
            select(Coupon.__table__).where(Coupon.customer_id == customer_id).order_by(Coupon.id)
        )
    ]
    born = uow.db.execute(
        select(Birthday.month, Birthday.day).where(Birthday.customer_id == customer_id)
    ).one_or_none()
    if not coupons and born is None:
        return None
    return {
        "coupons": coupons,
        "birthday": None if born is None else {"month": born.month, "day": born.day},
    }


def erase(uow: UnitOfWork, customer_id: int) -> None:
    """The birthday goes; coupons end and keep a number that no longer means anybody."""
    uow.db.execute(delete(Birthday).where(Birthday.customer_id == customer_id))
    ending.erase(uow, [customer_id])


def of_orders(uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """For the API: what an order used, and what that took off in minor units."""
    currency = uow.store.config.currency
    return {
        order_id: {
            "used": [
                {
                    "title": Rules.from_json(row.rules).title(uow.store.config.locale),
                    "discount": {"amount": row.amount, "currency": currency},
                }
                for row in rows
            ]
        }
        for order_id, rows in used_by(uow, list(ids)).items()
    }
