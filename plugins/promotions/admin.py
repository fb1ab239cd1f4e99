"""The back office: activities with their results, one form per kind, and the schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from storegen_plugins.promotions import activities
from storegen_plugins.promotions.activities import EDIT, VIEW, State
from storegen_plugins.promotions.admin_form import (
    KIND_TITLES,
    blank,
    clock,
    initial,
    kind_form,
    new_form,
    rules_from,
    worded,
)
from storegen_plugins.promotions.conflicts import Conflict, Trouble, conflicts
from storegen_plugins.promotions.results import Result, results
from storegen_plugins.promotions.rules import Rules
from storegen_plugins.promotions.tables import Activity

from storegen.sdk import Invalid, UnitOfWork
from storegen.sdk import web as sdk

_DAYS = 14
_words = sdk.Words("promotions")
_KINDS = dict(KIND_TITLES)
STATES: Mapping[State, str] = {
    "draft": "Draft",
    "scheduled": "Scheduled",
    "live": "Live",
    "ended": "Ended",
    "stopped": "Stopped",
}
TROUBLES: Mapping[Trouble, str] = {
    "two-prices": "Another promotion sets a price too: the lower one counts.",
    "same-group": "The same exclusive group: only the better one applies.",
    "not-together": "They are not combined: only the better one applies.",
    "below-cost": "May sell below cost.",
    "free": "May be given away for nothing.",
    "short": "There are fewer pieces on the shelf than the flash sale has.",
    "dearer": "This price is no lower than the usual one.",
}
assert set(TROUBLES) == set(get_args(Trouble))


def rows(uow: UnitOfWork, query: sdk.Query) -> sdk.Listing:
    wanted = select(Activity.__table__)
    if query.search:
        wanted = wanted.where(
            func.lower(Activity.name).contains(query.search.lower(), autoescape=True)
        )
    state: Any = query.filters.get("state")
    if state:
        wanted = wanted.where(activities.in_state(state, uow.now))
    if "kind" in query.filters:
        wanted = wanted.where(Activity.kind == query.filters["kind"])
    if query.after:
        wanted = wanted.where(Activity.id < sdk.number(query.after))
    found = uow.db.execute(wanted.order_by(Activity.id.desc()).limit(query.limit + 1)).all()
    counted = results(uow, [row.id for row in found])

    def make(row: Any) -> sdk.Row:
        result = counted.get(row.id, Result())
        return sdk.Row(
            key=row.public_id,
            cells={
                "name": row.name,
                "kind": _words.gettext(_KINDS[row.kind]),
                "state": _words.gettext(STATES[activities.state_of(row, uow.now)]),
                "starts": row.starts_at,
                "ends": row.ends_at,
                "orders": result.orders,
                "revenue": result.revenue,
                "discount": result.discount,
            },
        )

    return sdk.cut(found, query.limit, make, lambda row: row.id)


def detail(ask: sdk.Ask) -> sdk.Detail:
    row = activities.one(ask.uow, ask.key)
    state = activities.state_of(row, ask.uow.now)
    result = results(ask.uow, [row.id]).get(row.id, Result())
    facts = [
        sdk.Fact(title="Kind", value=_words.gettext(_KINDS[row.kind])),
        sdk.Fact(title="State", value=_words.gettext(STATES[state])),
        sdk.Fact(title="Starts", value=row.starts_at, kind="moment"),
        sdk.Fact(title="Ends", value=row.ends_at, kind="moment"),
    ]
    if state != "draft":
        facts += [
            sdk.Fact(title="Orders", value=result.orders, kind="number"),
            sdk.Fact(title="Paid orders", value=result.paid, kind="number"),
            sdk.Fact(title="Revenue", value=result.revenue, kind="money"),
            sdk.Fact(title="Discount given", value=result.discount, kind="money"),
            sdk.Fact(title="Version", value=row.version, kind="number"),
        ]
    verbs: Mapping[State, tuple[str, ...]] = {
        "draft": ("publish", "duplicate", "delete", "save"),
        "scheduled": ("stop", "duplicate", "save"),
        "live": ("stop", "duplicate", "save"),
        "ended": ("duplicate",),
        "stopped": ("duplicate",),
    }
    return sdk.Detail(title=row.name, facts=facts, verbs=verbs[state])


def _create(call: sdk.Call) -> sdk.Done:
    def work(uow: UnitOfWork) -> str:
        rules, schedule = blank(call.values["kind"], uow.now)
        return activities.create(
            uow, call.actor, call.values["name"], rules, schedule, complete=False
        )

    key = call.store.transact(work)
    return sdk.Done(said="The draft is there. Fill it in, then publish it.", key=key)


def _save(call: sdk.Call) -> sdk.Done:
    def work(uow: UnitOfWork) -> int:
        row = activities.one(uow, call.key)
        rules, schedule = rules_from(uow, row.kind, call.values)
        given = call.values
        return activities.edit(
            uow, call.actor, call.key, given["name"], rules, schedule, given["priority"]
        )

    try:
        version = call.store.transact(work)
    except Invalid as error:
        raise worded(error) from None
    said = "Saved." if version == 1 else "Saved. Orders that are placed already keep their prices."
    return sdk.Done(said=said, key=call.key)


def _publish(call: sdk.Call) -> sdk.Done:
    try:
        call.store.transact(lambda uow: activities.publish(uow, call.actor, call.key))
    except Invalid as error:
        raise worded(error) from None
    return sdk.Done(said="It is published and runs when its time comes.", key=call.key)


def look(ask: sdk.Ask, keys: Sequence[str], _values: Mapping[str, Any]) -> sdk.Preview:
    """What the owner should know before the activity goes live."""
    row = activities.one(ask.uow, keys[0])
    rules = Rules.from_json(row.rules)
    try:
        activities.check(rules, activities.schedule_of(row))
    except Invalid as error:
        raise worded(error) from None
    names = {
        found.id: found.name
        for found in ask.uow.db.execute(
            select(Activity.id, Activity.name).where(Activity.published_at.is_not(None))
        )
    }
    found = conflicts(ask.uow, activities.live_of(row), names)
    note = (
        "Nothing stands in its way." if not found else "Please look at these before it goes live."
    )
    return sdk.Preview(
        columns=("What", "With", "Products"),
        rows=[
            (_words.gettext(TROUBLES[each.trouble]), _with(each), _products(each)) for each in found
        ],
        note=note,
    )


def _with(each: Conflict) -> str:
    if each.other == "+":
        return _words.gettext("all that apply together")
    return each.other or "—"


def _products(each: Conflict) -> str:
    text = _words.gettext(", ").join(each.products)
    more = each.count - len(each.products)
    return (
        text if more <= 0 else _words.gettext("%(names)s and %(more)s more", names=text, more=more)
    )


def _stop(call: sdk.Call) -> sdk.Done:
    call.store.transact(lambda uow: activities.stop(uow, call.actor, call.key))
    return sdk.Done(said="It is stopped.", key=call.key)


def _duplicate(call: sdk.Call) -> sdk.Done:
    key = call.store.transact(lambda uow: activities.duplicate(uow, call.actor, call.key))
    return sdk.Done(said="This is the copy, a draft.", key=key)


def _delete(call: sdk.Call) -> sdk.Done:
    call.store.transact(lambda uow: activities.delete(uow, call.actor, call.key))
    return sdk.Done(said="The draft is deleted.", to="promotions")


def calendar(uow: UnitOfWork, query: sdk.Query) -> sdk.Listing:
    """Every time of the next two weeks in which something runs, in order."""
    zone = uow.store.config.timezone
    local = ZoneInfo(zone)
    names = {row.id: row.name for row in uow.db.execute(select(Activity.id, Activity.name))}
    found = sorted(
        (
            (slot.start, each, slot)
            for each in activities.published(uow)
            for slot in each.schedule.slots(uow.now, zone, days=_DAYS)
        ),
        key=lambda one: (one[0], one[1].id),
    )

    def said(moment: Any) -> str:
        if moment is None:
            return "—"
        there = moment.astimezone(local)
        return f"{there:%Y-%m-%d} {clock(there.hour * 60 + there.minute)}"

    return sdk.Listing(
        rows=[
            sdk.Row(
                key=each.public_id,
                cells={
                    "name": names.get(each.id, ""),
                    "kind": _words.gettext(_KINDS[each.rules.kind]),
                    "from": said(slot.start),
                    "to": said(slot.end),
                    "now": _words.gettext("runs now") if slot.holds(uow.now) else "",
                },
            )
            for _, each, slot in found[:500]
        ]
    )


PROMOTIONS = sdk.Resource(
    name="promotions",
    title="Promotions",
    permission=VIEW,
    group=sdk.SALES,
    list=rows,
    detail=detail,
    search="Name of the promotion",
    filters=(
        sdk.Filter(name="state", title="State", choices=tuple(STATES.items())),
        sdk.Filter(name="kind", title="Kind", choices=KIND_TITLES),
    ),
    export=True,
    empty="There is no promotion yet.",
    columns=(
        sdk.Column(name="name", title="Promotion", main=True),
        sdk.Column(name="kind", title="Kind"),
        sdk.Column(name="state", title="State"),
        sdk.Column(name="starts", title="Starts", kind="moment"),
        sdk.Column(name="ends", title="Ends", kind="moment"),
        sdk.Column(name="orders", title="Orders", kind="number"),
        sdk.Column(name="revenue", title="Revenue", kind="money"),
        sdk.Column(name="discount", title="Discount given", kind="money"),
    ),
    create=sdk.Verb(
        name="new", title="New promotion", permission=EDIT, schema=new_form, run=_create
    ),
    verbs=(
        sdk.Verb(name="publish", title="Publish", permission=EDIT, preview=look, run=_publish),
        sdk.Verb(
            name="stop",
            title="Stop",
            permission=EDIT,
            run=_stop,
            danger=True,
            confirm="It ends now and for good. Orders that are placed keep their prices.",
        ),
        sdk.Verb(name="duplicate", title="Duplicate", permission=EDIT, run=_duplicate),
        sdk.Verb(
            name="delete",
            title="Delete",
            permission=EDIT,
            run=_delete,
            danger=True,
            confirm="The draft is gone for good.",
        ),
        sdk.Verb(
            name="save",
            title="Save",
            permission=EDIT,
            schema=kind_form,
            initial=initial,
            run=_save,
            place="inline",
        ),
    ),
)

CALENDAR = sdk.Resource(
    name="promotions-schedule",
    title="Promotion schedule",
    permission=VIEW,
    group=sdk.SALES,
    list=calendar,
    intro="What runs when in the next two weeks.",
    empty="Nothing is published for the next two weeks.",
    columns=(
        sdk.Column(name="name", title="Promotion", main=True),
        sdk.Column(name="kind", title="Kind"),
        sdk.Column(name="from", title="From"),
        sdk.Column(name="to", title="To"),
        sdk.Column(name="now", title="Now"),
    ),
)
