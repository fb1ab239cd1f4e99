"""Events that a plugin failed on: tried again with growing pauses, then given up."""

from __future__ import annotations

from storegen.domain import outbox_delivery
from storegen.errors import NotFound
from storegen.uow import UnitOfWork
from storegen.web.admin import labels
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Fact,
    Filter,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)
from storegen.web.admin.resources.listing import HOUSE, cut, number

STATES = ("waiting", "dead")


def rows(uow: UnitOfWork, query: Query) -> Listing:
    found = outbox_delivery.letters(
        uow,
        state=query.filters.get("state", ""),
        after=number(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    return cut(
        found,
        query.limit,
        lambda letter: Row(
            key=str(letter.id),
            cells={
                "event": letter.event,
                "plugin": letter.plugin,
                "state": letter.state,
                "attempts": letter.attempts,
                "happened_at": letter.happened_at,
            },
        ),
        lambda letter: letter.id,
    )


def detail(ask: Ask) -> Detail:
    key = number(ask.key)
    found = outbox_delivery.letters(ask.uow, after=key + 1, limit=1)
    if not found or found[0].id != key:
        raise NotFound("delivery")
    letter = found[0]
    return Detail(
        title=letter.event,
        marks=(letter.state,),
        facts=(
            Fact(title="Plugin", value=letter.plugin, kind="code"),
            Fact(title="Error", value=letter.error),
            Fact(title="Tries", value=letter.attempts, kind="number"),
            Fact(title="Next try", value=letter.next_at, kind="moment"),
            Fact(title="Happened", value=letter.happened_at, kind="moment"),
        ),
    )


def _retry(call: Call) -> Done:
    call.store.transact(lambda uow: outbox_delivery.retry(uow, call.actor, number(call.key)))
    return Done(said="It is tried again.")


RESOURCE = Resource(
    name="deliveries",
    title="Events for plugins",
    permission="jobs.view",
    group=HOUSE,
    icon="jobs",
    list=rows,
    detail=detail,
    intro="What a plugin should have done after something happened, and failed to do. The worker "
    "tries again by itself, more and more seldom; after about a day it gives up.",
    empty="Nothing has failed: every plugin did its part.",
    columns=(
        Column(name="event", title="Event", kind="code", main=True),
        Column(name="plugin", title="Plugin", kind="code"),
        Column(name="state", title="State", kind="state"),
        Column(name="attempts", title="Tries", kind="number"),
        Column(name="happened_at", title="Happened", kind="moment"),
    ),
    filters=(
        Filter(
            name="state",
            title="State",
            choices=tuple((code, labels.STATES[code][0]) for code in STATES),
        ),
    ),
    verbs=(
        Verb(name="retry", title="Try again", permission="jobs.edit", run=_retry),
    ),
    bulk=(),
)  # fmt: skip
