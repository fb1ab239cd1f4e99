"""Start to pay an order: ours first, then the provider's answer; no lock while it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from storegen import failpoints
from storegen.domain import settings
from storegen.domain.orders.moving import lock, move, note
from storegen.domain.payments.booking import settle_free
from storegen.domain.payments.play_money import providers_in_use
from storegen.domain.stock import hold_until
from storegen.errors import Conflict, Invalid, NotFound, ProviderDown
from storegen.models import Order, Payment, random_id
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import JOB, Actor
from storegen.values.payment import PaymentRequest, PaymentStart

FIRST_QUERY_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """One way to pay as the checkout lists it."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What the customer does next. ``kind``: redirect, instructions, on_delivery, or paid where
    nothing was left to pay."""

    kind: str
    redirect_url: str = ""
    instructions: dict[str, str] = field(default_factory=dict)
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the provider sends the customer (``return_url``) and its notifications back to."""

    return_url: str
    notify_url: str


def methods(store: Store, *, amount: int, channel: str, locale: str) -> list[Methods]:
    """The ways to pay this amount now, in the order of plugins."""
    config = store.config
    return [
        Methods(code=code, title=title_of(provider.titles, locale))
        for code, provider in providers_in_use(store).items()
        if provider.available(
            amount=amount, currency=config.currency, country=config.country, channel=channel
        )
    ]


def title_of(titles: Any, locale: str) -> str:
    """The text for ``locale``, for its language, or the English one."""
    found = titles.get(locale) or titles.get(locale.split("-")[0]) or titles["en"]
    return str(found)


def start(
    store: Store, actor: Actor, order_id: int, provider_code: str, addresses: Addresses
) -> Started:
    """Begin (or go on with) paying an order that waits for it.

    Asking again for the same provider while its page is open gives the same page, and asking while
    the first call has no answer says the same reference to the provider again: neither a double
    click nor a crash can start two payments. Raises `Forbidden`/`Conflict` where the order is not
    to be paid any more or the provider does not take this amount (now), `Invalid` for an unknown
    provider, `ProviderDown` if it did not answer.
    """
    provider = providers_in_use(store).get(provider_code)
    if provider is None:
        raise Invalid({"payment_provider": "unknown"})
    due = store.look(lambda uow: _due(uow, order_id))
    config = store.config
    # Outside the transaction, as every call of a provider; what is due changes by payments only.
    if due > 0 and not provider.available(
        amount=due, currency=config.currency, country=config.country, channel=actor.channel
    ):
        raise Conflict("payment-method-unavailable")
    prepared = store.transact(lambda uow: _prepare(uow, actor, order_id, provider_code, addresses))
    if isinstance(prepared, Started):
        return prepared
    request = prepared
    failpoints.reach("payment.prepared")
    try:
        answer = provider.start(request)
    except ProviderDown:
        store.transact(lambda uow: _unanswered(uow, request.reference))
        raise
    failpoints.reach("payment.answered")
    query_after = FIRST_QUERY_AFTER if provider.notifies else None
    return store.transact(lambda uow: _remember(uow, actor, order_id, request, answer, query_after))


def _due(uow: UnitOfWork, order_id: int) -> int:
    due = select(Order.payable - Order.captured).where(Order.id == order_id)
    return int(uow.db.scalar(due) or 0)


def _prepare(
    uow: UnitOfWork, actor: Actor, order_id: int, provider: str, addresses: Addresses
) -> PaymentRequest | Started:
    order = lock(uow, order_id)
    if order.state != "pending_payment":
        raise Conflict("not-awaiting-payment")
    if order.expires_at is not None and order.expires_at <= uow.now:
        raise Conflict("payment-time-is-over")
    due = order.payable - order.captured
    if due <= 0:
        settle_free(uow, actor, order_id)
        return Started(kind="paid")
    open_one = uow.db.execute(
        select(Payment.__table__)
        .where(
            Payment.order_id == order_id,
            Payment.provider == provider,
            Payment.state.in_(("created", "pending")),
            Payment.amount == due,
        )
        .order_by(Payment.id.desc())
        .limit(1)
    ).one_or_none()
    if open_one is not None and open_one.state == "pending":
        return Started(
            kind=open_one.kind,
            redirect_url=open_one.redirect_url,
            instructions=open_one.instructions,
            reference=open_one.reference,
        )
    reference = open_one.reference if open_one is not None else random_id(24)
    if open_one is None:
        uow.db.execute(
            insert(Payment).values(
                public_id=random_id(),
                order_id=order_id,
                provider=provider,
                reference=reference,
                amount=due,
                currency=order.currency,
                state="created",
                instructions={},
                created_at=uow.now,
                expires_at=order.expires_at,
                next_query_at=uow.now + FIRST_QUERY_AFTER,
            )
        )
    uow.db.execute(update(Order).where(Order.id == order_id).values(payment_provider=provider))
    expires = order.expires_at or uow.now + timedelta(hours=2)
    return PaymentRequest(
        reference=reference,
        order_number=order.number,
        amount=due,
        currency=order.currency,
        description=f"{uow.store.config.name} {order.number}",
        return_url=addresses.return_url,
        notify_url=addresses.notify_url,
        locale=order.locale,
        expires_at=int(expires.timestamp()),
    )


def _unanswered(uow: UnitOfWork, reference: str) -> None:
    """The provider may have made the payment all the same: the query job finds out."""
    uow.db.execute(
        update(Payment)
        .where(Payment.reference == reference, Payment.state == "created")
        .values(next_query_at=uow.now + FIRST_QUERY_AFTER)
    )


def _remember(
    uow: UnitOfWork,
    actor: Actor,
    order_id: int,
    request: PaymentRequest,
    answer: PaymentStart,
    query_after: timedelta | None,
) -> Started:
    order = lock(uow, order_id)
    changed = uow.db.execute(
        update(Payment)
        .where(Payment.reference == request.reference, Payment.state == "created")
        .values(
            state="pending",
            kind=answer.kind,
            redirect_url=answer.redirect_url,
            instructions=dict(answer.instructions),
            provider_reference=answer.provider_reference,
            next_query_at=uow.now + query_after if query_after else None,
        )
    )
    if changed.rowcount != 1:  # its notification, or a second click, was quicker
        return Started(
            kind=answer.kind,
            redirect_url=answer.redirect_url,
            instructions=dict(answer.instructions),
            reference=request.reference,
        )
    if answer.kind == "on_delivery" and order.state == "pending_payment":
        uow.db.execute(
            update(Order).where(Order.id == order_id).values(pay_on_delivery=True, expires_at=None)
        )
        hold_until(uow, order_id, None)
        move(uow, JOB, order_id, "pay_on_delivery")
        move(uow, JOB, order_id, "prepare")
    if answer.kind == "instructions" and order.state == "pending_payment":
        # A bank transfer takes days, not minutes.
        hours = settings.load(uow).checkout.transfer_hours
        until = uow.now + timedelta(hours=hours)
        uow.db.execute(update(Order).where(Order.id == order_id).values(expires_at=until))
        hold_until(uow, order_id, until)
        note(uow, actor, order_id, "awaiting_transfer", {"until": until.isoformat()})
    return Started(
        kind=answer.kind,
        redirect_url=answer.redirect_url,
        instructions=dict(answer.instructions),
        reference=request.reference,
    )


def find_by_reference(uow: UnitOfWork, reference: str) -> Any:
    row = uow.db.execute(
        select(Payment.__table__).where(Payment.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotFound("payment")
    return row
