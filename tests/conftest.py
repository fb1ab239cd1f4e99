"""Fixtures that every test may use; each kind in a module of its own."""

from __future__ import annotations

import os
import re
import shutil
import tempfile

import hypothesis
import pytest

from storegen.testing import sabotage

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.server",
    "tests.fixtures.stores",
]

_TEMP_ROOT = "PYTEST_DEBUG_TEMPROOT"


_ENOUGH = 6 * 2**30


def _memory() -> str | None:
    """A folder in memory, where there is room: stores are made by the thousand, and each write
    that a shop waits for would wait for the disk (measured: 18 s instead of 69 s for a file)."""
    place = "/dev/shm"
    if os.access(place, os.W_OK) and shutil.disk_usage(place).free > _ENOUGH:
        return place
    return None


hypothesis.settings.register_profile(
    # A shared machine may pause for longer than any deadline; what is asserted is the outcome.
    "storegen",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("storegen")


def pytest_configure(config: pytest.Config) -> None:
    """A temporary folder of this run's own: pytest keeps the last three of a shared one, and so
    takes the database server away from a run that started earlier and is not done."""
    if _TEMP_ROOT not in os.environ:
        folder = tempfile.mkdtemp(prefix="storegen-tests-", dir=_memory())
        os.environ[_TEMP_ROOT] = folder  # inherited by xdist's workers
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


_COUNTS = re.compile(r"statement|quer(y|ies)")
_LISTS = ("tests/plugins/test_lifecycle.py",)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under the saboteur (``STOREGEN_TEST_SABOTEUR``) what counts statements, or writes the list of
    plugins by hand, is left out: another plugin is another count and another list."""
    if not os.environ.get(sabotage.VARIABLE):
        return
    skip = pytest.mark.skip(reason="is about a shop without further plugins")
    for item in items:
        if _COUNTS.search(item.name) or item.nodeid.startswith(_LISTS):
            item.add_marker(skip)
