"""What the worker does about payments: ask, close in time, try parked notifications again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select, update

from storegen.domain.orders.moving import lock, move
from storegen.domain.payments.booking import book
from storegen.domain.payments.play_money import providers_in_use
from storegen.domain.refunds import sending
from storegen.domain.sweeps import in_turn
from storegen.domain.upsert import insert_new
from storegen.errors import Conflict, NotificationRefused, ProviderDown
from storegen.models import Order, OrderLine, ParkedNotification, Payment
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import JOB, Actor
from storegen.values.payment import PaymentFact, RefundFact

CLOSE_GRACE = timedelta(minutes=15)
"""How long a provider that does not answer keeps an expired order's goods reserved."""
PARK_TRIES = 12


def notify(store: Store, provider: str, fact: PaymentFact | RefundFact) -> str:
    """Book a verified notification, or park it if it came before what it speaks of."""
    if isinstance(fact, RefundFact):
        refund = fact
        outcome = store.transact(lambda uow: sending.apply(uow, refund, provider))
    else:
        payment = fact
        outcome = store.transact(lambda uow: book(uow, provider, payment))
    if outcome in ("unknown_payment", "unknown_refund"):
        store.transact(lambda uow: _park(uow, provider, fact))
        return "parked"
    return outcome


def query(store: Store, payment_id: int) -> str:
    """Ask the provider about one payment now, and book what it says."""
    found = store.look(
        lambda uow: uow.db.execute(
            select(Payment.provider, Payment.reference, Payment.created_at, Payment.state).where(
                Payment.id == payment_id
            )
        ).one()
    )
    provider = providers_in_use(store).get(found.provider)
    if provider is None or not provider.notifies:
        store.transact(lambda uow: _next_query(uow, payment_id, None))
        return "by_hand"
    try:
        fact = provider.query(found.reference)
    except ProviderDown:
        fact = None
    age = store.clock.now() - found.created_at
    store.transact(lambda uow: _next_query(uow, payment_id, _pause(age)))
    if fact is None:
        return "unanswered"
    if fact.result in ("unknown", "pending"):
        return str(fact.result)
    return store.transact(lambda uow: book(uow, found.provider, fact))


def query_due(store: Store, limit: int = 50) -> int:
    """Ask after payments whose notification may have been lost."""
    due = store.look(
        lambda uow: list(
            uow.db.scalars(
                select(Payment.id)
                .where(Payment.state.in_(("created", "pending")), Payment.next_query_at <= uow.now)
                .order_by(Payment.next_query_at)
                .limit(limit)
            )
        )
    )
    in_turn(due, lambda payment_id: query(store, payment_id) and 1, what="query of payment")
    return len(due)


def close_due(store: Store, limit: int = 100) -> int:
    """Close orders whose time to pay is over: first at the provider, then their stock goes back."""
    due = store.look(
        lambda uow: list(
            uow.db.scalars(
                select(Order.id)
                .where(Order.state == "pending_payment", Order.expires_at <= uow.now)
                .order_by(Order.expires_at)
                .limit(limit)
            )
        )
    )
    return in_turn(due, lambda order_id: close_order(store, order_id), what="closing of order")


def close_order(store: Store, order_id: int) -> bool:
    """Close one expired order unless it turns out to be paid; False if it has to wait."""
    if not settle_at_providers(store, order_id):
        late = store.look(
            lambda uow: uow.db.scalar(select(Order.expires_at).where(Order.id == order_id))
        )
        if late is not None and store.clock.now() < late + CLOSE_GRACE:
            return False
    return store.transact(lambda uow: _close(uow, order_id))


def cancel_unpaid(store: Store, actor: Actor, order_id: int, reason: str = "") -> None:
    """The customer or staff give up an unpaid order: closed at the provider first.

    One that is paid on delivery too, until its first parcel has left. Raises `Forbidden` where it
    was paid meanwhile, `Conflict` where goods have left, `ProviderDown` while it cannot be known
    whether it was paid.
    """
    from storegen.domain.audit_log import record

    if not settle_at_providers(store, order_id):
        raise ProviderDown("", "the payment could not be closed")

    def cancel(uow: UnitOfWork) -> None:
        order = lock(uow, order_id)
        unpaid_delivery = order.state == "to_ship" and order.pay_on_delivery
        name = "cancel_unpaid" if unpaid_delivery and not order.captured else "cancel"
        if name == "cancel_unpaid" and _has_left(uow, order_id):
            raise Conflict("already-shipped")
        move(uow, actor, order_id, name, {"reason": reason})
        _close_payments(uow, order_id)
        record(uow, actor, "order.cancel", "order", str(order_id), reason=reason)

    store.transact(cancel)


def _has_left(uow: UnitOfWork, order_id: int) -> bool:
    """Goods on their way cannot be called back: they are refused at the door, then given back."""
    shipped = uow.db.scalar(
        select(func.sum(OrderLine.shipped)).where(OrderLine.order_id == order_id)
    )
    return bool(shipped)


def settle_at_providers(store: Store, order_id: int) -> bool:
    """Make sure that no open payment of the order can be paid any more; book one that was.

    False if a provider did not answer, or would not close one.
    """
    open_ones = store.look(
        lambda uow: uow.db.execute(
            select(Payment.id, Payment.provider, Payment.reference).where(
                Payment.order_id == order_id, Payment.state.in_(("created", "pending"))
            )
        ).all()
    )
    certain = True
    for payment in open_ones:
        provider = providers_in_use(store).get(payment.provider)
        if provider is None or not provider.notifies:
            continue
        try:
            fact = provider.close(payment.reference)
        except ProviderDown:
            certain = False
            continue
        if fact.result in ("succeeded", "closed", "failed"):
            store.transact(partial(book, provider=payment.provider, fact=fact))
        elif fact.result == "pending":
            certain = False
    return certain


def retry_parked(store: Store, limit: int = 50) -> int:
    """Try notifications again that came before what they speak of."""
    due = store.look(
        lambda uow: uow.db.execute(
            select(ParkedNotification.__table__)
            .where(ParkedNotification.state == "waiting", ParkedNotification.next_at <= uow.now)
            .limit(limit)
        ).all()
    )
    in_turn(due, lambda row: store.transact(partial(_retry, row=row)), what="parked notification")
    return len(due)


def _close(uow: UnitOfWork, order_id: int) -> bool:
    order = lock(uow, order_id)
    if order.state != "pending_payment" or order.expires_at is None or order.expires_at > uow.now:
        return False
    move(uow, JOB, order_id, "close")
    _close_payments(uow, order_id)
    return True


def _close_payments(uow: UnitOfWork, order_id: int) -> None:
    uow.db.execute(
        update(Payment)
        .where(Payment.order_id == order_id, Payment.state.in_(("created", "pending")))
        .values(state="closed", next_query_at=None)
    )


def _park(uow: UnitOfWork, provider: str, fact: PaymentFact | RefundFact) -> None:
    kind = "payment" if isinstance(fact, PaymentFact) else "refund"
    event_id = fact.event_id or getattr(fact, "refund_reference", "")
    insert_new(
        uow.db,
        ParkedNotification,
        {
            "provider": provider,
            "event_id": event_id,
            "fact": {"kind": kind, **asdict(fact)},
            "attempts": 0,
            "state": "waiting",
            "next_at": uow.now + timedelta(seconds=2),
            "created_at": uow.now,
        },
        keys=("provider", "event_id"),
    )
    uow.later(lambda: uow.store.wake("parked"))


def _retry(uow: UnitOfWork, row: Any) -> None:
    fact = dict(row.fact)
    kind = fact.pop("kind")
    values: dict[str, Any]
    try:
        with uow.db.begin_nested():
            if kind == "payment":
                outcome: str = book(uow, row.provider, PaymentFact(**fact))
            else:
                outcome = sending.apply(uow, RefundFact(**fact), row.provider)
    except NotificationRefused:
        outcome = "refused"
    if outcome == "refused":
        values = {"state": "given_up"}
    elif outcome in ("unknown_payment", "unknown_refund"):
        attempts = row.attempts + 1
        values = {
            "attempts": attempts,
            "state": "given_up" if attempts >= PARK_TRIES else "waiting",
            "next_at": uow.now + timedelta(seconds=min(3600, 2 * 2**attempts)),
        }
    else:
        values = {"state": "done"}
    uow.db.execute(
        update(ParkedNotification)
        .where(
            ParkedNotification.id == row.id,
            ParkedNotification.state == "waiting",
        )
        .values(**values)
    )


def _next_query(uow: UnitOfWork, payment_id: int, pause: timedelta | None) -> None:
    uow.db.execute(
        update(Payment)
        .where(Payment.id == payment_id)
        .values(next_query_at=None if pause is None else uow.now + pause)
    )


def _pause(age: timedelta) -> timedelta:
    """Often while the customer may still be looking at the page, then rarely."""
    return max(timedelta(seconds=20), min(timedelta(minutes=30), age / 2))
