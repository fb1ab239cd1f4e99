"""Messages on their way: claimed by one worker, put off, finished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, or_, select, update

from storegen.domain.message_texts import SECRET
from storegen.models import Message
from storegen.uow import UnitOfWork

MOST_TRIES = 8
FIRST_WAIT, LONGEST_WAIT = 15, 3600  # seconds
_LEASE = timedelta(minutes=2)
"""A message that is being handed over is nobody else's for so long. When the process dies
meanwhile it is sent again: twice is better than never."""


def due(uow: UnitOfWork, channel: str, most: int) -> Sequence[int]:
    """The ids of messages of one channel that are due, the oldest first."""
    return (
        uow.db.execute(
            select(Message.id)
            .where(
                Message.state == "waiting",
                Message.channel == channel,
                Message.next_at <= uow.now,
            )
            .order_by(Message.next_at, Message.id)
            .limit(most)
        )
        .scalars()
        .all()
    )


def claim(uow: UnitOfWork, message_id: int) -> RowMapping | None:
    """The message, which is this worker's now; None if it is another's or out of date."""
    return (
        uow.db.execute(
            update(Message)
            .where(
                Message.id == message_id,
                Message.state == "waiting",
                Message.next_at <= uow.now,
                or_(Message.expires_at.is_(None), Message.expires_at > uow.now),
            )
            .values(attempts=Message.attempts + 1, next_at=uow.now + _LEASE)
            .returning(Message.__table__)
        )
        .mappings()
        .one_or_none()
    )


def put_off(uow: UnitOfWork, row: RowMapping) -> None:
    """Try it again later, after growing pauses."""
    wait = min(FIRST_WAIT * 2 ** (row["attempts"] - 1), LONGEST_WAIT)
    uow.db.execute(
        update(Message)
        .where(Message.id == row["id"])
        .values(next_at=uow.now + timedelta(seconds=wait))
    )


def put_off_all(uow: UnitOfWork, ids: Sequence[int]) -> int:
    """Nobody's message's fault: all wait a little, and none counts a try; how many."""
    wait = timedelta(seconds=2 * FIRST_WAIT)
    return uow.db.execute(
        update(Message)
        .where(Message.id.in_(ids), Message.state == "waiting")
        .values(next_at=uow.now + wait)
    ).rowcount


def finish(uow: UnitOfWork, row: RowMapping, state: str) -> None:
    """It is ``sent`` or ``failed``; a secret in it is forgotten."""
    values: dict[str, Any] = {"state": state, "next_at": None}
    if row["template"] in SECRET and uow.store.config.mode != "demo":
        values["data"] = {}
    uow.db.execute(update(Message).where(Message.id == row["id"]).values(**values))


def expire(uow: UnitOfWork) -> int:
    """Give up what is out of date; how many."""
    return _end(uow, Message.expires_at <= uow.now)


def end_waiting(uow: UnitOfWork) -> int:
    """Give up whatever waits: it was written to a demo's mailbox, and must not reach anybody once
    the shop is live; how many."""
    return _end(uow)


def _end(uow: UnitOfWork, *which: ColumnElement[bool]) -> int:
    """They are expired, and the secrets in them forgotten."""
    values: dict[str, Any] = {"state": "expired", "next_at": None}
    over = (Message.state == "waiting", *which)
    secret = Message.template.in_(sorted(SECRET))
    changed = uow.db.execute(
        update(Message).where(*over, secret).values(**values, data={})
    ).rowcount
    return changed + uow.db.execute(update(Message).where(*over).values(**values)).rowcount
