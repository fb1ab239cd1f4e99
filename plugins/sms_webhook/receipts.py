"""Receipts: kept once, shown for three months."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from storegen_plugins.sms_webhook.tables import Receipt

from storegen.sdk import UnitOfWork, insert_new

VIEW = "sms_webhook.view"
STATES = ("delivered", "failed")
KEPT = timedelta(days=90)
_AT_ONCE = 500


def keep(uow: UnitOfWork, key: str, state: str, reason: str) -> bool:
    """Whether this is the first receipt of the message; a second one changes nothing."""
    values = {"key": key, "state": state, "reason": reason[:200], "at": uow.now}
    return insert_new(uow.db, Receipt, values, keys=["key"]) is not None


def forget(uow: UnitOfWork) -> int:
    """Delete old receipts; how many."""
    old = uow.db.scalars(
        select(Receipt.id).where(Receipt.at < uow.now - KEPT).order_by(Receipt.id).limit(_AT_ONCE)
    ).all()
    if old:
        uow.db.execute(delete(Receipt).where(Receipt.id.in_(old)))
    return len(old)
