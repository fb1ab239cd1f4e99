"""Codes that somebody types: in the cart, where they wait for the order, or into the wallet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from storegen_plugins.coupons.campaigns import terms_of
from storegen_plugins.coupons.codes import find_codes, normal, take_code
from storegen_plugins.coupons.issuing import Issued, Receiver, issue, reached_limit
from storegen_plugins.coupons.pricing import bad_code
from storegen_plugins.coupons.refusals import refusal
from storegen_plugins.coupons.tables import Code
from storegen_plugins.coupons.terms import window

from storegen.sdk import Actor, UnitOfWork, count_limit
from storegen.sdk.carts import AddCoupon, RemoveCoupon, apply
from storegen.sdk.lookups import network_of

TRIES, TRIES_OF_NETWORK, WINDOW = 20, 100, 600
"""Codes that one visitor, and one network, may try in ten minutes."""


def count_try(store: Any, actor: Actor) -> None:
    """One more try, in a transaction of its own: a wrong code must not take it back. Raises
    `TooMany`."""
    who = f"customer:{actor.customer_id}" if actor.customer_id else f"session:{actor.session_id}"

    def work(uow: UnitOfWork) -> None:
        count_limit(uow, f"coupon-code:{who}", TRIES, WINDOW)
        network = network_of(actor.network)
        if network:
            count_limit(uow, f"coupon-code-network:{network}", TRIES_OF_NETWORK, WINDOW)

    store.transact(work)


def put_into_cart(uow: UnitOfWork, actor: Actor, text: str) -> None:
    """Keep a good code with the cart; what it is worth is what the quote says. Raises `Refused`
    with the reason for one that is worth nothing to this customer, whatever the cart holds."""
    row = _good(uow, actor, text)
    apply(uow, actor, AddCoupon(code=row.code))


def take_out_of_cart(uow: UnitOfWork, actor: Actor, code: str) -> None:
    """Raises `NotFound` for a code that is not in the cart."""
    apply(uow, actor, RemoveCoupon(code=code))


def put_into_wallet(uow: UnitOfWork, actor: Actor, text: str) -> Issued:
    """The code becomes the customer's coupon at once. Raises `Refused`."""
    if actor.customer_id is None:
        raise refusal("sign-in", actor.locale)
    row = _good(uow, actor, text)
    code = uow.db.execute(select(Code.__table__).where(Code.id == row.code_id)).one()
    take_code(uow, code, actor.locale)
    return issue(
        uow,
        row,
        Receiver(actor.customer_id),
        source="code",
        locale=actor.locale,
        code_id=row.code_id,
    )


def _good(uow: UnitOfWork, actor: Actor, text: str) -> Any:
    found = find_codes(uow, [text]) if normal(text) else []
    if not found:
        raise refusal("unknown-code", actor.locale)
    (row,) = found
    reason = bad_code(row, uow.now)
    if reason is None and window(terms_of(row), uow.now, uow.store.config.timezone).end <= uow.now:
        reason = "code-over"
    if reason is None and actor.customer_id is not None:
        reason = reached_limit(uow, row, Receiver(actor.customer_id))
    if reason is not None:
        raise refusal(reason, actor.locale)
    return row
