"""A back office with somebody signed in, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storegen.domain.people import staff
from storegen.store import Store
from storegen.testing.desk import HOST, ORIGIN, Desk, words
from storegen.values.actor import CLI

__all__ = ["HOST", "ORIGIN", "Desk", "words"]


@pytest.fixture
def make_desk(store: Store) -> Callable[..., Desk]:
    """``make_desk("orders.view", …)``: somebody with these permissions, signed in."""
    made = iter(range(1000))

    def make(*permissions: str, prefix: str = "/en") -> Desk:
        login = f"staff-{next(made)}"
        store.transact(
            lambda uow: staff.create_staff(uow, CLI, login, permissions=permissions, name=login)
        )
        desk = Desk(store, prefix)
        desk.enter(login)
        return desk

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """The owner, signed in."""
    return make_desk("*")
