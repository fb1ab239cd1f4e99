"""A shop with coupons, campaigns, and people who hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select
from storegen_plugins.coupons import campaigns, checks, issuing
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.tables import Coupon, Template, Use
from storegen_plugins.coupons.terms import Terms

from storegen.migrate import migrate
from storegen.models import Customer, CustomerIdentity, Session, random_id
from storegen.store import Store
from storegen.values.actor import Actor
from tests.fixtures.goods import STAFF

PLUGINS = ["pay_offline", "coupons"]


@pytest.fixture
def shop(make_store: Callable[..., Store], backend: str) -> Iterator[Store]:
    """An empty shop that uses coupons; every test that takes it runs on both databases, and ends
    with a recount, unless it made the drift itself (``store.drifted = True``)."""
    store = coupon_store(make_store, backend)
    yield store
    if not getattr(store, "drifted", False):
        with store.read() as uow:
            assert checks.drift(uow) == []


def coupon_store(make_store: Callable[..., Store], backend: str = "sqlite", **more: Any) -> Store:
    store = make_store(backend, plugins=PLUGINS, **more)
    migrate(store.engine, store.streams)
    return store


def make_customer(store: Store, phone: str = "", email: str = "", locale: str = "en") -> Actor:
    """Somebody with an account and a session; contacts are proven."""
    with store.write() as uow:
        customer_id = uow.db.execute(
            insert(Customer)
            .values(public_id=random_id(), created_at=uow.now)
            .returning(Customer.id)
        ).scalar_one()
        for provider, subject in (("phone", phone), ("email", email)):
            if subject:
                uow.db.execute(
                    insert(CustomerIdentity).values(
                        customer_id=customer_id,
                        provider=provider,
                        subject=subject,
                        verified_at=uow.now,
                    )
                )
        session_id = uow.db.execute(
            insert(Session)
            .values(
                token_hash=random_id(32),
                customer_id=customer_id,
                created_at=uow.now,
                seen_at=uow.now,
                expires_at=uow.now,
            )
            .returning(Session.id)
        ).scalar_one()
    return Actor(kind="customer", customer_id=customer_id, session_id=session_id, locale=locale)


def make_campaign(
    store: Store, *, live: bool = True, name: str = "Spring", rules: Any = None, **terms: Any
) -> str:
    """A campaign of coupons of 10.00 off, unless ``rules`` says otherwise; its public id."""
    given = {"kind": "money", "amount": 1000, "titles": {"en": "10 off", "zh": "立减10元"}}
    made = Terms(rules=Rules(**{**given, **(rules or {})}), **terms)

    def work(uow: Any) -> str:
        public_id = campaigns.create(uow, STAFF, name, made)
        if live:
            campaigns.move(uow, STAFF, public_id, "live")
        return public_id

    return store.transact(work)


def claim(store: Store, actor: Actor, campaign: str) -> str:
    """The public id of the coupon."""
    return store.transact(lambda uow: issuing.claim(uow, actor, campaign)).public_id


def template(store: Store, campaign: str) -> Any:
    with store.read() as uow:
        return campaigns.one(uow, campaign)


def coupon(store: Store, public_id: str) -> Any:
    with store.read() as uow:
        return uow.db.execute(select(Coupon.__table__).where(Coupon.public_id == public_id)).one()


def coupons_of(store: Store, campaign: str) -> list[Any]:
    with store.read() as uow:
        return list(
            uow.db.execute(
                select(Coupon.__table__)
                .join(Template, Template.id == Coupon.template_id)
                .where(Template.public_id == campaign)
                .order_by(Coupon.id)
            )
        )


def uses(store: Store) -> list[Any]:
    with store.read() as uow:
        return list(uow.db.execute(select(Use.__table__).order_by(Use.id)))
