"""After-sales requests of an order, by its token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.domain import aftersales
from storegen.domain.orders.reading import order_view
from storegen.values.actor import Actor
from storegen.web.api import bearer
from storegen.web.api.routes import Routes, Who
from storegen.web.api.schemas import orders as shapes
from storegen.web.context import current
from storegen.web.plugins.extensions import order_answer

routes = Routes(
    "after-sales",
    __name__,
    url_prefix="/orders/<id:token>/after-sales",
    description="Asking for a refund, a return or an exchange. The answer is the whole order.",
)


@routes.operation(
    "POST",
    "",
    answers=shapes.Order,
    status=201,
    body=shapes.AfterSalesGiven,
    example={"line": "h7k2m9p4q8r3t", "kind": "return", "reason": "size"},
    refuses=(409, 429),
    who=Who.ANYBODY,
)
def request_after_sales(body: Mapping[str, Any], token: str) -> Any:
    """Ask about some units of one line."""
    actor = bearer.actor()
    current().refresh()
    ask = aftersales.Ask(**body)
    current().store.transact(lambda uow: aftersales.request(uow, actor, token, ask))
    return _answer(actor, token)


@routes.operation(
    "POST", "/<id:request>/withdraw", answers=shapes.Order, refuses=(409,), who=Who.ANYBODY
)
def withdraw_after_sales(token: str, request: str) -> Any:
    """Take a request back."""
    actor = bearer.actor()
    current().refresh()
    current().store.transact(lambda uow: aftersales.withdraw(uow, actor, token, request))
    return _answer(actor, token)


@routes.operation(
    "POST",
    "/<id:request>/send-back",
    answers=shapes.Order,
    body=shapes.TrackingGiven,
    example={"carrier": "顺丰", "tracking_number": "SF1234567890"},
    refuses=(409,),
    who=Who.ANYBODY,
)
def send_back(body: Mapping[str, Any], token: str, request: str) -> Any:
    """Say under which number the goods are on their way back."""
    actor = bearer.actor()
    current().refresh()
    current().store.transact(
        lambda uow: aftersales.send_back(
            uow,
            actor,
            token,
            request,
            carrier=body["carrier"],
            number=body["tracking_number"],
        )
    )
    return _answer(actor, token)


def _answer(actor: Actor, token: str) -> dict[str, Any]:
    current().refresh()
    return order_answer(current().db, order_view(current().db, actor, token))
