"""Things to say to people outside the shop, written in the transaction that causes them.

`message_delivery` hands them over afterwards. In demo mode the mailbox page shows them instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storegen.domain.message_texts import TEXTS
from storegen.errors import NotFound
from storegen.models import Message
from storegen.store import Store
from storegen.uow import UnitOfWork

JOB_NAME = "messages"
"""What the worker is woken for."""


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxEntry:
    """A message as the demo mailbox shows it."""

    id: int
    channel: str
    recipient: str
    subject: str
    body: str
    state: str
    created_at: datetime


def channels_available(store: Store) -> frozenset[str]:
    """The channels (``sms``, ``email``) by which this store can reach people now.

    Where one is missing, forms offer a password only. A demo reaches everybody: in its mailbox.
    """
    if store.config.mode == "demo":
        return frozenset({"sms", "email"})
    return deliverable(store)


def deliverable(store: Store) -> frozenset[str]:
    """The channels that lead out of the shop: its mail server, and what plugins bring."""
    mail = {"email"} if store.config.mail is not None else set()
    return frozenset(mail | set(store.plugins.message_channels))


def send(
    uow: UnitOfWork,
    *,
    channel: str,
    recipient: str,
    template: str,
    locale: str,
    data: Mapping[str, Any],
    expires_at: datetime | None = None,
) -> int | None:
    """Write a message down for delivery after the commit; returns its id.

    None, and nothing is written, when the store has no such channel: nothing waits for ever.
    ``template`` is a key of `message_texts.TEXTS`; after ``expires_at`` it is not sent any more.
    """
    render(uow.store, template, locale, data)  # a text that cannot be filled fails here, not later
    if channel not in channels_available(uow.store):
        return None
    message_id: int = uow.db.execute(
        insert(Message)
        .values(
            channel=channel,
            recipient=recipient,
            template=template,
            locale=locale or uow.store.config.locale,
            data=dict(data),
            created_at=uow.now,
            expires_at=expires_at,
            next_at=uow.now,
        )
        .returning(Message.id)
    ).scalar_one()
    store = uow.store
    uow.later(lambda: store.wake(JOB_NAME))
    return message_id


def render(store: Store, template: str, locale: str, data: Mapping[str, Any]) -> Rendered:
    """The text of a message in the reader's language, else the store's, else English."""
    texts = TEXTS[template]
    for candidate in (locale, store.config.locale, "en"):
        language = candidate.replace("_", "-").partition("-")[0].lower()
        if language in texts:
            subject, body = texts[language]
            break
    known = {**data, "shop": store.config.name}
    return Rendered(subject.format_map(known), body.format_map(known))


def mailbox(uow: UnitOfWork, *, limit: int = 50) -> Sequence[MailboxEntry]:
    """The newest messages, for the page that stands in for phones and mail in a demo.

    Raises `NotFound` in a live shop: there it would show everybody's codes to anybody.
    """
    if uow.store.config.mode != "demo":
        raise NotFound("page")
    rows = uow.db.execute(select(Message).order_by(Message.id.desc()).limit(limit)).mappings()
    entries = []
    for row in rows:
        # What is secret is forgotten once it was handed over or is out of date.
        text = Rendered("", "")
        if row["data"]:
            text = render(uow.store, row["template"], row["locale"], row["data"])
        entries.append(
            MailboxEntry(
                id=row["id"],
                channel=row["channel"],
                recipient=row["recipient"],
                subject=text.subject,
                body=text.body,
                state=row["state"],
                created_at=row["created_at"],
            )
        )
    return entries
