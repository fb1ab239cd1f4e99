"""From an order to its payment: started at the provider, followed on the order's pages."""

from __future__ import annotations

import logging

from flask.wrappers import Response

from storegen.domain.orders.moving import lock
from storegen.domain.payments import booking, starting
from storegen.errors import Conflict, ProviderDown
from storegen.uow import UnitOfWork
from storegen.web.context import Context
from storegen.web.storefront.personal import go

log = logging.getLogger(__name__)


def begin(context: Context, order_id: int, token: str, provider: str) -> Response:
    """Start to pay, and go to where the customer does the next thing.

    A provider that does not answer, or an order that is not to be paid any more, leads to the
    order's page, which says what is the matter and offers what can be done.
    """
    actor, urls = context.actor, context.urls
    order_page = urls.order(token)
    addresses = starting.Addresses(
        return_url=urls.absolute(f"{order_page}/paid"),
        notify_url=urls.absolute(f"/pay/{provider}/notify"),
    )
    if not provider:
        context.store.transact(lambda uow: _settle(uow, context, order_id))
        return go(order_page)
    try:
        started = starting.start(context.store, actor, order_id, provider, addresses)
    except ProviderDown as error:
        log.warning("payment of order %s not started: %s", order_id, error)
        return go(order_page)
    except Conflict:
        return go(order_page)
    return go(f"{order_page}/pay" if started.kind == "redirect" else order_page)


def _settle(uow: UnitOfWork, context: Context, order_id: int) -> None:
    """An order of nothing to pay needs no provider; a second click finds it settled."""
    order = lock(uow, order_id)
    if order.state == "pending_payment" and order.payable <= order.captured:
        booking.settle_free(uow, context.actor, order_id)
