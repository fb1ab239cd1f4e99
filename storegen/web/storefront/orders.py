"""An order's page, by its unguessable link, and what its buyer can do there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, request
from flask.wrappers import Response

from storegen.domain import fulfilment, limits
from storegen.domain.aftersales_rules import ends_at
from storegen.domain.orders.reading import order_view
from storegen.domain.payments import following, play_money, starting
from storegen.errors import Conflict, Forbidden, NotAllowed, NotFound, ProviderDown, StoreError
from storegen.values.order_view import OrderView, PaymentOfOrder
from storegen.web import guards
from storegen.web.context import current, gettext, network
from storegen.web.provider_titles import provider_title
from storegen.web.storefront import sums, words
from storegen.web.storefront.paying import begin
from storegen.web.storefront.personal import go, page, pictures
from storegen.web.storefront.words import refusal

blueprint = Blueprint("shop_orders", __name__)
WATCH = timedelta(minutes=15)
"""How long the page after a payment looks again by itself."""
_AGAIN = 4


def find(token: str) -> OrderView:
    """The order of a link. Looking for links that are not there is counted, and stops."""
    context = current()
    try:
        return order_view(context.db, context.actor, token[:64])
    except NotFound:
        context.refresh()
        limits.count(context.store, ("order-token-network", limits.network_of(network())))
        raise


def private(response: Response) -> Response:
    """The link is the key: it goes to no other site, no search engine and no cache."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.after_request
def _private(response: Response) -> Response:
    return private(response)


@blueprint.get("/orders/<token>")
def show(token: str) -> Response:
    return order_page(find(token))


@blueprint.get("/orders/<token>/pay")
def pay(token: str) -> Response:
    """On to the provider: a page of our own, since a form may not lead to another site
    (``form-action 'self'`` holds for the redirects after it too)."""
    order = find(token)
    payment = open_payment(order)
    if payment is None or payment.kind != "redirect" or "pay" not in order.actions:
        return go(current().urls.order(token))
    if urlsplit(payment.redirect_url).scheme not in ("http", "https"):
        return go(current().urls.order(token))
    response = page(
        "shop/pay",
        gettext("Payment"),
        path=f"/orders/{token}/pay",
        order=order,
        payment=payment,
        provider=provider_title(payment.provider),
    )
    response.headers["Refresh"] = f"0; url={payment.redirect_url}"
    return response


@blueprint.post("/orders/<token>/pay")
def start_payment(token: str) -> Response:
    """Pay (again), by this or another way."""
    guards.check_token()
    context = current()
    order = find(token)
    code = request.form.get("payment", "")
    if code not in [method.code for method in payment_methods(order)]:
        return order_page(order, notice=words.problem("payment", "required"), status=422)
    order_id = order.order_id
    context.refresh()
    limits.count(context.store, ("place-order", f"pay:{order_id}"))
    return begin(context, order_id, token, code)


@blueprint.get("/orders/<token>/paid")
def paid(token: str) -> Response:
    """Where providers send people back to. What their address says is not believed: we ask."""
    context = current()
    order = find(token)
    payment = open_payment(order)
    if payment is not None and payment.kind == "redirect":
        payment_id = payment.payment_id
        context.refresh()
        following.query(context.store, payment_id)
        order = find(token)
        payment = open_payment(order)
    if payment is None or payment.kind != "redirect" or order.state != "pending_payment":
        return go(context.urls.order(token))
    watching = context.store.clock.now() - payment.created_at < WATCH
    response = page(
        "shop/paid",
        gettext("Your payment"),
        path=f"/orders/{token}/paid",
        order=order,
        payment=payment,
        provider=provider_title(payment.provider),
        watching=watching,
    )
    if watching:
        response.headers["Refresh"] = f"{_AGAIN}; url={context.urls.order(token)}/paid"
    return response


@blueprint.post("/orders/<token>/cancel")
def cancel(token: str) -> Response:
    guards.check_token()
    context = current()
    order_id = find(token).order_id
    actor = context.actor
    context.refresh()
    try:
        following.cancel_unpaid(context.store, actor, order_id, reason="customer")
    except (Conflict, Forbidden, NotAllowed, ProviderDown) as error:
        return _refused(token, error)
    return go(context.urls.order(token))


@blueprint.post("/orders/<token>/receive")
def receive(token: str) -> Response:
    guards.check_token()
    context = current()
    order_id = find(token).order_id
    actor = context.actor
    context.refresh()
    try:
        context.store.transact(lambda uow: fulfilment.receive(uow, actor, order_id))
    except (Forbidden, NotAllowed) as error:
        return _refused(token, error)
    return go(context.urls.order(token))


def _refused(token: str, error: StoreError) -> Response:
    current().refresh()
    return order_page(find(token), notice=refusal(error), status=error.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the four stations of an order's way; ``at`` once it is behind us."""

    label: str
    at: datetime | None
    done: bool
    now: bool


def order_page(order: OrderView, *, notice: str = "", status: int = 200) -> Response:
    """The page; its forms need a session for their token, so whoever has the link gets one."""
    context = current()
    context.ensure_session()
    payment = order.payment
    media = [line.media_id for line in order.lines]
    until = None
    if order.received_at is not None and "after_sales" in order.actions:
        until = ends_at(context.db, order.received_at) - timedelta(seconds=1)
    return page(
        "shop/order",
        gettext("Order %(number)s", number=order.number),
        path=f"/orders/{order.token}",
        status=status,
        order=order,
        order_url=context.urls.order(order.token),
        steps=_steps(order),
        sums=sums.of_order(order),
        pictures=pictures(context.db, media),
        payment=payment,
        open_payment=open_payment(order),
        provider=provider_title(payment.provider if payment else order.payment_provider),
        methods=payment_methods(order),
        overdue=order.state == "pending_payment" and "pay" not in order.actions and order.due,
        returns_until=until,
        notice=notice,
    )


def open_payment(order: OrderView) -> PaymentOfOrder | None:
    """The newest attempt, while it may still succeed; one with play money cannot in a live shop."""
    payment = order.payment
    if payment is None or payment.state not in ("created", "pending"):
        return None
    return None if play_money.refused(current().store, payment.provider) else payment


def payment_methods(order: OrderView) -> list[starting.Methods]:
    """The ways to pay what is due, while it may be paid."""
    context = current()
    if "pay" not in order.actions:
        return []
    return starting.methods(
        context.store, amount=order.due, channel=context.actor.channel, locale=context.locale
    )


def _steps(order: OrderView) -> list[Step]:
    """Ordered, paid, sent, received; with cash on delivery paying comes last."""
    if order.state in ("cancelled", "closed", "refunding", "refunded"):
        return []
    sent_at = max((one.shipped_at for one in order.shipments), default=None)
    goods = any(line.requires_shipping for line in order.lines)
    paid = order.payment_state in ("paid", "part_refunded")
    stations: list[tuple[str, datetime | None, bool]] = [(gettext("Placed"), order.placed_at, True)]
    if not order.pay_on_delivery:
        stations.append((gettext("Payment"), order.paid_at, paid))
    if goods:
        stations.append((gettext("Dispatch"), sent_at, order.fulfilment_state == "all"))
    stations.append((gettext("Arrival"), order.received_at, order.received_at is not None))
    first_open = next((n for n, (_, _, done) in enumerate(stations) if not done), None)
    return [
        Step(label=label, at=at if done else None, done=done, now=number == first_open)
        for number, (label, at, done) in enumerate(stations)
    ]
