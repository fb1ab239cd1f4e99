"""Who changed what. Rows are added and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storegen.models import AuditLog
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    at: datetime
    actor: str
    action: str
    entity: str
    entity_id: str
    data: dict[str, Any]


def record(
    uow: UnitOfWork, actor: Actor, action: str, entity: str, entity_id: int | str, **data: Any
) -> None:
    """Write down that ``actor`` did ``action`` (``product.price_changed``) to an entity.

    ``data`` is JSON: ids and values before and after. No personal data and no secrets: what is
    written here outlives the erasure of a person.
    """
    uow.db.execute(
        insert(AuditLog).values(
            at=uow.now,
            actor=str(actor),
            action=action,
            entity=entity,
            entity_id=str(entity_id),
            data=data,
        )
    )


def history(
    uow: UnitOfWork, entity: str, entity_id: int | str, *, limit: int = 100
) -> Sequence[AuditEntry]:
    """What was done to one entity, the newest first."""
    rows = uow.db.execute(
        select(
            AuditLog.at,
            AuditLog.actor,
            AuditLog.action,
            AuditLog.entity,
            AuditLog.entity_id,
            AuditLog.data,
        )
        .where(AuditLog.entity == entity, AuditLog.entity_id == str(entity_id))
        .order_by(AuditLog.id.desc())
        .limit(limit)
    )
    return [AuditEntry(**row._mapping) for row in rows]
