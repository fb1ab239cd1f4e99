"""Fixtures that every test may use; each kind in a module of its own."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.server",
    "tests.fixtures.stores",
]

_TEMP_ROOT = "PYTEST_DEBUG_TEMPROOT"


def pytest_configure(config: pytest.Config) -> None:
    """A temporary folder of this run's own: pytest keeps the last three of a shared one, and so
    takes the database server away from a run that started earlier and is not done."""
    if _TEMP_ROOT not in os.environ:
        folder = tempfile.mkdtemp(prefix="storegen-tests-")
        os.environ[_TEMP_ROOT] = folder  # inherited by xdist's workers
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
