"""Coupons that come by themselves: at registration, for a birthday, after an order, from staff,
from a game. Each is issued under a key, so that no repetition gives a second one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select, update
from storegen_plugins.coupons.campaigns import EDIT, one
from storegen_plugins.coupons.issuing import Issued, Receiver, issue
from storegen_plugins.coupons.tables import Birthday, Coupon, Template, Use

from storegen.sdk import (
    Actor,
    Event,
    Invalid,
    IssuedReward,
    NotAllowed,
    NotFound,
    Refused,
    Reward,
    UnitOfWork,
    upsert,
)
from storegen.sdk.lookups import audit, order_of

_ENDED = ("cancelled", "closed", "refunding", "refunded")
PART = 200
"""Customers per transaction of the birthday job."""


def hear(uow: UnitOfWork, event: Event) -> None:
    """A registration, or an order that is paid."""
    if event.name == "customer.registered":
        _give(uow, "register", int(event.payload["customer_id"]), "register")
    elif event.name in ("order.pay", "order.receive", "order.complete"):
        _after_order(uow, int(event.payload["order_id"]))


def _after_order(uow: UnitOfWork, order_id: int) -> None:
    order = order_of(uow, order_id)
    if order is None or order.customer_id is None or order.state in _ENDED:
        return
    rows = _live(uow, "gift")
    for row in rows:
        if order.total >= row.gift_from and order.total > 0:
            key = f"gift:{row.id}:{order_id}"
            _quietly(uow, row, order.customer_id, key, f"gift:{order_id}")


def _give(uow: UnitOfWork, channel: str, customer_id: int, what: str) -> None:
    for row in _live(uow, channel):
        _quietly(uow, row, customer_id, f"{what}:{row.id}:{customer_id}", what)


def _live(uow: UnitOfWork, channel: str) -> list[Any]:
    return list(
        uow.db.execute(
            select(Template.__table__)
            .where(Template.channel == channel, Template.state == "live")
            .order_by(Template.id)
        )
    )


def _quietly(uow: UnitOfWork, row: Any, customer_id: int, key: str, source: str) -> Issued | None:
    """Nobody asked for it, so nobody is told that there is none left or that the limit is full."""
    try:
        with uow.db.begin_nested():
            return issue(uow, row, Receiver(customer_id), source=source, key=key)
    except Refused:
        return None


def birthdays(uow: UnitOfWork) -> int:
    """The job: birthday coupons for whoever has their day today, in the shop's time zone; how many
    were looked at. The year is part of the key, so that a changed birthday gives no second one.
    Who was born on 29 February celebrates on the 28th in other years."""
    templates = _live(uow, "birthday")
    if not templates:
        return 0
    today = uow.now.astimezone(ZoneInfo(uow.store.config.timezone)).date()
    days = [(today.month, today.day)]
    if days == [(2, 28)] and (today + timedelta(days=1)).day == 1:
        days.append((2, 29))
    looked = 0
    for row in templates:
        for month, day in days:
            looked += _birthday_part(uow, row, month, day, today.year)
    return looked


def _birthday_part(uow: UnitOfWork, row: Any, month: int, day: int, year: int) -> int:
    source = f"birthday:{year}"
    waiting = list(
        uow.db.scalars(
            select(Birthday.customer_id)
            .where(
                Birthday.month == month,
                Birthday.day == day,
                ~exists(
                    select(Coupon.id).where(
                        Coupon.template_id == row.id,
                        Coupon.customer_id == Birthday.customer_id,
                        Coupon.source == source,
                    )
                ),
            )
            .order_by(Birthday.customer_id)
            .limit(PART)
        )
    )
    given = 0
    for customer_id in waiting:
        try:
            with uow.db.begin_nested():
                issue(
                    uow,
                    row,
                    Receiver(customer_id),
                    source=source,
                    key=f"birthday:{row.id}:{customer_id}:{year}",
                    limited=False,  # once a year is the limit
                )
        except Refused:
            return given  # none left: the others get none either
        given += 1
    return given


def tell_birthday(uow: UnitOfWork, actor: Actor, month: int, day: int) -> None:
    """A customer says when their birthday is. Raises `Invalid`."""
    if actor.customer_id is None:
        raise NotAllowed("account")
    if not 1 <= month <= 12:
        raise Invalid({"month": "out-of-range"})
    longest = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    if not 1 <= day <= longest:
        raise Invalid({"day": "out-of-range"})
    values = {
        "customer_id": actor.customer_id,
        "month": month,
        "day": day,
        "told_at": uow.now,
    }
    upsert(uow.db, Birthday, values, keys=("customer_id",))


def give(
    uow: UnitOfWork, actor: Actor, template: str, customers: Iterable[int], reason: str
) -> int:
    """Staff give a coupon to customers (internal ids), beyond what one may claim; how many.
    Raises `Refused` when there are not enough left: then nobody got one."""
    if not actor.may(EDIT):
        raise NotAllowed(EDIT)
    row = one(uow, template)
    given = 0
    for customer_id in sorted(set(customers)):
        issue(uow, row, Receiver(customer_id), source="staff", locale=actor.locale, limited=False)
        given += 1
    audit(
        uow, actor, "coupons.give", "coupon_template", template,
        customers=given, reason=reason.strip()[:200],
    )  # fmt: skip
    return given


def pay_out(uow: UnitOfWork, customer_id: int, reward: Reward, key: str) -> IssuedReward | None:
    """A game or another campaign grants a coupon: ``Reward(kind="coupon", data={"template":
    public id})``. Only campaigns of the channel ``game`` are granted, so that no plugin gives away
    what the owner meant for something else."""
    if reward.kind != "coupon":
        return None
    row = one(uow, _template_of(reward.data))
    if row.channel != "game":
        raise NotFound("coupon_template")
    made = issue(
        uow,
        row,
        Receiver(customer_id),
        source=reward.source[:64] or "game",
        key=f"reward:{key}" if len(key) <= 120 else f"reward:{sha256(key.encode()).hexdigest()}",
        limited=False,
    )
    return IssuedReward(
        plugin="coupons",
        reference=made.public_id,
        title=made.rules.title(uow.store.config.locale),
    )


def _template_of(data: Mapping[str, Any]) -> str:
    template = data.get("template")
    return template if isinstance(template, str) else ""


def take_gifts_back(uow: UnitOfWork, customer_id: int, order_id: int) -> None:
    """The order's money was given back: what was given for it, and is unused, ends."""
    uow.db.execute(
        update(Coupon)
        .where(
            Coupon.customer_id == customer_id,
            Coupon.source == f"gift:{order_id}",
            Coupon.state == "unused",
        )
        .values(state="revoked", ended_at=uow.now, reason="order-refunded")
    )


def used_by(uow: UnitOfWork, order_ids: list[int]) -> dict[int, list[Any]]:
    """Order → rows of what it used (coupon, title's rules, amount), in one query."""
    found: dict[int, list[Any]] = {}
    for row in uow.db.execute(
        select(Use.order_id, Use.amount, Coupon.public_id, Coupon.rules)
        .join(Coupon, Coupon.id == Use.coupon_id)
        .where(Use.order_id.in_(order_ids), Use.returned_at.is_(None))
        .order_by(Use.id)
    ):
        found.setdefault(row.order_id, []).append(row)
    return found
