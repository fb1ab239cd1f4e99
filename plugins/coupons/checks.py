"""Recounting: what the counters and the ledger say must be what the rows say."""

from __future__ import annotations

from sqlalchemy import and_, func, select
from storegen_plugins.coupons.tables import Coupon, Template, Use

from storegen.sdk import UnitOfWork


def drift(uow: UnitOfWork) -> list[str]:
    """One sentence per disagreement; nothing when all is right.

    A campaign's counter is its coupons, without guests' that ended; a used coupon has one use that
    stands, and no other coupon has any.
    """
    found = []
    ended_guests = and_(Coupon.customer_id.is_(None), Coupon.state == "revoked")
    rows = uow.db.execute(
        select(Template.public_id, Template.issued, func.count(Coupon.id))
        .outerjoin(Coupon, and_(Coupon.template_id == Template.id, ~ended_guests))
        .group_by(Template.id, Template.public_id, Template.issued)
        .order_by(Template.id)
    )
    for public_id, issued, count in rows:
        if issued != count:
            found.append(f"campaign {public_id} counts {issued} issued coupons, there are {count}")
    standing = (
        select(Use.coupon_id, func.count().label("uses"))
        .where(Use.returned_at.is_(None))
        .group_by(Use.coupon_id)
        .subquery()
    )
    uses = func.coalesce(standing.c.uses, 0)
    for public_id, state, count in uow.db.execute(
        select(Coupon.public_id, Coupon.state, uses)
        .outerjoin(standing, standing.c.coupon_id == Coupon.id)
        .where(((Coupon.state == "used") & (uses != 1)) | ((Coupon.state != "used") & (uses != 0)))
        .order_by(Coupon.id)
    ):
        found.append(f"coupon {public_id} is {state} and has {count} uses that stand")
    return found
