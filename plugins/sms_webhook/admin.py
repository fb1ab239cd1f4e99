"""The back office: what became of text messages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from storegen_plugins.sms_webhook.receipts import VIEW
from storegen_plugins.sms_webhook.tables import Receipt

from storegen.sdk import UnitOfWork
from storegen.sdk import web as sdk

_words = sdk.Words("sms_webhook")
STATES = {"delivered": "Arrived", "failed": "Not delivered"}


def rows(uow: UnitOfWork, query: sdk.Query) -> sdk.Listing:
    wanted = select(Receipt.__table__)
    if "state" in query.filters:
        wanted = wanted.where(Receipt.state == query.filters["state"])
    if query.after:
        wanted = wanted.where(Receipt.id < sdk.number(query.after))
    found = uow.db.execute(wanted.order_by(Receipt.id.desc()).limit(query.limit + 1)).all()

    def make(row: Any) -> sdk.Row:
        state = _words.gettext(STATES[row.state])
        return sdk.Row(
            key=str(row.id),
            cells={"key": row.key, "state": state, "reason": row.reason, "at": row.at},
        )

    return sdk.cut(found, query.limit, make, lambda row: row.id)


RECEIPTS = sdk.Resource(
    name="sms-webhook",
    title="Text message receipts",
    permission=VIEW,
    group=sdk.HOUSE,
    list=rows,
    filters=(sdk.Filter(name="state", title="State", choices=tuple(STATES.items())),),
    empty="The gateway has sent no receipts yet.",
    columns=(
        sdk.Column(name="key", title="Message key", kind="code", main=True),
        sdk.Column(name="state", title="State"),
        sdk.Column(name="reason", title="Reason"),
        sdk.Column(name="at", title="When", kind="moment"),
    ),
)
