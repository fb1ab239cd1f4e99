"""Messages to people outside the shop, and how far they got. Their secrets are never shown."""

from __future__ import annotations

from sqlalchemy import select

from storegen.models import Message
from storegen.uow import UnitOfWork
from storegen.web.admin import labels
from storegen.web.admin.registry import Column, Filter, Listing, Query, Resource, Row
from storegen.web.admin.resources.listing import HOUSE, cut, number


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = select(
        *(Message.id, Message.channel, Message.recipient, Message.template),
        *(Message.state, Message.attempts, Message.created_at),
    )
    if state := query.filters.get("state"):
        wanted = wanted.where(Message.state == state)
    if query.after:
        wanted = wanted.where(Message.id < number(query.after))
    found = uow.db.execute(wanted.order_by(Message.id.desc()).limit(query.limit + 1)).all()
    return cut(
        found,
        query.limit,
        lambda row: Row(
            key=str(row.id),
            cells={
                "recipient": row.recipient,
                "channel": row.channel,
                "template": row.template,
                "state": row.state,
                "attempts": row.attempts,
                "created_at": row.created_at,
            },
        ),
        lambda row: row.id,
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
    filters=(
        Filter(
            name="state",
            title="State",
            choices=tuple(
                (code, labels.STATES[code][0]) for code in ("waiting", "sent", "failed", "expired")
            ),
        ),
    ),
)
