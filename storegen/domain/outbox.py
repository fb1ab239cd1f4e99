"""Facts leave through the outbox: written in the transaction that made them true.

With the event go its deliveries, one for each plugin that listens; the worker makes them
(`outbox_delivery`). So a plugin that is switched on hears of what happens from then on.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from storegen.models import OutboxDelivery, OutboxEvent
from storegen.uow import UnitOfWork

JOB_NAME = "outbox"
"""What the worker is woken for."""


def emit(uow: UnitOfWork, name: str, payload: dict[str, Any], *, version: int = 1) -> None:
    """Record that ``name`` happened. Nothing external happens here: the worker delivers it.

    One statement, and one more if a plugin listens. ``payload`` is JSON with internal ids and no
    personal data.
    """
    event_id = uow.db.execute(
        insert(OutboxEvent)
        .values(name=name, version=version, payload=payload, created_at=uow.now)
        .returning(OutboxEvent.id)
    ).scalar_one()
    listeners = uow.store.plugins.listeners(name)
    if not listeners:
        return
    uow.db.execute(
        insert(OutboxDelivery),
        [
            {"event_id": event_id, "listener": plugin, "next_at": uow.now, "error": ""}
            for plugin in listeners
        ],
    )
    store = uow.store
    uow.later(lambda: store.wake(JOB_NAME))


def emit_own(uow: UnitOfWork, name: str, payload: dict[str, Any], *, version: int = 1) -> None:
    """Record an event of a plugin's own, ``<plugin>.<name>`` as its manifest ``emits`` it.

    Raises ``ValueError`` for one that no plugin of the store announced: nobody could listen.
    """
    if name not in uow.store.plugins.own_events:
        raise ValueError(f"no manifest has the event {name!r} in `emits`")
    emit(uow, name, payload, version=version)
