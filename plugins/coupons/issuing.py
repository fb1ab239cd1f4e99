"""Issuing: one conditional update of what remains, and an insert under UNIQUE.

Whoever issues holds the template's row from that update on, so that counting what a customer has,
and the insert, happen one after another for one campaign, on both databases.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, insert, or_, select, update
from storegen_plugins.coupons.campaigns import one, terms_of
from storegen_plugins.coupons.refusals import refusal
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.tables import Coupon, Template
from storegen_plugins.coupons.terms import Terms, midnight, window

from storegen.sdk import Actor, UnitOfWork, random_id
from storegen.sdk.lookups import Contact, contact_of_customer, has_ordered, person_key


class Issued(NamedTuple):
    """A coupon that is out. ``new`` is False where the same key had issued it before."""

    id: int
    public_id: str
    rules: Rules
    ends_at: datetime
    new: bool = True


class Receiver(NamedTuple):
    """Who gets it: a customer, or a guest known by the contact of an order."""

    customer_id: int | None
    contact: Contact = Contact()


def claim(uow: UnitOfWork, actor: Actor, public_id: str) -> Issued:
    """A customer takes a coupon of a campaign that is open to claims.

    Raises `NotFound`, and `Refused` in the customer's words for everything else.
    """
    if actor.customer_id is None:
        raise refusal("sign-in", actor.locale)
    row = one(uow, public_id)
    if row.channel != "claim":
        raise refusal("not-offered", actor.locale)
    return issue(uow, row, Receiver(actor.customer_id), source="claim", locale=actor.locale)


def issue(
    uow: UnitOfWork,
    template: Any,
    receiver: Receiver,
    *,
    source: str,
    locale: str = "",
    key: str | None = None,
    code_id: int | None = None,
    limited: bool = True,
    order_id: int | None = None,
) -> Issued:
    """One coupon of ``template`` (its row) for somebody, whatever the channel.

    ``key`` makes it idempotent. ``limited`` False (staff, rewards) leaves the customer's limits
    and the claim window out, never the total. ``order_id``: the order that is being placed and
    does not count as an order before. Raises `Refused`.
    """
    if key is not None and (known := _by_key(uow, key)) is not None:
        return known
    _take(uow, template, locale, limited=limited)
    if key is not None and (known := _by_key(uow, key)) is not None:  # a rival was first
        _give_back(uow, template.id)
        return known
    receiver = _known(uow, receiver)
    now_has = _has(uow, template.id, receiver)
    if limited:
        _check_person(uow, template, receiver, now_has, locale, order_id)
    return _insert(uow, template.id, receiver, now_has.last + 1, source, key, code_id)


def _take(uow: UnitOfWork, template: Any, locale: str, *, limited: bool) -> None:
    """Count one more, if the campaign is live, open and has any left: the only guard that holds
    under rivals, since it looks and writes in one statement."""
    taken = uow.db.execute(
        update(Template)
        .where(Template.id == template.id, _open(uow.now, limited=limited))
        .values(issued=Template.issued + 1)
    )
    if taken.rowcount == 1:
        return
    raise refusal(_why_closed(uow, template.id, limited=limited), locale)


def _open(now: datetime, *, limited: bool) -> ColumnElement[bool]:
    conditions = [
        Template.state == "live",
        or_(Template.total.is_(None), Template.issued < Template.total),
        # A coupon that would be over the moment it is out is none.
        or_(Template.validity != "fixed", Template.valid_until > now),
    ]
    if limited:
        conditions += [
            or_(Template.claim_from.is_(None), Template.claim_from <= now),
            or_(Template.claim_until.is_(None), Template.claim_until > now),
        ]
    return and_(*conditions)


def _why_closed(uow: UnitOfWork, template_id: int, *, limited: bool) -> str:
    row = uow.db.execute(select(Template.__table__).where(Template.id == template_id)).one()
    if row.state != "live":
        return "not-offered"
    if limited and row.claim_from is not None and uow.now < row.claim_from:
        return "not-yet"
    if limited and row.claim_until is not None and uow.now >= row.claim_until:
        return "over"
    if row.validity == "fixed" and row.valid_until <= uow.now:
        return "over"
    return "gone"


def _give_back(uow: UnitOfWork, template_id: int) -> None:
    uow.db.execute(
        update(Template)
        .where(Template.id == template_id, Template.issued > 0)
        .values(issued=Template.issued - 1)
    )


def _known(uow: UnitOfWork, receiver: Receiver) -> Receiver:
    """With what a customer has proved to be theirs: a second account has the same phone."""
    if receiver.customer_id is None:
        return receiver
    own, given = contact_of_customer(uow, receiver.customer_id), receiver.contact
    return Receiver(
        receiver.customer_id,
        Contact(phones=own.phones | given.phones, emails=own.emails | given.emails),
    )


class _Has(NamedTuple):
    """What somebody has of a campaign: how many count, how many since midnight, the last seq."""

    ever: int
    today: int
    last: int


def _has(uow: UnitOfWork, template_id: int, receiver: Receiver) -> _Has:
    """A guest's coupons have no customer, so people are also known by phone and e-mail."""
    who = same_person(uow, receiver)
    if who is None:
        return _Has(0, 0, 0)
    counts = Coupon.state != "revoked"
    since = midnight(uow.now, uow.store.config.timezone)
    own = Coupon.customer_id == receiver.customer_id
    row = uow.db.execute(
        select(
            func.count(case((counts, 1))),
            func.count(case((and_(counts, Coupon.issued_at >= since), 1))),
            func.max(case((own, Coupon.seq))),
        ).where(Coupon.template_id == template_id, who)
    ).one()
    return _Has(row[0], row[1], row[2] or 0)


def same_person(uow: UnitOfWork, receiver: Receiver) -> ColumnElement[bool] | None:
    """Coupons of this customer, or used by somebody with the same phone or e-mail."""
    who: list[ColumnElement[bool]] = []
    if receiver.customer_id is not None:
        who.append(Coupon.customer_id == receiver.customer_id)
    for column, subjects in (
        (Coupon.phone_key, receiver.contact.phones),
        (Coupon.email_key, receiver.contact.emails),
    ):
        if subjects:
            keys = [person_key(uow, "coupons", subject) for subject in sorted(subjects)]
            who.append(column.in_(keys))
    return or_(*who) if who else None


def _check_person(
    uow: UnitOfWork,
    template: Any,
    receiver: Receiver,
    has: _Has,
    locale: str,
    order_id: int | None,
) -> None:
    reason = _why_not(uow, terms_of(template), receiver, has, order_id)
    if reason is not None:
        raise refusal(reason, locale)


def _why_not(
    uow: UnitOfWork, terms: Terms, receiver: Receiver, has: _Has, order_id: int | None
) -> str | None:
    if terms.per_customer is not None and has.ever >= terms.per_customer:
        return "limit" if order_id is None else "limit-used"
    if terms.per_day is not None and has.today >= terms.per_day:
        return "limit-today"
    if terms.rules.new_customers and has_ordered(
        uow, receiver.customer_id, receiver.contact, besides=order_id
    ):
        return "new-customers" if order_id is None else "new-customers-order"
    return None


def reached_limit(uow: UnitOfWork, template: Any, receiver: Receiver) -> str | None:
    """Why this person gets none of the campaign now, to say so early; None if nothing speaks
    against it. What counts is `issue`."""
    receiver = _known(uow, receiver)
    has = _has(uow, template.id, receiver)
    return _why_not(uow, terms_of(template), receiver, has, None)


def _insert(
    uow: UnitOfWork,
    template_id: int,
    receiver: Receiver,
    seq: int,
    source: str,
    key: str | None,
    code_id: int | None,
) -> Issued:
    # Read again: an edit may have come between the caller's look and the row's lock.
    row = uow.db.execute(select(Template.__table__).where(Template.id == template_id)).one()
    terms = terms_of(row)
    good = window(terms, uow.now, uow.store.config.timezone)
    public_id = random_id()
    coupon_id = uow.db.execute(
        insert(Coupon)
        .values(
            public_id=public_id,
            template_id=template_id,
            version=row.version,
            customer_id=receiver.customer_id,
            seq=seq,
            rules=terms.rules.to_json(),
            state="unused",
            starts_at=good.start,
            ends_at=good.end,
            source=source,
            issue_key=key,
            code_id=code_id,
            phone_key=key_of(uow, receiver.contact.phones),
            email_key=key_of(uow, receiver.contact.emails),
            issued_at=uow.now,
        )
        .returning(Coupon.id)
    ).scalar_one()
    if row.total is not None and row.issued >= row.total:
        uow.touch("coupons")  # public pages say that there are none left
    return Issued(coupon_id, public_id, terms.rules, good.end)


def key_of(uow: UnitOfWork, subjects: frozenset[str]) -> str:
    """The hash that stands for the first of these phones or addresses."""
    return person_key(uow, "coupons", min(subjects, default=""))


def _by_key(uow: UnitOfWork, key: str) -> Issued | None:
    row = uow.db.execute(
        select(Coupon.id, Coupon.public_id, Coupon.rules, Coupon.ends_at).where(
            Coupon.issue_key == key
        )
    ).one_or_none()
    if row is None:
        return None
    return Issued(row.id, row.public_id, Rules.from_json(row.rules), row.ends_at, new=False)
