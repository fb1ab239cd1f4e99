"""Book a provider's fact: once, under the order's lock, by the state table."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from sqlalchemy import select, update

from storegen import failpoints
from storegen.domain.orders.moving import lock, move, note
from storegen.domain.payments.play_money import refused
from storegen.domain.refunds.requesting import refund_amount
from storegen.domain.stock import hold_until
from storegen.domain.upsert import insert_new
from storegen.errors import NotificationRefused, Refused, SoldOut
from storegen.models import LedgerEntry, Order, Payment, ProviderEvent
from storegen.uow import UnitOfWork
from storegen.values.actor import JOB, Actor
from storegen.values.payment import PaymentFact

Outcome = Literal["booked", "noted", "duplicate", "mismatch", "unknown_payment"]


def book(uow: UnitOfWork, provider: str, fact: PaymentFact) -> Outcome:
    """Apply what ``provider`` says about one payment.

    ``unknown_payment``: it came before what it speaks of, and changed nothing: park it.
    ``mismatch``: amount, currency or provider are not ours: recorded and shown to staff, no money
    is booked. A fact that was applied before answers ``duplicate``. Raises `NotificationRefused`
    about another provider's payment, and about play money in a live shop, whoever says it: a
    notification, a query, a parked one of demo time.
    """
    if refused(uow.store, provider):
        raise NotificationRefused("play money in a live shop")
    known = uow.db.execute(
        select(Payment.id, Payment.order_id, Payment.provider).where(
            Payment.reference == fact.reference
        )
    ).one_or_none()
    if known is None:
        return "unknown_payment"
    if known.provider != provider:
        raise NotificationRefused("another provider's payment")
    order = lock(uow, known.order_id)
    payment = uow.db.execute(select(Payment.__table__).where(Payment.id == known.id)).one()
    event = insert_new(
        uow.db,
        ProviderEvent,
        {
            "provider": provider,
            "event_id": fact.event_id,
            "fact": asdict(fact),
            "outcome": fact.result,
            "at": uow.now,
        },
        keys=("provider", "event_id"),
    )
    if event is None:
        return "duplicate"
    if fact.result != "succeeded":
        return _not_paid(uow, payment, fact)
    if fact.currency != payment.currency or fact.amount != payment.amount:
        _flag(uow, order, "payment_mismatch")
        note(
            uow, JOB, order.id, "payment_mismatch", {"amount": fact.amount, "event": fact.event_id}
        )
        return "mismatch"
    return _paid(uow, provider, order, payment, fact)


def settle_free(uow: UnitOfWork, actor: Actor, order_id: int) -> None:
    """Nothing is left to pay: the order is paid at once. The caller holds its lock."""
    _after_payment(uow, order_id)


def confirm_by_hand(uow: UnitOfWork, actor: Actor, order_id: int, reference: str) -> None:
    """Staff saw the money (a transfer, cash from the courier): book what is due.

    ``reference`` is what the bank statement or receipt says; the same one is booked once. Money for
    an order that was closed or cancelled meanwhile is booked as any late payment is.
    """
    from storegen.domain.audit_log import record
    from storegen.errors import Conflict, NotAllowed

    if not actor.may("orders.edit"):
        raise NotAllowed("orders.edit")
    order = lock(uow, order_id)
    due = order.payable - order.captured
    if due <= 0 or order.state in ("refunded", "refunding"):
        raise Conflict("nothing-due")
    payment_id = _payment_by_hand(uow, order_id)
    source = f"hand:{order.number}:{reference.strip() or order.captured}"
    if not _enter(uow, order_id, payment_id, due, source):
        raise Conflict("already-booked")
    if payment_id is not None:
        uow.db.execute(
            update(Payment)
            .where(Payment.id == payment_id)
            .values(state="succeeded", next_query_at=None)
        )
    record(uow, actor, "payment.confirm", "order", str(order_id), amount=due, reference=reference)
    note(uow, actor, order_id, "payment", {"amount": due, "by_hand": True})
    _apply_capture(uow, order, payment_id, due)


def _payment_by_hand(uow: UnitOfWork, order_id: int) -> int | None:
    """The payment that staff wait for. Never one of a provider that reports by itself: it took no
    money, so it could not give any back."""
    providers = uow.store.plugins.payment_providers
    by_hand = [code for code, provider in providers.items() if not provider.notifies]
    return uow.db.scalar(
        select(Payment.id)
        .where(
            Payment.order_id == order_id,
            Payment.provider.in_(by_hand),
            Payment.state.in_(("created", "pending", "closed")),
        )
        .order_by(Payment.id.desc())
        .limit(1)
    )


def _paid(uow: UnitOfWork, provider: str, order: Any, payment: Any, fact: PaymentFact) -> Outcome:
    # Without a number of the provider's own, a notification and a query about one payment could
    # not be told from two payments: money that never came would be given back.
    source = f"{provider}:{fact.provider_reference or fact.reference}"
    if not _enter(uow, order.id, payment.id, fact.amount, source):
        return "duplicate"
    uow.db.execute(
        update(Payment)
        .where(Payment.id == payment.id)
        .values(
            state="succeeded",
            provider_reference=fact.provider_reference,
            payer_subject=fact.payer_subject,
            app_id=fact.app_id,
            next_query_at=None,
        )
    )
    note(uow, JOB, order.id, "payment", {"amount": fact.amount, "provider": provider})
    failpoints.reach("payment.booking")
    _apply_capture(uow, order, payment.id, fact.amount)
    return "booked"


def _apply_capture(uow: UnitOfWork, order: Any, payment_id: int | None, amount: int) -> None:
    """What money that has just been written to the ledger does to its order (as it was before)."""
    captured = order.captured + amount
    if order.state == "closed" and captured == order.payable:
        _late(uow, order, payment_id, amount)
        return
    if order.state in ("cancelled", "closed", "refunded", "refunding"):
        _flag(uow, order, "late_payment")
        refund_amount(uow, JOB, order.id, payment_id, amount, kind="late")
        return
    if order.state == "pending_payment" and captured >= order.payable:
        try:
            with uow.db.begin_nested():
                _after_payment(uow, order.id)
        except Refused:  # a plugin's last word: the money is on the books, and goes back
            move(uow, JOB, order.id, "close")
            _flag(uow, order, "late_payment")
            refund_amount(uow, JOB, order.id, payment_id, amount, kind="late")
            return
    if captured > order.payable:
        _flag(uow, order, "overpaid")


def _late(uow: UnitOfWork, order: Any, payment_id: int | None, amount: int) -> None:
    """Paid after the time was over: sold if the goods are still there and no plugin forbids it (its
    coupon was used elsewhere meanwhile, say), else refunded by itself."""
    try:
        with uow.db.begin_nested():
            move(uow, JOB, order.id, "pay_late")
    except (SoldOut, Refused):
        _flag(uow, order, "late_payment")
        refund_amount(uow, JOB, order.id, payment_id, amount, kind="late")
        return
    _prepare(uow, order.id)


def _not_paid(uow: UnitOfWork, payment: Any, fact: PaymentFact) -> Outcome:
    """Failed, closed or still pending; after a success such words are late and change nothing."""
    if fact.result in ("failed", "closed") and payment.state in ("created", "pending"):
        uow.db.execute(
            update(Payment)
            .where(Payment.id == payment.id)
            .values(state=fact.result, next_query_at=None)
        )
        note(uow, JOB, payment.order_id, f"payment_{fact.result}")
    return "noted"


def _enter(
    uow: UnitOfWork, order_id: int, payment_id: int | None, amount: int, source: str
) -> bool:
    made = insert_new(
        uow.db,
        LedgerEntry,
        {
            "order_id": order_id,
            "payment_id": payment_id,
            "kind": "capture",
            "amount": amount,
            "source": source[:160],
            "at": uow.now,
        },
        keys=("kind", "source"),
    )
    if made is None:
        return False
    uow.db.execute(
        update(Order).where(Order.id == order_id).values(captured=Order.captured + amount)
    )
    return True


def _after_payment(uow: UnitOfWork, order_id: int) -> None:
    hold_until(uow, order_id, None)
    move(uow, JOB, order_id, "pay")
    _prepare(uow, order_id)


def _prepare(uow: UnitOfWork, order_id: int) -> None:
    """A paid order can ship at once; where nothing is shipped, it is handed over."""
    from storegen.domain.fulfilment import hand_over_digital

    move(uow, JOB, order_id, "prepare")
    hand_over_digital(uow, JOB, order_id)


def _flag(uow: UnitOfWork, order: Any, flag: str) -> None:
    present = uow.db.scalar(select(Order.flags).where(Order.id == order.id)) or []
    if flag not in present:
        uow.db.execute(update(Order).where(Order.id == order.id).values(flags=[*present, flag]))
