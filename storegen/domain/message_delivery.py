"""Deliver the messages that are due; the worker runs this when woken and by its timer."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import RowMapping, or_, select, update

from storegen.config import MailConfig
from storegen.domain import smtp
from storegen.domain.keyed_hash import keyed_hash
from storegen.domain.message_texts import SECRET
from storegen.domain.messages import deliverable, render
from storegen.models import Message
from storegen.store import Store
from storegen.uow import UnitOfWork

log = logging.getLogger(__name__)

MOST_TRIES = 8
_LEASE = timedelta(minutes=2)
"""A message that is being handed over is nobody else's for so long. When the process dies
meanwhile it is sent again: twice is better than never."""
_FIRST_WAIT, _LONGEST_WAIT = 15, 3600  # seconds


@dataclass(slots=True)
class Delivered:
    """What one run did: messages sent, put off, given up, and out of date before they went."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    expired: int = 0


def deliver_due(store: Store, *, most: int = 100) -> Delivered:
    """Hand over what is due, without a transaction open while the server is spoken to."""
    done = Delivered(expired=store.transact(_expire))
    channels = deliverable(store)
    due = store.look(lambda uow: _due(uow, channels, most)) if channels else ()
    mail = store.config.mail
    if due and mail is not None:
        _deliver_mail(store, mail, due, done)
    return done


def _deliver_mail(store: Store, mail: MailConfig, due: Sequence[int], done: Delivered) -> None:
    try:
        with smtp.connection(mail) as server:
            for message_id in due:
                row = store.transact(partial(_claim, message_id=message_id))
                if row is not None:
                    _hand_over(store, mail, server, row, done)
    except (OSError, smtplib.SMTPException) as error:
        # The server is away or refuses us: that is nobody's message's fault, so none counts a
        # try; all wait a little, and expire if they must.
        log.warning("the mail server cannot be used: %s", type(error).__name__)
        done.put_off += store.transact(lambda uow: _put_off_all(uow, due))


def _hand_over(
    store: Store, mail: MailConfig, server: smtplib.SMTP, row: RowMapping, done: Delivered
) -> None:
    text = render(store, row["template"], row["locale"], row["data"])
    message = smtp.compose(
        mail,
        shop=store.config.name,
        recipient=row["recipient"],
        subject=text.subject,
        body=text.body,
        message_id=keyed_hash(store, "message-id", str(row["id"]))[:32],
    )
    try:
        smtp.hand_over(server, message)
    except smtp.RecipientRefused:
        log.warning("message %s was refused for good", row["id"])
        store.transact(lambda uow: _finish(uow, row, "failed"))
        done.failed += 1
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        log.warning("message %s was not taken: %s", row["id"], type(error).__name__)
        if row["attempts"] >= MOST_TRIES:
            store.transact(lambda uow: _finish(uow, row, "failed"))
            done.failed += 1
        else:
            store.transact(lambda uow: _put_off(uow, row))
            done.put_off += 1
    else:
        store.transact(lambda uow: _finish(uow, row, "sent"))
        done.sent += 1


def _due(uow: UnitOfWork, channels: frozenset[str], most: int) -> Sequence[int]:
    return (
        uow.db.execute(
            select(Message.id)
            .where(
                Message.state == "waiting",
                Message.channel.in_(sorted(channels)),
                Message.next_at <= uow.now,
            )
            .order_by(Message.next_at, Message.id)
            .limit(most)
        )
        .scalars()
        .all()
    )


def _claim(uow: UnitOfWork, message_id: int) -> RowMapping | None:
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


def _put_off(uow: UnitOfWork, row: RowMapping) -> None:
    wait = min(_FIRST_WAIT * 2 ** (row["attempts"] - 1), _LONGEST_WAIT)
    uow.db.execute(
        update(Message)
        .where(Message.id == row["id"])
        .values(next_at=uow.now + timedelta(seconds=wait))
    )


def _put_off_all(uow: UnitOfWork, ids: Sequence[int]) -> int:
    wait = timedelta(seconds=2 * _FIRST_WAIT)
    return uow.db.execute(
        update(Message)
        .where(Message.id.in_(ids), Message.state == "waiting")
        .values(next_at=uow.now + wait)
    ).rowcount


def _finish(uow: UnitOfWork, row: RowMapping, state: str) -> None:
    values: dict[str, Any] = {"state": state, "next_at": None}
    if row["template"] in SECRET and uow.store.config.mode != "demo":
        values["data"] = {}
    uow.db.execute(update(Message).where(Message.id == row["id"]).values(**values))


def _expire(uow: UnitOfWork) -> int:
    values: dict[str, Any] = {"state": "expired", "next_at": None}
    over = (Message.state == "waiting", Message.expires_at <= uow.now)
    secret = Message.template.in_(sorted(SECRET))
    changed = uow.db.execute(
        update(Message).where(*over, secret).values(**values, data={})
    ).rowcount
    return changed + uow.db.execute(update(Message).where(*over).values(**values)).rowcount
