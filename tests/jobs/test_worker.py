"""The worker: due work happens without being asked, soon when woken, and survives its accidents."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import insert, select, update

from storegen.domain.payments import following
from storegen.domain.refunds import requesting
from storegen.domain.refunds.requesting import RefundRequested
from storegen.jobs import JOBS, Job, run, run_once
from storegen.models import Media, Order, OrderLine, Refund
from storegen.values.actor import Actor
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.payment import fact, start, use

GUEST = Actor(kind="guest", session_id=1)


def until(condition, seconds=20.0):
    """Wait for a condition, not for a time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


class Running:
    """The worker in a thread."""

    def __init__(self, store, jobs):
        self.stop = threading.Event()
        self.thread = threading.Thread(target=run, args=(store, self.stop, jobs))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(timeout=20)
        assert not self.thread.is_alive()


def test_a_woken_job_runs_long_before_its_timer(store):
    calls = []
    job = Job(name="refunds", lane="refunds", every=3600, work=lambda s: calls.append(1))
    with Running(store, [job]):
        until(lambda: len(calls) == 1)  # once at the start
        store.wake("refunds")
        until(lambda: len(calls) == 2)
        store.wake("messages")  # somebody else's
        time.sleep(0.5)
    assert len(calls) == 2


def test_a_failing_job_is_tried_again_and_holds_up_no_other(store, caplog):
    calls = []

    def broken(_store):
        calls.append("broken")
        raise RuntimeError("provider plugin fell over")

    jobs = [
        Job(name="a", lane="one", every=0.01, work=broken),
        Job(name="b", lane="one", every=0.01, work=lambda s: calls.append("fine")),
    ]
    with Running(store, jobs):
        until(lambda: calls.count("broken") >= 2 and calls.count("fine") >= 2)
    assert "job a failed" in caplog.text


def test_a_slow_lane_does_not_hold_up_another(store):
    gate, calls = threading.Event(), []
    jobs = [
        Job(name="slow", lane="one", every=1, work=lambda s: gate.wait(20)),
        Job(name="quick", lane="two", every=0.01, work=lambda s: calls.append(1)),
    ]
    with Running(store, jobs):
        until(lambda: len(calls) >= 3)
        gate.set()


def test_every_job_runs_on_an_empty_shop(store):
    assert set(run_once(store)) == {job.name for job in JOBS}


def test_an_order_is_closed_paid_and_refunded_by_the_worker_alone(store, clock):
    provider = use(store)
    make_delivery(store)
    tea = make_product(store, price=1000, stock=10)
    forgotten = place_order(store, (tea, 1))
    bought = place_order(store, (tea, 2))
    reference = start(store, GUEST, bought.order_id)
    provider.states[reference] = "succeeded"  # and its notification is lost

    def state(placed):
        with store.read() as uow:
            return uow.db.scalar(select(Order.state).where(Order.id == placed.order_id))

    clock.move(minutes=31)
    with Running(store, JOBS):
        until(lambda: state(forgotten) == "closed" and state(bought) == "to_ship")
        with store.read() as uow:
            line = uow.db.scalar(
                select(OrderLine.public_id).where(OrderLine.order_id == bought.order_id)
            )
        store.transact(
            lambda uow: requesting.request_refund(
                uow, STAFF, bought.order_id, RefundRequested(lines={line: 1})
            )
        )
        until(lambda: refund_states(store) == ["succeeded"])


def refund_states(store):
    with store.read() as uow:
        return list(uow.db.scalars(select(Refund.state)))


def test_two_workers_send_one_refund_once(store):
    provider = use(store)
    make_delivery(store)
    placed = place_order(store, (make_product(store, price=1000), 1))
    following.notify(store, "scripted", fact(start(store, GUEST, placed.order_id)))
    store.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, ""))
    refunds = [job for job in JOBS if job.name == "refunds"]
    with Running(store, refunds), Running(store, refunds):
        until(lambda: refund_states(store) == ["succeeded"])
        time.sleep(0.3)
    assert len(provider.refunds) == 1


def test_a_claim_that_died_with_its_worker_is_taken_over(store, clock):
    from storegen.domain.refunds import sending

    provider = use(store)
    make_delivery(store)
    placed = place_order(store, (make_product(store, price=1000), 1))
    following.notify(store, "scripted", fact(start(store, GUEST, placed.order_id)))
    (refund_id,) = store.transact(
        lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, "")
    )
    claimed = store.transact(lambda uow: sending._claim(uow, refund_id, store))
    assert claimed is not None  # and then the worker was killed
    assert sending.send_due(store) == 0
    clock.move(seconds=61)
    assert sending.send_due(store) == 1
    assert refund_states(store) == ["succeeded"]
    assert {x.refund_reference for x in provider.refunds} == {claimed[1].refund_reference}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_stops_when_told_and_says_what_is_wrong_when_it_cannot_start(
    make_store, tmp_path, number
):
    store = make_store("sqlite")
    with store.write() as uow:
        uow.db.execute(
            insert(Media).values(
                sha256="0" * 64,
                mime="image/png",
                size=1,
                width=1,
                height=1,
                renditions=[],
                created_at=uow.now,
            )
        )
    command = [sys.executable, "-m", "storegen.jobs"]
    worker = subprocess.Popen([*command, str(store.root)], stderr=subprocess.PIPE, text=True)

    def looked():
        with store.read() as uow:
            return uow.db.scalar(select(Media.avif)) == "failed"  # there is no such file

    until(looked, 30)
    worker.send_signal(number)
    assert worker.wait(timeout=20) == 0
    worker.stderr.close()
    refused = subprocess.run(
        [*command, str(tmp_path / "nothing")], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "storegen new" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_killed_worker_loses_nothing(make_store):
    """kill -9 again and again while payments expire: every order is closed, its goods are free."""
    store = make_store("sqlite")
    make_delivery(store)
    tea = make_product(store, stock=100)
    for _ in range(40):
        place_order(store, (tea, 1))
    with store.write() as uow:
        uow.db.execute(update(Order).values(expires_at=uow.now))

    def open_orders():
        with store.read() as uow:
            return len(
                uow.db.scalars(select(Order.id).where(Order.state == "pending_payment")).all()
            )

    kills = 0
    while open_orders() and kills < 60:
        before = open_orders()
        worker = subprocess.Popen(
            [sys.executable, "-m", "storegen.jobs", str(store.root)], stderr=subprocess.DEVNULL
        )
        until(lambda n=before, w=worker: open_orders() < n or w.poll() is not None, 30)
        worker.kill()
        worker.wait()
        kills += 1
    assert open_orders() == 0
    from storegen.models import Reservation, Stock

    with store.read() as uow:
        assert uow.db.execute(select(Stock.on_hand, Stock.reserved)).one() == (100, 0)
        held = uow.db.scalars(select(Reservation.state).distinct()).all()
    assert held == ["done"]
    print(f"orders closed under {kills} kills")
