"""A backup taken while four processes place orders: one moment of the shop, whole and true."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select

from storegen.archive import dumping
from storegen.archive.backup import backup
from storegen.archive.restore import restore
from storegen.domain.audit import drifts
from storegen.models import Order, OrderLine, Reservation
from storegen.store import Store
from tests.faults.test_rush import prepare_carts
from tests.fixtures.goods import make_delivery, make_product

PROCESSES = 4


def placed(shop):
    with shop.read() as uow:
        return uow.db.scalar(select(func.count()).select_from(Order))


@pytest.mark.slow
def test_a_backup_of_a_shop_that_sells(store, tmp_path, monkeypatch):
    monkeypatch.setattr(dumping, "_PAGES", 1)  # many steps, with orders between them
    make_delivery(store)
    goods = [make_product(store, "hot", stock=10_000), make_product(store, "cold", stock=10_000)]
    sessions = prepare_carts(store, goods)
    share = len(sessions) // PROCESSES
    buyers = [
        subprocess.Popen(
            [
                sys.executable, "-m", "tests.faults.rush", str(store.root),
                json.dumps([[each, 2600] for each in sessions[n * share : (n + 1) * share]]), "on",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    for buyer in buyers:
        assert buyer.stdout.readline() == "ready\n"
    for buyer in buyers:
        buyer.stdin.write("go\n")
        buyer.stdin.flush()
    deadline = time.monotonic() + 60
    while placed(store) < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    before = placed(store)
    made = backup(store, tmp_path / "shop.tar.gz")
    after = placed(store)
    for buyer in buyers:
        out, _ = buyer.communicate(timeout=120)
        assert json.loads(out) == {"sold": share}, "the backup must hold nobody up"
    assert placed(store) == share * PROCESSES
    restore(tmp_path / "shop.tar.gz", tmp_path / "copy", "sqlite:///shop.db")
    with Store.open(tmp_path / "copy") as copy, copy.read() as uow:
        assert drifts(uow) == []
        orders = set(uow.db.scalars(select(Order.id)))
        assert before <= len(orders) <= after
        assert before < share * PROCESSES, "the backup came too late to prove anything"
        for table in (OrderLine, Reservation):
            found = uow.db.execute(select(table.order_id, func.count()).group_by(table.order_id))
            assert {order: rows for order, rows in found} == dict.fromkeys(orders, 2)
    assert made.sums["orders.total"] == len(orders) * 2600
