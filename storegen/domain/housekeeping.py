"""Forget what nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists

from storegen.domain import aftersales_evidence, idempotency, limits
from storegen.domain.people import housekeeping
from storegen.models import Cart, CartLine, OutboxDelivery, OutboxEvent
from storegen.store import Store
from storegen.uow import UnitOfWork

KEEP_EVENTS = timedelta(days=30)
KEEP_CARTS = timedelta(days=60)


def sweep(store: Store) -> int:
    """Each part in a unit of its own, so that no table is locked for long."""
    parts = (
        idempotency.sweep,
        limits.sweep,
        housekeeping.sweep,
        aftersales_evidence.forget_old,
        _events,
        _carts,
    )
    for work in parts:
        store.transact(work)
    aftersales_evidence.remove_unused(store)
    return 1


def _events(uow: UnitOfWork) -> None:
    waiting = exists().where(
        OutboxDelivery.event_id == OutboxEvent.id, OutboxDelivery.state != "done"
    )
    uow.db.execute(
        delete(OutboxEvent).where(OutboxEvent.created_at < uow.now - KEEP_EVENTS, ~waiting)
    )


def _carts(uow: UnitOfWork) -> None:
    """Carts that guests left behind; a customer's stays."""
    old = Cart.updated_at < uow.now - KEEP_CARTS
    stale = Cart.customer_id.is_(None) & old
    uow.db.execute(delete(CartLine).where(exists().where(Cart.id == CartLine.cart_id, stale)))
    uow.db.execute(delete(Cart).where(stale))
