"""Carts by their ids: a guest's opens to whoever knows it, a customer's to that customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.domain import delivery, limits
from storegen.domain.carts import changes
from storegen.domain.carts.loading import LoadedCart, load
from storegen.domain.payments import starting
from storegen.errors import Conflict, NotFound
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.shipping import Destination
from storegen.web.api import bearer
from storegen.web.api.routes import Routes, Who
from storegen.web.api.schemas import carts as shapes
from storegen.web.context import current, network

routes = Routes(
    "carts", __name__, url_prefix="/carts", description="What somebody means to buy, and its price."
)
LINE = {"variant": "h7k2m9p4q8r3t", "quantity": 2}


@routes.operation(
    "POST",
    "",
    answers=shapes.Cart,
    status=201,
    also=(200,),
    body=shapes.CartGiven,
    body_required=False,
    example={"lines": [LINE]},
    refuses=(409, 429),
    who=Who.ANYBODY,
)
def create_cart(body: Mapping[str, Any]) -> Any:
    """Begin a cart.

    A session has one open cart: asking again adds to it and answers 200. Without a session every
    call begins another one, reached by its id alone; a network that begins hundreds is asked to
    wait (429).
    """
    actor = bearer.actor()

    def work(uow: UnitOfWork) -> tuple[str, bool]:
        if actor.session_id is None:
            limits.check_new_guest(uow, actor.network)
        own = load(uow, actor) if actor.session_id is not None else None
        public_id = own.public_id if own else changes.create(uow, actor)[1]
        for line in body["lines"]:
            changes.apply(uow, actor, changes.AddLine(**line), public_id)
        return public_id, own is None

    public_id, is_new = current().store.transact(work)
    return _answer(actor, public_id), 201 if is_new else 200


@routes.operation("GET", "/<id:cart>", answers=shapes.Cart, who=Who.ANYBODY)
def get_cart(cart: str) -> Any:
    """A cart with its lines as they can be bought now."""
    return _answer(bearer.actor(), cart)


@routes.operation(
    "POST",
    "/<id:cart>/lines",
    answers=shapes.Cart,
    status=201,
    body=shapes.LineGiven,
    example=LINE,
    refuses=(409,),
    who=Who.ANYBODY,
)
def add_line(body: Mapping[str, Any], cart: str) -> Any:
    """Put more of a variant into a cart; the same variant again is the same line."""
    return _change(cart, changes.AddLine(**body))


@routes.operation(
    "PATCH",
    "/<id:cart>/lines/<id:line>",
    answers=shapes.Cart,
    body=shapes.QuantityGiven,
    example={"quantity": 3},
    refuses=(409,),
    who=Who.ANYBODY,
)
def change_line(body: Mapping[str, Any], cart: str, line: str) -> Any:
    """Set the quantity of a line."""
    return _change(cart, changes.SetQuantity(line=line, quantity=body["quantity"]))


@routes.operation(
    "DELETE", "/<id:cart>/lines/<id:line>", answers=shapes.Cart, refuses=(409,), who=Who.ANYBODY
)
def remove_line(cart: str, line: str) -> Any:
    """Take a line out."""
    return _change(cart, changes.SetQuantity(line=line, quantity=0))


@routes.operation(
    "POST",
    "/<id:cart>/coupons",
    answers=shapes.Cart,
    status=201,
    body=shapes.CouponGiven,
    example={"code": "TEA10"},
    refuses=(409, 429),
    who=Who.ANYBODY,
)
def add_coupon(body: Mapping[str, Any], cart: str) -> Any:
    """Enter a code. Whether it lowers anything is what the quote says."""
    context = current()
    context.refresh()
    limits.count(context.store, ("coupon-code", limits.network_of(network())))  # no guessing
    return _change(cart, changes.AddCoupon(code=body["code"]))


@routes.operation(
    "DELETE",
    "/<id:cart>/coupons",
    answers=shapes.Cart,
    query=shapes.CouponQuery,
    refuses=(409,),
    who=Who.ANYBODY,
)
def remove_coupon(query: Mapping[str, Any], cart: str) -> Any:
    """Take a code out again."""
    return _change(cart, changes.RemoveCoupon(code=query["code"]))


@routes.operation(
    "PUT",
    "/<id:cart>/delivery",
    answers=shapes.Cart,
    body=shapes.DeliveryGiven,
    example={"destination": {"country": "CN", "division": "310101"}, "method": "express"},
    refuses=(409,),
    who=Who.ANYBODY,
)
def set_delivery(body: Mapping[str, Any], cart: str) -> Any:
    """Say where it goes and how, so that the quote has the cost of delivery."""
    change = changes.SetDelivery(destination=body.get("destination"), method=body.get("method"))
    return _change(cart, change)


@routes.operation(
    "GET",
    "/<id:cart>/delivery-options",
    answers=shapes.DeliveryOptions,
    query=shapes.DestinationQuery,
    refuses=(409,),
    who=Who.ANYBODY,
)
def list_delivery_options(query: Mapping[str, Any], cart: str) -> Any:
    """The ways to send this cart to its destination, or to the one in the query, with their costs.

    Without either it is a 409 with the reason ``no-destination``.
    """
    found = _load(bearer.actor(), cart)
    given = query if "country" in query else found.destination
    if not given.get("country"):
        raise Conflict("no-destination")
    destination = Destination(
        country=given["country"],
        division=given.get("division", ""),
        postcode=given.get("postcode", ""),
    )
    options = delivery.options(current().db, found, destination)
    return {"items": [shapes.option_shape(option) for option in options]}


@routes.operation(
    "GET",
    "/<id:cart>/payment-options",
    answers=shapes.PaymentMethods,
    refuses=(409,),
    who=Who.ANYBODY,
)
def list_payment_options(cart: str) -> Any:
    """The ways to pay for this cart."""
    context = current()
    quote = _quote(_load(bearer.actor(), cart))
    found = starting.methods(
        context.store, amount=quote.payable, channel="api", locale=context.locale
    )
    return {"items": [{"provider": each.code, "title": each.title} for each in found]}


@routes.operation(
    "GET", "/<id:cart>/quote", answers=shapes.QuoteAnswer, refuses=(409,), who=Who.ANYBODY
)
def get_quote(cart: str) -> Any:
    """The full price of a cart with its chosen delivery, and every step that led to it."""
    found = _load(bearer.actor(), cart)
    quote = _quote(found)
    return shapes.quote_shape(
        quote, delivery.gifts(current().db, found, _destination(found), quote)
    )


def _destination(cart: LoadedCart) -> Destination | None:
    """Where it goes, once somebody said how."""
    if not cart.destination.get("country") or not cart.shipping_method:
        return None
    return Destination(**cart.destination)


def _quote(cart: LoadedCart) -> Any:
    """Raises `PluginFault` where its taxes cannot be told: a program takes a number for true."""
    uow, destination = current().db, _destination(cart)
    quote, _ = delivery.priced(uow, cart, destination, cart.shipping_method)
    delivery.check_taxes(uow, cart, destination)
    return quote


def _change(cart: str, change: changes.Change) -> Any:
    actor = bearer.actor()
    current().refresh()
    current().store.transact(lambda uow: changes.apply(uow, actor, change, cart))
    return _answer(actor, cart)


def _answer(actor: Actor, cart: str) -> dict[str, Any]:
    current().refresh()
    return shapes.cart_shape(_load(actor, cart))


def _load(actor: Actor, cart: str) -> LoadedCart:
    found = load(current().db, actor, cart)
    if found is None:
        raise NotFound("cart")
    return found
