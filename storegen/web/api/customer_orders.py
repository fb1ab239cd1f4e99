"""The signed-in customer's orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from sqlalchemy import func, select

from storegen.domain.orders.reading import customer_orders
from storegen.errors import NotFound
from storegen.models import Order
from storegen.web.api import bearer
from storegen.web.api.customer import routes
from storegen.web.api.routes import Who
from storegen.web.api.schemas import orders as shapes
from storegen.web.context import current
from storegen.web.urls import with_query


@routes.operation(
    "GET",
    "/orders",
    answers=shapes.OrderList,
    query=shapes.OrderPage,
    refuses=(404,),
    who=Who.CUSTOMER,
)
def list_orders(query: Mapping[str, Any]) -> Any:
    """The customer's orders, newest first."""
    actor, db = bearer.customer(), current().db
    own = Order.customer_id == actor.customer_id
    before = None
    if query["after"]:
        # The number of an order stands for its place: its own id would count the shop's orders.
        before = db.db.scalar(select(Order.id).where(Order.number == query["after"], own))
        if before is None:
            raise NotFound("page")
    assert actor.customer_id is not None
    found, more = customer_orders(db, actor.customer_id, before=before, limit=query["limit"])
    following = None
    if more is not None:
        place = {"limit": query["limit"], "after": found[-1].number}
        following = with_query(request.base_url, place)
    return {
        "items": [shapes.summary_shape(each) for each in found],
        "total": db.db.scalar(select(func.count()).select_from(Order).where(own)),
        "next": following,
    }
