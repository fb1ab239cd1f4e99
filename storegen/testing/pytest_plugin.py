"""Fixtures for tests of plugins: a small shop, and people who use it.

pytest loads this module in every test run of an environment that has storegen, so nothing is
imported here before a test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from storegen.plugins.host import Plugin
    from storegen.store import Store
    from storegen.testing.browser import Shopper
    from storegen.testing.clock import TestClock
    from storegen.testing.desk import Desk
    from storegen.testing.goods import Goods
    from storegen.testing.kit import Kit
    from storegen.testing.sandbox import Gateway
    from storegen.testing.statements import Statements


@pytest.fixture(scope="session")
def _storegen_database(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], str]]:
    """Backend → address of a fresh database: SQLite, or the PostgreSQL server that
    STOREGEN_TEST_POSTGRESQL names."""
    from storegen.testing import databases

    server = databases.given_server()
    folder = tmp_path_factory.mktemp("storegen")
    if server is None:
        template = databases.sqlite_template(folder / "template.db")
        yield lambda _backend: databases.sqlite_copy(template, folder)
        return
    name = server.template()
    yield lambda _backend: server.copy(name)
    server.drop_copies()
    server.drop(name)


@pytest.fixture
def clock() -> TestClock:
    """The shop's clock: it stands still until ``clock.move(minutes=5)``."""
    from storegen.testing.clock import TestClock

    return TestClock()


@pytest.fixture
def _storegen_gateway(tmp_path: Path, clock: TestClock) -> Iterator[Gateway]:
    from storegen.testing.sandbox import gateway

    with gateway(tmp_path, clock) as running:
        yield running


@pytest.fixture
def _storegen_kit(
    tmp_path: Path,
    clock: TestClock,
    _storegen_database: Callable[[str], str],
    _storegen_gateway: Gateway,
) -> Iterator[Kit]:
    from storegen.testing.kit import small_shop

    with small_shop(tmp_path, _storegen_database, clock, _storegen_gateway) as kit:
        yield kit


@pytest.fixture
def store(_storegen_kit: Kit) -> Store:
    """A small open shop in English and Chinese: three products in a category, delivery in China
    for 6.00, bank transfer and the payment sandbox."""
    return _storegen_kit.store


@pytest.fixture
def with_plugin(_storegen_kit: Kit) -> Callable[..., Plugin]:
    """``with_plugin(plugin, {"price": "5.00"})``: enable a plugin in the shop and make its tables.

    The plugin is the imported module with the manifest, the name of an installed one, or the path
    of a file or folder.
    """
    return _storegen_kit.with_plugin


@pytest.fixture
def shopper(_storegen_kit: Kit, _storegen_gateway: Gateway) -> Shopper:
    """A customer with a browser of their own: browses, fills the cart, checks out, pays."""
    from storegen.testing.browser import Shopper

    return Shopper(lambda: _storegen_kit.app, _storegen_kit.store, gateway=_storegen_gateway)


@pytest.fixture
def desk(_storegen_kit: Kit) -> Desk:
    """The owner, signed into the back office: ``desk.get("/orders")``."""
    from storegen.testing.desk import owner

    return owner(_storegen_kit.store, lambda: _storegen_kit.app)


@pytest.fixture
def make_product(store: Store) -> Callable[..., Goods]:
    """``make_product("Tea", price=1000, stock=10)`` → a product for sale, price in minor units."""
    from storegen.testing.goods import make_product

    return partial(make_product, store)


@pytest.fixture
def deliver_events(store: Store) -> Callable[[], int]:
    """``deliver_events()``: bring every event that is due to the plugins that listen, as the shop's
    worker does; how many. A plugin that fails on one raises here."""
    from storegen.testing.events import deliver

    return partial(deliver, store)


@pytest.fixture
def queries(store: Store) -> Callable[[], AbstractContextManager[Statements]]:
    """``with queries() as seen: ...``; then ``len(seen)`` statements were run: ``seen.texts``."""
    from storegen.testing.statements import statements

    return partial(statements, store)
