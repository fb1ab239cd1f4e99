"""The shop's health: notifications that were parked, and how much waits for the worker."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from storegen.domain.audit_log import record
from storegen.errors import NotAllowed, NotFound
from storegen.models import ParkedNotification
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Fact,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)
from storegen.web.admin.resources.listing import HOUSE, newest, number, state_filter
from storegen.web.provider_titles import provider_title

STATES = ("waiting", "done", "given_up")


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = select(ParkedNotification.__table__)
    if state := query.filters.get("state"):
        wanted = wanted.where(ParkedNotification.state == state)
    return newest(uow, query, wanted, ParkedNotification.id, _row)


def _row(row: Any) -> Row:
    return Row(
        key=str(row.id),
        cells={
            "event": row.event_id,
            "provider": provider_title(row.provider),
            "state": row.state,
            "attempts": row.attempts,
            "next_at": row.next_at,
            "created_at": row.created_at,
        },
    )


def detail(ask: Ask) -> Detail:
    row = ask.uow.db.execute(
        select(ParkedNotification.__table__).where(ParkedNotification.id == number(ask.key))
    ).one_or_none()
    if row is None:
        raise NotFound("notification")
    fact = row.fact or {}
    return Detail(
        title=row.event_id,
        marks=(row.state,),
        verbs=["retry"] if row.state != "done" else [],
        facts=(
            Fact(title="Payment service", value=provider_title(row.provider)),
            Fact(title="Reference", value=fact.get("reference"), kind="code"),
            Fact(title="Result", value=fact.get("result"), kind="state"),
            Fact(title="Amount", value=fact.get("amount"), kind="money"),
            Fact(title="Tries", value=row.attempts, kind="number"),
            Fact(title="Next try", value=row.next_at, kind="moment"),
            Fact(title="Came", value=row.created_at, kind="moment"),
        ),
    )


def retry_parked(uow: UnitOfWork, actor: Actor, notification_id: int) -> None:
    """The worker tries a parked notification again at once. Raises `NotFound`, `NotAllowed`."""
    if not actor.may("jobs.edit"):
        raise NotAllowed("jobs.edit")
    done = uow.db.execute(
        update(ParkedNotification)
        .where(ParkedNotification.id == notification_id, ParkedNotification.state != "done")
        .values(state="waiting", next_at=uow.now)
    )
    if done.rowcount != 1:
        raise NotFound("notification")
    record(uow, actor, "notification.retry", "parked_notification", notification_id)
    uow.later(lambda: uow.store.wake("parked"))


def _retry(call: Call) -> Done:
    call.store.transact(lambda uow: retry_parked(uow, call.actor, number(call.key)))
    return Done(said="It is tried again.")


RESOURCE = Resource(
    name="jobs",
    title="Parked notifications",
    permission="jobs.view",
    group=HOUSE,
    icon="jobs",
    list=rows,
    detail=detail,
    intro="What a payment service said before its order was known. The worker tries again by "
    "itself.",
    empty="Nothing is parked: every notification found its order.",
    columns=(
        Column(name="event", title="Notification", kind="code", main=True),
        Column(name="provider", title="Payment service"),
        Column(name="state", title="State", kind="state"),
        Column(name="attempts", title="Tries", kind="number"),
        Column(name="next_at", title="Next try", kind="moment"),
    ),
    filters=(state_filter(STATES),),
    verbs=(Verb(name="retry", title="Try again", permission="jobs.edit", run=_retry),),
)
