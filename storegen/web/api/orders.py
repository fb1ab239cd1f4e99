"""Orders: placed once, whatever is repeated; opened by their token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from storegen.domain import addressing, contact, fulfilment, idempotency, limits
from storegen.domain.carts.loading import load
from storegen.domain.idempotency import Answer, Key
from storegen.domain.orders.placing import PlaceOrder, place
from storegen.domain.orders.reading import order_view
from storegen.domain.payments import following, starting
from storegen.errors import EmptyCart, Invalid
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.order_view import OrderView
from storegen.values.orders import PlacedOrder
from storegen.web.api import bearer
from storegen.web.api.routes import Routes, Who
from storegen.web.api.schemas import orders as shapes
from storegen.web.api.schemas.common import money
from storegen.web.context import current
from storegen.web.plugins.extensions import order_answer
from storegen.web.urls import urls

routes = Routes(
    "orders",
    __name__,
    url_prefix="/orders",
    description="Placing an order, paying it, following it. Its token opens it to whoever has it.",
)
EXAMPLE = {
    "cart": "q2w3e4r5t6y7h8j9k2m3n4p5q6",
    "contact": {"name": "王小明", "phone": "13800138000"},
    "address": {
        "name": "王小明",
        "phone": "13800138000",
        "country": "CN",
        "division": "310101",
        "line1": "南京东路 1 号",
    },
    "shipping_method": "express",
    "payment_provider": "transfer",
    "expected_total": {"amount": 2599, "currency": "CNY"},
    "consents": {"privacy": "1", "terms": "1"},
}


@routes.operation(
    "POST",
    "",
    answers=shapes.Placed,
    status=201,
    body=shapes.OrderGiven,
    example=EXAMPLE,
    headers=shapes.IdempotencyHeader,
    refuses=(404, 409, 429),
    who=Who.ANYBODY,
)
def place_order(headers: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """Place an order.

    409 says why not: ``price-changed`` carries the new ``quote``, ``sold-out`` the ``lines``;
    ``idempotency-key-reused`` (another body under this key) and ``still-running`` (the same
    request is being worked on). After a refusal nothing has happened and the key is free again.
    """
    context, actor = current(), bearer.actor()
    cart = load(context.db, actor, body["cart"])  # who may not see it learns nothing else
    if cart is None or not cart.lines:
        raise EmptyCart
    context.refresh()
    # As on the pages: every order holds goods, so nobody orders a shop empty without paying.
    limits.count(context.store, ("place-order", limits.network_of(actor.network)))
    whose = f"cart:{cart.id}" if actor.session_id is None else f"session:{actor.session_id}"
    command = _command(body)

    def work(uow: UnitOfWork, answer: Answer) -> None:
        place(uow, actor, command, lambda placed: answer(_placed(placed)))

    placed = idempotency.once(
        context.store, Key(whose, "api.orders", headers["key"]), dict(body), work
    )
    location = f"{request.script_root}/api/v1/orders/{placed['token']}"
    return placed, 201, {"Location": location}


@routes.operation("GET", "/<id:token>", answers=shapes.Order, who=Who.ANYBODY)
def get_order(token: str) -> Any:
    """An order as it is now."""
    actor = bearer.actor()
    return _shape(actor, token)


@routes.operation(
    "POST",
    "/<id:token>/payments",
    answers=shapes.PaymentStart,
    status=201,
    body=shapes.PaymentGiven,
    body_required=False,
    example={"provider": "transfer"},
    refuses=(409, 502),
    who=Who.ANYBODY,
)
def start_payment(body: Mapping[str, Any], token: str) -> Any:
    """Begin to pay, or go on: while a payment is open, asking again gives the same one."""
    context, actor = current(), bearer.actor()
    order = _order(actor, token)
    context.refresh()
    provider = body["provider"] or order.payment_provider
    _check_provider(provider, order.due)
    limits.count(context.store, ("place-order", f"pay:{order.order_id}"))
    made = urls(context.store, context.locale, request.host_url)
    addresses = starting.Addresses(
        return_url=made.absolute(made.order(token)),
        notify_url=made.absolute(f"/pay/{provider}/notify"),
    )
    return shapes.start_shape(
        starting.start(context.store, actor, order.order_id, provider, addresses)
    )


@routes.operation(
    "POST",
    "/<id:token>/cancel",
    answers=shapes.Order,
    body=shapes.CancelGiven,
    body_required=False,
    example={"reason": "changed my mind"},
    refuses=(403, 409, 502),
    who=Who.ANYBODY,
)
def cancel_order(body: Mapping[str, Any], token: str) -> Any:
    """Give up an order that is not paid; its goods are free again.

    One that is paid on delivery can be cancelled until its first parcel has left; after that it is
    a 409 with the reason ``already-shipped``.
    """
    actor = bearer.actor()
    order = _order(actor, token)
    current().refresh()
    following.cancel_unpaid(current().store, actor, order.order_id, body["reason"])
    return _shape(actor, token)


@routes.operation(
    "POST", "/<id:token>/receive", answers=shapes.Order, refuses=(403, 409), who=Who.ANYBODY
)
def receive_order(token: str) -> Any:
    """Say that the goods have arrived; the return period starts."""
    actor = bearer.actor()
    order = _order(actor, token)
    current().refresh()
    current().store.transact(lambda uow: fulfilment.receive(uow, actor, order.order_id))
    return _shape(actor, token)


def _command(body: Mapping[str, Any]) -> PlaceOrder:
    config = current().store.config
    total = body["expected_total"]
    if total["currency"] != config.currency:
        raise Invalid({"expected_total": {"currency": "unknown"}})
    if body["payment_provider"]:
        _check_provider(body["payment_provider"], total["amount"])
    who, given = body["contact"], body.get("address")
    address = addressing.validate(given["country"], given) if given else None
    country = address.country if address else config.country
    return PlaceOrder(
        cart=body["cart"],
        expected_total=total["amount"],
        name=who["name"].strip(),
        phone=contact.normalise_phone(who["phone"], country) if who["phone"].strip() else "",
        email=contact.normalise_email(who["email"]) if who["email"].strip() else "",
        address=address,
        shipping_method=body["shipping_method"],
        payment_provider=body["payment_provider"],
        note=body["note"],
        consents=body["consents"],
        acknowledged=frozenset(body["acknowledged"]),
    )


def _check_provider(code: str, amount: int) -> None:
    """A provider takes what it offers to take: cash on delivery has its limits."""
    store, locale = current().store, current().locale
    offered = starting.methods(store, amount=amount, channel="api", locale=locale)
    if code not in [each.code for each in offered]:
        raise Invalid({"payment_provider": "unknown"})


def _placed(placed: PlacedOrder) -> dict[str, Any]:
    return {
        "id": placed.public_id,
        "number": placed.number,
        "token": placed.token,
        "state": placed.state,
        "payable": money(placed.payable),
    }


def _order(actor: Actor, token: str) -> OrderView:
    return order_view(current().db, actor, token)


def _shape(actor: Actor, token: str) -> dict[str, Any]:
    current().refresh()
    return order_answer(current().db, _order(actor, token))
