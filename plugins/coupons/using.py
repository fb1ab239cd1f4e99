"""Using a coupon in the transaction of its order, and giving it back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, insert, or_, select, update
from storegen_plugins.coupons.codes import release_code, take_code
from storegen_plugins.coupons.giving import take_gifts_back
from storegen_plugins.coupons.issuing import Receiver, issue, key_of, same_person
from storegen_plugins.coupons.refusals import refusal
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.tables import Code, Coupon, Template, Use

from storegen.sdk import Actor, OrderChange, UnitOfWork
from storegen.sdk.lookups import (
    Contact,
    contact_of_customer,
    contact_of_order,
    has_ordered,
)

PLUGIN = "coupons:"
COUPON, CODE = "coupon-", "code-"
"""Ids of promotions: ``coupon-<public id>`` out of a wallet, ``code-<id>`` by code."""
_LIMITED = ("claim", "code", "register")
"""Sources of coupons that an account may take for itself, so that a second account takes more."""


def follow(uow: UnitOfWork, actor: Actor, change: OrderChange) -> None:
    """An order moves: use, give back or count what it used. Orders that no coupon changed cost
    no query, but for gifts when the money is given back."""
    if change.to_state == "refunded" and change.customer_id is not None:
        take_gifts_back(uow, change.customer_id, change.order_id)
    used = {
        source.removeprefix(PLUGIN): -amount
        for source, amount in change.applied.items()
        if source.startswith(PLUGIN) and amount < 0
    }
    if not used:
        return
    if change.move == "place":
        for promotion, amount in sorted(used.items()):
            _use(uow, actor, change, promotion, amount)
    elif change.to_state in ("cancelled", "closed", "refunded"):
        _give_back(uow, change)
    elif change.from_state in ("closed", "cancelled"):
        _take_again(uow, actor, change)
    if change.move in ("pay", "pay_late", "pay_on_delivery"):
        uow.db.execute(
            update(Use)
            .where(Use.order_id == change.order_id, Use.returned_at.is_(None))
            .values(paid_at=uow.now)
        )


def _use(uow: UnitOfWork, actor: Actor, change: OrderChange, promotion: str, amount: int) -> None:
    contact = contact_of_order(uow, change.order_id)
    if promotion.startswith(COUPON):
        wanted = Coupon.public_id == promotion.removeprefix(COUPON)
        _redeem(uow, actor, change, wanted, contact, change.customer_id)
        row = uow.db.execute(
            select(Coupon.id, Coupon.template_id, Coupon.source).where(wanted)
        ).one()
        if row.source in _LIMITED:
            _check_others(uow, actor, change, row.template_id, contact)
    else:
        row = _redeem_code(uow, actor, change, int(promotion.removeprefix(CODE)), contact)
    uow.db.execute(
        insert(Use).values(
            coupon_id=row.id,
            template_id=row.template_id,
            order_id=change.order_id,
            amount=amount,
            order_total=change.total,
            at=uow.now,
        )
    )


def _redeem(
    uow: UnitOfWork,
    actor: Actor,
    change: OrderChange,
    wanted: Any,
    contact: Contact,
    customer_id: int | None,
) -> None:
    """State, owner and window in one conditional update: of two orders one gets it."""
    owner = (
        Coupon.customer_id.is_(None) if customer_id is None else Coupon.customer_id == customer_id
    )
    done = uow.db.execute(
        update(Coupon)
        .where(
            wanted,
            owner,
            Coupon.state == "unused",
            Coupon.starts_at <= uow.now,
            Coupon.ends_at > uow.now,
        )
        .values(
            state="used",
            order_id=change.order_id,
            used_at=uow.now,
            phone_key=key_of(uow, contact.phones),
            email_key=key_of(uow, contact.emails),
        )
    )
    if done.rowcount != 1:
        ends = uow.db.scalar(select(Coupon.ends_at).where(wanted, owner, Coupon.state == "unused"))
        raise refusal("used" if ends is None else "expired", actor.locale)
    rules = Rules.from_json(uow.db.execute(select(Coupon.rules).where(wanted)).scalar_one())
    if rules.new_customers and _ordered_before(uow, change, contact):
        raise refusal("new-customers-order", actor.locale)


def _check_others(
    uow: UnitOfWork, actor: Actor, change: OrderChange, template_id: int, contact: Contact
) -> None:
    """The limit per person once more, when the order tells who that is: an account of its own does
    not make a second person of somebody who has used this campaign up."""
    who = same_person(uow, Receiver(None, contact))
    most = uow.db.scalar(  # locked, so that rivals with the same phone count one after another
        select(Template.per_customer).where(Template.id == template_id).with_for_update()
    )
    if who is None or most is None:
        return
    others = uow.db.scalar(
        select(func.count()).where(
            Coupon.template_id == template_id,
            Coupon.state == "used",
            or_(Coupon.customer_id.is_(None), Coupon.customer_id != change.customer_id),
            who,
        )
    )
    if (others or 0) >= most:
        raise refusal("limit-person", actor.locale)


def _redeem_code(
    uow: UnitOfWork, actor: Actor, change: OrderChange, code_id: int, contact: Contact
) -> Any:
    """A code becomes a coupon and is used, all in the order's transaction."""
    code = uow.db.execute(select(Code.__table__).where(Code.id == code_id)).one_or_none()
    if code is None:
        raise refusal("unknown-code", actor.locale)
    take_code(uow, code, actor.locale)
    template = uow.db.execute(
        select(Template.__table__).where(Template.id == code.template_id)
    ).one()
    made = issue(
        uow,
        template,
        Receiver(change.customer_id, contact),
        source="code",
        locale=actor.locale,
        code_id=code_id,
        order_id=change.order_id,
    )
    _redeem(uow, actor, change, Coupon.id == made.id, contact, change.customer_id)
    return uow.db.execute(select(Coupon.id, Coupon.template_id).where(Coupon.id == made.id)).one()


def _ordered_before(uow: UnitOfWork, change: OrderChange, contact: Contact) -> bool:
    if change.customer_id is not None:
        known = contact_of_customer(uow, change.customer_id)
        contact = Contact(
            phones=contact.phones | known.phones, emails=contact.emails | known.emails
        )
    return has_ordered(uow, change.customer_id, contact, besides=change.order_id)


def _give_back(uow: UnitOfWork, change: OrderChange) -> None:
    """UNUSED again, or EXPIRED if its end has passed meanwhile. A guest's has no wallet to go to:
    it ends, and its code and its place in the campaign's total are free again."""
    for row in _of_order(uow, change.order_id):
        rules = Rules.from_json(row.rules)
        if change.to_state == "refunded" and not rules.back_after_refund:
            continue
        values: dict[str, Any]
        if row.customer_id is None:
            values = {
                "state": "revoked",
                "reason": "guest-order-ended",
                "ended_at": uow.now,
                "phone_key": "",
                "email_key": "",
            }
        else:
            over = Coupon.ends_at <= uow.now
            values = {
                "state": case((over, "expired"), else_="unused"),
                "ended_at": uow.now if row.ends_at <= uow.now else None,
            }
        done = uow.db.execute(
            update(Coupon)
            .where(
                Coupon.id == row.id,
                Coupon.state == "used",
                Coupon.order_id == change.order_id,
            )
            .values(order_id=None, used_at=None, **values)
        )
        if done.rowcount != 1:
            continue  # it was given back before
        uow.db.execute(
            update(Use)
            .where(Use.coupon_id == row.id, Use.order_id == change.order_id)
            .values(returned_at=uow.now)
        )
        if row.customer_id is None:
            release_code(uow, row.code_id, row.template_id)


def _take_again(uow: UnitOfWork, actor: Actor, change: OrderChange) -> None:
    """A closed order is paid late: its price holds only with its coupons, so they are taken again
    or the move is refused, and the money goes back."""
    contact = contact_of_order(uow, change.order_id)
    rows = uow.db.execute(
        select(Use.id, Use.coupon_id, Coupon.customer_id, Coupon.code_id)
        .join(Coupon, Coupon.id == Use.coupon_id)
        .where(Use.order_id == change.order_id, Use.returned_at.is_not(None))
        .order_by(Use.coupon_id)
    ).all()
    for row in rows:
        # Its window does not count again: it was open when the price was agreed.
        state = ("revoked",) if row.customer_id is None else ("unused", "expired")
        done = uow.db.execute(
            update(Coupon)
            .where(Coupon.id == row.coupon_id, Coupon.state.in_(state))
            .values(
                state="used",
                order_id=change.order_id,
                used_at=uow.now,
                ended_at=None,
                reason="",
                phone_key=key_of(uow, contact.phones),
                email_key=key_of(uow, contact.emails),
            )
        )
        if done.rowcount != 1:
            raise refusal("used-elsewhere", actor.locale)
        if row.customer_id is None and row.code_id is not None:
            code = uow.db.execute(select(Code.__table__).where(Code.id == row.code_id)).one()
            take_code(uow, code, actor.locale)
            _count_again(uow, code.template_id, actor)
        uow.db.execute(update(Use).where(Use.id == row.id).values(returned_at=None))


def _count_again(uow: UnitOfWork, template_id: int, actor: Actor) -> None:
    done = uow.db.execute(
        update(Template)
        .where(
            Template.id == template_id,
            (Template.total.is_(None)) | (Template.issued < Template.total),
        )
        .values(issued=Template.issued + 1)
    )
    if done.rowcount != 1:
        raise refusal("used-elsewhere", actor.locale)


def _of_order(uow: UnitOfWork, order_id: int) -> list[Any]:
    return list(
        uow.db.execute(
            select(
                Coupon.id,
                Coupon.template_id,
                Coupon.customer_id,
                Coupon.code_id,
                Coupon.rules,
                Coupon.ends_at,
            )
            .where(Coupon.order_id == order_id, Coupon.state == "used")
            .order_by(Coupon.id)
        )
    )
