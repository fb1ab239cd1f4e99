"""Which version of which text somebody accepted, when, and through which channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from storegen.domain.settings import SHELL
from storegen.errors import NotSignedIn
from storegen.models import Consent, Customer, StaticPage
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """``kind``: privacy, terms, personalisation; ``version`` as the policy page had it."""

    kind: str
    version: str
    granted: bool
    channel: str
    at: datetime


def record(
    uow: UnitOfWork,
    actor: Actor,
    *,
    kind: str,
    version: str,
    granted: bool = True,
    customer_id: int | None = None,
    order_id: int | None = None,
) -> None:
    """Write a decision down; rows are only added, the newest of a kind is in force."""
    uow.db.execute(
        insert(Consent).values(
            customer_id=customer_id,
            order_id=order_id,
            kind=kind,
            version=version,
            granted=granted,
            channel=actor.channel,
            at=uow.now,
        )
    )


def record_all(
    uow: UnitOfWork, actor: Actor, customer_id: int, accepted: Iterable[tuple[str, str]]
) -> None:
    """Write down the (kind, version) pairs that the customer had not accepted before."""
    present = current(uow, customer_id)
    for kind, version in accepted:
        before = present.get(kind)
        if before is None or not before.granted or before.version != version:
            record(uow, actor, kind=kind, version=version, customer_id=customer_id)


def current(uow: UnitOfWork, customer_id: int) -> Mapping[str, ConsentView]:
    """A customer's decision in force for each kind."""
    newest = (
        select(func.max(Consent.id))
        .where(Consent.customer_id == customer_id)
        .group_by(Consent.kind)
    )
    rows = uow.db.execute(
        select(Consent.kind, Consent.version, Consent.granted, Consent.channel, Consent.at).where(
            Consent.id.in_(newest)
        )
    )
    return {row.kind: ConsentView(**row._mapping) for row in rows}


def missing(uow: UnitOfWork, customer_id: int, required: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of ``required`` (kind → version in force) that the customer has yet to accept."""
    present = current(uow, customer_id)
    return tuple(
        kind
        for kind, version in required.items()
        if kind not in present or not present[kind].granted or present[kind].version != version
    )


def in_force(uow: UnitOfWork) -> Mapping[str, str]:
    """Kind → version of the texts that buyers and new customers are asked to accept: the
    published privacy policy and terms; a kind is missing where the shop has no such page."""
    return uow.cached(
        "consents",
        (SHELL,),
        lambda: {
            kind: str(version)
            for kind, version in uow.db.execute(
                select(StaticPage.kind, StaticPage.version)
                .where(
                    StaticPage.kind.in_(("privacy", "terms")),
                    StaticPage.published.is_(True),
                    StaticPage.body != "",
                )
                .order_by(StaticPage.id.desc())
            )
        },
    )


def set_personalisation(uow: UnitOfWork, actor: Actor, on: bool) -> None:
    """Switch what is made to fit the person on or off. Raises `NotSignedIn`."""
    if actor.customer_id is None:
        raise NotSignedIn
    changed = uow.db.execute(
        update(Customer)
        .where(Customer.id == actor.customer_id, Customer.personalised.is_not(on))
        .values(personalised=on)
    )
    if changed.rowcount:
        record(
            uow,
            actor,
            kind="personalisation",
            version="",
            granted=on,
            customer_id=actor.customer_id,
        )
