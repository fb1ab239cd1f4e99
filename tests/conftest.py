"""Fixtures that every test may use; each kind in a module of its own."""

from __future__ import annotations

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.server",
    "tests.fixtures.stores",
]
