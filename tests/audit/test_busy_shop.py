"""Whatever is done in whatever order, the recount agrees."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from storegen.store import Store
from tests.audit.busy_shop import BusyShop
from tests.fixtures.stores import STORE_TOML, TestClock


def opened(root: Path, address: str, clock: TestClock) -> Store:
    root.mkdir()
    (root / "store.toml").write_text(
        STORE_TOML.format(
            database=json.dumps(address),
            currency="CNY",
            country="CN",
            locale="zh-Hans",
            mode="demo",
            plugins="[]",
        )
    )
    return Store.open(root, clock=clock)


@pytest.mark.slow
def test_a_busy_shop_does_not_drift(backend, tmp_path, make_database, sqlite_template):
    made = 0

    def open_store(clock: TestClock) -> Store:
        nonlocal made
        made += 1
        root = tmp_path / f"shop-{made}"
        if backend == "sqlite":
            shutil.copyfile(sqlite_template, tmp_path / f"shop-{made}.db")
            return opened(root, f"sqlite:///{tmp_path}/shop-{made}.db", clock)
        return opened(root, make_database(backend), clock)

    machine = type("Busy", (BusyShop,), {"open_store": staticmethod(open_store)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40 if backend == "sqlite" else 6,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
