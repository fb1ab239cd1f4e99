"""After-sales requests: decide, take back, finish."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema
from sqlalchemy import select

from storegen.domain import aftersales
from storegen.domain import aftersales_evidence as evidence
from storegen.errors import NotFound
from storegen.models import AfterSales, Order, OrderLine
from storegen.uow import UnitOfWork
from storegen.web.admin import fields, labels
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
from storegen.web.context import current, gettext

STATES = ("requested", "approved", "returned", "completed", "rejected", "withdrawn")
REASONS = {
    "changed_mind": "Changed their mind",
    "size": "Does not fit",
    "faulty": "Faulty",
    "damaged": "Damaged",
    "wrong_item": "Wrong goods",
    "missing_parts": "Parts are missing",
    "not_as_described": "Not as described",
    "not_arrived": "Did not arrive",
    "other": "Something else",
}


def _select() -> Any:
    return (
        select(
            AfterSales.__table__,
            Order.number,
            Order.public_id.label("order_key"),
            (Order.shipping - Order.shipping_refunded).label("freight"),
            OrderLine.title,
            OrderLine.variant_title,
        )
        .join(Order, Order.id == AfterSales.order_id)
        .join(OrderLine, OrderLine.id == AfterSales.order_line_id)
    )


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = _select()
    if state := query.filters.get("state"):
        wanted = wanted.where(AfterSales.state == state)
    return newest(uow, query, of_orders(wanted, query.search), AfterSales.id, _row)


def _row(row: Any) -> Row:
    return Row(
        key=row.public_id,
        cells={
            "title": row.title,
            "number": row.number,
            "kind": gettext(labels.AFTER_SALES_KINDS.get(row.kind, row.kind)),
            "quantity": row.quantity,
            "state": row.state,
            "deadline": row.deadline,
            "created_at": row.created_at,
        },
    )


def _one(ask: Ask) -> Any:
    row = ask.uow.db.execute(_select().where(AfterSales.public_id == ask.key)).one_or_none()
    if row is None:
        raise NotFound("after_sales")
    return row


def detail(ask: Ask) -> Detail:
    row = _one(ask)
    verbs = []
    if row.state == "requested":
        verbs = ["approve", "reject"]
    elif row.state == "approved":
        verbs = ["complete"] if row.kind != "return" else []
    elif row.state == "returned":
        verbs = ["complete", "reject"]
    tracking = row.return_tracking or {}
    return Detail(
        title=f"{row.title} {row.variant_title}".strip(),
        marks=(row.state,),
        verbs=verbs,
        facts=(
            Fact(title="Wish", value=gettext(labels.AFTER_SALES_KINDS.get(row.kind, row.kind))),
            Fact(title="Reason", value=gettext(REASONS.get(row.reason, row.reason))),
            Fact(title="Units", value=row.quantity),
            Fact(title="Worth", value=row.amount or None, kind="money"),
            Fact(title="What the customer says", value=row.message),
            Fact(title="Our answer", value=row.decision),
            Fact(title="Sent back with", value=" ".join(str(each) for each in tracking.values())),
            Fact(title="Due", value=row.deadline, kind="moment"),
            Fact(title="Requested at", value=row.created_at, kind="moment"),
            Fact(title="Decided", value=row.decided_at, kind="moment"),
        ),
        data={
            "pictures": evidence.shown(row.pictures),
            "links": [(gettext("Order %(number)s", number=row.number), f"orders/{row.order_key}")],
        },
    )


def _approve(call: Call) -> Done:
    text = call.values["text"]
    call.store.transact(lambda uow: aftersales.approve(uow, call.actor, call.key, text))
    return Done(said="The request is approved.")


def _reject(call: Call) -> Done:
    text = call.values["text"]
    call.store.transact(lambda uow: aftersales.reject(uow, call.actor, call.key, text))
    return Done(said="The request is rejected.")


def _complete_form(ask: Ask) -> Schema:
    row = _one(ask)
    if row.kind == "exchange":
        return fields.form(
            carrier=fields.text("Carrier of the replacement", 64),
            number=fields.text("Tracking number", 64),
        )
    return fields.form(
        shipping=fields.money(
            "Freight to give back too", ask.store.config.currency, empty=True,
            help=f"≤ {current().money(row.freight)}",
        ),
        restock=fields.flag("Put the goods back into stock"),
    )  # fmt: skip


def _complete(call: Call) -> Done:
    given = call.values

    def work(uow: UnitOfWork) -> None:
        aftersales.complete(
            uow,
            call.actor,
            call.key,
            shipping=given.get("shipping") or 0,
            restock=bool(given.get("restock")),
            carrier=given.get("carrier", ""),
            number=given.get("number", ""),
        )

    call.store.transact(work)
    return Done(said="The request is done.")


RESOURCE = Resource(
    name="after-sales",
    title="After-sales",
    permission="orders.view",
    group=SALES,
    icon="after_sales",
    list=rows,
    detail=detail,
    template="admin/after_sales/detail.html",
    search="Order number",
    empty="Nobody has asked for anything.",
    columns=(
        Column(name="title", title="Goods", main=True),
        Column(name="number", title="Order", kind="code"),
        Column(name="kind", title="Wish"),
        Column(name="quantity", title="Units", kind="number"),
        Column(name="state", title="State", kind="state"),
        Column(name="deadline", title="Due", kind="moment"),
    ),
    filters=(state_filter(STATES),),
    verbs=(
        Verb(
            name="approve",
            title="Approve",
            permission="orders.refund",
            schema=lambda _: fields.form(
                text=fields.text(
                    "Answer to the customer", 1000, widget="textarea",
                    help="For a return: where the goods should be sent.",
                )
            ),
            run=_approve,
        ),
        Verb(
            name="reject",
            title="Reject",
            permission="orders.refund",
            danger=True,
            schema=lambda _: fields.form(
                text=fields.text(
                    "Why, shown to the customer", 1000, required=True, widget="textarea"
                )
            ),
            run=_reject,
        ),
        Verb(
            name="complete",
            title="Finish",
            permission="orders.refund",
            help="The money goes back by the share of the units, or the replacement leaves.",
            schema=_complete_form,
            run=_complete,
        ),
    ),
)  # fmt: skip
