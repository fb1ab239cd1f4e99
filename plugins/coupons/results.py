"""What a campaign came to, in one query per table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from storegen_plugins.coupons.tables import Code, Coupon, Use

from storegen.sdk import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """``issued``: coupons that are out, and codes that were made; ``claimed``: coupons in people's
    hands or used by them; ``used``: in orders that stand. ``revenue`` is what those orders came to
    once they were paid, ``cost`` what the coupons took off them, in minor units."""

    issued: int = 0
    claimed: int = 0
    used: int = 0
    expired: int = 0
    revoked: int = 0
    revenue: int = 0
    cost: int = 0


def results(uow: UnitOfWork, template_ids: Sequence[int]) -> dict[int, Results]:
    """Internal id of a campaign → its figures; every id is there."""
    ids = sorted(set(template_ids))
    states: dict[int, dict[str, int]] = {number: {} for number in ids}
    if not ids:
        return {}
    for number, state, count in uow.db.execute(
        select(Coupon.template_id, Coupon.state, func.count())
        .where(Coupon.template_id.in_(ids))
        .group_by(Coupon.template_id, Coupon.state)
    ):
        states[number][state] = count
    free = {
        number: count
        for number, count in uow.db.execute(
            select(Code.template_id, func.count())
            .where(Code.template_id.in_(ids), Code.state == "free", Code.shared.is_(False))
            .group_by(Code.template_id)
        )
    }
    paid = and_(Use.returned_at.is_(None), Use.paid_at.is_not(None))
    money = {
        row[0]: (int(row[1] or 0), int(row[2] or 0))
        for row in uow.db.execute(
            select(
                Use.template_id,
                func.sum(case((paid, Use.order_total), else_=0)),
                func.sum(case((paid, Use.amount), else_=0)),
            )
            .where(Use.template_id.in_(ids))
            .group_by(Use.template_id)
        )
    }
    found = {}
    for number in ids:
        by_state = states[number]
        claimed = sum(count for state, count in by_state.items() if state != "revoked")
        revenue, cost = money.get(number, (0, 0))
        found[number] = Results(
            issued=claimed + free.get(number, 0),
            claimed=claimed,
            used=by_state.get("used", 0),
            expired=by_state.get("expired", 0),
            revoked=by_state.get("revoked", 0),
            revenue=revenue,
            cost=cost,
        )
    return found
