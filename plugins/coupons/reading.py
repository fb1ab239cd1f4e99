"""What pages and the API show: campaigns to claim, and wallets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, func, or_, select
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.shown import Held, Offered, Speaker, state_of
from storegen_plugins.coupons.tables import Birthday, Coupon, Template

from storegen.sdk import UnitOfWork
from storegen.sdk.lookups import categories_of

CENTRE_MOST = 60
WALLET_MOST = 100
_SOON = timedelta(days=3)
Tab = Literal["usable", "used", "over"]


def offered(
    uow: UnitOfWork, locale: str, *, product_id: int | None = None, most: int = CENTRE_MOST
) -> list[Offered]:
    """Campaigns of the claim centre, the newest first; of one product, those that cover it."""
    rows = [(row, Rules.from_json(row.rules)) for row in _claimable(uow)]
    if product_id is not None:
        scoped = any(rules.scope == "categories" for _, rules in rows)
        categories = categories_of(uow, [product_id]) if scoped else {}
        mine = categories.get(product_id, frozenset())
        rows = [(row, rules) for row, rules in rows if rules.covers(product_id, mine)]
    rows = rows[:most]
    speaker = Speaker(uow, locale, [rules for _, rules in rows])
    return [
        Offered(
            id=row.public_id,
            words=speaker.words(rules),
            claim_from=row.claim_from,
            claim_until=row.claim_until,
            validity=row.validity,
            days=row.days,
            valid_until=row.valid_until,
            opens=row.claim_from is not None and row.claim_from > uow.now,
            gone=row.total is not None and row.issued >= row.total,
        )
        for row, rules in rows
    ]


def _claimable(uow: UnitOfWork) -> list[Any]:
    """Rows of campaigns that anybody may claim, now or soon."""
    return list(
        uow.db.execute(
            select(Template.__table__)
            .where(
                Template.channel == "claim",
                Template.state == "live",
                Template.listed.is_(True),
                or_(Template.claim_until.is_(None), Template.claim_until > uow.now),
                or_(Template.validity != "fixed", Template.valid_until > uow.now),
            )
            .order_by(Template.id.desc())
            .limit(CENTRE_MOST * 2)
        )
    )


def next_change(uow: UnitOfWork) -> datetime | None:
    """When time alone changes what `offered` says: the next beginning or end."""
    moments = [
        moment
        for row in _claimable(uow)
        for moment in (row.claim_from, row.claim_until, row.valid_until)
        if moment is not None and moment > uow.now
    ]
    return min(moments, default=None)


def wallet(uow: UnitOfWork, customer_id: int, locale: str, tab: Tab = "usable") -> list[Held]:
    """A customer's coupons: usable (what ends first comes first), used, or over."""
    now = uow.now
    unused = and_(Coupon.state == "unused", Coupon.ends_at > now)
    where = {
        "usable": unused,
        "used": Coupon.state == "used",
        "over": or_(
            Coupon.state.in_(("expired", "revoked")),
            and_(Coupon.state == "unused", Coupon.ends_at <= now),
        ),
    }[tab]
    order = Coupon.ends_at if tab == "usable" else Coupon.id.desc()
    rows = uow.db.execute(
        select(Coupon.__table__)
        .where(Coupon.customer_id == customer_id, where)
        .order_by(order, Coupon.id)
        .limit(WALLET_MOST)
    ).all()
    return held(uow, locale, rows)


def held(uow: UnitOfWork, locale: str, rows: Iterable[Any]) -> list[Held]:
    """Coupons' rows as they are shown."""
    known = [(row, Rules.from_json(row.rules)) for row in rows]
    speaker = Speaker(uow, locale, [rules for _, rules in known])
    return [
        Held(
            id=row.public_id,
            words=speaker.words(rules),
            state=state_of(row, uow.now),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            used_at=row.used_at,
            soon=row.state == "unused" and row.ends_at - uow.now <= _SOON,
        )
        for row, rules in known
    ]


def usable_count(uow: UnitOfWork, customer_id: int) -> int:
    return int(
        uow.db.scalar(
            select(func.count()).where(
                Coupon.customer_id == customer_id,
                Coupon.state == "unused",
                Coupon.ends_at > uow.now,
            )
        )
        or 0
    )


def has_birthdays(uow: UnitOfWork) -> bool:
    """Whether a campaign gives something for birthdays: only then are they asked for."""
    return (
        uow.db.scalar(
            select(Template.id)
            .where(Template.channel == "birthday", Template.state == "live")
            .limit(1)
        )
        is not None
    )


def birthday_of(uow: UnitOfWork, customer_id: int) -> tuple[int, int] | None:
    row = uow.db.execute(
        select(Birthday.month, Birthday.day).where(Birthday.customer_id == customer_id)
    ).one_or_none()
    return None if row is None else (row.month, row.day)
