"""Facts leave through the outbox: written in the transaction that made them true."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from storegen.models import OutboxEvent
from storegen.uow import UnitOfWork


def emit(uow: UnitOfWork, name: str, payload: dict[str, Any], *, version: int = 1) -> None:
    """Record that ``name`` happened. Nothing external happens here: the worker delivers it."""
    uow.db.execute(
        insert(OutboxEvent).values(name=name, version=version, payload=payload, created_at=uow.now)
    )
    uow.later(lambda: uow.store.wake("outbox"))
