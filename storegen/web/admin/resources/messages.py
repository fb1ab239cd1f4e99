"""Messages to people outside the shop, and how far they got. Their secrets are never shown."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from storegen.models import Message
from storegen.uow import UnitOfWork
from storegen.web.admin.registry import Column, Listing, Query, Resource, Row
from storegen.web.admin.resources.listing import HOUSE, newest, state_filter
from storegen.web.context import gettext

CHANNELS = {"sms": "Text message", "email": "E-mail"}


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = select(
        *(Message.id, Message.channel, Message.recipient, Message.template),
        *(Message.state, Message.attempts, Message.created_at),
    )
    if state := query.filters.get("state"):
        wanted = wanted.where(Message.state == state)
    return newest(uow, query, wanted, Message.id, _row)


def _row(row: Any) -> Row:
    return Row(
        key=str(row.id),
        cells={
            "recipient": row.recipient,
            "channel": gettext(CHANNELS.get(row.channel, row.channel)),
            "template": row.template,
            "state": row.state,
            "attempts": row.attempts,
            "created_at": row.created_at,
        },
    )


RESOURCE = Resource(
    name="messages",
    title="Messages",
    permission="jobs.view",
    group=HOUSE,
    icon="pages",
    list=rows,
    columns=(
        Column(name="recipient", title="Recipient", main=True),
        Column(name="channel", title="Channel"),
        Column(name="template", title="What", kind="code"),
        Column(name="state", title="State", kind="state"),
        Column(name="attempts", title="Tries", kind="number"),
        Column(name="created_at", title="When", kind="moment"),
    ),
    filters=(state_filter(("waiting", "sent", "failed", "expired")),),
)
