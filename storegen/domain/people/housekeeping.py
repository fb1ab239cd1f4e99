"""Forget what is over: the worker runs this by its timer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from storegen.domain import limits
from storegen.models import Message, OneTimeCode, Session
from storegen.uow import UnitOfWork

_KEEP_MESSAGES = timedelta(days=30)


def sweep(uow: UnitOfWork) -> None:
    """Delete expired sessions, codes and counters, and messages older than 30 days."""
    uow.db.execute(delete(Session).where(Session.expires_at <= uow.now))
    uow.db.execute(delete(OneTimeCode).where(OneTimeCode.expires_at <= uow.now - timedelta(days=1)))
    uow.db.execute(
        delete(Message).where(
            Message.state != "waiting", Message.created_at < uow.now - _KEEP_MESSAGES
        )
    )
    limits.sweep(uow)
