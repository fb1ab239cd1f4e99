"""Play money and the shop's mode: what may be paid with it, and what is left of it.

A live shop neither offers a sandbox nor believes one, whatever its process loaded at its start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import exists, or_, select

from storegen.models import LedgerEntry, Order, Payment
from storegen.plugins.contained import ContainedProvider
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.payment import SANDBOX, is_play_money

_UNDER_WAY = ("pending_payment", "placed", "paid", "to_ship", "shipped", "received")
_SHOWN = 10


def refused(store: Store, provider_code: str) -> bool:
    """Whether this provider's money is none here: a sandbox's in a live shop."""
    return is_play_money(provider_code) and store.config.mode != "demo"


def providers_in_use(store: Store) -> Mapping[str, ContainedProvider]:
    """Code → provider, in the order of the checkout, without those that are `refused`."""
    providers = store.plugins.payment_providers
    return {code: one for code, one in providers.items() if not refused(store, code)}


def leftovers(uow: UnitOfWork) -> Sequence[str]:
    """Numbers of the orders under way that hold play money or wait for it, oldest first."""
    tested = Payment.provider.startswith(SANDBOX, autoescape=True)
    waits = exists().where(
        Payment.order_id == Order.id, tested, Payment.state.in_(("created", "pending"))
    )
    holds = exists().where(
        LedgerEntry.order_id == Order.id,
        LedgerEntry.kind == "capture",
        LedgerEntry.payment_id == Payment.id,
        tested,
    )
    found = select(Order.number).where(Order.state.in_(_UNDER_WAY), or_(waits, holds))
    return uow.db.scalars(found.order_by(Order.id)).all()


def named(numbers: Sequence[str]) -> str:
    """The first few of ``numbers`` for a message."""
    more = ", …" if len(numbers) > _SHOWN else ""
    return ", ".join(numbers[:_SHOWN]) + more
