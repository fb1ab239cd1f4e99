"""Bringing events to the plugins that listen, at least once; what fails too often waits for a
person on the list of dead letters."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select, update

from storegen import failpoints
from storegen.domain.audit_log import record
from storegen.errors import Busy, NotAllowed, NotFound
from storegen.models import OutboxDelivery, OutboxEvent
from storegen.plugins.said import said
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.event import Event

log = logging.getLogger("storegen.jobs")

MOST_TRIES = 12
"""Then it is dead: with the pauses below that is after about a day."""
_FIRST_WAIT, _LONGEST_WAIT = 5, 6 * 3600  # seconds
_PER_SWEEP = 200
_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A delivery that has failed; ``state``: ``waiting`` (it is tried again) or ``dead``."""

    id: int
    plugin: str
    event: str
    event_id: int
    state: str
    attempts: int
    error: str
    next_at: datetime
    happened_at: datetime


def deliver_due(store: Store) -> int:
    """Deliver what is due to the plugins that are at work; how many were delivered.

    Deliveries for plugins that are switched off stay as they are, for their return. A plugin
    hears of events in the order in which they happened, except of those that it failed on.
    """
    active = store.plugins.implementing("on_event")
    if not active:
        return 0
    done = 0
    for delivery_id in store.look(partial(_due, plugins=active)):
        done += _deliver(store, delivery_id)
    return done


def _due(uow: UnitOfWork, plugins: Sequence[str]) -> list[int]:
    return list(
        uow.db.scalars(
            select(OutboxDelivery.id)
            .where(
                OutboxDelivery.state == "waiting",
                OutboxDelivery.next_at <= uow.now,
                OutboxDelivery.listener.in_(plugins),
            )
            .order_by(OutboxDelivery.next_at, OutboxDelivery.id)
            .limit(_PER_SWEEP)
        )
    )


def _deliver(store: Store, delivery_id: int) -> bool:
    try:
        return store.transact(partial(_hand_over, delivery_id=delivery_id))
    except Busy:
        raise
    except Exception as error:
        # The transaction is gone, the plugin's writes with it; that it failed is kept apart.
        store.transact(partial(_put_off, delivery_id=delivery_id, error=error))
        return False


def _hand_over(uow: UnitOfWork, delivery_id: int) -> bool:
    """The plugin's effect and the mark that it is done, in one transaction."""
    row = uow.db.execute(
        # The mark comes first: it locks the delivery, so that of two workers one waits here and
        # then finds it done.
        update(OutboxDelivery)
        .where(
            OutboxDelivery.id == delivery_id,
            OutboxDelivery.state == "waiting",
            OutboxDelivery.next_at <= uow.now,
        )
        .values(state="done", error="", attempts=OutboxDelivery.attempts + 1)
        .returning(OutboxDelivery.listener, OutboxDelivery.event_id)
    ).one_or_none()
    if row is None:
        return False
    event = uow.db.execute(
        select(OutboxEvent.__table__).where(OutboxEvent.id == row.event_id)
    ).one()
    uow.store.plugins.ask_one(
        row.listener,
        "on_event",
        uow=uow,
        event=Event(
            id=event.id,
            name=event.name,
            version=event.version,
            payload=event.payload,
            at=event.created_at,
        ),
    )
    failpoints.reach("outbox.handled")
    return True


def _put_off(uow: UnitOfWork, delivery_id: int, error: Exception) -> None:
    attempts = uow.db.scalar(
        select(OutboxDelivery.attempts).where(
            OutboxDelivery.id == delivery_id, OutboxDelivery.state == "waiting"
        )
    )
    if attempts is None:
        return
    wait = min(_FIRST_WAIT * 2**attempts, _LONGEST_WAIT)
    uow.db.execute(
        update(OutboxDelivery)
        .where(OutboxDelivery.id == delivery_id, OutboxDelivery.state == "waiting")
        .values(
            attempts=attempts + 1,
            state="dead" if attempts + 1 >= MOST_TRIES else "waiting",
            error=said(error, _ERROR),
            next_at=uow.now + timedelta(seconds=wait),
        )
    )


def letters(
    uow: UnitOfWork, *, state: str = "", after: int | None = None, limit: int = 50
) -> list[Letter]:
    """Deliveries that failed at least once and are not done, the newest first. ``state`` keeps the
    ``waiting`` or the ``dead``; ``after`` is the id of the last one seen."""
    wanted = (
        select(
            OutboxDelivery.id,
            OutboxDelivery.listener.label("plugin"),
            OutboxEvent.name.label("event"),
            OutboxDelivery.event_id,
            OutboxDelivery.state,
            OutboxDelivery.attempts,
            OutboxDelivery.error,
            OutboxDelivery.next_at,
            OutboxEvent.created_at.label("happened_at"),
        )
        .join(OutboxEvent, OutboxEvent.id == OutboxDelivery.event_id)
        .where(OutboxDelivery.state != "done", OutboxDelivery.attempts > 0)
        .order_by(OutboxDelivery.id.desc())
        .limit(limit)
    )
    if state:
        wanted = wanted.where(OutboxDelivery.state == state)
    if after is not None:
        wanted = wanted.where(OutboxDelivery.id < after)
    return [Letter(**row._mapping) for row in uow.db.execute(wanted)]


def retry(uow: UnitOfWork, actor: Actor, delivery_id: int) -> None:
    """Try a delivery again at once, with all its tries anew. Raises `NotAllowed`, `NotFound` (also
    for one that is done)."""
    if not actor.may("jobs.edit"):
        raise NotAllowed("jobs.edit")
    changed = uow.db.execute(
        update(OutboxDelivery)
        .where(OutboxDelivery.id == delivery_id, OutboxDelivery.state != "done")
        .values(state="waiting", attempts=0, next_at=uow.now)
    )
    if changed.rowcount != 1:
        raise NotFound("delivery")
    record(uow, actor, "delivery.retry", "outbox_delivery", delivery_id)
    store = uow.store
    uow.later(lambda: store.wake("outbox"))


def waiting(uow: UnitOfWork) -> dict[str, dict[str, int]]:
    """Plugin → how many events wait for it, and how many are dead."""
    found: dict[str, dict[str, int]] = {}
    rows = uow.db.execute(
        select(OutboxDelivery.listener, OutboxDelivery.state, func.count())
        .where(OutboxDelivery.state != "done")
        .group_by(OutboxDelivery.listener, OutboxDelivery.state)
        .order_by(OutboxDelivery.listener, OutboxDelivery.state.desc())
    )
    for plugin, state, count in rows:
        found.setdefault(plugin, {})[state] = int(count)
    return found
