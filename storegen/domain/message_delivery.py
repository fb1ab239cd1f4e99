"""Deliver the messages that are due; the worker runs this when woken and by its timer."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import RowMapping

from storegen.config import MailConfig
from storegen.domain import message_queue as queue
from storegen.domain import smtp
from storegen.domain.keyed_hash import keyed_hash
from storegen.domain.message_queue import MOST_TRIES
from storegen.domain.messages import deliverable, render
from storegen.errors import ChannelDown, MessageRefused
from storegen.plugins.started import ContainedChannel
from storegen.store import Store
from storegen.values.message import OutgoingMessage

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivered:
    """What one run did: messages sent, put off, given up, and out of date before they went."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    expired: int = 0


def deliver_due(store: Store, *, most: int = 100) -> Delivered:
    """Hand over what is due, without a transaction open while a server is spoken to.

    E-mail goes to the server of ``[mail]`` in store.toml; what that does not carry goes to the
    channel that a plugin brings for it.
    """
    done = Delivered(expired=store.transact(queue.expire))
    mail = store.config.mail
    for kind in sorted(deliverable(store)):
        due = store.look(partial(queue.due, channel=kind, most=most))
        if due and kind == "email" and mail is not None:
            _deliver_mail(store, mail, due, done)
        elif due:
            _deliver_by(store, store.plugins.message_channels[kind], due, done)
    return done


def _deliver_by(
    store: Store, channel: ContainedChannel, due: Sequence[int], done: Delivered
) -> None:
    """One message after the other: a channel that is down for one may take the next."""
    for message_id in due:
        row = store.transact(partial(queue.claim, message_id=message_id))
        if row is None:
            continue
        text = render(store, row["template"], row["locale"], row["data"])
        message = OutgoingMessage(
            key=_key(store, row),
            to=row["recipient"],
            subject=text.subject,
            text=text.body,
            template=row["template"],
            values=tuple((str(name), str(value)) for name, value in row["data"].items()),
        )
        try:
            channel.send(message)
        except MessageRefused:
            log.warning("message %s was refused for good by %s", row["id"], channel.code)
            _fail(store, row, done)
        except ChannelDown as error:
            log.warning("message %s was not taken: %s", row["id"], error.reason)
            _again(store, row, done)
        else:
            _sent(store, row, done)


def _deliver_mail(store: Store, mail: MailConfig, due: Sequence[int], done: Delivered) -> None:
    try:
        with smtp.connection(mail) as server:
            for message_id in due:
                row = store.transact(partial(queue.claim, message_id=message_id))
                if row is not None:
                    _hand_over(store, mail, server, row, done)
    except (OSError, smtplib.SMTPException) as error:
        # The server is away or refuses us: that is nobody's message's fault, so none counts a
        # try; all wait a little, and expire if they must.
        log.warning("the mail server cannot be used: %s", type(error).__name__)
        done.put_off += store.transact(lambda uow: queue.put_off_all(uow, due))


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
        message_id=_key(store, row),
    )
    try:
        smtp.hand_over(server, message)
    except smtp.RecipientRefused:
        log.warning("message %s was refused for good", row["id"])
        _fail(store, row, done)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        log.warning("message %s was not taken: %s", row["id"], type(error).__name__)
        _again(store, row, done)
    else:
        _sent(store, row, done)


def _key(store: Store, row: RowMapping) -> str:
    """The same each time, and nothing that tells how many messages the shop sends."""
    return keyed_hash(store, "message-id", str(row["id"]))[:32]


def _sent(store: Store, row: RowMapping, done: Delivered) -> None:
    store.transact(lambda uow: queue.finish(uow, row, "sent"))
    done.sent += 1


def _fail(store: Store, row: RowMapping, done: Delivered) -> None:
    store.transact(lambda uow: queue.finish(uow, row, "failed"))
    done.failed += 1


def _again(store: Store, row: RowMapping, done: Delivered) -> None:
    if row["attempts"] >= MOST_TRIES:
        _fail(store, row, done)
        return
    store.transact(lambda uow: queue.put_off(uow, row))
    done.put_off += 1
