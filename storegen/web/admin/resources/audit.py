"""Who changed what: only ever read."""

from __future__ import annotations

from sqlalchemy import select

from storegen.models import AuditLog
from storegen.uow import UnitOfWork
from storegen.web.admin import labels
from storegen.web.admin.audit_words import details
from storegen.web.admin.doers import doers
from storegen.web.admin.registry import Column, Filter, Listing, Query, Resource, Row
from storegen.web.admin.resources.listing import HOUSE, cut, day_start, number
from storegen.web.context import gettext


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = select(AuditLog.__table__)
    if query.search:
        wanted = wanted.where(
            AuditLog.action.in_(_actions(query.search))
            | (AuditLog.entity == query.search)
            | (AuditLog.entity_id == query.search)
            | (AuditLog.actor == query.search)
        )
    if since := day_start(uow.store, query.filters.get("since", "")):
        wanted = wanted.where(AuditLog.at >= since)
    if until := day_start(uow.store, query.filters.get("until", ""), days=1):
        wanted = wanted.where(AuditLog.at < until)
    if query.after:
        wanted = wanted.where(AuditLog.id < number(query.after))
    found = uow.db.execute(wanted.order_by(AuditLog.id.desc()).limit(query.limit + 1)).all()
    who = doers(uow, (row.actor for row in found))
    return cut(
        found,
        query.limit,
        lambda row: Row(
            key=str(row.id),
            cells={
                "action": gettext(labels.ACTIONS.get(row.action, row.action)),
                "actor": who[row.actor],
                "entity": f"{row.entity} {row.entity_id}",
                "data": details(row.action, row.data),
                "at": row.at,
            },
        ),
        lambda row: row.id,
    )


def _actions(text: str) -> list[str]:
    """The codes of what staff may mean by ``text``: the code itself, or a part of its words."""
    words = text.casefold()
    return [
        text,
        *(code for code, said in labels.ACTIONS.items() if words in gettext(said).casefold()),
    ]


RESOURCE = Resource(
    name="audit",
    title="Audit log",
    permission="audit.view",
    group=HOUSE,
    icon="audit",
    list=rows,
    search="Action, kind, number or who",
    export=True,
    columns=(
        Column(name="action", title="What", main=True),
        Column(name="actor", title="Who"),
        Column(name="entity", title="Object", kind="code"),
        Column(name="data", title="Details"),
        Column(name="at", title="When", kind="moment"),
    ),
    filters=(
        Filter(name="since", title="From the day", kind="date"),
        Filter(name="until", title="To the day", kind="date"),
    ),
)
