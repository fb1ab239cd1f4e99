"""A shop with goods, delivery and a payment provider that does as it is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from storegen.models import Payment
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures import payment
from tests.fixtures.goods import Goods, make_delivery, make_product
from tests.fixtures.payment import ScriptedProvider
from tests.web.shop.browser import Shopper


@pytest.fixture
def shop(make_store: Callable[..., Store], backend: str) -> Store:
    """Delivery costs 6.00 in China; bank transfer and cash beside the scripted provider."""
    instructions = '[plugin.pay_offline.bank_instructions]\nen = "Transfer {amount} for {order}"\n'
    store = make_store(backend, locale="en", extra=instructions)
    make_delivery(store)
    return store


@pytest.fixture
def provider(shop: Store) -> ScriptedProvider:
    return payment.use(shop)


@pytest.fixture
def app(shop: Store, provider: ScriptedProvider) -> Flask:
    return create_app(shop)


@pytest.fixture
def shopper(app: Flask, shop: Store) -> Shopper:
    return Shopper(app, shop)


@pytest.fixture
def other(app: Flask, shop: Store) -> Shopper:
    """Somebody else, at another address."""
    return Shopper(app, shop, network="198.51.100.9")


@pytest.fixture
def tea(shop: Store) -> Goods:
    return make_product(shop, "Tea", price=1000, stock=10)


@pytest.fixture
def settle(shop: Store, provider: ScriptedProvider) -> Callable[[], None]:
    """The gateway has the money of every open payment; nobody has been told yet."""

    def work() -> None:
        with shop.read() as uow:
            rows = uow.db.execute(Payment.__table__.select()).all()
        for row in rows:
            provider.states[row.reference] = "succeeded"
            payment.AMOUNTS[row.reference] = (row.amount, row.currency)

    return work
