"""Refunds as a work list: what failed, what waits to be paid by hand, what has no answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from storegen.domain.refunds import sending
from storegen.errors import NotFound
from storegen.models import Order, Refund
from storegen.uow import UnitOfWork
from storegen.web.admin import fields, labels
from storegen.web.admin.doers import doers
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
from storegen.web.admin.resources.listing import SALES, newest, of_orders, state_filter
from storegen.web.context import gettext

STATES = ("requested", "pending", "unknown", "by_hand", "failed", "succeeded")
_COLUMNS = (
    *(Refund.id, Refund.public_id, Refund.reference, Refund.amount, Refund.state, Refund.kind),
    *(Refund.reason, Refund.message, Refund.attempts, Refund.created_at, Refund.done_at),
    *(Refund.actor, Order.number, Order.public_id.label("order_key")),
)


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = select(*_COLUMNS).join(Order, Order.id == Refund.order_id)
    state = query.filters.get("state", "")
    if state == "open":
        wanted = wanted.where(Refund.state != "succeeded")
    elif state:
        wanted = wanted.where(Refund.state == state)
    return newest(uow, query, of_orders(wanted, query.search), Refund.id, _row)


def _row(row: Any) -> Row:
    return Row(
        key=row.public_id,
        cells={
            "reference": row.reference,
            "number": row.number,
            "amount": row.amount,
            "state": row.state,
            "kind": gettext(labels.REFUND_KINDS.get(row.kind, row.kind)),
            "created_at": row.created_at,
        },
    )


def detail(ask: Ask) -> Detail:
    row = ask.uow.db.execute(
        select(*_COLUMNS)
        .join(Order, Order.id == Refund.order_id)
        .where(Refund.public_id == ask.key)
    ).one_or_none()
    if row is None:
        raise NotFound("refund")
    verbs = []
    if row.state in ("failed", "unknown", "pending"):
        verbs.append("retry")
    if row.state in ("by_hand", "failed"):
        verbs.append("confirm")
    return Detail(
        title=gettext("Refund of order %(number)s", number=row.number),
        marks=(row.state,),
        verbs=verbs,
        facts=(
            Fact(title="Amount", value=row.amount, kind="money"),
            Fact(title="Reference", value=row.reference, kind="code"),
            Fact(title="Why", value=gettext(labels.REFUND_KINDS.get(row.kind, row.kind))),
            Fact(title="Reason", value=row.reason),
            Fact(title="Answer of the payment service", value=row.message),
            Fact(title="Tries", value=row.attempts),
            Fact(title="Requested at", value=row.created_at, kind="moment"),
            Fact(title="Done", value=row.done_at, kind="moment"),
            Fact(title="By", value=doers(ask.uow, [row.actor])[row.actor]),
        ),
        data={
            "links": [(gettext("Order %(number)s", number=row.number), f"orders/{row.order_key}")]
        },
    )


def _retry(call: Call) -> Done:
    call.store.transact(lambda uow: sending.retry(uow, call.actor, call.key))
    return Done(said="The refund is tried again.")


def _confirm(call: Call) -> Done:
    reference = call.values["reference"]
    call.store.transact(lambda uow: sending.confirm_by_hand(uow, call.actor, call.key, reference))
    return Done(said="The refund is booked.")


RESOURCE = Resource(
    name="refunds",
    title="Refunds",
    permission="orders.view",
    group=SALES,
    icon="refunds",
    list=rows,
    detail=detail,
    template="admin/linked.html",
    search="Order number",
    empty="Nothing is being refunded.",
    columns=(
        Column(name="number", title="Order", kind="code", main=True),
        Column(name="amount", title="Amount", kind="money"),
        Column(name="state", title="State", kind="state"),
        Column(name="kind", title="Why"),
        Column(name="created_at", title="Requested at", kind="moment"),
    ),
    filters=(state_filter(STATES, ("open", "Not done yet")),),
    verbs=(
        Verb(
            name="retry",
            title="Try again",
            permission="orders.refund",
            confirm="The same refund is sent once more, under the same number: it cannot be "
            "paid twice.",
            run=_retry,
        ),
        Verb(
            name="confirm",
            title="Paid back by hand",
            permission="orders.refund",
            help="Use this when you have given the money back yourself.",
            schema=lambda _: fields.form(
                reference=fields.text(
                    "Reference", 128, required=True, help="What the bank statement or receipt says."
                )
            ),
            run=_confirm,
        ),
    ),
)
