"""Send refunds to their providers: the same number on every try, no lock while one is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from storegen import failpoints
from storegen.domain.audit_log import record
from storegen.domain.orders.moving import lock, move, note
from storegen.domain.orders.transitions import TRANSITIONS
from storegen.domain.sweeps import in_turn
from storegen.domain.upsert import insert_new
from storegen.errors import Conflict, NotAllowed, NotFound, NotificationRefused, ProviderDown
from storegen.models import LedgerEntry, Order, Payment, Refund
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import JOB, Actor
from storegen.values.payment import RefundFact, RefundRequest

_OPEN = ("requested", "pending", "unknown")
LEASE = timedelta(seconds=60)


def send_due(store: Store, limit: int = 50) -> int:
    """Send or ask after the refunds that are due; how many. One that fails holds up no other."""
    due = store.look(
        lambda uow: list(
            uow.db.scalars(
                select(Refund.id)
                .where(Refund.state.in_(_OPEN), Refund.next_at <= uow.now)
                .order_by(Refund.next_at)
                .limit(limit)
            )
        )
    )
    return in_turn(due, lambda refund_id: send(store, refund_id), what="refund")


def send(store: Store, refund_id: int) -> bool:
    """One try for one refund; False if another worker has it."""
    job = store.transact(lambda uow: _claim(uow, refund_id, store))
    if job is None:
        return False
    provider_code, request, first = job
    failpoints.reach("refund.claimed")
    provider = store.plugins.payment_providers.get(provider_code)
    if provider is None:
        fact = RefundFact(
            refund_reference=request.refund_reference, result="by_hand", amount=request.amount
        )
    else:
        try:
            fact = provider.refund(request) if first else provider.query_refund(request)
            if not first and fact.result == "unknown":
                # The provider never heard of it: say it again, under the same number.
                fact = provider.refund(request)
        except ProviderDown as error:
            fact = RefundFact(
                refund_reference=request.refund_reference,
                result="unknown",
                amount=request.amount,
                message=error.reason,
            )
    failpoints.reach("refund.answered")
    store.transact(lambda uow: apply(uow, fact, provider_code))
    return True


def apply(uow: UnitOfWork, fact: RefundFact, provider: str) -> str:
    """Book what ``provider`` ("" where nobody is asked) says about a refund; ``duplicate`` where it
    is booked already. Raises `NotificationRefused` for another provider's or another amount."""
    known = uow.db.execute(
        select(Refund.order_id, Payment.provider)
        .outerjoin(Payment, Payment.id == Refund.payment_id)
        .where(Refund.reference == fact.refund_reference)
    ).one_or_none()
    if known is None:
        return "unknown_refund"
    if (known.provider or "") != provider:
        raise NotificationRefused("another provider's refund")
    order = lock(uow, known.order_id)
    refund = uow.db.execute(
        select(Refund.__table__).where(Refund.reference == fact.refund_reference)
    ).one()
    if refund.state == "succeeded":
        return "duplicate"
    if fact.result == "succeeded":
        if fact.amount != refund.amount:
            raise NotificationRefused("refund amount differs")
        _succeed(uow, order, refund, fact.provider_reference)
        return "booked"
    values: dict[str, Any] = {"state": fact.result, "message": fact.message[:1000]}
    values["next_at"] = (
        uow.now + _back_off(refund.attempts) if fact.result in ("pending", "unknown") else None
    )
    uow.db.execute(update(Refund).where(Refund.id == refund.id).values(**values))
    if fact.result != refund.state:
        note(uow, JOB, order.id, f"refund_{fact.result}", {"amount": refund.amount})
    return "noted"


def retry(uow: UnitOfWork, actor: Actor, refund_public_id: str) -> None:
    """Staff try a failed refund again: the same number, so that it cannot be paid twice."""
    _, refund = _of_staff(uow, actor, refund_public_id)
    if refund.state not in ("failed", "unknown", "pending"):
        raise Conflict("refund-not-failed")
    uow.db.execute(
        update(Refund).where(Refund.id == refund.id).values(state="requested", next_at=uow.now)
    )
    record(uow, actor, "refund.retry", "refund", refund_public_id)
    uow.later(lambda: uow.store.wake("refunds"))


def confirm_by_hand(uow: UnitOfWork, actor: Actor, refund_public_id: str, reference: str) -> None:
    """Staff gave the money back themselves (bank transfer, cash): book it."""
    order, refund = _of_staff(uow, actor, refund_public_id)
    if refund.state not in ("by_hand", "failed"):
        raise Conflict("refund-not-by-hand")
    _succeed(uow, order, refund, reference)
    record(uow, actor, "refund.confirm", "refund", refund_public_id, reference=reference)


def _of_staff(uow: UnitOfWork, actor: Actor, public_id: str) -> tuple[Any, Any]:
    """The order, locked first as everywhere, and the refund."""
    if not actor.may("orders.refund"):
        raise NotAllowed("orders.refund")
    order_id = uow.db.scalar(select(Refund.order_id).where(Refund.public_id == public_id))
    if order_id is None:
        raise NotFound("refund")
    order = lock(uow, order_id)
    refund = uow.db.execute(
        select(Refund.__table__).where(Refund.public_id == public_id).with_for_update()
    ).one()
    return order, refund


def _claim(uow: UnitOfWork, refund_id: int, store: Store) -> tuple[str, RefundRequest, bool] | None:
    """Take a refund for a minute. A worker that dies loses it to the next one after that."""
    refund = uow.db.execute(
        select(Refund.__table__).where(Refund.id == refund_id).with_for_update()
    ).one()
    if refund.state not in _OPEN or refund.next_at is None or refund.next_at > uow.now:
        return None
    uow.db.execute(
        update(Refund)
        .where(Refund.id == refund_id)
        .values(next_at=uow.now + LEASE, attempts=Refund.attempts + 1)
    )
    payment = uow.db.execute(
        select(Payment.__table__).where(Payment.id == refund.payment_id)
    ).one_or_none()
    order = uow.db.execute(
        select(Order.captured, Order.currency).where(Order.id == refund.order_id)
    ).one()
    request = RefundRequest(
        reference=payment.reference if payment else "",
        refund_reference=refund.reference,
        provider_reference=payment.provider_reference if payment else "",
        amount=refund.amount,
        paid_amount=payment.amount if payment else order.captured,
        currency=order.currency,
        reason=refund.reason,
        notify_url=notify_url(store, payment.provider) if payment else "",
    )
    return (payment.provider if payment else ""), request, refund.state == "requested"


def notify_url(store: Store, provider: str) -> str:
    """Where ``provider`` tells of refunds; "" while the shop does not know its own address.

    A payment takes the address from the customer's request; a refund is sent by the worker.
    """
    base = store.config.base_url
    return f"{base}/pay/{provider}/notify" if base else ""


def _succeed(uow: UnitOfWork, order: Any, refund: Any, provider_reference: str) -> None:
    made = insert_new(
        uow.db,
        LedgerEntry,
        {
            "order_id": order.id,
            "payment_id": refund.payment_id,
            "refund_id": refund.id,
            "kind": "refund",
            "amount": refund.amount,
            "source": refund.reference,
            "at": uow.now,
        },
        keys=("kind", "source"),
    )
    assert made is not None, "a refund that was booked is 'succeeded'"
    uow.db.execute(
        update(Refund)
        .where(Refund.id == refund.id)
        .values(
            state="succeeded",
            provider_reference=provider_reference[:128],
            next_at=None,
            done_at=uow.now,
        )
    )
    refunded = order.refunded + refund.amount
    uow.db.execute(update(Order).where(Order.id == order.id).values(refunded=refunded))
    note(uow, JOB, order.id, "refund", {"amount": refund.amount})
    if order.state in TRANSITIONS["refunded"].sources and refunded >= order.captured:
        move(uow, JOB, order.id, "refunded")


def _back_off(attempts: int) -> timedelta:
    """10 s, 20 s, 40 s … at most an hour: providers also limit refunds to one a minute."""
    return timedelta(seconds=min(3600, 10 * 2 ** min(attempts, 9)))


def waiting(uow: UnitOfWork) -> int:
    """How many refunds are not finished: the back office's work list."""
    return int(
        uow.db.scalar(select(func.count()).select_from(Refund).where(Refund.state != "succeeded"))
        or 0
    )
