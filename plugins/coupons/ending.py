"""How coupons end without an order: expired by the job, revoked by staff."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from storegen_plugins.coupons.campaigns import EDIT, one
from storegen_plugins.coupons.tables import Code, Coupon

from storegen.sdk import Actor, Forbidden, NotAllowed, NotFound, UnitOfWork
from storegen.sdk.lookups import audit

PART = 500
"""Coupons per transaction of the job."""


def expire(uow: UnitOfWork) -> int:
    """The job: coupons whose end has passed; how many. Redeeming looks at the end itself, so a
    late job gives nobody anything."""
    due = list(
        uow.db.scalars(
            select(Coupon.id)
            .where(Coupon.state == "unused", Coupon.ends_at <= uow.now)
            .order_by(Coupon.ends_at)
            .limit(PART)
        )
    )
    if not due:
        return 0
    done = uow.db.execute(
        update(Coupon)
        .where(Coupon.id.in_(due), Coupon.state == "unused", Coupon.ends_at <= uow.now)
        .values(state="expired", ended_at=uow.now)
    )
    return int(done.rowcount)


def revoke(uow: UnitOfWork, actor: Actor, public_id: str, reason: str) -> None:
    """Take an unused coupon back. Raises `Forbidden` for one that is used, over or revoked."""
    _may(actor)
    where = Coupon.public_id == public_id
    done = uow.db.execute(
        update(Coupon)
        .where(where, Coupon.state == "unused")
        .values(state="revoked", ended_at=uow.now, reason=reason.strip()[:200])
    )
    if done.rowcount != 1:
        state = uow.db.scalar(select(Coupon.state).where(where))
        if state is None:
            raise NotFound("coupon")
        raise Forbidden("coupon", state, "revoke")
    audit(uow, actor, "coupons.revoke", "coupon", public_id, reason=reason.strip()[:200])


def revoke_all(uow: UnitOfWork, actor: Actor, template: str, reason: str) -> tuple[int, int]:
    """Take back all of a campaign that is unused, coupons and codes; how many of each."""
    _may(actor)
    row = one(uow, template)
    coupons = uow.db.execute(
        update(Coupon)
        .where(Coupon.template_id == row.id, Coupon.state == "unused")
        .values(state="revoked", ended_at=uow.now, reason=reason.strip()[:200])
    ).rowcount
    codes = uow.db.execute(
        update(Code).where(Code.template_id == row.id, Code.state == "free").values(state="revoked")
    ).rowcount
    # A guest's coupon ends with its order, which would set its code free again.
    of_guests = select(Coupon.code_id).where(
        Coupon.template_id == row.id, Coupon.customer_id.is_(None), Coupon.state == "used"
    )
    uow.db.execute(
        update(Code)
        .where(Code.template_id == row.id, Code.state == "taken", Code.id.in_(of_guests))
        .values(state="revoked")
    )
    audit(
        uow, actor, "coupons.revoke_all", "coupon_template", template,
        reason=reason.strip()[:200], coupons=coupons, codes=codes,
    )  # fmt: skip
    return coupons, codes


def erase(uow: UnitOfWork, customer_ids: Sequence[int]) -> None:
    """A customer closes the account: what is unused ends, and nothing leads back to the person.
    The rows stay for the campaign's figures."""
    uow.db.execute(
        update(Coupon)
        .where(Coupon.customer_id.in_(customer_ids), Coupon.state == "unused")
        .values(state="revoked", ended_at=uow.now, reason="account-closed")
    )
    uow.db.execute(
        update(Coupon)
        .where(Coupon.customer_id.in_(customer_ids))
        .values(phone_key="", email_key="")
    )


def _may(actor: Actor) -> None:
    if not actor.may(EDIT):
        raise NotAllowed(EDIT)
