"""Shops with the plugin that has something everywhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from storegen.plugins import Source, discover
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures import payment
from tests.fixtures.goods import Goods, make_delivery, make_product
from tests.web.plugins import filler as _filler
from tests.web.shop.browser import Shopper

FOUND = {"description": "<p>About</p>"}


@pytest.fixture
def filler() -> Iterator[ModuleType]:
    """The plugin, with nothing remembered."""
    _filler.notes.clear()
    _filler.faults.clear()
    yield _filler
    _filler.faults.clear()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, filler: ModuleType) -> dict[str, Any]:
    """Further plugins that can be listed: name → the object with its manifest."""
    more: dict[str, Any] = {"filler": filler}

    def found(*given: Any, **named: Any) -> dict[str, tuple[Source, ...]]:
        own = {
            name: (Source(name, "a test", lambda value=value: value),)  # type: ignore[misc]
            for name, value in more.items()
        }
        return {**discover(*given, **named), **own}

    monkeypatch.setattr(sys.modules["storegen.plugins.host"], "discover", found)
    return more


@pytest.fixture
def filled(make_store: Callable[..., Store], known: dict[str, Any], backend: str) -> Store:
    """A shop in English and Chinese that lists the plugin, with delivery and a way to pay."""
    store = make_store(backend, locale="en", plugins=["pay_offline", "filler"])
    make_delivery(store)
    payment.use(store)
    return store


@pytest.fixture
def app(filled: Store) -> Flask:
    return create_app(filled)


@pytest.fixture
def shopper(app: Flask, filled: Store) -> Shopper:
    return Shopper(app, filled)


@pytest.fixture
def tea(filled: Store) -> Goods:
    return make_product(filled, "Tea", price=1000, stock=10, **FOUND)
