"""Orders at the desk: the list, one order, and everything that staff do to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from storegen.divisions import path
from storegen.domain.orders.desk import OrderAtDesk, OrderQuery, find_orders, order_id_of
from storegen.domain.orders.reading import order_view
from storegen.errors import NotFound
from storegen.models import Media
from storegen.uow import UnitOfWork
from storegen.values.order_view import OrderView
from storegen.web.admin import labels
from storegen.web.admin.doers import doers
from storegen.web.admin.registry import (
    Ask,
    Column,
    Detail,
    Filter,
    Listing,
    Query,
    Resource,
    Row,
    Sheet,
)
from storegen.web.admin.resources import order_money, order_verbs
from storegen.web.admin.resources.listing import SALES, cut, day_start, number
from storegen.web.admin.resources.thumbnails import thumbnail
from storegen.web.context import gettext
from storegen.web.provider_titles import provider_title

PAYMENT = ("unpaid", "part", "paid", "part_refunded", "refunded")
FULFILMENT = (("none", "not_shipped"), ("part", "part_shipped"), ("all", "all_shipped"))


def _choices(*codes: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, labels.STATES[code][0]) for code in codes)


def rows(uow: UnitOfWork, query: Query) -> Listing:
    wanted = query.filters
    found = find_orders(
        uow,
        OrderQuery(
            search=query.search,
            state=wanted.get("state", ""),
            payment=wanted.get("payment", ""),
            fulfilment=wanted.get("fulfilment", ""),
            flagged=wanted.get("look") == "flagged",
            since=day_start(uow.store, wanted.get("since", "")),
            until=day_start(uow.store, wanted.get("until", ""), days=1),
            before=number(query.after),
            limit=query.limit + 1,
        ),
    )
    return cut(found, query.limit, _row, lambda order: order.order_id)


def _row(order: OrderAtDesk) -> Row:
    payment = "part_paid" if order.payment_state == "part" else order.payment_state
    return Row(
        key=order.public_id,
        marks=order.flags,
        cells={
            "number": order.number,
            "state": order.state,
            "payment": payment,
            "fulfilment": dict(FULFILMENT)[order.fulfilment_state],
            "name": order.name,
            "phone": order.phone,
            "email": order.email,
            "pieces": order.pieces,
            "payable": order.payable,
            "refunded": order.refunded or None,
            "placed_at": order.placed_at,
        },
    )


def load(ask: Ask) -> OrderView:
    """The order of an address. Raises `NotFound`."""
    order_id = order_id_of(ask.uow, ask.key)
    if order_id is None:
        raise NotFound("order")
    return order_view(ask.uow, ask.actor, order_id)


def detail(ask: Ask) -> Detail:
    order = load(ask)
    return Detail(
        title=order.number,
        marks=(order.state,),
        verbs=order_verbs.offered(order) + order_money.offered(order),
        data={
            "order": order,
            "pictures": pictures(ask, order),
            "flags": [(flag, *labels.FLAGS.get(flag, (flag, ""))) for flag in order.flags],
            "events": labels.EVENTS,
            "doers": doers(ask.uow, (event.actor for event in order.events)),
            "channel": gettext(labels.CHANNELS.get(order.channel, order.channel)),
            "payment_state": "part_paid" if order.payment_state == "part" else order.payment_state,
            "fulfilment_state": dict(FULFILMENT)[order.fulfilment_state],
            "refund_kinds": labels.REFUND_KINDS,
            "provider_title": provider_title,
            "address_lines": address_lines(order),
        },
    )


def address_lines(order: OrderView) -> list[str]:
    """The address as it is written on a parcel."""
    if order.address is None:
        return []
    where = order.address
    places = (
        "".join(name for _, name in path(where.country, where.division)) if where.division else ""
    )
    parts = [places, where.line1, where.line2, where.postcode]
    return [part for part in parts if part]


def pictures(ask: Ask, order: OrderView) -> Mapping[int, str]:
    """Media id → address of a small rendition."""
    ids = sorted({line.media_id for line in order.lines if line.media_id is not None})
    if not ids:
        return {}
    found = {}
    for row in ask.uow.db.execute(
        select(
            Media.id, Media.sha256, Media.width, Media.height, Media.colour, Media.renditions
        ).where(Media.id.in_(ids))
    ):
        address = thumbnail(ask.store, *row[1:])
        if address:
            found[row.id] = address
    return found


def slip(ask: Ask) -> Mapping[str, Any]:
    """What is packed: no prices, since a parcel may be a present."""
    order = load(ask)
    return {"order": order, "address_lines": address_lines(order)}


RESOURCE = Resource(
    name="orders",
    title="Orders",
    permission="orders.view",
    group=SALES,
    icon="orders",
    list=rows,
    search="Number, name, phone or e-mail",
    export=True,
    empty="There are no orders yet.",
    columns=(
        Column(name="number", title="Number", kind="code", main=True),
        Column(name="state", title="State", kind="state"),
        Column(name="payment", title="Payment", kind="state"),
        Column(name="fulfilment", title="Shipping", kind="state"),
        Column(name="name", title="Name"),
        Column(name="phone", title="Phone", kind="phone"),
        Column(name="pieces", title="Pieces", kind="number"),
        Column(name="payable", title="To pay", kind="money"),
        Column(name="placed_at", title="Placed", kind="moment"),
    ),
    filters=(
        Filter(
            name="state",
            title="State",
            choices=_choices(
                *("pending_payment", "to_ship", "shipped", "received", "completed"),
                *("refunding", "refunded", "cancelled", "closed"),
            ),
        ),
        Filter(
            name="payment",
            title="Payment",
            choices=tuple(
                (code, labels.STATES["part_paid" if code == "part" else code][0])
                for code in PAYMENT
            ),
        ),
        Filter(
            name="fulfilment",
            title="Shipping",
            choices=tuple((code, labels.STATES[shown][0]) for code, shown in FULFILMENT),
        ),
        Filter(name="look", title="To look at", choices=(("flagged", "Needs a look"),)),
        Filter(name="since", title="From the day", kind="date"),
        Filter(name="until", title="To the day", kind="date"),
    ),
    detail=detail,
    template="admin/orders/detail.html",
    verbs=(*order_verbs.VERBS, *order_money.VERBS),
    sheets=(
        Sheet(name="slip", title="Packing slip", template="admin/orders/slip.html", load=slip),
    ),
)
