"""What a customer bought and asked about."""

from __future__ import annotations

from flask import Blueprint, request
from flask.wrappers import Response

from storegen.domain import aftersales
from storegen.domain.orders.listing import customer_orders, place_of
from storegen.domain.people import addresses, customers
from storegen.web.context import current, gettext
from storegen.web.storefront.account.guard import signed_in
from storegen.web.storefront.personal import page, pictures
from storegen.web.urls import with_query

blueprint = Blueprint("shop_account", __name__)
PAGE = 10


@blueprint.get("/account")
@signed_in
def home() -> Response:
    context = current()
    customer_id = context.actor.customer_id
    assert customer_id is not None
    recent, _ = customer_orders(context.db, customer_id, limit=3)
    profile = customers.profile(context.db, context.actor)
    book = addresses.list_addresses(context.db, context.actor)
    return page(
        "shop/account",
        gettext("Your account"),
        path="/account",
        here="home",
        profile=profile,
        orders=recent,
        pictures=pictures(context.db, [one for order in recent for one in order.media_ids]),
        default=book[0] if book else None,
    )


@blueprint.get("/account/orders")
@signed_in
def orders() -> Response:
    context = current()
    customer_id = context.actor.customer_id
    assert customer_id is not None
    after = request.args.get("after", "")[:32]
    before = place_of(context.db, customer_id, after) if after else None
    found, more = customer_orders(context.db, customer_id, before=before, limit=PAGE)
    older = None
    if more is not None:
        older = with_query(context.urls.account("orders"), {"after": found[-1].number})
    return page(
        "shop/account_orders",
        gettext("Your orders"),
        path="/account/orders",
        here="orders",
        orders=found,
        pictures=pictures(context.db, [one for order in found for one in order.media_ids]),
        older=older,
        newest=not after,
    )


@blueprint.get("/account/after-sales")
@signed_in
def requests() -> Response:
    context = current()
    customer_id = context.actor.customer_id
    assert customer_id is not None
    return page(
        "shop/account_requests",
        gettext("Returns and refunds"),
        path="/account/after-sales",
        here="after-sales",
        requests=aftersales.customer_requests(context.db, customer_id),
    )
